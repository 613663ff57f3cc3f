import type { ConditionTable } from "./condition.ts";

export const PARSE_CONDITIONS: ConditionTable = {};
