import { sparkError } from "../errors/spark-error.ts";

/** Delta's table properties (`metaData.configuration`) that the code acts upon, with Delta's defaults. */
type Configuration = Readonly<Record<string, string>>;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Delta's table properties, in lower case. */
const KNOWN = new Set(
  [
    "appendOnly",
    "autoOptimize",
    "autoOptimize.autoCompact",
    "autoOptimize.optimizeWrite",
    "castIcebergTimeType",
    "checkpoint.writeStatsAsJson",
    "checkpoint.writeStatsAsStruct",
    "checkpointInterval",
    "checkpointPolicy",
    "checkpointRetentionDuration",
    "columnMapping.maxColumnId",
    "columnMapping.mode",
    "compatibility.symlinkFormatManifest.enabled",
    "coordinatedCommits.commitCoordinator-preview",
    "coordinatedCommits.commitCoordinatorConf-preview",
    "coordinatedCommits.tableConf-preview",
    "dataSkippingNumIndexedCols",
    "dataSkippingStatsColumns",
    "deletedFileRetentionDuration",
    "enableChangeDataFeed",
    "enableDeletionVectors",
    "enableExpiredLogCleanup",
    "enableFullRetentionRollback",
    "enableIcebergCompatV1",
    "enableIcebergCompatV2",
    "enableInCommitTimestamps",
    "enableRowTracking",
    "enableTypeWidening",
    "identity",
    "inCommitTimestampEnablementTimestamp",
    "inCommitTimestampEnablementVersion",
    "isolationLevel",
    "lastCommitTimestamp",
    "lastUpdateVersion",
    "logRetentionDuration",
    "minReaderVersion",
    "minWriterVersion",
    "parquet.compression.codec",
    "randomizeFilePrefixes",
    "randomPrefixLength",
    "requireCheckpointProtectionBeforeVersion",
    "rowTracking.materializedRowCommitVersionColumnName",
    "rowTracking.materializedRowIdColumnName",
    "sampleRetentionDuration",
    "setTransactionRetentionDuration",
    "targetFileSize",
    "tuneFileSizesForRewrites",
    "universalFormat.enabledFormats",
  ].map((name) => `delta.${name}`.toLowerCase()),
);

/** Throws Delta's errors for `delta.` properties that do not exist or whose value makes no sense; old ones may stay. */
export function assertKnownProperties(configuration: Configuration, old: Configuration = {}): void {
  for (const [key, value] of Object.entries(configuration)) {
    const lower = key.toLowerCase();
    if (!lower.startsWith("delta.") || old[key] === value) continue;
    const isFree = lower.startsWith("delta.constraints.") || lower.startsWith("delta.feature.");
    if (!isFree && !KNOWN.has(lower)) {
      throw sparkError("AnalysisException", {
        condition: "DELTA_UNKNOWN_CONFIGURATION",
        messageParameters: {
          config: key,
          disableCheckConfig: "spark.databricks.delta.allowArbitraryProperties.enabled",
        },
      });
    }
    assertValue(key, value);
  }
}

function assertValue(key: string, value: string): void {
  const problem = /^delta\.(appendOnly|enable\w+)$/i.test(key)
    ? /^(true|false)$/i.test(value)
      ? undefined
      : "needs to be a boolean."
    : /Duration$/.test(key)
      ? intervalMs(value) === undefined
        ? 'needs to be provided as a calendar interval such as "2 weeks". Months and years are not accepted. You may specify "365 days" for a year instead.'
        : undefined
      : key === "delta.checkpointInterval" && !/^[1-9]\d*$/.test(value)
        ? "needs to be a positive integer."
        : undefined;
  if (problem === undefined) return;
  const message = `requirement failed: ${key} ${problem}`;
  throw sparkError("IllegalArgumentException", {
    condition: "_LEGACY_ERROR_TEMP_DELTA_0007",
    messageParameters: { message },
    message,
  });
}

/** Old log files go when a checkpoint makes them dispensable. */
export function cleansLog(configuration: Configuration): boolean {
  return configuration["delta.enableExpiredLogCleanup"]?.toLowerCase() !== "false";
}

export type IsolationLevel = "Serializable" | "WriteSerializable" | "SnapshotIsolation";

export function isolationLevel(configuration: Configuration): IsolationLevel {
  const level = configuration["delta.isolationLevel"] ?? "WriteSerializable";
  if (level === "Serializable" || level === "WriteSerializable" || level === "SnapshotIsolation")
    return level;
  throw sparkError("IllegalArgumentException", {
    condition: "DELTA_INVALID_ISOLATION_LEVEL",
    messageParameters: { isolationLevel: level },
  });
}

export function isAppendOnly(configuration: Configuration): boolean {
  return configuration["delta.appendOnly"]?.toLowerCase() === "true";
}

export function usesInCommitTimestamps(configuration: Configuration): boolean {
  return configuration["delta.enableInCommitTimestamps"]?.toLowerCase() === "true";
}

/** Statistics are kept for the first so many leaf columns; -1 means all. */
export function indexedColumnCount(configuration: Configuration): number {
  return wholeNumber(configuration["delta.dataSkippingNumIndexedCols"], 32);
}

/** Versions between checkpoints, at least. */
export function checkpointInterval(configuration: Configuration): number {
  return Math.max(1, wholeNumber(configuration["delta.checkpointInterval"], 10));
}

export function deletedFileRetentionMs(configuration: Configuration): number {
  return intervalMs(configuration["delta.deletedFileRetentionDuration"]) ?? 7 * DAY_MS;
}

export function logRetentionMs(configuration: Configuration): number {
  return intervalMs(configuration["delta.logRetentionDuration"]) ?? 30 * DAY_MS;
}

/** CHECK constraints by name. */
export function checkConstraints(configuration: Configuration): Readonly<Record<string, string>> {
  const prefix = "delta.constraints.";
  return Object.fromEntries(
    Object.entries(configuration)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, expression]) => [key.slice(prefix.length), expression]),
  );
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  const n = Number(text);
  return text !== undefined && Number.isSafeInteger(n) ? n : otherwise;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  week: 7 * DAY_MS,
  day: DAY_MS,
  hour: 60 * 60 * 1000,
  minute: 60 * 1000,
  second: 1000,
  millisecond: 1,
  microsecond: 0.001,
};

/** `interval 7 days`, `interval 1 week 2 hours`; undefined when it is not such an interval. */
function intervalMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let rest = text
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, "");
  let total = 0;
  while (rest !== "") {
    const match = /^(-?\d+)\s+(week|day|hour|minute|second|millisecond|microsecond)s?\s*/.exec(rest);
    if (match === null) return undefined;
    total += Number(match[1]) * (UNIT_MS[match[2] as string] as number);
    rest = rest.slice(match[0].length);
  }
  return total;
}
