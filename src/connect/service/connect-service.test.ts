import { describe, expect, test } from "vitest";
import { decodeRows } from "../../engine/arrow/decode.ts";
import type { Relation } from "../../plan/relation.ts";
import { decode, type Message } from "../messages/decode.ts";
import { encode } from "../messages/encode.ts";
import { encodePlan } from "../plan/plan-to-proto.ts";
import { FakeHost } from "../testing/fake-host.ts";
import { ConnectService } from "./connect-service.ts";
import { crc32 } from "./crc32.ts";
import type { ServiceLimits } from "./limits.ts";
import { RpcError, STATUS } from "./rpc-error.ts";

const SESSION = "11111111-2222-4333-8444-555555555555";
const USER = { userId: "tester" };

function start(limits: Partial<ServiceLimits> = {}) {
  const clock = { now: 1_000_000 };
  const host = new FakeHost();
  const service = new ConnectService({ host, limits, now: () => clock.now });
  const call = (method: string, types: string, fields: Message, signal = new AbortController().signal) => {
    const request = encodePlan(`${types}Request`, { sessionId: SESSION, userContext: USER, ...fields });
    return service.handle(method, { requests: once(request), signal });
  };
  const unary = async (method: string, fields: Message, types = method) => {
    for await (const bytes of call(method, types, fields)) return decode(`${types}Response`, bytes);
    throw new Error("no answer");
  };
  const execute = async (relation: Relation, fields: Message = {}) => {
    const responses: Message[] = [];
    for await (const bytes of call("ExecutePlan", "ExecutePlan", { plan: { root: relation }, ...fields })) {
      responses.push(decode("ExecutePlanResponse", bytes));
    }
    return responses;
  };
  return { clock, host, service, call, unary, execute };
}

async function* once(...requests: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* requests;
}

function range(end: number): Relation {
  return { kind: "Range", start: 0, end, step: 1 };
}

/** The error of a call: status code, condition and the rest of google.rpc.ErrorInfo. */
async function failure(
  work: Promise<unknown>,
): Promise<{ code: number; message: string; metadata: Message }> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(RpcError);
    const { code, message, details } = error as RpcError;
    if (details === undefined) return { code, message, metadata: {} };
    const status = decode("google.rpc.Status", details);
    const [any] = status.details as { value: Uint8Array }[];
    return { code, message, metadata: decode("google.rpc.ErrorInfo", any!.value).metadata as Message };
  }
  throw new Error("the call did not fail");
}

const REATTACHABLE = { requestOptions: [{ reattachOptions: { reattachable: true } }] };
const ID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

