import type { TableChange } from "../../../catalog/table-change.ts";
import { analysisError, PySparkException, sparkError, unsupported } from "../../../errors/spark-error.ts";
import type { AddFile } from "../../../lake/actions.ts";
import { fileKey } from "../../../lake/actions.ts";
import type { DeltaLog } from "../../../lake/delta-log.ts";
import { storagePath } from "../../../lake/file-actions.ts";
import type { Snapshot } from "../../../lake/snapshot.ts";
import type { Expression } from "../../../plan/expression.ts";
import type { RestoreTable, VacuumTable } from "../../../plan/statement.ts";
import { field, LONG, STRING, struct, TIMESTAMP } from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";
import { changing, metrics, sum } from "./changing.ts";
import { maintenanceTarget } from "./target.ts";

const MOST_SHOWN_FILES = 1000;

/** `VACUUM t [RETAIN n HOURS] [DRY RUN]`. */
export async function vacuumTable(command: VacuumTable, env: CommandEnv): Promise<CommandOutput> {
  if (command.mode === "lite") throw unsupported("VACUUM ... LITE");
  const target = await maintenanceTarget(command, "VACUUM", env);
  const check = env.session.conf.get("spark.databricks.delta.retentionDurationCheck.enabled");
  const result = await env.warehouse.vacuum({
    target,
    ...(command.retainHours === undefined ? {} : { retainHours: command.retainHours }),
    dryRun: command.dryRun,
    checkRetention: check?.toLowerCase() !== "false",
  });
  const { display } = env.session.driver.userFiles;
  const paths = command.dryRun
    ? result.files.slice(0, MOST_SHOWN_FILES).map((file) => file.path)
    : [result.directory];
  return { schema: struct([field("path", STRING)]), rows: paths.map((path) => [display(path)]) };
}

const RESTORED = struct(
  [
    "table_size_after_restore",
    "num_of_files_after_restore",
    "num_removed_files",
    "num_restored_files",
    "removed_files_size",
    "restored_files_size",
  ].map((name) => field(name, LONG)),
);

/** `RESTORE TABLE t TO VERSION AS OF n | TIMESTAMP AS OF ts`. */
export async function restoreTable(command: RestoreTable, env: CommandEnv): Promise<CommandOutput> {
  const target = await maintenanceTarget(command, "RESTORE", env);
  return changing(
    env,
    () => env.warehouse.beginChange(target, "RESTORE"),
    async (change) => {
      const wanted = await restorable(change, command, env);
      const { snapshot } = change;
      const before = snapshot.fileSet.live;
      const after = wanted.fileSet.live;
      const removed = [...before.values()].filter((file) => !after.has(fileKey(file)));
      const restored = [...after.values()].filter((file) => !before.has(fileKey(file)));
      await assertThere(change, restored, wanted.version, env);
      change.readWhole();
      const sameMetadata =
        wanted.metadata.schemaString === snapshot.metadata.schemaString &&
        JSON.stringify(wanted.metadata) === JSON.stringify(snapshot.metadata);
      const numbers = [
        sum(wanted.files, (f) => f.size),
        wanted.files.length,
        removed.length,
        restored.length,
        sum(removed, (f) => f.size),
        sum(restored, (f) => f.size),
      ] as const;
      await change.commit({
        removed,
        written: [],
        added: restored,
        ...(sameMetadata ? {} : { metadata: { metadata: wanted.metadata } }),
        operation: "RESTORE",
        isolationLevel: "Serializable",
        operationParameters: {
          version: command.version === undefined ? null : wanted.version,
          timestamp: command.timestamp === undefined ? null : new Date(wanted.timestampMs).toISOString(),
        },
        operationMetrics: metrics({
          tableSizeAfterRestore: numbers[0],
          numOfFilesAfterRestore: numbers[1],
          numRemovedFiles: numbers[2],
          numRestoredFiles: numbers[3],
          removedFilesSize: numbers[4],
          restoredFilesSize: numbers[5],
        }),
      });
      return { schema: RESTORED, rows: [[...numbers]] };
    },
  );
}

/** RESTORE has words of its own for versions that are not there. */
async function restorable(change: TableChange, command: RestoreTable, env: CommandEnv): Promise<Snapshot> {
  try {
    return await snapshotAt(change.log, command, env);
  } catch (error) {
    if (!(error instanceof PySparkException)) throw error;
    const given = error.getMessageParameters();
    switch (error.getCondition()) {
      case "DELTA_VERSION_NOT_FOUND":
        throw analysisError("DELTA_CANNOT_RESTORE_TABLE_VERSION", {
          version: given.userVersion ?? "",
          startVersion: given.earliest ?? "",
          endVersion: given.latest ?? "",
        });
      case "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION":
        throw analysisError("DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER", {
          requestedTimestamp: given.userTimestamp ?? "",
          earliestTimestamp: given.commitTs ?? "",
        });
      case "DELTA_TIMESTAMP_GREATER_THAN_COMMIT":
        throw analysisError("DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER", {
          requestedTimestamp: given.providedTimestamp ?? "",
          latestTimestamp: given.maximumTimestamp ?? "",
        });
      default:
        throw error;
    }
  }
}

/** The version that `VERSION AS OF` or `TIMESTAMP AS OF` name; the newest without either. */
export async function snapshotAt(
  log: DeltaLog,
  point: { readonly version?: Expression; readonly timestamp?: Expression },
  env: CommandEnv,
): Promise<Snapshot> {
  const { version, timestamp } = point;
  const asked = version ?? timestamp;
  if (asked === undefined) {
    const latest = await log.latest();
    if (latest === undefined) {
      throw analysisError("DELTA_TABLE_NOT_FOUND", { tableName: log.displayName });
    }
    return latest;
  }
  const type = version === undefined ? TIMESTAMP : LONG;
  const { rows } = await env.runner.collect(
    {
      kind: "Project",
      input: { kind: "OneRowRelation" },
      expressions: [{ kind: "Cast", expr: asked, type }],
    },
    env.operation,
  );
  const value = rows[0]?.[0];
  if (value === undefined || value === null) {
    throw sparkError("AnalysisException", {
      condition: "DELTA_INVALID_TIMESTAMP_FORMAT",
      messageParameters: { timestamp: String(value), format: "yyyy-MM-dd HH:mm:ss[.S]" },
    });
  }
  return version === undefined
    ? log.atTimestamp(Number(BigInt(value as bigint) / 1000n))
    : log.atVersion(Number(value));
}

/** A version whose files VACUUM has removed cannot come back. */
async function assertThere(
  change: TableChange,
  files: readonly AddFile[],
  version: number,
  env: CommandEnv,
): Promise<void> {
  if (env.session.conf.get("spark.sql.files.ignoreMissingFiles")?.toLowerCase() === "true") return;
  const missing: string[] = [];
  for (const file of files) {
    const path = storagePath(change.directory, file, change.storage);
    if ((await change.storage.stat(path)) === undefined) missing.push(path);
  }
  if (missing.length === 0) return;
  throw sparkError("IllegalArgumentException", {
    condition: "_LEGACY_ERROR_TEMP_DELTA_0007",
    messageParameters: {
      message: `Not all files from version ${version} are available in file system.\nMissed files (top 100 files): ${missing.slice(0, 100).join(", ")}.\nPlease use more recent version or timestamp for restoring.`,
    },
  });
}
