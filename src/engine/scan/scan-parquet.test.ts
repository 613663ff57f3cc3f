import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEngine } from "../../node/engine-platform.ts";
import {
  array,
  BINARY,
  BOOLEAN,
  BYTE,
  DATE,
  type DataType,
  DOUBLE,
  decimal,
  FLOAT,
  field,
  INTEGER,
  LONG,
  map,
  SHORT,
  STRING,
  struct,
  TIMESTAMP,
  TIMESTAMP_NTZ,
} from "../../types/data-type.ts";
import { isRow } from "../../types/values.ts";
import { decodeColumns } from "../arrow/decode.ts";
import type { EngineApi, ScanColumn, ScanFile } from "../engine-api.ts";
import { failureOf } from "../failure.ts";

const folder = fileURLToPath(new URL("../../../e2e/fixtures/parquet/", import.meta.url));
const expected = JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as Record<
  string,
  Record<string, unknown[]>
>;

let engine: EngineApi;
let nextTask = 0;
beforeAll(async () => {
  engine = await createEngine({ memoryLimitBytes: 512 << 20 });
});
beforeEach(() => engine.trim(0));
afterAll(() => engine.close());

const file = (name: string, more: Partial<ScanFile> = {}): ScanFile => ({
  ref: { kind: "disk", path: `${folder}${name}.parquet` },
  cacheKey: `${name}${Object.keys(more).join()}`,
  displayPath: `file:/data/${name}.parquet`,
  ...more,
});

interface Scan {
  readonly files: readonly ScanFile[];
  readonly columns: readonly Omit<ScanColumn, "as">[];
  readonly where?: string;
  readonly caseSensitive?: boolean;
}

/** The columns of a scan as the engine gives them. */
async function scan({ files, columns, where = "", caseSensitive = false }: Scan): Promise<unknown[][]> {
  const named = columns.map((c, i): ScanColumn => ({ ...c, as: `c${i + 10}` }));
  const output = struct(named.map((c) => field(c.name, c.type)));
  const sql = `SELECT ${named.map((c) => c.as).join(", ")} FROM scan ${where}`;
  const result = await engine.run({
    id: `t${nextTask++}`,
    inputs: [{ kind: "parquet", name: "scan", files, columns: named, caseSensitive }],
    sql,
    kernels: [],
    output,
    sink: { kind: "arrow" },
  });
  if (result.kind !== "arrow") throw new Error("not Arrow");
  return decodeColumns(result.chunks, output);
}

/** Values as the script that made the files writes them. */
function text(value: unknown): unknown {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map(text);
  if (value instanceof Map) return [...value].map((entry) => entry.map(text));
  if (isRow(value)) return value.values().map(text);
  return String(value).replace(/e\+/, "e+");
}

const TYPES: Readonly<Record<string, DataType>> = {
  flag: BOOLEAN,
  i8: BYTE,
  i16: SHORT,
  i32: INTEGER,
  i64: LONG,
  u8: SHORT,
  u16: INTEGER,
  u32: LONG,
  u64: decimal(20, 0),
  f32: FLOAT,
  f64: DOUBLE,
  d9: decimal(9, 1),
  d18: decimal(18, 2),
  d38: decimal(38, 2),
  text: STRING,
  bytes: BINARY,
  fixed: BINARY,
  day: DATE,
  at: TIMESTAMP,
  at_ms: TIMESTAMP,
  wall: TIMESTAMP_NTZ,
  list: array(LONG),
  rec: struct([field("a", LONG), field("b", STRING)]),
  map: map(STRING, array(INTEGER)),
  deep: array(struct([field("d", decimal(5, 2)), field("t", TIMESTAMP)])),
};

describe("a Parquet file of pyarrow's", () => {
  it.each(["all-types", "all-types-no-arrow-schema", "decimals-as-integers"])(
    "%s keeps every value",
    async (name) => {
      const names = Object.keys(TYPES).filter((n) => name !== "decimals-as-integers" || !n.startsWith("u"));
      const columns = names.map((n) => ({ name: n, type: TYPES[n] as DataType }));
      const values = await scan({ files: [file(name)], columns });
      names.forEach((n, i) => {
        expect([n, values[i]?.map(text)]).toEqual([n, expected["all-types"]?.[n]]);
      });
    },
  );

  it.each(["snappy", "zstd", "gzip"])("has INT96 timestamps of any year (%s)", async (codec) => {
    const columns = [
      { name: "at", type: TIMESTAMP },
      { name: "nested", type: array(TIMESTAMP) },
      { name: "n", type: INTEGER },
    ];
    const [at, nested, n] = await scan({ files: [file(`int96-${codec}`)], columns });
    expect(at?.map(text)).toEqual(expected.int96?.at);
    expect(nested?.map(text)).toEqual(expected.int96?.nested);
    expect(n).toEqual([0, 1, 2, 3]);
  });

  it("may be dictionary encoded, and differ in case", async () => {
    const columns = [
      { name: "W", type: STRING },
      { name: "case", type: LONG },
    ];
    expect(await scan({ files: [file("dictionary")], columns })).toEqual([
      ["x", null, "y", "x"],
      [1, 2, 3, 4],
    ]);
    expect(await scan({ files: [file("dictionary")], columns, caseSensitive: true })).toEqual([
      [null, null, null, null],
      [null, null, null, null],
    ]);
  });
});

