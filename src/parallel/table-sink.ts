import { randomUuid } from "../types/random-uuid.ts";
import type { FileRecord } from "./files/read-records.ts";
import type { RecordSink } from "./record-sink.ts";

/** Of a session this much is used. */
export interface TableSession {
  createDataFrame(rows: readonly FileRecord[], schema?: string): TableFrame;
  table(name: string): TableFrame;
  sql(text: string): { collect(): Promise<readonly unknown[]> };
  readonly catalog: { tableExists(name: string): Promise<boolean> };
}

interface TableFrame {
  readonly write: {
    mode(mode: "append" | "overwrite"): { saveAsTable(name: string): Promise<void> };
  };
}

/** Rows of a commit. */
const ROWS_PER_WRITE = 50_000;

/**
 * A table as a destination: rows are appended, or take the place of those that are there. An atomic pipeline gathers
 * them in a table of its own first and puts them in place in one commit.
 */
export function tableSink(
  spark: TableSession,
  table: string,
  options: {
    readonly mode?: "append" | "overwrite";
    readonly schema?: string;
    readonly rowsPerWrite?: number;
  } = {},
): RecordSink<FileRecord> {
  const { mode = "append", schema, rowsPerWrite = ROWS_PER_WRITE } = options;
  let held: FileRecord[] = [];
  let staging: string | undefined;
  let isFirst = true;
  const save = async (rows: readonly FileRecord[]): Promise<void> => {
    const frame = schema === undefined ? spark.createDataFrame(rows) : spark.createDataFrame(rows, schema);
    const overwrites = isFirst && staging === undefined && mode === "overwrite";
    isFirst = false;
    await frame.write.mode(overwrites ? "overwrite" : "append").saveAsTable(staging ?? table);
  };
  const dropStaging = async (): Promise<void> => {
    if (staging !== undefined) await spark.sql(`DROP TABLE IF EXISTS ${staging}`).collect();
  };
  return {
    canBeAtomic: true,
    open: ({ atomic }) => {
      if (atomic) staging = `${table}__pipeline_${randomUuid().replaceAll("-", "").slice(0, 12)}`;
    },
    write: async (records) => {
      for (const record of records) held.push(record);
      while (held.length >= rowsPerWrite) await save(held.splice(0, rowsPerWrite));
    },
    close: async () => {
      if (held.length > 0) await save(held);
      held = [];
      if (staging === undefined || isFirst) return;
      try {
        await spark.table(staging).write.mode(mode).saveAsTable(table);
      } finally {
        await dropStaging();
      }
    },
    abort: dropStaging,
  };
}
