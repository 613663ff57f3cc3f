import { BOOLEAN, type DataType, STRING } from "../../types/data-type.ts";
import { toText } from "../cast/to-text.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { operatorCall } from "../operands.ts";

/** Functions that only the analyzer calls. */
export const SHOWN: readonly FunctionEntry[] = [
  {
    name: "to_pretty_string",
    kind: "scalar",
    isInternal: true,
    usage: "to_pretty_string(expr) - Returns the text that show() prints.",
    group: "misc_funcs",
    bind: (args, ctx) => ({ ...operatorCall("to_pretty_string", args, STRING, ctx), nullable: false }),
    lower: ([x], ctx) => {
      const type = (ctx.call.args[0] as Expr).type as DataType;
      const text = toText(x as string, type, { ...ctx, mode: "ansi" }, { nullText: "NULL", hexBinary: true });
      return `coalesce(${text}, 'NULL')`;
    },
  },
  {
    name: "at_least_n_non_nulls",
    kind: "scalar",
    isInternal: true,
    usage: "at_least_n_non_nulls(n, expr, ...) - Returns true if that many values are neither NULL nor NaN.",
    group: "misc_funcs",
    bind: (args, ctx) => ({ ...operatorCall("at_least_n_non_nulls", args, BOOLEAN, ctx), nullable: false }),
    lower: ([n, ...values], ctx) => {
      const counted = values.map((v, i) => {
        const kind = (ctx.call.args[i + 1] as Expr).type.kind;
        const test = kind === "float" || kind === "double" ? `${v} IS NULL OR isnan(${v})` : `${v} IS NULL`;
        return `CASE WHEN ${test} THEN 0 ELSE 1 END`;
      });
      return `(${counted.length === 0 ? "0" : counted.join(" + ")} >= ${n})`;
    },
  },
];
