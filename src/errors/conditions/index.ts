import { ANALYSIS_CONDITIONS } from "./analysis.ts";
import { ARGUMENT_CONDITIONS } from "./arguments.ts";
import { CATALOG_CONDITIONS } from "./catalog.ts";
import { CLIENT_CONDITIONS } from "./client.ts";
import type { ConditionTable } from "./condition.ts";
import { CONNECT_CONDITIONS } from "./connect.ts";
import { DELTA_CONDITIONS } from "./delta.ts";
import { FILE_CONDITIONS } from "./files.ts";
import { FUNCTION_CONDITIONS } from "./functions.ts";
import { GENERAL_CONDITIONS } from "./general.ts";
import { PARSE_CONDITIONS } from "./parse.ts";
import { RUNTIME_CONDITIONS } from "./runtime.ts";

/** Every condition that Lakelet raises, by name. */
export const CONDITIONS: ConditionTable = {
  ...GENERAL_CONDITIONS,
  ...ANALYSIS_CONDITIONS,
  ...ARGUMENT_CONDITIONS,
  ...FUNCTION_CONDITIONS,
  ...PARSE_CONDITIONS,
  ...RUNTIME_CONDITIONS,
  ...CATALOG_CONDITIONS,
  ...DELTA_CONDITIONS,
  ...FILE_CONDITIONS,
  ...CLIENT_CONDITIONS,
  ...CONNECT_CONDITIONS,
};
