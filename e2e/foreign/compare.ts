/**
 * Tables that we write are read by `deltalake` and by Spark with delta-spark, tables that those write are read by us,
 * and both append in turn to one.
 *
 *     npm run delta:compare          LAKELET_PYTHON: a Python with deltalake and pyarrow, LAKELET_SEED, LAKELET_RUNS
 *
 * LAKELET_PARTS=ours,theirs,shared,statements,spark does only those. Spark is asked when LAKELET_DELTA_JARS names a folder with delta-spark's jars, and LAKELET_PYTHON has PySpark.
 */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openWarehouse, type Warehouse } from "../../src/catalog/warehouse.ts";
import { testDriver, testSession } from "../../src/driver/testing/test-session.ts";
import { DiskStorage } from "../../src/node/disk-storage.ts";
import { BOOLEAN, DOUBLE, field, LONG, STRING, type StructType, struct } from "../../src/types/data-type.ts";
import { canonical, type Row, readParquetTable, saveParquet } from "./parquet-tables.ts";
import { statementTables } from "./statement-tables.ts";

const PYTHON = process.env.LAKELET_PYTHON ?? "python3";
const SEED = Number(process.env.LAKELET_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LAKELET_RUNS ?? 20);
const PARTS = process.env.LAKELET_PARTS?.split(",");
const HAS_SPARK = process.env.LAKELET_DELTA_JARS !== undefined;
const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Mulberry32: small, seeded, good enough to choose operations. */
function randomFrom(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function python(script: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(PYTHON, [join(HERE, script), ...args], { encoding: "utf8" });
  process.stdout.write(stdout);
  if (status !== 0) throw new Error(`${script} failed:\n${stderr.slice(-4000)}`);
}

const TEXTS = ["plain", "with space", "sl/ash", "per%cent", "eq=ual", "ü日本", "?#&", "quo\"te'", null];

async function randomHistory(
  warehouse: Warehouse,
  table: string,
  random: () => number,
): Promise<readonly (readonly Row[])[]> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const partitioned = random() < 0.5;
  let schema: StructType = struct([
    field("id", LONG),
    field("p", STRING),
    field("v", DOUBLE),
    field("b", BOOLEAN),
  ]);
  let nextId = 0;
  const newRows = (): Row[] =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
      id: nextId++,
      p: pick(TEXTS),
      v: random() < 0.2 ? null : Math.round(random() * 1000) / 8,
      b: pick([true, false, null]),
      ...Object.fromEntries(schema.fields.slice(4).map((f) => [f.name, `x${nextId}`])),
    }));
  const base = { target: { kind: "path", path: table }, provider: "delta" } as const;
  let current = newRows();
  await saveParquet(
    warehouse,
    { ...base, mode: "append", schema, ...(partitioned ? { partitionBy: ["p"] } : {}) },
    current,
  );
  const versions: (readonly Row[])[] = [current];
  const widened = (rows: readonly Row[], to: StructType): Row[] =>
    rows.map((row) => Object.fromEntries(to.fields.map((f) => [f.name, row[f.name] ?? null])));
  for (let step = 0; step < 14; step++) {
    const kind = pick(["append", "append", "append", "overwrite", "dynamic", "merge"]);
    if (kind === "merge") schema = struct([...schema.fields, field(`c${step}`, STRING)]);
    const rows = newRows();
    const options: Record<string, string> =
      kind === "merge"
        ? { mergeschema: "true" }
        : kind === "dynamic"
          ? { partitionoverwritemode: "dynamic" }
          : {};
    const mode = kind === "overwrite" || kind === "dynamic" ? "overwrite" : "append";
    await saveParquet(warehouse, { ...base, mode, schema, options }, rows);
    if (kind === "overwrite" || (kind === "dynamic" && !partitioned)) current = rows;
    else if (kind === "dynamic") {
      const written = new Set(rows.map((row) => row.p));
      current = [...current.filter((row) => !written.has(row.p)), ...rows];
    } else current = [...widened(current, schema), ...rows];
    versions.push(current);
  }
  return versions;
}

async function oursReadByThem(root: string): Promise<void> {
  const warehouse = await openWarehouse(await DiskStorage.open(root));
  const tables: { readonly path: string; readonly versions: readonly (readonly Row[])[] }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const path = `table${run}`;
    tables.push({ path, versions: await randomHistory(warehouse, path, randomFrom(SEED + run)) });
  }
  await warehouse.settled();
  await writeFile(join(root, "expected.json"), JSON.stringify(tables));
  python("read_tables.py", root);
}