describe("a file of Spark 2", () => {
  const columns = [{ name: "d", type: DATE }];

  it("is read where its calendar is ours, and refused where it is not", async () => {
    expect((await scan({ files: [file("legacy-new")], columns })).map((v) => v.map(text))).toEqual([
      ["1600-01-01"],
    ]);
    expect(await scan({ files: [file("legacy-old")], columns }).catch(failureOf)).toMatchObject({
      kind: "spark",
      error: { condition: "UNSUPPORTED_FEATURE" },
    });
  });
});

describe("types and columns", () => {
  it("widen", async () => {
    const columns = [
      { name: "i32", type: LONG },
      { name: "i32", type: DOUBLE },
      { name: "i16", type: decimal(10, 2) },
      { name: "f32", type: DOUBLE },
      { name: "d9", type: decimal(20, 3) },
      { name: "day", type: TIMESTAMP_NTZ },
      { name: "rec", type: struct([field("B", STRING), field("new", LONG), field("a", decimal(30, 1))]) },
      { name: "list", type: array(decimal(30, 1)) },
    ];
    const values = await scan({ files: [file("all-types")], columns });
    expect(values.map((v) => v.map(text))).toEqual([
      ["-2147483648", null, "2147483647"],
      ["-2147483648", null, "2147483647"],
      ["-32768.00", null, "32767.00"],
      ["1.5", null, "-0.25"],
      ["1.500", null, "-99999999.900"],
      ["0001-01-01 00:00:00", null, "9999-12-31 00:00:00"],
      [["x", null, "1.0"], null, [null, null, null]],
      [["1.0", null], null, []],
    ]);
  });

  it("are null where a file lacks them", async () => {
    const columns = [
      { name: "n", type: INTEGER },
      { name: "nope", type: array(LONG) },
      { name: "w", type: STRING },
    ];
    const values = await scan({
      files: [file("dictionary"), file("row-groups", { rowGroups: [3] })],
      columns,
    });
    expect(values.map((v) => v.slice(0, 6))).toEqual([
      [null, null, null, null, 900, 901],
      [null, null, null, null, null, null],
      ["x", null, "y", "x", null, null],
    ]);
  });

  it("that do not fit are Spark's error", async () => {
    const failed = await scan({
      files: [file("all-types")],
      columns: [{ name: "text", type: INTEGER }],
    }).catch(failureOf);
    expect(failed).toMatchObject({
      kind: "spark",
      error: {
        condition: "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH",
        messageParameters: {
          column: "[text]",
          expectedType: "int",
          actualType: "BINARY",
          path: "file:/data/all-types.parquet",
        },
      },
    });
  });
});

