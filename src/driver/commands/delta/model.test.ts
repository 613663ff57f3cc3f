import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SparkSession } from "../../../session/spark-session.ts";
import type { Driver } from "../../driver.ts";
import { testDriver, testSession } from "../../testing/test-session.ts";

const SEED = Number(process.env.LAKELET_SEED ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env.LAKELET_RUNS ?? 8);

/** A row of the model: null where SQL has NULL. */
interface Row {
  readonly id: number;
  readonly p: string | null;
  readonly v: number | null;
}

type Step =
  | { readonly kind: "insert"; readonly rows: readonly Row[] }
  | { readonly kind: "delete"; readonly below: number }
  | { readonly kind: "deletePartition"; readonly p: string }
  | { readonly kind: "update"; readonly modulus: number }
  | { readonly kind: "move"; readonly id: number; readonly p: string }
  | {
      readonly kind: "merge";
      readonly rows: readonly Row[];
      readonly deletes: number;
      readonly bySource: boolean;
    }
  | { readonly kind: "replaceWhere"; readonly rows: readonly Row[] }
  | { readonly kind: "optimize" | "zorder" | "selfOverwrite" }
  | { readonly kind: "restore"; readonly to: number };

const literal = (value: number | string | null): string =>
  value === null ? "NULL" : typeof value === "number" ? String(value) : `'${value}'`;
const values = (rows: readonly Row[]): string =>
  `SELECT CAST(id AS INT) AS id, CAST(p AS STRING) AS p, CAST(v AS INT) AS v FROM VALUES ${rows
    .map((r) => `(${literal(r.id)}, ${literal(r.p)}, ${literal(r.v)})`)
    .join(", ")} AS x(id, p, v)`;
const distinct = (rows: readonly Row[]): readonly Row[] => [...new Map(rows.map((r) => [r.id, r])).values()];

function sql(step: Step): string {
  switch (step.kind) {
    case "insert":
      return `INSERT INTO t ${values(step.rows)}`;
    case "delete":
      return `DELETE FROM t WHERE v < ${step.below}`;
    case "deletePartition":
      return `DELETE FROM t WHERE p = ${literal(step.p)}`;
    case "update":
      return `UPDATE t SET v = v + 1 WHERE id % ${step.modulus} = 0`;
    case "move":
      return `UPDATE t SET p = ${literal(step.p)} WHERE id = ${step.id}`;
    case "merge":
      return (
        `MERGE INTO t USING (${values(distinct(step.rows))}) s ON t.id = s.id ` +
        `WHEN MATCHED AND t.v > ${step.deletes} THEN DELETE WHEN MATCHED THEN UPDATE SET * ` +
        `WHEN NOT MATCHED THEN INSERT *${step.bySource ? " WHEN NOT MATCHED BY SOURCE AND t.v IS NULL THEN UPDATE SET v = -5" : ""}`
      );
    case "replaceWhere":
      return `INSERT INTO t REPLACE WHERE v >= 50 ${values(step.rows)}`;
    case "optimize":
      return "OPTIMIZE t";
    case "zorder":
      return "OPTIMIZE t ZORDER BY (v, id)";
    case "selfOverwrite":
      return "INSERT OVERWRITE t SELECT id, p, v * 2 FROM t";
    case "restore":
      return `RESTORE TABLE t TO VERSION AS OF ${step.to}`;
  }
}

