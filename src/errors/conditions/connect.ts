import type { ConditionTable } from "./condition.ts";

/** What the Spark Connect protocol itself can get wrong. */
export const CONNECT_CONDITIONS: ConditionTable = {
  CONNECT_INVALID_PLAN: { message: "The Spark Connect plan is invalid.", sqlState: "56K00" },
  "CONNECT_INVALID_PLAN.CANNOT_PARSE": {
    message:
      "Cannot decompress or parse the input plan (<errorMsg>)\nThis may be caused by a corrupted compressed plan.\n" +
      "To disable plan compression, set 'spark.connect.session.planCompression.threshold' to -1.",
  },
  "CONNECT_INVALID_PLAN.ARRAY_LITERAL_MISSING_DATA_TYPE": {
    message: "Data type information is missing in the array literal.",
  },
  "CONNECT_INVALID_PLAN.MAP_LITERAL_MISSING_DATA_TYPE": {
    message: "Data type information is missing in the map literal.",
  },
  "CONNECT_INVALID_PLAN.STRUCT_LITERAL_MISSING_DATA_TYPE": {
    message: "Data type information is missing in the struct literal.",
  },
  "CONNECT_INVALID_PLAN.FIELD_CANNOT_BE_EMPTY": { message: "<fieldName> in <fullName> cannot be empty" },
  "CONNECT_INVALID_PLAN.INVALID_ENUM": {
    message: "This enum value of <fullName> is invalid: <name>(<number>)",
  },
  "CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET": {
    message: "This oneOf field in <fullName> is not set: <name>",
  },
  "CONNECT_INVALID_PLAN.NOT_FOUND_CACHED_LOCAL_RELATION": {
    message:
      "Not found any cached local relation with the hash: <hash> in the session with sessionUUID <sessionUUID>.",
  },
  "CONNECT_INVALID_PLAN.NOT_FOUND_CHUNKED_CACHED_LOCAL_RELATION": {
    message:
      "Not found chunked cached local relation block with the hash: <hash> in the session with sessionUUID <sessionUUID>.",
  },
  "CONNECT_INVALID_PLAN.SQL_COMMAND_EXPECTS_SQL_OR_WITH_RELATIONS": {
    message: "SQL command expects either a SQL or a WithRelations, but got <other>",
  },
  "CONNECT_INVALID_PLAN.UNKNOWN_ANALYZE_METHOD": { message: "Unknown Analyze Method <other>!" },
  INVALID_ARTIFACT_PATH: {
    message:
      "Artifact with name <name> is invalid. The name must be a relative path and cannot reference parent/sibling/nephew directories.",
    sqlState: "22023",
  },
  INVALID_CLONE_SESSION_REQUEST: { message: "Invalid session clone request.", sqlState: "42K04" },
  "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_CLOSED": {
    message:
      "Cannot clone session to target session ID <targetSessionId> because a session with this ID was previously closed.",
  },
  "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_ALREADY_EXISTS": {
    message:
      "Cannot clone session to target session ID <targetSessionId> because a session with this ID already exists.",
  },
  "INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_FORMAT": {
    message:
      "Target session ID <targetSessionId> for clone operation must be an UUID string of the format '00112233-4455-6677-8899-aabbccddeeff'.",
  },
  INVALID_CONNECT_URL: { message: "Invalid URL for Spark Connect: <detail>" },
  INVALID_CURSOR: { message: "The cursor is invalid.", sqlState: "HY109" },
  "INVALID_CURSOR.DISCONNECTED": { message: "The cursor has been disconnected by the server." },
  "INVALID_CURSOR.NOT_REATTACHABLE": { message: "The cursor is not reattachable." },
  "INVALID_CURSOR.POSITION_NOT_AVAILABLE": {
    message: "The cursor position id <responseId> is no longer available at index <index>.",
  },
  "INVALID_CURSOR.POSITION_NOT_FOUND": { message: "The cursor position id <responseId> is not found." },
  "INVALID_HANDLE.FORMAT": {
    message: "Handle must be an UUID string of the format '00112233-4455-6677-8899-aabbccddeeff'",
  },
  "INVALID_HANDLE.OPERATION_ABANDONED": {
    message: "Operation was considered abandoned because of inactivity and removed.",
  },
  "INVALID_HANDLE.OPERATION_ALREADY_EXISTS": { message: "Operation already exists." },
  "INVALID_HANDLE.OPERATION_NOT_FOUND": { message: "Operation not found." },
  INVALID_PARAMETER_VALUE: {
    message: "The value of parameter(s) <parameter> in <functionName> is invalid:",
    sqlState: "22023",
  },
  "INVALID_PARAMETER_VALUE.INTERRUPT_TYPE_OPERATION_ID_REQUIRES_ID": {
    message: "INTERRUPT_TYPE_OPERATION_ID requested, but no operation_id provided.",
  },
  "INVALID_PARAMETER_VALUE.INTERRUPT_TYPE_TAG_REQUIRES_TAG": {
    message: "INTERRUPT_TYPE_TAG requested, but no operation_tag provided.",
  },
  INVALID_PANDAS_UDF_PLACEMENT: {
    message:
      "The group aggregate pandas UDF <functionList> cannot be invoked together with as other, non-pandas aggregate functions.",
    sqlState: "0A000",
  },
  PYTHON_EXCEPTION: { message: "<msg>: <traceback>", sqlState: "38000" },
  RESPONSE_ALREADY_RECEIVED: {
    message:
      "OPERATION_NOT_FOUND on the server but responses were already received from it: the result cannot be completed.",
  },
  "UNSUPPORTED_FEATURE.INTERRUPT_TYPE": { message: "Unsupported interrupt type: <interruptType>." },
};
