import type { ConditionTable } from "./condition.ts";

/** What analysis raises: names, types, places. */
export const ANALYSIS_CONDITIONS: ConditionTable = {
  AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION: {
    message:
      "Non-deterministic expression <sqlExpr> should not appear in the arguments of an aggregate function.",
    sqlState: "42845",
  },
  AMBIGUOUS_COLUMN_OR_FIELD: {
    message: "Column or field <name> is ambiguous and has <n> matches.",
    sqlState: "42702",
  },
  AMBIGUOUS_COLUMN_REFERENCE: {
    message:
      'Column <name> is ambiguous. It\'s because you joined several DataFrame together, and some of these DataFrames are the same.\nThis column points to one of the DataFrames but Spark is unable to figure out which one.\nPlease alias the DataFrames with different names via `DataFrame.alias` before joining them,\nand specify the column using qualified name, e.g. `df.alias("a").join(df.alias("b"), col("a.id") > col("b.id"))`.',
    sqlState: "42702",
  },
  AMBIGUOUS_LATERAL_COLUMN_ALIAS: {
    message: "Lateral column alias <name> is ambiguous and has <n> matches.",
    sqlState: "42702",
  },
  AMBIGUOUS_REFERENCE: {
    message: "Reference <name> is ambiguous, could be: <referenceNames>.",
    sqlState: "42704",
  },
  AMBIGUOUS_REFERENCE_TO_FIELDS: {
    message: "Ambiguous reference to the field <field>. It appears <count> times in the schema.",
    sqlState: "42000",
  },
  ASSIGNMENT_ARITY_MISMATCH: {
    message:
      "The number of columns or variables assigned or aliased: <numTarget> does not match the number of source expressions: <numExpr>.",
    sqlState: "42802",
  },
  CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE: {
    message:
      "Failed to merge incompatible data types <left> and <right>. Please check the data types of the columns being merged and ensure that they are compatible. If necessary, consider casting the columns to compatible data types before attempting the merge.",
    sqlState: "42825",
  },
  CANNOT_RESOLVE_DATAFRAME_COLUMN: {
    message:
      'Cannot resolve dataframe column <name>. It\'s probably because of illegal references like `df1.select(df2.col("a"))`.',
    sqlState: "42704",
  },
  CANNOT_RESOLVE_STAR_EXPAND: {
    message:
      "Cannot resolve <targetString>.* given input columns <columns>. Please check that the specified table or struct exists and is accessible in the input columns.",
    sqlState: "42704",
  },
  CANNOT_UP_CAST_DATATYPE: {
    message: "Cannot up cast <expression> from <sourceType> to <targetType>.\n<details>",
    sqlState: "42846",
  },
  DISTINCT_WINDOW_FUNCTION_UNSUPPORTED: {
    message: "Distinct window functions are not supported: <windowExpr>.",
    sqlState: "0A000",
  },
  DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT: {
    message:
      "Call to routine <routineName> is invalid because it includes multiple argument assignments to the same parameter name <parameterName>.",
    sqlState: "4274K",
  },
  "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED": {
    message:
      "A positional argument and named argument both referred to the same parameter. Please remove the named argument referring to this parameter.",
  },
  "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE": {
    message: "More than one named argument referred to the same parameter. Please assign a value only once.",
  },
  EXCEPT_NESTED_COLUMN_INVALID_TYPE: {
    message:
      "EXCEPT column <columnName> was resolved and expected to be StructType, but found type <dataType>.",
    sqlState: "428H2",
  },
  EXCEPT_OVERLAPPING_COLUMNS: {
    message: "Columns in an EXCEPT list must be distinct and non-overlapping, but got (<columns>).",
    sqlState: "42702",
  },
  EXPRESSION_TYPE_IS_NOT_ORDERABLE: {
    message: "Column expression <expr> cannot be sorted because its type <exprType> is not orderable.",
    sqlState: "42822",
  },
  FAILED_FUNCTION_CALL: {
    message:
      "Failed preparing of the function <funcName> for call. Please, double check function's arguments.",
    sqlState: "38000",
  },
  FIELD_NOT_FOUND: { message: "No such struct field <fieldName> in <fields>.", sqlState: "42704" },
  GROUPING_COLUMN_MISMATCH: {
    message: "Column of grouping (<grouping>) can't be found in grouping columns <groupingColumns>.",
    sqlState: "42803",
  },
  GROUPING_ID_COLUMN_MISMATCH: {
    message:
      "Columns of grouping_id (<groupingIdColumn>) does not match grouping columns (<groupByColumns>).",
    sqlState: "42803",
  },
  GROUP_BY_AGGREGATE: {
    message: "Aggregate functions are not allowed in GROUP BY, but found <sqlExpr>.",
    sqlState: "42903",
  },
  GROUP_BY_POS_AGGREGATE: {
    message:
      "GROUP BY <index> refers to an expression <aggExpr> that contains an aggregate function. Aggregate functions are not allowed in GROUP BY.",
    sqlState: "42903",
  },
  GROUP_BY_POS_OUT_OF_RANGE: {
    message: "GROUP BY position <index> is not in select list (valid range is [1, <size>]).",
    sqlState: "42805",
  },
  GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE: {
    message:
      "The expression <sqlExpr> cannot be used as a grouping expression because its data type <dataType> is not an orderable data type.",
    sqlState: "42822",
  },
  INCOMPARABLE_PIVOT_COLUMN: {
    message: "Invalid pivot column <columnName>. Pivot columns must be comparable.",
    sqlState: "42818",
  },
  INCOMPATIBLE_COLUMN_TYPE: {
    message:
      "<operator> can only be performed on tables with compatible column types. The <columnOrdinalNumber> column of the <tableOrdinalNumber> table is <dataType1> type which is not compatible with <dataType2> at the same column of the first table.<hint>.",
    sqlState: "42825",
  },
  "INCOMPATIBLE_DATA_FOR_TABLE.AMBIGUOUS_COLUMN_NAME": {
    message: "Ambiguous column name in the input data <colName>.",
  },
  "INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS": {
    message: "Cannot write extra fields <extraFields> to the struct <colName>.",
  },
  "INCOMPATIBLE_DATA_FOR_TABLE.STRUCT_MISSING_FIELDS": {
    message: "Struct <colName> missing fields: <missingFields>.",
  },
  INCOMPATIBLE_VIEW_SCHEMA_CHANGE: {
    message:
      "The SQL query of view <viewName> has an incompatible schema change and column <colName> cannot be resolved. Expected <expectedNum> columns named <colName> but got <actualCols>.\nPlease try to re-create the view by running: <suggestion>.",
    sqlState: "51024",
  },
  INVALID_AGGREGATE_FILTER: {
    message: "The FILTER expression <filterExpr> in an aggregate function is invalid.",
    sqlState: "42903",
  },
  "INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE": {
    message: "Expected a FILTER expression without an aggregation, but found <aggExpr>.",
  },
  "INVALID_AGGREGATE_FILTER.CONTAINS_WINDOW_FUNCTION": {
    message: "Expected a FILTER expression without a window function, but found <windowExpr>.",
  },
  "INVALID_AGGREGATE_FILTER.NOT_BOOLEAN": { message: "Expected a FILTER expression of the BOOLEAN type." },
  INVALID_COLUMN_OR_FIELD_DATA_TYPE: {
    message: "Column or field <name> is of type <type> while it's required to be <expectedType>.",
    sqlState: "42000",
  },
  INVALID_EXTRACT_BASE_FIELD_TYPE: {
    message: "Can't extract a value from <base>. Need a complex type [STRUCT, ARRAY, MAP] but got <other>.",
    sqlState: "42000",
  },
  INVALID_EXTRACT_FIELD_TYPE: {
    message: "Field name should be a non-null string literal, but it's <extraction>.",
    sqlState: "42000",
  },
  INVALID_INLINE_TABLE: { message: "Invalid inline table.", sqlState: "42000" },
  "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE": {
    message: "Cannot evaluate the expression <expr> in inline table definition.",
  },
  "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE": {
    message: "Found incompatible types in the column <colName> for inline table.",
  },
  "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH": {
    message:
      "Inline table expected <expectedNumCols> columns but found <actualNumCols> columns in row <rowIndex>.",
  },
  INVALID_LAMBDA_FUNCTION_CALL: { message: "Invalid lambda function call.", sqlState: "42K0D" },
  "INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES": {
    message:
      'The lambda function has duplicate arguments <args>. Please, consider to rename the argument names or set <caseSensitiveConfig> to "true".',
  },
  "INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION": {
    message:
      "A lambda function should only be used in a higher order function. However, its class is <class>, which is not a higher order function.",
  },
  "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH": {
    message: "A higher order function expects <expectedNumArgs> arguments, but got <actualNumArgs>.",
  },
  INVALID_LATERAL_JOIN_TYPE: {
    message:
      "The <joinType> JOIN with LATERAL correlation is not allowed because an OUTER subquery cannot correlate to its join partner. Remove the LATERAL correlation or use an INNER JOIN, or LEFT OUTER JOIN instead.",
    sqlState: "42613",
  },
  INVALID_LIMIT_LIKE_EXPRESSION: {
    message: "The limit like expression <expr> is invalid.",
    sqlState: "42K0E",
  },
  "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE": {
    message: "The <name> expression must be integer type, but got <dataType>.",
  },
  "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE": {
    message: "The <name> expression must be equal to or greater than 0, but got <v>.",
  },
  "INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL": { message: "The evaluated <name> expression must not be null." },
  "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE": {
    message: "The <name> expression must evaluate to a constant value.",
  },
  INVALID_OBSERVED_METRICS: { message: "Invalid observed metrics.", sqlState: "42K0E" },
  "INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED": {
    message: "Aggregate expressions with DISTINCT are not allowed in observed metrics, but found: <expr>.",
  },
  "INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED": {
    message:
      "Aggregate expression with FILTER predicate are not allowed in observed metrics, but found: <expr>.",
  },
  "INVALID_OBSERVED_METRICS.MISSING_NAME": { message: "The observed metrics should be named: <operator>." },
  "INVALID_OBSERVED_METRICS.WINDOW_EXPRESSIONS_UNSUPPORTED": {
    message: "Window expressions are not allowed in observed metrics, but found: <expr>.",
  },
  INVALID_RECURSIVE_CTE: {
    message:
      "Invalid recursive definition found. Recursive queries must contain an UNION or an UNION ALL statement with 2 children. The first child needs to be the anchor term without any recursive references. Any top level inner CTE must not contain self references.",
    sqlState: "42836",
  },
  INVALID_RECURSIVE_REFERENCE: {
    message: "Invalid recursive reference found inside WITH RECURSIVE clause.",
    sqlState: "42836",
  },
  "INVALID_RECURSIVE_REFERENCE.PLACE": {
    message:
      "Recursive references cannot be used on the right side of left outer/semi/anti joins, on the left side of right outer joins, in full outer joins, in aggregates, window functions or sorts",
  },
  "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX": {
    message: "The function <prettyName> does not support <syntax>.",
  },
  INVALID_SUBQUERY_EXPRESSION: { message: "Invalid subquery:", sqlState: "42823" },
  "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN": {
    message: "Scalar subquery must return only one column, but got <number>.",
  },
  INVALID_USAGE_OF_STAR_OR_REGEX: { message: "Invalid usage of <elem> in <prettyName>.", sqlState: "42000" },
  INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT: {
    message:
      "count(<tableName>.*) is not allowed. Use count(*) or expand the columns manually, e.g. count(col1, col2).",
    sqlState: "42000",
  },
  INVALID_WHERE_CONDITION: {
    message:
      "The WHERE condition <condition> contains invalid expressions: <expressionList>.\nRewrite the query to avoid window functions, aggregate functions, and generator functions in the WHERE clause.",
    sqlState: "42903",
  },
  JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE: {
    message: 'The join condition <joinCondition> has the invalid type <conditionType>, expected "BOOLEAN".',
    sqlState: "42K0E",
  },
  MISSING_AGGREGATION: {
    message:
      "The non-aggregating expression <expression> is based on columns which are not participating in the GROUP BY clause.\nAdd the columns or the expression to the GROUP BY, aggregate the expression, or use <expressionAnyValue> if you do not care which of the values within a group is returned.",
    sqlState: "42803",
  },
  MISSING_GROUP_BY: {
    message:
      "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses.",
    sqlState: "42803",
  },
  MISSING_WINDOW_SPECIFICATION: {
    message:
      "Window specification is not defined in the WINDOW clause for <windowName>. For more information about WINDOW clauses, please refer to '<docroot>/sql-ref-syntax-qry-select-window.html'.",
    sqlState: "42P20",
  },
  MULTI_ALIAS_WITHOUT_GENERATOR: {
    message: "Multi part aliasing (<names>) is not supported with <expr> as it is not a generator function.",
    sqlState: "42K0E",
  },
  NAMED_PARAMETERS_NOT_SUPPORTED: {
    message:
      "Named parameters are not supported for function <functionName>; please retry the query with positional arguments to the function call instead.",
    sqlState: "4274K",
  },
  NESTED_AGGREGATE_FUNCTION: {
    message:
      "It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner aggregate function in a sub-query.",
    sqlState: "42607",
  },
  NON_LITERAL_PIVOT_VALUES: {
    message: "Literal expressions required for pivot values, found <expression>.",
    sqlState: "42K08",
  },
  NOT_A_CONSTANT_STRING: {
    message:
      "The expression <expr> used for the routine or clause <name> must be a constant STRING which is NOT NULL.",
    sqlState: "42601",
  },
  "NOT_A_CONSTANT_STRING.NOT_CONSTANT": {
    message:
      "To be considered constant the expression must not depend on any columns, contain a subquery, or invoke a non deterministic function such as rand().",
  },
  "NOT_A_CONSTANT_STRING.NULL": { message: "The expression evaluates to NULL." },
  "NOT_A_CONSTANT_STRING.WRONG_TYPE": { message: "The data type of the expression is <dataType>." },
  NOT_A_SCALAR_FUNCTION: {
    message:
      "<functionName> appears as a scalar expression here, but the function was defined as a table function. Please update the query to move the function call into the FROM clause, or redefine <functionName> as a scalar function instead.",
    sqlState: "42887",
  },
  NOT_A_TABLE_FUNCTION: {
    message:
      "<functionName> appears as a table function here, but the function was defined as a scalar function. Please update the query to move the function call outside the FROM clause, or redefine <functionName> as a table function instead.",
    sqlState: "42887",
  },
  NOT_NULL_CONSTRAINT_VIOLATION: { message: "Assigning a NULL is not allowed here.", sqlState: "42000" },
  "NOT_NULL_CONSTRAINT_VIOLATION.ARRAY_ELEMENT": {
    message: "The array <columnPath> is defined to contain only elements that are NOT NULL.",
  },
  "NOT_NULL_CONSTRAINT_VIOLATION.MAP_VALUE": {
    message: "The map <columnPath> is defined to contain only values that are NOT NULL.",
  },
  NULLABLE_COLUMN_OR_FIELD: {
    message: "Column or field <name> is nullable while it's required to be non-nullable.",
    sqlState: "42000",
  },
  NUM_COLUMNS_MISMATCH: {
    message:
      "<operator> can only be performed on inputs with the same number of columns, but the first input has <firstNumColumns> columns and the <invalidOrdinalNum> input has <invalidNumColumns> columns.",
    sqlState: "42826",
  },
  ORDER_BY_POS_OUT_OF_RANGE: {
    message: "ORDER BY position <index> is not in select list (valid range is [1, <size>]).",
    sqlState: "42805",
  },
  PIVOT_VALUE_DATA_TYPE_MISMATCH: {
    message:
      "Invalid pivot value '<value>': value data type <valueType> does not match pivot column data type <pivotType>.",
    sqlState: "42K09",
  },
  RECURSION_LEVEL_LIMIT_EXCEEDED: {
    message:
      "Recursion level limit <levelLimit> reached but query has not exhausted, try increasing it like 'WITH RECURSIVE t(col) MAX RECURSION LEVEL 200'.",
    sqlState: "42836",
  },
  REQUIRED_PARAMETER_NOT_FOUND: {
    message:
      "Cannot invoke routine <routineName> because the parameter named <parameterName> is required, but the routine call did not supply a value. Please update the routine call to supply an argument value (either positionally at index <index> or by name) and retry the query again.",
    sqlState: "4274K",
  },
  REQUIRES_SINGLE_PART_NAMESPACE: {
    message: "<sessionCatalog> requires a single-part namespace, but got identifier <identifier>.",
    sqlState: "42K05",
  },
  SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION: {
    message:
      "The correlated scalar subquery '<sqlExpr>' is neither present in GROUP BY, nor in an aggregate function.\nAdd it to GROUP BY using ordinal position or wrap it in `first()` (or `first_value`) if you don't care which value you get.",
    sqlState: "0A000",
  },
  SCALAR_SUBQUERY_TOO_MANY_ROWS: {
    message: "More than one row returned by a subquery used as an expression.",
    sqlState: "21000",
  },
  TRANSPOSE_EXCEED_ROW_LIMIT: {
    message:
      "Number of rows exceeds the allowed limit of <maxValues> for TRANSPOSE. If this was intended, set <config> to at least the current row count.",
    sqlState: "54006",
  },
  TRANSPOSE_INVALID_INDEX_COLUMN: {
    message: "Invalid index column for TRANSPOSE because: <reason>",
    sqlState: "42804",
  },
  TRANSPOSE_NO_LEAST_COMMON_TYPE: {
    message: "Transpose requires non-index columns to share a least common type, but <dt1> and <dt2> do not.",
    sqlState: "42K09",
  },
  UDTF_ALIAS_NUMBER_MISMATCH: {
    message:
      "The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF.\nExpected <aliasesSize> aliases, but got <aliasesNames>.\nPlease ensure that the number of aliases provided matches the number of columns output by the UDTF.",
    sqlState: "42802",
  },
  UNBOUND_SQL_PARAMETER: {
    message:
      "Found the unbound parameter: <name>. Please, fix `args` and provide a mapping of the parameter to either a SQL literal or collection constructor functions such as `map()`, `array()`, `struct()`.",
    sqlState: "42P02",
  },
  UNEXPECTED_INPUT_TYPE: {
    message:
      "Parameter <paramIndex> of function <functionName> requires the <requiredType> type, however <inputSql> has the type <inputType>.",
    sqlState: "42K09",
  },
  UNEXPECTED_POSITIONAL_ARGUMENT: {
    message:
      "Cannot invoke routine <routineName> because it contains positional argument(s) following the named argument assigned to <parameterName>; please rearrange them so the positional arguments come first and then retry the query again.",
    sqlState: "4274K",
  },
  UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE: {
    message:
      "The UNION operator is not yet supported within recursive common table expressions (WITH clauses that refer to themselves, directly or indirectly). Please use UNION ALL instead.",
    sqlState: "42836",
  },
  UNPIVOT_REQUIRES_ATTRIBUTES: {
    message:
      "UNPIVOT requires all given <given> expressions to be columns when no <empty> expressions are given. These are not columns: [<expressions>].",
    sqlState: "42K0A",
  },
  UNPIVOT_REQUIRES_VALUE_COLUMNS: {
    message: "At least one value column needs to be specified for UNPIVOT, all columns specified as ids.",
    sqlState: "42K0A",
  },
  UNPIVOT_VALUE_DATA_TYPE_MISMATCH: {
    message: "Unpivot value columns must share a least common type, some types do not: [<types>].",
    sqlState: "42K09",
  },
  UNPIVOT_VALUE_SIZE_MISMATCH: {
    message: "All unpivot value columns must have the same size as there are value column names (<names>).",
    sqlState: "428C4",
  },
  UNRECOGNIZED_PARAMETER_NAME: {
    message:
      "Cannot invoke routine <routineName> because the routine call included a named argument reference for the argument named <argumentName>, but this routine does not include any signature containing an argument with this name. Did you mean one of the following? [<proposal>].",
    sqlState: "4274K",
  },
  UNRECOGNIZED_STATISTIC: {
    message:
      "The statistic <stats> is not recognized. Valid statistics include `count`, `count_distinct`, `approx_count_distinct`, `mean`, `stddev`, `min`, `max`, and percentile values. Percentile must be a numeric value followed by '%', within the range 0% to 100%.",
    sqlState: "42704",
  },
  UNRESOLVABLE_TABLE_VALUED_FUNCTION: {
    message:
      "Could not resolve <name> to a table-valued function.\nPlease make sure that <name> is defined as a table-valued function and that all required parameters are provided correctly.\nIf <name> is not defined, please create the table-valued function before using it.\nFor more information about defining table-valued functions, please refer to the Apache Spark documentation.",
    sqlState: "42883",
  },
  UNRESOLVED_ALL_IN_GROUP_BY: {
    message:
      "Cannot infer grouping columns for GROUP BY ALL based on the select clause. Please explicitly specify the grouping columns.",
    sqlState: "42803",
  },
  UNRESOLVED_COLUMN: {
    message: "A column, variable, or function parameter with name <objectName> cannot be resolved.",
    sqlState: "42703",
  },
  "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION": { message: "" },
  "UNRESOLVED_COLUMN.WITH_SUGGESTION": { message: "Did you mean one of the following? [<proposal>]." },
  UNRESOLVED_COLUMN_AMONG_FIELD_NAMES: {
    message: 'Cannot resolve column name "<colName>" among (<fieldNames>).',
    sqlState: "42703",
  },
  UNRESOLVED_FIELD: {
    message: "A field with name <fieldName> cannot be resolved with the struct-type column <columnPath>.",
    sqlState: "42703",
  },
  "UNRESOLVED_FIELD.WITH_SUGGESTION": { message: "Did you mean one of the following? [<proposal>]." },
  UNRESOLVED_ROUTINE: {
    message: "Cannot resolve routine <routineName> on search path <searchPath>.",
    sqlState: "42883",
  },
  UNRESOLVED_USING_COLUMN_FOR_JOIN: {
    message:
      "USING column <colName> cannot be resolved on the <side> side of the join. The <side>-side columns: [<suggestion>].",
    sqlState: "42703",
  },
  UNSUPPORTED_EXPR_FOR_OPERATOR: {
    message:
      "The query operator <operator> contains one or more unsupported expressions.\nConsider to rewrite it to avoid window functions, aggregate functions, and generator functions in the <operator> operator.\nInvalid expressions: [<invalidExprSqls>]",
    sqlState: "42K0E",
  },
  UNSUPPORTED_EXPR_FOR_WINDOW: {
    message: "Expression <sqlExpr> not supported within a window function.",
    sqlState: "42P20",
  },
  "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC": {
    message: "Referencing a lateral column alias <lca> in the aggregate function <aggFunc>.",
  },
  "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_WINDOW": {
    message: "Referencing a lateral column alias <lca> in window expression <windowExpr>.",
  },
  "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE": {
    message:
      "Cannot have MAP type columns in a set operation (INTERSECT, EXCEPT, etc.), but the type of column <colName> is <dataType>.",
  },
  "UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE": {
    message:
      "Cannot have VARIANT type columns in a set operation (INTERSECT, EXCEPT, etc.), but the type of column <colName> is <dataType>.",
  },
  UNSUPPORTED_GENERATOR: { message: "The generator is not supported:", sqlState: "42K0E" },
  "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS": { message: "nested in expressions <expression>." },
  "UNSUPPORTED_GENERATOR.NOT_GENERATOR": {
    message:
      "<functionName> is expected to be a generator. However, its class is <classCanonicalName>, which is not a generator.",
  },
  "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT": { message: "outside the SELECT clause, found: <plan>." },
  UNSUPPORTED_GROUPING_EXPRESSION: {
    message: "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.",
    sqlState: "42K0E",
  },
  UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY: {
    message: "Unsupported subquery expression:",
    sqlState: "0A000",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES": {
    message:
      "Found an aggregate function in a correlated predicate that has both outer and local references, which is not supported: <function>.",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE": {
    message:
      "Expressions referencing the outer query are not supported outside of WHERE/HAVING clauses: <sqlExprs>.",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY": {
    message:
      "Correlated scalar subqueries can only be used in filters, aggregations, projections, and UPDATE/MERGE/DELETE commands:\n<treeNode>",
  },
  "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY": {
    message:
      "IN/EXISTS predicate subqueries can only be used in filters, joins, aggregations, window functions, projections, and UPDATE/MERGE/DELETE commands:\n<treeNode>",
  },
  VIEW_EXCEED_MAX_NESTED_DEPTH: {
    message:
      'The depth of view <viewName> exceeds the maximum view resolution depth (<maxNestedDepth>).\nAnalysis is aborted to avoid errors. If you want to work around this, please try to increase the value of "spark.sql.view.maxNestedViewDepth".',
    sqlState: "54K00",
  },
  WINDOW_FUNCTION_FRAME_NOT_ORDERED: {
    message:
      "Window function <wf_name> requires the window to be ordered. You need to add an ORDER BY clause. For example: SELECT <wf_expr> OVER (PARTITION BY window_partition ORDER BY window_ordering) FROM table.",
    sqlState: "42601",
  },
  WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE: {
    message: "It is not allowed to use window functions inside <clauseName> clause.",
    sqlState: "42601",
  },
  WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE: {
    message: "Window function <funcName> requires an OVER clause.",
    sqlState: "42601",
  },
  _LEGACY_ERROR_TEMP_1006: {
    message: "Aggregate expression required for pivot, but '<sql>' did not appear in any aggregate function.",
  },
  _LEGACY_ERROR_TEMP_1031: {
    message:
      "It is not allowed to use a window function inside an aggregate function. Please use the inner window function in a sub-query.",
  },
  _LEGACY_ERROR_TEMP_1036: { message: "Window Frame <wf> must match the required frame <required>." },
  _LEGACY_ERROR_TEMP_1324: {
    message:
      "The pivot column <pivotColumn> has more than <maxValues> distinct values, this could indicate an error. If this was intended, set <config> to at least the number of distinct values of the pivot column.",
  },
  STAR_GROUP_BY_POS: {
    message: "Star (*) is not allowed in a select list when GROUP BY an ordinal position is used.",
    sqlState: "0A000",
  },
  AMBIGUOUS_ALIAS_IN_NESTED_CTE: {
    message:
      'Name <name> is ambiguous in nested CTE.\nPlease set <config> to "CORRECTED" so that name defined in inner CTE takes precedence. If set it to "LEGACY", outer CTE definitions will take precedence.\nSee \'<docroot>/sql-migration-guide.html#query-engine\'.',
    sqlState: "42KD0",
  },
  RECURSION_ROW_LIMIT_EXCEEDED: {
    message:
      "Recursion row limit <rowLimit> reached but query has not exhausted, try setting a larger LIMIT value when querying the CTE relation.",
    sqlState: "42836",
  },
  SEED_EXPRESSION_IS_UNFOLDABLE: {
    message: "The seed expression <seedExpr> of the expression <exprWithSeed> must be foldable.",
    sqlState: "42K08",
  },
  PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION: {
    message:
      "Aggregate function <expr> is not allowed when using the pipe operator |> <clause> clause; please use the pipe operator |> AGGREGATE clause instead.",
    sqlState: "0A000",
  },
  QUALIFY_AGGREGATE_NOT_ALLOWED: {
    message: "Aggregate functions are not supported in QUALIFY: <aggregateExpr>.",
    sqlState: "42903",
  },
  QUALIFY_REQUIRES_WINDOW_FUNCTION: {
    message:
      "The QUALIFY clause requires at least one window function in the current SELECT list or the QUALIFY condition.",
    sqlState: "42903",
  },
};
