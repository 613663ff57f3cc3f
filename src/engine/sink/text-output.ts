import { IllegalArgumentException, unsupported } from "../../errors/spark-error.ts";
import type { ByteChannel } from "./file-writer.ts";

const CHUNK_CHARACTERS = 1 << 18;
const encoder = new TextEncoder();

/** Codecs of text files that we write, with the end that each gives to a file's name. */
const CODECS: Readonly<Record<string, string>> = {
  none: "",
  uncompressed: "",
  gzip: ".gz",
  deflate: ".deflate",
};

/** The mark of a codec in the name of a text file. */
export function textSuffix(compression: string | undefined): string {
  const name = compression?.toLowerCase() ?? "none";
  const suffix = CODECS[name];
  if (suffix !== undefined) return suffix;
  if (["bzip2", "lz4", "snappy", "zstd"].includes(name))
    throw unsupported(`writing text files compressed with ${name}`);
  throw new IllegalArgumentException({
    condition: "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
    messageParameters: {
      codecName: name,
      availableCodecs: "bzip2, deflate, uncompressed, snappy, none, lz4, gzip",
    },
  });
}

/** Text on its way into a file: encoded, and compressed if asked for. */
export class TextOutput {
  readonly #output: ByteChannel;
  readonly #compressor: CompressionStream | undefined;
  readonly #writer: WritableStreamDefaultWriter<BufferSource> | undefined;
  readonly #draining: Promise<void> | undefined;
  #pending: string[] = [];
  #length = 0;

  constructor(
    output: ByteChannel,
    options: Readonly<Record<string, string>>,
    compression: string | undefined,
  ) {
    this.#output = output;
    const charset = options.encoding ?? options.charset ?? "UTF-8";
    if (!/^utf-?8$/i.test(charset)) throw unsupported(`writing text files in ${charset}`);
    const codec = textSuffix(compression);
    if (codec === "") return;
    this.#compressor = new CompressionStream(codec === ".gz" ? "gzip" : "deflate");
    this.#writer = this.#compressor.writable.getWriter();
    this.#draining = this.#drain(this.#compressor);
    this.#draining.catch(() => {});
  }

  async #drain(compressor: CompressionStream): Promise<void> {
    const reader = compressor.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await this.#output.push(value);
    }
  }

  async add(text: string): Promise<void> {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK_CHARACTERS) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#length === 0) return;
    const bytes = encoder.encode(this.#pending.join(""));
    this.#pending = [];
    this.#length = 0;
    if (this.#writer === undefined) await this.#output.push(bytes);
    else await this.#writer.write(bytes);
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#writer?.close();
    await this.#draining;
    this.#output.end();
  }

  async abort(error: unknown): Promise<void> {
    this.#output.fail(error);
    await this.#writer?.abort(error).catch(() => {});
  }
}
