import * as Comlink from "comlink";
import { LakeletError } from "../errors/lakelet-error.ts";
import { unpackError } from "../pool/error-crossing.ts";
import { reasonOf, WorkerCrashedError } from "../pool/pool-errors.ts";
import { coreCount } from "../pool/worker-starter.ts";
import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import {
  type ConvertedFile,
  type ConvertSpec,
  convertFile,
  type FileInput,
  inputKind,
  nameOf,
} from "./files/convert-file.ts";
import { isDeltaTable } from "./files/delta-files.ts";
import { globPattern, isGlob, kindOf, requireKind } from "./files/file-format.ts";
import type { ReadFileOptions } from "./files/read-records.ts";
import type { WriteFileOptions } from "./files/write-records.ts";
import { zipEntries } from "./files/zip.ts";
import { type FileLocation, openLocation } from "./location.ts";
import { ParallelWorkers } from "./parallel-workers.ts";
import { Semaphore } from "./semaphore.ts";

export interface ConvertOptions {
  /** Where paths begin (default: the root of OPFS; in Node the working directory). */
  readonly location?: FileLocation;
  /** How to read and to write. */
  readonly iterableArgs?: ReadFileOptions;
  readonly toIterableArgs?: Omit<WriteFileOptions, "onSchema">;
  /** Records by which the types of the output are known (default 1,000; 0: all). */
  readonly scanLimit?: number;
  /** Records that are handled at once (default 1,000). */
  readonly batchSize?: number;
  /** Structs become columns `a.b`. */
  readonly isFlatten?: boolean;
  /** Whether an output appears at once, when it is whole (default true; its bytes are held until then). */
  readonly atomic?: boolean;
  readonly signal?: AbortSignal;
}

export interface BulkProgress {
  readonly totalFiles: number;
  readonly filesDone: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly elapsedMs: number;
  /** The share of the bytes to read that is done; with `useTotals`. */
  readonly fraction: number | undefined;
  /** The file that was done last. */
  readonly file: string | undefined;
}

export interface BulkConvertOptions extends ConvertOptions {
  /** What the outputs are: `parquet`, `csv.gz`, ... */
  readonly toExt: string;
  /** What outputs are called: `{stem}.{ext}` by default; `{name}` is the input's whole name. */
  readonly pattern?: string;
  /** Off by default. */
  readonly parallel?: boolean;
  /** Files at once (default: the cores, 4 at most). */
  readonly workers?: number;
  /** Adds up the inputs' bytes first, so that progress has a fraction. */
  readonly useTotals?: boolean;
  readonly progress?: (progress: BulkProgress) => void;
  /** Prints progress to the console, unless `silent`. */
  readonly showProgress?: boolean;
  readonly silent?: boolean;
  /** Workers to use, which stay. */
  readonly pool?: ParallelWorkers;
}

export interface FileConversionResult {
  readonly sourceFile: string;
  readonly destFile: string;
  readonly success: boolean;
  readonly result?: ConvertedFile;
  readonly error?: unknown;
}

export interface BulkConversionResult {
  readonly totalFiles: number;
  readonly successfulFiles: number;
  readonly failedFiles: number;
  readonly totalRowsIn: number;
  readonly totalRowsOut: number;
  readonly elapsedMs: number;
  /** Rows in a second. */
  readonly throughput: number;
  /** In the order of the inputs. */
  readonly fileResults: readonly FileConversionResult[];
  readonly errors: readonly unknown[];
  /** Files at once, and why fewer than asked for. */
  readonly workers: number;
  readonly reason: string;
}

/** Paths and patterns (`data/*.csv`, `**` over directories), files at hand, zips (all data in them), Delta tables. */
export type BulkSource = string | File | readonly (string | File)[];

/**
 * Converts one file into another; their names tell what they are.
 *
 *     await convert("raw/events.csv.gz", "clean/events.parquet");
 */
export async function convert(
  from: string | File,
  to: string,
  options: ConvertOptions = {},
): Promise<ConvertedFile> {
  if (options.signal?.aborted === true) throw reasonOf(options.signal);
  const storage = await openLocation(options.location);
  const input: FileInput = typeof from === "string" ? { path: from } : { content: from, name: from.name };
  requireKind(to);
  const runner = await runnerOf(storage, 1, false, undefined);
  try {
    return await runner.run(specOf(input, to, options), options.signal);
  } finally {
    await runner.close();
  }
}

/**
 * Converts many files, several at once. One that fails does not stop the others.
 *
 *     const result = await bulkConvert("data/raw/*.csv.gz", "data/processed/", { toExt: "parquet", parallel: true });
 *     console.log(result.successfulFiles, result.errors);
 */
