import type { ConditionTable } from "./condition.ts";

export const CLIENT_CONDITIONS: ConditionTable = {};
