import type { WrittenFile } from "../engine/engine-api.ts";
import { sparkError, unsupported } from "../errors/spark-error.ts";
import { toJson } from "../types/json.ts";
import type { Action, AddFile, Metadata, Protocol } from "./actions.ts";
import { fileKey } from "./actions.ts";
import { checkConflicts, conflict } from "./conflict-checker.ts";
import type { CommitContext, CommitPlan, CommitResult, DeltaLog } from "./delta-log.ts";
import type { DeltaWritePlan, DeltaWriteSpec } from "./delta-write-plan.ts";
import { planDeltaWrite, plansAgree } from "./delta-write-plan.ts";
import { addAction, removeAction } from "./file-actions.ts";
import type { FilePredicate } from "./file-predicate.ts";
import { partitionVerdict } from "./file-skipping.ts";
import { advanced } from "./identity-columns.ts";
import type { Snapshot } from "./snapshot.ts";
import { isolationLevel } from "./table-properties.ts";

/** Which of the table's files an overwrite takes away. */
export type OverwriteScope =
  | { readonly kind: "all" }
  /** Those in the partitions that the new files are in. */
  | { readonly kind: "dynamic" }
  /** Those whose rows match; `text` is the user's own wording. */
  | { readonly kind: "where"; readonly predicate: FilePredicate; readonly text: string };

export interface DeltaWriteCommit {
  readonly spec: DeltaWriteSpec;
  readonly scope: OverwriteScope;
  /** What the files were written by. */
  readonly plan: DeltaWritePlan;
  /** Relative to the table's directory. */
  readonly files: readonly WrittenFile[];
  /** The version of this very table that the data was computed from; undefined: from others only. */
  readonly readVersion: number | undefined;
  readonly transaction?: { readonly appId: string; readonly version: number };
  readonly operation?: string;
  readonly operationMetrics?: Readonly<Record<string, string>>;
  readonly userMetadata?: string;
}

/**
 * Makes written files part of an existing table, or puts them in the place of others. Data that does not come from the
 * table itself conflicts with nobody: it is fitted to the newest version under the lock.
 */
export async function commitDeltaWrite(
  log: DeltaLog,
  write: DeltaWriteCommit,
  options: { readonly beforeCommit?: () => Promise<void> } = {},
): Promise<CommitResult> {
  return log.commit((context) => planCommit(log, write, context), options);
}

async function planCommit(
  log: DeltaLog,
  write: DeltaWriteCommit,
  { latest, commitsAfter }: CommitContext,
): Promise<CommitPlan | undefined> {
  if (latest === undefined) {
    throw sparkError("AnalysisException", {
      condition: "DELTA_TABLE_NOT_FOUND",
      messageParameters: { tableName: write.spec.tableName },
    });
  }
  if (isDone(write, latest)) return undefined;
  const { spec, readVersion } = write;
  if (readVersion !== undefined) {
    checkConflicts(await commitsAfter(readVersion), {
      isolationLevel: isolationLevel(latest.configuration),
      table: latest,
      readWholeTable: true,
      readPredicates: [],
      readFiles: new Set(),
      removedFiles: new Set(),
      readAppIds: new Set(),
      changesMetadata: write.plan.change !== undefined,
    });
  }
  const plan = planDeltaWrite(latest, spec);
  if (!plansAgree(write.plan, plan)) {
    throw conflict("MetadataChangedException", "DELTA_METADATA_CHANGED", latest.commitInfo);
  }
  const adds = write.files.map((file) => addAction(withPhysicalPartitions(file, plan)));
  const removes =
    spec.mode === "append" ? [] : await replacedFiles(log, write, adds.map(addOf), latest, plan.partitionBy);
  const now = log.env.clock.now();
  const actions: Action[] = [];
  if (write.transaction !== undefined) actions.push({ txn: { ...write.transaction, lastUpdated: now } });
  for (const file of removes) actions.push(removeAction(file, now));
  actions.push(...adds);
  return {
    operation: write.operation ?? "WRITE",
    operationParameters: operationParameters(write),
    operationMetrics: { ...writeMetrics(write.files, removes), ...write.operationMetrics },
    ...(write.userMetadata === undefined ? {} : { userMetadata: write.userMetadata }),
    ...metadataAfter(latest, write, plan),
    actions,
    readVersion: readVersion ?? latest.version,
    isBlindAppend: spec.mode === "append" && readVersion === undefined,
    isolationLevel: isolationLevel(latest.configuration),
  };
}

