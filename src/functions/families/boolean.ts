import { BOOLEAN } from "../../types/data-type.ts";
import { p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { mayRaise } from "../may-raise.ts";
import { checkOperands, coerceOperands, operatorCall } from "../operands.ts";
import { wrongNumArgs } from "../type-error.ts";

function connective(name: "and" | "or", usage: string): FunctionEntry {
  const sign = name.toUpperCase();
  return {
    name,
    kind: "scalar",
    usage,
    group: "predicate_funcs",
    bind: (args, ctx) => {
      if (args.length !== 2) throw wrongNumArgs(name, "2", args.length, ctx.origin);
      const pair = coerceOperands(
        args[0] as Expr,
        args[1] as Expr,
        { accepts: T.boolean, isComparison: false },
        ctx.conf,
      );
      const bound = operatorCall(name, pair, BOOLEAN, ctx);
      checkOperands(bound, pair, T.boolean);
      return bound;
    },
    lower: ([a, b], ctx) => {
      // DuckDB may look at the right side first; where that may raise, a CASE keeps the order.
      if (!mayRaise(ctx.call.args[1] as Expr)) return `(${a} ${sign} ${b})`;
      return ctx.let(a as string, (x) =>
        name === "and"
          ? `CASE WHEN ${x} IS NOT DISTINCT FROM false THEN false ELSE (${x} AND ${b}) END`
          : `CASE WHEN ${x} IS NOT DISTINCT FROM true THEN true ELSE (${x} OR ${b}) END`,
      );
    },
    pretty: ([a, b]) => `(${a} ${sign} ${b})`,
  };
}

/** Connectives. */
export const BOOLEAN_OPERATORS: readonly FunctionEntry[] = [
  connective("and", "expr1 and expr2 - Returns true if both are true."),
  connective("or", "expr1 or expr2 - Returns true if one of both is true."),
  scalar({
    name: "not",
    plainAliases: ["!"],
    params: [p("expr", T.boolean)],
    returns: BOOLEAN,
    lower: ([x]) => `(NOT ${x})`,
    pretty: ([x]) => `(NOT ${x})`,
    usage: "not expr - Returns true if expr is false.",
    group: "predicate_funcs",
  }),
];
