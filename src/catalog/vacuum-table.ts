import { LakeletError } from "../errors/lakelet-error.ts";
import { sparkError } from "../errors/spark-error.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import { deletedFileRetentionMs } from "../lake/table-properties.ts";
import type { VacuumPlan } from "../lake/vacuum.ts";
import { planVacuum, removeFiles } from "../lake/vacuum.ts";
import type { WarehouseContext } from "./context.ts";
import { directoryLockName } from "./directory-lease.ts";
import type { ChangeTarget } from "./table-change.ts";
import { locateDelta } from "./table-change.ts";
import { deltaTableMissing } from "./write-destination.ts";

const HOUR_MS = 3_600_000;
/** How long VACUUM waits for readers and writers to let go of the table. */
const PATIENCE_MS = 30_000;

export interface VacuumRequest {
  readonly target: ChangeTarget;
  readonly retainHours?: number;
  readonly dryRun: boolean;
  /** Delta's `spark.databricks.delta.retentionDurationCheck.enabled`. */
  readonly checkRetention: boolean;
}

export interface VacuumResult extends VacuumPlan {
  readonly directory: string;
}

/**
 * Removes files that no version within the retention is made of. Below the table's own retention a reader or writer
 * that is at work could lose files, so then nobody may hold the table meanwhile.
 */
export async function vacuumTable(context: WarehouseContext, request: VacuumRequest): Promise<VacuumResult> {
  const { log, displayName } = await locateDelta(context, request.target, "VACUUM");
  const latest = await log.latest();
  if (latest === undefined) throw deltaTableMissing(displayName);
  const usual = deletedFileRetentionMs(latest.configuration);
  const retention = request.retainHours === undefined ? usual : request.retainHours * HOUR_MS;
  if (request.checkRetention && retention < usual) throw retentionTooShort(usual);
  const run = async (): Promise<VacuumResult> => {
    const snapshot = await log.latest();
    if (snapshot === undefined) throw deltaTableMissing(displayName);
    const oldest = context.env.clock.now() - retention + (retention === 0 ? 1 : 0);
    const plan = await planVacuum(context.storage, log.directory, snapshot, oldest);
    if (!request.dryRun) await removeLogged(context, log, plan, request, { usual, retention });
    return { ...plan, directory: log.directory };
  };
  return retention >= usual || request.dryRun ? run() : alone(context, log.directory, run);
}

/** What VACUUM did is in the table's history, before and after. */
async function removeLogged(
  context: WarehouseContext,
  log: DeltaLog,
  plan: VacuumPlan,
  request: VacuumRequest,
  times: { readonly usual: number; readonly retention: number },
): Promise<void> {
  await note(
    log,
    "VACUUM START",
    {
      retentionCheckEnabled: String(request.checkRetention),
      defaultRetentionMillis: String(times.usual),
      ...(request.retainHours === undefined ? {} : { specifiedRetentionMillis: String(times.retention) }),
    },
    { numFilesToDelete: String(plan.files.length), sizeOfDataToDelete: String(plan.sizeBytes) },
  );
  let status = "FAILED";
  let removed = 0;
  try {
    removed = await removeFiles(context.storage, plan.files);
    status = "COMPLETED";
  } finally {
    await note(
      log,
      "VACUUM END",
      { status },
      {
        numDeletedFiles: String(removed),
        numVacuumedDirectories: String(plan.directoryCount),
      },
    ).catch((error: unknown) => {
      context.env.logger.warn("the end of a VACUUM is not in the history", { error: String(error) });
    });
  }
}

async function note(
  log: DeltaLog,
  operation: string,
  operationParameters: Readonly<Record<string, string>>,
  operationMetrics: Readonly<Record<string, string>>,
): Promise<void> {
  await log.commit(async ({ latest }) => ({
    operation,
    operationParameters,
    operationMetrics,
    actions: [],
    ...(latest === undefined ? {} : { readVersion: latest.version }),
    isBlindAppend: true,
    isolationLevel: "SnapshotIsolation",
  }));
}

/** Waits for the directory without standing in anybody's way: who holds it may need it again to let go. */
async function alone<T>(context: WarehouseContext, directory: string, work: () => Promise<T>): Promise<T> {
  const { clock } = context.env;
  const deadline = clock.now() + PATIENCE_MS;
  for (let pause = 5; ; pause = Math.min(500, pause * 2)) {
    const attempt = await context.storage.tryExclusive(directoryLockName(directory), work);
    if (attempt.ran) return attempt.value;
    if (clock.now() >= deadline) {
      throw new LakeletError(
        "unavailable",
        `VACUUM with so short a retention needs the table for itself, but ${directory} is being read or written`,
        { retryable: true },
      );
    }
    await clock.sleep(pause);
  }
}

function retentionTooShort(usualMs: number): Error {
  const message =
    "requirement failed: Are you sure you would like to vacuum files with such a low retention period? If you have\n" +
    "writers that are currently writing to this table, there is a risk that you may corrupt the\n" +
    "state of your Delta table.\n\n" +
    "If you are certain that there are no operations being performed on this table, such as\n" +
    "insert/upsert/delete/optimize, then you may turn off this check by setting:\n" +
    "spark.databricks.delta.retentionDurationCheck.enabled = false\n\n" +
    `If you are not sure, please use a value not less than "${Math.ceil(usualMs / HOUR_MS)} hours".`;
  return sparkError("IllegalArgumentException", {
    condition: "_LEGACY_ERROR_TEMP_DELTA_0007",
    messageParameters: { message },
    message,
  });
}
