import type { DataType, DecimalType } from "../../types/data-type.ts";
import { DOUBLE, isFractional, isNumeric, LONG } from "../../types/data-type.ts";
import {
  type ArithmeticMode,
  arithmeticOverflow,
  decimalArithmetic,
  decimalIntegralDivide,
  divideByZero,
  guardZero,
  integralArithmetic,
  remainderByZero,
} from "../arithmetic-sql.ts";
import { castTo } from "../coercion.ts";
import { bindDatetimeArithmetic } from "../datetime-arithmetic.ts";
import { arithmeticDecimal } from "../decimal-type.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import type { AnalysisConf, BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { NUMERIC_OR_INTERVAL, T } from "../input-type.ts";
import {
  bothTo,
  checkOperands,
  coerceOperands,
  isNumericOrNull,
  operatorCall,
  type Pair,
} from "../operands.ts";
import { unexpectedInputType, wrongNumArgs } from "../type-error.ts";

type Op = "+" | "-" | "*" | "/" | "%" | "div" | "pmod";

const DIVISION_INPUT = T.oneOf(T.double, T.decimal);
const INTEGRAL_DIVISION_INPUT = T.oneOf(T.long, T.decimal, T.yearMonthInterval, T.dayTimeInterval);

const INPUT: Readonly<Record<Op, InputType>> = {
  "+": NUMERIC_OR_INTERVAL,
  "-": NUMERIC_OR_INTERVAL,
  "*": T.numeric,
  "/": DIVISION_INPUT,
  "%": T.numeric,
  div: INTEGRAL_DIVISION_INPUT,
  pmod: T.numeric,
};

/** Binds an arithmetic operator: dates and intervals first, then numbers. */
export function bindArithmetic(
  op: Op,
  left: Expr,
  right: Expr,
  ctx: BindContext,
  mode: ArithmeticMode,
): Expr {
  let pair: Pair = [left, right];
  for (let round = 0; round < 2; round++) {
    const datetime = bindDatetimeArithmetic(op, pair[0], pair[1], ctx, mode);
    if (datetime !== undefined) return datetime;
    const before = pair;
    pair = coerceOperands(
      pair[0],
      pair[1],
      { accepts: INPUT[op], isComparison: false, prepare: PREPARE[op] ?? same },
      ctx.conf,
    );
    // A string may have become a date, which has operators of its own.
    if (
      !pair.some((e, i) => e !== before[i] && (e.type.kind === "date" || e.type.kind.startsWith("timestamp")))
    )
      break;
  }
  const call = { ...operatorCall(op, pair, pair[0].type, ctx), extra: { mode } };
  checkOperands(call, pair, INPUT[op], true);
  const type = resultType(op, pair[0].type, pair[1].type, ctx.conf);
  return { ...call, type, nullable: isNullable(op, call, type, mode) };
}

const same = (pair: Pair): Pair => pair;

const PREPARE: Partial<Record<Op, (pair: Pair, conf: AnalysisConf) => Pair>> = {
  "/": (pair, conf) => {
    const [a, b] = [pair[0].type, pair[1].type];
    if (a.kind === "double" && b.kind === "double") return pair;
    return a.kind !== "decimal" && isNumericOrNull(a) && isNumericOrNull(b)
      ? bothTo(pair, DOUBLE, conf)
      : pair;
  },
  div: (pair, conf) => [toLong(pair[0], conf), toLong(pair[1], conf)],
};

function toLong(e: Expr, conf: AnalysisConf): Expr {
  return e.type.kind === "byte" || e.type.kind === "short" || e.type.kind === "integer"
    ? castTo(e, LONG, conf)
    : e;
}

function resultType(op: Op, a: DataType, b: DataType, conf: AnalysisConf): DataType {
  if (op === "div") return LONG;
  if (a.kind === "decimal" && b.kind === "decimal") {
    const setting = conf.get("spark.sql.decimalOperations.allowPrecisionLoss");
    return arithmeticDecimal(op === "pmod" ? "%" : op, a, b, setting?.toLowerCase() !== "false");
  }
  return a;
}

