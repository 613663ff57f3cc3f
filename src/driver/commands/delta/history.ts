import { clusteringColumns } from "../../../lake/clustering.ts";
import { featureNames } from "../../../lake/protocol.ts";
import { commitInfoOf, commitTimestamp } from "../../../lake/time-travel.ts";
import type { DescribeDetail, DescribeHistory } from "../../../plan/statement.ts";
import {
  array,
  BOOLEAN,
  field,
  INTEGER,
  LONG,
  map,
  STRING,
  struct,
  TIMESTAMP,
} from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";
import { maintenanceTarget } from "./target.ts";

const TEXTS = map(STRING, STRING, true);
const JOB = struct(
  ["jobId", "jobName", "jobRunId", "runId", "jobOwnerId", "triggerType"].map((name) => field(name, STRING)),
);

export const HISTORY = struct([
  field("version", LONG),
  field("timestamp", TIMESTAMP),
  field("userId", STRING),
  field("userName", STRING),
  field("operation", STRING),
  field("operationParameters", TEXTS),
  field("job", JOB),
  field("notebook", struct([field("notebookId", STRING)])),
  field("clusterId", STRING),
  field("readVersion", LONG),
  field("isolationLevel", STRING),
  field("isBlindAppend", BOOLEAN),
  field("operationMetrics", TEXTS),
  field("userMetadata", STRING),
  field("engineInfo", STRING),
]);

/** `DESCRIBE HISTORY t [LIMIT n]`. */
export async function describeHistory(command: DescribeHistory, env: CommandEnv): Promise<CommandOutput> {
  const target = await maintenanceTarget(command, "DESCRIBE HISTORY", env);
  const { log } = await env.warehouse.deltaTable(target, "DESCRIBE HISTORY");
  const commits = await log.history(command.limit);
  const rows = commits.map((commit) => {
    const info = commitInfoOf(commit);
    return [
      commit.version,
      new Date(commitTimestamp(commit)),
      null,
      null,
      info?.operation ?? null,
      texts(info?.operationParameters ?? {}),
      null,
      null,
      null,
      info?.readVersion ?? null,
      info?.isolationLevel ?? null,
      info?.isBlindAppend ?? null,
      texts(info?.operationMetrics ?? {}),
      info?.userMetadata ?? null,
      info?.engineInfo ?? null,
    ];
  });
  return { schema: HISTORY, rows };
}

const DETAIL = struct([
  field("format", STRING),
  field("id", STRING),
  field("name", STRING),
  field("description", STRING),
  field("location", STRING),
  field("createdAt", TIMESTAMP),
  field("lastModified", TIMESTAMP),
  field("partitionColumns", array(STRING)),
  field("clusteringColumns", array(STRING)),
  field("numFiles", LONG),
  field("sizeInBytes", LONG),
  field("properties", TEXTS),
  field("minReaderVersion", INTEGER),
  field("minWriterVersion", INTEGER),
  field("tableFeatures", array(STRING)),
]);

/** `DESCRIBE DETAIL t`. */
export async function describeDetail(command: DescribeDetail, env: CommandEnv): Promise<CommandOutput> {
  const target = await maintenanceTarget(command, "DESCRIBE DETAIL", env);
  const { log, entry } = await env.warehouse.deltaTable(target, "DESCRIBE DETAIL");
  const snapshot = await log.latest();
  if (snapshot === undefined) {
    throw (await import("../../../catalog/write-destination.ts")).deltaTableMissing(log.displayName);
  }
  const { metadata, protocol, totals } = snapshot;
  const createdMs = metadata.createdTime ?? entry?.createdMs;
  return {
    schema: DETAIL,
    rows: [
      [
        "delta",
        metadata.id,
        entry === undefined ? null : `spark_catalog.${entry.database}.${entry.table}`,
        metadata.description ?? null,
        env.session.driver.userFiles.display(log.directory),
        createdMs === undefined ? null : new Date(createdMs),
        new Date(snapshot.timestampMs),
        [...snapshot.partitionColumns],
        [...clusteringColumns(snapshot)],
        totals.fileCount,
        totals.sizeBytes,
        new Map(Object.entries(snapshot.configuration)),
        protocol.minReaderVersion,
        protocol.minWriterVersion,
        [...featureNames(protocol)].sort(),
      ],
    ],
  };
}

function texts(values: Readonly<Record<string, unknown>>): Map<string, string | null> {
  return new Map(
    Object.entries(values).map(([key, value]) => [
      key,
      value === null || value === undefined
        ? null
        : typeof value === "string"
          ? value
          : JSON.stringify(value),
    ]),
  );
}
