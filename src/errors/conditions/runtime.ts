import type { ConditionTable } from "./condition.ts";

export const RUNTIME_CONDITIONS: ConditionTable = {
  CAST_INVALID_INPUT: {
    message:
      "The value <expression> of the type <sourceType> cannot be cast to <targetType> because it is malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead.",
    sqlState: "22018",
  },
  CAST_OVERFLOW: {
    message:
      "The value <value> of the type <sourceType> cannot be cast to <targetType> due to an overflow. Use `try_cast` to tolerate overflow and return NULL instead.",
    sqlState: "22003",
  },
  CAST_OVERFLOW_IN_TABLE_INSERT: {
    message:
      "Fail to assign a value of <sourceType> type to the <targetType> type column or variable <columnName> due to an overflow. Use `try_cast` on the input value to tolerate overflow and return NULL instead.",
    sqlState: "22003",
  },
  ARITHMETIC_OVERFLOW: {
    message: '<message>.<alternative> If necessary set <config> to "false" to bypass this error.',
    sqlState: "22003",
  },
  BINARY_ARITHMETIC_OVERFLOW: {
    message:
      "<value1> <symbol> <value2> caused overflow. Use <functionName> to ignore overflow problem and return NULL.",
    sqlState: "22003",
  },
  INTERVAL_ARITHMETIC_OVERFLOW: {
    message: "Integer overflow while operating with intervals.",
    sqlState: "22015",
  },
  "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION": {
    message: "Try devising appropriate values for the interval parameters.",
  },
  "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION": {
    message: "Use <functionName> to tolerate overflow and return NULL instead.",
  },
  DATETIME_OVERFLOW: {
    message: "Datetime operation overflow: <operation>.",
    sqlState: "22008",
  },
  DIVIDE_BY_ZERO: {
    message:
      'Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. If necessary set <config> to "false" to bypass this error.',
    sqlState: "22012",
  },
  INTERVAL_DIVIDED_BY_ZERO: {
    message: "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.",
    sqlState: "22012",
  },
  REMAINDER_BY_ZERO: {
    message:
      'Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead. If necessary set <config> to "false" to bypass this error.',
    sqlState: "22012",
  },
  NUMERIC_VALUE_OUT_OF_RANGE: {
    message: "",
    sqlState: "22003",
  },
  "NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION": {
    message:
      "The <roundedValue> rounded half up from <originalValue> cannot be represented as Decimal(<precision>, <scale>).",
  },
  "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION": {
    message:
      '<value> cannot be represented as Decimal(<precision>, <scale>). If necessary set <config> to "false" to bypass this error, and return NULL instead.',
  },
  NUMERIC_OUT_OF_SUPPORTED_RANGE: {
    message: "The value <value> cannot be interpreted as a numeric since it has more than 38 digits.",
    sqlState: "22003",
  },
  INVALID_ARRAY_INDEX: {
    message:
      "The index <indexValue> is out of bounds. The array has <arraySize> elements. Use the SQL function `get()` to tolerate accessing element at invalid index and return NULL instead.",
    sqlState: "22003",
  },
  INVALID_ARRAY_INDEX_IN_ELEMENT_AT: {
    message:
      "The index <indexValue> is out of bounds. The array has <arraySize> elements. Use `try_element_at` to tolerate accessing element at invalid index and return NULL instead.",
    sqlState: "22003",
  },
  INVALID_INDEX_OF_ZERO: {
    message: "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).",
    sqlState: "22003",
  },
  DUPLICATED_MAP_KEY: {
    message:
      'Duplicate map key <key> was found, please check the input data.\nIf you want to remove the duplicated keys, you can set <mapKeyDedupPolicy> to "LAST_WIN" so that the key inserted at last takes precedence.',
    sqlState: "23505",
  },
  NULL_MAP_KEY: {
    message: "Cannot use null as map key.",
    sqlState: "2200E",
  },
  INVALID_INTERVAL_FORMAT: {
    message:
      "Error parsing '<input>' to interval. Please ensure that the value provided is in a valid format for defining an interval. You can reference the documentation for the correct format.",
    sqlState: "22006",
  },
  "INVALID_INTERVAL_FORMAT.ARITHMETIC_EXCEPTION": {
    message: "Uncaught arithmetic exception while parsing '<input>'.",
  },
  "INVALID_INTERVAL_FORMAT.DAY_TIME_PARSING": {
    message: "Error parsing interval day-time string: <msg>.",
  },
  "INVALID_INTERVAL_FORMAT.INPUT_IS_EMPTY": {
    message: "Interval string cannot be empty.",
  },
  "INVALID_INTERVAL_FORMAT.INPUT_IS_NULL": {
    message: "Interval string cannot be null.",
  },
  "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING": {
    message: "Error parsing interval <interval> string.",
  },
  "INVALID_INTERVAL_FORMAT.INVALID_FRACTION": {
    message: "<unit> cannot have fractional part.",
  },
  "INVALID_INTERVAL_FORMAT.INVALID_PRECISION": {
    message: "Interval can only support nanosecond precision, <value> is out of range.",
  },
  "INVALID_INTERVAL_FORMAT.INVALID_PREFIX": {
    message: "Invalid interval prefix <prefix>.",
  },
  "INVALID_INTERVAL_FORMAT.INVALID_UNIT": {
    message: "Invalid unit <unit>.",
  },
  "INVALID_INTERVAL_FORMAT.INVALID_VALUE": {
    message: "Invalid value <value>.",
  },
  "INVALID_INTERVAL_FORMAT.MISSING_NUMBER": {
    message: "Expect a number after <word> but hit EOL.",
  },
  "INVALID_INTERVAL_FORMAT.MISSING_UNIT": {
    message: "Expect a unit name after <word> but hit EOL.",
  },
  "INVALID_INTERVAL_FORMAT.SECOND_NANO_FORMAT": {
    message: "Interval string does not match second-nano format of ss.nnnnnnnnn.",
  },
  "INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE": {
    message: "The interval value must be in the range of [-18, +18] hours with second precision.",
  },
  "INVALID_INTERVAL_FORMAT.UNKNOWN_PARSING_ERROR": {
    message: "Unknown error when parsing <word>.",
  },
  "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING": {
    message:
      "Interval string does not match <intervalStr> format of <supportedFormat> when cast to <typeName>: <input>.",
  },
  "INVALID_INTERVAL_FORMAT.UNMATCHED_FORMAT_STRING_WITH_NOTICE": {
    message:
      'Interval string does not match <intervalStr> format of <supportedFormat> when cast to <typeName>: <input>. Set "spark.sql.legacy.fromDayTimeString.enabled" to "true" to restore the behavior before Spark 3.0.',
  },
  "INVALID_INTERVAL_FORMAT.UNRECOGNIZED_NUMBER": {
    message: "Unrecognized number <number>.",
  },
  "INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION": {
    message: "Cannot support (interval '<input>' <from> to <to>) expression.",
  },
  CANNOT_PARSE_TIMESTAMP: {
    message: "<message>. Use <func> to tolerate invalid input string and return NULL instead.",
    sqlState: "22007",
  },
  CATALOG_NOT_FOUND: {
    message:
      "The catalog <catalogName> not found. Consider to set the SQL config <config> to a catalog plugin.",
    sqlState: "42P08",
  },
  DATA_SOURCE_NOT_FOUND: {
    message:
      "Failed to find the data source: <provider>. Make sure the provider name is correct and the package is properly registered and compatible with your Spark version.",
    sqlState: "42K02",
  },
  DATETIME_FIELD_OUT_OF_BOUNDS: { message: "<rangeMessage>.", sqlState: "22023" },
  "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION": { message: "" },
  ILLEGAL_DAY_OF_WEEK: { message: "Illegal input for day of week: <string>.", sqlState: "22009" },
  INCONSISTENT_BEHAVIOR_CROSS_VERSION: {
    message: "You may get a different result due to the upgrading to",
    sqlState: "42K0B",
  },
  "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION": {
    message:
      "Spark >= 3.0:\nFail to recognize <pattern> pattern in the DateTimeFormatter.\n1) You can set <config> to \"LEGACY\" to restore the behavior before Spark 3.0.\n2) You can form a valid datetime pattern with the guide from '<docroot>/sql-ref-datetime-pattern.html'.",
  },
  "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN": {
    message:
      "Spark >= 3.0:\nAll week-based patterns are unsupported since Spark 3.0, detected week-based character: <c>.\nPlease use the SQL function EXTRACT instead.",
  },
  INVALID_DATETIME_PATTERN: { message: "Unrecognized datetime pattern: <pattern>.", sqlState: "22007" },
  "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER": {
    message: "Illegal pattern character found in datetime pattern: <c>. Please provide legal character.",
  },
  INVALID_EXTRACT_FIELD: { message: "Cannot extract <field> from <expr>.", sqlState: "42601" },
  "INVALID_PARAMETER_VALUE.CHARSET": { message: "expects one of the <charsets>, but got <charset>." },
  MISSING_DATABASE_FOR_V1_SESSION_CATALOG: {
    message:
      "Database name is not specified in the v1 session catalog. Please ensure to provide a valid database name when interacting with the v1 catalog.",
    sqlState: "3F000",
  },
  PATH_NOT_FOUND: { message: "Path does not exist: <path>.", sqlState: "42K03" },
  TEMP_TABLE_OR_VIEW_ALREADY_EXISTS: {
    message:
      "Cannot create the temporary view <relationName> because it already exists.\nChoose a different name, drop or replace the existing view.",
    sqlState: "42P07",
  },
  TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS: {
    message:
      "CREATE TEMPORARY VIEW or the corresponding Dataset APIs only accept single-part view names, but got: <actualName>.",
    sqlState: "428EK",
  },
  UNABLE_TO_INFER_SCHEMA: {
    message: "Unable to infer schema for <format>. It must be specified manually.",
    sqlState: "42KD9",
  },
  "UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN": {
    message:
      'Queries from raw JSON/CSV/XML files are disallowed when the\nreferenced columns only include the internal corrupt record column\n(named `_corrupt_record` by default). For example:\n`spark.read.schema(schema).json(file).filter($"_corrupt_record".isNotNull).count()`\nand `spark.read.schema(schema).json(file).select("_corrupt_record").show()`.\nInstead, you can cache or save the parsed results and then send the same query.\nFor example, `val df = spark.read.schema(schema).json(file).cache()` and then\n`df.filter($"_corrupt_record".isNotNull).count()`.',
  },
  COMPARATOR_RETURNS_NULL: {
    message:
      'The comparator has returned a NULL for a comparison between <firstValue> and <secondValue>.\nIt should return a positive integer for "greater than", 0 for "equal" and a negative integer for "less than".\nTo revert to deprecated behavior where NULL is treated as 0 (equal), you must set "spark.sql.legacy.allowNullComparisonResultInArraySort" to "true".',
    sqlState: "22004",
  },
  USER_RAISED_EXCEPTION: {
    message: "<errorMessage>",
    sqlState: "P0001",
  },
  COLLECTION_SIZE_LIMIT_EXCEEDED: {
    message:
      "Can't create array with <numberOfElements> elements which exceeding the array size limit <maxRoundedArrayLength>,",
    sqlState: "54000",
  },
  "COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER": {
    message: "the value of parameter(s) <parameter> in the function <functionName> is invalid.",
  },
  "INVALID_PARAMETER_VALUE.START": {
    message: "Expects a positive or a negative value for `start`, but got 0.",
  },
  CANNOT_DECODE_URL: {
    message:
      "The provided URL cannot be decoded: <url>. Please ensure that the URL is properly formatted and try again.",
    sqlState: "22546",
  },
  CONVERSION_INVALID_INPUT: {
    message:
      "The value <str> (<fmt>) cannot be converted to <targetType> because it is malformed. Correct the value as per the syntax, or change its format. Use <suggestion> to tolerate malformed input and return NULL instead.",
    sqlState: "22018",
  },
  "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX": {
    message: "Expects group index between 0 and <groupCount>, but got <groupIndex>.",
  },
  INVALID_URL: {
    message:
      "The url is invalid: <url>. Use `try_parse_url` to tolerate invalid URL and return NULL instead.",
    sqlState: "22P02",
  },
  MALFORMED_CHARACTER_CODING: {
    message: "Invalid value found when performing <function> with <charset>",
    sqlState: "22000",
  },
  _LEGACY_ERROR_TEMP_2128: {
    message: "The key array and value array of MapData must have the same length.",
  },
  INVALID_EMPTY_LOCATION: {
    message: "The location name cannot be empty string, but `<location>` was given.",
    sqlState: "42K05",
  },
  "INVALID_PARAMETER_VALUE.LENGTH": {
    message: "Expects `length` greater than or equal to 0, but got <length>.",
  },
  NON_FOLDABLE_ARGUMENT: {
    message:
      "The function <funcName> requires the parameter <paramName> to be a foldable expression of the type <paramType>, but the actual argument is a non-foldable.",
    sqlState: "42K08",
  },
  ALL_PARAMETERS_MUST_BE_NAMED: {
    message:
      "Using name parameterized queries requires all parameters to be named. Parameters missing names: <exprs>.",
    sqlState: "07001",
  },
  COLUMN_NOT_FOUND: {
    message:
      "The column <colName> cannot be found. Verify the spelling and correctness of the column name according to the SQL config <caseSensitiveConfig>.",
    sqlState: "42703",
  },
  DUPLICATE_ASSIGNMENTS: {
    message: "The columns or variables <nameList> appear more than once as assignment targets.",
    sqlState: "42701",
  },
  DUPLICATE_VARIABLE_NAME_INSIDE_DECLARE: {
    message:
      "Found duplicate variable <variableName> in the declare variable list. Please, remove one of them.",
    sqlState: "42734",
  },
  FORBIDDEN_OPERATION: {
    message: "The operation <statement> is not allowed on the <objectType>: <objectName>.",
    sqlState: "42809",
  },
  INVALID_BITMAP_POSITION: {
    message:
      "The 0-indexed bitmap position <bitPosition> is out of bounds. The bitmap has <bitmapNumBits> bits (<bitmapNumBytes> bytes).",
    sqlState: "22003",
  },
  INVALID_DEFAULT_VALUE: {
    message:
      "Failed to execute <statement> command because the destination column or variable <colName> has a DEFAULT value <defaultValue>,",
    sqlState: "42623",
  },
  "INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION": { message: "which contains subquery expressions." },
  INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE: {
    message: "Expression type must be string type but got <exprType>.",
    sqlState: "42K09",
  },
  INVALID_NON_DETERMINISTIC_EXPRESSIONS: {
    message: "The operator expects a deterministic expression, but the actual expression is <sqlExprs>.",
    sqlState: "42K0E",
  },
  "INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR": { message: "detail message: <detailMessage>" },
  "INVALID_PARAMETER_VALUE.AES_IV_LENGTH": {
    message: "supports 16-byte CBC IVs and 12-byte GCM IVs, but got <actualLength> bytes for <mode>.",
  },
  "INVALID_PARAMETER_VALUE.AES_KEY_LENGTH": {
    message: "expects a binary value with 16, 24 or 32 bytes, but got <actualLength> bytes.",
  },
  "INVALID_PARAMETER_VALUE.HMAC_ALGORITHM": {
    message:
      "expects one of the algorithms 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512', 'SHA-1', 'MD5', but got <algorithm>.",
  },
  "INVALID_PARAMETER_VALUE.HMAC_CRYPTO_ERROR": { message: "detail message: <detailMessage>" },
  "INVALID_PARAMETER_VALUE.LONG": { message: "expects a long literal, but got <invalidValue>." },
  INVALID_STATEMENT_FOR_EXECUTE_INTO: {
    message:
      "The INTO clause of EXECUTE IMMEDIATE is only valid for queries but the given statement is not a query: <sqlString>.",
    sqlState: "07501",
  },
  "INVALID_VARIABLE_DECLARATION.QUALIFIED_LOCAL_VARIABLE": {
    message:
      "The variable <varName> must be declared without a qualifier, as qualifiers are not allowed for local variable declarations.",
  },
  "INVALID_VARIABLE_DECLARATION.REPLACE_LOCAL_VARIABLE": {
    message:
      "The variable <varName> does not support DECLARE OR REPLACE, as local variables cannot be replaced.",
  },
  INVALID_VECTOR_NORM_DEGREE: {
    message: "For the <functionName> function, degree must be 1.0, 2.0, or float('inf'), but got <degree>.",
    sqlState: "22023",
  },
  MISSING_CATALOG_ABILITY: { message: "Catalog <plugin> does not support", sqlState: "0A000" },
  "MISSING_CATALOG_ABILITY.PROCEDURES": { message: "procedures." },
  NOT_A_PARTITIONED_TABLE: {
    message:
      "Operation <operation> is not allowed for <tableIdentWithDB> because it is not a partitioned table.",
    sqlState: "42809",
  },
  NULL_QUERY_STRING_EXECUTE_IMMEDIATE: {
    message:
      "Execute immediate requires a non-null variable as the query string, but the provided variable <varName> is null.",
    sqlState: "22004",
  },
  RESERVED_DATABASE_NAME: {
    message: "Cannot create the database <database> because the name is reserved for system use.",
    sqlState: "42939",
  },
  ROUTINE_NOT_FOUND: {
    message:
      "The routine <routineName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a schema and catalog, verify the current_schema() output, or qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP ... IF EXISTS.",
    sqlState: "42883",
  },
  ROW_SUBQUERY_TOO_MANY_ROWS: {
    message: "More than one row returned by a subquery used as a row.",
    sqlState: "21000",
  },
  SQL_SCRIPT_IN_EXECUTE_IMMEDIATE: {
    message:
      "SQL Scripts in EXECUTE IMMEDIATE commands are not allowed. Please ensure that the SQL query provided (<sqlString>) is not SQL Script. Make sure the sql_string is a well-formed SQL statement and does not contain BEGIN and END.",
    sqlState: "07501",
  },
  UNRESOLVED_VARIABLE: {
    message: "Cannot resolve variable <variableName> on search path <searchPath>.",
    sqlState: "42883",
  },
  "UNSUPPORTED_FEATURE.AES_MODE": {
    message: "AES-<mode> with the padding <padding> by the <functionName> function.",
  },
  "UNSUPPORTED_FEATURE.AES_MODE_AAD": {
    message: "<functionName> with AES-<mode> does not support additional authenticate data (AAD).",
  },
  "UNSUPPORTED_FEATURE.AES_MODE_IV": {
    message: "<functionName> with AES-<mode> does not support initialization vectors (IVs).",
  },
  "UNSUPPORTED_FEATURE.ANALYZE_UNSUPPORTED_COLUMN_TYPE": {
    message:
      "The ANALYZE TABLE FOR COLUMNS command does not support the type <columnType> of the column <columnName> in the table <tableName>.",
  },
  "UNSUPPORTED_FEATURE.ANALYZE_VIEW": { message: "The ANALYZE TABLE command does not support views." },
  VARIABLE_ALREADY_EXISTS: {
    message:
      "Cannot create the variable <variableName> because it already exists.\nChoose a different name, or drop or replace the existing variable.",
    sqlState: "42723",
  },
  VARIABLE_NOT_FOUND: {
    message:
      "The variable <variableName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a schema and catalog, verify the current_schema() output, or qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP VARIABLE IF EXISTS.",
    sqlState: "42883",
  },
  VECTOR_DIMENSION_MISMATCH: {
    message:
      "Vectors passed to <functionName> must have the same dimension, but got <leftDim> and <rightDim>.",
    sqlState: "22000",
  },
  EXPECT_PERMANENT_VIEW_NOT_TEMP: {
    message: "'<operation>' expects a permanent view but <viewName> is a temp view.",
    sqlState: "42809",
  },
  INVALID_PARTITION_OPERATION: { message: "The partition command is invalid.", sqlState: "42601" },
  "INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY": { message: "Table <name> is not partitioned." },
  NO_MERGE_ACTION_SPECIFIED: {
    message:
      "df.mergeInto needs to be followed by at least one of whenMatched/whenNotMatched/whenNotMatchedBySource.",
    sqlState: "42K0E",
  },
  PARTITIONS_NOT_FOUND: {
    message:
      "The partition(s) <partitionList> cannot be found in table <tableName>.\nVerify the partition specification and table name.\nTo tolerate the error on drop use ALTER TABLE \u2026 DROP IF EXISTS PARTITION.",
    sqlState: "428FT",
  },
  PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION: {
    message:
      "Non-grouping expression <expr> is provided as an argument to the |> AGGREGATE pipe operator but does not contain any aggregate function; please update it to include an aggregate function and then retry the query again.",
    sqlState: "0A000",
  },
  SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE: {
    message: "SHOW COLUMNS with conflicting namespaces: <namespaceA> != <namespaceB>.",
    sqlState: "42K05",
  },
  UNSUPPORTED_SHOW_CREATE_TABLE: { message: "Unsupported a SHOW CREATE TABLE command.", sqlState: "0A000" },
  "UNSUPPORTED_SHOW_CREATE_TABLE.ON_DATA_SOURCE_TABLE_WITH_AS_SERDE": {
    message:
      "The table <tableName> is a Spark data source table. Please use SHOW CREATE TABLE without AS SERDE instead.",
  },
  "INVALID_FORMAT.MISMATCH_INPUT": { message: "The input <inputType> <input> does not match the format." },
  "INVALID_PARAMETER_VALUE.BINARY_FORMAT": {
    message: "expects one of binary formats 'base64', 'hex', 'utf-8', but got <invalidFormat>.",
  },
  CANNOT_LOAD_FUNCTION_CLASS: {
    message:
      "Cannot load class <className> when registering the function <functionName>, please make sure it is on the classpath.",
    sqlState: "46103",
  },
  CYCLIC_FUNCTION_REFERENCE: { message: "Cyclic function reference detected: <path>.", sqlState: "42887" },
  DUPLICATE_ROUTINE_PARAMETER_NAMES: {
    message:
      "Found duplicate name(s) in the parameter list of the user-defined routine <routineName>: <names>.",
    sqlState: "42734",
  },
  DUPLICATE_ROUTINE_RETURNS_COLUMNS: {
    message:
      "Found duplicate column(s) in the RETURNS clause column list of the user-defined routine <routineName>: <columns>.",
    sqlState: "42711",
  },
  INVALID_SQL_FUNCTION_DATA_ACCESS: {
    message:
      "Cannot create a SQL function with CONTAINS SQL that accesses a table/view or a SQL function that reads SQL data. Please use READS SQL DATA instead.",
    sqlState: "42K0E",
  },
  INVALID_TEMP_OBJ_REFERENCE: {
    message:
      "Cannot create the persistent object <objName> of the type <obj> because it references to the temporary object <tempObjName> of the type <tempObj>. Please make the temporary object <tempObjName> persistent, or make the persistent object <objName> temporary.",
    sqlState: "42K0F",
  },
  ROUTINE_ALREADY_EXISTS: {
    message:
      "Cannot create the <newRoutineType> <routineName> because a <existingRoutineType> of that name already exists.\nChoose a different name, drop or replace the existing <existingRoutineType>, or add the IF NOT EXISTS clause to tolerate a pre-existing <newRoutineType>.",
    sqlState: "42723",
  },
  UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING: {
    message:
      'The char/varchar type can\'t be used in the table schema.\nIf you want Spark treat them as string type as same as Spark 3.0 and earlier, please set "spark.sql.legacy.charVarcharAsString" to "true".',
    sqlState: "0A000",
  },
  "UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED": {
    message: "SET PATH is disabled. Set <config> to true to enable it.",
  },
  USER_DEFINED_FUNCTIONS: { message: "User defined function is invalid:", sqlState: "42601" },
  "USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS": {
    message: "SQL scalar function cannot contain aggregate/window/generate functions: <queryText>",
  },
  "USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_EXPRESSION": {
    message:
      "The DEFAULT expression of `<functionName>`.`<parameterName>` is not supported because it contains a subquery.",
  },
  "USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION": {
    message:
      "In routine `<functionName>` parameter `<parameterName>` with DEFAULT must not be followed by parameter `<nextParameterName>` without DEFAULT.",
  },
  "USER_DEFINED_FUNCTIONS.NOT_NULL_ON_FUNCTION_PARAMETERS": {
    message: "Cannot specify NOT NULL on function parameters: <input>",
  },
  "USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH": {
    message:
      "The number of columns produced by the RETURN clause (num: `<outputSize>`) does not match the number of column names specified by the RETURNS clause (num: `<returnParamSize>`) of <name>.",
  },
  "USER_DEFINED_FUNCTIONS.SQL_TABLE_UDF_BODY_MUST_BE_A_QUERY": {
    message: "SQL table function <name> body must be a query.",
  },
  "INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT_UNSAFE_CAST": {
    message:
      "The function <funcName> with DISTINCT and WITHIN GROUP (ORDER BY) is not supported for <inputType> input. Explicitly cast the input to <castType> before passing it to both the function argument and ORDER BY expression.",
  },
  "UNSUPPORTED_FEATURE.TABLE_OPERATION": {
    message:
      'Table <tableName> does not support <operation>. Please check the current catalog and namespace to make sure the qualified table name is expected, and also check the catalog implementation which is configured by "spark.sql.catalog".',
  },
  INVALID_FRACTION_OF_SECOND: {
    message:
      "Valid range for seconds is [0, 60] (inclusive), but the provided value is <secAndMicros>. To avoid this error, use `try_make_timestamp`, which returns NULL on error.\nIf you do not want to use the session default timestamp version of this function, use `try_make_timestamp_ntz` or `try_make_timestamp_ltz`.",
    sqlState: "22023",
  },
  DEFAULT_PLACEMENT_INVALID: {
    message:
      "A DEFAULT keyword in a MERGE, INSERT, UPDATE, or SET VARIABLE command could not be directly assigned to a target column because it was part of an expression.\nFor example: `UPDATE SET c1 = DEFAULT` is allowed, but `UPDATE T SET c1 = DEFAULT + 1` is not allowed.",
    sqlState: "42608",
  },
  INSERT_PARTITION_COLUMN_ARITY_MISMATCH: {
    message:
      "Cannot write to '<tableName>', <reason>:\nTable columns: <tableColumns>.\nPartition columns with static values: <staticPartCols>.\nData columns: <dataColumns>.",
    sqlState: "21S01",
  },
  "INVALID_PARAMETER_VALUE.OCCURRENCE": { message: "expects a positive integer, but got <actual>." },
  INVALID_TIMEZONE: {
    message:
      "The timezone: <timeZone> is invalid. The timezone must be either a region-based zone ID or a zone offset. Region IDs must have the form 'area/city', such as 'America/Los_Angeles'. Zone offsets must be in the format '(+|-)HH', '(+|-)HH:mm\u2019 or '(+|-)HH:mm:ss', e.g '-08' , '+01:00' or '-13:33:33', and must be in the range from -18:00 to +18:00. 'Z' and 'UTC' are accepted as synonyms for '+00:00'.",
    sqlState: "22009",
  },
  INVALID_UTF8_STRING: { message: "Invalid UTF8 byte sequence found in string: <str>.", sqlState: "22029" },
  NOT_SUPPORTED_COMMAND_WITHOUT_HIVE_SUPPORT: {
    message:
      '<cmd> is not supported, if you want to enable it, please set "spark.sql.catalogImplementation" to "hive".',
    sqlState: "0A000",
  },
  STATIC_PARTITION_COLUMN_IN_INSERT_COLUMN_LIST: {
    message: "Static partition column <staticName> is also specified in the column list.",
    sqlState: "42713",
  },
  AS_OF_JOIN: { message: "Invalid as-of join.", sqlState: "42604" },
  "AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE": { message: "The input argument `tolerance` must be non-negative." },
  "AS_OF_JOIN.UNSUPPORTED_DIRECTION": {
    message:
      "Unsupported as-of join direction '<direction>'. Supported as-of join direction include: <supported>.",
  },
  "NEAREST_BY_JOIN.NON_ORDERABLE_RANKING_EXPRESSION": {
    message:
      "The ranking expression <expression> of type <type> is not orderable. Provide an expression that returns an orderable type, such as a numeric distance like abs(a.col - b.col) or a numeric similarity score.",
  },
  ZIP_PLANS_NOT_MERGEABLE: {
    message:
      "The two DataFrames in zip() cannot be merged. They must produce the same canonicalized plan after stripping outer Project chains, and must not contain non-scalar Python UDFs.",
    sqlState: "42K03",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED": {
    message: "Accessing outer query column is not allowed in this location:\n<treeNode>",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.LATERAL_JOIN_CONDITION_NON_DETERMINISTIC": {
    message: "Lateral join condition cannot be non-deterministic: <condition>.",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.NON_DETERMINISTIC_LATERAL_SUBQUERIES": {
    message:
      "Non-deterministic lateral subqueries are not supported when joining with outer relations that produce more than one row:\n<treeNode>",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_REFERENCE_DATA_TYPE": {
    message: "Correlated column reference '<expr>' cannot be <dataType> type.",
  },
  CREATE_EXTERNAL_TABLE_WITHOUT_LOCATION: {
    message: "CREATE EXTERNAL TABLE must be accompanied by LOCATION.",
    sqlState: "42601",
  },
  DEFAULT_UNSUPPORTED: {
    message:
      'Failed to execute <statementType> command because DEFAULT values are not supported for target data source with table provider: "<dataSource>".',
    sqlState: "42623",
  },
  "INVALID_DEFAULT_VALUE.DATA_TYPE": {
    message:
      "which requires <expectedType> type, but the statement provided a value of incompatible <actualType> type.",
  },
  "INVALID_DEFAULT_VALUE.NON_DETERMINISTIC": { message: "which contains a non-deterministic expression." },
  "INVALID_DEFAULT_VALUE.NOT_CONSTANT": {
    message: "which is not a constant expression whose equivalent value is known at query planning time.",
  },
  "INVALID_DEFAULT_VALUE.UNRESOLVED_EXPRESSION": { message: "which fails to resolve as a valid expression." },
  UNSUPPORTED_PARTITION_TRANSFORM: {
    message:
      "Unsupported partition transform: <transform>. The supported transforms are `identity`, `bucket`, and `clusterBy`. Ensure your transform expression uses one of these.",
    sqlState: "0A000",
  },
  DATAFRAME_INPUT_NOT_SINGLE_COLUMN: {
    message: "Input DataFrame must have exactly one column, but got <numColumns>.",
    sqlState: "42K09",
  },
  DATAFRAME_INPUT_NOT_STRING_TYPE: {
    message: "Input DataFrame column must be StringType, but got <dataType>.",
    sqlState: "42K09",
  },
  INVALID_BUCKET_COUNT: {
    message:
      "Number of buckets should be greater than 0 but less than or equal to bucketing.maxBuckets (`<bucketingMaxBuckets>`). Got `<numBuckets>`.",
    sqlState: "22003",
  },
  SORT_BY_WITHOUT_BUCKETING: { message: "sortBy must be used together with bucketBy.", sqlState: "42601" },
  _LEGACY_ERROR_TEMP_1312: { message: "'<operation>' does not support bucketBy right now." },
  _LEGACY_ERROR_TEMP_1164: {
    message:
      "Specified bucketing does not match that of the existing table <tableName>.\nSpecified bucketing: <specifiedBucketString>.\nExisting bucketing: <existingBucketString>.",
  },
  COUNTER_DIFF_NEGATIVE_COUNTER_VALUE: {
    message:
      "A negative counter value <value> was provided to function <function>. Negative counter values are not allowed.",
    sqlState: "22003",
  },
  COUNTER_DIFF_START_TIME_DECREASED: {
    message:
      "Start time provided to function <function> decreased from <previousStartTime> to <currentStartTime>. Start time is required to be non-decreasing.",
    sqlState: "22023",
  },
  CANNOT_ALTER_PARTITION_COLUMN: {
    message:
      "ALTER TABLE (ALTER|CHANGE) COLUMN is not supported for partition columns, but found the partition column <columnName> in the table <tableName>.",
    sqlState: "428FR",
  },
  CREATE_PERMANENT_VIEW_WITHOUT_ALIAS: {
    message:
      "Not allowed to create the permanent view <name> without explicitly assigning an alias for the expression <attr>.",
    sqlState: "0A000",
  },
  "INVALID_PARTITION_OPERATION.PARTITION_MANAGEMENT_IS_UNSUPPORTED": {
    message: "Table <name> does not support partition management.",
  },
  NOT_SUPPORTED_CHANGE_COLUMN: {
    message:
      "ALTER TABLE ALTER/CHANGE COLUMN is not supported for changing <table>'s column <originName> with type <originType> to <newName> with type <newType>.",
    sqlState: "0A000",
  },
  PARTITIONS_ALREADY_EXIST: {
    message:
      "Cannot ADD or RENAME TO partition(s) <partitionList> in table <tableName> because they already exist.\nChoose a different name, drop the existing partition, or add the IF NOT EXISTS clause to tolerate a pre-existing partition.",
    sqlState: "428FT",
  },
  RECURSIVE_VIEW: { message: "Recursive view <viewIdent> detected (cycle: <newPath>).", sqlState: "42K0H" },
  "UNSUPPORTED_FEATURE.ALTER_TABLE_SERDE_FOR_DATASOURCE_TABLE": {
    message:
      "ALTER TABLE SET SERDE is not supported for table <tableName> created with the datasource API. Consider using an external Hive table or updating the table properties with compatible options for your table format.",
  },
  INVALID_CORRUPT_RECORD_TYPE: {
    message:
      "The column <columnName> for corrupt records must have the nullable STRING type, but got <actualType>.",
    sqlState: "42804",
  },
  INVALID_SCHEMA: {
    message: "The input schema <inputSchema> is not a valid schema string.",
    sqlState: "42K07",
  },
  "INVALID_SCHEMA.NON_STRING_LITERAL": {
    message: "The input expression must be string literal and not null.",
  },
  PARSE_MODE_UNSUPPORTED: {
    message:
      "The function <funcName> doesn't support the <mode> mode. Acceptable modes are PERMISSIVE and FAILFAST.",
    sqlState: "42601",
  },
  INVALID_OPTIONS: { message: "Invalid options:", sqlState: "42K06" },
  "INVALID_OPTIONS.NON_MAP_FUNCTION": { message: "Must use the `map()` function for options." },
  "INVALID_OPTIONS.NON_STRING_TYPE": {
    message: "A type of keys and values in `map()` must be string, but got <mapType>.",
  },
  EXCEED_LIMIT_LENGTH: {
    message: "Exceeds char/varchar type length limitation: <limit>.",
    sqlState: "54006",
  },
  CANNOT_PARSE_INTERVAL: {
    message:
      "Unable to parse <intervalString>. Please ensure that the value provided is in a valid format for defining an interval. You can reference the documentation for the correct format. If the issue persists, please double check that the input value is not null or empty and try again.",
    sqlState: "22006",
  },
  INVALID_BOOLEAN_STATEMENT: {
    message: "Boolean statement is expected in the condition, but <invalidStatement> was found.",
    sqlState: "22546",
  },
  "UNSUPPORTED_FEATURE.SQL_SCRIPTING_DROP_TEMPORARY_VARIABLE": {
    message:
      "DROP TEMPORARY VARIABLE is not supported within SQL scripts. To bypass this, use `EXECUTE IMMEDIATE 'DROP TEMPORARY VARIABLE ...'` .",
  },
  "INVALID_SCHEMA.NON_STRUCT_TYPE": {
    message: "The input expression should be evaluated to struct type, but got <dataType>.",
  },

  COLUMN_IS_NOT_VARIANT_TYPE: {
    message:
      "The semi-structured extraction operator (`:`) can only be applied to a column of the VARIANT type.",
    sqlState: "42K09",
  },
  INVALID_VARIANT_CAST: {
    message:
      "The variant value `<value>` cannot be cast into `<dataType>`. Please use `try_variant_get` instead.",
    sqlState: "22023",
  },
  INVALID_VARIANT_GET_PATH: {
    message:
      "The path `<path>` is not a valid variant extraction path in `<functionName>`.\nA valid path should start with `$` and is followed by zero or more segments like `[123]`, `.name`, `['name']`, or `[\"name\"]`.",
    sqlState: "22023",
  },
  INVALID_VARIANT_PATH: {
    message:
      "The path '<path>' is not a valid <functionName> target.\nA valid path should start with `$` and is followed by segments like `[123]`, `.name`, `['name']`, or `[\"name\"]`.",
    sqlState: "22023",
  },
  VARIANT_DUPLICATE_KEY: {
    message: "Failed to build variant because of a duplicate object key `<key>`.",
    sqlState: "22023",
  },
  VARIANT_PATH_TYPE_MISMATCH: {
    message: "The path '<path>' is incompatible with the variant value at '<failedAt>' in <functionName>.",
    sqlState: "22023",
  },
  VARIANT_SIZE_LIMIT: {
    message:
      "Cannot build variant bigger than <sizeLimit> in <functionName>.\nPlease avoid large input strings to this expression (for example, add function calls(s) to check the expression size and convert it to NULL first if it is too big).",
    sqlState: "22023",
  },
  SKETCH_INVALID_LG_NOM_ENTRIES: {
    message:
      "Invalid call to <function>; the `lgNomEntries` value must be between <min> and <max>, inclusive: <value>.",
    sqlState: "22003",
  },
  THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT: {
    message:
      "Invalid call to <function>; the `lgNomEntries` value must be a constant value, but got a non-constant expression.",
    sqlState: "42K0E",
  },
  THETA_INVALID_INPUT_SKETCH_BUFFER: {
    message:
      "Invalid call to <function>; only valid Theta sketch buffers are supported as inputs (such as those produced by the `theta_sketch_agg` function).",
    sqlState: "22000",
  },
  TUPLE_INVALID_INPUT_SKETCH_BUFFER: {
    message:
      "Invalid call to <function>; only valid Tuple sketch buffers are supported as inputs (such as those produced by the corresponding `tuple_sketch_agg_*` function).",
    sqlState: "22000",
  },
  KLL_INVALID_INPUT_SKETCH_BUFFER: {
    message:
      "Invalid call to <function>; only valid KLL sketch buffers are supported as inputs (such as those produced by the `kll_sketch_agg` function).",
    sqlState: "22000",
  },
  KLL_SKETCH_INVALID_QUANTILE_RANGE: {
    message: "For function <functionName>, the quantile value must be between 0.0 and 1.0 (inclusive).",
    sqlState: "22003",
  },
  HLL_INVALID_INPUT_SKETCH_BUFFER: {
    message:
      "Invalid call to <function>; only valid HLL sketch buffers are supported as inputs (such as those produced by the `hll_sketch_agg` function).",
    sqlState: "22546",
  },
  HLL_INVALID_LG_K: {
    message:
      "Invalid call to <function>; the `lgConfigK` value must be between <min> and <max>, inclusive: <value>.",
    sqlState: "22546",
  },
  HLL_K_MUST_BE_CONSTANT: {
    message:
      "Invalid call to <function>; the `K` value must be a constant value, but got a non-constant expression.",
    sqlState: "42K0E",
  },
  HLL_UNION_DIFFERENT_LG_K: {
    message:
      "Sketches have different `lgConfigK` values: <left> and <right>. Set the `allowDifferentLgConfigK` parameter to true to call <function> with different `lgConfigK` values.",
    sqlState: "22000",
  },
  THETA_INVALID_INPUT_SKETCH_BUFFER_FAMILY: {
    message:
      "Invalid call to <function>: expected <expectedFamily> sketch family but received <actualFamily>. Only valid Theta sketch buffers (produced by `theta_sketch_agg`) are supported as inputs.",
    sqlState: "22000",
  },
  TUPLE_INVALID_INPUT_SKETCH_BUFFER_FAMILY: {
    message:
      "Invalid call to <function>: expected <expectedFamily> sketch family but received <actualFamily>. Only valid Tuple sketch buffers (produced by `tuple_sketch_agg_*` functions) are supported as inputs.",
    sqlState: "22000",
  },
};
