import { Worker } from "node:worker_threads";
import * as Comlink from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeRows } from "../engine/arrow/decode.ts";
import type { EngineApi, EngineTask, TaskEvent } from "../engine/engine-api.ts";
import { failureOf } from "../engine/failure.ts";
import { raiseSql } from "../engine/raise.ts";
import { field, LONG, struct } from "../types/data-type.ts";

const output = struct([field("n", LONG)]);
let worker: Worker;
let engine: Comlink.Remote<EngineApi>;

const task = (id: string, sql: string, more: Partial<EngineTask> = {}): EngineTask => ({
  id,
  inputs: [],
  sql,
  kernels: [],
  output,
  sink: { kind: "arrow" },
  ...more,
});

beforeAll(async () => {
  worker = new Worker(new URL("./engine-worker.ts", import.meta.url));
  engine = Comlink.wrap<EngineApi>(nodeEndpoint(worker) as unknown as Comlink.Endpoint);
  await engine.open({ memoryLimitBytes: 256 << 20 });
});
afterAll(() => worker.terminate());

describe("an engine in a worker thread", () => {
  it("sends results over", async () => {
    const result = await engine.run(task("a", "SELECT range FROM range(10000)"));
    expect(result.kind === "arrow" && decodeRows(result.chunks, output)[9999]?.n).toBe(9999);
  });

  it("sends batches as they come", async () => {
    let rows = 0;
    const onEvent = (event: TaskEvent): void => {
      if (event.kind === "batch") rows += decodeRows([event.data], output).length;
    };
    const streaming = task("b", "SELECT range FROM range(10000)", { sink: { kind: "arrow", stream: true } });
    await engine.run(streaming, Comlink.proxy(onEvent));
    expect(rows).toBe(10000);
  });

  it("carries failures across", async () => {
    const raise = raiseSql("ArithmeticException", "DIVIDE_BY_ZERO", { config: "'x'" });
    expect(await engine.run(task("c", `SELECT ${raise}`)).catch(failureOf)).toMatchObject({
      kind: "spark",
      error: {
        errorClass: "ArithmeticException",
        condition: "DIVIDE_BY_ZERO",
        messageParameters: { config: "x" },
      },
    });
    expect(await engine.run(task("d", "SELECT nonsense")).catch(failureOf)).toMatchObject({
      kind: "internal",
    });
  });

  it("is cancelled from outside", async () => {
    const running = engine
      .run(task("e", "SELECT max(hash(range)) FROM range(100000000000)"))
      .catch(failureOf);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const asked = performance.now();
    await engine.cancel("e");
    expect(await running).toEqual({ kind: "cancelled" });
    expect(performance.now() - asked).toBeLessThan(100);
  });
});
