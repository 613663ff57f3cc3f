import { isStringLike, type StructField } from "../../types/data-type.ts";
import { decodeColumn } from "../arrow/decode.ts";
import { type ArrowBatch, batchesOf, concatBytes } from "../arrow/ipc.ts";
import { sliceColumn } from "../arrow/slice.ts";
import type { TaskSink, WrittenFile } from "../engine-api.ts";
import { EngineError } from "../failure.ts";
import type { FileTarget } from "../platform.ts";
import { sqlName } from "../raise.ts";
import type { TaskContext } from "../scan/context.ts";
import { ByteChannel, type FileWriter } from "./file-writer.ts";
import { logText, partitionDirectory, partitionText } from "./partition-path.ts";
import { FileStatistics } from "./statistics.ts";

export type FilesSink = Extract<TaskSink, { kind: "files" }>;

/** What a format adds: the end of its files' names, and a writer for one file. */
export interface FileFormat {
  readonly suffix: string;
  open(fields: readonly StructField[], output: ByteChannel): FileWriter;
}

/** Rows of one partition must come together: the files are written one after the other. */
export function orderedForPartitions(sql: string, sink: FilesSink): string {
  if (sink.partitionBy.length === 0) return sql;
  const names = sink.schema.fields.map((_, i) => `w${i}`);
  // Empty text shares the directory of null.
  const keys = partitionIndexes(sink).map((i) =>
    isStringLike((sink.schema.fields[i] as StructField).dataType) ? `nullif(w${i}, '')` : `w${i}`,
  );
  return (
    `SELECT ${names.join(", ")} FROM (SELECT *, row_number() OVER () AS n FROM (${sql}) AS q(${names.join(", ")}))` +
    ` ORDER BY ${[...keys.map((k) => `${k} NULLS FIRST`), "n"].join(", ")}`
  );
}

function partitionIndexes(sink: FilesSink): number[] {
  return sink.partitionBy.map((name) => {
    const exact = sink.schema.fields.findIndex((f) => f.name === name);
    const index =
      exact >= 0 ? exact : sink.schema.fields.findIndex((f) => f.name.toLowerCase() === name.toLowerCase());
    if (index < 0) {
      throw new EngineError({
        kind: "internal",
        message: `there is no column ${sqlName(name)} to partition by`,
      });
    }
    return index;
  });
}

interface Partition {
  readonly directory: string;
  readonly values: Readonly<Record<string, string | null>>;
}

/** Writes a query's stream into new files of a storage. What was written is removed again when it fails. */
export async function sinkFiles(
  messages: AsyncIterable<Uint8Array>,
  sink: FilesSink,
  storage: FileTarget,
  format: FileFormat,
  context: TaskContext,
): Promise<{ readonly files: readonly WrittenFile[]; readonly rowCount: number }> {
  const job = new WriteJob(sink, storage, format);
  try {
    let schema: Uint8Array | undefined;
    for await (const message of messages) {
      if (schema === undefined) {
        schema = message;
        continue;
      }
      for (const batch of batchesOf(concatBytes([schema, message]))) await job.add(batch);
      context.progress("write", undefined, job.rows);
    }
    return { files: await job.finish(), rowCount: job.rows };
  } catch (error) {
    await job.abort(error);
    throw error;
  }
}

class WriteJob {
  readonly #sink: FilesSink;
  readonly #storage: FileTarget;
  readonly #format: FileFormat;
  readonly #keys: readonly number[];
  /** Places of the columns that go into the file. */
  readonly #data: readonly number[];
  readonly #fields: readonly StructField[];
  readonly #files: WrittenFile[] = [];
  #partition: Partition = { directory: "", values: {} };
  #open: OpenFile | undefined;
  #filesOfPartition = 0;
  rows = 0;

  constructor(sink: FilesSink, storage: FileTarget, format: FileFormat) {
    this.#sink = sink;
    this.#storage = storage;
    this.#format = format;
    this.#keys = partitionIndexes(sink);
    this.#data = sink.schema.fields.map((_, i) => i).filter((i) => !this.#keys.includes(i));
    this.#fields = this.#data.map((i) => sink.schema.fields[i] as StructField);
  }

