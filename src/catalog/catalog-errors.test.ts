import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { PySparkException } from "../errors/spark-error.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { field, INTEGER, STRING, type StructType, struct } from "../types/data-type.ts";
import { openWarehouse, type Warehouse } from "./warehouse.ts";
import type { WriteRequest } from "./warehouse-api.ts";

interface Recorded {
  readonly errorClass: string;
  readonly condition: string;
  readonly sqlState: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly message: string;
}

/** What live Spark said, recorded by the script beside the file. */
const RECORDED = JSON.parse(
  readFileSync(new URL("../../e2e/spark/catalog/errors.json", import.meta.url), "utf8"),
) as Readonly<Record<string, Recorded>>;

const in_a = (table: string) => ({ database: "cat_a", table });
const ints = (...names: readonly string[]): StructType => struct(names.map((name) => field(name, INTEGER)));
const ID = ints("id");
const view = { text: "SELECT 1 AS x", currentDatabase: "default", settings: {} };
const parquet = { provider: "parquet" };

const save = (more: Partial<WriteRequest> & { readonly table: string; readonly database?: string }) => {
  const { table, database = "cat_a", ...rest } = more;
  return (w: Warehouse) =>
    w.beginWrite({
      target: { kind: "table", name: { database, table } },
      mode: "error",
      provider: "parquet",
      schema: ID,
      ...rest,
    });
};

/** The same commands, by the names of the recording. */
const COMMANDS: Readonly<Record<string, (w: Warehouse) => Promise<unknown>>> = {
  "create database that exists": (w) => w.createDatabase({ name: "cat_a" }),
  "create database with an invalid name": (w) => w.createDatabase({ name: "a b-c" }),
  "drop database that is missing": (w) => w.dropDatabase({ name: "cat_zz" }),
  "drop database that is not empty": (w) => w.dropDatabase({ name: "cat_a" }),
  "drop the default database": (w) => w.dropDatabase({ name: "default" }),
  "alter database that is missing": (w) => w.alterDatabase("cat_zz", { properties: { a: "b" } }),
  "list tables of a database that is missing": (w) => w.listTables("cat_zz"),
  "create table that exists": (w) => w.createTable({ name: in_a("T"), schema: ID, ...parquet }),
  "create table where a view is": (w) => w.createTable({ name: in_a("v"), schema: ID, ...parquet }),
  "create table in a database that is missing": (w) =>
    w.createTable({ name: { database: "cat_zz", table: "t" }, schema: ID, ...parquet }),
  "create table with an invalid name": (w) => w.createTable({ name: in_a("x y"), schema: ID, ...parquet }),
  "create table with a column twice": (w) =>
    w.createTable({ name: in_a("n"), schema: ints("a", "A"), ...parquet }),
  "create table with an unknown partition column": (w) =>
    w.createTable({ name: in_a("n"), schema: ints("a", "b"), partitionBy: ["zz"], ...parquet }),
  "create table with a partition column twice": (w) =>
    w.createTable({ name: in_a("n"), schema: ints("a", "b"), partitionBy: ["b", "B"], ...parquet }),
  "create table of partition columns only": (w) =>
    w.createTable({ name: in_a("n"), schema: ints("a"), partitionBy: ["a"], ...parquet }),
  "create view that exists": (w) => w.createView({ name: in_a("v"), schema: ID, view }),
  "create view where a table is": (w) => w.createView({ name: in_a("t"), schema: ID, view }),
  "replace a table by a view": (w) => w.createView({ name: in_a("t"), schema: ID, view, orReplace: true }),
  "create view in a database that is missing": (w) =>
    w.createView({ name: { database: "cat_zz", table: "v" }, schema: ID, view }),
  "drop table that is missing": (w) => w.dropTable({ name: in_a("nope") }),
  "drop table of a database that is missing": (w) =>
    w.dropTable({ name: { database: "cat_zz", table: "nope" } }),
  "drop view that is a table": (w) => w.dropView({ name: in_a("t") }),
  "drop view that is missing": (w) => w.dropView({ name: in_a("nope") }),
  "rename table to one that exists": (w) => w.renameTable(in_a("t"), in_a("u")),
  "rename table to itself in other letters": (w) => w.renameTable(in_a("t"), in_a("T")),
  "rename table into another database": (w) => w.renameTable(in_a("t"), { database: "cat_b", table: "t" }),
  "rename table to an invalid name": (w) => w.renameTable(in_a("t"), in_a("x y")),
  "rename view as a table": (w) => w.renameTable(in_a("v"), in_a("w")),
  "rename table as a view": (w) => w.renameTable(in_a("t"), in_a("w"), { view: true }),
  "add a column that exists": (w) => w.addColumns(in_a("t"), ints("ID")),
  "add columns to a view": (w) => w.addColumns(in_a("v"), ints("b")),
  "truncate a view": (w) => w.truncateTable(in_a("v")),
  "comment on a view as a table": (w) => w.alterTableComment(in_a("v"), "x"),
  "save with error where a table is": save({ table: "u" }),
  "save with error where a view is": save({ table: "v" }),
  "append to a view": save({ table: "v", mode: "append" }),
  "save into a database that is missing": save({ database: "cat_zz", table: "n" }),
  "append with more columns": save({ table: "u", mode: "append", schema: ints("id", "x") }),
  "append with another column": save({ table: "u", mode: "append", schema: ints("x") }),
  "append text to numbers": save({ table: "u", mode: "append", schema: struct([field("id", STRING)]) }),
  "append in another format": save({ table: "u", mode: "append", provider: "json" }),
  "append with another partitioning": save({
    table: "t",
    mode: "append",
    schema: struct([field("id", INTEGER), field("p", STRING)]),
    partitionBy: ["p"],
  }),
  "save with an unknown partition column": save({ table: "n", partitionBy: ["zz"] }),
  "save partition columns only": save({ table: "n", partitionBy: ["id"] }),
  "save a column twice": save({ table: "n", schema: ints("id", "ID") }),
};

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await openWarehouse(new MemoryStorage());
  await warehouse.createDatabase({ name: "cat_a", comment: "first" });
  await warehouse.createDatabase({ name: "CAT_B" });
  const t = struct([field("id", INTEGER), field("p", STRING)]);
  await warehouse.createTable({ name: in_a("t"), schema: t, ...parquet });
  await warehouse.createTable({ name: in_a("u"), schema: ID, ...parquet });
  await warehouse.createView({ name: in_a("v"), schema: ints("x"), view });
});

