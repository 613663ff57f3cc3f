import { testDriver, testSession } from "../../src/driver/testing/test-session.ts";
import { DiskStorage } from "../../src/node/disk-storage.ts";
import type { Row } from "./parquet-tables.ts";

export interface StatementTable {
  /** Relative to the root. */
  readonly path: string;
  /** Features that not every reader has. */
  readonly features: readonly string[];
  readonly versions: readonly (readonly Row[])[];
}

const KINDS: readonly {
  readonly properties: Readonly<Record<string, string>>;
  readonly features: readonly string[];
}[] = [
  { properties: {}, features: [] },
  { properties: { "delta.checkpointInterval": "4" }, features: [] },
  { properties: { "delta.enableDeletionVectors": "true" }, features: ["deletionVectors"] },
  { properties: { "delta.columnMapping.mode": "name" }, features: ["columnMapping"] },
  { properties: { "delta.enableChangeDataFeed": "true" }, features: [] },
  {
    properties: {
      "delta.columnMapping.mode": "name",
      "delta.enableDeletionVectors": "true",
      "delta.enableChangeDataFeed": "true",
      "delta.checkpointInterval": "3",
    },
    features: ["columnMapping", "deletionVectors"],
  },
];

/** Tables made by random histories of every statement that changes one; our own reading of each version beside. */
export async function statementTables(
  root: string,
  runs: number,
  randomFrom: (seed: number) => () => number,
  seed: number,
): Promise<readonly StatementTable[]> {
  const driver = testDriver({ storage: await DiskStorage.open(root) });
  const { spark } = testSession(driver);
  const run = async (text: string) => spark.sql(text).collect();
  const tables: StatementTable[] = [];
  try {
    for (let i = 0; i < runs; i++) {
      const random = randomFrom(seed + 1000 + i);
      const below = (n: number): number => Math.floor(random() * n);
      const kind = KINDS[i % KINDS.length] as (typeof KINDS)[number];
      const table = `t${i}`;
      const partitioned = random() < 0.5;
      const properties = Object.entries(kind.properties).map(([k, v]) => `'${k}' = '${v}'`);
      await run(
        `CREATE TABLE ${table} (id BIGINT, p STRING, v DOUBLE, s STRUCT<a: INT, b: STRING>) USING delta` +
          `${partitioned ? " PARTITIONED BY (p)" : ""}${properties.length > 0 ? ` TBLPROPERTIES (${properties.join(", ")})` : ""}`,
      );
      let next = 0;
      const values = (count: number): string =>
        Array.from({ length: count }, () => {
          const id = next++;
          const p = ["'a'", "'b c'", "'d/e'", "NULL"][below(4)];
          return `(${id}, ${p}, ${random() < 0.2 ? "NULL" : `${below(100)} / 8D`}, named_struct('a', ${below(9)}, 'b', 'x${id}'))`;
        }).join(", ");
      const statements: readonly (() => string)[] = [
        () => `INSERT INTO ${table} SELECT * FROM VALUES ${values(1 + below(6))}`,
        () => `INSERT INTO ${table} SELECT * FROM VALUES ${values(1 + below(6))}`,
        () => `DELETE FROM ${table} WHERE id % ${2 + below(5)} = ${below(2)}`,
        () => `UPDATE ${table} SET v = v + 1, s.a = s.a + 1 WHERE id % ${2 + below(3)} = 0`,
        () => `UPDATE ${table} SET p = 'moved' WHERE id = ${below(next + 1)}`,
        () =>
          `MERGE INTO ${table} t USING (SELECT * FROM VALUES ${values(2)} AS x(id, p, v, s) UNION ALL SELECT ${below(next + 1) - 1000}, 'm', 1D, NULL UNION ALL SELECT DISTINCT id, 'upd', 2D, s FROM ${table} WHERE id % 3 = 0) s ` +
          "ON t.id = s.id WHEN MATCHED AND s.p = 'upd' AND t.id % 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT * WHEN NOT MATCHED BY SOURCE AND t.id > 20 THEN UPDATE SET v = -1",
        () => `OPTIMIZE ${table}`,
        () => `OPTIMIZE ${table} ZORDER BY (id, v)`,
        () => `RESTORE TABLE ${table} TO VERSION AS OF ${below(3)}`,
        () => `INSERT OVERWRITE ${table} SELECT id + 1, p, v, s FROM ${table}`,
      ];
      for (const first of statements.slice(0, 2)) await run(first());
      for (let step = 0; step < 12; step++)
        await run((statements[below(statements.length)] as () => string)());
      if (i % 3 === 0) await run(`CREATE TABLE ${table}_copy DEEP CLONE ${table}`);
      for (const name of i % 3 === 0 ? [table, `${table}_copy`] : [table]) {
        const [detail] = await run(`DESCRIBE DETAIL ${name}`);
        const latest = Number((await run(`DESCRIBE HISTORY ${name} LIMIT 1`))[0]?.version);
        const versions: (readonly Row[])[] = [];
        for (let version = 0; version <= latest; version++) {
          const rows = await run(`SELECT id, p, v, s.a AS a, s.b AS b FROM ${name} VERSION AS OF ${version}`);
          versions.push(rows.map((row) => row.asDict() as Row));
        }
        const path = String(detail?.location).replace(/^file:\/*/, "");
        tables.push({ path, features: kind.features, versions });
      }
    }
  } finally {
    await (await driver.warehouse()).close();
    await driver.close();
  }
  return tables;
}