export async function bulkConvert(
  source: BulkSource,
  dest: string,
  options: BulkConvertOptions,
): Promise<BulkConversionResult> {
  const { signal, parallel = false, pool, useTotals = false } = options;
  if (signal?.aborted === true) throw reasonOf(signal);
  const startedAt = performance.now();
  const storage = await openLocation(options.location);
  const inputs = await expand(
    storage,
    typeof source === "string" || source instanceof File ? [source] : source,
  );
  const outputs = await outputNames(storage, inputs, dest, options);
  const sizes = useTotals ? await Promise.all(inputs.map((input) => sizeOf(storage, input))) : undefined;
  const asked = options.workers ?? pool?.size ?? Math.min(4, coreCount());
  const count = parallel ? Math.max(1, Math.min(asked, inputs.length)) : 1;
  const runner = await runnerOf(storage, count, parallel, pool);
  const results: FileConversionResult[] = new Array(inputs.length);
  const totals = { filesDone: 0, rowsIn: 0, rowsOut: 0, bytes: 0 };
  const allBytes = sizes?.reduce((sum, size) => sum + size, 0) ?? 0;
  const room = new Semaphore(count);
  const report = (file: string | undefined): void => {
    const progress: BulkProgress = {
      totalFiles: inputs.length,
      filesDone: totals.filesDone,
      rowsIn: totals.rowsIn,
      rowsOut: totals.rowsOut,
      elapsedMs: performance.now() - startedAt,
      fraction: sizes === undefined ? undefined : allBytes === 0 ? 1 : totals.bytes / allBytes,
      file,
    };
    options.progress?.(progress);
    if (options.showProgress === true && options.silent !== true) {
      console.log(
        `${progress.filesDone} of ${progress.totalFiles} files, ${progress.rowsOut} rows${file ? `: ${file}` : ""}`,
      );
    }
  };
  try {
    await Promise.all(
      inputs.map((input, i) =>
        room.with(async () => {
          const sourceFile = nameOf(input);
          const destFile = outputs[i] as string;
          try {
            signal?.throwIfAborted();
            const result = await runner.run(specOf(input, destFile, options), signal);
            totals.rowsIn += result.rowsIn;
            totals.rowsOut += result.rowsOut;
            results[i] = { sourceFile, destFile, success: true, result };
          } catch (error) {
            results[i] = { sourceFile, destFile, success: false, error };
          }
          totals.filesDone++;
          totals.bytes += sizes?.[i] ?? 0;
          report(sourceFile);
        }),
      ),
    );
  } finally {
    await runner.close();
  }
  signal?.throwIfAborted();
  const elapsedMs = performance.now() - startedAt;
  const failed = results.filter(({ success }) => !success);
  return {
    totalFiles: inputs.length,
    successfulFiles: inputs.length - failed.length,
    failedFiles: failed.length,
    totalRowsIn: totals.rowsIn,
    totalRowsOut: totals.rowsOut,
    elapsedMs,
    throughput: elapsedMs === 0 ? 0 : (totals.rowsOut / elapsedMs) * 1_000,
    fileResults: results,
    errors: failed.map(({ error }) => error),
    workers: runner.workers(),
    reason: runner.reason(),
  };
}

interface Runner {
  run(spec: ConvertSpec, signal: AbortSignal | undefined): Promise<ConvertedFile>;
  workers(): number;
  reason(): string;
  close(): Promise<void>;
}

