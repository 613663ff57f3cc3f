import { describe, expect, test } from "vitest";
import type { DriverApi } from "../driver/driver-api.ts";
import { analysisError, PySparkException } from "../errors/spark-error.ts";
import { toWireError } from "../errors/wire-error.ts";
import { unflattenPlan } from "../plan/flat.ts";
import { struct } from "../types/data-type.ts";
import { type DriverConnection, localBackendFactory } from "./local-backend.ts";
import { SessionBuilder } from "./session-builder.ts";

const EMPTY = { schema: struct([]), chunks: [], rowCount: 0, elapsedMs: 0, observed: [] };

/** A driver that answers as it is told and can be made to die. */
function fakeDriver(answer: (method: string, args: readonly unknown[]) => unknown = () => EMPTY) {
  const log: string[] = [];
  let die = (): void => {};
  let closed = 0;
  const api = {
    openSession: async () => {
      log.push("openSession");
      return { ok: true, value: undefined };
    },
    call: async (_id: string, method: string, args: readonly unknown[]) => {
      log.push(method);
      try {
        return { ok: true, value: await answer(method, args) };
      } catch (error) {
        return { ok: false, error: toWireError(error) };
      }
    },
    stream: async (
      _id: string,
      _plan: unknown,
      _options: unknown,
      onBatch: (data: Uint8Array, rows: number) => Promise<boolean>,
    ) => {
      for (let i = 0; i < 5; i++) {
        log.push(`batch ${i}`);
        if (!(await onBatch(new Uint8Array([i]), 1))) break;
      }
      return { ok: true, value: undefined };
    },
    registerFunction: async () => {},
    closeSession: async () => {
      log.push("closeSession");
    },
    shutdown: async () => {},
  } as unknown as DriverApi;
  const connection: DriverConnection = {
    api,
    died: new Promise<void>((resolve) => {
      die = resolve;
    }),
    storage: { kind: "memory" },
    close: async () => {
      closed++;
    },
  };
  return { connection, log, die: () => die(), closedTimes: () => closed };
}

const plan = { kind: "OneRowRelation" } as const;
const options = { operationId: "1" };

describe("LocalBackend", () => {
  test("plans go flat, answers and errors come back as they are", async () => {
    const seen: unknown[] = [];
    const driver = fakeDriver((method, args) => {
      if (method === "schema") throw analysisError("TABLE_OR_VIEW_NOT_FOUND", { relationName: "`t`" });
      seen.push(unflattenPlan(args[0] as never));
      return EMPTY;
    });
    const backend = await localBackendFactory(async () => driver.connection)({ conf: {} });
    expect(await backend.execute(plan, options)).toEqual(EMPTY);
    expect(seen).toEqual([plan]);
    const error = await backend.schema(plan).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PySparkException);
    expect((error as PySparkException).getCondition()).toBe("TABLE_OR_VIEW_NOT_FOUND");
    await backend.stop();
  });

  test("sessions of one warehouse share a driver, which ends with the last; memory is a session's own", async () => {
    const started: string[] = [];
    const drivers: ReturnType<typeof fakeDriver>[] = [];
    const factory = localBackendFactory(async (warehouse) => {
      started.push(warehouse);
      const driver = fakeDriver();
      drivers.push(driver);
      return driver.connection;
    });
    const conf = { "spark.sql.warehouse.dir": "shared" };
    const [a, b] = await Promise.all([factory({ conf }), factory({ conf })]);
    const memory = { "spark.sql.warehouse.dir": "memory:" };
    const [c, d] = await Promise.all([factory({ conf: memory }), factory({ conf: memory })]);
    expect(started).toEqual(["shared", "memory:", "memory:"]);
    await a.stop();
    expect(drivers[0]?.closedTimes()).toBe(0);
    const e = await b.newSession({ conf: {} });
    await b.stop();
    expect(drivers[0]?.closedTimes()).toBe(0);
    await e.stop();
    expect(drivers[0]?.closedTimes()).toBe(1);
    await c.stop();
    await d.stop();
    expect(drivers.map((driver) => driver.closedTimes())).toEqual([1, 1, 1]);
    await (await factory({ conf })).stop();
    expect(started.length).toBe(4);
  });

  test("a session that cannot be opened leaves no driver behind", async () => {
    const driver = fakeDriver();
    const api = {
      ...driver.connection.api,
      openSession: async () => ({ ok: false, error: toWireError(new Error("full")) }),
    };
    const factory = localBackendFactory(async () => ({
      ...driver.connection,
      api: api as unknown as DriverApi,
    }));
    await expect(factory({ conf: {} })).rejects.toThrow("full");
    expect(driver.closedTimes()).toBe(1);
  });

  test("a driver that does not start is started anew by the next session", async () => {
    let attempts = 0;
    const driver = fakeDriver();
    const factory = localBackendFactory(async () => {
      if (attempts++ === 0) throw new Error("no worker");
      return driver.connection;
    });
    await expect(factory({ conf: {} })).rejects.toThrow("no worker");
    await (await factory({ conf: {} })).stop();
    expect(attempts).toBe(2);
  });

  test("when the driver dies, calls under way and later ones fail: INVALID_HANDLE.SESSION_CHANGED", async () => {
    const driver = fakeDriver(() => new Promise(() => {}));
    const backend = await localBackendFactory(async () => driver.connection)({ conf: {} });
    const running = backend.execute(plan, options).catch((e: unknown) => e);
    driver.die();
    const conditionOf = (error: unknown): string => (error as PySparkException).getCondition();
    expect(conditionOf(await running)).toBe("INVALID_HANDLE.SESSION_CHANGED");
    expect(conditionOf(await backend.version().catch((e: unknown) => e))).toBe(
      "INVALID_HANDLE.SESSION_CHANGED",
    );
    await backend.stop();
    expect(driver.closedTimes()).toBe(0);
  });

  test("after stop every call fails: INVALID_HANDLE.SESSION_CLOSED", async () => {
    const driver = fakeDriver();
    const spark = new SessionBuilder().backend(localBackendFactory(async () => driver.connection)).create();
    await spark.range(1).collect();
    await spark.stop();
    await expect(spark.range(1).collect()).rejects.toThrow("INVALID_HANDLE.SESSION_CLOSED");
    expect(driver.closedTimes()).toBe(1);
  });

  test("a stream goes on as its batches are taken, and ends when the loop is left", async () => {
    const driver = fakeDriver();
    const backend = await localBackendFactory(async () => driver.connection)({ conf: {} });
    const taken: number[] = [];
    for await (const { data } of backend.stream(plan, options)) {
      taken.push(data[0] as number);
      if (taken.length === 2) break;
    }
    expect(taken).toEqual([0, 1]);
    expect(driver.log.filter((entry) => entry.startsWith("batch")).length).toBeLessThanOrEqual(3);
    await backend.stop();
  });

  test("an aborted operation is interrupted by its id", async () => {
    let finish = (): void => {};
    const driver = fakeDriver((method) => {
      if (method !== "execute") {
        finish();
        return [];
      }
      return new Promise((resolve) => {
        finish = () => resolve(EMPTY);
      });
    });
    const backend = await localBackendFactory(async () => driver.connection)({ conf: {} });
    const abort = new AbortController();
    const running = backend.execute(plan, { ...options, signal: abort.signal });
    abort.abort();
    await running;
    expect(driver.log).toContain("interrupt");
    await backend.stop();
  });
});
