import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEngine } from "../../node/engine-platform.ts";
import { parseTableSchema } from "../../sql/parse-data-type.ts";
import { type StructType, struct } from "../../types/data-type.ts";
import { structFromJson } from "../../types/json.ts";
import { DayTimeInterval, Decimal, isRow, LocalDate, LocalTimestamp, Timestamp } from "../../types/values.ts";
import { decodeRows } from "../arrow/decode.ts";
import type { EngineApi, ScanFile } from "../engine-api.ts";
import { failureOf } from "../failure.ts";
import type { RecordFormat } from "./scan-records.ts";

interface Case {
  readonly format: RecordFormat;
  readonly text?: string;
  readonly base64?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly select?: readonly string[];
  readonly count?: number | true;
  readonly schema?: unknown;
  readonly rows?: unknown;
  readonly error?: string | null;
  readonly message?: string | null;
}

const read = (name: string): readonly Case[] =>
  JSON.parse(
    readFileSync(new URL(`../../../e2e/spark/readers/${name}.json`, import.meta.url), "utf8"),
  ) as Case[];
const asked = read("records-cases");
const recorded = read("records");

let engine: EngineApi;
let next = 0;
beforeAll(async () => {
  engine = await createEngine({ memoryLimitBytes: 512 << 20 });
});
afterAll(() => engine.close());

function fileOf(item: Case): ScanFile {
  const bytes =
    item.base64 === undefined ? (item.text as string) : new Uint8Array(Buffer.from(item.base64, "base64"));
  const blob = new Blob([bytes as string]);
  return { ref: { kind: "blob", blob, name: `x.${item.format}` }, displayPath: `file:/x.${item.format}` };
}

/** Values as the recording writes them. */
function plain(value: unknown, type: StructType["fields"][number]["dataType"]): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") {
    if (type.kind === "float" || type.kind === "double") return { double: pythonFloat(value as number) };
    return { int: String(value) };
  }
  if (value instanceof Decimal) return { decimal: String(value) };
  if (value instanceof LocalDate) return { date: String(value) };
  if (value instanceof Timestamp || value instanceof LocalTimestamp) {
    const [seconds, fraction = ""] = String(value).split(".");
    return { timestamp: `${seconds}.${fraction.padEnd(6, "0")}` };
  }
  if (value instanceof DayTimeInterval) return { micros: String(value.micros) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (isRow(value) && type.kind === "struct") {
    return { row: value.values().map((v, i) => plain(v, type.fields[i]?.dataType ?? { kind: "null" })) };
  }
  if (Array.isArray(value) && type.kind === "array")
    return { list: value.map((v) => plain(v, type.elementType)) };
  if (value instanceof Map && type.kind === "map") {
    return { map: [...value].map(([k, v]) => [plain(k, type.keyType), plain(v, type.valueType)]) };
  }
  throw new TypeError(String(value));
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = Object.is(value, -0) ? "-0" : String(value);
  if (/^-?\d+$/.test(text))
    return value >= 1e16 || value <= -1e16 ? value.toExponential().replace(/e\+(\d)$/, "e+0$1") : `${text}.0`;
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

async function answer(item: Case): Promise<Partial<Case>> {
  const options = Object.fromEntries(
    Object.entries(item.options ?? {}).map(([k, v]) => [k.toLowerCase(), v]),
  );
  const files = [fileOf(item)];
  const declared = typeof item.schema === "string" ? nullable(parseTableSchema(item.schema)) : undefined;
  const schema =
    declared ?? (await engine.inferSchema({ format: item.format, files, options, timeZone: "UTC" })).schema;
  const fields =
    item.count === true
      ? []
      : (item.select ?? schema.fields.map((f) => f.name)).map(
          (name) => schema.fields.find((f) => f.name === name) as StructType["fields"][number],
        );
  const columns = fields.map((f, i) => ({ name: f.name, as: `c${i}`, type: f.dataType }));
  const output =
    item.count === true
      ? struct([{ name: "n", dataType: { kind: "long" }, nullable: false }])
      : struct(fields);
  const list = columns.map((c) => c.as).join(", ");
  const result = await engine.run({
    id: `t${next++}`,
    inputs: [{ kind: item.format, name: "s", files, schema, columns, options, timeZone: "UTC" }],
    sql: item.count === true ? "SELECT count(*) FROM s" : `SELECT ${list === "" ? "1::BIGINT" : list} FROM s`,
    kernels: [],
    output,
    sink: { kind: "arrow" },
  });
  if (result.kind !== "arrow") throw new Error("not Arrow");
  if (list === "" && item.count !== true) return { rows: Array.from({ length: result.rowCount }, () => []) };
  const rows = decodeRows(result.chunks, output);
  if (item.count === true) return { count: rows[0]?.n as number };
  return {
    rows: rows.map((r) =>
      r.values().map((v, i) => plain(v, (fields[i] as StructType["fields"][number]).dataType)),
    ),
    schema,
  };
}

function nullable(schema: StructType): StructType {
  return struct(schema.fields.map((f) => ({ ...f, nullable: true })));
}

describe("files are read as Spark reads them", () => {
  it.each(asked.map((item, i) => [i, item] as const))("case %i: %j", async (i, item) => {
    const wanted = recorded[i] as Case;
    if (wanted.error !== undefined) {
      const failure = await answer(item).then(() => "no error", failureOf);
      if (wanted.error !== null)
        expect(failure).toMatchObject({ kind: "spark", error: { condition: wanted.error } });
      else expect(failure).toMatchObject({ kind: "spark" });
      return;
    }
    const got = await answer(item);
    if (wanted.count !== undefined) expect(got.count).toBe(wanted.count);
    else expect(got.rows).toEqual(wanted.rows);
    if (got.schema !== undefined && item.schema === undefined)
      expect(got.schema).toEqual(structFromJson(wanted.schema));
  });
});

describe("binary files", () => {
  it("tell of themselves and hold their content", async () => {
    const { schema } = await engine.inferSchema({
      format: "binaryFile",
      files: [],
      options: {},
      timeZone: "UTC",
    });
    const columns = schema.fields.map((f, i) => ({
      name: f.name,
      as: `c${i}`,
      type: f.dataType,
      source: "data" as const,
    }));
    const files: ScanFile[] = [1, 2].map((n) => ({
      ref: { kind: "blob", blob: new Blob([new Uint8Array([0, n])]), name: "x" },
      displayPath: `file:/${n}.bin`,
      sizeBytes: 2,
      modifiedMs: 1500,
    }));
    const result = await engine.run({
      id: "binary",
      inputs: [{ kind: "binaryFile", name: "s", files, schema, columns, options: {}, timeZone: "UTC" }],
      sql: "SELECT c0, c1, c2, c3 FROM s",
      kernels: [],
      output: schema,
      sink: { kind: "arrow" },
    });
    const rows = result.kind === "arrow" ? decodeRows(result.chunks, schema) : [];
    expect(rows.map((r) => [r.path, String(r.modificationTime), r.get("length"), r.content])).toEqual([
      ["file:/1.bin", "1970-01-01 00:00:01.5", 2, new Uint8Array([0, 1])],
      ["file:/2.bin", "1970-01-01 00:00:01.5", 2, new Uint8Array([0, 2])],
    ]);
  });
});
