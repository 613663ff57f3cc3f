import type { MessageTable } from "./table.ts";

/** Declarative pipelines: known by name so that they can be refused by name. */
export const PIPELINES_MESSAGES: MessageTable = {
  PipelineCommand:
    "command_type { create_dataflow_graph 1 .CreateDataflowGraph; define_output 2 .DefineOutput; " +
    "define_flow 3 .DefineFlow; drop_dataflow_graph 4 .DropDataflowGraph; start_run 5 .StartRun; " +
    "define_sql_graph_elements 6 .DefineSqlGraphElements; " +
    "get_query_function_execution_signal_stream 7 .GetQueryFunctionExecutionSignalStream; " +
    "define_flow_query_function_result 8 .DefineFlowQueryFunctionResult; " +
    "execute_output_flows 9 .ExecuteOutputFlows; extension 999 google.protobuf.Any }",
  "PipelineCommand.CreateDataflowGraph":
    "default_catalog? 1 string; default_database? 2 string; sql_conf% 5 string",
  "PipelineCommand.DropDataflowGraph": "dataflow_graph_id? 1 string",
  "PipelineCommand.DefineOutput":
    "dataflow_graph_id? 1 string; output_name? 2 string; output_type? 3 OutputType; comment? 4 string; " +
    "source_code_location? 5 SourceCodeLocation; details { table_details 6 .TableDetails; " +
    "sink_details 7 .SinkDetails; extension 999 google.protobuf.Any }",
  "PipelineCommand.DefineOutput.TableDetails":
    "table_properties% 1 string; partition_cols* 2 string; format? 3 string; " +
    "schema { schema_data_type 4 DataType; schema_string 5 string }; clustering_columns* 6 string",
  "PipelineCommand.DefineOutput.SinkDetails": "options% 1 string; format? 2 string",
  "PipelineCommand.DefineFlow":
    "dataflow_graph_id? 1 string; flow_name? 2 string; target_dataset_name? 3 string; " +
    "sql_conf% 4 string; client_id? 5 string; source_code_location? 6 SourceCodeLocation; " +
    "details { relation_flow_details 7 .WriteRelationFlowDetails; " +
    "auto_cdc_flow_details 10 .AutoCdcFlowDetails; extension 999 google.protobuf.Any }; once? 8 bool",
  "PipelineCommand.DefineFlow.WriteRelationFlowDetails": "relation? 1 Relation",
  "PipelineCommand.DefineFlow.AutoCdcFlowDetails":
    "source? 1 string; keys* 2 Expression; sequence_by? 3 Expression; apply_as_deletes? 6 Expression; " +
    "apply_as_truncates? 7 Expression; column_list* 8 Expression; except_column_list* 9 Expression; " +
    "stored_as_scd_type 10 PipelineCommand.DefineFlow.SCDType; " +
    "track_history_column_list* 11 Expression; track_history_except_column_list* 12 Expression; " +
    "ignore_null_updates_column_list* 14 Expression; " +
    "ignore_null_updates_except_column_list* 15 Expression",
  "PipelineCommand.DefineFlow.Response": "flow_name? 1 string",
  "PipelineCommand.ExecuteOutputFlows":
    "define_output? 1 PipelineCommand.DefineOutput; define_flows* 2 PipelineCommand.DefineFlow; " +
    "full_refresh? 3 bool; storage? 4 string; extension* 999 google.protobuf.Any",
  "PipelineCommand.StartRun":
    "dataflow_graph_id? 1 string; full_refresh_selection* 2 string; full_refresh_all? 3 bool; " +
    "refresh_selection* 4 string; dry? 5 bool; storage? 6 string",
  "PipelineCommand.DefineSqlGraphElements":
    "dataflow_graph_id? 1 string; sql_file_path? 2 string; sql_text? 3 string",
  "PipelineCommand.GetQueryFunctionExecutionSignalStream": "dataflow_graph_id? 1 string; client_id? 2 string",
  "PipelineCommand.DefineFlowQueryFunctionResult":
    "flow_name? 1 string; flow_identifier? 4 ResolvedIdentifier; dataflow_graph_id? 2 string; " +
    "relation? 3 Relation",
  PipelineCommandResult:
    "result_type { create_dataflow_graph_result 1 .CreateDataflowGraphResult; " +
    "define_output_result 2 .DefineOutputResult; define_flow_result 3 .DefineFlowResult }",
  "PipelineCommandResult.CreateDataflowGraphResult": "dataflow_graph_id? 1 string",
  "PipelineCommandResult.DefineOutputResult": "resolved_identifier? 1 ResolvedIdentifier",
  "PipelineCommandResult.DefineFlowResult": "resolved_identifier? 1 ResolvedIdentifier",
  PipelineEventResult: "event 1 PipelineEvent",
  PipelineEvent: "timestamp 1 google.protobuf.Timestamp; message? 2 string",
  SourceCodeLocation:
    "file_name? 1 string; line_number? 2 int32; definition_path? 3 string; " +
    "extension* 999 google.protobuf.Any",
  PipelineQueryFunctionExecutionSignal: "flow_names* 1 string; flow_identifiers* 2 ResolvedIdentifier",
  PipelineAnalysisContext:
    "dataflow_graph_id? 1 string; definition_path? 2 string; flow_name? 3 string; " +
    "flow_identifier? 4 ResolvedIdentifier; extension* 999 google.protobuf.Any",
};
