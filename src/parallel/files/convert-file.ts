import type { Storage } from "../../storage/storage.ts";
import { isDeltaTable, readDelta, writeDelta } from "./delta-files.ts";
import { type FileKind, kindOf, requireKind } from "./file-format.ts";
import { type FileRecord, type ReadFileOptions, readRecords } from "./read-records.ts";
import { encodeRecords, type WriteFileOptions } from "./write-records.ts";
import { zipEntries } from "./zip.ts";

/** Where records come from: a path, a file at hand, or one that is in a zip. */
export type FileInput =
  | { readonly path: string; readonly zipEntry?: string }
  | { readonly content: Blob; readonly name: string; readonly zipEntry?: string };

export interface ConvertSpec {
  readonly input: FileInput;
  readonly output: string;
  readonly read: ReadFileOptions;
  readonly write: Omit<WriteFileOptions, "onSchema">;
  readonly atomic: boolean;
}

export interface ConvertedFile {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly sizeBytes: number;
  readonly elapsedMs: number;
}

/** What an input is called, with the zip that it is in. */
export function nameOf(input: FileInput): string {
  const outer = "path" in input ? input.path : input.name;
  return input.zipEntry === undefined ? outer : `${outer}/${input.zipEntry}`;
}

/** What an input is: by its name, or a directory with a Delta table. */
export async function inputKind(storage: Storage, input: FileInput): Promise<FileKind> {
  const name = input.zipEntry ?? ("path" in input ? input.path : input.name);
  const kind = kindOf(name);
  if (kind !== undefined && kind.format !== "delta") return kind;
  if ("path" in input && (await isDeltaTable(storage, input.path))) {
    const base = input.path.split("/").filter(Boolean).at(-1) ?? "";
    return { format: "delta", compression: "none", stem: base.replace(/\.delta$/i, "") };
  }
  return requireKind(name);
}

/** The records of an input, in batches. */
export async function* readInput(
  storage: Storage,
  input: FileInput,
  options: ReadFileOptions = {},
): AsyncGenerator<FileRecord[]> {
  const kind = await inputKind(storage, input);
  if (kind.format === "delta" && "path" in input) {
    yield* readDelta(storage, input.path, options);
    return;
  }
  const outer = "path" in input ? await storage.openBlob(input.path) : input.content;
  const { zipEntry } = input;
  if (zipEntry === undefined) {
    yield* readRecords(outer, nameOf(input), kind, options);
    return;
  }
  const entry = (await zipEntries(outer, nameOf(input))).find(({ name }) => name === zipEntry);
  if (entry === undefined) throw new Error(`${nameOf(input)} is not in its zip any more`);
  yield* readRecords(await entry.content(), nameOf(input), kind, options);
}

/** Converts one file. The output is there whole or, after an error, not at all. */
export async function convertFile(
  storage: Storage,
  spec: ConvertSpec,
  signal?: AbortSignal,
): Promise<ConvertedFile> {
  const startedAt = performance.now();
  let rows = 0;
  async function* counted(): AsyncGenerator<FileRecord[]> {
    for await (const batch of readInput(storage, spec.input, spec.read)) {
      signal?.throwIfAborted();
      rows += batch.length;
      yield batch;
    }
  }
  const kind = requireKind(spec.output);
  const sizeBytes =
    kind.format === "delta"
      ? await writeDelta(storage, spec.output, counted(), spec.write)
      : await writeFile(
          storage,
          spec.output,
          encodeRecords(counted(), spec.output, kind, spec.write),
          spec.atomic,
        );
  return { rowsIn: rows, rowsOut: rows, sizeBytes, elapsedMs: performance.now() - startedAt };
}

/**
 * Puts a file in place. `atomic`: readers, and whoever comes after a crash, see the old or the new one; its bytes are
 * held until then. Otherwise they are written as they come.
 */
export async function writeFile(
  storage: Storage,
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  atomic: boolean,
): Promise<number> {
  if (!atomic) {
    await storage.remove(path);
    return (await storage.writeNew(path, bytes)).sizeBytes;
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of bytes) parts.push(part as Uint8Array<ArrayBuffer>);
  const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
  await storage.writeHint(path, whole);
  return whole.length;
}
