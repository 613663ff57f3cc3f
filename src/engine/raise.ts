import type { QueryContext, SparkErrorClass } from "../errors/spark-error.ts";

/**
 * A DuckDB expression that raises Spark's error when it is evaluated. It has no type of its own, so it fits any branch
 * of a CASE: `CASE WHEN b = 0 THEN ${raiseSql(...)} ELSE a / b END`.
 *
 * `parameters` are SQL expressions of any type that casts to VARCHAR (a constant is `sqlString("...")`); a null shows
 * as NULL.
 */
export function raiseSql(
  errorClass: SparkErrorClass,
  condition: string,
  parameters: Readonly<Record<string, string>> = {},
  queryContexts: readonly QueryContext[] = [],
): string {
  const head = `{"errorClass":${JSON.stringify(errorClass)},"condition":${JSON.stringify(condition)},"messageParameters":{`;
  const tail = queryContexts.length === 0 ? "}}" : `},"queryContexts":${JSON.stringify(queryContexts)}}`;
  const entries = Object.entries(parameters);
  if (entries.length === 0) return `error(${sqlString(head + tail)})`;
  const parts: string[] = [];
  entries.forEach(([name, sql], i) => {
    parts.push(sqlString(`${i === 0 ? head : '",'}${JSON.stringify(name)}:"`), jsonEscaped(sql));
  });
  parts.push(sqlString(`"${tail}`));
  return `error(${parts.join(" || ")})`;
}

function jsonEscaped(sql: string): string {
  const text = `coalesce(CAST(${sql} AS VARCHAR), 'NULL')`;
  return `replace(replace(${text}, '\\', '\\\\'), '"', '\\"')`;
}

/** A DuckDB string literal. */
export function sqlString(text: string): string {
  const quoted = `'${text.replace(/'/g, "''")}'`;
  // DuckDB's parser ends a query at a NUL.
  if (!text.includes("\u0000")) return quoted;
  return `(${quoted.split("\u0000").join("' || chr(0) || '")})`;
}

/** A DuckDB identifier, always quoted. */
export function sqlName(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}
