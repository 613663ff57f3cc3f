export { LakeletError, type LakeletErrorKind } from "../../errors/lakelet-error.ts";
export {
  ConcurrentAppendException,
  ConcurrentDeleteDeleteException,
  ConcurrentDeleteReadException,
  ConcurrentModificationException,
  ConcurrentTransactionException,
  ConcurrentWriteException,
  MetadataChangedException,
  ProtocolChangedException,
} from "../../errors/spark-error.ts";
export { MemoryStorage } from "../../storage/memory-storage.ts";
export type { Storage } from "../../storage/storage.ts";
export { AmbiguousCommitError } from "../ambiguous-commit-error.ts";
export type { Clock, Logger, Random } from "../environment.ts";
export type { TableOptions } from "./environment.ts";
export {
  CorruptDataError,
  GarbageCollectionAborted,
  LockLostError,
  TableExistsError,
  TableNotFoundError,
} from "./errors.ts";
export type { Filter, FilterOperator, FilterTerm } from "./filters.ts";
export type { TableEvent, TableMetrics } from "./metrics.ts";
export type { TableRecord } from "./records.ts";
export { type Field, type FieldType, Schema } from "./schema.ts";
export type { ScanOptions, SnapshotInfo, SnapshotView } from "./snapshot-view.ts";
export { type CreateTableOptions, createTable, loadTable, type RetryOptions, Table } from "./table.ts";
export type { HeldLock } from "./table-lock.ts";
export type { AppendRequest, DataFile, Transaction, TransactionOptions } from "./transaction.ts";
