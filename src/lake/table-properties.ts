import { sparkError } from "../errors/spark-error.ts";

/** Delta's table properties (`metaData.configuration`) that the code acts upon, with Delta's defaults. */
type Configuration = Readonly<Record<string, string>>;

const DAY_MS = 24 * 60 * 60 * 1000;

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