async function theirsReadByUs(root: string): Promise<void> {
  python("write_tables.py", root);
  const storage = await DiskStorage.open(root);
  const tables = JSON.parse(await readFile(join(root, "expected.json"), "utf8")) as {
    path: string;
    versions: Record<string, Row[]>;
  }[];
  let count = 0;
  let differ = 0;
  for (const { path, versions } of tables) {
    const warehouse = await openWarehouse(storage);
    const table = await warehouse.findTableByPath(path);
    if (table === undefined) throw new Error(`no Delta table at ${path}`);
    for (const [version, rows] of Object.entries(versions)) {
      const found = canonical(await readParquetTable(table, storage, { versionAsOf: Number(version) }));
      const expected = canonical(rows.map(normalizeTimes));
      count++;
      if (JSON.stringify(found) === JSON.stringify(expected)) continue;
      differ++;
      console.log(`${path} version ${version}: expected ${expected.join(" ")}, we read ${found.join(" ")}`);
    }
  }
  console.log(`we read ${count} versions of ${tables.length} tables, ${differ} differ`);
  if (differ > 0) throw new Error("tables of deltalake are not read as deltalake reads them");
}

/** Instants to milliseconds, as the reader of this test gives them. */
function normalizeTimes(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([k, v]) => [
      k,
      typeof v === "string" && /^\d{4}-.*T.*\+00:00$/.test(v) ? new Date(v).toISOString() : v,
    ]),
  );
}

async function appendInTurn(root: string): Promise<void> {
  const storage = await DiskStorage.open(root);
  const warehouse = await openWarehouse(storage);
  const schema = struct([field("id", LONG)]);
  const path = "shared";
  const expected: number[] = [];
  for (let round = 0; round < 12; round++) {
    const target = { kind: "path", path } as const;
    await saveParquet(warehouse, { target, provider: "delta", mode: "append", schema }, [{ id: round * 2 }]);
    python("append.py", join(root, path), String(round * 2 + 1));
    expected.push(round * 2, round * 2 + 1);
  }
  await warehouse.settled();
  const table = await (await openWarehouse(storage)).findTableByPath(path);
  if (table === undefined) throw new Error("the shared table is gone");
  const ids = (await readParquetTable(table, storage)).map((row) => Number(row.id)).sort((a, b) => a - b);
  if (JSON.stringify(ids) !== JSON.stringify(expected)) throw new Error(`appended in turn: ${ids.join()}`);
  const versions = { path, versions: [] as (readonly Row[])[] };
  for (let n = 1; n <= expected.length; n++)
    versions.versions.push(expected.slice(0, n).map((id) => ({ id })));
  await writeFile(join(root, "expected.json"), JSON.stringify([versions]));
  python("read_tables.py", root);
  console.log(`both sides appended ${expected.length} times in turn, every row is there`);
}

/** Histories of SQL statements, of every kind that changes a table. */
async function statementsReadByThem(root: string): Promise<void> {
  const tables = await statementTables(root, Math.ceil(RUNS / 2), randomFrom, SEED);
  await writeFile(join(root, "statements.json"), JSON.stringify(tables));
  python("read_statement_tables.py", root, "deltalake");
  if (HAS_SPARK) python("read_statement_tables.py", root, "spark");
}

/** What Spark writes, we read: JSON of rows leaves nulls out. */
async function sparkReadByUs(root: string): Promise<void> {
  if (!HAS_SPARK) return;
  python("write_spark_tables.py", root);
  const driver = testDriver({ storage: await DiskStorage.open(root) });
  const { spark } = testSession(driver);
  const tables = JSON.parse(await readFile(join(root, "spark.json"), "utf8")) as {
    path: string;
    versions: Record<string, Row[]>;
  }[];
  let count = 0;
  let differ = 0;
  try {
    for (const { path, versions } of tables) {
      for (const [version, expected] of Object.entries(versions)) {
        const df = spark.read.format("delta").option("versionAsOf", version).load(`/${path}`);
        const found = (await df.toJSON().collect()).map((row) => String(row[0]));
        const sorted = (rows: readonly string[]): string => JSON.stringify([...rows].sort());
        count++;
        const wanted = expected.map((row) => JSON.stringify(row));
        if (sorted(found.map((text) => JSON.stringify(JSON.parse(text)))) === sorted(wanted)) continue;
        differ++;
        console.log(`${path} version ${version}: Spark has ${wanted.join(" ")}, we read ${found.join(" ")}`);
      }
    }
  } finally {
    await driver.close();
  }
  console.log(`we read ${count} versions of ${tables.length} tables of Spark's, ${differ} differ`);
  if (differ > 0) throw new Error("tables of delta-spark are not read as it reads them");
}

console.log(`seed ${SEED} (LAKELET_SEED), ${RUNS} histories (LAKELET_RUNS)`);
const root = await mkdtemp(join(tmpdir(), "lakelet-foreign-"));
try {
  for (const [name, run] of [
    ["ours", oursReadByThem],
    ["theirs", theirsReadByUs],
    ["shared", appendInTurn],
    ["statements", statementsReadByThem],
    ["spark", sparkReadByUs],
  ] as const) {
    if (PARTS !== undefined && !PARTS.includes(name)) continue;
    await mkdir(join(root, name));
    await run(join(root, name));
  }
} finally {
  await rm(root, { recursive: true, force: true });
}
