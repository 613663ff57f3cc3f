import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tableIds } from "../catalog/testing/rows.ts";
import { openWarehouse } from "../catalog/warehouse.ts";
import { DiskStorage } from "./disk-storage.ts";

const RUN_TS = new URL("../../.ci/run-ts.mjs", import.meta.url).href;
const APPENDER = fileURLToPath(new URL("testing/append-process.ts", import.meta.url));

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lakelet-warehouse-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Ids that the process said were saved, by the time it ended or was killed. */
function runAppender(writer: number, appends: number, killAfterMs?: number): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [
      "--import",
      RUN_TS,
      APPENDER,
      root,
      String(writer),
      String(appends),
    ]);
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => {
      // The time to live counts from the first commit: before that there is nothing to interrupt.
      if (out === "" && killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0 && killAfterMs === undefined) reject(new Error(`writer ${writer}: ${err}`));
      // A line that was cut off was not read as acknowledged either.
      else resolve(out.split("\n").slice(0, -1).map(Number));
    });
  });
}

test("processes that append to one new table lose and double nothing", async () => {
  const acknowledged = (await Promise.all([0, 1, 2].map((writer) => runAppender(writer, 25)))).flat();
  expect(acknowledged).toHaveLength(75);
  const warehouse = await openWarehouse(await DiskStorage.open(root));
  expect(await tableIds(warehouse, "default", "shared")).toEqual(acknowledged.sort((a, b) => a - b));
});

test("a process that is killed leaves what it acknowledged, and others go on", async () => {
  const survivor = runAppender(9, 40);
  const killed: number[] = [];
  for (let round = 0; round < 4; round++) killed.push(...(await runAppender(round, 1_000, 15 + round * 20)));
  const acknowledged = [...killed, ...(await survivor)];
  const warehouse = await openWarehouse(await DiskStorage.open(root));
  const ids = await tableIds(warehouse, "default", "shared");
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(acknowledged));
  // At most the one commit that was under way at each kill is more than what was acknowledged.
  expect(ids.length - acknowledged.length).toBeLessThanOrEqual(4);
});
