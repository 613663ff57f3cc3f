import { sparkError, unsupported } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import { LONG, STRING } from "../../types/data-type.ts";
import { opt, p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { FunctionEntry } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { sqlText } from "../raise.ts";
import { nonFoldableInput, unexpectedInputType } from "../type-error.ts";

const GROUP = "misc_funcs";
const UDT: InputType = { ...T.any, sql: '"UDT"', accepts: (t) => t.kind === "udt" };

const isText = ([x]: readonly Expr[], _ctx: unknown, call: Expr): void => {
  const { type } = x as Expr;
  if (type.kind !== "string" && type.kind !== "null") throw unexpectedInputType(call, 0, T.string, x as Expr);
};

/** Of the file that a row was read from; the analyzer hands in what is known of it. */
function ofFile(name: string, type: DataType, whenNone: string, usage: string): FunctionEntry {
  return scalar({
    name,
    params: [opt("known", T.any)],
    coerce: (args) => args,
    returns: type,
    nullable: "never",
    isNondeterministic: true,
    pretty: () => `${name}()`,
    // A path has no authority, but its two slashes are shown.
    lower: ([known]) =>
      known === undefined
        ? whenNone
        : name === "input_file_name"
          ? `regexp_replace(${known}, '^file:/+', 'file:///')`
          : known,
    usage: `${name}() - ${usage}`,
    group: GROUP,
  });
}

/** Where values come from and what they are made of. */
export const ABOUT_VALUES: readonly FunctionEntry[] = [
  ofFile("input_file_name", STRING, "''", "Returns the file that the row is from; empty when from none."),
  ofFile("input_file_block_start", LONG, "(-1)::BIGINT", "Returns where the row's part of its file begins."),
  ofFile("input_file_block_length", LONG, "(-1)::BIGINT", "Returns how long the row's part of its file is."),
  scalar({
    name: "collation",
    params: [p("expr", T.any)],
    coerce: (args) => args,
    check: isText,
    returns: STRING,
    nullable: "never",
    lower: (_, ctx) => {
      const { type } = ctx.call.args[0] as Expr;
      return sqlText(
        `SYSTEM.BUILTIN.${type.kind === "string" ? (type.collation ?? "UTF8_BINARY") : "UTF8_BINARY"}`,
      );
    },
    usage: "collation(expr) - Returns the name of the text's collation.",
    group: "string_funcs",
  }),
  scalar({
    name: "collate",
    params: [p("expr", T.any), p("collationName", T.string)],
    coerce: (args) => args,
    check: (args, ctx, call) => {
      isText(args, ctx, call);
      const name = args[1] as Expr;
      if (!isFoldable(name)) throw nonFoldableInput(call, "collationName", T.string.sql, name);
      const text = `${evaluateLiteral(name)}`;
      if (/^(UNICODE|UTF8_LCASE|[a-z]{2,3}(_|$))/i.test(text)) throw unsupported(`the collation ${text}`);
      if (text.toUpperCase() !== "UTF8_BINARY") {
        throw sparkError("SparkException", {
          condition: "COLLATION_INVALID_NAME",
          messageParameters: { collationName: text, proposals: "UTF8_BINARY" },
        });
      }
    },
    returns: STRING,
    lower: ([x]) => x as string,
    usage:
      "collate(expr, collationName) - Returns the text with that collation; UTF8_BINARY is the only one.",
    group: "string_funcs",
  }),
  scalar({
    name: "unwrap_udt",
    params: [p("col", T.any)],
    coerce: (args) => args,
    check: ([x], _ctx, call) => {
      if (!UDT.accepts((x as Expr).type)) throw unexpectedInputType(call, 0, UDT, x as Expr);
    },
    returns: ([x]) => {
      const { type } = x as Expr;
      return type.kind === "udt" ? type.sqlType : type;
    },
    lower: ([x]) => x as string,
    usage: "unwrap_udt(col) - Returns the value behind a user-defined type.",
    group: GROUP,
  }),
];
