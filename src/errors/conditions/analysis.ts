import type { ConditionTable } from "./condition.ts";

export const ANALYSIS_CONDITIONS: ConditionTable = {};