  async add(batch: ArrowBatch): Promise<void> {
    this.rows += batch.length;
    if (this.#keys.length === 0) return this.#write(batch, 0, batch.length);
    const { fields } = this.#sink.schema;
    const values = this.#keys.map((i) => {
      const type = (fields[i] as StructField).dataType;
      return { type, decoded: decodeColumn(batch.columns[i] as ArrowBatch["columns"][number], type) };
    });
    const textAt = (row: number): string =>
      values
        .map(({ type, decoded }, k) => {
          const name = this.#sink.partitionBy[k] as string;
          return partitionDirectory(name, partitionText(decoded[row], type, this.#sink.timeZone));
        })
        .join("/");
    let from = 0;
    while (from < batch.length) {
      const directory = textAt(from);
      // Rows are in order, so the last of a run is found by halving.
      let [low, high] = [from, batch.length];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (textAt(middle) === directory) low = middle;
        else high = middle;
      }
      if (directory !== this.#partition.directory) {
        await this.#closeFile();
        this.#filesOfPartition = 0;
        const entries = values.map(
          ({ type, decoded }, k) =>
            [this.#sink.partitionBy[k] as string, logText(decoded[from], type, this.#sink.timeZone)] as const,
        );
        this.#partition = { directory, values: Object.fromEntries(entries) };
      }
      await this.#write(batch, from, high);
      from = high;
    }
  }

  async #write(batch: ArrowBatch, start: number, end: number): Promise<void> {
    const limit = this.#sink.maxRowsPerFile ?? 0;
    let from = start;
    while (from < end) {
      if (limit > 0 && this.#open !== undefined && this.#open.rows >= limit) await this.#closeFile();
      const file = (this.#open ??= this.#openFile());
      const to = limit > 0 ? Math.min(end, from + limit - file.rows) : end;
      const columns = this.#data.map((i) =>
        sliceColumn(batch.columns[i] as (typeof batch.columns)[number], from, to),
      );
      const part: ArrowBatch = { schema: batch.schema, length: to - from, columns };
      file.rows += part.length;
      file.statistics?.add(part.length, columns);
      await Promise.race([file.writer.write(part), file.failed]);
      from = to;
    }
  }

  #openFile(): OpenFile {
    const { fileStem, partitionBy, statisticsColumns, physicalNames, directory } = this.#sink;
    const number = String(this.#filesOfPartition++).padStart(3, "0");
    const name = `part-00000-${fileStem}${partitionBy.length > 0 ? "." : "-"}c${number}${this.#format.suffix}`;
    const relative = this.#partition.directory === "" ? name : `${this.#partition.directory}/${name}`;
    const root = this.#sink.target === "storage" && directory !== "" ? `${directory}/` : "";
    const output = new ByteChannel();
    const writer = this.#format.open(this.#fields, output);
    const written = this.#storage.writeNew(root + relative, output).finally(() => output.abandon());
    const failed = written.then(() => new Promise<never>(() => {}));
    failed.catch(() => {});
    const named = this.#fields.map((f) => ({ ...f, name: physicalNames?.[f.name]?.name ?? f.name }));
    return {
      path: relative,
      storagePath: root + relative,
      partition: this.#partition,
      writer,
      written,
      failed,
      statistics: statisticsColumns > 0 ? new FileStatistics(named, statisticsColumns) : undefined,
      rows: 0,
    };
  }

  async #closeFile(): Promise<void> {
    const file = this.#open;
    if (file === undefined) return;
    await Promise.race([file.writer.close(), file.failed]);
    const info = await file.written;
    this.#open = undefined;
    this.#files.push({
      path: file.path,
      sizeBytes: info.sizeBytes,
      modifiedMs: info.modifiedMs,
      rowCount: file.rows,
      partitionValues: file.partition.values,
      ...(file.statistics === undefined ? {} : { stats: file.statistics.toJson() }),
    });
  }

  async finish(): Promise<readonly WrittenFile[]> {
    if (this.rows === 0 && this.#sink.emptyFile === true && this.#keys.length === 0)
      this.#open = this.#openFile();
    await this.#closeFile();
    return this.#files;
  }

  async abort(error: unknown): Promise<void> {
    const file = this.#open;
    const paths = this.#files.map((f) => {
      const { target, directory } = this.#sink;
      return target === "storage" && directory !== "" ? `${directory}/${f.path}` : f.path;
    });
    if (file !== undefined) {
      await file.writer.abort(error).catch(() => {});
      await file.written.then(
        () => paths.push(file.storagePath),
        () => {},
      );
    }
    // What cannot be removed is not part of any table, and is collected later.
    for (const path of paths) await this.#storage.remove(path).catch(() => false);
  }
}

interface OpenFile {
  readonly path: string;
  readonly storagePath: string;
  readonly partition: Partition;
  readonly writer: FileWriter;
  readonly written: ReturnType<FileTarget["writeNew"]>;
  /** Never resolves; rejects when the storage gives up. */
  readonly failed: Promise<never>;
  readonly statistics: FileStatistics | undefined;
  rows: number;
}