function apply(rows: readonly Row[], step: Exclude<Step, { kind: "restore" }>): readonly Row[] {
  switch (step.kind) {
    case "insert":
      return [...rows, ...step.rows];
    case "delete":
      return rows.filter((r) => !(r.v !== null && r.v < step.below));
    case "deletePartition":
      return rows.filter((r) => r.p !== step.p);
    case "update":
      return rows.map((r) => (r.id % step.modulus === 0 && r.v !== null ? { ...r, v: r.v + 1 } : r));
    case "move":
      return rows.map((r) => (r.id === step.id ? { ...r, p: step.p } : r));
    case "merge": {
      const source = new Map(step.rows.map((r) => [r.id, r]));
      const kept = rows.flatMap((r): Row[] => {
        const own = source.get(r.id);
        if (own === undefined) return [step.bySource && r.v === null ? { ...r, v: -5 } : r];
        return r.v !== null && r.v > step.deletes ? [] : [own];
      });
      const known = new Set(rows.map((r) => r.id));
      return [...kept, ...[...source.values()].filter((r) => !known.has(r.id))];
    }
    case "replaceWhere":
      return [...rows.filter((r) => !(r.v !== null && r.v >= 50)), ...step.rows];
    case "selfOverwrite":
      return rows.map((r) => ({ ...r, v: r.v === null ? null : r.v * 2 }));
    default:
      return rows;
  }
}

const p = fc.constantFrom("a", "b c", null);
const v = fc.option(fc.integer({ min: 0, max: 99 }), { freq: 5 });
const row = (value: fc.Arbitrary<number | null> = v) =>
  fc.record({ id: fc.integer({ min: 0, max: 30 }), p, v: value });
const rows = fc.array(row(), { minLength: 1, maxLength: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("insert" as const), rows }) },
  fc.record({ kind: fc.constant("delete" as const), below: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ kind: fc.constant("deletePartition" as const), p: fc.constantFrom("a", "b c") }),
  fc.record({ kind: fc.constant("update" as const), modulus: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant("move" as const),
    id: fc.integer({ min: 0, max: 30 }),
    p: fc.constantFrom("a", "z"),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("merge" as const),
      rows,
      deletes: fc.integer({ min: 0, max: 99 }),
      bySource: fc.boolean(),
    }),
  },
  fc.record({
    kind: fc.constant("replaceWhere" as const),
    rows: fc.array(row(fc.integer({ min: 50, max: 99 })), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom("optimize" as const, "zorder" as const, "selfOverwrite" as const) }),
  fc.record({ kind: fc.constant("restore" as const), to: fc.nat({ max: 12 }) }),
);
const history = fc.record({
  steps: fc.array(step, { minLength: 3, maxLength: 10 }),
  partitioned: fc.boolean(),
  properties: fc.constantFrom(
    "",
    "TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
    "TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.checkpointInterval' = '2')",
    "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = 'true')",
  ),
});

let driver: Driver;
let spark: SparkSession;

beforeAll(() => {
  driver = testDriver();
  spark = testSession(driver).spark;
});
afterAll(() => driver.close());

const shown = (all: readonly Row[]): readonly string[] => all.map((r) => `${r.id} ${r.p} ${r.v}`).sort();

test(`any history of statements is what the model says, at every version (LAKELET_SEED=${SEED})`, async () => {
  const run = (text: string) => spark.sql(text).collect();
  const version = async (): Promise<number> => Number((await run("DESCRIBE HISTORY t LIMIT 1"))[0]?.version);
  await fc.assert(
    fc.asyncProperty(history, async ({ steps, partitioned, properties }) => {
      await run("DROP TABLE IF EXISTS t");
      await run(
        `CREATE TABLE t (id INT, p STRING, v INT) USING delta ${partitioned ? "PARTITIONED BY (p)" : ""} ${properties}`,
      );
      const versions: (readonly Row[])[] = [[]];
      for (const next of steps) {
        const current = versions.at(-1) as readonly Row[];
        // A merge whose rows match several of the table's is fine; several of the source's for one is another test.
        if (next.kind === "restore" && next.to >= versions.length) continue;
        await run(sql(next));
        const after = next.kind === "restore" ? (versions[next.to] as readonly Row[]) : apply(current, next);
        // A statement without effect makes no version.
        while (versions.length <= (await version())) versions.push(after);
        expect(shown(versions.at(-1) as readonly Row[]), sql(next)).toEqual(shown(after));
      }
      for (const [number, expected] of versions.entries()) {
        const found = await run(`SELECT * FROM t VERSION AS OF ${number}`);
        expect(shown(found.map((r) => r.asDict() as unknown as Row)), `version ${number}`).toEqual(
          shown(expected),
        );
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
