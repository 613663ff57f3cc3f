import type { DataType } from "../types/data-type.ts";
import { toJson } from "../types/json.ts";
import { duckType } from "./duck-type.ts";
import type { LowerContext } from "./function-entry.ts";
import { sqlText } from "./raise.ts";
import type { TextSpecJson } from "./text/text-spec.ts";

/** A value of any type as the one text that `nestedReader` takes. */
export function asNestedText(sql: string): string {
  return `[${sql}]::VARCHAR`;
}

/** What `nestedWriter` wrote, as a value. */
export function ofNestedText(sql: string, type: DataType): string {
  return `CAST(${sql} AS ${duckType(type)})`;
}

/**
 * A variant of a kernel that gives its bytes in hex, `value.metadata`: DuckDB reads that four times as fast as bytes in
 * its own text for structs.
 */
export function ofVariantText(sql: string, ctx: Pick<LowerContext, "let">): string {
  const part = (t: string, i: number): string => `unhex(split_part(${t}, '.', ${i}))`;
  return ctx.let(
    sql,
    (t) => `CASE WHEN ${t} IS NOT NULL THEN {'f0': ${part(t, 1)}, 'f1': ${part(t, 2)}} END`,
  );
}

/** What a kernel is to know of a type, a zone and options, as a constant. */
export function textSpec(
  name: string,
  type: DataType,
  zone: string,
  options: Readonly<Record<string, string>> = {},
): string {
  const spec: TextSpecJson = { type: toJson(type), options, zone, name };
  return JSON.stringify(spec);
}

/** The same as SQL. */
export function textSpecSql(name: string, type: DataType, zone: string): string {
  return sqlText(textSpec(name, type, zone));
}
