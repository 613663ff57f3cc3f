import type { CrossedError } from "../pool/error-crossing.ts";
import type { StorageDescriptor } from "../storage/storage.ts";
import type { RecordRules } from "./column-rules.ts";

/** What every worker of a run knows. */
export interface RunSpec {
  readonly runId: string;
  readonly table: { readonly database: string; readonly table: string };
  readonly rules: RecordRules;
  readonly seed: number | string;
  /** Milliseconds of waiting before each commit, at random between the two: a slow sink. */
  readonly sinkDelayMs: readonly [number, number] | undefined;
}

/** A batch to write. It has the same rows, and lands once, however often it is tried. */
export interface BatchTicket {
  readonly writer: number;
  /** Grows from batch to batch of one writer. */
  readonly batch: number;
  readonly firstRow: number;
  readonly rowCount: number;
}

/** Milliseconds by stage: making rows, encoding them, files and log entries, waiting for the lock, asked for delay. */
export interface StageTimes {
  readonly generation: number;
  readonly engine: number;
  readonly storage: number;
  readonly lock: number;
  readonly delay: number;
}

export interface BatchWritten {
  readonly rowCount: number;
  readonly sizeBytes: number;
  readonly version: number | undefined;
  readonly stages: StageTimes;
  readonly latencyMs: number;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: CrossedError; readonly retryable: boolean };

/** What a generating worker answers to, over Comlink. */
export interface GenerateWorkerApi {
  hello(): Promise<void>;
  /** Opens its own connection to the storage. */
  open(spec: RunSpec, storage: StorageDescriptor): Promise<Answer<void>>;
  /** Makes the table when it is missing, and checks it when it is there. */
  prepare(): Promise<Answer<void>>;
  /** Resolves when the batch's entry stands in the table's log. */
  write(ticket: BatchTicket): Promise<Answer<BatchWritten>>;
  /** Which of these batches are in the table: for those whose worker died before it told. */
  landed(tickets: readonly BatchTicket[]): Promise<Answer<readonly boolean[]>>;
}
