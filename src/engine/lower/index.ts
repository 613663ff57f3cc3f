import type { ScanSource } from "../../analyzer/resolved-relation.ts";
import type { FilePredicate } from "../../lake/file-predicate.ts";
import type { DataType, StructType } from "../../types/data-type.ts";
import type { ScanColumn, ScanInput } from "../engine-api.ts";

export interface LowerOptions {
  readonly timeZone: string;
  readonly ansiEnabled: boolean;
  /** `spark.sql.shuffle.partitions`: decides the order in which rows come after a shuffle. */
  readonly shufflePartitions: number;
  readonly caseSensitive: boolean;
  /** `spark.sql.leafNodeDefaultParallelism`: partitions of what is read or made without a shuffle. */
  readonly parallelism?: number;
}

/** A scan of the query: the driver lists its files (by `predicate`) and makes the `ScanInput` of this name. */
export interface LoweredScan {
  readonly name: string;
  readonly source: ScanSource;
  /** What the query needs of it. */
  readonly columns: readonly ScanColumn[];
  /** Holds for every row that can matter; files that cannot match need not be read. */
  readonly predicate: FilePredicate;
  /** At most this many rows are needed, when nothing stands between the scan and a limit. */
  readonly limit?: number;
}

/** One engine task, but for its scans and sink. */
export interface LoweredStage {
  readonly scans: readonly LoweredScan[];
  /** Ready-made inputs: local data. */
  readonly inputs: readonly ScanInput[];
  readonly setup: readonly string[];
  readonly sql: string;
  readonly cleanup: readonly string[];
  readonly kernels: readonly string[];
  readonly output: StructType;
  /**
   * User functions to be called with this stage's result before the next stage runs. Each takes the result columns
   * at `args`; the next stage reads the arrow input `inputName`: this stage's columns, then each call's result.
   */
  readonly userFunctions?: {
    readonly inputName: string;
    readonly columns: readonly ScanColumn[];
    readonly calls: readonly {
      readonly id: string;
      readonly args: readonly number[];
      readonly resultType: DataType;
    }[];
  };
}

/** Stages run in order on one engine; the last one gives the result. Without user functions there is one. */
export interface LoweredQuery {
  readonly stages: readonly LoweredStage[];
}

export { lowerQuery } from "./lower-query.ts";
