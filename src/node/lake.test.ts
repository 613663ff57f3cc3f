import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTable, loadTable, Schema, type TableMetrics } from "./lake.ts";

const RUN_TS = new URL("../../.ci/run-ts.mjs", import.meta.url).href;
const APPENDER = fileURLToPath(new URL("testing/lake-process.ts", import.meta.url));
/** The long form: 12 writers, 10,000 appends each. */
const WRITERS = Number(process.env.LAKELET_WRITERS ?? 3);
const APPENDS = Number(process.env.LAKELET_APPENDS ?? 30);

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lakelet-lake-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function append(path: string, writer: number): Promise<TableMetrics> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [
      "--import",
      RUN_TS,
      APPENDER,
      path,
      String(writer),
      String(APPENDS),
    ]);
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(err))));
  });
}

test(`${WRITERS} processes of ${APPENDS} appends each share one folder: none lost, none doubled, none refused`, async () => {
  const path = join(root, "shared");
  await createTable(
    path,
    new Schema({
      schemaId: 1,
      fields: [
        { id: 1, name: "id", type: "long", required: true },
        { id: 2, name: "value", type: "string" },
      ],
    }),
  );
  const writers = Array.from({ length: WRITERS }, (_, writer) => writer);
  const metrics = await Promise.all(writers.map((writer) => append(path, writer)));
  expect(metrics.map((m) => m.commits)).toEqual(writers.map(() => APPENDS));
  expect(metrics.every((m) => m.conflicts === 0)).toBe(true);
  const table = await loadTable(path);
  const ids = (await table.scan({ columns: ["id"], parallel: 8 }))
    .map((r) => Number(r.id))
    .sort((a, b) => a - b);
  expect(ids).toEqual(writers.flatMap((w) => Array.from({ length: APPENDS }, (_, i) => w * 1_000_000 + i)));
  expect((await table.snapshots()).length).toBe(WRITERS * APPENDS + 1);
}, 900_000);
