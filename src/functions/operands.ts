import type { DataType } from "../types/data-type.ts";
import {
  DOUBLE,
  isFractional,
  isIntegral,
  isNumeric,
  sameStructure,
  sameTypeIgnoringNullability,
} from "../types/data-type.ts";
import { quotedSqlType } from "../types/format.ts";
import { castTo, isAtomic, tightestCommonType, widerForString } from "./coercion.ts";
import { decimalFor, decimalForLiteral, widerDecimal } from "./decimal-type.ts";
import type { Call, Expr } from "./expr.ts";
import type { AnalysisConf, BindContext } from "./function-entry.ts";
import type { InputType } from "./input-type.ts";
import { typeMismatch } from "./type-error.ts";

export type Pair = readonly [left: Expr, right: Expr];

export interface OperandRules {
  readonly accepts: InputType;
  /** Comparisons bring two decimals to one type; arithmetic has rules of its own. */
  readonly isComparison: boolean;
  /** Put in between the rules on decimals and those on other types (division, integral division). */
  readonly prepare?: (pair: Pair, conf: AnalysisConf) => Pair;
}

/** Brings the operands of a binary operator to one type, as far as Spark's coercion does. */
export function coerceOperands(left: Expr, right: Expr, rules: OperandRules, conf: AnalysisConf): Pair {
  let pair: Pair = [left, right];
  // Each rule may make another one apply; none of them applies more than a few times.
  for (let round = 0; round < 4; round++) {
    const before = pair;
    pair = promoteStrings(pair, rules, conf);
    pair = decimals(pair, rules, conf);
    if (rules.prepare !== undefined) pair = rules.prepare(pair, conf);
    pair = tightest(pair, rules, conf);
    if (pair[0] === before[0] && pair[1] === before[1]) break;
  }
  return pair;
}

/** Both cast to a type. */
export function bothTo(pair: Pair, type: DataType, conf: AnalysisConf): Pair {
  return [castTo(pair[0], type, conf), castTo(pair[1], type, conf)];
}

function promoteStrings(pair: Pair, rules: OperandRules, conf: AnalysisConf): Pair {
  const [a, b] = [pair[0].type, pair[1].type];
  if (a.kind !== "string" && b.kind !== "string") return pair;
  if (a.kind === "null" || b.kind === "null") {
    return [nullAs(pair[0], { kind: "string" }), nullAs(pair[1], { kind: "string" })];
  }
  if (conf.ansiEnabled) {
    if (a.kind === b.kind) return pair;
    const type = widerForString(a, b, conf);
    return type === undefined ? pair : bothTo(pair, type, conf);
  }
  if (!rules.isComparison) {
    if (rules.accepts.accepts({ kind: "boolean" })) return pair;
    const other = a.kind === "string" ? b : a;
    if (isIntervalLike(other)) return pair;
    return [
      a.kind === "string" ? castTo(pair[0], DOUBLE, conf) : pair[0],
      b.kind === "string" ? castTo(pair[1], DOUBLE, conf) : pair[1],
    ];
  }
  if (a.kind === b.kind) return pair;
  const other = a.kind === "string" ? b : a;
  return isAtomic(other) && !isIntervalLike(other) ? bothTo(pair, other, conf) : pair;
}

/** An expression that is always NULL as a NULL of a type. */
function nullAs(e: Expr, type: DataType): Expr {
  return e.type.kind === "null" ? { kind: "Lit", value: null, type, nullable: true } : e;
}

function isIntervalLike(t: DataType): boolean {
  return t.kind === "year_month_interval" || t.kind === "day_time_interval" || t.kind === "calendar_interval";
}

function decimals(pair: Pair, rules: OperandRules, conf: AnalysisConf): Pair {
  const [l, r] = pair;
  const [a, b] = [l.type, r.type];
  if (a.kind !== "decimal" && b.kind !== "decimal") return pair;
  if (a.kind === "decimal" && b.kind === "decimal") {
    if (!rules.isComparison || (a.precision === b.precision && a.scale === b.scale)) return pair;
    return bothTo(pair, widerDecimal(a, b), conf);
  }
  if (isFractional(a)) return [l, castTo(r, DOUBLE, conf)];
  if (isFractional(b)) return [castTo(l, DOUBLE, conf), r];
  if (isIntegral(a)) return [castTo(l, decimalOf(l), conf), r];
  if (isIntegral(b)) return [l, castTo(r, decimalOf(r), conf)];
  return pair;
}

/** An integral operand's decimal: just wide enough for a literal. */
function decimalOf(e: Expr): DataType {
  const isNumber = e.kind === "Lit" && (typeof e.value === "number" || typeof e.value === "bigint");
  return isNumber ? decimalForLiteral(e.value as number | bigint) : decimalFor(e.type);
}

function tightest(pair: Pair, rules: OperandRules, conf: AnalysisConf): Pair {
  const [a, b] = [pair[0].type, pair[1].type];
  if (a.kind === "null" && b.kind === "null" && !rules.accepts.accepts(a)) {
    return [nullAs(pair[0], rules.accepts.concrete), nullAs(pair[1], rules.accepts.concrete)];
  }
  if (sameTypeIgnoringNullability(a, b)) return pair;
  if (a.kind === "decimal" && b.kind === "decimal") return pair;
  const type = tightestCommonType(a, b, conf);
  return type !== undefined && rules.accepts.accepts(type) ? bothTo(pair, type, conf) : pair;
}

/** Spark's errors for operands that are not of one type, or of one that the operator does not take. */
export function checkOperands(call: Call, pair: Pair, accepts: InputType, isArithmetic = false): void {
  const [a, b] = [pair[0].type, pair[1].type];
  if (!sameStructure(a, b) && !(isArithmetic && a.kind === "decimal" && b.kind === "decimal")) {
    throw typeMismatch("BINARY_OP_DIFF_TYPES", call, { left: quotedSqlType(a), right: quotedSqlType(b) });
  }
  if (!accepts.accepts(a)) {
    throw typeMismatch("BINARY_OP_WRONG_TYPE", call, {
      inputType: accepts.sql,
      actualDataType: quotedSqlType(a),
    });
  }
}

/** A call of the operator with those operands, for messages and as a base of the result. */
export function operatorCall(
  fn: string,
  args: readonly Expr[],
  type: DataType,
  ctx: Pick<BindContext, "origin">,
): Call {
  return {
    kind: "Call",
    fn,
    args,
    type,
    nullable: args.some((e) => e.nullable),
    ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
  };
}

export function isNumericOrNull(t: DataType): boolean {
  return isNumeric(t) || t.kind === "null";
}
