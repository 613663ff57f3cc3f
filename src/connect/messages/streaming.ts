import type { MessageTable } from "./table.ts";

/** Structured streaming: known by name so that it can be refused by name. */
export const STREAMING_MESSAGES: MessageTable = {
  WriteStreamOperationStart:
    "input 1 Relation; format 2 string; options% 3 string; partitioning_column_names* 4 string; " +
    "trigger { processing_time_interval 5 string; available_now 6 bool; once 7 bool; " +
    "continuous_checkpoint_interval 8 string; real_time_batch_duration 100 string }; " +
    "output_mode 9 string; query_name 10 string; sink_destination { path 11 string; " +
    "table_name 12 string }; foreach_writer 13 StreamingForeachFunction; " +
    "foreach_batch 14 StreamingForeachFunction; clustering_column_names* 15 string",
  StreamingForeachFunction: "function { python_function 1 PythonUDF; scala_function 2 ScalarScalaUDF }",
  WriteStreamOperationStartResult:
    "query_id 1 StreamingQueryInstanceId; name 2 string; query_started_event_json? 3 string",
  StreamingQueryInstanceId: "id 1 string; run_id 2 string",
  StreamingQueryCommand:
    "query_id 1 StreamingQueryInstanceId; command { status 2 bool; last_progress 3 bool; " +
    "recent_progress 4 bool; stop 5 bool; process_all_available 6 bool; explain 7 .ExplainCommand; " +
    "exception 8 bool; await_termination 9 .AwaitTerminationCommand }",
  "StreamingQueryCommand.ExplainCommand": "extended 1 bool",
  "StreamingQueryCommand.AwaitTerminationCommand": "timeout_ms? 2 int64",
  StreamingQueryCommandResult:
    "query_id 1 StreamingQueryInstanceId; result_type { status 2 .StatusResult; " +
    "recent_progress 3 .RecentProgressResult; explain 4 .ExplainResult; exception 5 .ExceptionResult; " +
    "await_termination 6 .AwaitTerminationResult }",
  "StreamingQueryCommandResult.StatusResult":
    "status_message 1 string; is_data_available 2 bool; is_trigger_active 3 bool; is_active 4 bool",
  "StreamingQueryCommandResult.RecentProgressResult": "recent_progress_json* 5 string",
  "StreamingQueryCommandResult.ExplainResult": "result 1 string",
  "StreamingQueryCommandResult.ExceptionResult":
    "exception_message? 1 string; error_class? 2 string; stack_trace? 3 string",
  "StreamingQueryCommandResult.AwaitTerminationResult": "terminated 1 bool",
  StreamingQueryManagerCommand:
    "command { active 1 bool; get_query 2 string; await_any_termination 3 .AwaitAnyTerminationCommand; " +
    "reset_terminated 4 bool; add_listener 5 .StreamingQueryListenerCommand; " +
    "remove_listener 6 .StreamingQueryListenerCommand; list_listeners 7 bool }",
  "StreamingQueryManagerCommand.AwaitAnyTerminationCommand": "timeout_ms? 1 int64",
  "StreamingQueryManagerCommand.StreamingQueryListenerCommand":
    "listener_payload 1 bytes; python_listener_payload? 2 PythonUDF; id 3 string",
  StreamingQueryManagerCommandResult:
    "result_type { active 1 .ActiveResult; query 2 .StreamingQueryInstance; " +
    "await_any_termination 3 .AwaitAnyTerminationResult; reset_terminated 4 bool; add_listener 5 bool; " +
    "remove_listener 6 bool; list_listeners 7 .ListStreamingQueryListenerResult }",
  "StreamingQueryManagerCommandResult.ActiveResult":
    "active_queries* 1 StreamingQueryManagerCommandResult.StreamingQueryInstance",
  "StreamingQueryManagerCommandResult.StreamingQueryInstance":
    "id 1 StreamingQueryInstanceId; name? 2 string",
  "StreamingQueryManagerCommandResult.AwaitAnyTerminationResult": "terminated 1 bool",
  "StreamingQueryManagerCommandResult.StreamingQueryListenerInstance": "listener_payload 1 bytes",
  "StreamingQueryManagerCommandResult.ListStreamingQueryListenerResult": "listener_ids* 1 string",
  StreamingQueryListenerBusCommand:
    "command { add_listener_bus_listener 1 bool; remove_listener_bus_listener 2 bool }",
  StreamingQueryListenerEvent: "event_json 1 string; event_type 2 StreamingQueryEventType",
  StreamingQueryListenerEventsResult:
    "events* 1 StreamingQueryListenerEvent; listener_bus_listener_added? 2 bool",
};
