import type { ConditionTable } from "./condition.ts";

/** What single functions refuse. */
export const FUNCTION_CONDITIONS: ConditionTable = {
  _LEGACY_ERROR_TEMP_1210: {
    message: "The second argument in <funcName> should be a boolean literal.",
  },
  INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION: {
    message:
      "Cannot add an interval to a date because its microseconds part is not 0. To resolve this, cast the input date to a timestamp, which supports the addition of intervals with non-zero microseconds.",
    sqlState: "22006",
  },
  INVALID_ESCAPE_CHAR: {
    message: "`EscapeChar` should be a string literal of length one, but got <sqlExpr>.",
    sqlState: "42604",
  },
  INVALID_FORMAT: {
    message: "The format is invalid: <format>.",
    sqlState: "42601",
  },
  "INVALID_FORMAT.ESC_IN_THE_MIDDLE": {
    message: "The escape character is not allowed to precede <char>.",
  },
  "INVALID_FORMAT.ESC_AT_THE_END": {
    message: "The escape character is not allowed to end with.",
  },
  NEGATIVE_VALUES_IN_FREQUENCY_EXPRESSION: {
    message:
      "Found the negative value in <frequencyExpression>: <negativeValue>, but expected a positive integral value.",
    sqlState: "22003",
  },
  INVALID_WITHIN_GROUP_EXPRESSION: {
    message: "Invalid function <funcName> with WITHIN GROUP.",
    sqlState: "42K0K",
  },
  "INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING": {
    message: "WITHIN GROUP is required for the function.",
  },
  "INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED": {
    message: "The function does not support DISTINCT with WITHIN GROUP.",
  },
  "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS": {
    message: "The function requires <expectedNum> orderings in WITHIN GROUP but got <actualNum>.",
  },
  "INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT": {
    message:
      "The function is invoked with DISTINCT and WITHIN GROUP but expressions <funcArg> and <orderingExpr> do not match. The WITHIN GROUP ordering expression must be picked from the function inputs.",
  },
  "INVALID_PARAMETER_VALUE.PATTERN": {
    message: "<value>.",
  },
  "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE": {
    message: "expects an integer value in [0, <upper>), but got <invalidValue>.",
  },
  INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC: {
    message: "Cannot specify ORDER BY or a window frame for <aggFunc>.",
    sqlState: "42601",
  },
  _LEGACY_ERROR_TEMP_1035: {
    message: "Cannot specify window frame for <prettyName> function.",
  },
};