describe("files", () => {
  const columns = [{ name: "n", type: INTEGER }];
  const META = [
    { name: "n", type: INTEGER },
    { name: "p", type: STRING, source: "partition" },
    { name: "d", type: DATE, source: "partition" },
    { name: "path", type: STRING, source: "file_path" },
    { name: "file", type: STRING, source: "file_name" },
    { name: "size", type: LONG, source: "file_size" },
    { name: "time", type: TIMESTAMP, source: "file_modified" },
    { name: "row", type: LONG, source: "row_index" },
  ] as const;

  it("come in order, and so do their row groups", async () => {
    const all = Array.from({ length: 1000 }, (_, i) => i);
    expect(await scan({ files: [file("row-groups")], columns })).toEqual([all]);
    const some = await scan({
      files: [file("row-groups", { rowGroups: [2, 0], cacheKey: "row-groups" })],
      columns,
    });
    expect(some).toEqual([[...all.slice(600, 900), ...all.slice(0, 300)]]);
    const twice = await scan({
      files: [file("row-groups"), file("dictionary"), file("row-groups")],
      columns,
    });
    expect(twice).toEqual([[...all, null, null, null, null, ...all]]);
  });

  it("tell of themselves", async () => {
    const files = [
      file("dictionary", { partitionValues: { p: "a", d: "2020-02-03" }, sizeBytes: 7, modifiedMs: 1500 }),
      file("row-groups", { rowGroups: [1], partitionValues: { p: null, d: null } }),
    ];
    const values = await scan({ files, columns: META, where: "WHERE c10 IS NULL OR c10 < 301" });
    expect(values.map((v) => v.slice(3).map(text))).toEqual([
      [null, "300"],
      ["a", null],
      ["2020-02-03", null],
      ["file:/data/dictionary.parquet", "file:/data/row-groups.parquet"],
      ["dictionary.parquet", "row-groups.parquet"],
      ["7", null],
      ["1970-01-01 00:00:01.5", null],
      ["3", "300"],
    ]);
  });

  it("are counted without reading a column", async () => {
    const only = META.slice(1, 2);
    const [p] = await scan({ files: [file("row-groups", { partitionValues: { p: "x" } })], columns: only });
    expect(p?.length).toBe(1000);
    expect(new Set(p)).toEqual(new Set(["x"]));
  });

  it("lose their deleted rows", async () => {
    const deletedRows = [0, 299, 300, 999];
    const [n, row] = await scan({
      files: [file("row-groups", { deletedRows })],
      columns: [META[0], META[7]],
    });
    expect(n?.length).toBe(996);
    expect(n).toEqual(row);
    expect(deletedRows.some((d) => n?.includes(d))).toBe(false);
  });

  it("may be empty, or none", async () => {
    expect(await scan({ files: [file("empty")], columns })).toEqual([[]]);
    expect(await scan({ files: [], columns })).toEqual([[]]);
  });

  it("missing or broken are told apart", async () => {
    expect(await scan({ files: [file("nowhere")], columns }).catch(failureOf)).toMatchObject({
      kind: "missing",
    });
    const bytes = readFileSync(`${folder}row-groups.parquet`);
    const blob = (b: Uint8Array): ScanFile => ({
      ref: { kind: "blob", blob: new Blob([new Uint8Array(b)]), name: "x" },
    });
    expect(await scan({ files: [blob(bytes)], columns })).toEqual([
      Array.from({ length: 1000 }, (_, i) => i),
    ]);
    expect(await scan({ files: [blob(bytes.subarray(0, 500))], columns }).catch(failureOf)).toMatchObject({
      kind: "corrupt",
    });
    const cut = Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(200, 255), bytes.subarray(204)]);
    expect(await scan({ files: [blob(cut)], columns }).catch(failureOf)).toMatchObject({ kind: "corrupt" });
  });
});

describe("the cache", () => {
  const two = [
    { name: "n", type: INTEGER },
    { name: "s", type: STRING },
  ];

  it("adds columns to what is there, and files beside it", async () => {
    const files = [file("row-groups"), file("dictionary")];
    await scan({ files, columns: two.slice(0, 1) });
    const first = (await engine.stats()).cachedBytes;
    const both = await scan({ files, columns: two });
    expect(both[1]?.slice(998)).toEqual(["row 4", "row 5", null, null, null, null]);
    const second = (await engine.stats()).cachedBytes;
    expect(second).toBeGreaterThan(first);
    await scan({ files: [...files, file("empty")], columns: two });
    await scan({ files: [...files].reverse(), columns: two.slice(1) });
    expect((await engine.stats()).cachedBytes - second).toBeLessThan(1000);
    expect((await scan({ files: [file("row-groups")], columns: two }))[0]?.length).toBe(1000);
  });

  it("gathers small files that come one by one", async () => {
    const piece = (i: number): ScanFile => file("row-groups", { rowGroups: [i % 4], cacheKey: `copy ${i}` });
    const files: ScanFile[] = [];
    const expected: number[] = [];
    for (let i = 0; i < 40; i++) {
      files.push(piece(i));
      const start = (i % 4) * 300;
      expected.push(...Array.from({ length: i % 4 === 3 ? 100 : 300 }, (_, k) => start + k));
      const [n, row] = await scan({
        files,
        columns: [two[0], { name: "r", type: LONG, source: "row_index" }] as never,
      });
      expect(n).toEqual(expected);
      expect(row).toEqual(expected);
    }
    const every2nd = files.filter((_, i) => i % 2 === 1);
    expect((await scan({ files: every2nd, columns: two }))[0]?.length).toBe(10 * 300 + 10 * 100);
  });

  it("keeps nothing of files without key", async () => {
    const { cacheKey: _, ...plain } = file("row-groups");
    await scan({ files: [plain], columns: two });
    expect((await engine.stats()).cachedBytes).toBe(0);
  });
});
