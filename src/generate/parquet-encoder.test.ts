import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { batchStatistics } from "./batch-statistics.ts";
import { checkRules, type RecordRules, schemaOf, shopEvents } from "./column-rules.ts";
import { generateBatch } from "./generated-columns.ts";
import { encodeParquet } from "./parquet-encoder.ts";

/** The rows of a batch as an independent reader finds them. */
async function rowsOf(
  rules: RecordRules,
  options: Partial<Parameters<typeof generateBatch>[1]> = {},
): Promise<Record<string, unknown>[]> {
  const batch = generateBatch(rules, { seed: 1, batch: 0, firstRow: 0, rowCount: 1_000, ...options });
  const bytes = encodeParquet(batch, schemaOf(rules));
  return parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
}

const ALL: RecordRules = {
  ...shopEvents({ textColumns: 3 }),
  seq: { kind: "sequence", start: -5, step: 3 },
  far: { kind: "long", min: -9_000_000_000_000, max: 9_000_000_000_000 },
  code: { kind: "pattern", pattern: "ORD-####-??-*\\#é" },
  on: { kind: "date", from: "1969-12-30", to: "1970-01-02" },
  at: { kind: "timestamp", from: "1960-01-01T00:00:00Z", to: "2030-01-01T00:00:00Z" },
  ok: { kind: "boolean", trueShare: 0.25 },
  level: { kind: "choice", values: [1.5, 2.5, 4] },
  score: { kind: "double", min: 0, max: 100, distribution: { kind: "normal" } },
};

