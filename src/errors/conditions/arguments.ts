import type { ConditionTable } from "./condition.ts";

/** What is wrong with the arguments of a function: their number or their types. */
export const ARGUMENT_CONDITIONS: ConditionTable = {
  DATATYPE_MISMATCH: {
    message: "Cannot resolve <sqlExpr> due to data type mismatch:",
    sqlState: "42K09",
  },
  "DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES": {
    message:
      "Input to <functionName> should have been <dataType> followed by a value with same element type, but it's [<leftType>, <rightType>].",
  },
  "DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES": {
    message:
      "Input to function <functionName> should have been two <arrayType> with same element type, but it's [<leftType>, <rightType>].",
  },
  "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES": {
    message:
      "the left and right operands of the binary operator have incompatible types (<left> and <right>).",
  },
  "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE": {
    message: "the binary operator requires the input type <inputType>, not <actualDataType>.",
  },
  "DATATYPE_MISMATCH.BLOOM_FILTER_BINARY_OP_WRONG_TYPE": {
    message:
      "The Bloom filter binary input to <functionName> should be either a constant value or a scalar subquery expression, but it's <actual>.",
  },
  "DATATYPE_MISMATCH.BLOOM_FILTER_WRONG_TYPE": {
    message:
      "Input to function <functionName> should have been <expectedLeft> followed by value with <expectedRight>, but it's [<actual>].",
  },
  "DATATYPE_MISMATCH.CANNOT_CONVERT_TO_JSON": {
    message: "Unable to convert column <name> of type <type> to JSON.",
  },
  "DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS": {
    message: "Cannot drop all fields in struct.",
  },
  "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION": {
    message: "cannot cast <srcType> to <targetType>.",
  },
  "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION": {
    message:
      "cannot cast <srcType> to <targetType> with ANSI mode on.\nIf you have to cast <srcType> to <targetType>, you can set <config> as <configVal>.",
  },
  "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION": {
    message:
      "cannot cast <srcType> to <targetType>.\nTo convert values from <srcType> to <targetType>, you can use the functions <functionNames> instead.",
  },
  "DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES": {
    message:
      "The given keys of function <functionName> should all be the same type, but they are <dataType>.",
  },
  "DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES": {
    message:
      "The given values of function <functionName> should all be the same type, but they are <dataType>.",
  },
  "DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING": {
    message:
      "Only foldable `STRING` expressions are allowed to appear at odd position, but they are <inputExprs>.",
  },
  "DATATYPE_MISMATCH.DATA_DIFF_TYPES": {
    message: "Input to <functionName> should all be the same type, but it's <dataType>.",
  },
  "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN": {
    message: "Filter expression <filter> of type <type> is not a boolean.",
  },
  "DATATYPE_MISMATCH.HASH_MAP_TYPE": {
    message:
      'Input to the function <functionName> cannot contain elements of the "MAP" type. In Spark, same maps may have different hashcode, thus hash expressions are prohibited on "MAP" elements. To restore previous behavior set "spark.sql.legacy.allowHashOnMapType" to "true".',
  },
  "DATATYPE_MISMATCH.HASH_VARIANT_TYPE": {
    message: 'Input to the function <functionName> cannot contain elements of the "VARIANT" type yet.',
  },
  "DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE": {
    message: "Length of <exprName> should be 1.",
  },
  "DATATYPE_MISMATCH.INVALID_ARG_VALUE": {
    message:
      "The <inputName> value must to be a <requireType> literal of <validValues>, but got <inputValue>.",
  },
  "DATATYPE_MISMATCH.INVALID_JSON_MAP_KEY_TYPE": {
    message: "Input schema <schema> can only contain STRING as a key type for a MAP.",
  },
  "DATATYPE_MISMATCH.INVALID_JSON_SCHEMA": {
    message: "Input schema <schema> must be a struct, an array, a map or a variant.",
  },
  "DATATYPE_MISMATCH.INVALID_JSON_TABLE_PATH": {
    message:
      "The <location> of JSON_TABLE has an invalid or unsupported JSON path <path>. Only simple, wildcard-free paths are supported (a trailing '[*]' is allowed on the row path).",
  },
  "DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE": {
    message: "The key of map cannot be/contain <keyType>.",
  },
  "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE": {
    message: "The <functionName> does not support ordering on type <dataType>.",
  },
  "DATATYPE_MISMATCH.INVALID_ROW_LEVEL_OPERATION_ASSIGNMENTS": {
    message: "<errors>",
  },
  "DATATYPE_MISMATCH.INVALID_XML_MAP_KEY_TYPE": {
    message: "Input schema <schema> can only contain STRING as a key type for a MAP.",
  },
  "DATATYPE_MISMATCH.INVALID_XML_SCHEMA": {
    message: "Input schema <schema> must be a struct or a variant.",
  },
  "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH": {
    message:
      "The data type of one or more elements in the left hand side of an IN subquery is not compatible with the data type of the output of the subquery. Mismatched columns: [<mismatchedColumns>], left side: [<leftType>], right side: [<rightType>].",
  },
  "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH": {
    message:
      "The number of columns in the left hand side of an IN subquery does not match the number of columns in the output of subquery. Left hand side columns(length: <leftLength>): [<leftColumns>], right hand side columns(length: <rightLength>): [<rightColumns>].",
  },
  "DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES": {
    message: "The <functionName> should all be of type map, but it's <dataType>.",
  },
  "DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES": {
    message:
      "Input to <functionName> should have been <dataType> followed by a value with same key type, but it's [<leftType>, <rightType>].",
  },
  "DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES": {
    message:
      "Input to the <functionName> should have been two maps with compatible key types, but it's [<leftType>, <rightType>].",
  },
  "DATATYPE_MISMATCH.METHOD_NOT_ALLOWED": {
    message: "the method <methodName> of the class <className> does not match the allow list <config>.",
  },
  "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT": {
    message: "the input <inputName> should be a foldable <inputType> expression; however, got <inputExpr>.",
  },
  "DATATYPE_MISMATCH.NON_STRING_TYPE": {
    message: "all arguments of the function <funcName> must be strings.",
  },
  "DATATYPE_MISMATCH.NON_STRUCT_TYPE": {
    message: "the input <inputName> should be a struct expression; however, got <inputType>.",
  },
  "DATATYPE_MISMATCH.NULL_TYPE": {
    message: "Null typed values cannot be used as arguments of <functionName>.",
  },
  "DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION": {
    message:
      "The <leftExprName>(<leftExprValue>) must be <constraint> the <rightExprName>(<rightExprValue>).",
  },
  "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE": {
    message:
      "The data type <orderSpecType> used in the order specification does not support the data type <valueBoundaryType> which is used in the range frame.",
  },
  "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER": {
    message:
      "A range window frame with value boundaries cannot be used in a window specification with multiple order by expressions: <orderSpec>.",
  },
  "DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER": {
    message: "A range window frame cannot be used in an unordered window specification.",
  },
  "DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES": {
    message:
      "<functionName> uses the wrong parameter type. The parameter type must conform to:\n1. The start and stop expressions must resolve to the same type.\n2. If start and stop expressions resolve to the <startType> type, then the step expression must resolve to the <stepType> type.\n3. Otherwise, if start and stop expressions resolve to the <otherStartType> type, then the step expression must resolve to the same type.",
  },
  "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_DIFF_TYPES": {
    message: "Window frame bounds <lower> and <upper> do not have the same type: <lowerType> <> <upperType>.",
  },
  "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND": {
    message: "Window frame upper bound <upper> does not follow the lower bound <lower>.",
  },
  "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE": {
    message:
      "The data type of the <location> bound <exprType> does not match the expected data type <expectedType>.",
  },
  "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE": {
    message: "Window frame <location> bound <expression> is not a literal.",
  },
  "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON": {
    message: "The lower bound of a window frame must be <comparison> to the upper bound.",
  },
  "DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES": {
    message:
      "The data type of the column (<columnIndex>) do not have the same type: <leftType> (<leftParamIndex>) <> <rightType> (<rightParamIndex>).",
  },
  "DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT": {
    message: "<msg><hint>.",
  },
  "DATATYPE_MISMATCH.UNEXPECTED_CLASS_TYPE": {
    message: "class <className> not found.",
  },
  "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE": {
    message:
      "The <paramIndex> parameter requires the <requiredType> type, however <inputSql> has the type <inputType>.",
  },
  "DATATYPE_MISMATCH.UNEXPECTED_NULL": {
    message: "The <exprName> must not be null.",
  },
  "DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE": {
    message: "The <functionName> requires return <expectedType> type, but the actual is <actualType> type.",
  },
  "DATATYPE_MISMATCH.UNEXPECTED_STATIC_METHOD": {
    message: "cannot find a static method <methodName> that matches the argument types in <className>.",
  },
  "DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE": {
    message: "The input of <functionName> can't be <dataType> type data.",
  },
  "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE": {
    message: "The <exprName> must be between <valueRange> (current value = <currentValue>).",
  },
  "DATATYPE_MISMATCH.WRONG_NUM_ARG_TYPES": {
    message: "The expression requires <expectedNum> argument types but the actual number is <actualNum>.",
  },
  "DATATYPE_MISMATCH.WRONG_NUM_ENDPOINTS": {
    message:
      "The number of endpoints must be >= 2 to construct intervals but the actual number is <actualNumber>.",
  },
  WRONG_NUM_ARGS: {
    message: "The <functionName> requires <expectedNum> parameters but the actual number is <actualNum>.",
    sqlState: "42605",
  },
  "WRONG_NUM_ARGS.WITHOUT_SUGGESTION": {
    message: "Please, refer to '<docroot>/sql-ref-functions.html' for a fix.",
  },
  "WRONG_NUM_ARGS.WITH_SUGGESTION": {
    message:
      "If you have to call this function with <legacyNum> parameters, set the legacy configuration <legacyConfKey> to <legacyConfValue>.",
  },
};
