import type { DataType } from "../../types/data-type.ts";
import { BOOLEAN, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { castIgnoringNullability, castTo, mergeNullability, widestType } from "../coercion.ts";
import { call, lit, p, scalar } from "../define.ts";
import type { Call, Expr } from "../expr.ts";
import type { BindContext, FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { operatorCall } from "../operands.ts";
import { differentTypes, typeMismatch, unexpectedInputType, wrongNumArgs } from "../type-error.ts";
import { bindComparison, commonExpression } from "./comparison.ts";

/** Branch values as one type, or undefined when they have none in common. */
function merge(
  values: readonly Expr[],
  ctx: BindContext,
): { readonly values: readonly Expr[]; readonly type: DataType } | undefined {
  const types = values.map((v) => v.type);
  if (types.every((t) => sameTypeIgnoringNullability(t, types[0] as DataType)))
    return { values, type: mergeNullability(types) };
  const type = widestType(types, ctx.conf);
  if (type === undefined) return undefined;
  const cast = values.map((v) => castIgnoringNullability(v, type, ctx.conf));
  return { values: cast, type: mergeNullability(cast.map((v) => v.type)) };
}

function bracketed(values: readonly Expr[]): string {
  return `[${values.map((v) => quotedSqlType(v.type)).join(", ")}]`;
}

const when: FunctionEntry = {
  name: "when",
  kind: "scalar",
  usage:
    "CASE WHEN expr1 THEN expr2 [WHEN ...] [ELSE expr] END - Returns the value of the first branch whose condition is true.",
  group: "conditional_funcs",
  bind: (args, ctx) => {
    if (args.length < 2) throw wrongNumArgs("when", "> 1", args.length, ctx.origin);
    const branches = Math.floor(args.length / 2);
    const isValue = (i: number): boolean => i % 2 === 1 || i === 2 * branches;
    const merged = merge(
      args.filter((_, i) => isValue(i)),
      ctx,
    );
    let at = 0;
    const all = args.map((a, i) => (isValue(i) ? ((merged?.values[at++] ?? a) as Expr) : a));
    const bound = operatorCall("when", all, merged?.type ?? (all[1] as Expr).type, ctx);
    if (merged === undefined) {
      throw typeMismatch("DATA_DIFF_TYPES", bound, {
        functionName: "`casewhen`",
        dataType: bracketed(args.filter((_, i) => isValue(i))),
      });
    }
    for (const [i, a] of all.entries()) {
      if (!isValue(i) && a.type.kind !== "boolean")
        throw unexpectedInputType(bound, i / 2, T.boolean, args[i] as Expr);
    }
    const hasElse = args.length % 2 === 1;
    const first = all[0] as Expr;
    const nullable =
      first.kind === "Lit" && first.value === true
        ? (all[1] as Expr).nullable
        : merged.values.some((v) => v.nullable) || !hasElse;
    return { ...bound, nullable };
  },
  lower: (args) => caseSql(args),
  pretty: (args) => caseSql(args),
};

function caseSql(args: readonly string[]): string {
  let sql = "CASE";
  for (let i = 0; i + 1 < args.length; i += 2) sql += ` WHEN ${args[i]} THEN ${args[i + 1]}`;
  return `${sql}${args.length % 2 === 1 ? ` ELSE ${args[args.length - 1]}` : ""} END`;
}

/** `if(condition, a, b)`. */
export function bindIf(condition: Expr, a: Expr, b: Expr, ctx: BindContext): Call {
  const test = condition.type.kind === "null" ? castTo(condition, BOOLEAN, ctx.conf) : condition;
  const merged = merge([a, b], ctx);
  const values = merged?.values ?? [a, b];
  const bound = operatorCall("if", [test, ...values], merged?.type ?? a.type, ctx);
  if (test.type.kind !== "boolean") throw unexpectedInputType(bound, 0, T.boolean, condition);
  if (merged === undefined) {
    throw typeMismatch("DATA_DIFF_TYPES", bound, { functionName: "`if`", dataType: bracketed([a, b]) });
  }
  return { ...bound, nullable: values.some((v) => v.nullable) };
}

const iff: FunctionEntry = {
  name: "if",
  kind: "scalar",
  usage: "if(expr1, expr2, expr3) - Returns expr2 if expr1 is true, else expr3.",
  group: "conditional_funcs",
  bind: (args, ctx) => {
    if (args.length !== 3) throw wrongNumArgs("if", "3", args.length, ctx.origin);
    return bindIf(args[0] as Expr, args[1] as Expr, args[2] as Expr, ctx);
  },
  lower: ([c, a, b]) => `CASE WHEN ${c} THEN ${a} ELSE ${b} END`,
  pretty: ([c, a, b]) => `(IF(${c}, ${a}, ${b}))`,
};

/** `coalesce(...)`. */
export function bindCoalesce(args: readonly Expr[], ctx: BindContext): Call {
  if (args.length < 1) throw wrongNumArgs("coalesce", "> 0", args.length, ctx.origin);
  const merged = merge(args, ctx);
  const bound = operatorCall("coalesce", merged?.values ?? args, merged?.type ?? (args[0] as Expr).type, ctx);
  if (merged === undefined) throw differentTypes(bound, "coalesce", args);
  return { ...bound, nullable: merged.values.every((v) => v.nullable) };
}

const coalesce: FunctionEntry = {
  name: "coalesce",
  kind: "scalar",
  usage: "coalesce(expr, ...) - Returns the first value that is not NULL.",
  group: "conditional_funcs",
  bind: (args, ctx) => bindCoalesce(args, ctx),
  lower: (args) => `coalesce(${args.join(", ")})`,
};

const isNotNull = (e: Expr): Expr => call("isnotnull", [e], BOOLEAN, { nullable: false });

/** Conditional functions. */
export const CONDITIONAL: readonly FunctionEntry[] = [
  when,
  iff,
  coalesce,
  scalar({
    name: "nvl",
    aliases: ["ifnull"],
    params: [p("expr1", T.any), p("expr2", T.any)],
    coerce: (args) => args,
    returns: BOOLEAN,
    rewrite: (args, ctx) => bindCoalesce(args, ctx),
    usage: "nvl(expr1, expr2) - Returns expr2 if expr1 is NULL, else expr1.",
    group: "conditional_funcs",
  }),
  scalar({
    name: "nvl2",
    params: [p("expr1", T.any), p("expr2", T.any), p("expr3", T.any)],
    coerce: (args) => args,
    returns: BOOLEAN,
    rewrite: ([a, b, c], ctx) => bindIf(isNotNull(a as Expr), b as Expr, c as Expr, ctx),
    usage: "nvl2(expr1, expr2, expr3) - Returns expr2 if expr1 is not NULL, else expr3.",
    group: "conditional_funcs",
  }),
  scalar({
    name: "nullif",
    params: [p("expr1", T.any), p("expr2", T.any)],
    coerce: (args) => args,
    returns: BOOLEAN,
    rewrite: ([a, b], ctx) => {
      const left = a as Expr;
      return bindIf(
        bindComparison("==", commonExpression(left), b as Expr, ctx),
        lit(null, left.type),
        left,
        ctx,
      );
    },
    usage: "nullif(expr1, expr2) - Returns NULL if both are equal, else expr1.",
    group: "conditional_funcs",
  }),
  scalar({
    name: "nullifzero",
    params: [p("expr", T.any)],
    coerce: (args) => args,
    returns: BOOLEAN,
    rewrite: ([a], ctx) => {
      const value = a as Expr;
      return bindIf(
        bindComparison("==", value, lit(0, { kind: "integer" }), ctx),
        lit(null, value.type),
        value,
        ctx,
      );
    },
    usage: "nullifzero(expr) - Returns NULL if expr is 0, else expr.",
    group: "conditional_funcs",
  }),
  scalar({
    name: "zeroifnull",
    params: [p("expr", T.any)],
    coerce: (args) => args,
    returns: BOOLEAN,
    rewrite: ([a], ctx) => bindCoalesce([a as Expr, lit(0, { kind: "integer" })], ctx),
    usage: "zeroifnull(expr) - Returns 0 if expr is NULL, else expr.",
    group: "conditional_funcs",
  }),
  scalar({
    name: "nanvl",
    params: [
      p("expr1", T.oneOf(T.double, T.of({ kind: "float" }))),
      p("expr2", T.oneOf(T.double, T.of({ kind: "float" }))),
    ],
    coerce: (args, ctx) => {
      const [a, b] = args as [Expr, Expr];
      if (a.type.kind === b.type.kind && (a.type.kind === "double" || a.type.kind === "float")) return args;
      const isNumber = (e: Expr): boolean => T.oneOf(T.numeric, T.string, T.null).accepts(e.type);
      return args.map((e) => (isNumber(e) ? castTo(e, { kind: "double" }, ctx.conf) : e));
    },
    returns: ([a]) => (a as Expr).type,
    lower: ([a, b], ctx) => ctx.let(a as string, (x) => `CASE WHEN isnan(${x}) THEN ${b} ELSE ${x} END`),
    usage: "nanvl(expr1, expr2) - Returns expr2 if expr1 is NaN, else expr1.",
    group: "conditional_funcs",
  }),
];