function isNullable(op: Op, call: Call, type: DataType, mode: ArithmeticMode): boolean {
  if (call.nullable || mode === "try") return true;
  if (op === "/" || op === "%" || op === "div" || op === "pmod") return true;
  return type.kind === "decimal" && mode === "legacy";
}

function lowerArithmetic(args: readonly string[], ctx: LowerContext): string {
  const [a, b] = args as readonly [string, string];
  const { call } = ctx;
  const op = call.fn as Op;
  const mode = call.extra?.mode as ArithmeticMode;
  const [left, right] = call.args.map((e) => e.type) as [DataType, DataType];
  const isLeftNullable = (call.args[0] as Expr).nullable;
  switch (op) {
    case "+":
    case "-":
    case "*":
      return additive(op, a, b, left, right, mode, ctx);
    case "/":
      return guardZero(
        a,
        b,
        mode,
        isLeftNullable,
        ctx,
        () => divideByZero(ctx),
        (x, y) =>
          left.kind === "decimal"
            ? decimalArithmetic("/", x, y, left, right as DecimalType, call.type as DecimalType, mode, ctx)
            : `(${x} / ${y})`,
      );
    case "%":
      return guardZero(
        a,
        b,
        mode,
        isLeftNullable,
        ctx,
        () => remainderByZero(ctx),
        (x, y) => {
          if (left.kind === "decimal")
            return decimalArithmetic(
              "%",
              x,
              y,
              left,
              right as DecimalType,
              call.type as DecimalType,
              mode,
              ctx,
            );
          return isFractional(left) ? `(${x} % ${y})` : integralRemainder(x, y);
        },
      );
    case "pmod":
      return guardZero(
        a,
        b,
        mode,
        isLeftNullable,
        ctx,
        () => remainderByZero(ctx),
        (x, y) => positiveRemainder(x, y, left, right, call.type, mode, ctx),
      );
    case "div":
      return guardZero(
        a,
        b,
        mode,
        isLeftNullable,
        ctx,
        () => divideByZero(ctx),
        (x, y) => integralDivide(x, y, left, right, mode, ctx),
      );
  }
}

function additive(
  op: "+" | "-" | "*",
  a: string,
  b: string,
  left: DataType,
  right: DataType,
  mode: ArithmeticMode,
  ctx: LowerContext,
): string {
  if (left.kind === "decimal")
    return decimalArithmetic(op, a, b, left, right as DecimalType, ctx.call.type as DecimalType, mode, ctx);
  if (isFractional(left)) return `(${a} ${op} ${b})`;
  if (isNumeric(left)) return integralArithmetic(op, a, b, left, mode);
  if (left.kind === "calendar_interval") {
    return ctx.let(a, (x) =>
      ctx.let(b, (y) => {
        const part = (i: number): string =>
          `struct_extract(${x}, 'f${i}') ${op} struct_extract(${y}, 'f${i}')`;
        return `CASE WHEN ${x} IS NOT NULL AND ${y} IS NOT NULL THEN {'f0': ${part(0)}, 'f1': ${part(1)}, 'f2': ${part(2)}} END`;
      }),
    );
  }
  // Intervals are whole numbers, with an error of their own.
  const value = `TRY_CAST(${a}::HUGEINT ${op} ${b}::HUGEINT AS ${duckType(left)})`;
  if (mode === "try") return value;
  return ctx.let(a, (x) =>
    ctx.let(b, (y) => {
      const sum = `TRY_CAST(${x}::HUGEINT ${op} ${y}::HUGEINT AS ${duckType(left)})`;
      return `coalesce(${sum}, CASE WHEN ${x} IS NOT NULL AND ${y} IS NOT NULL THEN ${intervalOverflow(ctx, op)} END)`;
    }),
  );
}

