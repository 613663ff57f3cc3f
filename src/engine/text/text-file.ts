import type { StructField, StructType } from "../../types/data-type.ts";
import type { TimeZone } from "../../types/time-zone.ts";

/** A text file to read, and what of it. */
export interface TextFile {
  readonly source: AsyncIterable<Uint8Array>;
  /** As messages show it. */
  readonly path: string;
}

export interface ReadRequest {
  /** The whole schema of the records, without partition columns. */
  readonly schema: StructType;
  /** The columns that are wanted, some of `schema`. */
  readonly wanted: readonly StructField[];
  readonly options: Readonly<Record<string, string>>;
  readonly zone: TimeZone;
}

/** Takes the rows of a file, values by position of `wanted` and in DuckDB's physical form. */
export type AddRow = (values: readonly unknown[]) => void;

/** Called now and then, so that other work gets its turn and a cancelled task ends. */
export type Checkpoint = () => Promise<void>;

/** Reads the rows of files of one format. Made once for a scan. */
export interface RowReader {
  read(file: TextFile, add: AddRow, checkpoint: Checkpoint): Promise<void>;
}