test.each(Object.entries(RECORDED))("%s: Spark's own words", async (name, recorded) => {
  const command = COMMANDS[name];
  if (command === undefined) throw new Error(`no command for ${name}`);
  const error: unknown = await command(warehouse).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof PySparkException)) throw error ?? new Error("nothing was refused");
  expect({
    errorClass: error.name,
    condition: error.getCondition(),
    sqlState: error.getSqlState() ?? null,
    parameters: error.getMessageParameters(),
    message: error.message,
  }).toEqual(recorded);
});

test("IF EXISTS and IF NOT EXISTS tolerate what they say they do", async () => {
  await warehouse.createDatabase({ name: "Cat_A", ifNotExists: true });
  await warehouse.dropDatabase({ name: "cat_zz", ifExists: true });
  expect(await warehouse.createTable({ name: in_a("T"), schema: ID, ifNotExists: true })).toBe(false);
  expect(await warehouse.createView({ name: in_a("v"), schema: ID, view, ifNotExists: true })).toBe(false);
  expect(await warehouse.dropTable({ name: in_a("nope"), ifExists: true })).toBe(false);
  expect(await warehouse.dropView({ name: in_a("nope"), ifExists: true })).toBe(false);
});

test("databases and tables are found and kept in lower case, and listed in order", async () => {
  const own = await openWarehouse(new MemoryStorage());
  for (const name of ["Zeta", "ALPHA"]) await own.createDatabase({ name, properties: { k: "v" } });
  expect((await own.listDatabases()).map((d) => d.name)).toEqual(["alpha", "default", "zeta"]);
  expect(await own.getDatabase("aLPHA")).toMatchObject({
    name: "alpha",
    comment: "",
    properties: { k: "v" },
  });
  await own.alterDatabase("alpha", { properties: { x: "y" }, comment: "c" });
  expect(await own.getDatabase("alpha")).toMatchObject({ comment: "c", properties: { k: "v", x: "y" } });
  for (const table of ["T2", "t1"]) await own.createTable({ name: { database: "Alpha", table }, schema: ID });
  expect((await own.listTables("ALPHA")).map((t) => t.table)).toEqual(["t1", "t2"]);
  await own.dropDatabase({ name: "ALPHA", cascade: true });
  expect(await own.findDatabase("alpha")).toBeUndefined();
});