function intervalOverflow(ctx: LowerContext, op: "+" | "-" | "*"): string {
  return ctx.raise("ArithmeticException", "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", {
    functionName: op === "+" ? "'`try_add`'" : "'`try_subtract`'",
  });
}

function integralDivide(
  x: string,
  y: string,
  left: DataType,
  right: DataType,
  mode: ArithmeticMode,
  ctx: LowerContext,
): string {
  if (left.kind === "decimal") return decimalIntegralDivide(x, y, left, right as DecimalType, ctx);
  const isLong = left.kind === "long";
  const [n, d] = isLong ? [x, y] : [`${x}::BIGINT`, `${y}::BIGINT`];
  if (mode === "ansi") return `(${n} // ${d})`;
  const overflow = mode === "try" ? "NULL" : "-9223372036854775808";
  return `CASE WHEN ${d} = -1 AND ${n} = -9223372036854775808 THEN ${overflow}::BIGINT ELSE ${n} // ${d} END`;
}

function positiveRemainder(
  x: string,
  y: string,
  left: DataType,
  right: DataType,
  result: DataType,
  mode: ArithmeticMode,
  ctx: LowerContext,
): string {
  if (left.kind === "decimal") {
    const type = result as DecimalType;
    return ctx.let(decimalArithmetic("%", x, y, left, right as DecimalType, type, mode, ctx), (r) =>
      ctx.let(y, (d) => {
        const sum = decimalArithmetic("+", r, d, type, right as DecimalType, type, mode, ctx);
        return `CASE WHEN ${r} < 0 AND ${d} > 0 THEN ${sum} ELSE ${r} END`;
      }),
    );
  }
  if (isFractional(left))
    return ctx.let(`(${x} % ${y})`, (r) => `CASE WHEN ${r} < 0 THEN (${r} + ${y}) % ${y} ELSE ${r} END`);
  const type = duckType(result);
  // The sum wraps around, as in Java.
  const sum = (r: string): string => integralArithmetic("+", r, y, left, "legacy");
  return ctx.let(
    integralRemainder(x, y),
    (r) => `CASE WHEN ${r} < 0 THEN (${sum(r)} % ${y})::${type} ELSE ${r} END`,
  );
}

/** DuckDB's `%` on whole numbers, but that the smallest number modulo -1 is no overflow. */
function integralRemainder(x: string, y: string): string {
  return /^[0-9]/.test(y) ? `(${x} % ${y})` : `CASE WHEN ${y} = -1 THEN ${x} - ${x} ELSE ${x} % ${y} END`;
}

interface OperatorSpec {
  readonly op: Op;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly group?: string;
  readonly isFunction?: boolean;
}

function operator(spec: OperatorSpec): FunctionEntry {
  const { op } = spec;
  return {
    name: op,
    ...(spec.aliases === undefined ? {} : { aliases: spec.aliases }),
    kind: "scalar",
    usage: spec.usage,
    group: spec.group ?? "math_funcs",
    bind: (args, ctx) => {
      const name = ctx.name.toLowerCase();
      if (op === "-" && args.length === 1) return bindMinus(args[0] as Expr, ctx, true);
      if (op === "+" && args.length === 1) return bindPlus(args[0] as Expr, ctx);
      if (args.length !== 2)
        throw wrongNumArgs(name, op === "+" || op === "-" ? "[1, 2]" : "2", args.length, ctx.origin);
      const bound = bindArithmetic(
        op,
        args[0] as Expr,
        args[1] as Expr,
        ctx,
        ctx.conf.ansiEnabled ? "ansi" : "legacy",
      );
      return bound.kind === "Call" && bound.fn === op && spec.aliases?.includes(name) === true
        ? { ...bound, name }
        : bound;
    },
    lower: lowerArithmetic,
    pretty: ([a, b], call) =>
      spec.isFunction === true || call.name !== undefined
        ? `${call.name ?? op}(${a}, ${b})`
        : `(${a} ${op} ${b})`,
  };
}

