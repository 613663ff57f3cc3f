import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NODE_PLATFORM } from "../../node/engine-platform.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import type { Storage } from "../../storage/storage.ts";
import { structFromJson } from "../../types/json.ts";
import {
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTimestamp,
  row,
  Timestamp,
  YearMonthInterval,
} from "../../types/values.ts";
import { rowsToArrow } from "../arrow/build.ts";
import { Engine } from "../engine.ts";
import { failureOf } from "../failure.ts";

interface Case {
  readonly format: "csv" | "json" | "text";
  readonly sql: string;
  readonly options: Readonly<Record<string, string>>;
  readonly schema: unknown;
  readonly suffixes: readonly string[];
  readonly text: readonly string[];
}

const recorded = JSON.parse(
  readFileSync(new URL("../../../e2e/spark/readers/writes.json", import.meta.url), "utf8"),
) as readonly Case[];

const zone = "America/Los_Angeles";
const at = Timestamp.fromString("2020-02-03 04:05:06.789012", zone);
const atMillis = Timestamp.fromString("2020-02-03 04:05:06.789", zone);
const wall = LocalTimestamp.fromString("2020-02-03 04:05:06.789012");
const day = LocalDate.of(2020, 2, 3);
const decimal = (text: string): Decimal => Decimal.fromString(text);
const types = (withNull: boolean): unknown[] => [
  1,
  -2,
  3,
  4_000_000_000,
  1.5,
  1e10,
  0.1,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  decimal("1.50"),
  decimal("0.0000000001"),
  true,
  day,
  at,
  wall,
  "x",
  ...(withNull ? [null] : []),
  null,
  new YearMonthInterval(14),
  new DayTimeInterval(93_784_500_000n),
  decimal("12345678901234567890"),
  decimal("0.0000000000"),
  1e-5,
  100,
  LocalDate.of(-1, 1, 1),
];

/** The rows of the recorded queries, by what their SQL begins or ends with. */
function rowsOf({ sql, format }: Case): readonly (readonly unknown[])[] {
  if (sql.endsWith("WHERE false")) return [];
  if (sql.includes("AS TINYINT")) return [types(format === "json")];
  if (sql.includes("'a,b'")) {
    return [
      ["plain", "a,b"],
      ['q"q', "back\\slash"],
      [" lead", "trail "],
      ["new\nline", "cr\rx"],
      ["", null],
      [null, ""],
      ['"quoted"', "#c"],
      ["tab\tx", "é🙂"],
      ['a\\"b', ","],
      ["  ", "x"],
    ];
  }
  if (sql.includes("named_struct")) {
    return [
      [
        [1, null],
        new Map([
          ["k", 1],
          ["n", null],
        ]),
        row({ x: 1, y: null, z: [row({ d: 1 })] }),
        new Uint8Array([0x61, 0x62, 0]),
        new Map([[1, "x"]]),
        [],
        row({ n: null }),
        '</a>"\\\n\t\u0001\u007f é🙂',
      ],
    ];
  }
  if (sql.includes("'yyyy HH'") || sql.endsWith(" n"))
    return [[day, atMillis, LocalTimestamp.fromString("2020-02-03 04:05:06")]];
  if (sql.endsWith(" t")) return [[day, atMillis]];
  if (sql.startsWith("SELECT X'616200'")) return [[new Uint8Array([0x61, 0x62, 0]), 1]];
  if (sql === "SELECT '' a") return [[""]];
  if (sql.includes("CAST(NULL AS STRING) b")) return [[null, null]];
  if (sql.includes("CAST(NULL AS")) return [[null]];
  if (sql.includes("'x\ny'")) return [["a"], [null], [""], ["x\ny"], ["é"]];
  if (sql.includes("('a'), ('b')")) return [["a"], ["b"]];
  if (sql === "SELECT 'a' v") return [["a"]];
  throw new Error(sql);
}

let storage: Storage;
let engine: Engine;
beforeAll(async () => {
  storage = new MemoryStorage({ id: "test" });
  engine = new Engine({ ...NODE_PLATFORM, openStorage: async () => storage });
  await engine.open({ memoryLimitBytes: 512 << 20, storage: { kind: "memory", id: "test" } });
});
afterAll(() => engine.close());

async function write(directory: string, item: Case): Promise<readonly string[]> {
  const schema = structFromJson(item.schema);
  const columns = schema.fields.map((f, i) => ({ name: f.name, as: `c${i}`, type: f.dataType }));
  const result = await engine.run({
    id: directory,
    inputs: [{ kind: "arrow", name: "rows", data: [rowsToArrow(rowsOf(item), schema)], columns }],
    sql: `SELECT ${columns.map((c) => c.as).join(", ")} FROM rows`,
    kernels: [],
    output: schema,
    sink: {
      kind: "files",
      format: item.format,
      target: "storage",
      directory,
      schema,
      partitionBy: [],
      fileStem: "stem",
      options: Object.fromEntries(Object.entries(item.options).map(([k, v]) => [k.toLowerCase(), v])),
      timeZone: zone,
      statisticsColumns: 0,
      emptyFile: true,
    },
  });
  return result.kind === "files" ? result.files.map((f) => f.path) : [];
}

describe("text files are written as Spark writes them", () => {
  it.each(recorded.map((item, i) => [i, item] as const))("case %i: %j", async (i, item) => {
    const directory = `case${i}`;
    const files = await write(directory, item);
    expect(files.map((f) => f.split("-c000")[1])).toEqual(item.suffixes);
    const bytes = await storage.read(`${directory}/${files[0]}`);
    const content = files[0]?.endsWith(".gz") ? gunzipSync(bytes) : Buffer.from(bytes);
    expect(content.toString("utf8")).toBe(item.text[0]);
  });

  it("refuse what a format cannot hold", async () => {
    const item = recorded.find((c) => c.format === "json" && c.sql.includes("named_struct")) as Case;
    expect(await write("nested", { ...item, format: "csv" }).catch(failureOf)).toMatchObject({
      kind: "spark",
      error: {
        condition: "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
        messageParameters: { columnName: "`a`", columnType: '"ARRAY<INT>"' },
      },
    });
    expect(await write("codec", { ...item, options: { compression: "foo" } }).catch(failureOf)).toMatchObject(
      {
        kind: "spark",
        error: { condition: "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION" },
      },
    );
    expect(await storage.list("nested", { recursive: true })).toEqual([]);
  });
});
