import type { MessageTable } from "./table.ts";

/** Commands. */
export const COMMANDS_MESSAGES: MessageTable = {
  Command:
    "command_type { register_function 1 CommonInlineUserDefinedFunction; " +
    "write_operation 2 WriteOperation; create_dataframe_view 3 CreateDataFrameViewCommand; " +
    "write_operation_v2 4 WriteOperationV2; sql_command 5 SqlCommand; " +
    "write_stream_operation_start 6 WriteStreamOperationStart; " +
    "streaming_query_command 7 StreamingQueryCommand; get_resources_command 8 GetResourcesCommand; " +
    "streaming_query_manager_command 9 StreamingQueryManagerCommand; " +
    "register_table_function 10 CommonInlineUserDefinedTableFunction; " +
    "streaming_query_listener_bus_command 11 StreamingQueryListenerBusCommand; " +
    "register_data_source 12 CommonInlineUserDefinedDataSource; " +
    "create_resource_profile_command 13 CreateResourceProfileCommand; " +
    "checkpoint_command 14 CheckpointCommand; " +
    "remove_cached_remote_relation_command 15 RemoveCachedRemoteRelationCommand; " +
    "merge_into_table_command 16 MergeIntoTableCommand; ml_command 17 MlCommand; " +
    "execute_external_command 18 ExecuteExternalCommand; pipeline_command 19 PipelineCommand; " +
    "extension 999 google.protobuf.Any }",
  SqlCommand:
    "sql 1 string; args% 2 Expression.Literal; pos_args* 3 Expression.Literal; " +
    "named_arguments% 4 Expression; pos_arguments* 5 Expression; input 6 Relation",
  CreateDataFrameViewCommand: "input 1 Relation; name 2 string; is_global 3 bool; replace 4 bool",
  WriteOperation:
    "input 1 Relation; source? 2 string; save_type { path 3 string; table 4 .SaveTable }; " +
    "mode 5 .SaveMode; sort_column_names* 6 string; partitioning_columns* 7 string; " +
    "bucket_by 8 .BucketBy; options% 9 string; clustering_columns* 10 string; " +
    "with_schema_evolution 11 bool",
  "WriteOperation.SaveTable": "table_name 1 string; save_method 2 .TableSaveMethod",
  "WriteOperation.BucketBy": "bucket_column_names* 1 string; num_buckets 2 int32",
  WriteOperationV2:
    "input 1 Relation; table_name 2 string; provider? 3 string; partitioning_columns* 4 Expression; " +
    "options% 5 string; table_properties% 6 string; mode 7 .Mode; overwrite_condition 8 Expression; " +
    "clustering_columns* 9 string; with_schema_evolution 10 bool",
  GetResourcesCommand: "",
  GetResourcesCommandResult: "resources% 1 ResourceInformation",
  CreateResourceProfileCommand: "profile 1 ResourceProfile",
  CreateResourceProfileCommandResult: "profile_id 1 int32",
  RemoveCachedRemoteRelationCommand: "relation 1 CachedRemoteRelation",
  CheckpointCommand: "relation 1 Relation; local 2 bool; eager 3 bool; storage_level? 4 StorageLevel",
  MergeIntoTableCommand:
    "target_table_name 1 string; source_table_plan 2 Relation; merge_condition 3 Expression; " +
    "match_actions* 4 Expression; not_matched_actions* 5 Expression; " +
    "not_matched_by_source_actions* 6 Expression; with_schema_evolution 7 bool",
  ExecuteExternalCommand: "runner 1 string; command 2 string; options% 3 string",
};