function tryOperator(name: string, op: Op, usage: string): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage,
    group: "math_funcs",
    params: ["left", "right"],
    bind: (args, ctx) => {
      if (args.length !== 2) throw wrongNumArgs(name, "2", args.length, ctx.origin);
      const isNumbers = args.every((a) => isNumeric(a.type));
      const bound = bindArithmetic(op, args[0] as Expr, args[1] as Expr, ctx, "try");
      const result = isNumbers ? bound : tryCasts(bound, args);
      return {
        ...operatorCall(name, [result], result.type, ctx),
        shown: args,
        nullable: true,
      };
    },
    lower: ([value]) => value as string,
  };
}

/** Casts of the operands themselves give NULL where they fail. */
function tryCasts(e: Expr, operands: readonly Expr[]): Expr {
  if (e.kind === "CastExpr") {
    return operands.includes(e.child) ? { ...e, mode: "try" } : { ...e, child: tryCasts(e.child, operands) };
  }
  return e.kind === "Call"
    ? { ...e, args: e.args.map((a) => (operands.includes(a) ? a : tryCasts(a, operands))) }
    : e;
}

function bindMinus(arg: Expr, ctx: BindContext, isSign: boolean): Expr {
  const child = arg.type.kind === "string" || arg.type.kind === "null" ? castTo(arg, DOUBLE, ctx.conf) : arg;
  const call: Call = {
    ...operatorCall("negative", [child], child.type, ctx),
    extra: { mode: ctx.conf.ansiEnabled ? "ansi" : "legacy", isSign },
  };
  if (!NUMERIC_OR_INTERVAL.accepts(child.type)) throw unexpectedInputType(call, 0, NUMERIC_OR_INTERVAL, arg);
  return call;
}

function bindPlus(arg: Expr, ctx: BindContext): Expr {
  const child = arg.type.kind === "string" || arg.type.kind === "null" ? castTo(arg, DOUBLE, ctx.conf) : arg;
  const call = operatorCall("positive", [child], child.type, ctx);
  if (!NUMERIC_OR_INTERVAL.accepts(child.type)) throw unexpectedInputType(call, 0, NUMERIC_OR_INTERVAL, arg);
  return call;
}

const MINIMUM: Readonly<Record<string, string>> = {
  byte: "-128",
  short: "-32768",
  integer: "-2147483648",
  long: "-9223372036854775808",
};

function lowerMinus([x]: readonly string[], ctx: LowerContext): string {
  const { type } = ctx.call;
  const minimum = MINIMUM[type.kind];
  if (type.kind === "calendar_interval") {
    return ctx.let(
      x as string,
      (v) =>
        `CASE WHEN ${v} IS NOT NULL THEN {'f0': -(struct_extract(${v}, 'f0')), 'f1': -(struct_extract(${v}, 'f1')), 'f2': -(struct_extract(${v}, 'f2'))} END`,
    );
  }
  if (minimum === undefined || ctx.call.extra?.mode === "ansi") return `(-(${x}))`;
  return ctx.let(x as string, (v) => `CASE WHEN ${v} = ${minimum} THEN ${v} ELSE -(${v}) END`);
}

const minus: FunctionEntry = {
  name: "negative",
  kind: "scalar",
  usage: "negative(expr) - Returns the number or interval with the opposite sign.",
  group: "math_funcs",
  params: ["expr"],
  bind: (args, ctx) => {
    if (args.length !== 1) throw wrongNumArgs("negative", "1", args.length, ctx.origin);
    return bindMinus(args[0] as Expr, ctx, false);
  },
  lower: lowerMinus,
  pretty: ([x], call) => (call.extra?.isSign === true ? `(- ${x})` : `negative(${x})`),
};

