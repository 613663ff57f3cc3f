export {
  type ColumnRule,
  checkRules,
  type Distribution,
  type RecordRules,
  schemaOf,
  shopEvents,
} from "./column-rules.ts";
export {
  type GenerateEvent,
  type GenerateOptions,
  type GenerateRun,
  type GenerateSettings,
  type GenerateSummary,
  generate,
} from "./generate.ts";
export type { BatchTicket, BatchWritten, StageTimes } from "./generate-worker-api.ts";
export type { MonitorSnapshot, Stage } from "./monitor.ts";
