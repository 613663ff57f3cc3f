import { rowsToArrow } from "../engine/arrow/build.ts";
import { sparkSchemaOf } from "../engine/arrow/spark-schema.ts";
import { PySparkTypeError, PySparkValueError } from "../errors/spark-error.ts";
import type { LocalRelation } from "../plan/relation.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import * as t from "../types/data-type.ts";
import { isRow } from "../types/values.ts";
import { notExpectedType } from "./argument-errors.ts";
import { bytesOf, isTable, type Table } from "./arrow-tables.ts";
import { convertStruct } from "./convert-value.ts";
import { inferSchema } from "./infer-schema.ts";
import { isPlainObject } from "./literal.ts";
import { asClass, type DataTypeLike, isDataType, parseDataType, plainType } from "./types/index.ts";

/** What `createDataFrame` takes as data: records, single values, or Arrow. */
export type LocalData = Iterable<unknown> | Table | Uint8Array;

/** What `createDataFrame` takes as schema: a type, DDL, or names. */
export type LocalSchema = DataTypeLike | string | readonly string[];

/** A relation of given rows, and new names for its columns if they are not to have their own. */
export interface LocalDataPlan {
  readonly relation: Omit<LocalRelation, "planId"> | Promise<Omit<LocalRelation, "planId">>;
  readonly schema: StructType | undefined;
  readonly columnNames?: readonly string[];
}

/** `SparkSession.createDataFrame` but for the DataFrame itself. */
export function localData(data: LocalData, schema: LocalSchema | undefined): LocalDataPlan {
  if (data === null || data === undefined) throw notExpectedType("data", "iterable, Table or bytes", data);
  const names = Array.isArray(schema) ? (schema as readonly string[]) : undefined;
  const type = names === undefined ? typeOf(schema as DataTypeLike | string | undefined) : undefined;
  if (isTable(data)) return arrowPlan(bytesOf(data), type, names);
  if (data instanceof Uint8Array) return arrowPlan(data, type, names);
  if (typeof data !== "object" || !(Symbol.iterator in data)) {
    throw new PySparkTypeError({
      condition: "INVALID_TYPE",
      messageParameters: { arg_name: "data", arg_type: (data as object).constructor?.name ?? typeof data },
    });
  }
  return recordsPlan([...data], type, names);
}

function recordsPlan(
  records: readonly unknown[],
  type: DataType | undefined,
  names: readonly string[] | undefined,
): LocalDataPlan {
  if (records.length === 0) {
    if (type === undefined) throw new PySparkValueError({ condition: "CANNOT_INFER_EMPTY_SCHEMA" });
    return encoded([], type.kind === "struct" ? type : t.struct([t.field("value", type)]));
  }
  const isValues = !isRecord(records[0]);
  const rows = isValues ? records.map((value) => [value]) : records;
  if (type !== undefined) {
    // A type that is no struct is that of the only column, which is then called `value`.
    return encoded(rows, type.kind === "struct" ? type : t.struct([t.field("value", type)]));
  }
  const schema = inferSchema(rows, names);
  if (names === undefined) return encoded(rows, schema);
  const columnNames = [...names, ...schema.fields.slice(names.length).map((f) => f.name)];
  const isByPosition = rows.every(Array.isArray);
  const expected = isByPosition ? columnNames.length : names.length;
  if (expected !== schema.fields.length) throw axisMismatch(expected, schema.fields.length);
  const plan = encoded(rows, schema);
  return schema.fields.every((f, i) => f.name === columnNames[i]) ? plan : { ...plan, columnNames };
}

function encoded(rows: readonly unknown[], schema: StructType): LocalDataPlan {
  const json = (asClass(schema) as { json(): string }).json();
  if (rows.length === 0) return { relation: { kind: "LocalRelation", schema: json }, schema };
  const width = schema.fields.length;
  for (const row of rows)
    if (Array.isArray(row) && row.length !== width) throw axisMismatch(width, row.length);
  const values = rows.map((row) => convertStruct(row, schema));
  return { relation: { kind: "LocalRelation", data: rowsToArrow(values, schema), schema: json }, schema };
}

function arrowPlan(
  bytes: Uint8Array | Promise<Uint8Array>,
  type: DataType | undefined,
  names: readonly string[] | undefined,
): LocalDataPlan {
  if (type !== undefined && type.kind !== "struct")
    throw notExpectedType("schema", "list, None or StructType", type);
  const relationOf = (data: Uint8Array): Omit<LocalRelation, "planId"> => {
    const own = sparkSchemaOf(data);
    const width = names?.length ?? (type as StructType | undefined)?.fields.length ?? own.fields.length;
    if (width !== own.fields.length && !(names !== undefined && width < own.fields.length)) {
      throw axisMismatch(width, own.fields.length);
    }
    const renamed = t.struct(
      own.fields.map((f, i) => ({ ...f, name: names?.[i] ?? (names ? `_${i + 1}` : f.name) })),
    );
    return { kind: "LocalRelation", data, schema: (asClass(type ?? renamed) as { json(): string }).json() };
  };
  return {
    relation: bytes instanceof Uint8Array ? relationOf(bytes) : bytes.then(relationOf),
    schema: undefined,
  };
}

function typeOf(schema: DataTypeLike | string | undefined): DataType | undefined {
  if (schema === undefined || schema === null) return undefined;
  if (typeof schema === "string") return parseDataType(schema);
  if (isDataType(schema)) return plainType(schema);
  throw notExpectedType("schema", "list, None or StructType", schema);
}

function isRecord(value: unknown): boolean {
  return Array.isArray(value) || isRow(value) || value instanceof Map || isPlainObject(value);
}

function axisMismatch(expected: number, actual: number): PySparkValueError {
  return new PySparkValueError({
    condition: "AXIS_LENGTH_MISMATCH",
    messageParameters: { expected_length: String(expected), actual_length: String(actual) },
  });
}
