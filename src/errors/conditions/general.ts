import type { ConditionTable } from "./condition.ts";

export const GENERAL_CONDITIONS: ConditionTable = {
  UNSUPPORTED_FEATURE: { message: "The feature is not supported: <feature>.", sqlState: "0A000" },
  CANNOT_MODIFY_STATIC_CONFIG: {
    message: "Cannot modify the value of the static Spark config: <key>.",
    sqlState: "46110",
  },
  CANNOT_MODIFY_CONFIG: {
    message:
      "Cannot modify the value of the Spark config: <key>.\nSee also '<docroot>/sql-migration-guide.html#ddl-statements'.",
    sqlState: "46110",
  },
  INVALID_CONF_VALUE: {
    message: "The value '<confValue>' in the config \"<confName>\" is invalid.",
    sqlState: "22022",
  },
  "INVALID_CONF_VALUE.TIME_ZONE": { message: "Cannot resolve the given timezone." },
  SQL_CONF_NOT_FOUND: {
    message: "The SQL config <sqlConf> cannot be found. Please verify that the config exists.",
    sqlState: "42K0I",
  },
  INVALID_HANDLE: { message: "The handle <handle> is invalid.", sqlState: "HY000" },
  "INVALID_HANDLE.SESSION_CHANGED": {
    message: "The existing Spark server driver instance has restarted. Please reconnect.",
    sqlState: "08003",
  },
  "INVALID_HANDLE.SESSION_CLOSED": { message: "Session was closed.", sqlState: "08003" },
  "INVALID_HANDLE.SESSION_NOT_FOUND": { message: "Session not found.", sqlState: "08003" },
  OPERATION_CANCELED: { message: "Operation has been canceled.", sqlState: "HY008" },
  INTERNAL_ERROR: { message: "<message>", sqlState: "XX000" },
};
