import type { ConditionTable } from "./condition.ts";

export const CATALOG_CONDITIONS: ConditionTable = {};
