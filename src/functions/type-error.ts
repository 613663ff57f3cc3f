import type { AnalysisException } from "../errors/spark-error.ts";
import { AnalysisException as AnalysisError } from "../errors/spark-error.ts";
import type { Origin } from "../plan/origin.ts";
import { queryContexts } from "../plan/query-context.ts";
import type { DataType } from "../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../types/format.ts";
import type { Expr } from "./expr.ts";
import type { InputType } from "./input-type.ts";
import { prettyExpr } from "./pretty.ts";

const ORDINALS = ["first", "second", "third"];

/** `first`, `second`, `third`, `4th`, ... for a position counted from 0. */
export function ordinal(index: number): string {
  return ORDINALS[index] ?? `${index + 1}th`;
}

/** The text of an expression as messages quote it. */
export function quotedExpr(e: Expr): string {
  return `"${prettyExpr(e)}"`;
}

/** A function's name as messages quote it: `` `upper` ``. */
export function quotedName(name: string): string {
  return quoteIdentifier(name);
}

/** An `AnalysisException` of the condition at the origin. */
export function bindError(
  condition: string,
  messageParameters: Readonly<Record<string, string>>,
  origin: Origin | undefined,
): AnalysisException {
  return new AnalysisError({ condition, messageParameters, queryContexts: queryContexts(origin) });
}

/** `DATATYPE_MISMATCH.<kind>` for a call; `sqlExpr` is filled in from it. */
export function typeMismatch(
  kind: string,
  call: Expr,
  parameters: Readonly<Record<string, string>>,
): AnalysisException {
  return bindError(`DATATYPE_MISMATCH.${kind}`, { sqlExpr: quotedExpr(call), ...parameters }, call.origin);
}

/** A parameter that is not of the type asked for. */
export function unexpectedInputType(
  call: Expr,
  index: number,
  required: InputType | string,
  arg: Expr,
): AnalysisException {
  return typeMismatch("UNEXPECTED_INPUT_TYPE", call, {
    paramIndex: ordinal(index),
    requiredType: typeof required === "string" ? required : required.sql,
    inputSql: quotedExpr(arg),
    inputType: quotedSqlType(arg.type),
  });
}

/** Arguments that should have one type and have not. */
export function differentTypes(call: Expr, name: string, args: readonly Expr[]): AnalysisException {
  return typeMismatch("DATA_DIFF_TYPES", call, {
    functionName: quotedName(name),
    dataType: `(${args.map((a) => quotedSqlType(a.type)).join(" or ")})`,
  });
}

/** A parameter that must be known before the query runs. */
export function nonFoldableInput(
  call: Expr,
  inputName: string,
  required: string,
  arg: Expr,
): AnalysisException {
  return typeMismatch("NON_FOLDABLE_INPUT", call, {
    inputName: quotedName(inputName),
    inputType: required,
    inputExpr: quotedExpr(arg),
  });
}

export function valueOutOfRange(
  call: Expr,
  exprName: string,
  valueRange: string,
  currentValue: string,
): AnalysisException {
  return typeMismatch("VALUE_OUT_OF_RANGE", call, { exprName, valueRange, currentValue });
}

export function unexpectedNull(call: Expr, exprName: string): AnalysisException {
  return typeMismatch("UNEXPECTED_NULL", call, { exprName });
}

/** An argument that Spark reads before the query runs is computed from rows, or is NULL. */
export function nonFoldableArgument(
  name: string,
  param: string,
  type: DataType,
  origin: Origin | undefined,
): AnalysisException {
  return bindError(
    "NON_FOLDABLE_ARGUMENT",
    { funcName: quotedName(name), paramName: quotedName(param), paramType: quotedSqlType(type) },
    origin,
  );
}

/** `expected` is `1`, `[2, 3]` or `> 0`. */
export function wrongNumArgs(
  name: string,
  expected: string,
  actual: number,
  origin: Origin | undefined,
): AnalysisException {
  return bindError(
    "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
    {
      functionName: quotedName(name),
      expectedNum: expected,
      actualNum: `${actual}`,
      docroot: "https://spark.apache.org/docs/latest",
    },
    origin,
  );
}
