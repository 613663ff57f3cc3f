import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NODE_PLATFORM } from "../../node/engine-platform.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import type { Storage } from "../../storage/storage.ts";
import {
  array,
  BINARY,
  BOOLEAN,
  CALENDAR_INTERVAL,
  DATE,
  DAY_TIME_INTERVAL,
  DOUBLE,
  decimal,
  field,
  INTEGER,
  LONG,
  map,
  NULL,
  STRING,
  type StructType,
  struct,
  TIMESTAMP,
  TIMESTAMP_NTZ,
} from "../../types/data-type.ts";
import { decodeRows } from "../arrow/decode.ts";
import { Engine } from "../engine.ts";
import type { EngineResult, TaskSink, WrittenFile } from "../engine-api.ts";
import { failureOf } from "../failure.ts";

let storage: Storage;
let engine: Engine;
let nextTask = 0;

beforeAll(async () => {
  storage = new MemoryStorage({ id: "test" });
  engine = new Engine({ ...NODE_PLATFORM, openStorage: async () => storage });
  await engine.open({ memoryLimitBytes: 512 << 20, storage: { kind: "memory", id: "test" } });
});
afterAll(() => engine.close());

type FilesSink = Extract<TaskSink, { kind: "files" }>;

async function write(
  sql: string,
  schema: StructType,
  more: Partial<FilesSink> = {},
): Promise<readonly WrittenFile[]> {
  const sink: FilesSink = {
    kind: "files",
    format: "parquet",
    target: "storage",
    directory: `d${nextTask}`,
    schema,
    partitionBy: [],
    fileStem: `stem${nextTask}`,
    options: {},
    timeZone: "America/Los_Angeles",
    statisticsColumns: 32,
    ...more,
  };
  const result: EngineResult = await engine.run({
    id: `t${nextTask++}`,
    inputs: [],
    sql,
    kernels: [],
    output: schema,
    sink,
  });
  if (result.kind !== "files") throw new Error("not files");
  return result.files;
}

async function contentOf(path: string): Promise<ArrayBuffer> {
  const bytes = await storage.read(path);
  return bytes.slice().buffer as ArrayBuffer;
}

const read = async (path: string) => parquetReadObjects({ file: await contentOf(path) });

