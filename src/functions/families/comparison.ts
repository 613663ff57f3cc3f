import type { DataType } from "../../types/data-type.ts";
import { BOOLEAN, isIntegral, isNumeric, LONG, NULL, sameStructure } from "../../types/data-type.ts";
import { Decimal } from "../../types/decimal.ts";
import { quotedSqlType } from "../../types/format.ts";
import {
  castIgnoringNullability,
  castTo,
  commonTypeWithoutStrings,
  mergeNullability,
  toCommonType,
} from "../coercion.ts";
import { call, lit, p, scalar } from "../define.ts";
import type { Call, Expr, Lit } from "../expr.ts";
import type { BindContext, FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { checkOperands, coerceOperands, operatorCall } from "../operands.ts";
import { orderKey } from "../order-key.ts";
import { entryOf } from "../registry.ts";
import { quotedName, typeMismatch, unexpectedInputType, wrongNumArgs } from "../type-error.ts";

/** Whether Spark can order values of the type. */
export function isOrderable(t: DataType): boolean {
  switch (t.kind) {
    case "map":
    case "calendar_interval":
    case "variant":
      return false;
    case "array":
      return isOrderable(t.elementType);
    case "struct":
      return t.fields.every((f) => isOrderable(f.dataType));
    case "udt":
      return isOrderable(t.sqlType);
    default:
      return true;
  }
}

export function invalidOrdering(call: Expr, functionName: string, type: DataType): Error {
  return typeMismatch("INVALID_ORDERING_TYPE", call, {
    functionName: quotedName(functionName),
    dataType: quotedSqlType(type),
  });
}

const SIGNS: Readonly<Record<string, string>> = {
  "==": "=",
  "<=>": "<=>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

const FLIPPED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
const LONG_MAX = 9_223_372_036_854_775_807n;

/**
 * A whole number compared with a decimal literal is compared with the next whole number instead; beyond all longs the
 * answer is known (also for NULL, as in Spark).
 */
function reduced(op: string, left: Expr, right: Expr, ctx: BindContext): Expr | undefined {
  if (FLIPPED[op] === undefined) return undefined;
  const isLiteral = (e: Expr): boolean => e.kind === "Lit" && e.type.kind === "decimal" && e.value !== null;
  const [value, literal, sign] =
    isIntegral(left.type) && isLiteral(right)
      ? [left, right, op]
      : isLiteral(left) && isIntegral(right.type)
        ? [right, left, FLIPPED[op] as string]
        : [];
  if (value === undefined || literal === undefined) return undefined;
  const exact = Decimal.fromString((literal as Lit).value as string);
  const isGreater = sign === ">" || sign === ">=";
  if (exact.compare(new Decimal(-LONG_MAX - 1n)) < 0) return lit(isGreater, BOOLEAN);
  if (exact.compare(new Decimal(LONG_MAX)) > 0) return lit(!isGreater, BOOLEAN);
  const rounding = sign === ">" || sign === "<=" ? "floor" : "ceiling";
  const whole = lit(exact.setScale(0, rounding).unscaled, LONG);
  return value === left ? bindComparison(op, value, whole, ctx) : bindComparison(op, whole, value, ctx);
}

/** Legacy mode finds true equal to 1 and false to 0. */
function booleansAsNumbers(left: Expr, right: Expr, ctx: BindContext): readonly [Expr, Expr] {
  const [a, b] = [left.type, right.type];
  if (a.kind === "boolean" && isNumeric(b)) return [castTo(left, b, ctx.conf), right];
  return isNumeric(a) && b.kind === "boolean" ? [left, castTo(right, a, ctx.conf)] : [left, right];
}

/** Binds a comparison; both sides are brought to one type that has an order. */
export function bindComparison(op: string, left: Expr, right: Expr, ctx: BindContext): Call {
  const equality = op === "==" || op === "<=>";
  const [l, r] = equality && !ctx.conf.ansiEnabled ? booleansAsNumbers(left, right, ctx) : [left, right];
  const pair = coerceOperands(l, r, { accepts: T.any, isComparison: true }, ctx.conf);
  const bound: Call = {
    ...operatorCall(op, pair, BOOLEAN, ctx),
    ...(op === "<=>" ? { nullable: false } : {}),
  };
  checkOperands(bound, pair, T.any);
  const type = pair[0].type;
  if (!isOrderable(type)) throw invalidOrdering(bound, SIGNS[op] as string, type);
  return bound;
}

function comparison(op: string, usage: string, aliases: readonly string[] = []): FunctionEntry {
  return {
    name: op,
    ...(aliases.length === 0 ? {} : { aliases }),
    kind: "scalar",
    usage,
    group: "predicate_funcs",
    bind: (args, ctx) => {
      if (args.length !== 2) throw wrongNumArgs(ctx.name, "2", args.length, ctx.origin);
      const short = reduced(op, args[0] as Expr, args[1] as Expr, ctx);
      if (short !== undefined) return short;
      const bound = bindComparison(op, args[0] as Expr, args[1] as Expr, ctx);
      return ctx.name.toLowerCase() === "equal_null" ? { ...bound, name: "equal_null" } : bound;
    },
    lower: ([a, b], ctx) => {
      const type = mergeNullability(ctx.call.args.map((e) => e.type));
      if (op === "==") return `(${a} = ${b})`;
      if (op === "<=>") return `(${a} IS NOT DISTINCT FROM ${b})`;
      return `(${orderKey(a as string, type, ctx)} ${op} ${orderKey(b as string, type, ctx)})`;
    },
    pretty: ([a, b], bound) =>
      bound.name === undefined ? `(${a} ${SIGNS[op]} ${b})` : `${bound.name}(${a}, ${b})`,
  };
}

const notEqual: FunctionEntry = {
  name: "!=",
  aliases: ["<>"],
  kind: "scalar",
  usage: "expr1 != expr2 - Returns true if the values differ.",
  group: "predicate_funcs",
  bind: (args, ctx) => {
    if (args.length !== 2) throw wrongNumArgs(ctx.name, "2", args.length, ctx.origin);
    return call("not", [bindComparison("==", args[0] as Expr, args[1] as Expr, ctx)], BOOLEAN, { ctx });
  },
};

const isIn: FunctionEntry = {
  name: "in",
  kind: "scalar",
  usage: "expr1 in (expr2, ...) - Returns true if expr1 equals one of the others.",
  group: "predicate_funcs",
  bind: (args, ctx) => {
    if (args.length < 1) throw wrongNumArgs("in", "> 0", args.length, ctx.origin);
    const types = args.map((a) => a.type);
    const isSame = types.every((t) => sameStructure(t, types[0] as DataType));
    const cast = isSame ? args : toCommonType(args, ctx.conf);
    const bound = operatorCall("in", cast ?? args, BOOLEAN, ctx);
    if (cast === undefined) {
      throw typeMismatch("DATA_DIFF_TYPES", bound, {
        functionName: "`in`",
        dataType: `[${types.map(quotedSqlType).join(", ")}]`,
      });
    }
    const type = (cast[0] as Expr).type;
    if (!isOrderable(type)) throw invalidOrdering(bound, "in", type);
    return bound;
  },
  lower: ([value, ...list]) => (list.length === 0 ? "false" : `(${value} IN (${list.join(", ")}))`),
  pretty: ([value, ...list]) => `(${value} IN (${list.join(", ")}))`,
};

/** A value that a rewrite uses more than once, as messages show it. */
export function commonExpression(e: Expr): Expr {
  return {
    kind: "Call",
    fn: "commonexpressionref",
    args: [e],
    shown: [],
    type: e.type,
    nullable: e.nullable,
  };
}

const commonExpressionRef: FunctionEntry = {
  name: "commonexpressionref",
  kind: "scalar",
  isInternal: true,
  usage: "commonexpressionref(expr) - A value that is used more than once.",
  group: "misc_funcs",
  bind: ([e]) => commonExpression(e as Expr),
  lower: ([e]) => e as string,
};

const between: FunctionEntry = {
  name: "between",
  kind: "scalar",
  usage: "expr1 between expr2 and expr3 - Returns true if expr1 is not below expr2 and not above expr3.",
  group: "predicate_funcs",
  params: ["input", "lower", "upper"],
  bind: (args, ctx) => {
    if (args.length !== 3) throw wrongNumArgs("between", "3", args.length, ctx.origin);
    const [input, lower, upper] = args as readonly [Expr, Expr, Expr];
    const value = commonExpression(input);
    const both = entryOf("and").bind(
      [bindComparison(">=", value, lower, ctx), bindComparison("<=", value, upper, ctx)],
      { ...ctx, name: "and" },
    );
    return { ...operatorCall("between", [both], BOOLEAN, ctx), shown: args, nullable: both.nullable };
  },
  lower: ([both]) => both as string,
};

function extreme(name: "greatest" | "least", usage: string): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage,
    group: "math_funcs",
    bind: (args, ctx) => {
      if (args.length < 2) throw wrongNumArgs(name, "> 1", args.length, ctx.origin);
      let type: DataType | undefined = NULL;
      for (const arg of args)
        type = type === undefined ? undefined : commonTypeWithoutStrings(type, arg.type, ctx.conf);
      const common = type;
      const cast =
        common === undefined ? args : args.map((a) => castIgnoringNullability(a, common, ctx.conf));
      const first = (cast[0] as Expr).type;
      const bound: Call = {
        ...operatorCall(name, cast, common ?? first, ctx),
        nullable: cast.every((a) => a.nullable),
      };
      if (common === undefined) {
        throw typeMismatch("DATA_DIFF_TYPES", bound, {
          functionName: quotedName(name),
          dataType: `[${args.map((a) => quotedSqlType(a.type)).join(", ")}]`,
        });
      }
      if (!isOrderable(common)) throw invalidOrdering(bound, name, common);
      return bound;
    },
    lower: (args) => `${name}(${args.join(", ")})`,
  };
}

