import type { MessageTable } from "./table.ts";

/** Relations. */
export const RELATIONS_MESSAGES: MessageTable = {
  Relation:
    "common 1 RelationCommon; rel_type { read 2 Read; project 3 Project; filter 4 Filter; join 5 Join; " +
    "set_op 6 SetOperation; sort 7 Sort; limit 8 Limit; aggregate 9 Aggregate; sql 10 SQL; " +
    "local_relation 11 LocalRelation; sample 12 Sample; offset 13 Offset; deduplicate 14 Deduplicate; " +
    "range 15 Range; subquery_alias 16 SubqueryAlias; repartition 17 Repartition; to_df 18 ToDF; " +
    "with_columns_renamed 19 WithColumnsRenamed; show_string 20 ShowString; drop 21 Drop; " +
    "tail 22 Tail; with_columns 23 WithColumns; hint 24 Hint; unpivot 25 Unpivot; " +
    "to_schema 26 ToSchema; repartition_by_expression 27 RepartitionByExpression; " +
    "map_partitions 28 MapPartitions; collect_metrics 29 CollectMetrics; parse 30 Parse; " +
    "group_map 31 GroupMap; co_group_map 32 CoGroupMap; with_watermark 33 WithWatermark; " +
    "apply_in_pandas_with_state 34 ApplyInPandasWithState; html_string 35 HtmlString; " +
    "cached_local_relation 36 CachedLocalRelation; cached_remote_relation 37 CachedRemoteRelation; " +
    "common_inline_user_defined_table_function 38 CommonInlineUserDefinedTableFunction; " +
    "as_of_join 39 AsOfJoin; " +
    "common_inline_user_defined_data_source 40 CommonInlineUserDefinedDataSource; " +
    "with_relations 41 WithRelations; transpose 42 Transpose; " +
    "unresolved_table_valued_function 43 UnresolvedTableValuedFunction; lateral_join 44 LateralJoin; " +
    "chunked_cached_local_relation 45 ChunkedCachedLocalRelation; relation_changes 46 RelationChanges; " +
    "nearest_by_join 47 NearestByJoin; zip 48 Zip; fill_na 90 NAFill; drop_na 91 NADrop; " +
    "replace 92 NAReplace; summary 100 StatSummary; crosstab 101 StatCrosstab; " +
    "describe 102 StatDescribe; cov 103 StatCov; corr 104 StatCorr; " +
    "approx_quantile 105 StatApproxQuantile; freq_items 106 StatFreqItems; sample_by 107 StatSampleBy; " +
    "catalog 200 Catalog; ml_relation 300 MlRelation; extension 998 google.protobuf.Any; " +
    "unknown 999 Unknown }",
  MlRelation: "ml_type { transform 1 .Transform; fetch 2 Fetch }; model_summary_dataset? 3 Relation",
  "MlRelation.Transform":
    "operator { obj_ref 1 ObjectRef; transformer 2 MlOperator }; input 3 Relation; params 4 MlParams",
  Fetch: "obj_ref 1 ObjectRef; methods* 2 .Method",
  "Fetch.Method": "method 1 string; args* 2 .Args",
  "Fetch.Method.Args": "args_type { param 1 Expression.Literal; input 2 Relation }",
  Unknown: "",
  RelationCommon: "source_info 1 string; plan_id? 2 int64; origin 3 Origin",
  SQL:
    "query 1 string; args% 2 Expression.Literal; pos_args* 3 Expression.Literal; " +
    "named_arguments% 4 Expression; pos_arguments* 5 Expression",
  WithRelations: "root 1 Relation; references* 2 Relation",
  Read: "read_type { named_table 1 .NamedTable; data_source 2 .DataSource }; is_streaming 3 bool",
  "Read.NamedTable": "unparsed_identifier 1 string; options% 2 string",
  "Read.DataSource":
    "format? 1 string; schema? 2 string; options% 3 string; paths* 4 string; predicates* 5 string; " +
    "source_name? 6 string",
  RelationChanges: "unparsed_identifier 1 string; options% 2 string; is_streaming 3 bool",
  Project: "input 1 Relation; expressions* 3 Expression",
  Filter: "input 1 Relation; condition 2 Expression",
  Join:
    "left 1 Relation; right 2 Relation; join_condition 3 Expression; join_type 4 .JoinType; " +
    "using_columns* 5 string; join_data_type? 6 .JoinDataType",
  "Join.JoinDataType": "is_left_struct 1 bool; is_right_struct 2 bool",
  SetOperation:
    "left_input 1 Relation; right_input 2 Relation; set_op_type 3 .SetOpType; is_all? 4 bool; " +
    "by_name? 5 bool; allow_missing_columns? 6 bool",
  Limit: "input 1 Relation; limit 2 int32",
  Offset: "input 1 Relation; offset 2 int32",
  Tail: "input 1 Relation; limit 2 int32",
  Aggregate:
    "input 1 Relation; group_type 2 .GroupType; grouping_expressions* 3 Expression; " +
    "aggregate_expressions* 4 Expression; pivot 5 .Pivot; grouping_sets* 6 .GroupingSets",
  "Aggregate.Pivot": "col 1 Expression; values* 2 Expression.Literal",
  "Aggregate.GroupingSets": "grouping_set* 1 Expression",
  Sort: "input 1 Relation; order* 2 Expression.SortOrder; is_global? 3 bool",
  Drop: "input 1 Relation; columns* 2 Expression; column_names* 3 string",
  Deduplicate:
    "input 1 Relation; column_names* 2 string; all_columns_as_keys? 3 bool; within_watermark? 4 bool",
  LocalRelation: "data? 1 bytes; schema? 2 string",
  CachedLocalRelation: "hash 3 string",
  ChunkedCachedLocalRelation: "dataHashes* 1 string; schemaHash? 2 string",
  CachedRemoteRelation: "relation_id 1 string",
  Sample:
    "input 1 Relation; lower_bound 2 double; upper_bound 3 double; with_replacement? 4 bool; " +
    "seed? 5 int64; deterministic_order 6 bool",
  Range: "start? 1 int64; end 2 int64; step 3 int64; num_partitions? 4 int32",
  SubqueryAlias: "input 1 Relation; alias 2 string; qualifier* 3 string",
  Repartition: "input 1 Relation; num_partitions 2 int32; shuffle? 3 bool",
  ShowString: "input 1 Relation; num_rows 2 int32; truncate 3 int32; vertical 4 bool",
  HtmlString: "input 1 Relation; num_rows 2 int32; truncate 3 int32",
  StatSummary: "input 1 Relation; statistics* 2 string",
  StatDescribe: "input 1 Relation; cols* 2 string",
  StatCrosstab: "input 1 Relation; col1 2 string; col2 3 string",
  StatCov: "input 1 Relation; col1 2 string; col2 3 string",
  StatCorr: "input 1 Relation; col1 2 string; col2 3 string; method? 4 string",
  StatApproxQuantile: "input 1 Relation; cols* 2 string; probabilities* 3 double; relative_error 4 double",
  StatFreqItems: "input 1 Relation; cols* 2 string; support? 3 double",
  StatSampleBy: "input 1 Relation; col 2 Expression; fractions* 3 .Fraction; seed? 5 int64",
  "StatSampleBy.Fraction": "stratum 1 Expression.Literal; fraction 2 double",
  NAFill: "input 1 Relation; cols* 2 string; values* 3 Expression.Literal",
  NADrop: "input 1 Relation; cols* 2 string; min_non_nulls? 3 int32",
  NAReplace: "input 1 Relation; cols* 2 string; replacements* 3 .Replacement",
  "NAReplace.Replacement": "old_value 1 Expression.Literal; new_value 2 Expression.Literal",
  ToDF: "input 1 Relation; column_names* 2 string",
  WithColumnsRenamed: "input 1 Relation; rename_columns_map% 2 string; renames* 3 .Rename",
  "WithColumnsRenamed.Rename": "col_name 1 string; new_col_name 2 string",
  WithColumns: "input 1 Relation; aliases* 2 Expression.Alias",
  WithWatermark: "input 1 Relation; event_time 2 string; delay_threshold 3 string",
  Hint: "input 1 Relation; name 2 string; parameters* 3 Expression",
  Unpivot:
    "input 1 Relation; ids* 2 Expression; values? 3 .Values; variable_column_name 4 string; " +
    "value_column_name 5 string",
  "Unpivot.Values": "values* 1 Expression",
  Transpose: "input 1 Relation; index_columns* 2 Expression",
  UnresolvedTableValuedFunction: "function_name 1 string; arguments* 2 Expression",
  ToSchema: "input 1 Relation; schema 2 DataType",
  RepartitionByExpression: "input 1 Relation; partition_exprs* 2 Expression; num_partitions? 3 int32",
  MapPartitions:
    "input 1 Relation; func 2 CommonInlineUserDefinedFunction; is_barrier? 3 bool; profile_id? 4 int32",
  GroupMap:
    "input 1 Relation; grouping_expressions* 2 Expression; func 3 CommonInlineUserDefinedFunction; " +
    "sorting_expressions* 4 Expression; initial_input 5 Relation; " +
    "initial_grouping_expressions* 6 Expression; is_map_groups_with_state? 7 bool; " +
    "output_mode? 8 string; timeout_conf? 9 string; state_schema? 10 DataType; " +
    "transform_with_state_info? 11 TransformWithStateInfo",
  TransformWithStateInfo: "time_mode 1 string; event_time_column_name? 2 string; output_schema? 3 DataType",
  CoGroupMap:
    "input 1 Relation; input_grouping_expressions* 2 Expression; other 3 Relation; " +
    "other_grouping_expressions* 4 Expression; func 5 CommonInlineUserDefinedFunction; " +
    "input_sorting_expressions* 6 Expression; other_sorting_expressions* 7 Expression",
  ApplyInPandasWithState:
    "input 1 Relation; grouping_expressions* 2 Expression; func 3 CommonInlineUserDefinedFunction; " +
    "output_schema 4 string; state_schema 5 string; output_mode 6 string; timeout_conf 7 string",
  CommonInlineUserDefinedTableFunction:
    "function_name 1 string; deterministic 2 bool; arguments* 3 Expression; " +
    "function { python_udtf 4 PythonUDTF }",
  PythonUDTF: "return_type? 1 DataType; eval_type 2 int32; command 3 bytes; python_ver 4 string",
  CommonInlineUserDefinedDataSource: "name 1 string; data_source { python_data_source 2 PythonDataSource }",
  PythonDataSource: "command 1 bytes; python_ver 2 string",
  CollectMetrics: "input 1 Relation; name 2 string; metrics* 3 Expression",
  Parse: "input 1 Relation; format 2 .ParseFormat; schema? 3 DataType; options% 4 string",
  AsOfJoin:
    "left 1 Relation; right 2 Relation; left_as_of 3 Expression; right_as_of 4 Expression; " +
    "join_expr 5 Expression; using_columns* 6 string; join_type 7 string; tolerance 8 Expression; " +
    "allow_exact_matches 9 bool; direction 10 string",
  LateralJoin: "left 1 Relation; right 2 Relation; join_condition 3 Expression; join_type 4 Join.JoinType",
  NearestByJoin:
    "left 1 Relation; right 2 Relation; ranking_expression 3 Expression; num_results 4 int32; " +
    "join_type 5 string; mode 6 string; direction 7 string",
  Zip: "left 1 Relation; right 2 Relation",
};