/** The metadata that the write leaves: another schema, numbers given out. */
function metadataAfter(
  latest: Snapshot,
  write: DeltaWriteCommit,
  plan: DeltaWritePlan,
): { readonly metadata?: Metadata; readonly protocol?: Protocol } {
  const rowCount = write.files.reduce((sum, file) => sum + file.rowCount, 0);
  const schema = advanced(plan.schema, plan.identity, rowCount);
  const { schema: _, ...change } = plan.change ?? { schema };
  if (schema === plan.schema) return change;
  const before = plan.change?.metadata ?? latest.metadata;
  return { ...change, metadata: { ...before, schemaString: JSON.stringify(toJson(schema)) } };
}

/** The application has written this version before: a writer that was interrupted tries again. */
function isDone(write: DeltaWriteCommit, latest: Snapshot): boolean {
  if (write.transaction === undefined) return false;
  const last = latest.transactions.get(write.transaction.appId);
  return last !== undefined && last.version >= write.transaction.version;
}

async function replacedFiles(
  log: DeltaLog,
  write: DeltaWriteCommit,
  added: readonly AddFile[],
  latest: Snapshot,
  partitionBy: readonly string[],
): Promise<readonly AddFile[]> {
  // Data computed from a version of the table takes the place of what that version held, and of nothing newer.
  const base = write.readVersion === undefined ? latest : await log.readVersion(write.readVersion, latest);
  const live = latest.fileSet.live;
  const candidates = base === latest ? latest.files : base.files.filter((file) => live.has(fileKey(file)));
  const { scope } = write;
  if (scope.kind === "all") return candidates;
  if (scope.kind === "dynamic") {
    if (partitionBy.length === 0) return candidates;
    const written = new Set(added.map(partitionKey));
    return candidates.filter((file) => written.has(partitionKey(file)));
  }
  for (const file of added) {
    if (partitionVerdict(latest, scope.predicate, file) === true) continue;
    throw sparkError("AnalysisException", {
      condition: "DELTA_REPLACE_WHERE_MISMATCH",
      messageParameters: {
        replaceWhere: scope.text,
        message: `Invalid data would be written to partitions ${partitionKey(file)}.`,
      },
    });
  }
  return candidates.filter((file) => {
    const verdict = partitionVerdict(latest, scope.predicate, file);
    if (verdict === undefined) throw unsupported("replaceWhere on columns other than partition columns");
    return verdict;
  });
}

function partitionKey(file: AddFile): string {
  return Object.keys(file.partitionValues)
    .sort()
    .map((name) => `${name}=${file.partitionValues[name] || "null"}`)
    .join(", ");
}

function withPhysicalPartitions(file: WrittenFile, plan: DeltaWritePlan): WrittenFile {
  const names = plan.physicalNames;
  if (names === undefined) return file;
  const partitionValues = Object.fromEntries(
    Object.entries(file.partitionValues).map(([name, value]) => [names[name]?.name ?? name, value]),
  );
  return { ...file, partitionValues };
}

function addOf(action: Action): AddFile {
  return (action as { readonly add: AddFile }).add;
}

function operationParameters({ spec, scope }: DeltaWriteCommit): Readonly<Record<string, string>> {
  return {
    mode: spec.mode === "append" ? "Append" : "Overwrite",
    partitionBy: JSON.stringify(spec.partitionBy ?? []),
    ...(scope.kind === "where" ? { predicate: scope.text } : {}),
    ...(scope.kind === "dynamic" ? { isDynamicPartitionOverwrite: "true" } : {}),
  };
}

export function writeMetrics(
  files: readonly WrittenFile[],
  removed: readonly AddFile[] = [],
): Readonly<Record<string, string>> {
  return {
    numFiles: String(files.length),
    numOutputRows: String(files.reduce((sum, file) => sum + file.rowCount, 0)),
    numOutputBytes: String(files.reduce((sum, file) => sum + file.sizeBytes, 0)),
    ...(removed.length === 0 ? {} : { numRemovedFiles: String(removed.length) }),
  };
}