describe("ExecutePlan", () => {
  test("sends the schema, then the rows in batches", async () => {
    const { execute } = start();
    const responses = await execute(range(25_000));
    expect(responses.map((r) => Object.keys(r).find((k) => k === "schema" || k === "arrowBatch"))).toEqual([
      "schema",
      "arrowBatch",
      "arrowBatch",
      "arrowBatch",
    ]);
    const batches = responses.slice(1).map((r) => r.arrowBatch as Message);
    expect(batches.map((b) => [b.startOffset, b.rowCount, b.chunkIndex, b.numChunksInBatch])).toEqual([
      [0, 10_000, 0, 1],
      [10_000, 10_000, 0, 1],
      [20_000, 5_000, 0, 1],
    ]);
    const schema = {
      kind: "struct",
      fields: [{ name: "id", dataType: { kind: "long" }, nullable: false }],
    } as const;
    const rows = decodeRows(
      batches.map((b) => b.data as Uint8Array),
      schema,
    );
    expect(rows.map((row) => row[0])).toEqual(Array.from({ length: 25_000 }, (_, i) => i));
    for (const response of responses) expect(response.sessionId).toBe(SESSION);
    expect(new Set(responses.map((r) => r.serverSideSessionId)).size).toBe(1);
    expect(new Set(responses.map((r) => r.responseId)).size).toBe(responses.length);
  });

  test("sends one batch for no rows", async () => {
    const { execute } = start();
    const [, batch] = await execute(range(0));
    expect(batch?.arrowBatch).toMatchObject({ rowCount: 0, startOffset: 0 });
  });

  test("cuts batches for clients that allow it", async () => {
    const { execute } = start();
    const requestOptions = [
      { resultChunkingOptions: { allowArrowBatchChunking: true, preferredArrowChunkSize: 30_000 } },
    ];
    const responses = await execute(range(10_000), { requestOptions });
    const pieces = responses.slice(1).map((r) => r.arrowBatch as Message);
    expect(pieces.map((p) => p.chunkIndex)).toEqual([0, 1, 2]);
    expect(
      pieces.every((p) => p.numChunksInBatch === 3 && p.rowCount === 10_000 && p.startOffset === 0),
    ).toBe(true);
    const [whole] = (await execute(range(10_000)))
      .slice(1)
      .map((r) => (r.arrowBatch as Message).data as Uint8Array);
    expect(Buffer.concat(pieces.map((p) => p.data as Uint8Array)).equals(whole!)).toBe(true);
  });

  test("gives observed metrics", async () => {
    const { execute } = start();
    const responses = await execute({
      kind: "CollectMetrics",
      input: range(3),
      name: "seen",
      metrics: [],
      planId: 5,
    });
    const [metrics] = responses.at(-1)!.observedMetrics as Message[];
    expect(metrics).toMatchObject({ name: "seen", keys: ["n"], planId: 5, values: [{ long: 3 }] });
  });

  test("gives a statement's rows as a local relation, a query as itself", async () => {
    const { call } = start();
    const run = async (query: string) => {
      const input: Relation = { kind: "SQL", query };
      const plan = { command: { kind: "SqlCommand", input } };
      for await (const bytes of call("ExecutePlan", "ExecutePlan", { plan })) {
        const { sqlCommandResult } = decode("ExecutePlanResponse", bytes);
        return (sqlCommandResult as Message).relation as Message;
      }
      return undefined;
    };
    expect((await run("SHOW x"))?.localRelation).toBeDefined();
    expect((await run("SELECT 1"))?.sql).toMatchObject({ query: "SELECT 1" });
  });

  test("refuses commands that Lakelet does not have, by name", async () => {
    const { service } = start();
    const plan = { command: { mlCommand: { cleanCache: {} } } };
    const request = encode("ExecutePlanRequest", { sessionId: SESSION, plan });
    const answer = service.handle("ExecutePlan", {
      requests: once(request),
      signal: new AbortController().signal,
    });
    const { metadata, message } = await failure(answer.next());
    expect(metadata.errorClass).toBe("UNSUPPORTED_FEATURE");
    expect(message).toContain("pyspark.ml");
  });

  test("cancels a plain execution when its client leaves", async () => {
    const { call, host } = start();
    const abort = new AbortController();
    const answer = call(
      "ExecutePlan",
      "ExecutePlan",
      { plan: { root: { kind: "SQL", query: "WAIT" } }, operationId: ID },
      abort.signal,
    );
    const next = answer.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    expect((await next).done).toBe(true);
    await expect.poll(() => host.sessions[0]?.cancelled).toEqual([ID]);
  });

  test("keeps a reattachable execution for a while, then cancels it", async () => {
    const { call, host, service, clock } = start({ detachedMs: 1_000 });
    const abort = new AbortController();
    const plan = { root: { kind: "SQL", query: "WAIT" } };
    const next = call(
      "ExecutePlan",
      "ExecutePlan",
      { plan, operationId: ID, ...REATTACHABLE },
      abort.signal,
    ).next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    await next;
    await service.maintain();
    expect(host.sessions[0]?.cancelled).toEqual([]);
    clock.now += 1_001;
    await service.maintain();
    await expect.poll(() => host.sessions[0]?.cancelled).toEqual([ID]);
  });

  test("limits the operations of a session", async () => {
    const { execute } = start({ maxOperationsPerSession: 1 });
    await execute(range(1), { operationId: ID, ...REATTACHABLE });
    expect((await failure(execute(range(1)))).code).toBe(STATUS.RESOURCE_EXHAUSTED);
  });
});

