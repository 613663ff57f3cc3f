import { readInput, writeFile } from "./files/convert-file.ts";
import { writeDelta } from "./files/delta-files.ts";
import { requireKind } from "./files/file-format.ts";
import type { FileRecord, ReadFileOptions } from "./files/read-records.ts";
import { encodeRecords, type WriteFileOptions } from "./files/write-records.ts";
import { type FileLocation, openLocation } from "./location.ts";
import type { RecordSink } from "./record-sink.ts";

/** The records of a file: a source for `pipeline`. */
export async function* fileSource(
  file: string | File,
  options: ReadFileOptions & { readonly location?: FileLocation } = {},
): AsyncGenerator<FileRecord, void, undefined> {
  const storage = await openLocation(options.location);
  const input = typeof file === "string" ? { path: file } : { content: file, name: file.name };
  for await (const batch of readInput(storage, input, options)) yield* batch;
}

/** A file as a destination. It appears when all has been written; until then, or after an error, it is as it was. */
export function fileSink<R extends FileRecord = FileRecord>(
  path: string,
  options: Omit<WriteFileOptions, "onSchema"> & { readonly location?: FileLocation } = {},
): RecordSink<R> {
  const kind = requireKind(path);
  let feed: Feed<readonly R[]> | undefined;
  let writing: Promise<number> | undefined;
  return {
    canBeAtomic: true,
    open: () => {
      const records = new Feed<readonly R[]>();
      feed = records;
      writing = openLocation(options.location).then((storage) =>
        kind.format === "delta"
          ? writeDelta(storage, path, records, options)
          : writeFile(storage, path, encodeRecords(records, path, kind, options), true),
      );
      // Its error shows at the next write or at the end.
      writing.catch((error: unknown) => records.refuse(error));
    },
    write: (records) => (feed as Feed<readonly R[]>).put(records),
    close: async () => {
      feed?.end();
      await writing;
    },
    abort: async (reason) => {
      feed?.fail(reason);
      await writing?.catch(() => {});
    },
  };
}

/** Hands batches to a loop; who puts one in waits until it has been taken. */
class Feed<T> implements AsyncIterable<T> {
  #item: { readonly value: T; readonly taken: () => void } | undefined;
  #end: { readonly error?: unknown } | undefined;
  #refused: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  put(value: T): Promise<void> {
    if (this.#refused !== undefined) return Promise.reject(this.#refused.error);
    return new Promise((resolve, reject) => {
      this.#item = {
        value,
        taken: () => (this.#refused === undefined ? resolve() : reject(this.#refused.error)),
      };
      this.#wake?.();
    });
  }

  end(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#item?.taken();
    this.#wake?.();
  }

  /** The loop has failed: nothing is taken any more. */
  refuse(error: unknown): void {
    this.#refused ??= { error };
    this.#item?.taken();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      if (this.#end !== undefined && "error" in this.#end) throw this.#end.error;
      const item = this.#item;
      if (item !== undefined) {
        this.#item = undefined;
        item.taken();
        yield item.value;
      } else if (this.#end !== undefined) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}
