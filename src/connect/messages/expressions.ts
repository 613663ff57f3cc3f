import type { MessageTable } from "./table.ts";

/** Expressions and literals. */
export const EXPRESSIONS_MESSAGES: MessageTable = {
  Expression:
    "common 18 ExpressionCommon; expr_type { literal 1 .Literal; " +
    "unresolved_attribute 2 .UnresolvedAttribute; unresolved_function 3 .UnresolvedFunction; " +
    "expression_string 4 .ExpressionString; unresolved_star 5 .UnresolvedStar; alias 6 .Alias; " +
    "cast 7 .Cast; unresolved_regex 8 .UnresolvedRegex; sort_order 9 .SortOrder; " +
    "lambda_function 10 .LambdaFunction; window 11 .Window; " +
    "unresolved_extract_value 12 .UnresolvedExtractValue; update_fields 13 .UpdateFields; " +
    "unresolved_named_lambda_variable 14 .UnresolvedNamedLambdaVariable; " +
    "common_inline_user_defined_function 15 CommonInlineUserDefinedFunction; " +
    "call_function 16 CallFunction; named_argument_expression 17 NamedArgumentExpression; " +
    "merge_action 19 MergeAction; typed_aggregate_expression 20 TypedAggregateExpression; " +
    "subquery_expression 21 SubqueryExpression; " +
    "direct_shuffle_partition_id 22 .DirectShufflePartitionID; extension 999 google.protobuf.Any }",
  "Expression.Window":
    "window_function 1 Expression; partition_spec* 2 Expression; order_spec* 3 Expression.SortOrder; " +
    "frame_spec 4 .WindowFrame",
  "Expression.Window.WindowFrame": "frame_type 1 .FrameType; lower 2 .FrameBoundary; upper 3 .FrameBoundary",
  "Expression.Window.WindowFrame.FrameBoundary":
    "boundary { current_row 1 bool; unbounded 2 bool; value 3 Expression }",
  "Expression.SortOrder": "child 1 Expression; direction 2 .SortDirection; null_ordering 3 .NullOrdering",
  "Expression.DirectShufflePartitionID": "child 1 Expression",
  "Expression.Cast":
    "expr 1 Expression; cast_to_type { type 2 DataType; type_str 3 string }; eval_mode 4 .EvalMode",
  "Expression.Literal":
    "literal_type { null 1 DataType; binary 2 bytes; boolean 3 bool; byte 4 int32; short 5 int32; " +
    "integer 6 int32; long 7 int64; float 10 float; double 11 double; decimal 12 .Decimal; " +
    "string 13 string; date 16 int32; timestamp 17 int64; timestamp_ntz 18 int64; " +
    "calendar_interval 19 .CalendarInterval; year_month_interval 20 int32; day_time_interval 21 int64; " +
    "array 22 .Array; map 23 .Map; struct 24 .Struct; specialized_array 25 .SpecializedArray; " +
    "time 26 .Time; timestamp_ntz_nanos 29 .TimestampNTZNanos; " +
    "timestamp_ltz_nanos 30 .TimestampLTZNanos }; data_type 100 DataType",
  "Expression.Literal.Decimal": "value 1 string; precision? 2 int32; scale? 3 int32",
  "Expression.Literal.CalendarInterval": "months 1 int32; days 2 int32; microseconds 3 int64",
  "Expression.Literal.Array": "element_type 1 DataType; elements* 2 Expression.Literal",
  "Expression.Literal.Map":
    "key_type 1 DataType; value_type 2 DataType; keys* 3 Expression.Literal; " +
    "values* 4 Expression.Literal",
  "Expression.Literal.Struct": "struct_type 1 DataType; elements* 2 Expression.Literal",
  "Expression.Literal.SpecializedArray":
    "value_type { bools 1 Bools; ints 2 Ints; longs 3 Longs; floats 4 Floats; doubles 5 Doubles; " +
    "strings 6 Strings }",
  "Expression.Literal.Time": "nano 1 int64; precision? 2 int32",
  "Expression.Literal.TimestampNTZNanos":
    "epoch_micros 1 int64; nanos_within_micro 2 int32; precision? 3 int32",
  "Expression.Literal.TimestampLTZNanos":
    "epoch_micros 1 int64; nanos_within_micro 2 int32; precision? 3 int32",
  "Expression.UnresolvedAttribute":
    "unparsed_identifier 1 string; plan_id? 2 int64; is_metadata_column? 3 bool",
  "Expression.UnresolvedFunction":
    "function_name 1 string; arguments* 2 Expression; is_distinct 3 bool; " +
    "is_user_defined_function 4 bool; is_internal? 5 bool",
  "Expression.ExpressionString": "expression 1 string",
  "Expression.UnresolvedStar": "unparsed_target? 1 string; plan_id? 2 int64",
  "Expression.UnresolvedRegex": "col_name 1 string; plan_id? 2 int64",
  "Expression.UnresolvedExtractValue": "child 1 Expression; extraction 2 Expression",
  "Expression.UpdateFields":
    "struct_expression 1 Expression; field_name 2 string; value_expression 3 Expression",
  "Expression.Alias": "expr 1 Expression; name* 2 string; metadata? 3 string",
  "Expression.LambdaFunction": "function 1 Expression; arguments* 2 Expression.UnresolvedNamedLambdaVariable",
  "Expression.UnresolvedNamedLambdaVariable": "name_parts* 1 string",
  ExpressionCommon: "origin 1 Origin",
  CommonInlineUserDefinedFunction:
    "function_name 1 string; deterministic 2 bool; arguments* 3 Expression; " +
    "function { python_udf 4 PythonUDF; scalar_scala_udf 5 ScalarScalaUDF; java_udf 6 JavaUDF }; " +
    "is_distinct 7 bool",
  PythonUDF:
    "output_type 1 DataType; eval_type 2 int32; command 3 bytes; python_ver 4 string; " +
    "additional_includes* 5 string",
  ScalarScalaUDF:
    "payload 1 bytes; inputTypes* 2 DataType; outputType 3 DataType; nullable 4 bool; aggregate 5 bool",
  JavaUDF: "class_name 1 string; output_type? 2 DataType; aggregate 3 bool",
  TypedAggregateExpression: "scalar_scala_udf 1 ScalarScalaUDF",
  CallFunction: "function_name 1 string; arguments* 2 Expression",
  NamedArgumentExpression: "key 1 string; value 2 Expression",
  MergeAction: "action_type 1 .ActionType; condition? 2 Expression; assignments* 3 .Assignment",
  "MergeAction.Assignment": "key 1 Expression; value 2 Expression",
  SubqueryExpression:
    "plan_id 1 int64; subquery_type 2 .SubqueryType; table_arg_options? 3 .TableArgOptions; " +
    "in_subquery_values* 4 Expression",
  "SubqueryExpression.TableArgOptions":
    "partition_spec* 1 Expression; order_spec* 2 Expression.SortOrder; with_single_partition? 3 bool",
};