describe("generated rows", () => {
  it("are what the rules say", async () => {
    const rows = await rowsOf(ALL);
    expect(rows).toHaveLength(1_000);
    for (const [i, row] of rows.entries()) {
      expect(row["id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(row["timestamp"]).toEqual(new Date(Date.UTC(2026, 0, 1) + i));
      expect(row["seq"]).toBe(BigInt(-5 + 3 * i));
      expect(Math.abs(Number(row["far"]))).toBeLessThanOrEqual(9e12);
      expect(row["code"]).toMatch(/^ORD-\d{4}-[A-Z]{2}-[0-9a-f]#é$/);
      expect((row["on"] as Date).getTime()).toBeGreaterThanOrEqual(Date.UTC(1969, 11, 30));
      expect((row["on"] as Date).getTime()).toBeLessThanOrEqual(Date.UTC(1970, 0, 2));
      expect([1.5, 2.5, 4]).toContain(row["level"]);
      expect(row["user_id"]).toBeGreaterThanOrEqual(1);
      expect(row["amount"]).toBe(Math.round((row["amount"] as number) * 100) / 100);
      expect(Object.keys(row["metadata"] as object)).toEqual(["source", "version", "session"]);
      expect(row["text_3"]).toMatch(/^value_\d+$/);
    }
    const share = (test: (row: Record<string, unknown>) => boolean): number =>
      rows.filter(test).length / 1_000;
    expect(share((row) => row["ok"] === true)).toBeCloseTo(0.25, 1);
    expect(share((row) => row["event_type"] === "view")).toBeCloseTo(0.5, 1);
    expect(share((row) => Math.abs((row["score"] as number) - 50) < 100 / 6)).toBeCloseTo(0.68, 1);
    expect(new Set(rows.map((row) => String(row["on"]))).size).toBe(4);
    expect(Math.min(...rows.map((row) => (row["at"] as Date).getTime()))).toBeLessThan(0);
  });

  it("have nulls where they may, also of structs and in them", async () => {
    const rules: RecordRules = {
      a: { kind: "int", min: 0, max: 9, nullShare: 0.3 },
      t: { kind: "choice", values: ["x", "y"], nullShare: 0.5 },
      b: { kind: "boolean", nullShare: 0.5 },
      u: { kind: "uuid", nullShare: 0.1 },
      l: { kind: "sequence", nullShare: 0.9 },
      none: { kind: "double", min: 0, max: 1, nullShare: 1 },
      s: {
        kind: "struct",
        nullShare: 0.4,
        fields: { p: { kind: "int", min: 1, max: 5, nullShare: 0.5 }, q: { kind: "choice", values: ["z"] } },
      },
    };
    const rows = await rowsOf(rules, { rowCount: 4_001 });
    const share = (test: (row: Record<string, unknown>) => boolean): number =>
      rows.filter(test).length / rows.length;
    const field = (row: Record<string, unknown>, name: string): unknown =>
      (row["s"] as Record<string, unknown> | null | undefined)?.[name] ?? null;
    expect(share((row) => row["a"] === null)).toBeCloseTo(0.3, 1);
    expect(share((row) => row["t"] === null)).toBeCloseTo(0.5, 1);
    expect(share((row) => row["none"] === null)).toBe(1);
    expect(share((row) => field(row, "q") === null)).toBeCloseTo(0.4, 1);
    expect(share((row) => field(row, "p") === null)).toBeCloseTo(0.7, 1);
    for (const [i, row] of rows.entries()) if (row["l"] !== null) expect(row["l"]).toBe(BigInt(i));
    const batch = generateBatch(rules, { seed: 1, batch: 0, firstRow: 0, rowCount: 4_001 });
    const stats = JSON.parse(batchStatistics(batch, schemaOf(rules), 32));
    expect(stats.nullCount).toEqual({
      ...Object.fromEntries(
        ["a", "t", "b", "u", "l", "none"].map((name) => [
          name,
          rows.filter((row) => row[name] === null).length,
        ]),
      ),
      s: Object.fromEntries(
        ["p", "q"].map((name) => [name, rows.filter((row) => field(row, name) === null).length]),
      ),
    });
    expect(stats.minValues).not.toHaveProperty("none");
  });

  it("have the bounds that their statistics tell", async () => {
    const batch = generateBatch(ALL, { seed: 3, batch: 7, firstRow: 5_000, rowCount: 500 });
    const stats = JSON.parse(batchStatistics(batch, schemaOf(ALL), 100));
    const rows = await rowsOf(ALL, { seed: 3, batch: 7, firstRow: 5_000, rowCount: 500 });
    expect(stats.numRecords).toBe(500);
    for (const name of ["id", "region", "amount", "quantity", "seq", "far", "level", "code"]) {
      const values = rows.map((row) => row[name] as string | number | bigint);
      const least = values.reduce((a, b) => (b < a ? b : a));
      const most = values.reduce((a, b) => (b > a ? b : a));
      const plain = (value: string | number | bigint) => (typeof value === "bigint" ? Number(value) : value);
      if (name === "id") {
        expect(stats.minValues.id).toBe(String(least).slice(0, 32));
        expect(stats.maxValues.id).toBe(`${String(most).slice(0, 32)}\u{10FFFF}`);
      } else {
        expect([name, stats.minValues[name], stats.maxValues[name]]).toEqual([
          name,
          plain(least),
          plain(most),
        ]);
      }
    }
    const times = rows.map((row) => (row["at"] as Date).getTime());
    expect(Date.parse(stats.minValues.at)).toBeLessThanOrEqual(Math.min(...times));
    expect(Date.parse(stats.maxValues.at)).toBeGreaterThanOrEqual(Math.max(...times));
    expect(stats.minValues.metadata).toHaveProperty("session");
    expect(stats.maxValues).not.toHaveProperty("ok");
    const few = JSON.parse(batchStatistics(batch, schemaOf(ALL), 2));
    expect(Object.keys(few.nullCount)).toEqual(["id", "timestamp"]);
  });

  it("are the same for a seed and a batch, and others for others", async () => {
    const rules = shopEvents();
    const a = await rowsOf(rules, { seed: "s", batch: 4, firstRow: 4_000 });
    expect(await rowsOf(rules, { seed: "s", batch: 4, firstRow: 4_000 })).toEqual(a);
    const other = await rowsOf(rules, { seed: "t", batch: 4, firstRow: 4_000 });
    expect(other.filter((row, i) => row["user_id"] === a[i]!["user_id"]).length).toBeLessThan(20);
    expect(other.some((row, i) => row["id"] === a[i]!["id"])).toBe(false);
  });

  it("have ids that are all distinct", () => {
    const ids = new Set<string>();
    const decoder = new TextDecoder();
    for (const firstRow of [0, 100_000, 2 ** 32 - 50_000, 2 ** 32 + 50_000, 7 * 2 ** 32]) {
      const { columns } = generateBatch(
        { id: { kind: "uuid" } },
        { seed: 9, batch: 0, firstRow, rowCount: 100_000 },
      );
      const { values } = columns[0]!;
      if (values.kind !== "text") throw new Error("not text");
      for (let row = 0; row < 100_000; row++)
        ids.add(decoder.decode(values.bytes.subarray(row * 36, row * 36 + 36)));
    }
    expect(ids.size).toBe(500_000);
  });

  it("are in a file that says what it holds", () => {
    const rules = shopEvents();
    const batch = generateBatch(rules, { seed: 1, batch: 0, firstRow: 0, rowCount: 10 });
    const metadata = parquetMetadata(encodeParquet(batch, schemaOf(rules)).buffer as ArrayBuffer);
    expect(metadata.num_rows).toBe(10n);
    expect(metadata.schema.find(({ name }) => name === "timestamp")).toMatchObject({
      type: "INT64",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
    });
    expect(metadata.key_value_metadata?.map(({ key }) => key)).toContain(
      "org.apache.spark.sql.parquet.row.metadata",
    );
  });

  it("are refused where the rules make no sense", () => {
    const bad: RecordRules[] = [
      {},
      { a: { kind: "int", min: 2, max: 1 } },
      { a: { kind: "int", min: 0, max: 2 ** 31 } },
      { a: { kind: "choice", values: [] } },
      { a: { kind: "choice", values: ["x"], weights: [1, 2] } },
      { a: { kind: "timestamp", from: "yesterday", stepMs: 1 } },
      { a: { kind: "uuid", nullShare: 2 } },
      { a: { kind: "struct", fields: {} } },
    ];
    for (const rules of bad) expect(() => checkRules(rules)).toThrow(RangeError);
    expect(() => schemaOf({ a: { kind: "choice", values: ["x", 1] } })).toThrow(TypeError);
  });
});
