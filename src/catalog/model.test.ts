import fc from "fast-check";
import { expect, test } from "vitest";
import { PySparkException } from "../errors/spark-error.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { field, LONG, STRING, type StructType, struct } from "../types/data-type.ts";
import { type Row, saveRows, tableRows } from "./testing/rows.ts";
import { openWarehouse, type Warehouse } from "./warehouse.ts";
import type { SaveMode } from "./warehouse-api.ts";

const SEED = Number(process.env.LAKELET_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LAKELET_RUNS ?? 100);

/** A table as the model has it: all its versions, each with its columns and rows. */
interface ModelTable {
  readonly provider: string;
  readonly partitionBy: readonly string[];
  readonly versions: { readonly columns: readonly string[]; readonly rows: readonly Row[] }[];
}

interface Model {
  readonly databases: Map<string, Map<string, ModelTable>>;
  nextValue: number;
}

interface Real {
  readonly storage: MemoryStorage;
  warehouse: Warehouse;
}

type Command = fc.AsyncCommand<Model, Real>;

const DATABASES = ["default", "db1", "db2"];
const TABLES = ["a", "b"];

const schemaOf = (columns: readonly string[]): StructType =>
  struct(columns.map((name) => field(name, name === "p" ? STRING : LONG)));

async function conditionOf(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof PySparkException) return error.getCondition();
    throw error;
  }
}

class CreateDatabase implements Command {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const exists = model.databases.has(this.name);
    const condition = await conditionOf(() => real.warehouse.createDatabase({ name: this.name }));
    expect(condition).toBe(exists ? "SCHEMA_ALREADY_EXISTS" : undefined);
    if (!exists) model.databases.set(this.name, new Map());
  }
  toString = (): string => `create database ${this.name}`;
}

class DropDatabase implements Command {
  readonly name: string;
  readonly cascade: boolean;
  constructor(name: string, cascade: boolean) {
    this.name = name;
    this.cascade = cascade;
  }
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const tables = model.databases.get(this.name);
    const condition = await conditionOf(() =>
      real.warehouse.dropDatabase({ name: this.name, cascade: this.cascade }),
    );
    if (this.name === "default") expect(condition).toBe("UNSUPPORTED_FEATURE.DROP_DATABASE");
    else if (tables === undefined) expect(condition).toBe("SCHEMA_NOT_FOUND");
    else if (tables.size > 0 && !this.cascade) expect(condition).toBe("SCHEMA_NOT_EMPTY");
    else {
      expect(condition).toBeUndefined();
      model.databases.delete(this.name);
    }
  }
  toString = (): string => `drop database ${this.name}${this.cascade ? " cascade" : ""}`;
}