describe("Parquet files", () => {
  const schema = struct([
    field("id", LONG, false),
    field("flag", BOOLEAN),
    field("Name é", STRING),
    field("price", decimal(10, 2)),
    field("big", decimal(38, 10)),
    field("day", DATE),
    field("at", TIMESTAMP),
    field("wall", TIMESTAMP_NTZ),
    field("bytes", BINARY),
    field("tags", array(STRING)),
    field("rec", struct([field("A", LONG), field("b", STRING)])),
    field("m", map(STRING, INTEGER)),
    field("dt", DAY_TIME_INTERVAL),
  ]);
  const sql = `SELECT * FROM (VALUES
    (1::BIGINT, true, 'x', 1.50::DECIMAL(10,2), 0.0000000001::DECIMAL(38,10), DATE '1582-10-04', TIMESTAMP '2020-01-02 03:04:05.678901', TIMESTAMP '1969-12-31 23:59:59.999999', 'ab'::BLOB, ['p', NULL], {'f0': 5::BIGINT, 'f1': 'q'}, MAP {'k': 1}, 5::BIGINT),
    (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))`;

  it("hold Spark's names and types", async () => {
    const [file] = await write(sql, schema);
    expect(file?.path).toMatch(/^part-00000-stem\d+-c000\.snappy\.parquet$/);
    const path = `d0/${file?.path}`;
    const metadata = parquetMetadata(await contentOf(path));
    expect(metadata.schema.map((e) => [e.name, e.type, e.converted_type, e.repetition_type])).toEqual([
      ["arrow_schema", undefined, undefined, undefined],
      // As Spark 4.3 writes them with outputTimestampType TIMESTAMP_MICROS.
      ["id", "INT64", undefined, "REQUIRED"],
      ["flag", "BOOLEAN", undefined, "OPTIONAL"],
      ["Name é", "BYTE_ARRAY", "UTF8", "OPTIONAL"],
      ["price", "INT64", "DECIMAL", "OPTIONAL"],
      ["big", "FIXED_LEN_BYTE_ARRAY", "DECIMAL", "OPTIONAL"],
      ["day", "INT32", "DATE", "OPTIONAL"],
      ["at", "INT64", "TIMESTAMP_MICROS", "OPTIONAL"],
      ["wall", "INT64", "TIMESTAMP_MICROS", "OPTIONAL"],
      ["bytes", "BYTE_ARRAY", undefined, "OPTIONAL"],
      ["tags", undefined, "LIST", "OPTIONAL"],
      ["list", undefined, undefined, "REPEATED"],
      ["element", "BYTE_ARRAY", "UTF8", "OPTIONAL"],
      ["rec", undefined, undefined, "OPTIONAL"],
      ["A", "INT64", undefined, "OPTIONAL"],
      ["b", "BYTE_ARRAY", "UTF8", "OPTIONAL"],
      ["m", undefined, "MAP", "OPTIONAL"],
      ["key_value", undefined, undefined, "REPEATED"],
      ["key", "BYTE_ARRAY", "UTF8", "REQUIRED"],
      ["value", "INT32", undefined, "OPTIONAL"],
      ["dt", "INT64", undefined, "OPTIONAL"],
    ]);
    expect(file?.sizeBytes).toBe((await storage.read(path)).length);
    expect(metadata.key_value_metadata?.map((kv) => kv.key)).toContain(
      "org.apache.spark.sql.parquet.row.metadata",
    );
    const [row, nulls] = await read(path);
    expect(row).toMatchObject({
      id: 1n,
      flag: true,
      "Name é": "x",
      price: 1.5,
      day: new Date("1582-10-04T00:00:00Z"),
      at: new Date("2020-01-02T03:04:05.678Z"),
      tags: ["p", null],
      rec: { A: 5n, b: "q" },
      m: { k: 1 },
      dt: 5n,
    });
    expect(nulls).toMatchObject({ id: 2n, flag: null, at: null });
  });

  it("come back through the engine as they were", async () => {
    const directory = `d${nextTask}`;
    const [file] = await write(sql, schema, { compression: "zstd" });
    expect(file?.path).toMatch(/\.zstd\.parquet$/);
    const columns = schema.fields.map((f, i) => ({ name: f.name, as: `c${i}`, type: f.dataType }));
    const back = await engine.run({
      id: "back",
      inputs: [
        {
          kind: "parquet",
          name: "s",
          files: [{ ref: { kind: "storage", path: `${directory}/${file?.path}` } }],
          columns,
        },
      ],
      sql: "SELECT * FROM s",
      kernels: [],
      output: schema,
      sink: { kind: "arrow" },
    });
    const direct = await engine.run({
      id: "direct",
      inputs: [],
      sql,
      kernels: [],
      output: schema,
      sink: { kind: "arrow" },
    });
    if (back.kind !== "arrow" || direct.kind !== "arrow") throw new Error("not Arrow");
    expect(decodeRows(back.chunks, schema).map(String)).toEqual(
      decodeRows(direct.chunks, schema).map(String),
    );
  });

  it("have the statistics of a Delta log", async () => {
    const [file] = await write(sql, schema);
    expect(JSON.parse(file?.stats as string)).toEqual({
      numRecords: 2,
      minValues: {
        id: 1,
        "Name é": "x",
        price: 1.5,
        big: 1e-10,
        day: "1582-10-04",
        at: "2020-01-02T03:04:05.678Z",
        wall: "1969-12-31T23:59:59.999",
        rec: { A: 5, b: "q" },
      },
      maxValues: {
        id: 2,
        "Name é": "x",
        price: 1.5,
        big: 1e-10,
        day: "1582-10-04",
        at: "2020-01-02T03:04:05.678Z",
        wall: "1969-12-31T23:59:59.999",
        rec: { A: 5, b: "q" },
      },
      nullCount: {
        id: 0,
        flag: 1,
        "Name é": 1,
        price: 1,
        big: 1,
        day: 1,
        at: 1,
        wall: 1,
        bytes: 1,
        tags: 1,
        rec: { A: 1, b: 1 },
        m: 1,
        dt: 1,
      },
      tightBounds: true,
    });
    expect(file?.stats).toContain('"big":0.0000000001');
  });

  it("keep statistics true at the edges", async () => {
    const edges = struct([
      field("s", STRING),
      field("d", DOUBLE),
      field("i", LONG),
      field("n", decimal(38, 0)),
      field("e", DOUBLE),
    ]);
    const [file] = await write(
      `SELECT * FROM (VALUES (repeat('é', 40), 'nan'::DOUBLE, 9223372036854775807::BIGINT, -99999999999999999999999999999999999999::DECIMAL(38,0), 'inf'::DOUBLE),
        ('zz', 1.5, -9223372036854775808, 99999999999999999999999999999999999999, 0.0), ('a' || repeat('b', 40), -2, 0, 0, 1))`,
      edges,
    );
    expect(file?.stats).toBe(
      `{"numRecords":3,"minValues":{"s":"a${"b".repeat(31)}","d":-2.0,"i":-9223372036854775808,"n":-99999999999999999999999999999999999999,"e":0.0},` +
        `"maxValues":{"s":"${"é".repeat(32)}\u{10FFFF}","i":9223372036854775807,"n":99999999999999999999999999999999999999},` +
        `"nullCount":{"s":0,"d":0,"i":0,"n":0,"e":0},"tightBounds":true}`,
    );
    const [limited] = await write(
      "SELECT 1::BIGINT, 2::BIGINT",
      struct([field("a", LONG), field("b", LONG)]),
      { statisticsColumns: 1 },
    );
    expect(JSON.parse(limited?.stats as string).nullCount).toEqual({ a: 0 });
  });

  it("are cut by rows, and none is written without rows", async () => {
    const one = struct([field("n", LONG)]);
    const directory = `d${nextTask}`;
    const files = await write("SELECT range FROM range(5000)", one, { maxRowsPerFile: 1999 });
    expect(files.map((f) => [f.rowCount, f.path.slice(-20)])).toEqual(
      [
        [1999, "c000.snappy.parquet"],
        [1999, "c001.snappy.parquet"],
        [1002, "c002.snappy.parquet"],
      ].map(([n, p]) => [n, expect.stringContaining(p as string)]),
    );
    expect((await read(`${directory}/${files[2]?.path}`))[0]).toEqual({ n: 3998n });
    expect(await write("SELECT 1::BIGINT WHERE false", one)).toEqual([]);
    const empty = `d${nextTask}`;
    const [file] = await write("SELECT 1::BIGINT WHERE false", one, { emptyFile: true });
    expect(parquetMetadata(await contentOf(`${empty}/${file?.path}`)).num_rows).toBe(0n);
  });

  it("hold columns that are always null", async () => {
    const directory = `d${nextTask}`;
    const [file] = await write(
      "SELECT 1::BIGINT, NULL::INTEGER, [NULL::INTEGER]",
      struct([field("n", LONG), field("v", NULL), field("a", array(NULL))]),
    );
    const path = `${directory}/${file?.path}`;
    expect(await read(path)).toEqual([{ n: 1n, v: null, a: [null] }]);
    const columns = [
      { name: "v", as: "c1", type: STRING },
      { name: "v", as: "c2", type: NULL },
    ];
    const back = await engine.run({
      id: "nulls",
      inputs: [{ kind: "parquet", name: "s", files: [{ ref: { kind: "storage", path } }], columns }],
      sql: "SELECT c1, c2 FROM s",
      kernels: [],
      output: struct([field("v", STRING), field("w", NULL)]),
      sink: { kind: "arrow" },
    });
    expect(
      back.kind === "arrow" &&
        decodeRows(back.chunks, struct([field("v", STRING), field("w", NULL)])).map(String),
    ).toEqual(["Row(v=None, w=None)"]);
  });

  it("refuse what Parquet lacks", async () => {
    const interval = struct([field("i", CALENDAR_INTERVAL)]);
    expect(
      await write("SELECT {'f0': 1::INTEGER, 'f1': 2::INTEGER, 'f2': 3::BIGINT}", interval).catch(failureOf),
    ).toMatchObject({
      kind: "spark",
      error: {
        condition: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
        messageParameters: { format: "Parquet", columnName: "`i`", columnType: '"INTERVAL"' },
      },
    });
  });

  it("take mapped names and ids", async () => {
    const directory = `d${nextTask}`;
    const physicalNames = { n: { name: "col-1", id: 7 } };
    const nested = struct([
      field("n", LONG),
      field(
        "r",
        struct([
          {
            ...field("x", LONG),
            metadata: { "delta.columnMapping.physicalName": "col-9", "delta.columnMapping.id": 9 },
          },
        ]),
      ),
    ]);
    const [file] = await write("SELECT 1::BIGINT, {'f0': 2::BIGINT}", nested, { physicalNames });
    const metadata = parquetMetadata(await contentOf(`${directory}/${file?.path}`));
    expect(metadata.schema.map((e) => [e.name, e.field_id])).toEqual([
      ["arrow_schema", undefined],
      ["col-1", 7],
      ["r", undefined],
      ["col-9", 9],
    ]);
    expect(JSON.parse(file?.stats as string).minValues["col-1"]).toBe(1);
  });

  it("are not there when the query fails", async () => {
    const directory = `d${nextTask}`;
    const failed = await write(
      "SELECT CASE WHEN range = 900000 THEN error('no') ELSE range END FROM range(1000000)",
      struct([field("n", LONG)]),
      { maxRowsPerFile: 300_000 },
    ).catch(failureOf);
    expect(failed).toMatchObject({ kind: "internal", message: expect.stringContaining("no") });
    expect(await storage.list(directory, { recursive: true })).toEqual([]);
  });
});