async function runnerOf(
  storage: Storage,
  count: number,
  parallel: boolean,
  pool: ParallelWorkers | undefined,
): Promise<Runner> {
  const here = (reason: string): Runner => ({
    run: (spec, signal) => convertFile(storage, spec, signal),
    workers: () => 1,
    reason: () => reason,
    close: async () => {},
  });
  if (!parallel && !needsWorker(storage)) return here("parallel is off");
  const workers = pool ?? new ParallelWorkers({ size: count });
  try {
    await workers.run((api) => api.hello());
  } catch (error) {
    if (pool === undefined) await workers.close();
    if (!(error instanceof WorkerCrashedError)) throw error;
    const cause = error.cause ?? error;
    return here(`no worker could be started (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  return {
    run: (spec, signal) =>
      workers.run(
        async (api) => {
          const descriptor = storage.descriptor();
          const port = descriptor.kind === "memory" ? descriptor.port : undefined;
          const answer = await api.convertFile(
            port === undefined ? descriptor : Comlink.transfer(descriptor, [port]),
            spec,
          );
          if (answer.ok) return answer.value;
          throw unpackError(answer.error);
        },
        { signal },
      ),
    workers: () => Math.min(count, workers.size),
    reason: () =>
      !parallel
        ? "parallel is off"
        : workers.size < count
          ? "some workers could not be started"
          : "as asked for",
    close: async () => {
      if (pool === undefined) await workers.close();
    },
  };
}

/** Files in OPFS can be written in dedicated workers only: then one does what this realm cannot. */
function needsWorker(storage: Storage): boolean {
  if (storage.descriptor().kind !== "opfs") return false;
  return !("createSyncAccessHandle" in FileSystemFileHandle.prototype);
}

function specOf(input: FileInput, output: string, options: ConvertOptions): ConvertSpec {
  const { iterableArgs = {}, toIterableArgs = {}, scanLimit, batchSize, isFlatten } = options;
  return {
    input,
    output,
    read: { ...iterableArgs, ...(batchSize === undefined ? {} : { batchSize }) },
    write: {
      ...toIterableArgs,
      ...(scanLimit === undefined ? {} : { scanLimit }),
      ...(isFlatten === undefined ? {} : { flatten: isFlatten }),
    },
    atomic: options.atomic ?? true,
  };
}

/** The inputs that a source stands for, in order of path; what a zip holds is many. */
async function expand(storage: Storage, sources: readonly (string | File)[]): Promise<FileInput[]> {
  const inputs: FileInput[] = [];
  for (const source of sources) {
    if (typeof source !== "string") {
      inputs.push(...(await unzipped({ content: source, name: source.name }, source)));
      continue;
    }
    const paths = isGlob(source) ? await matching(storage, source) : [source.replace(/\/$/, "")];
    for (const path of paths) {
      const isZip = /\.zip$/i.test(path);
      inputs.push(...(isZip ? await unzipped({ path }, await storage.openBlob(path)) : [{ path }]));
    }
  }
  if (inputs.length === 0) {
    throw new LakeletError(
      "unavailable",
      `there are no files ${sources.map((source) => (typeof source === "string" ? source : source.name)).join(", ")}`,
    );
  }
  return inputs;
}

async function matching(storage: Storage, glob: string): Promise<string[]> {
  const fixed = glob.slice(0, glob.search(/[*?{]/));
  const directory = fixed.includes("/") ? fixed.slice(0, fixed.lastIndexOf("/")) : "";
  const recursive = glob.slice(fixed.length).includes("/") || glob.includes("**");
  const pattern = globPattern(glob);
  const files = (await storage.list(directory, { recursive })).map(({ path }) => path);
  const found = files.filter(
    (path) => pattern.test(path) && (kindOf(path) !== undefined || /\.zip$/i.test(path)),
  );
  const directories = (await storage.listDirectories(directory)).map((name) => joinPath(directory, name));
  for (const path of directories)
    if (pattern.test(path) && (await isDeltaTable(storage, path))) found.push(path);
  return found.sort();
}

async function unzipped(
  outer: { readonly path: string } | { readonly content: Blob; readonly name: string },
  content: Blob,
): Promise<FileInput[]> {
  const name = "path" in outer ? outer.path : outer.name;
  if (!/\.zip$/i.test(name)) return [outer];
  const entries = await zipEntries(content, name);
  return entries
    .filter((entry) => kindOf(entry.name) !== undefined)
    .map((entry) => ({ ...outer, zipEntry: entry.name }));
}

/** One name for each input: where two would be the same, the kinds of the inputs, and then numbers, tell them apart. */
async function outputNames(
  storage: Storage,
  inputs: readonly FileInput[],
  dest: string,
  { toExt, pattern = "{stem}.{ext}" }: BulkConvertOptions,
): Promise<string[]> {
  const ext = toExt.replace(/^\./, "");
  const directory = dest.replace(/\/$/, "");
  const named = await Promise.all(
    inputs.map(async (input) => {
      const name = nameOf(input).split("/").at(-1) ?? "";
      // What an unknown file is shows when it is converted, and then as its own error.
      const kind = await inputKind(storage, input).catch(() => undefined);
      return { name, stem: kind?.stem ?? name, format: kind?.format ?? "unknown" };
    }),
  );
  const fill = (stem: string, name: string): string => {
    const file = pattern.replaceAll("{stem}", stem).replaceAll("{name}", name).replaceAll("{ext}", ext);
    return directory === "" ? file : `${directory}/${file}`;
  };
  const plain = named.map(({ stem, name }) => fill(stem, name));
  const taken = new Set<string>();
  return named.map(({ stem, name, format }, i) => {
    let output = plain[i] as string;
    if (plain.filter((other) => other === output).length > 1) output = fill(`${stem}.${format}`, name);
    for (let n = 2; taken.has(output); n++) output = fill(`${stem}.${format}-${n}`, `${name}-${n}`);
    requireKind(output);
    taken.add(output);
    return output;
  });
}

async function sizeOf(storage: Storage, input: FileInput): Promise<number> {
  if ("content" in input) return input.content.size;
  return (await storage.stat(input.path))?.sizeBytes ?? 0;
}
