import type { FoundPlan } from "../analyzer/catalog-resolver.ts";
import { scanFile } from "../catalog/delta-scan.ts";
import type { TableScan } from "../catalog/warehouse-api.ts";
import type { ScanFile } from "../engine/engine-api.ts";
import { analysisError, sparkError, unsupported } from "../errors/spark-error.ts";
import type { AddFile } from "../lake/actions.ts";
import { physicalNames, readerSchema } from "../lake/column-mapping.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import type { Commit } from "../lake/log-reader.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import { commitTimestamp } from "../lake/time-travel.ts";
import type { ReadTable, Relation } from "../plan/relation.ts";
import { field, LONG, STRING, struct, TIMESTAMP } from "../types/data-type.ts";

export interface FeedRange {
  readonly start: number;
  readonly end: number | undefined;
}

/** A feed is asked for by an option of the reader. */
export function asksForChanges(options: Readonly<Record<string, string>>): boolean {
  return (options.readchangefeed ?? options.readchangedata)?.toLowerCase() === "true";
}

/**
 * The changes of a table's rows from one version to another: what writers recorded where they did, else the rows of the
 * files that a version added and removed. `pin` gives a name to a scan of its own.
 */
export async function changeFeed(
  log: DeltaLog,
  range: FeedRange,
  pin: (scan: TableScan) => string,
): Promise<FoundPlan> {
  const latest = await log.latest();
  if (latest === undefined) throw analysisError("DELTA_TABLE_NOT_FOUND", { tableName: log.displayName });
  if (range.start > latest.version) throw startTooLate(range.start, latest.version);
  const end = Math.min(range.end ?? latest.version, latest.version);
  if (end < range.start) {
    throw sparkError("IllegalArgumentException", {
      condition: "DELTA_INVALID_CDC_RANGE",
      messageParameters: { start: String(range.start), end: String(range.end) },
    });
  }
  const recorded: ScanFile[] = [];
  const derived: ScanFile[] = [];
  const last = await log.atVersion(end);
  let isOn = isRecording((await log.atVersion(range.start)).configuration);
  for (const commit of await log.commitsBetween(range.start, end)) {
    for (const action of commit.actions)
      if ("metaData" in action) isOn = isRecording(action.metaData.configuration);
    if (!isOn) {
      throw analysisError("DELTA_MISSING_CHANGE_DATA", {
        startVersion: String(range.start),
        endVersion: String(end),
        version: String(commit.version),
        key: "delta.enableChangeDataFeed",
      });
    }
    const own = await filesOf(log, last, commit);
    recorded.push(...own.recorded);
    derived.push(...own.derived);
  }
  const schema = struct([
    ...readerSchema(last.schema).fields,
    field("_change_type", STRING),
    field("_commit_version", LONG),
    field("_commit_timestamp", TIMESTAMP),
  ]);
  const scanOf = (files: readonly ScanFile[], constants: readonly string[]): Relation => {
    const name = pin({
      schema,
      partitionColumns: [...last.partitionColumns, ...constants],
      version: last.version,
      timestampMs: last.timestampMs,
      rowCount: undefined,
      sizeBytes: 0,
      physicalNames: physicalNames(last.schema, last.configuration),
      source: { directory: log.directory, version: last.version },
      files: async () => files,
    });
    return { kind: "ReadTable", unparsedIdentifier: "", nameParts: [name], options: {} } satisfies ReadTable;
  };
  const commitColumns = ["_commit_version", "_commit_timestamp"];
  return {
    kind: "plan",
    plan: {
      kind: "SetOperation",
      leftInput: scanOf(recorded, commitColumns),
      rightInput: scanOf(derived, ["_change_type", ...commitColumns]),
      setOpType: "union",
      isAll: true,
    } as Relation,
  };
}

function isRecording(configuration: Readonly<Record<string, string>>): boolean {
  return configuration["delta.enableChangeDataFeed"]?.toLowerCase() === "true";
}

async function filesOf(
  log: DeltaLog,
  snapshot: Snapshot,
  commit: Commit,
): Promise<{ readonly recorded: readonly ScanFile[]; readonly derived: readonly ScanFile[] }> {
  const constants = {
    _commit_version: String(commit.version),
    _commit_timestamp: new Date(commitTimestamp(commit)).toISOString(),
  };
  const scan = async (
    file: Pick<AddFile, "path" | "partitionValues" | "size" | "deletionVector">,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ScanFile> => {
    const own = await scanFile(log, snapshot, { ...file, modificationTime: 0, dataChange: true });
    return { ...own, partitionValues: { ...own.partitionValues, ...constants, ...more } };
  };
  const cdc = commit.actions.flatMap((action) => ("cdc" in action ? [action.cdc] : []));
  if (cdc.length > 0) return { recorded: await Promise.all(cdc.map((file) => scan(file))), derived: [] };
  const adds = commit.actions.flatMap((a) => ("add" in a && a.add.dataChange ? [a.add] : []));
  const removes = commit.actions.flatMap((a) => ("remove" in a && a.remove.dataChange ? [a.remove] : []));
  const both = adds.find((add) => removes.some((remove) => remove.path === add.path));
  if (both !== undefined) {
    throw unsupported(
      "the change data of a version that only marked rows as deleted and recorded no changes",
    );
  }
  const derived = await Promise.all([
    ...removes.map((file) =>
      scan(
        { ...file, partitionValues: file.partitionValues ?? {}, size: file.size ?? 0 },
        { _change_type: "delete" },
      ),
    ),
    ...adds.map((file) => scan(file, { _change_type: "insert" })),
  ]);
  return { recorded: [], derived };
}

function startTooLate(start: number, latest: number): Error {
  const message = `Provided Start version(${start}) for reading change data is invalid. Start version cannot be greater than the latest version of the table(${latest}).`;
  return sparkError("IllegalArgumentException", {
    condition: "_LEGACY_ERROR_TEMP_DELTA_0007",
    messageParameters: { message },
    message,
  });
}
