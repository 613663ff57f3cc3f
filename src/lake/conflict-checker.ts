import type { SparkErrorClass } from "../errors/spark-error.ts";
import { sparkError } from "../errors/spark-error.ts";
import type { StructType } from "../types/data-type.ts";
import type { AddFile, CommitInfo, RemoveFile } from "./actions.ts";
import { decodeFilePath, fileKey } from "./actions.ts";
import { stringifyExactJson } from "./exact-json.ts";
import type { FilePredicate } from "./file-predicate.ts";
import { FileFilter } from "./file-skipping.ts";
import type { Commit } from "./log-reader.ts";
import type { IsolationLevel } from "./table-properties.ts";
import { commitInfoOf } from "./time-travel.ts";

/** What a transaction read and wants to do, as far as it can clash with others. */
export interface TransactionFootprint {
  readonly isolationLevel: IsolationLevel;
  /** The shape of the table that the predicates speak of. */
  readonly table: {
    readonly schema: StructType;
    readonly partitionColumns: readonly string[];
    readonly configuration: Readonly<Record<string, string>>;
  };
  readonly readWholeTable: boolean;
  readonly readPredicates: readonly FilePredicate[];
  /** By `fileKey`. */
  readonly readFiles: ReadonlySet<string>;
  readonly removedFiles: ReadonlySet<string>;
  readonly readAppIds: ReadonlySet<string>;
  readonly changesMetadata: boolean;
}

/** Throws Delta's conflict when one of the commits that came first forbids this transaction; checks them in order. */
export function checkConflicts(winners: readonly Commit[], current: TransactionFootprint): void {
  for (const winner of winners) checkAgainst(winner, current);
}

function checkAgainst(winner: Commit, current: TransactionFootprint): void {
  const info = commitInfoOf(winner);
  const added: AddFile[] = [];
  const removed: RemoveFile[] = [];
  for (const action of winner.actions) {
    if ("protocol" in action) throw conflict("ProtocolChangedException", "DELTA_PROTOCOL_CHANGED", info);
    if ("metaData" in action) throw conflict("MetadataChangedException", "DELTA_METADATA_CHANGED", info);
    if ("add" in action) added.push(action.add);
    if ("remove" in action) removed.push(action.remove);
  }
  checkAppends(added, info, current);
  checkRemovals(removed, info, current);
  for (const action of winner.actions) {
    if (!("txn" in action) || !current.readAppIds.has(action.txn.appId)) continue;
    throw conflict("ConcurrentTransactionException", "DELTA_CONCURRENT_TRANSACTION", info, {
      appId: action.txn.appId,
    });
  }
}

function checkAppends(
  added: readonly AddFile[],
  info: CommitInfo | undefined,
  current: TransactionFootprint,
): void {
  if (current.isolationLevel === "SnapshotIsolation") return;
  const blindAppendsPass =
    current.isolationLevel === "WriteSerializable" &&
    info?.isBlindAppend === true &&
    !current.changesMetadata;
  if (blindAppendsPass) return;
  const filters = current.readPredicates.map((predicate) => new FileFilter(current.table, predicate));
  const clash = added.find(
    (file) => current.readWholeTable || filters.some((filter) => filter.mayMatch(file)),
  );
  if (clash === undefined) return;
  throw conflict("ConcurrentAppendException", "DELTA_CONCURRENT_APPEND", info, {
    partition: partitionOf(clash),
  });
}

function checkRemovals(
  removed: readonly RemoveFile[],
  info: CommitInfo | undefined,
  current: TransactionFootprint,
): void {
  const read = removed.find((file) => current.readWholeTable || current.readFiles.has(fileKey(file)));
  if (read !== undefined) {
    throw conflict("ConcurrentDeleteReadException", "DELTA_CONCURRENT_DELETE_READ", info, {
      file: decodeFilePath(read.path),
    });
  }
  const both = removed.find((file) => current.removedFiles.has(fileKey(file)));
  if (both === undefined) return;
  throw conflict("ConcurrentDeleteDeleteException", "DELTA_CONCURRENT_DELETE_DELETE", info, {
    file: decodeFilePath(both.path),
  });
}

export function conflict(
  errorClass: SparkErrorClass,
  condition: string,
  winner: CommitInfo | undefined,
  parameters: Readonly<Record<string, string>> = {},
): Error {
  const commit =
    winner === undefined
      ? "{}"
      : stringifyExactJson({
          timestamp: winner.timestamp,
          operation: winner.operation,
          operationParameters: winner.operationParameters,
          readVersion: winner.readVersion,
          isolationLevel: winner.isolationLevel,
          isBlindAppend: winner.isBlindAppend,
          operationMetrics: winner.operationMetrics,
          engineInfo: winner.engineInfo,
        });
  return sparkError(errorClass, { condition, messageParameters: { ...parameters, commit } });
}

function partitionOf(file: AddFile): string {
  const parts = Object.entries(file.partitionValues).map(([name, value]) => `${name}=${value ?? "null"}`);
  return parts.length === 0 ? "the root of the table" : `partition [${parts.join(", ")}]`;
}
