import type { MessageTable } from "./table.ts";

/** The RPCs of the service and their messages. */
export const BASE_MESSAGES: MessageTable = {
  Plan: "op_type { root 1 Relation; command 2 Command; compressed_operation 3 .CompressedOperation }",
  "Plan.CompressedOperation": "data 1 bytes; op_type 2 .OpType; compression_codec 3 CompressionCodec",
  UserContext: "user_id 1 string; user_name 2 string; extensions* 999 google.protobuf.Any",
  AnalyzePlanRequest:
    "session_id 1 string; client_observed_server_side_session_id? 17 string; " +
    "user_context 2 UserContext; client_type? 3 string; analyze { schema 4 .Schema; " +
    "explain 5 .Explain; tree_string 6 .TreeString; is_local 7 .IsLocal; is_streaming 8 .IsStreaming; " +
    "input_files 9 .InputFiles; spark_version 10 .SparkVersion; ddl_parse 11 .DDLParse; " +
    "same_semantics 12 .SameSemantics; semantic_hash 13 .SemanticHash; persist 14 .Persist; " +
    "unpersist 15 .Unpersist; get_storage_level 16 .GetStorageLevel; json_to_ddl 18 .JsonToDDL }",
  "AnalyzePlanRequest.Schema": "plan 1 Plan",
  "AnalyzePlanRequest.Explain": "plan 1 Plan; explain_mode 2 .ExplainMode",
  "AnalyzePlanRequest.TreeString": "plan 1 Plan; level? 2 int32",
  "AnalyzePlanRequest.IsLocal": "plan 1 Plan",
  "AnalyzePlanRequest.IsStreaming": "plan 1 Plan",
  "AnalyzePlanRequest.InputFiles": "plan 1 Plan",
  "AnalyzePlanRequest.SparkVersion": "",
  "AnalyzePlanRequest.DDLParse": "ddl_string 1 string",
  "AnalyzePlanRequest.SameSemantics": "target_plan 1 Plan; other_plan 2 Plan",
  "AnalyzePlanRequest.SemanticHash": "plan 1 Plan",
  "AnalyzePlanRequest.Persist": "relation 1 Relation; storage_level? 2 StorageLevel",
  "AnalyzePlanRequest.Unpersist": "relation 1 Relation; blocking? 2 bool",
  "AnalyzePlanRequest.GetStorageLevel": "relation 1 Relation",
  "AnalyzePlanRequest.JsonToDDL": "json_string 1 string",
  AnalyzePlanResponse:
    "session_id 1 string; server_side_session_id 15 string; result { schema 2 .Schema; " +
    "explain 3 .Explain; tree_string 4 .TreeString; is_local 5 .IsLocal; is_streaming 6 .IsStreaming; " +
    "input_files 7 .InputFiles; spark_version 8 .SparkVersion; ddl_parse 9 .DDLParse; " +
    "same_semantics 10 .SameSemantics; semantic_hash 11 .SemanticHash; persist 12 .Persist; " +
    "unpersist 13 .Unpersist; get_storage_level 14 .GetStorageLevel; json_to_ddl 16 .JsonToDDL }",
  "AnalyzePlanResponse.Schema": "schema 1 DataType",
  "AnalyzePlanResponse.Explain": "explain_string 1 string",
  "AnalyzePlanResponse.TreeString": "tree_string 1 string",
  "AnalyzePlanResponse.IsLocal": "is_local 1 bool",
  "AnalyzePlanResponse.IsStreaming": "is_streaming 1 bool",
  "AnalyzePlanResponse.InputFiles": "files* 1 string",
  "AnalyzePlanResponse.SparkVersion": "version 1 string",
  "AnalyzePlanResponse.DDLParse": "parsed 1 DataType",
  "AnalyzePlanResponse.SameSemantics": "result 1 bool",
  "AnalyzePlanResponse.SemanticHash": "result 1 int32",
  "AnalyzePlanResponse.Persist": "",
  "AnalyzePlanResponse.Unpersist": "",
  "AnalyzePlanResponse.GetStorageLevel": "storage_level 1 StorageLevel",
  "AnalyzePlanResponse.JsonToDDL": "ddl_string 1 string",
  ExecutePlanRequest:
    "session_id 1 string; client_observed_server_side_session_id? 8 string; " +
    "user_context 2 UserContext; operation_id? 6 string; plan 3 Plan; client_type? 4 string; " +
    "request_options* 5 .RequestOption; tags* 7 string",
  "ExecutePlanRequest.RequestOption":
    "request_option { reattach_options 1 ReattachOptions; " +
    "result_chunking_options 2 ResultChunkingOptions; extension 999 google.protobuf.Any }",
  ExecutePlanResponse:
    "session_id 1 string; server_side_session_id 15 string; operation_id 12 string; " +
    "response_id 13 string; response_type { arrow_batch 2 .ArrowBatch; " +
    "sql_command_result 5 .SqlCommandResult; " +
    "write_stream_operation_start_result 8 WriteStreamOperationStartResult; " +
    "streaming_query_command_result 9 StreamingQueryCommandResult; " +
    "get_resources_command_result 10 GetResourcesCommandResult; " +
    "streaming_query_manager_command_result 11 StreamingQueryManagerCommandResult; " +
    "streaming_query_listener_events_result 16 StreamingQueryListenerEventsResult; " +
    "result_complete 14 .ResultComplete; " +
    "create_resource_profile_command_result 17 CreateResourceProfileCommandResult; " +
    "execution_progress 18 .ExecutionProgress; checkpoint_command_result 19 CheckpointCommandResult; " +
    "ml_command_result 20 MlCommandResult; pipeline_event_result 21 PipelineEventResult; " +
    "pipeline_command_result 22 PipelineCommandResult; " +
    "pipeline_query_function_execution_signal 23 PipelineQueryFunctionExecutionSignal; " +
    "extension 999 google.protobuf.Any }; metrics 4 .Metrics; observed_metrics* 6 .ObservedMetrics; " +
    "schema 7 DataType",
  "ExecutePlanResponse.SqlCommandResult": "relation 1 Relation",
  "ExecutePlanResponse.ArrowBatch":
    "row_count 1 int64; data 2 bytes; start_offset? 3 int64; chunk_index? 4 int64; " +
    "num_chunks_in_batch? 5 int64",
  "ExecutePlanResponse.Metrics": "metrics* 1 .MetricObject",
  "ExecutePlanResponse.Metrics.MetricObject":
    "name 1 string; plan_id 2 int64; parent 3 int64; " +
    "execution_metrics% 4 ExecutePlanResponse.Metrics.MetricValue",
  "ExecutePlanResponse.Metrics.MetricValue": "name 1 string; value 2 int64; metric_type 3 string",
  "ExecutePlanResponse.ObservedMetrics":
    "name 1 string; values* 2 Expression.Literal; keys* 3 string; plan_id 4 int64; " +
    "root_error_idx? 5 int32; errors* 6 FetchErrorDetailsResponse.Error",
  "ExecutePlanResponse.ResultComplete": "",
  "ExecutePlanResponse.ExecutionProgress": "stages* 1 .StageInfo; num_inflight_tasks 2 int64",
  "ExecutePlanResponse.ExecutionProgress.StageInfo":
    "stage_id 1 int64; num_tasks 2 int64; num_completed_tasks 3 int64; input_bytes_read 4 int64; " +
    "done 5 bool",
  KeyValue: "key 1 string; value? 2 string",
  ConfigRequest:
    "session_id 1 string; client_observed_server_side_session_id? 8 string; " +
    "user_context 2 UserContext; operation 3 .Operation; client_type? 4 string",
  "ConfigRequest.Operation":
    "op_type { set 1 ConfigRequest.Set; get 2 ConfigRequest.Get; " +
    "get_with_default 3 ConfigRequest.GetWithDefault; get_option 4 ConfigRequest.GetOption; " +
    "get_all 5 ConfigRequest.GetAll; unset 6 ConfigRequest.Unset; " +
    "is_modifiable 7 ConfigRequest.IsModifiable }",
  "ConfigRequest.Set": "pairs* 1 KeyValue; silent? 2 bool",
  "ConfigRequest.Get": "keys* 1 string",
  "ConfigRequest.GetWithDefault": "pairs* 1 KeyValue",
  "ConfigRequest.GetOption": "keys* 1 string",
  "ConfigRequest.GetAll": "prefix? 1 string",
  "ConfigRequest.Unset": "keys* 1 string",
  "ConfigRequest.IsModifiable": "keys* 1 string",
  ConfigResponse:
    "session_id 1 string; server_side_session_id 4 string; pairs* 2 KeyValue; warnings* 3 string",
  AddArtifactsRequest:
    "session_id 1 string; user_context 2 UserContext; " +
    "client_observed_server_side_session_id? 7 string; client_type? 6 string; " +
    "payload { batch 3 .Batch; begin_chunk 4 .BeginChunkedArtifact; chunk 5 .ArtifactChunk }",
  "AddArtifactsRequest.ArtifactChunk": "data 1 bytes; crc 2 int64",
  "AddArtifactsRequest.SingleChunkArtifact": "name 1 string; data 2 AddArtifactsRequest.ArtifactChunk",
  "AddArtifactsRequest.Batch": "artifacts* 1 AddArtifactsRequest.SingleChunkArtifact",
  "AddArtifactsRequest.BeginChunkedArtifact":
    "name 1 string; total_bytes 2 int64; num_chunks 3 int64; " +
    "initial_chunk 4 AddArtifactsRequest.ArtifactChunk",
  AddArtifactsResponse: "session_id 2 string; server_side_session_id 3 string; artifacts* 1 .ArtifactSummary",
  "AddArtifactsResponse.ArtifactSummary": "name 1 string; is_crc_successful 2 bool",
  ArtifactStatusesRequest:
    "session_id 1 string; client_observed_server_side_session_id? 5 string; " +
    "user_context 2 UserContext; client_type? 3 string; names* 4 string",
  ArtifactStatusesResponse:
    "session_id 2 string; server_side_session_id 3 string; " +
    "statuses% 1 ArtifactStatusesResponse.ArtifactStatus",
  "ArtifactStatusesResponse.ArtifactStatus": "exists 1 bool",
  InterruptRequest:
    "session_id 1 string; client_observed_server_side_session_id? 7 string; " +
    "user_context 2 UserContext; client_type? 3 string; interrupt_type 4 .InterruptType; " +
    "interrupt { operation_tag 5 string; operation_id 6 string }",
  InterruptResponse: "session_id 1 string; server_side_session_id 3 string; interrupted_ids* 2 string",
  ReattachOptions: "reattachable 1 bool",
  ResultChunkingOptions: "allow_arrow_batch_chunking 1 bool; preferred_arrow_chunk_size? 2 int64",
  ReattachExecuteRequest:
    "session_id 1 string; client_observed_server_side_session_id? 6 string; " +
    "user_context 2 UserContext; operation_id 3 string; client_type? 4 string; " +
    "last_response_id? 5 string",
  ReleaseExecuteRequest:
    "session_id 1 string; client_observed_server_side_session_id? 7 string; " +
    "user_context 2 UserContext; operation_id 3 string; client_type? 4 string; " +
    "release { release_all 5 .ReleaseAll; release_until 6 .ReleaseUntil }",
  "ReleaseExecuteRequest.ReleaseAll": "",
  "ReleaseExecuteRequest.ReleaseUntil": "response_id 1 string",
  ReleaseExecuteResponse: "session_id 1 string; server_side_session_id 3 string; operation_id? 2 string",
  ReleaseSessionRequest:
    "session_id 1 string; user_context 2 UserContext; client_type? 3 string; allow_reconnect 4 bool",
  ReleaseSessionResponse: "session_id 1 string; server_side_session_id 2 string",
  FetchErrorDetailsRequest:
    "session_id 1 string; client_observed_server_side_session_id? 5 string; " +
    "user_context 2 UserContext; error_id 3 string; client_type? 4 string",
  FetchErrorDetailsResponse:
    "server_side_session_id 3 string; session_id 4 string; root_error_idx? 1 int32; errors* 2 .Error",
  "FetchErrorDetailsResponse.StackTraceElement":
    "declaring_class 1 string; method_name 2 string; file_name? 3 string; line_number 4 int32",
  "FetchErrorDetailsResponse.QueryContext":
    "context_type 10 .ContextType; object_type 1 string; object_name 2 string; start_index 3 int32; " +
    "stop_index 4 int32; fragment 5 string; call_site 6 string; summary 7 string",
  "FetchErrorDetailsResponse.SparkThrowable":
    "error_class? 1 string; message_parameters% 2 string; " +
    "query_contexts* 3 FetchErrorDetailsResponse.QueryContext; sql_state? 4 string; " +
    "breaking_change_info? 5 FetchErrorDetailsResponse.BreakingChangeInfo",
  "FetchErrorDetailsResponse.BreakingChangeInfo":
    "migration_message* 1 string; mitigation_config? 2 FetchErrorDetailsResponse.MitigationConfig; " +
    "needs_audit? 3 bool",
  "FetchErrorDetailsResponse.MitigationConfig": "key 1 string; value 2 string",
  "FetchErrorDetailsResponse.Error":
    "error_type_hierarchy* 1 string; message 2 string; " +
    "stack_trace* 3 FetchErrorDetailsResponse.StackTraceElement; cause_idx? 4 int32; " +
    "spark_throwable? 5 FetchErrorDetailsResponse.SparkThrowable",
  CheckpointCommandResult: "relation 1 CachedRemoteRelation",
  CloneSessionRequest:
    "session_id 1 string; client_observed_server_side_session_id? 5 string; " +
    "user_context 2 UserContext; client_type? 3 string; new_session_id? 4 string",
  CloneSessionResponse:
    "session_id 1 string; server_side_session_id 2 string; new_session_id 3 string; " +
    "new_server_side_session_id 4 string",
  GetStatusRequest:
    "session_id 1 string; user_context 2 UserContext; client_type? 3 string; " +
    "client_observed_server_side_session_id? 4 string; operation_status? 5 .OperationStatusRequest; " +
    "extensions* 999 google.protobuf.Any",
  "GetStatusRequest.OperationStatusRequest": "operation_ids* 1 string; extensions* 999 google.protobuf.Any",
  GetStatusResponse:
    "session_id 1 string; server_side_session_id 2 string; operation_statuses* 3 .OperationStatus; " +
    "extensions* 999 google.protobuf.Any",
  "GetStatusResponse.OperationStatus":
    "operation_id 1 string; state 2 .OperationState; extensions* 999 google.protobuf.Any",
};
