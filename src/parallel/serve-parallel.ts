import * as Comlink from "comlink";
import { LakeletError } from "../errors/lakelet-error.ts";
import { packError } from "../pool/error-crossing.ts";
import { revive } from "../pool/serve-tasks.ts";
import { transferablesOf } from "../pool/transferables.ts";
import type { Storage, StorageDescriptor } from "../storage/storage.ts";
import { packValues, unpackValues } from "./crossing.ts";
import type { ParallelWorkerApi, PipelineSpec } from "./parallel-worker-api.ts";
import { runChunk } from "./run-chunk.ts";

interface OpenPipeline {
  readonly process: (record: unknown, state: unknown) => unknown;
  readonly initState: ((worker: number) => unknown) | undefined;
  state: unknown;
}

/** Pipelines whose functions a worker keeps. */
const MAX_OPEN = 16;

/** Exposes a worker of `pipeline` and `bulkConvert`. */
export function serveParallel(
  openStorage: (descriptor: StorageDescriptor) => Promise<Storage>,
  endpoint?: Comlink.Endpoint,
  isReady: Promise<void> = Promise.resolve(),
): void {
  const open = new Map<string, Promise<OpenPipeline>>();
  const controllers = new Map<number, AbortController>();
  const api: ParallelWorkerApi = {
    hello: () => isReady,
    runChunk: async (task, spec, records, worker) => {
      const controller = new AbortController();
      controllers.set(task, controller);
      try {
        let pipeline = open.get(spec.id);
        if (pipeline === undefined) {
          pipeline = openPipeline(spec, worker);
          open.set(spec.id, pipeline);
          if (open.size > MAX_OPEN) open.delete([...open.keys()][0] as string);
        }
        const { process, initState, state } = await pipeline;
        const own = spec.returnsState ? await initState?.(worker) : state;
        const result = await runChunk(unpackValues(records), process, own, {
          ...spec,
          signal: controller.signal,
        });
        const outcome = {
          values: packValues(result.values),
          errors: result.errors.map(({ at, error }) => ({ at, error: packError(error) })),
          retries: result.retries,
          busyMs: result.busyMs,
          ...(spec.returnsState ? { state: packValues([own]) } : {}),
        };
        // A state that stays here must not lose its buffers to what is sent.
        return Comlink.transfer(outcome, spec.returnsState ? [] : transferablesOf(outcome.values.values));
      } finally {
        controllers.delete(task);
      }
    },
    abort: async (task) =>
      controllers.get(task)?.abort(new DOMException("the pipeline has ended", "AbortError")),
    convertFile: async (descriptor, spec) => {
      let storage: Storage | undefined;
      try {
        storage = await openStorage(descriptor);
        const { convertFile } = await import("./files/convert-file.ts");
        return { ok: true, value: await convertFile(storage, spec) };
      } catch (error) {
        return { ok: false, error: packError(error) };
      } finally {
        await storage?.close();
      }
    },
  };
  Comlink.expose(api, endpoint);
}

async function openPipeline(spec: PipelineSpec, worker: number): Promise<OpenPipeline> {
  const process = (await revive(spec.process)) as OpenPipeline["process"];
  const initState =
    spec.initState === undefined
      ? undefined
      : ((await revive(spec.initState)) as unknown as OpenPipeline["initState"]);
  const state = initState === undefined || spec.returnsState ? NO_STATE : await initState(worker);
  return { process, initState, state };
}

const refuse = (): never => {
  throw new LakeletError(
    "unavailable",
    "the state of this pipeline is in the realm that started it and is not copied to workers: give initState for a " +
      "state of each worker, and mergeState to have it back, or use the mode thread",
  );
};

/** Stands where a function in a worker looks for a state that it has not. */
const NO_STATE: object = new Proxy(
  {},
  { get: refuse, set: refuse, has: refuse, deleteProperty: refuse, ownKeys: refuse },
);
