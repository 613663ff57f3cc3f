import type { FileMetaData } from "hyparquet";
import { unsupported } from "../../errors/spark-error.ts";
import { isValid } from "../arrow/column.ts";
import { numbersOf } from "../arrow/decode.ts";
import type { ArrowColumn } from "../arrow/ipc.ts";

/** 1582-10-15 in days: from then on the old calendar and ours are the same. */
const FIRST_COMMON_DAY = -141_427;
/** 1900-01-01 in microseconds: from then on zones are the same in both. */
const FIRST_COMMON_MICRO = -2_208_988_800_000_000n;

/** Whether the file's dates are in the calendar that Spark had before version 3: Julian before 1582. */
export function hasLegacyCalendar(metadata: FileMetaData): boolean {
  const pairs = metadata.key_value_metadata ?? [];
  const version = pairs.find((p) => p.key === "org.apache.spark.version")?.value;
  if (version !== undefined && Number.parseInt(version, 10) < 3) return true;
  return pairs.some(
    (p) => p.key === "org.apache.spark.legacyDateTime" || p.key === "org.apache.spark.legacyINT96",
  );
}

/** Refuses dates that would be other days in our calendar. The column is as DuckDB is to hold it. */
export function refuseAncient(column: ArrowColumn, path: string): void {
  for (const child of column.children) refuseAncient(child, path);
  const { kind } = column.field.type;
  if (kind !== "date" && kind !== "timestamp") return;
  const numbers = numbersOf(column);
  for (let i = 0; i < column.length; i++) {
    const value = numbers[i] as number | bigint;
    const ancient = typeof value === "bigint" ? value < FIRST_COMMON_MICRO : value < FIRST_COMMON_DAY;
    if (ancient && isValid(column, i)) {
      throw unsupported(
        `reading dates before 1582-10-15 or timestamps before 1900 from a file in Spark's legacy calendar (${path})`,
      );
    }
  }
}