class Save implements Command {
  readonly database: string;
  readonly table: string;
  readonly mode: SaveMode;
  readonly provider: string;
  readonly count: number;
  readonly more: boolean;
  readonly partitioned: boolean;
  readonly dynamic: boolean;
  constructor(
    database: string,
    table: string,
    mode: SaveMode,
    provider: string,
    count: number,
    flags: readonly [boolean, boolean, boolean],
  ) {
    this.database = database;
    this.table = table;
    this.mode = mode;
    this.provider = provider;
    this.count = count;
    [this.more, this.partitioned, this.dynamic] = flags;
  }
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const tables = model.databases.get(this.database);
    const existing = tables?.get(this.table);
    const last = existing?.versions.at(-1);
    const columns = this.more ? ["id", "p", "x"] : ["id", "p"];
    const rows: Row[] = Array.from({ length: this.count }, (_, i) => {
      const id = model.nextValue++;
      return Object.fromEntries(
        columns.map((c) => [c, c === "p" ? ["a", "b", null][(id + i) % 3]! : id]),
      ) as Row;
    });
    const merges = this.mode === "append" || this.dynamic;
    const condition = await conditionOf(() =>
      saveRows(
        real.warehouse,
        {
          target: { kind: "table", name: { database: this.database, table: this.table } },
          mode: this.mode,
          provider: this.provider,
          schema: schemaOf(columns),
          ...(existing === undefined && this.partitioned ? { partitionBy: ["p"] } : {}),
          options: {
            mergeschema: "true",
            ...(merges ? {} : { overwriteschema: "true" }),
            ...(this.dynamic ? { partitionoverwritemode: "dynamic" } : {}),
          },
        },
        rows,
      ),
    );
    if (tables === undefined) return void expect(condition).toBe("SCHEMA_NOT_FOUND");
    const fresh: ModelTable = {
      provider: this.provider,
      partitionBy: existing === undefined && this.partitioned ? ["p"] : [],
      versions: [{ columns: this.ordered(columns, existing === undefined && this.partitioned), rows }],
    };
    if (existing === undefined || last === undefined) {
      expect(condition).toBeUndefined();
      tables.set(this.table, fresh);
      return;
    }
    if (this.mode === "error") return void expect(condition).toBe("TABLE_OR_VIEW_ALREADY_EXISTS");
    if (this.mode === "ignore") return void expect(condition).toBeUndefined();
    if (existing.provider !== this.provider) {
      if (this.mode === "append") return void expect(condition).toBe("_LEGACY_ERROR_TEMP_1159");
      expect(condition).toBeUndefined();
      tables.set(this.table, fresh);
      return;
    }
    // Saving over a table of plain files makes it anew; only Delta looks at the option then.
    const dynamic = this.mode === "overwrite" && this.dynamic && existing.provider === "delta";
    if (existing.provider !== "delta" && this.mode === "append" && columns.length !== last.columns.length) {
      return void expect(condition).toBe("_LEGACY_ERROR_TEMP_1161");
    }
    expect(condition).toBeUndefined();
    if (this.mode === "overwrite" && !dynamic) {
      // Another schema, no partitions; a Delta table keeps its history.
      const versions = existing.provider === "delta" ? existing.versions : [];
      tables.set(this.table, {
        provider: this.provider,
        partitionBy: [],
        versions: [...versions, { columns, rows }],
      });
      return;
    }
    const all = [...last.columns, ...columns.filter((c) => !last.columns.includes(c))];
    const written = new Set(rows.map((row) => row.p));
    const kept = !dynamic
      ? last.rows
      : existing.partitionBy.length === 0
        ? []
        : last.rows.filter((row) => !written.has(row.p ?? null));
    existing.versions.push({ columns: all, rows: [...kept, ...rows] });
    if (existing.provider !== "delta") existing.versions.splice(0, existing.versions.length - 1);
  }
  ordered(columns: readonly string[], partitioned: boolean): readonly string[] {
    if (!partitioned || this.provider === "delta") return columns;
    return [...columns.filter((c) => c !== "p"), "p"];
  }
  toString = (): string =>
    `${this.mode} ${this.database}.${this.table} as ${this.provider}, ${this.count} rows${this.more ? ", more columns" : ""}${this.partitioned ? ", by p" : ""}${this.dynamic ? ", dynamic" : ""}`;
}

class DropTable implements Command {
  readonly database: string;
  readonly table: string;
  constructor(database: string, table: string) {
    this.database = database;
    this.table = table;
  }
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const found = model.databases.get(this.database)?.delete(this.table) ?? false;
    const condition = await conditionOf(() =>
      real.warehouse.dropTable({ name: { database: this.database, table: this.table } }),
    );
    expect(condition).toBe(found ? undefined : "TABLE_OR_VIEW_NOT_FOUND");
  }
  toString = (): string => `drop ${this.database}.${this.table}`;
}

