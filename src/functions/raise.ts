import type { SparkErrorClass } from "../errors/spark-error.ts";
import type { Origin } from "../plan/origin.ts";
import { queryContexts } from "../plan/query-context.ts";

/** A SQL string literal. */
export function sqlText(text: string): string {
  if (!text.includes("\0")) return `'${text.replace(/'/g, "''")}'`;
  return `(${text
    .split("\0")
    .map((part) => `'${part.replace(/'/g, "''")}'`)
    .join(" || chr(0) || ")})`;
}

/**
 * SQL that raises Spark's error when it is evaluated: DuckDB's `error` with the JSON form of `SerializedSparkError`
 * (`errorClass`, `condition`, `messageParameters`, `queryContexts`). Parameters are SQL texts of VARCHAR expressions.
 */
export function raiseSql(
  errorClass: SparkErrorClass,
  condition: string,
  parameters: Readonly<Record<string, string>>,
  origin?: Origin,
): string {
  const contexts = queryContexts(origin);
  const tail = contexts.length === 0 ? "}}" : `},"queryContexts":${JSON.stringify(contexts)}}`;
  const parts: string[] = [];
  let text = `{"errorClass":${JSON.stringify(errorClass)},"condition":${JSON.stringify(condition)},"messageParameters":{`;
  for (const [i, [name, sql]] of Object.entries(parameters).entries()) {
    text += `${i === 0 ? "" : ","}${JSON.stringify(name)}:"`;
    const constant = /^'((?:[^']|'')*)'$/.exec(sql);
    if (constant !== null) {
      text += `${JSON.stringify((constant[1] as string).replace(/''/g, "'")).slice(1, -1)}"`;
      continue;
    }
    parts.push(sqlText(text), jsonEscaped(sql));
    text = '"';
  }
  parts.push(sqlText(text + (contexts.length === 0 ? "}}" : tail)));
  return `error(${parts.join(" || ")})`;
}

function jsonEscaped(sql: string): string {
  return `replace(replace(replace(replace(replace(coalesce(${sql}, 'NULL'), '\\', '\\\\'), '"', '\\"'), chr(10), '\\n'), chr(13), '\\r'), chr(9), '\\t')`;
}
