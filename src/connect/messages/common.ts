import type { MessageTable } from "./table.ts";

/** Messages that others share. */
export const COMMON_MESSAGES: MessageTable = {
  StorageLevel:
    "use_disk 1 bool; use_memory 2 bool; use_off_heap 3 bool; deserialized 4 bool; replication 5 int32",
  ResourceInformation: "name 1 string; addresses* 2 string",
  ExecutorResourceRequest:
    "resource_name 1 string; amount 2 int64; discovery_script? 3 string; vendor? 4 string",
  TaskResourceRequest: "resource_name 1 string; amount 2 double",
  ResourceProfile: "executor_resources% 1 ExecutorResourceRequest; task_resources% 2 TaskResourceRequest",
  Origin: "function { python_origin 1 PythonOrigin; jvm_origin 2 JvmOrigin }",
  PythonOrigin: "fragment 1 string; call_site 2 string",
  JvmOrigin:
    "line? 1 int32; start_position? 2 int32; start_index? 3 int32; stop_index? 4 int32; " +
    "sql_text? 5 string; object_type? 6 string; object_name? 7 string; stack_trace* 8 StackTraceElement",
  StackTraceElement:
    "class_loader_name? 1 string; module_name? 2 string; module_version? 3 string; " +
    "declaring_class 4 string; method_name 5 string; file_name? 6 string; line_number 7 int32",
  ResolvedIdentifier: "catalog_name 1 string; namespace* 2 string; table_name 3 string",
  Bools: "values* 1 bool",
  Ints: "values* 1 int32",
  Longs: "values* 1 int64",
  Floats: "values* 1 float",
  Doubles: "values* 1 double",
  Strings: "values* 1 string",
};
