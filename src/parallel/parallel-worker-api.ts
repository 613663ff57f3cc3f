import type { CrossedError } from "../pool/error-crossing.ts";
import type { ShippedFunction } from "../pool/task-worker-api.ts";
import type { StorageDescriptor } from "../storage/storage.ts";
import type { Crossing } from "./crossing.ts";
import type { ConvertedFile, ConvertSpec } from "./files/convert-file.ts";

/** What a worker has to know of a pipeline. */
export interface PipelineSpec {
  readonly id: string;
  readonly process: ShippedFunction;
  readonly initState: ShippedFunction | undefined;
  /** A state for each chunk, given back with it; otherwise one for as long as the worker lives. */
  readonly returnsState: boolean;
  readonly retries: number;
  readonly stopAtError: boolean;
}

export interface ChunkOutcome {
  readonly values: Crossing;
  readonly errors: readonly { readonly at: number; readonly error: CrossedError }[];
  readonly retries: number;
  readonly busyMs: number;
  readonly state?: Crossing;
}

/** What the workers of `pipeline` and `bulkConvert` answer to, over Comlink. */
export interface ParallelWorkerApi {
  hello(): Promise<void>;
  runChunk(task: number, spec: PipelineSpec, records: Crossing, worker: number): Promise<ChunkOutcome>;
  abort(task: number): Promise<void>;
  convertFile(
    storage: StorageDescriptor,
    spec: ConvertSpec,
  ): Promise<
    | { readonly ok: true; readonly value: ConvertedFile }
    | { readonly ok: false; readonly error: CrossedError }
  >;
}
