import type { StructField } from "../../types/data-type.ts";
import type { AddFile } from "../actions.ts";
import { physicalName } from "../column-mapping.ts";
import { readDeletionVector } from "../deletion-vector.ts";
import type { DeltaLog } from "../delta-log.ts";
import { storagePath } from "../file-actions.ts";
import { FileFilter } from "../file-skipping.ts";
import { rowCountOf } from "../file-statistics.ts";
import type { Snapshot } from "../snapshot.ts";
import { CorruptDataError } from "./errors.ts";
import { compileFilter, type Filter } from "./filters.ts";
import { decodeRecords, partitionValue, type TableRecord } from "./records.ts";
import { fromStruct, type Schema } from "./schema.ts";

export interface ScanOptions {
  /** Those that are wanted, in the order in which records will have them; all of them by default. */
  readonly columns?: readonly string[];
  readonly filter?: Filter;
  /** How many files are read at a time; `true` is four. */
  readonly parallel?: boolean | number;
}

export interface SnapshotInfo {
  /** The version of the log. */
  readonly snapshotId: number;
  readonly timestampMs: number;
  readonly operation: string;
  readonly parentSnapshotId: number | undefined;
}

const DEFAULT_PARALLEL = 4;

/** A table as it was at one version; it never changes, whatever writers do. */
export class SnapshotView {
  readonly #log: DeltaLog;
  readonly #snapshot: Snapshot;

  /** @internal */
  constructor(log: DeltaLog, snapshot: Snapshot) {
    this.#log = log;
    this.#snapshot = snapshot;
  }

  get snapshotId(): number {
    return this.#snapshot.version;
  }
  get timestampMs(): number {
    return this.#snapshot.timestampMs;
  }
  get schema(): Schema {
    return fromStruct(this.#snapshot.schema);
  }
  get partitionColumns(): readonly string[] {
    return this.#snapshot.partitionColumns;
  }
  /** Paths of the data files, relative to the table. */
  get files(): readonly string[] {
    return this.#snapshot.files.map((file) => file.path);
  }

  /** Rows, from the files' statistics where they tell. */
  async rowCount(filter?: Filter): Promise<number> {
    const counts = this.#snapshot.files.map(rowCountOf);
    if (filter === undefined && !counts.includes(undefined)) {
      return (counts as number[]).reduce((sum, n) => sum + n, 0);
    }
    let count = 0;
    for await (const batch of this.scanBatches(filter === undefined ? {} : { filter })) count += batch.length;
    return count;
  }

  /** All records, in the order of the log. */
  async scan(options: ScanOptions = {}): Promise<TableRecord[]> {
    const records: TableRecord[] = [];
    for await (const batch of this.scanBatches(options)) records.push(...batch);
    return records;
  }

  /** The records file by file. */
  async *scanBatches(options: ScanOptions = {}): AsyncGenerator<readonly TableRecord[]> {
    const { schema } = this.#snapshot;
    const filter = compileFilter(options.filter, schema);
    const wanted = options.columns ?? schema.fields.map((f) => f.name);
    for (const name of wanted) {
      if (!schema.fields.some((f) => f.name === name)) throw new TypeError(`the table has no column ${name}`);
    }
    const read = schema.fields.filter((f) => wanted.includes(f.name) || filter.columns.includes(f.name));
    const skipping = new FileFilter(this.#snapshot, filter.predicate);
    const files = this.#snapshot.files.filter((file) => skipping.mayMatch(file));
    const { parallel = 1 } = options;
    const width = parallel === true ? DEFAULT_PARALLEL : Math.max(1, Number(parallel));
    const readers = files.map((file) => () => this.#records(file, read));
    for await (const records of inOrder(readers, width)) {
      const matching = records.filter(filter.test);
      if (matching.length === 0) continue;
      yield matching.map((record) => Object.fromEntries(wanted.map((name) => [name, record[name]])));
    }
  }

  /** The records one by one. */
  async *iterRecords(options: ScanOptions = {}): AsyncGenerator<TableRecord> {
    for await (const batch of this.scanBatches(options)) yield* batch;
  }

  /** @internal All columns of one file. */
  recordsOf(file: AddFile): Promise<readonly TableRecord[]> {
    return this.#records(file, this.#snapshot.schema.fields);
  }

  async #records(file: AddFile, fields: readonly StructField[]): Promise<readonly TableRecord[]> {
    const { configuration, partitionColumns } = this.#snapshot;
    const path = storagePath(this.#log.directory, file, this.#log.storage);
    const data = fields.filter((f) => !partitionColumns.includes(f.name));
    let bytes: Uint8Array;
    try {
      bytes = await this.#log.storage.read(path);
    } catch (error) {
      throw new CorruptDataError(path, "it cannot be read", error);
    }
    const dv = file.deletionVector;
    const records = await decodeRecords(bytes, path, {
      columns: data.map((f) => ({ name: f.name, stored: physicalName(f, configuration), type: f.dataType })),
      deletedRows:
        dv === undefined ? undefined : await readDeletionVector(this.#log.storage, this.#log.directory, dv),
    });
    const own = fields
      .filter((f) => partitionColumns.includes(f.name))
      .map((f) => [
        f.name,
        partitionValue(file.partitionValues[physicalName(f, configuration)] ?? null, f.dataType),
      ]);
    if (own.length === 0) return records;
    const constants = Object.fromEntries(own);
    return records.map((record) => ({ ...record, ...constants }));
  }
}

/** Results in order, with so many calls under way at a time. */
async function* inOrder<T>(calls: readonly (() => Promise<T>)[], width: number): AsyncGenerator<T> {
  const running: Promise<T>[] = [];
  let next = 0;
  try {
    while (next < calls.length || running.length > 0) {
      while (next < calls.length && running.length < width)
        running.push((calls[next++] as () => Promise<T>)());
      yield await (running.shift() as Promise<T>);
    }
  } finally {
    for (const rest of running) rest.catch(() => {});
  }
}
