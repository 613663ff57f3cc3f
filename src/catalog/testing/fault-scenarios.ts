import { MemoryStorage } from "../../storage/memory-storage.ts";
import type { Storage } from "../../storage/storage.ts";
import { openWarehouse, type Warehouse } from "../warehouse.ts";
import type { SaveMode } from "../warehouse-api.ts";
import { begin, compact, mark, rewrite } from "./changes.ts";
import { ID_SCHEMA, readRows, saveRows } from "./rows.ts";

/** For tests: an operation on a small warehouse, whose effect has to be all or nothing. */
export interface FaultScenario {
  readonly name: string;
  run(warehouse: Warehouse): Promise<unknown>;
  /** The rows are the same before and after. */
  readonly isInvisible?: boolean;
}

/** What users can see of a warehouse: its tables' rows (undefined for views) by name. */
export type VisibleState = Readonly<Record<string, readonly number[] | "view">>;

function save(table: string, mode: SaveMode, provider: string, ids: readonly number[]): FaultScenario {
  const [database, name] = table.split(".") as [string, string];
  return {
    name: `${mode} ${table} as ${provider}`,
    run: (warehouse) =>
      saveRows(
        warehouse,
        { target: { kind: "table", name: { database, table: name } }, mode, provider, schema: ID_SCHEMA },
        ids.map((id) => ({ id })),
      ),
  };
}

const at = (name: string): { readonly database: string; readonly table: string } => {
  const [database, table] = name.split(".") as [string, string];
  return { database, table };
};

export const FAULT_SCENARIOS: readonly FaultScenario[] = [
  save("default.fresh", "error", "delta", [7, 8]),
  save("default.fresh", "append", "parquet", [7, 8]),
  save("default.deltas", "append", "delta", [7, 8]),
  save("default.deltas", "overwrite", "delta", [7, 8]),
  save("default.files", "append", "parquet", [7, 8]),
  save("default.files", "overwrite", "parquet", [7, 8]),
  save("default.files", "overwrite", "delta", [7, 8]),
  {
    name: "create table",
    run: (warehouse) => warehouse.createTable({ name: at("default.empty"), schema: ID_SCHEMA }),
  },
  { name: "drop table", run: (warehouse) => warehouse.dropTable({ name: at("default.deltas") }) },
  {
    name: "rename table",
    run: (warehouse) => warehouse.renameTable(at("default.deltas"), at("default.renamed")),
  },
  { name: "truncate table", run: (warehouse) => warehouse.truncateTable(at("default.deltas")) },
  {
    name: "update rows",
    run: async (warehouse) =>
      rewrite(await begin(warehouse, "deltas"), (row) => (row.id === 1 ? { id: 10 } : row)),
  },
  {
    name: "delete rows",
    run: async (warehouse) =>
      rewrite(await begin(warehouse, "deltas"), (row) => (row.id === 1 ? undefined : row)),
  },
  {
    name: "merge rows",
    run: async (warehouse) =>
      rewrite(await begin(warehouse, "deltas"), (row) => (row.id === 1 ? { id: 20 } : row), [{ id: 30 }]),
  },
  {
    name: "mark rows as deleted",
    run: async (warehouse) => mark(await begin(warehouse, "vectors"), (row) => row.id === 4),
  },
  {
    name: "restore a version",
    run: async (warehouse) => restore(warehouse, "deltas", 1),
  },
  {
    name: "optimize",
    run: async (warehouse) => compact(await begin(warehouse, "deltas")),
    isInvisible: true,
  },
  {
    name: "vacuum",
    run: (warehouse) =>
      warehouse.vacuum({
        target: { kind: "table", name: at("default.vectors") },
        retainHours: 0,
        dryRun: false,
        checkRetention: false,
      }),
    isInvisible: true,
  },
  {
    name: "set table properties",
    run: (warehouse) =>
      warehouse.alterTableProperties(at("default.deltas"), { set: { "delta.columnMapping.mode": "name" } }),
    isInvisible: true,
  },
  { name: "drop database", run: (warehouse) => warehouse.dropDatabase({ name: "other", cascade: true }) },
  {
    name: "create view",
    run: (warehouse) =>
      warehouse.createView({
        name: at("default.v"),
        schema: ID_SCHEMA,
        view: { text: "SELECT 1 AS id", currentDatabase: "default", settings: {} },
      }),
  },
];

async function restore(warehouse: Warehouse, table: string, version: number): Promise<number> {
  const { change } = await begin(warehouse, table);
  try {
    const wanted = (await change.log.atVersion(version)).fileSet.live;
    const { live } = change.snapshot.fileSet;
    change.readWhole();
    return await change.commit({
      operation: "RESTORE",
      isolationLevel: "Serializable",
      removed: [...live.entries()].flatMap(([key, file]) => (wanted.has(key) ? [] : [file])),
      added: [...wanted.entries()].flatMap(([key, file]) => (live.has(key) ? [] : [file])),
      written: [],
    });
  } finally {
    await change.abort();
  }
}

/** A warehouse with a few tables: enough commits that the next one makes a checkpoint. */
export async function prepareStorage(): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const warehouse = await openWarehouse(storage);
  await warehouse.createDatabase({ name: "other" });
  const properties = { "delta.checkpointInterval": "3" };
  await warehouse.createTable({ name: at("default.deltas"), schema: ID_SCHEMA, properties });
  for (const id of [1, 2]) await save("default.deltas", "append", "delta", [id]).run(warehouse);
  await warehouse.createTable({
    name: at("default.vectors"),
    schema: ID_SCHEMA,
    properties: { "delta.enableDeletionVectors": "true" },
  });
  await save("default.vectors", "append", "delta", [3, 4, 5]).run(warehouse);
  await mark(await begin(warehouse, "vectors"), (row) => row.id === 3);
  await rewrite(await begin(warehouse, "vectors"), (row) => ({ id: Number(row.id) }));
  await save("default.files", "append", "parquet", [1, 2]).run(warehouse);
  await save("other.t", "append", "delta", [3]).run(warehouse);
  for (const name of ["a", "b", "c", "d"]) await warehouse.createDatabase({ name: `filler_${name}` });
  await warehouse.settled();
  return storage;
}

export async function copyStorage(storage: Storage): Promise<MemoryStorage> {
  const copy = new MemoryStorage();
  for (const { path } of await storage.list("", { recursive: true })) {
    await copy.writeNew(path, await storage.read(path));
  }
  return copy;
}

/** As a session that has just been opened sees it. */
export async function visibleState(storage: Storage): Promise<VisibleState> {
  const warehouse = await openWarehouse(storage);
  const state: Record<string, readonly number[] | "view"> = {};
  for (const database of await warehouse.listDatabases()) {
    for (const entry of await warehouse.listTables(database.name)) {
      const table = await warehouse.getTable(entry);
      const rows = entry.tableType === "VIEW" ? undefined : await readRows(table, storage);
      state[`${entry.database}.${entry.table}`] =
        rows === undefined ? "view" : rows.map((row) => Number(row.id)).sort((a, b) => a - b);
    }
  }
  return state;
}
