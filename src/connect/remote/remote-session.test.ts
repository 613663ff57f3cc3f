import { describe, expect, test } from "vitest";
import { rowsToArrow } from "../../engine/arrow/build.ts";
import { decodeRows } from "../../engine/arrow/decode.ts";
import { AnalysisException, PySparkException } from "../../errors/spark-error.ts";
import type { Relation } from "../../plan/relation.ts";
import { field, LONG, STRING, struct } from "../../types/data-type.ts";
import { toJson } from "../../types/json.ts";
import { ConnectService } from "../service/connect-service.ts";
import { FakeHost } from "../testing/fake-host.ts";
import { InProcessTransport } from "../testing/in-process-transport.ts";
import { RemoteSession } from "./remote-session.ts";

const QUICK = { maxRetries: 3, initialBackoffMs: 1, multiplier: 2, maxBackoffMs: 5 };

async function open(conf: Readonly<Record<string, string>> = {}) {
  const host = new FakeHost();
  const service = new ConnectService({ host });
  const transport = new InProcessTransport(service);
  const connection = { metadata: { "x-team": "data" }, token: "secret", userId: "tester" };
  const session = await RemoteSession.open({ transport, connection, conf, retries: QUICK });
  return { host, service, transport, session };
}

function options(signal?: AbortSignal) {
  const operationId = crypto.randomUUID();
  return signal === undefined ? { operationId } : { operationId, signal };
}

const range = (end: number): Relation => ({ kind: "Range", start: 0, end, step: 1 });

