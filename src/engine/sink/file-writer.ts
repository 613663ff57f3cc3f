import type { ArrowBatch } from "../arrow/ipc.ts";

/** Writes one file from batches whose columns are those of the file. Nothing is there until `close`. */
export interface FileWriter {
  write(batch: ArrowBatch): Promise<void>;
  /** Flushes what is left; the file is whole when the promise resolves. */
  close(): Promise<void>;
  /** Ends the file's stream with that error. */
  abort(error: unknown): Promise<void>;
}

/** Bytes on their way from a writer to a storage that pulls them; the writer waits while the storage is busy. */
export class ByteChannel implements AsyncIterable<Uint8Array> {
  readonly #queue: Uint8Array[] = [];
  #ended = false;
  #error: { readonly cause: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;
  #readerGone = false;

  async push(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#wakeReader?.();
    while (this.#queue.length > 1 && !this.#readerGone) {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      });
    }
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
  }

  fail(error: unknown): void {
    this.#error = { cause: error };
    this.#wakeReader?.();
  }

  /** The storage stopped reading: writers wait no more. Its own promise tells why. */
  abandon(): void {
    this.#readerGone = true;
    this.#wakeWriter?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (this.#error !== undefined) throw this.#error.cause;
        const bytes = this.#queue.shift();
        if (bytes !== undefined) {
          this.#wakeWriter?.();
          yield bytes;
        } else if (this.#ended) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wakeReader = resolve;
          });
        }
      }
    } finally {
      this.abandon();
    }
  }
}
