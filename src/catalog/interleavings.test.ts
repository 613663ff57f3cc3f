import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConcurrentModificationException, PySparkException } from "../errors/spark-error.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { type HistoryEvent, isLinearizable, type SequentialModel } from "./testing/history-checker.ts";
import { ID_SCHEMA, saveRows, tableIds } from "./testing/rows.ts";
import { ScheduledStorage } from "./testing/scheduled-storage.ts";
import { openWarehouse, type Warehouse } from "./warehouse.ts";

const SEED = Number(process.env.LAKELET_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LAKELET_RUNS ?? 60);

type Op =
  | { readonly kind: "append" | "overwrite" | "error" | "ignore"; readonly value: number }
  | { readonly kind: "drop" | "read" | "away" | "back" | "truncate" };
type Result = "ok" | "exists" | "missing" | readonly number[];

/** Two names, so that a table can be renamed away and back. */
interface State {
  readonly t: readonly number[] | null;
  readonly u: readonly number[] | null;
}

const MODEL: SequentialModel<State, Op, Result> = {
  initial: { t: null, u: null },
  apply(state, op) {
    const { t, u } = state;
    switch (op.kind) {
      case "append":
        return { state: { t: [...(t ?? []), op.value].sort((a, b) => a - b), u }, result: "ok" };
      case "overwrite":
        return { state: { t: [op.value], u }, result: "ok" };
      case "error":
        return t === null ? { state: { t: [op.value], u }, result: "ok" } : { state, result: "exists" };
      case "ignore":
        return { state: { t: t ?? [op.value], u }, result: "ok" };
      case "drop":
        return { state: { t: null, u }, result: t === null ? "missing" : "ok" };
      case "truncate":
        return t === null ? { state, result: "missing" } : { state: { t: [], u }, result: "ok" };
      case "read":
        return { state, result: t ?? "missing" };
      case "away":
        if (t === null) return { state, result: "missing" };
        return u === null ? { state: { t: null, u: t }, result: "ok" } : { state, result: "exists" };
      case "back":
        if (u === null) return { state, result: "missing" };
        return t === null ? { state: { t: u, u: null }, result: "ok" } : { state, result: "exists" };
    }
  },
};

async function perform(warehouse: Warehouse, op: Op, provider: string): Promise<Result> {
  const t = { database: "default", table: "t" };
  const u = { database: "default", table: "u" };
  try {
    switch (op.kind) {
      case "drop":
        await warehouse.dropTable({ name: t });
        return "ok";
      case "truncate":
        await warehouse.truncateTable(t);
        return "ok";
      case "away":
        await warehouse.renameTable(t, u);
        return "ok";
      case "back":
        await warehouse.renameTable(u, t);
        return "ok";
      case "read":
        return await tableIds(warehouse, "default", "t");
      default: {
        const request = {
          target: { kind: "table", name: t },
          mode: op.kind,
          provider,
          schema: ID_SCHEMA,
        } as const;
        await saveRows(warehouse, request, [{ id: op.value }]);
        return "ok";
      }
    }
  } catch (error) {
    if (!(error instanceof PySparkException)) throw error;
    if (error.getCondition() === "TABLE_OR_VIEW_ALREADY_EXISTS") return "exists";
    if (error.getCondition() === "TABLE_OR_VIEW_NOT_FOUND") return "missing";
    throw error;
  }
}

const write = fc.record({
  kind: fc.constantFrom(
    "append" as const,
    "append" as const,
    "overwrite" as const,
    "error" as const,
    "ignore" as const,
  ),
  value: fc.nat(),
});
const other = fc.record({
  kind: fc.constantFrom("drop" as const, "away" as const, "back" as const, "truncate" as const),
});
const writer = fc.array(fc.oneof({ weight: 4, arbitrary: write }, { weight: 1, arbitrary: other }), {
  minLength: 1,
  maxLength: 3,
});
const writers = fc.array(writer, { minLength: 2, maxLength: 4 });

describe.each(["delta", "parquet"])(
  `every await in random order, provider %s (LAKELET_SEED=${SEED})`,
  (provider) => {
    test("writers and a reader see one order of events", async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), writers, fc.nat({ max: 2 }), async (scheduler, programs, reads) => {
          const inner = new MemoryStorage();
          const events: HistoryEvent<Op, Result>[] = [];
          let tick = 0;
          let value = 0;
          const clock = { now: () => tick, sleep: async () => {} };
          const session = async (ops: readonly Op[]): Promise<void> => {
            const warehouse = await openWarehouse(new ScheduledStorage(inner, scheduler), { clock });
            for (const planned of ops) {
              const op: Op = "value" in planned ? { ...planned, value: ++value } : planned;
              const invokedAt = ++tick;
              try {
                const result = await perform(warehouse, op, provider);
                events.push({ op, invokedAt, outcome: { kind: "returned", at: ++tick, result } });
              } catch (error) {
                // A conflict means no effect, so the operation is no part of the history.
                if (!(error instanceof ConcurrentModificationException)) throw error;
              }
            }
            await warehouse.settled();
          };
          const reader: readonly Op[] = Array.from({ length: reads + 1 }, () => ({ kind: "read" as const }));
          await scheduler.waitFor(Promise.all([...programs, reader].map(session)));
          const last = await openWarehouse(inner, { clock });
          const invokedAt = ++tick;
          const result = await perform(last, { kind: "read" }, provider);
          events.push({ op: { kind: "read" }, invokedAt, outcome: { kind: "returned", at: ++tick, result } });
          expect(isLinearizable(MODEL, events), JSON.stringify(events, null, 1)).toBe(true);
        }),
        { numRuns: RUNS, seed: SEED },
      );
    });
  },
);
