import { AnalysisException, SparkException } from "../../errors/spark-error.ts";
import type { DataType, StructType } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { fromJson, type JsonType } from "../../types/json.ts";
import { type TimeZone, timeZone } from "../../types/time-zone.ts";
import { memoize } from "../kernel.ts";
import type { ParseMode } from "./read-mode.ts";

/** What a function from or to a text is to know: it goes to its kernel as one constant in JSON. */
export interface TextSpec {
  readonly type: DataType;
  /** By names in lower case. */
  readonly options: Readonly<Record<string, string>>;
  readonly zoneId: string;
  readonly zone: TimeZone;
  /** The function's name. */
  readonly name: string;
}

export interface TextSpecJson {
  readonly type: JsonType;
  readonly options: Readonly<Record<string, string>>;
  readonly zone: string;
  readonly name: string;
}

/** What `compile` makes of a spec, once per spec. */
export function forSpec<T>(compile: (spec: TextSpec) => T): (spec: string) => T {
  return memoize((text) => {
    const { type, options, zone, name } = JSON.parse(text) as TextSpecJson;
    return compile({ type: fromJson(type), options, zoneId: zone, zone: timeZone(zone), name });
  });
}

/** Refuses what functions do not take though readers of files do. */
export function checkReading(
  { name, type }: TextSpec,
  mode: ParseMode,
  corruptColumn: string,
): { readonly fields: StructType["fields"]; readonly corruptAt: number } {
  if (mode === "DROPMALFORMED")
    throw new AnalysisException({
      condition: "PARSE_MODE_UNSUPPORTED",
      messageParameters: { funcName: quoteIdentifier(name), mode },
    });
  const fields = type.kind === "struct" ? type.fields : [];
  const corruptAt = fields.findIndex((f) => f.name === corruptColumn);
  const corrupt = fields[corruptAt]?.dataType;
  if (corrupt !== undefined && corrupt.kind !== "string")
    throw new AnalysisException({
      condition: "INVALID_CORRUPT_RECORD_TYPE",
      messageParameters: { columnName: quoteIdentifier(corruptColumn), actualType: quotedSqlType(corrupt) },
    });
  return { fields, corruptAt };
}

/** FAILFAST: the row so far is what is shown of the record. */
export function malformed(badRecord: string): SparkException {
  return new SparkException({
    condition: "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
    messageParameters: { badRecord, failFastMode: "FAILFAST" },
  });
}

/** Values as Spark's internal rows print them. */
export function internalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(internalText).join(",")}]`;
  return value === undefined ? "null" : String(value);
}
