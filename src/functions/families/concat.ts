import type { DataType } from "../../types/data-type.ts";
import { STRING, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { castIgnoringNullability, implicitCast, mergeNullability, widestType } from "../coercion.ts";
import type { Expr } from "../expr.ts";
import type { BindContext, FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { operatorCall } from "../operands.ts";
import { differentTypes, unexpectedInputType } from "../type-error.ts";

const INPUT = T.oneOf(T.string, T.binary, T.array);

function coerce(args: readonly Expr[], ctx: BindContext): readonly Expr[] {
  if (args.length === 0) return args;
  if (args.every((a) => a.type.kind === "array")) {
    const type = widestType(
      args.map((a) => a.type),
      ctx.conf,
    );
    return type === undefined ? args : args.map((a) => castIgnoringNullability(a, type, ctx.conf));
  }
  if (
    args.every((a) => a.type.kind === "binary") &&
    ctx.conf.get("spark.sql.function.concatBinaryAsString") !== "true"
  )
    return args;
  return args.map((a) => implicitCast(a, T.string, ctx.conf));
}

/** Concatenation of strings, of bytes or of arrays; NULL when one is NULL. */
export const CONCAT: readonly FunctionEntry[] = [
  {
    name: "concat",
    aliases: ["||"],
    kind: "scalar",
    usage: "concat(expr, ...), expr1 || expr2 - Returns the strings, bytes or arrays one after the other.",
    group: "collection_funcs",
    bind: (args, ctx) => {
      const cast = coerce(args, ctx);
      const bound = operatorCall("concat", cast, STRING, ctx);
      for (const [i, a] of cast.entries())
        if (!INPUT.accepts(a.type)) throw unexpectedInputType(bound, i, INPUT, args[i] as Expr);
      const types = cast.map((a) => a.type);
      if (types.some((t) => !sameTypeIgnoringNullability(t, types[0] as DataType)))
        throw differentTypes(bound, "concat", cast);
      return { ...bound, type: types.length === 0 ? STRING : mergeNullability(types) };
    },
    lower: (args, ctx) => {
      if (args.length === 0) return "''";
      if (args.length === 1) return args[0] as string;
      if (ctx.call.type.kind !== "array") return `(${args.join(" || ")})`;
      return args.reduce((a, b) => `(${a} || ${b})`);
    },
  },
];