describe("a remote session", () => {
  test("runs queries", async () => {
    const { session } = await open();
    const result = await session.execute(range(25_000), options());
    expect(result.rowCount).toBe(25_000);
    expect(result.schema).toEqual(struct([field("id", LONG, false)]));
    expect(decodeRows(result.chunks, result.schema).map((row) => row[0])).toEqual(
      Array.from({ length: 25_000 }, (_, i) => i),
    );
  });

  test("sends token, metadata and configuration", async () => {
    const { host, transport } = await open({ "spark.a": "1" });
    expect(transport.metadata[0]).toEqual({ "x-team": "data", authorization: "Bearer secret" });
    expect(host.sessions[0]?.userId).toBe("tester");
    expect(host.sessions[0]?.conf.get("spark.a")).toBe("1");
  });

  test("loses and doubles nothing when the connection breaks, wherever it does", async () => {
    for (let at = 0; at < 7; at++) {
      const { session, transport } = await open();
      let left = at === 6 ? 3 : 1;
      transport.breakBefore = (method, index) => {
        if (method !== "ExecutePlan" && method !== "ReattachExecute") return false;
        if (left === 0 || index !== (at === 6 ? 1 : at)) return false;
        left -= 1;
        return true;
      };
      const result = await session.execute(range(35_000), options());
      expect(left, `broken before message ${at}`).toBe(0);
      const ids = decodeRows(result.chunks, result.schema).map((row) => row[0]);
      expect(ids).toEqual(Array.from({ length: 35_000 }, (_, i) => i));
    }
  });

  test("gives up when the server does not come back", async () => {
    const { session, transport } = await open();
    transport.breakBefore = () => true;
    await expect(session.execute(range(1), options())).rejects.toMatchObject({
      name: "LakeletError",
      kind: "unavailable",
      retryable: true,
    });
  });

  test("says when the server has forgotten the operation", async () => {
    const { session, transport, service } = await open();
    transport.breakBefore = (method, index) => {
      if (method !== "ExecutePlan" || index !== 1) return false;
      void service.close();
      return true;
    };
    await expect(session.execute(range(20_000), options())).rejects.toBeInstanceOf(PySparkException);
  });

  test("raises Spark's exceptions with their contexts", async () => {
    const { session } = await open();
    const error = await session.sql({ kind: "SQL", query: "FAIL analysis" }, "r1", options()).then(
      () => undefined,
      (e: unknown) => e as AnalysisException,
    );
    expect(error).toBeInstanceOf(AnalysisException);
    expect(error?.getCondition()).toBe("UNSUPPORTED_FEATURE");
    expect(error?.getSqlState()).toBe("0A000");
    expect(error?.getMessageParameters()).toEqual({ feature: "analysis" });
    expect(error?.getQueryContext()).toMatchObject([{ contextType: "SQL", fragment: "nope", startIndex: 7 }]);
  });

  test("fetches the whole of a long message", async () => {
    const { session } = await open();
    const failed = session.execute({ kind: "SQL", query: "FAIL runtime" }, options());
    await expect(failed).rejects.toMatchObject({ message: expect.stringMatching(/x{20000}/) });
  });

  test("keeps what sql gave and puts it in its place", async () => {
    const { session } = await open();
    const query = await session.sql({ kind: "SQL", query: "SELECT 7" }, "r1", options());
    expect(query.isQuery).toBe(true);
    const statement = await session.sql({ kind: "SQL", query: "SHOW x" }, "r2", options());
    expect(statement.isQuery).toBe(false);
    const one = await session.execute(
      { kind: "CachedRemoteRelation", relationId: "r1", planId: 3 },
      options(),
    );
    expect(decodeRows(one.chunks, one.schema)[0]?.[0]).toBe(7);
    const two = await session.execute({ kind: "CachedRemoteRelation", relationId: "r2" }, options());
    expect(decodeRows(two.chunks, two.schema)[0]?.[0]).toBe("default");
  });

  test("uploads large local data once", async () => {
    const { session, host, transport } = await open();
    const schema = struct([field("s", STRING)]);
    const data = rowsToArrow([["x".repeat(1_500_000)]], schema);
    const plan: Relation = { kind: "LocalRelation", data, schema: JSON.stringify(toJson(schema)), planId: 1 };
    const result = await session.execute(plan, options());
    expect(result.rowCount).toBe(1);
    await session.execute(plan, options());
    expect(transport.calls.filter((c) => c === "AddArtifacts")).toHaveLength(2);
    const sizes = [...(host.sessions[0]?.artifacts.values() ?? [])].map((bytes) => bytes.length);
    expect(sizes[0]).toBe(data.length);
  });

  test("is cancelled by its signal", async () => {
    const { session, host } = await open();
    const abort = new AbortController();
    const { operationId } = options();
    const waiting = session.execute({ kind: "SQL", query: "WAIT" }, { operationId, signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining("OPERATION_CANCELED") });
    await expect.poll(() => host.sessions[0]?.cancelled).toEqual([operationId]);
  });

  test("interrupts on the server when a loop is left", async () => {
    const { session, transport } = await open();
    for await (const { rowCount } of session.stream(range(50_000), options())) {
      expect(rowCount).toBe(10_000);
      break;
    }
    await expect.poll(() => transport.calls.includes("Interrupt")).toBe(true);
  });

  test("asks and sets the configuration", async () => {
    const { session } = await open();
    await session.conf.set("spark.sql.shuffle.partitions", "3");
    expect(await session.conf.get("spark.sql.shuffle.partitions")).toBe("3");
    expect(await session.conf.get("no.such.key")).toBeUndefined();
    expect(await session.conf.isModifiable("spark.sql.warehouse.dir")).toBe(false);
    expect(await session.conf.getAll("spark.sql.")).toEqual({ "spark.sql.shuffle.partitions": "3" });
  });

  test("answers what is asked about a plan", async () => {
    const { session } = await open();
    expect(await session.schema(range(1))).toEqual(struct([field("id", LONG, false)]));
    expect(await session.explain(range(1), "extended")).toBe("extended Range");
    expect(await session.inputFiles(range(1))).toEqual(["file:/a", "file:/b"]);
    expect(await session.sameSemantics(range(1), range(2))).toBe(true);
    expect(await session.semanticHash(range(1))).toBe(5);
    const level = { useDisk: true, useMemory: true, useOffHeap: false, deserialized: true, replication: 2 };
    await session.persist(range(1), level);
    expect(await session.storageLevel(range(1))).toEqual(level);
    expect(await session.version()).toBe("4.3.0");
  });

  test("cannot go on after it was stopped", async () => {
    const { session, host } = await open({ "spark.a": "1" });
    await session.stop();
    expect(host.sessions[0]?.isClosed).toBe(true);
    await expect(session.version()).rejects.toMatchObject({
      message: expect.stringContaining("SESSION_CLOSED"),
    });
  });

  test("refuses files of this machine by name", async () => {
    const { session } = await open();
    await expect(session.registerFile(new Blob(["a"]), "a.csv")).rejects.toThrow(
      /UNSUPPORTED_FEATURE.*a\.csv/,
    );
  });
});
