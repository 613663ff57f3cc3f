import type { ConditionTable } from "./condition.ts";

export const DELTA_CONDITIONS: ConditionTable = {};
