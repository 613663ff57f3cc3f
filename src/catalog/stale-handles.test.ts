import { describe, expect, test } from "vitest";
import { ConcurrentModificationException } from "../errors/spark-error.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { field, LONG, STRING, struct } from "../types/data-type.ts";
import { begin, compact, rewrite } from "./testing/changes.ts";
import { type Row, saveRows, tableRows, writeRows } from "./testing/rows.ts";
import { openWarehouse, type Warehouse } from "./warehouse.ts";
import type { WriteRequest } from "./warehouse-api.ts";

/**
 * Nine operations, each begun before another one is done and committed after it. A cell ends as if one had come after
 * the other, or in the conflict that Delta's rules demand; it never refuses what they allow.
 */
const SCHEMA = struct([field("id", LONG), field("p", STRING), field("v", LONG)]);
const NAME = { database: "default", table: "t" } as const;
const TARGET = { kind: "table", name: NAME } as const;
const START: readonly Row[] = [
  { id: 1, p: "a", v: 1 },
  { id: 2, p: "a", v: 2 },
  { id: 3, p: "b", v: 3 },
];

interface Operation {
  /** Reads what it needs; what it gives commits. */
  begin(warehouse: Warehouse): Promise<() => Promise<unknown>>;
  /** What it makes of the rows. */
  apply(rows: readonly Row[]): readonly Row[];
}

const save = (request: Partial<WriteRequest>, rows: readonly Row[]) => async (warehouse: Warehouse) => {
  const write = await warehouse.beginWrite({
    target: TARGET,
    mode: "append",
    provider: "delta",
    schema: SCHEMA,
    ...request,
  });
  const files = await writeRows(warehouse.storage, write, SCHEMA, rows);
  return () => write.commit(files);
};

const changed =
  (edit: (row: Row) => Row | undefined, more: readonly Row[] = []) =>
  async (warehouse: Warehouse) => {
    const read = await begin(warehouse, "t");
    return () => rewrite(read, edit, more);
  };

const APPENDED: Row = { id: 4, p: "a", v: 4 };
const MERGED: Row = { id: 5, p: "b", v: 5 };
let addedColumns = 0;
const REPLACED: Row = { id: 6, p: "a", v: 6 };
const update = (row: Row): Row => (row.id === 2 ? { ...row, v: 20 } : row);
const merge = (row: Row): Row => (row.id === 2 ? { ...row, v: Number(row.v) + 100 } : row);

const OPERATIONS: Readonly<Record<string, Operation>> = {
  append: { begin: save({}, [APPENDED]), apply: (rows) => [...rows, APPENDED] },
  delete: {
    begin: changed((row) => (row.id === 2 ? undefined : row)),
    apply: (rows) => rows.filter((row) => row.id !== 2),
  },
  update: { begin: changed(update), apply: (rows) => rows.map(update) },
  merge: { begin: changed(merge, [MERGED]), apply: (rows) => [...rows.map(merge), MERGED] },
  overwrite: { begin: save({ mode: "overwrite" }, [REPLACED]), apply: () => [REPLACED] },
  replaceWhere: {
    begin: save(
      {
        mode: "overwrite",
        replaceWhere: { kind: "compare", column: ["p"], operator: "=", value: "a" },
        options: { replacewhere: "p = 'a'" },
      },
      [REPLACED],
    ),
    apply: (rows) => [...rows.filter((row) => row.p !== "a"), REPLACED],
  },
  compact: {
    begin: async (warehouse) => {
      const read = await begin(warehouse, "t");
      const files = read.files.filter((one) => one.scan.partitionValues?.p === "a");
      return () => compact({ change: read.change, files });
    },
    apply: (rows) => rows,
  },
  schema: {
    begin: async (warehouse) => async () =>
      warehouse.addColumns(NAME, struct([field(`w${addedColumns++}`, LONG)])),
    apply: (rows) => rows,
  },
  vacuum: {
    begin: async (warehouse) => () =>
      warehouse.vacuum({ target: TARGET, retainHours: 168, dryRun: false, checkRetention: true }),
    apply: (rows) => rows,
  },
};

const NAMES = Object.keys(OPERATIONS);
/** Whatever is not blind and rewrites rows of the first partition, where everything happens. */
const REWRITES = new Set(["delete", "update", "merge", "overwrite", "replaceWhere", "compact"]);

/** Delta's rules at WriteSerializable: who read files loses to who changed them, and to who changed the schema. */
function demandsConflict(loser: string, winner: string): boolean {
  const reads = ["delete", "update", "merge", "compact"].includes(loser);
  if (!reads) return false;
  return REWRITES.has(winner) || winner === "schema";
}

async function prepare(): Promise<Warehouse> {
  const warehouse = await openWarehouse(new MemoryStorage());
  for (const row of START) {
    const base = { target: TARGET, mode: "append", provider: "delta", schema: SCHEMA } as const;
    await saveRows(warehouse, { ...base, partitionBy: ["p"] }, [row]);
  }
  return warehouse;
}

const shown = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) => `${row.id} ${row.p} ${row.v}`).sort();

describe.each(NAMES)("%s over a stale handle", (loser) => {
  test.each(NAMES)("after %s", async (winner) => {
    const warehouse = await prepare();
    const other = await openWarehouse(warehouse.storage);
    const commit = await (OPERATIONS[loser] as Operation).begin(warehouse);
    await (await (OPERATIONS[winner] as Operation).begin(other))();
    let conflict: unknown;
    try {
      await commit();
    } catch (error) {
      if (!(error instanceof ConcurrentModificationException)) throw error;
      conflict = error;
    }
    const rows = shown(await tableRows(await openWarehouse(warehouse.storage), "default", "t"));
    const [first, second] = [OPERATIONS[winner] as Operation, OPERATIONS[loser] as Operation];
    if (conflict !== undefined) {
      expect(demandsConflict(loser, winner), String(conflict)).toBe(true);
      expect(rows).toEqual(shown(first.apply(START)));
      return;
    }
    expect(demandsConflict(loser, winner)).toBe(false);
    const orders = [second.apply(first.apply(START)), first.apply(second.apply(START))].map(shown);
    expect(orders).toContainEqual(rows);
  });
});
