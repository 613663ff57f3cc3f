import type { ConditionTable } from "./condition.ts";

export const RUNTIME_CONDITIONS: ConditionTable = {};