describe("errors", () => {
  test("carry class, condition, SQLSTATE and parameters, and the rest can be fetched", async () => {
    const { call, unary } = start();
    const plan = { command: { kind: "SqlCommand", input: { kind: "SQL", query: "FAIL analysis" } } };
    const { code, message, metadata } = await failure(call("ExecutePlan", "ExecutePlan", { plan }).next());
    expect(code).toBe(STATUS.INTERNAL);
    expect(message).toMatch(/^\[UNSUPPORTED_FEATURE\]/);
    expect(JSON.parse(metadata.classes as string)).toEqual([
      "org.apache.spark.sql.AnalysisException",
      "java.lang.Exception",
      "java.lang.Throwable",
      "java.lang.Object",
    ]);
    expect(metadata).toMatchObject({ errorClass: "UNSUPPORTED_FEATURE", sqlState: "0A000" });
    expect(JSON.parse(metadata.messageParameters as string)).toEqual({ feature: "analysis" });
    const details = await unary("FetchErrorDetails", { errorId: metadata.errorId });
    const [error] = details.errors as Message[];
    expect(error?.sparkThrowable).toMatchObject({
      errorClass: "UNSUPPORTED_FEATURE",
      sqlState: "0A000",
      queryContexts: [
        { contextType: "SQL", objectType: "VIEW", startIndex: 7, stopIndex: 10, fragment: "nope" },
      ],
    });
  });

  test("fit into the headers of HTTP/2, whatever their size", async () => {
    const { execute, unary } = start();
    const { message, metadata } = await failure(execute({ kind: "SQL", query: "FAIL runtime" }));
    expect(message.length).toBeLessThan(1_100);
    expect(JSON.stringify(metadata).length).toBeLessThan(2_000);
    const details = await unary("FetchErrorDetails", { errorId: metadata.errorId });
    const [error] = details.errors as Message[];
    expect(String(error?.message).length).toBeGreaterThan(20_000);
  });

  test("are forgotten, oldest first", async () => {
    const { execute, unary } = start({ maxErrorsPerSession: 2 });
    const ids: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push((await failure(execute({ kind: "SQL", query: "FAIL analysis" }))).metadata.errorId);
    }
    const known = await Promise.all(ids.map((errorId) => unary("FetchErrorDetails", { errorId })));
    expect(known.map((d) => (d.errors as unknown[]).length)).toEqual([0, 1, 1]);
  });

  test("of garbage are INVALID_ARGUMENT, of unknown methods UNIMPLEMENTED", async () => {
    const { service, execute } = start();
    const signal = new AbortController().signal;
    const garbage = service.handle("Config", { requests: once(Uint8Array.of(255, 255, 255)), signal });
    expect((await failure(garbage.next())).code).toBe(STATUS.INVALID_ARGUMENT);
    for (const method of ["Nope", "toString", "__proto__"]) {
      const unknown = service.handle(method, { requests: once(), signal });
      expect((await failure(unknown.next())).code).toBe(STATUS.UNIMPLEMENTED);
    }
    expect(await execute(range(1))).toHaveLength(2);
  });
});

describe("sessions", () => {
  test("belong to a user", async () => {
    const { unary, host } = start();
    await unary("Config", { operation: { set: { pairs: [{ key: "spark.a", value: "1" }] } } });
    await unary("Config", {
      userContext: { userId: "other" },
      operation: { getOption: { keys: ["spark.a"] } },
    });
    expect(host.sessions.map((s) => s.userId)).toEqual(["tester", "other"]);
    expect(host.sessions[1]?.conf.get("spark.a")).toBeUndefined();
  });

  test("are not opened twice by calls that come together", async () => {
    const { unary, host } = start();
    await Promise.all([1, 2, 3].map(() => unary("AnalyzePlan", { sparkVersion: {} })));
    expect(host.sessions).toHaveLength(1);
  });

  test("are closed when nobody has used them for long", async () => {
    const { unary, host, service, clock } = start({ idleSessionMs: 1_000 });
    await unary("AnalyzePlan", { sparkVersion: {} });
    clock.now += 999;
    await service.maintain();
    expect(host.sessions[0]?.isClosed).toBe(false);
    clock.now += 2;
    await service.maintain();
    expect(host.sessions[0]?.isClosed).toBe(true);
    expect((await failure(unary("AnalyzePlan", { sparkVersion: {} }))).metadata.errorClass).toBe(
      "INVALID_HANDLE.SESSION_CLOSED",
    );
  });

  test("are limited in number", async () => {
    const { unary } = start({ maxSessions: 1 });
    await unary("AnalyzePlan", { sparkVersion: {} });
    const other = unary("AnalyzePlan", { sessionId: ID, sparkVersion: {} });
    expect((await failure(other)).code).toBe(STATUS.RESOURCE_EXHAUSTED);
  });

  test("are cloned with their configuration", async () => {
    const { unary, host } = start();
    await unary("Config", { operation: { set: { pairs: [{ key: "spark.a", value: "1" }] } } });
    const { newSessionId } = await unary("CloneSession", { newSessionId: ID });
    expect(newSessionId).toBe(ID);
    expect(host.sessions[1]?.conf.get("spark.a")).toBe("1");
  });
});

describe("Config", () => {
  test("answers in the order asked", async () => {
    const { unary } = start();
    const pairs = [
      { key: "spark.b", value: "2" },
      { key: "spark.a", value: "1" },
    ];
    await unary("Config", { operation: { set: { pairs } } });
    const get = await unary("Config", { operation: { get: { keys: ["spark.b", "spark.a"] } } });
    expect(get.pairs).toEqual(pairs);
    const all = await unary("Config", { operation: { getAll: { prefix: "spark." } } });
    expect(all.pairs).toEqual([
      { key: "b", value: "2" },
      { key: "a", value: "1" },
    ]);
  });
});