class Rename implements Command {
  readonly database: string;
  readonly from: string;
  readonly to: string;
  constructor(database: string, from: string, to: string) {
    this.database = database;
    this.from = from;
    this.to = to;
  }
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const { database } = this;
    const tables = model.databases.get(database);
    const table = tables?.get(this.from);
    const condition = await conditionOf(() =>
      real.warehouse.renameTable({ database, table: this.from }, { database, table: this.to }),
    );
    if (tables === undefined || table === undefined) expect(condition).toBe("TABLE_OR_VIEW_NOT_FOUND");
    else if (tables.has(this.to)) expect(condition).toBe("TABLE_OR_VIEW_ALREADY_EXISTS");
    else {
      expect(condition).toBeUndefined();
      tables.delete(this.from);
      tables.set(this.to, table);
    }
  }
  toString = (): string => `rename ${this.database}.${this.from} to ${this.to}`;
}

/** Another session goes on, and what nobody needs is collected: neither may be seen. */
class Reopen implements Command {
  check = (): boolean => true;
  async run(_: Model, real: Real): Promise<void> {
    await real.warehouse.close();
    real.warehouse = await openWarehouse(real.storage);
    await real.warehouse.collectLeftovers({ graceMs: -1 });
  }
  toString = (): string => "reopen and collect";
}

class Compare implements Command {
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    await compare(model, real.warehouse);
  }
  toString = (): string => "compare";
}

async function compare(model: Model, warehouse: Warehouse): Promise<void> {
  expect((await warehouse.listDatabases()).map((d) => d.name)).toEqual([...model.databases.keys()].sort());
  for (const [database, tables] of model.databases) {
    expect((await warehouse.listTables(database)).map((t) => t.table)).toEqual([...tables.keys()].sort());
    for (const [name, table] of tables) {
      const last = table.versions.at(-1)!;
      const found = await tableRows(warehouse, database, name);
      const sorted = (rows: readonly Row[]): readonly string[] =>
        rows.map((row) => JSON.stringify(last.columns.map((c) => row[c] ?? null))).sort();
      expect(sorted(found)).toEqual(sorted(last.rows));
      const resolved = await warehouse.getTable({ database, table: name });
      expect((await resolved.scan()).schema.fields.map((f) => f.name)).toEqual(last.columns);
      if (table.provider !== "delta") continue;
      for (const [version, { columns, rows }] of table.versions.entries()) {
        const scan = await resolved.scan({ versionAsOf: version });
        expect(scan.schema.fields.map((f) => f.name)).toEqual(columns);
        expect(scan.rowCount).toBe(rows.length);
      }
    }
  }
}

const database = fc.constantFrom(...DATABASES, "default", "default");
const table = fc.constantFrom(...TABLES);
const commands: fc.Arbitrary<Command>[] = [
  database.map((name) => new CreateDatabase(name)),
  fc.tuple(database, fc.boolean()).map(([name, cascade]) => new DropDatabase(name, cascade)),
  ...Array.from({ length: 4 }, () =>
    fc
      .tuple(
        database,
        table,
        fc.constantFrom<SaveMode>("append", "append", "overwrite", "error", "ignore"),
        fc.constantFrom("delta", "delta", "parquet"),
        fc.nat({ max: 3 }),
        fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
      )
      .map(([d, t, mode, provider, count, flags]) => new Save(d, t, mode, provider, count, flags)),
  ),
  fc.tuple(database, table).map(([d, t]) => new DropTable(d, t)),
  fc.tuple(database, table, table).map(([d, from, to]) => new Rename(d, from, to)),
  fc.constant(new Reopen()),
  fc.constant(new Compare()),
];

test(`any history of commands is what the model says (LAKELET_SEED=${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: "max" }), async (history) => {
      const storage = new MemoryStorage();
      const real: Real = { storage, warehouse: await openWarehouse(storage) };
      const model: Model = { databases: new Map([["default", new Map()]]), nextValue: 1 };
      await fc.asyncModelRun(() => ({ model, real }), history);
      await compare(model, await openWarehouse(storage));
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
