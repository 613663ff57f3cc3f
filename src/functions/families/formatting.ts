import { unsupported } from "../../errors/spark-error.ts";
import { type DataType, isIntegral, STRING } from "../../types/data-type.ts";
import { castTo } from "../coercion.ts";
import { p, rest, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";

/** How a value goes to the formatter: a letter for its kind, then its text. */
function tagged(sql: string, type: DataType): string {
  const kind = isIntegral(type)
    ? "i"
    : type.kind === "decimal"
      ? "d"
      : type.kind === "boolean"
        ? "b"
        : type.kind === "string"
          ? "s"
          : "f";
  return `CASE WHEN ${sql} IS NULL THEN 'n' ELSE '${kind}' || ${sql}::VARCHAR END`;
}

export const FORMATTING: readonly FunctionEntry[] = [
  scalar({
    name: "format_string",
    aliases: ["printf"],
    params: [p("strfmt", T.string), rest("obj", T.any)],
    coerce: (args, ctx) =>
      args.map((a, i) => (i === 0 || printsItself(a.type) ? castTo(a, STRING, ctx.conf) : a)),
    returns: STRING,
    nullable: (args) => (args[0] as Expr).nullable,
    usage: "format_string(strfmt, obj...) - The objects in a pattern of printf.",
    group: "string_funcs",
    lower: ([pattern, ...values], ctx) =>
      ctx.kernel(
        "format_string",
        pattern as string,
        ...values.map((v, i) => tagged(v, (ctx.call.args[i + 1] as Expr).type)),
      ),
  }),
  scalar({
    name: "format_number",
    params: [p("expr1", T.numeric), p("expr2", T.oneOf(T.int, T.string))],
    returns: STRING,
    nullable: "always",
    usage: "format_number(expr1, expr2) - The number with so many places and commas between thousands.",
    group: "string_funcs",
    check: (args) => {
      if (args[1]?.type.kind === "string") throw unsupported("patterns of format_number");
    },
    lower: ([x, places], ctx) => ctx.kernel("format_number", `${x}::VARCHAR`, places as string),
  }),
];

/** Values of types that the formatter has no conversion for go as their text. */
function printsItself(type: DataType): boolean {
  return ![
    "byte",
    "short",
    "integer",
    "long",
    "float",
    "double",
    "decimal",
    "boolean",
    "string",
    "null",
  ].includes(type.kind);
}