const plus: FunctionEntry = {
  name: "positive",
  kind: "scalar",
  usage: "positive(expr) - Returns the number or interval itself.",
  group: "math_funcs",
  params: ["expr"],
  bind: (args, ctx) => {
    if (args.length !== 1) throw wrongNumArgs("positive", "1", args.length, ctx.origin);
    return bindPlus(args[0] as Expr, ctx);
  },
  lower: ([x]) => x as string,
  pretty: ([x]) => `(+ ${x})`,
};

const abs: FunctionEntry = {
  name: "abs",
  kind: "scalar",
  usage: "abs(expr) - Returns the number or interval without its sign.",
  group: "math_funcs",
  params: ["expr"],
  bind: (args, ctx) => {
    if (args.length !== 1) throw wrongNumArgs("abs", "1", args.length, ctx.origin);
    const arg = args[0] as Expr;
    const child =
      arg.type.kind === "string" || arg.type.kind === "null" ? castTo(arg, DOUBLE, ctx.conf) : arg;
    const call: Call = {
      ...operatorCall("abs", [child], child.type, ctx),
      extra: { mode: ctx.conf.ansiEnabled ? "ansi" : "legacy" },
    };
    const input = T.oneOf(T.numeric, T.dayTimeInterval, T.yearMonthInterval);
    if (!input.accepts(child.type)) throw unexpectedInputType(call, 0, input, arg);
    return call;
  },
  lower: ([x], ctx) => {
    const minimum = MINIMUM[ctx.call.type.kind];
    if (ctx.call.type.kind === "year_month_interval" || ctx.call.type.kind === "day_time_interval") {
      return ctx.let(
        x as string,
        (v) =>
          `CASE WHEN ${v} = ${ctx.call.type.kind === "year_month_interval" ? MINIMUM.integer : MINIMUM.long} THEN ${arithmeticOverflow(ctx, "overflow")} ELSE abs(${v}) END`,
      );
    }
    if (minimum === undefined || ctx.call.extra?.mode === "ansi") return `abs(${x})`;
    return ctx.let(x as string, (v) => `CASE WHEN ${v} = ${minimum} THEN ${v} ELSE abs(${v}) END`);
  },
};

/** Arithmetic operators and their functions. */
export const ARITHMETIC: readonly FunctionEntry[] = [
  operator({ op: "+", usage: "expr1 + expr2 - Returns the sum, or a date or timestamp that much later." }),
  operator({
    op: "-",
    usage: "expr1 - expr2 - Returns the difference, or a date or timestamp that much earlier.",
  }),
  operator({ op: "*", usage: "expr1 * expr2 - Returns the product." }),
  operator({ op: "/", usage: "expr1 / expr2 - Returns the quotient as a double or decimal." }),
  operator({
    op: "%",
    aliases: ["mod"],
    usage: "expr1 % expr2, mod(expr1, expr2) - Returns the remainder; its sign is that of expr1.",
  }),
  operator({ op: "div", usage: "expr1 div expr2 - Returns the whole part of the quotient." }),
  operator({
    op: "pmod",
    usage: "pmod(expr1, expr2) - Returns the remainder as a positive number.",
    isFunction: true,
  }),
  tryOperator("try_add", "+", "try_add(expr1, expr2) - Returns the sum, or NULL on overflow."),
  tryOperator(
    "try_subtract",
    "-",
    "try_subtract(expr1, expr2) - Returns the difference, or NULL on overflow.",
  ),
  tryOperator("try_multiply", "*", "try_multiply(expr1, expr2) - Returns the product, or NULL on overflow."),
  tryOperator(
    "try_divide",
    "/",
    "try_divide(dividend, divisor) - Returns the quotient, or NULL when the divisor is 0.",
  ),
  tryOperator(
    "try_mod",
    "%",
    "try_mod(dividend, divisor) - Returns the remainder, or NULL when the divisor is 0.",
  ),
  minus,
  plus,
  abs,
];