describe("artifacts", () => {
  const bytes = new TextEncoder().encode("abcdefghij");
  const chunk = (from: number, to: number) => ({
    data: bytes.slice(from, to),
    crc: crc32(bytes.slice(from, to)),
  });
  const add = async (service: ConnectService, messages: readonly Message[]) => {
    const requests = messages.map((m) =>
      encode("AddArtifactsRequest", { sessionId: SESSION, userContext: USER, ...m }),
    );
    const signal = new AbortController().signal;
    for await (const answer of service.handle("AddArtifacts", { requests: once(...requests), signal })) {
      return decode("AddArtifactsResponse", answer).artifacts;
    }
    return undefined;
  };

  test("are put together from chunks", async () => {
    const { service, host, unary } = start();
    const begin = { name: "cache/x", totalBytes: 10, numChunks: 3, initialChunk: chunk(0, 4) };
    const done = await add(service, [{ beginChunk: begin }, { chunk: chunk(4, 8) }, { chunk: chunk(8, 10) }]);
    expect(done).toEqual([{ name: "cache/x", isCrcSuccessful: true }]);
    expect(host.sessions[0]?.artifacts.get("cache/x")).toEqual(bytes);
    const { statuses } = await unary("ArtifactStatus", { names: ["cache/x", "cache/y"] }, "ArtifactStatuses");
    expect(statuses).toEqual({ "cache/x": { exists: true }, "cache/y": { exists: false } });
  });

  test("with a wrong checksum are not kept", async () => {
    const { service, host } = start();
    const damaged = { ...chunk(0, 4), crc: 1 };
    expect(await add(service, [{ batch: { artifacts: [{ name: "cache/x", data: damaged }] } }])).toEqual([
      { name: "cache/x", isCrcSuccessful: false },
    ]);
    expect(host.sessions[0]?.artifacts.size).toBe(0);
  });

  test("are limited in size", async () => {
    const { service } = start({ maxArtifactBytes: 5 });
    const artifacts = [{ name: "cache/x", data: chunk(0, 10) }];
    expect((await failure(add(service, [{ batch: { artifacts } }]))).code).toBe(STATUS.RESOURCE_EXHAUSTED);
  });

  test("that climb out of their folder or are for a JVM are refused", async () => {
    const { service } = start();
    for (const name of ["files/../x", "/x", "a//b", "jars/x.jar"]) {
      const artifacts = [{ name, data: chunk(0, 1) }];
      expect((await failure(add(service, [{ batch: { artifacts } }]))).metadata.errorClass).toMatch(
        /INVALID_ARTIFACT_PATH|UNSUPPORTED_FEATURE/,
      );
    }
  });
});

describe("Interrupt", () => {
  test("by tag, by id and all", async () => {
    const { call, unary } = start();
    const other = "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee";
    const wait = (operationId: string, tags: readonly string[]) =>
      failure(
        call("ExecutePlan", "ExecutePlan", {
          plan: { root: { kind: "SQL", query: "WAIT" } },
          operationId,
          tags,
        }).next(),
      );
    const first = wait(ID, ["slow"]);
    const second = wait(other, ["fast"]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const none = await unary("Interrupt", { interruptType: "INTERRUPT_TYPE_TAG", operationTag: "none" });
    expect(none.interruptedIds).toEqual([]);
    const byTag = await unary("Interrupt", { interruptType: "INTERRUPT_TYPE_TAG", operationTag: "slow" });
    expect(byTag.interruptedIds).toEqual([ID]);
    expect((await first).metadata.errorClass).toBe("OPERATION_CANCELED");
    const { interruptedIds } = await unary("Interrupt", { interruptType: "INTERRUPT_TYPE_ALL" });
    expect(interruptedIds).toEqual([other]);
    expect((await second).metadata.sqlState).toBe("HY008");
  });
});

describe("GetStatus", () => {
  test("knows what became of an operation", async () => {
    const { execute, unary } = start();
    await execute(range(1), { operationId: ID, ...REATTACHABLE });
    const asked = { operationStatus: { operationIds: [ID, SESSION] } };
    expect((await unary("GetStatus", asked)).operationStatuses).toMatchObject([
      { operationId: ID, state: "OPERATION_STATE_SUCCEEDED" },
      { operationId: SESSION, state: "OPERATION_STATE_UNKNOWN" },
    ]);
  });
});

test("CRC-32 is zlib's", () => {
  // The check value of the algorithm.
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});
