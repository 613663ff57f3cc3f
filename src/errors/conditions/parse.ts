import type { ConditionTable } from "./condition.ts";

export const PARSE_CONDITIONS: ConditionTable = {
  ALTER_TABLE_COLUMN_DESCRIPTOR_DUPLICATE: {
    message:
      'ALTER TABLE <type> column <columnName> specifies descriptor "<optionName>" more than once, which is invalid.',
    sqlState: "42710",
  },
  COLLATION_INVALID_NAME: {
    message:
      "The value <collationName> does not represent a correct collation name. Suggested valid collation names: [<proposals>].",
    sqlState: "42704",
  },
  COLUMN_ALIASES_NOT_ALLOWED: { message: "Column aliases are not allowed in <op>.", sqlState: "42601" },
  CREATE_TABLE_COLUMN_DESCRIPTOR_DUPLICATE: {
    message:
      'CREATE TABLE column <columnName> specifies descriptor "<optionName>" more than once, which is invalid.',
    sqlState: "42710",
  },
  CREATE_VIEW_WITH_IF_NOT_EXISTS_AND_REPLACE: {
    message: "CREATE VIEW <viewName> with both IF NOT EXISTS and REPLACE is not allowed.",
    sqlState: "42601",
  },
  DECIMAL_SCALE_EXCEEDS_PRECISION: {
    message: "Decimal scale (<scale>) cannot be greater than precision (<precision>).",
    sqlState: "22003",
  },
  DESCRIBE_JSON_NOT_EXTENDED: {
    message:
      "DESCRIBE TABLE ... AS JSON only supported when [EXTENDED|FORMATTED] is specified.\nFor example: DESCRIBE EXTENDED <tableName> AS JSON is supported but DESCRIBE <tableName> AS JSON is not.",
    sqlState: "0A000",
  },
  DUPLICATED_CTE_NAMES: {
    message: "CTE definition can't have duplicate names: <duplicateNames>.",
    sqlState: "42602",
  },
  DUPLICATE_CLAUSES: {
    message: "Found duplicate clauses: <clauseName>. Please, remove one of them.",
    sqlState: "42614",
  },
  DUPLICATE_CONDITION_IN_SCOPE: {
    message: "Found duplicate condition <condition> in the scope. Please, remove one of them.",
    sqlState: "42734",
  },
  DUPLICATE_KEY: { message: "Found duplicate keys <keyColumn>.", sqlState: "23505" },
  END_LABEL_WITHOUT_BEGIN_LABEL: {
    message: "End label <endLabel> can not exist without begin label.",
    sqlState: "42K0L",
  },
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
  IDENTITY_COLUMNS_DUPLICATED_SEQUENCE_GENERATOR_OPTION: {
    message: "Duplicated IDENTITY column sequence generator option: <sequenceGeneratorOption>.",
    sqlState: "42601",
  },
  IDENTITY_COLUMNS_ILLEGAL_STEP: { message: "IDENTITY column step cannot be 0.", sqlState: "42611" },
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
  INSERT_REPLACE_WHERE_TABLE_ALIAS_NOT_ALLOWED: {
    message:
      "Table alias is not allowed with INSERT INTO ... REPLACE WHERE because the WHERE condition is evaluated against the target table directly.\nUse INSERT INTO ... REPLACE ON if you need to reference the target table via an alias.",
    sqlState: "42000",
  },
  INVALID_ATTRIBUTE_NAME_SYNTAX: {
    message:
      "Syntax error in the attribute name: <name>. Check that backticks appear in pairs, a quoted string is a complete name part and use a backtick only inside quoted name parts.",
    sqlState: "42601",
  },
  INVALID_CONSTRAINT_CHARACTERISTICS: {
    message: "Constraint characteristics [<characteristics>] are duplicated or conflict with each other.",
    sqlState: "42613",
  },
  INVALID_ERROR_CONDITION_DECLARATION: { message: "Invalid condition declaration.", sqlState: "42K0R" },
  "INVALID_ERROR_CONDITION_DECLARATION.NOT_AT_START_OF_COMPOUND_STATEMENT": {
    message: "Condition <conditionName> can only be declared at the start of a BEGIN END compound statement.",
  },
  "INVALID_ERROR_CONDITION_DECLARATION.SPECIAL_CHARACTER_FOUND": {
    message:
      "Special character found in condition name <conditionName>. Only alphanumeric characters and underscores are allowed.",
  },
  INVALID_ESC: {
    message:
      "Found an invalid escape string: <invalidEscape>. The escape string must contain only one character.",
    sqlState: "42604",
  },
  INVALID_HANDLER_DECLARATION: { message: "Invalid handler declaration.", sqlState: "42K0Q" },
  "INVALID_HANDLER_DECLARATION.DUPLICATE_CONDITION_IN_HANDLER_DECLARATION": {
    message: "Found duplicate condition <condition> in the handler declaration. Please, remove one of them.",
  },
  "INVALID_HANDLER_DECLARATION.DUPLICATE_SQLSTATE_IN_HANDLER_DECLARATION": {
    message: "Found duplicate sqlState <sqlState> in the handler declaration. Please, remove one of them.",
  },
  "INVALID_HANDLER_DECLARATION.INVALID_CONDITION_COMBINATION": {
    message:
      "Invalid combination of conditions in the handler declaration. SQLEXCEPTION and NOT FOUND cannot be used together with other condition/sqlstate values.",
  },
  "INVALID_HANDLER_DECLARATION.WRONG_PLACE_OF_DECLARATION": {
    message:
      "Handlers must be declared after variable/condition/cursor declarations, and before other statements.",
  },
  INVALID_IDENTIFIER: {
    message:
      "The unquoted identifier <ident> is invalid and must be back quoted as: `<ident>`.\nUnquoted identifiers can only contain ASCII letters ('a' - 'z', 'A' - 'Z'), digits ('0' - '9'), and underbar ('_').\nUnquoted identifiers must also not start with a digit.\nDifferent data sources and meta stores may impose additional restrictions on valid identifiers.",
    sqlState: "42602",
  },
  INVALID_LABEL_USAGE: { message: "The usage of the label <labelName> is invalid.", sqlState: "42K0L" },
  "INVALID_LABEL_USAGE.DOES_NOT_EXIST": {
    message:
      "Label was used in the <statementType> statement, but the label does not belong to any surrounding block.",
  },
  "INVALID_LABEL_USAGE.ITERATE_IN_COMPOUND": {
    message: "ITERATE statement cannot be used with a label that belongs to a compound (BEGIN...END) body.",
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
  INVALID_PROPERTY_KEY: {
    message: "<key> is an invalid property key, please use quotes, e.g. SET <key>=<value>.",
    sqlState: "42602",
  },
  INVALID_RESET_COMMAND_FORMAT: {
    message:
      "Expected format is 'RESET' or 'RESET key'. If you want to include special characters in key, please use quotes, e.g., RESET `key`.",
    sqlState: "42000",
  },
  INVALID_SET_SYNTAX: {
    message:
      "Expected format is 'SET', 'SET key', or 'SET key=value'. If you want to include special characters in key, or include semicolon in value, please use backquotes, e.g., SET `key`=`value`.",
    sqlState: "42000",
  },
  INVALID_SQLSTATE: {
    message:
      "Invalid SQLSTATE value: '<sqlState>'. SQLSTATE must be exactly 5 characters long and contain only A-Z and 0-9. SQLSTATE must not start with '00', '01', or 'XX'.",
    sqlState: "428B3",
  },
  INVALID_SQL_SYNTAX: { message: "Invalid SQL syntax:", sqlState: "42000" },
  "INVALID_SQL_SYNTAX.ANALYZE_TABLE_UNEXPECTED_NOSCAN": {
    message: "ANALYZE TABLE(S) ... COMPUTE STATISTICS ... <ctx> must be either NOSCAN or empty.",
  },
  "INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_COLUMN_CONSTRAINTS": {
    message: "CREATE FUNCTION with constraints on parameters is not allowed.",
  },
  "INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_GENERATED_COLUMNS_AS_PARAMETERS": {
    message: "CREATE FUNCTION with generated columns as parameters is not allowed.",
  },
  "INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE": {
    message: "Cannot create a routine with both IF NOT EXISTS and REPLACE specified.",
  },
  "INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS": {
    message: "CREATE TEMPORARY FUNCTION with IF NOT EXISTS is not allowed.",
  },
  "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE": {
    message:
      "IN predicate requires at least one value. Empty IN clauses like 'IN ()' are not allowed. Consider using 'WHERE FALSE' if you need an always-false condition, or provide at least one value in the IN list.",
  },
  "INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE": { message: "Partition key <partKey> must set value." },
  "INVALID_SQL_SYNTAX.EMPTY_QUANTIFIED_PATTERN": { message: "Expected something between '(' and ')'." },
  "INVALID_SQL_SYNTAX.EMPTY_REFRESH_RESOURCE_PATH": {
    message: "Resource paths cannot be empty in REFRESH statements. Use / to match everything.",
  },
  "INVALID_SQL_SYNTAX.INVALID_REFRESH_RESOURCE_PATH": {
    message: "REFRESH statements cannot contain ' ', '\\n', '\\r', '\\t' inside unquoted resource paths.",
  },
  "INVALID_SQL_SYNTAX.INVALID_TABLE_FUNCTION_TABLE_ARGUMENT_PARTITIONING": {
    message:
      "The table function call includes a table argument with an invalid partitioning/ordering specification: the <clause> clause included multiple expressions without parentheses surrounding them; please add parentheses around these expressions and then retry the query again.",
  },
  "INVALID_SQL_SYNTAX.INVALID_WINDOW_FRAME_BOUND": { message: "Frame bound value must be a literal." },
  "INVALID_SQL_SYNTAX.OPTION_IS_INVALID": {
    message: "option or property key <key> is invalid; only <supported> are supported",
  },
  "INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION": {
    message: "The definition of window <windowName> is repetitive.",
  },
  "INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_PATTERN": {
    message: 'Invalid pattern in SHOW FUNCTIONS: <pattern>. It must be a "STRING" literal.',
  },
  "INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE": { message: "SHOW <scope> FUNCTIONS not supported." },
  "INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE": {
    message: "Cannot resolve window reference <windowName>.",
  },
  "INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED": {
    message:
      "The definition of a SQL variable requires either a datatype or a DEFAULT clause.\nFor example, use `DECLARE name STRING` or `DECLARE name = 'SQL'` instead of `DECLARE name`.",
  },
  INVALID_STATEMENT_OR_CLAUSE: {
    message: "The statement or clause: <operation> is not valid.",
    sqlState: "42601",
  },
  INVALID_TABLESAMPLE_FRACTION: {
    message: "Sampling fraction (<fraction>) must be on interval [0, 1].",
    sqlState: "22023",
  },
  INVALID_TEMP_OBJ_QUALIFIER: {
    message:
      "Temporary <objectType> <objectName> cannot be qualified with <qualifier>. Temporary objects can only be qualified with SESSION or SYSTEM.SESSION.",
    sqlState: "42602",
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
  INVALID_TIME_TRAVEL_TIMESTAMP_FORMAT: {
    message: "The provided timestamp <timestamp> doesn't match the expected syntax <format>.",
    sqlState: "22000",
  },
  INVALID_TYPED_LITERAL: {
    message: "The value of the typed literal <valueType> is invalid: <value>.",
    sqlState: "42604",
  },
  INVALID_VARIABLE_DECLARATION: { message: "Invalid variable declaration.", sqlState: "42K0M" },
  "INVALID_VARIABLE_DECLARATION.NOT_ALLOWED_IN_SCOPE": {
    message: "Declaration of the variable <varName> is not allowed in this scope.",
  },
  "INVALID_VARIABLE_DECLARATION.ONLY_AT_BEGINNING": {
    message: "Variable <varName> can only be declared at the beginning of the compound.",
  },
  LABELS_MISMATCH: {
    message: "Begin label <beginLabel> does not match the end label <endLabel>.",
    sqlState: "42K0L",
  },
  MERGE_INSERT_VALUE_COUNT_MISMATCH: {
    message:
      "The number of provided values (<actualCount>) must match the number of expected columns (<expectedCount>) in the INSERT clause of MERGE.",
    sqlState: "21S01",
  },
  MERGE_WITHOUT_WHEN: {
    message: "There must be at least one WHEN clause in a MERGE statement.",
    sqlState: "42601",
  },
  MULTIPLE_PRIMARY_KEYS: {
    message:
      "Multiple primary keys are defined: <columns>. Please ensure that only one primary key is defined for the table.",
    sqlState: "42P16",
  },
  MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS: {
    message:
      "<clause1> and <clause2> cannot coexist in the same SQL pipe operator using '|>'. Please separate the multiple result clauses into separate pipe operators and then retry the query again.",
    sqlState: "42000",
  },
  NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION: {
    message:
      "When there are more than one MATCHED clauses in a MERGE statement, only the last MATCHED clause can omit the condition.",
    sqlState: "42613",
  },
  NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION: {
    message:
      "When there are more than one NOT MATCHED BY SOURCE clauses in a MERGE statement, only the last NOT MATCHED BY SOURCE clause can omit the condition.",
    sqlState: "42613",
  },
  NON_LAST_NOT_MATCHED_BY_TARGET_CLAUSE_OMIT_CONDITION: {
    message:
      "When there are more than one NOT MATCHED [BY TARGET] clauses in a MERGE statement, only the last NOT MATCHED [BY TARGET] clause can omit the condition.",
    sqlState: "42613",
  },
  NOT_ALLOWED_IN_FROM: { message: "Not allowed in the FROM clause:", sqlState: "42601" },
  "NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT": { message: "UNPIVOT together with PIVOT." },
  NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE: { message: "Not allowed in the pipe WHERE clause:", sqlState: "42601" },
  "NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE.WINDOW_CLAUSE": { message: "WINDOW clause." },
  NOT_SUPPORTED_CHANGE_SAME_COLUMN: {
    message:
      "ALTER TABLE ALTER/CHANGE COLUMN is not supported for changing <table>'s column <fieldName> including its nested fields multiple times in the same command.",
    sqlState: "0A000",
  },
  PARSE_EMPTY_STATEMENT: { message: "Syntax error, unexpected empty statement.", sqlState: "42617" },
  REF_DEFAULT_VALUE_IS_NOT_ALLOWED_IN_PARTITION: {
    message: "References to DEFAULT column values are not allowed within the PARTITION clause.",
    sqlState: "42601",
  },
  SPECIFY_CLUSTER_BY_WITH_BUCKETING_IS_NOT_ALLOWED: {
    message: "Cannot specify both CLUSTER BY and CLUSTERED BY INTO BUCKETS.",
    sqlState: "42908",
  },
  SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED: {
    message: "Cannot specify both CLUSTER BY and PARTITIONED BY.",
    sqlState: "42908",
  },
  UNCLOSED_BRACKETED_COMMENT: {
    message: "Found an unclosed bracketed comment. Please, append */ at the end of the comment.",
    sqlState: "42601",
  },
  UNSUPPORTED_CONSTRAINT_CHARACTERISTIC: {
    message:
      "Constraint characteristic '<characteristic>' is not supported for constraint type '<constraintType>'.",
    sqlState: "0A000",
  },
  "UNSUPPORTED_FEATURE.CLAUSE_WITH_PIPE_OPERATORS": {
    message: "The SQL pipe operator syntax using |> does not support <clauses>.",
  },
  "UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES": {
    message: "Combination of ORDER BY/SORT BY/DISTRIBUTE BY/CLUSTER BY.",
  },
  "UNSUPPORTED_FEATURE.CONTINUE_EXCEPTION_HANDLER": {
    message: "CONTINUE exception handler is not supported. Use EXIT handler.",
  },
  "UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_JSON": {
    message: "DESC TABLE COLUMN AS JSON not supported for individual columns.",
  },
  "UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_PARTITION": {
    message: "DESC TABLE COLUMN for a specific partition.",
  },
  "UNSUPPORTED_FEATURE.LATERAL_JOIN_USING": { message: "JOIN USING with LATERAL correlation." },
  "UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE": {
    message: "The SQL pipe operator syntax with aggregation (using |> AGGREGATE) does not support <case>.",
  },
  "UNSUPPORTED_FEATURE.REPLACE_NESTED_COLUMN": {
    message: "The replace function does not support nested column <colName>.",
  },
  "UNSUPPORTED_FEATURE.SCHEMA_LEVEL_COLLATIONS": { message: "Default collation for the specified schema." },
  "UNSUPPORTED_FEATURE.SET_NAMESPACE_PROPERTY": {
    message: "<property> is a reserved namespace property, <msg>.",
  },
  "UNSUPPORTED_FEATURE.SET_PROPERTIES_AND_DBPROPERTIES": {
    message: "set PROPERTIES and DBPROPERTIES at the same time.",
  },
  "UNSUPPORTED_FEATURE.SET_TABLE_PROPERTY": { message: "<property> is a reserved table property, <msg>." },
  "UNSUPPORTED_FEATURE.SHOW_TABLE_EXTENDED_JSON_WITH_PARTITION": {
    message: "SHOW TABLE EXTENDED with PARTITION does not support AS JSON output.",
  },
  "UNSUPPORTED_FEATURE.SQL_CURSOR": {
    message: "SQL cursor operations (DECLARE CURSOR, OPEN, FETCH, CLOSE) are not supported.",
  },
  "UNSUPPORTED_FEATURE.TEMPORARY_VIEW_WITH_SCHEMA_BINDING_MODE": {
    message:
      "Temporary views cannot be created with the WITH SCHEMA clause. Recreate the temporary view when the underlying schema changes, or use a persisted view.",
  },
  "UNSUPPORTED_FEATURE.TRANSFORM_DISTINCT_ALL": { message: "TRANSFORM with the DISTINCT/ALL clause." },
  UNSUPPORTED_TYPED_LITERAL: {
    message:
      "Literals of the type <unsupportedType> are not supported. Supported types are <supportedTypes>.",
    sqlState: "0A000",
  },
  _LEGACY_ERROR_TEMP_0014: { message: "TABLESAMPLE does not accept empty inputs." },
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
  _LEGACY_ERROR_TEMP_0032: {
    message:
      "Duplicated table paths found: '<pathOne>' and '<pathTwo>'. LOCATION and the case insensitive key 'path' in OPTIONS are all used to indicate the custom table path, you can only specify one of them.",
  },
  _LEGACY_ERROR_TEMP_0034: { message: "<operation> is not supported in Hive-style <command><msg>." },
  _LEGACY_ERROR_TEMP_0035: { message: "Operation not allowed: <message>." },
  _LEGACY_ERROR_TEMP_0037: {
    message:
      "It is not allowed to add catalog/namespace prefix <quoted> to the table name in CACHE TABLE AS SELECT.",
  },
  _LEGACY_ERROR_TEMP_0045: { message: "Invalid time zone displacement value." },
  _LEGACY_ERROR_TEMP_0049: {
    message: "Directory path and 'path' in OPTIONS should be specified one, but not both.",
  },
  _LEGACY_ERROR_TEMP_0051: { message: "Empty set in <element> grouping sets is not supported." },
  _LEGACY_ERROR_TEMP_0053: { message: "It is not allowed to define a TEMPORARY view with IF NOT EXISTS." },
  _LEGACY_ERROR_TEMP_0063: { message: "<msg>." },
};
