import type { ConditionTable } from "./condition.ts";

export const GENERAL_CONDITIONS: ConditionTable = {
  UNSUPPORTED_FEATURE: { message: "The feature is not supported: <feature>.", sqlState: "0A000" },
  INTERNAL_ERROR: { message: "<message>", sqlState: "XX000" },
};