describe("partitions", () => {
  it("become directories, one file each", async () => {
    const schema = struct([field("v", LONG), field("p", STRING), field("d", DATE), field("t", TIMESTAMP)]);
    const directory = `d${nextTask}`;
    const files = await write(
      `SELECT range, CASE range % 4 WHEN 0 THEN 'a/b: ü' WHEN 1 THEN NULL WHEN 2 THEN '' ELSE 'x' END, DATE '2020-01-01' + (range // 5000)::INTEGER, TIMESTAMP '2020-01-01 08:00:00.5' FROM range(10000)`,
      schema,
      { partitionBy: ["p", "d", "t"] },
    );
    expect(files.map((f) => f.path.split("/").slice(0, -1).join("/")).sort()).toEqual(
      ["__HIVE_DEFAULT_PARTITION__", "a%2Fb%3A ü", "x"]
        .flatMap((p) => ["2020-01-01", "2020-01-02"].map((d) => `p=${p}/d=${d}/t=2020-01-01 00%3A00%3A00.5`))
        .concat(["p=__HIVE_DEFAULT_PARTITION__/d=2020-01-01/t=2020-01-01 00%3A00%3A00.5"].slice(1))
        .sort(),
    );
    const x = files.find((f) => f.path.startsWith("p=x/d=2020-01-02"));
    expect(x?.partitionValues).toEqual({ p: "x", d: "2020-01-02", t: "2020-01-01T08:00:00.500000Z" });
    const rows = await read(`${directory}/${x?.path}`);
    expect(Object.keys(rows[0] as object)).toEqual(["v"]);
    expect(rows.map((r) => Number((r as { v: bigint }).v))).toEqual(
      Array.from({ length: 1250 }, (_, i) => 5003 + 4 * i),
    );
    expect(JSON.parse(x?.stats as string)).toMatchObject({ numRecords: 1250, minValues: { v: 5003 } });
  });
});
