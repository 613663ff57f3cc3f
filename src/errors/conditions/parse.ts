import type { ConditionTable } from "./condition.ts";

export const PARSE_CONDITIONS: ConditionTable = {
  COLLATION_INVALID_NAME: {
    message:
      "The value <collationName> does not represent a correct collation name. Suggested valid collation names: [<proposals>].",
    sqlState: "42704",
  },
  DECIMAL_SCALE_EXCEEDS_PRECISION: {
    message: "Decimal scale (<scale>) cannot be greater than precision (<precision>).",
    sqlState: "22003",
  },
  DUPLICATED_CTE_NAMES: {
    message: "CTE definition can't have duplicate names: <duplicateNames>.",
    sqlState: "42602",
  },
  DUPLICATE_KEY: { message: "Found duplicate keys <keyColumn>.", sqlState: "23505" },
  FAILED_TO_PARSE_TOO_COMPLEX: {
    message:
      "The statement, including potential SQL functions and referenced views, was too complex to parse.\nTo mitigate this error divide the statement into multiple, less complex chunks.",
    sqlState: "54001",
  },
  FEATURE_NOT_ENABLED: {
    message:
      "The feature <featureName> is not enabled. Consider setting the config <configKey> to <configValue> to enable this capability.",
    sqlState: "56038",
  },
  INCOMPATIBLE_JOIN_TYPES: {
    message: "The join types <joinType1> and <joinType2> are incompatible.",
    sqlState: "42613",
  },
  INCOMPLETE_TYPE_DEFINITION: { message: "Incomplete complex type:", sqlState: "42K01" },
  "INCOMPLETE_TYPE_DEFINITION.ARRAY": {
    message:
      'The definition of "ARRAY" type is incomplete. You must provide an element type. For example: "ARRAY<elementType>".',
  },
  "INCOMPLETE_TYPE_DEFINITION.MAP": {
    message:
      'The definition of "MAP" type is incomplete. You must provide a key type and a value type. For example: "MAP<TIMESTAMP, INT>".',
  },
  "INCOMPLETE_TYPE_DEFINITION.STRUCT": {
    message:
      'The definition of "STRUCT" type is incomplete. You must provide at least one field type. For example: "STRUCT<name STRING, phone DECIMAL(10, 0)>".',
  },
  INVALID_ATTRIBUTE_NAME_SYNTAX: {
    message:
      "Syntax error in the attribute name: <name>. Check that backticks appear in pairs, a quoted string is a complete name part and use a backtick only inside quoted name parts.",
    sqlState: "42601",
  },
  INVALID_ESC: {
    message:
      "Found an invalid escape string: <invalidEscape>. The escape string must contain only one character.",
    sqlState: "42604",
  },
  INVALID_IDENTIFIER: {
    message:
      "The unquoted identifier <ident> is invalid and must be back quoted as: `<ident>`.\nUnquoted identifiers can only contain ASCII letters ('a' - 'z', 'A' - 'Z'), digits ('0' - '9'), and underbar ('_').\nUnquoted identifiers must also not start with a digit.\nDifferent data sources and meta stores may impose additional restrictions on valid identifiers.",
    sqlState: "42602",
  },
  INVALID_NUMERIC_LITERAL_RANGE: {
    message:
      "Numeric literal <rawStrippedQualifier> is outside the valid range for <typeName> with minimum value of <minValue> and maximum value of <maxValue>. Please adjust the value accordingly.",
    sqlState: "22003",
  },
  "INVALID_PARAMETER_VALUE.DATETIME_UNIT": {
    message:
      "expects one of the units without quotes YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, but got the string literal <invalidValue>.",
  },
  INVALID_SQL_SYNTAX: { message: "Invalid SQL syntax:", sqlState: "42000" },
  "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE": {
    message:
      "IN predicate requires at least one value. Empty IN clauses like 'IN ()' are not allowed. Consider using 'WHERE FALSE' if you need an always-false condition, or provide at least one value in the IN list.",
  },
  "INVALID_SQL_SYNTAX.EMPTY_QUANTIFIED_PATTERN": { message: "Expected something between '(' and ')'." },
  "INVALID_SQL_SYNTAX.INVALID_TABLE_FUNCTION_IDENTIFIER_ARGUMENT_MISSING_PARENTHESES": {
    message:
      "Syntax error: call to table-valued function is invalid because parentheses are missing around the provided TABLE argument <argumentName>; please surround this with parentheses and try again.",
  },
  "INVALID_SQL_SYNTAX.OPTION_IS_INVALID": {
    message: "option or property key <key> is invalid; only <supported> are supported",
  },
  "INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE": {
    message: "Cannot resolve window reference <windowName>.",
  },
  INVALID_TABLESAMPLE_FRACTION: {
    message: "Sampling fraction (<fraction>) must be on interval [0, 1].",
    sqlState: "22023",
  },
  INVALID_TIMESTAMP_PRECISION: {
    message:
      "The seconds precision <precision> of <type> is invalid. Expected an integer in [7, 9] for nanosecond precision; use precision 6 or parameterless <type> for the standard microsecond type.",
    sqlState: "22023",
  },
  INVALID_TIME_LITERAL_PRECISION: {
    message:
      "The time literal <value> has more than 9 fractional-second digits. The maximum supported fractional-second precision of a time literal is 9 (nanoseconds).",
    sqlState: "22023",
  },
  INVALID_TYPED_LITERAL: {
    message: "The value of the typed literal <valueType> is invalid: <value>.",
    sqlState: "42604",
  },
  NOT_ALLOWED_IN_FROM: { message: "Not allowed in the FROM clause:", sqlState: "42601" },
  "NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT": { message: "UNPIVOT together with PIVOT." },
  PARSE_EMPTY_STATEMENT: { message: "Syntax error, unexpected empty statement.", sqlState: "42617" },
  PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION: {
    message:
      "Non-grouping expression <expr> is provided as an argument to the |> AGGREGATE pipe operator but does not contain any aggregate function; please update it to include an aggregate function and then retry the query again.",
    sqlState: "0A000",
  },
  UNCLOSED_BRACKETED_COMMENT: {
    message: "Found an unclosed bracketed comment. Please, append */ at the end of the comment.",
    sqlState: "42601",
  },
  "UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES": {
    message: "Combination of ORDER BY/SORT BY/DISTRIBUTE BY/CLUSTER BY.",
  },
  "UNSUPPORTED_FEATURE.LATERAL_JOIN_USING": { message: "JOIN USING with LATERAL correlation." },
  "UNSUPPORTED_FEATURE.TRANSFORM_DISTINCT_ALL": { message: "TRANSFORM with the DISTINCT/ALL clause." },
  UNSUPPORTED_TYPED_LITERAL: {
    message:
      "Literals of the type <unsupportedType> are not supported. Supported types are <supportedTypes>.",
    sqlState: "0A000",
  },
  _LEGACY_ERROR_TEMP_0001: { message: "Invalid InsertIntoContext." },
  _LEGACY_ERROR_TEMP_0015: { message: "TABLESAMPLE(<msg>) is not supported." },
  _LEGACY_ERROR_TEMP_0016: {
    message:
      "<bytesStr> is not a valid byte length literal, expected syntax: DIGIT+ ('B' | 'K' | 'M' | 'G').",
  },
  _LEGACY_ERROR_TEMP_0024: { message: "Can only have a single from-to unit in the interval literal syntax." },
  _LEGACY_ERROR_TEMP_0026: {
    message:
      "Can only use numbers in the interval value part for multiple unit value pairs interval form, but got invalid value: <value>.",
  },
  _LEGACY_ERROR_TEMP_0027: { message: "The value of from-to unit must be a string." },
  _LEGACY_ERROR_TEMP_0029: { message: "Cannot mix year-month and day-time fields: <literal>." },
  _LEGACY_ERROR_TEMP_0035: { message: "Operation not allowed: <message>." },
  _LEGACY_ERROR_TEMP_0063: { message: "<msg>." },
};