function nullTest(name: string, sql: string): FunctionEntry {
  return scalar({
    name,
    params: [p("expr", T.any)],
    returns: BOOLEAN,
    nullable: "never",
    lower: ([x]) => `(${x} ${sql})`,
    pretty: ([x]) => `(${x} ${sql})`,
    usage: `${name}(expr) - Returns true if expr ${sql.toLowerCase()}.`,
    group: "predicate_funcs",
  });
}

function unknownTest(name: string, sql: string): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage: `${name}(expr) - Returns true if the truth of expr ${sql.toLowerCase()}.`,
    group: "predicate_funcs",
    bind: (args, ctx) => {
      const arg = args[0] as Expr;
      const target = name === "isunknown" ? "isnull" : "isnotnull";
      const bound = operatorCall(target, [arg], BOOLEAN, ctx);
      if (arg.type.kind !== "boolean" && arg.type.kind !== "null")
        throw unexpectedInputType(bound, 0, T.boolean, arg);
      return { ...bound, nullable: false };
    },
  };
}

/** Comparisons and tests. */
export const COMPARISON: readonly FunctionEntry[] = [
  comparison("==", "expr1 = expr2 - Returns true if the values are equal.", ["="]),
  comparison("<=>", "expr1 <=> expr2 - Returns true if the values are equal or both NULL.", ["equal_null"]),
  comparison("<", "expr1 < expr2 - Returns true if expr1 is less."),
  comparison("<=", "expr1 <= expr2 - Returns true if expr1 is less or equal."),
  comparison(">", "expr1 > expr2 - Returns true if expr1 is greater."),
  comparison(">=", "expr1 >= expr2 - Returns true if expr1 is greater or equal."),
  notEqual,
  isIn,
  commonExpressionRef,
  between,
  extreme("greatest", "greatest(expr, ...) - Returns the greatest value, NULLs aside."),
  extreme("least", "least(expr, ...) - Returns the least value, NULLs aside."),
  nullTest("isnull", "IS NULL"),
  nullTest("isnotnull", "IS NOT NULL"),
  unknownTest("isunknown", "IS NULL"),
  unknownTest("isnotunknown", "IS NOT NULL"),
];
