import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConcurrentModificationException } from "../errors/spark-error.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { begin, compact, mark, rewrite } from "./testing/changes.ts";
import { type HistoryEvent, isLinearizable, type SequentialModel } from "./testing/history-checker.ts";
import { ID_SCHEMA, saveRows, tableIds } from "./testing/rows.ts";
import { ScheduledStorage } from "./testing/scheduled-storage.ts";
import { openWarehouse, type Warehouse } from "./warehouse.ts";

const SEED = Number(process.env.LAKELET_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LAKELET_RUNS ?? 60);
const TARGET = { kind: "table", name: { database: "default", table: "t" } } as const;

type Op =
  | { readonly kind: "append"; readonly value: number }
  /** Adds 1,000 to all even rows. */
  | { readonly kind: "update" }
  | { readonly kind: "delete"; readonly value: number }
  | { readonly kind: "mark"; readonly value: number }
  /** Doubles a row, and adds one more. */
  | { readonly kind: "merge"; readonly value: number }
  | { readonly kind: "compact" | "vacuum" | "read" };
type Result = "ok" | readonly number[];

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const isFirst = (id: number, value: number): boolean => id % 3 === value % 3;

const MODEL: SequentialModel<readonly number[], Op, Result> = {
  initial: [0, 1, 2],
  apply(state, op) {
    switch (op.kind) {
      case "append":
        return { state: sorted([...state, op.value]), result: "ok" };
      case "update":
        return { state: sorted(state.map((id) => (id % 2 === 0 ? id + 1000 : id))), result: "ok" };
      case "delete":
      case "mark":
        return { state: state.filter((id) => !isFirst(id, op.value)), result: "ok" };
      case "merge":
        return {
          state: sorted([...state.map((id) => (isFirst(id, op.value) ? id * 2 : id)), op.value]),
          result: "ok",
        };
      case "read":
        return { state, result: state };
      default:
        return { state, result: "ok" };
    }
  },
};

async function perform(warehouse: Warehouse, op: Op): Promise<Result> {
  switch (op.kind) {
    case "read":
      return tableIds(warehouse, "default", "t");
    case "append":
      await saveRows(warehouse, { target: TARGET, mode: "append", schema: ID_SCHEMA }, [{ id: op.value }]);
      return "ok";
    case "update":
      await rewrite(await begin(warehouse, "t"), (row) =>
        Number(row.id) % 2 === 0 ? { id: Number(row.id) + 1000 } : row,
      );
      return "ok";
    case "delete":
      await rewrite(await begin(warehouse, "t"), (row) =>
        isFirst(Number(row.id), op.value) ? undefined : row,
      );
      return "ok";
    case "mark":
      await mark(await begin(warehouse, "t"), (row) => isFirst(Number(row.id), op.value));
      return "ok";
    case "merge":
      await rewrite(
        await begin(warehouse, "t"),
        (row) => (isFirst(Number(row.id), op.value) ? { id: Number(row.id) * 2 } : row),
        [{ id: op.value }],
      );
      return "ok";
    case "compact":
      await compact(await begin(warehouse, "t"));
      return "ok";
    case "vacuum":
      await warehouse.vacuum({ target: TARGET, retainHours: 168, dryRun: false, checkRetention: true });
      return "ok";
  }
}

const op = (kinds: readonly Op["kind"][]) =>
  fc.record({ kind: fc.constantFrom(...kinds), value: fc.integer({ min: 10, max: 99 }) });

async function prepare(inner: MemoryStorage, isolationLevel: string): Promise<void> {
  const warehouse = await openWarehouse(inner);
  const properties = { "delta.isolationLevel": isolationLevel, "delta.enableDeletionVectors": "true" };
  await warehouse.createTable({ name: TARGET.name, schema: ID_SCHEMA, properties });
  for (const id of [0, 1, 2]) {
    await saveRows(warehouse, { target: TARGET, mode: "append", schema: ID_SCHEMA }, [{ id }]);
  }
  await warehouse.settled();
}

interface Played {
  readonly events: HistoryEvent<Op, Result>[];
  readonly conflicts: number;
}

/** Lets every session run its operations, each await in the order that the scheduler chooses. */
async function play(
  scheduler: fc.Scheduler,
  programs: readonly (readonly Op[])[],
  isolationLevel: string,
): Promise<Played> {
  const inner = new MemoryStorage();
  await prepare(inner, isolationLevel);
  const events: HistoryEvent<Op, Result>[] = [];
  let conflicts = 0;
  let tick = 0;
  const clock = { now: () => Date.now(), sleep: async () => {} };
  const session = async (ops: readonly Op[]): Promise<void> => {
    const warehouse = await openWarehouse(new ScheduledStorage(inner, scheduler), { clock });
    for (const next of ops) {
      const invokedAt = ++tick;
      try {
        const result = await perform(warehouse, next);
        events.push({ op: next, invokedAt, outcome: { kind: "returned", at: ++tick, result } });
      } catch (error) {
        // A conflict means no effect, so the operation is no part of the history.
        if (!(error instanceof ConcurrentModificationException)) throw error;
        conflicts++;
      }
    }
    await warehouse.settled();
  };
  await scheduler.waitFor(Promise.all(programs.map(session)));
  const invokedAt = ++tick;
  const result = await perform(await openWarehouse(inner), { kind: "read" });
  events.push({ op: { kind: "read" }, invokedAt, outcome: { kind: "returned", at: ++tick, result } });
  return { events, conflicts };
}

const program = (kinds: readonly Op["kind"][]) =>
  fc.array(op(kinds) as fc.Arbitrary<Op>, { minLength: 1, maxLength: 2 });

describe(`every await in random order (LAKELET_SEED=${SEED})`, () => {
  test("at Serializable, statements that change rows and readers see one order of events", async () => {
    const kinds = ["append", "update", "delete", "mark", "merge", "compact", "vacuum"] as const;
    const programs = fc.array(program(kinds), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), programs, fc.nat({ max: 2 }), async (scheduler, writers, reads) => {
        const reader: readonly Op[] = Array.from({ length: reads + 1 }, () => ({ kind: "read" as const }));
        const { events } = await play(scheduler, [...writers, reader], "Serializable");
        expect(isLinearizable(MODEL, events), JSON.stringify(events, null, 1)).toBe(true);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  test("two compactions at once, and a compaction against an update: no row is doubled or lost", async () => {
    const programs = fc
      .tuple(program(["compact"]), program(["compact"]), program(["update", "merge", "append", "delete"]))
      .map((all): readonly (readonly Op[])[] => all);
    let conflicts = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), programs, async (scheduler, writers) => {
        const played = await play(scheduler, writers, "WriteSerializable");
        conflicts += played.conflicts;
        // Without a reader in between, the weaker level must still end in one of the serial orders.
        expect(isLinearizable(MODEL, played.events), JSON.stringify(played.events, null, 1)).toBe(true);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(conflicts).toBeGreaterThan(0);
  });
});
