import { type ChildProcess, spawn } from "node:child_process";
import { expect, test } from "@playwright/test";
import { openRemote } from "../../src/connect/remote/open-remote.ts";
import { decodeRows } from "../../src/engine/arrow/decode.ts";
import type { Relation } from "../../src/plan/relation.ts";

/** `lakelet serve --tab` from the built package: the page answers what clients ask over gRPC. */
let server: ChildProcess;
let remote: string;
let page: string;

test.beforeAll(async () => {
  const args = ["dist/lib/node/cli.js", "serve", "--tab", "--port", "0", "--tab-port", "0"];
  server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  [remote, page] = await new Promise<[string, string]>((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    server.stdout?.on("data", (data: Buffer) => {
      const match = /listens on (sc:\S+) and answers from the page (\S+)/.exec(data.toString());
      if (match !== null) resolve([match[1] as string, match[2] as string]);
    });
  });
});

test.afterAll(() => {
  server.kill();
});

test("a page in the browser answers Spark Connect clients", async ({ page: tab }) => {
  const opening = openRemote(remote);
  await tab.goto(page);
  await expect(tab.locator("#state")).toHaveText("connected");
  const session = await opening;
  const options = () => ({ operationId: crypto.randomUUID() });
  const rows = async (plan: Relation): Promise<unknown[][]> => {
    const result = await session.execute(plan, options());
    return decodeRows(result.chunks, result.schema).map((row) => [...row]);
  };

  expect(await rows({ kind: "SQL", query: "SELECT id, id * 2 AS d FROM range(3)" })).toEqual([
    [0, 0],
    [1, 2],
    [2, 4],
  ]);
  const big = await session.execute({ kind: "Range", start: 0, end: 300_000, step: 1 }, options());
  expect(big.rowCount).toBe(300_000);
  await expect(rows({ kind: "SQL", query: "SELECT nope" })).rejects.toMatchObject({
    name: "AnalysisException",
  });
  for (const query of ["DROP TABLE IF EXISTS t", "CREATE TABLE t AS SELECT id FROM range(5)"]) {
    await session.sql({ kind: "SQL", query }, crypto.randomUUID(), options());
  }
  expect(await rows({ kind: "SQL", query: "SELECT count(*) FROM t" })).toEqual([[5]]);
  await session.stop();

  // Pages of other origins may not put themselves in its place.
  const foreign = await tab.context().newPage();
  await foreign.goto("data:text/html,<title>other</title>");
  const refused = await foreign.evaluate(
    (url) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve(false);
        socket.onerror = () => resolve(true);
      }),
    `${page.replace(/^http/, "ws").replace(/\?.*$/, "")}relay`,
  );
  expect(refused).toBe(true);
});
