import * as Comlink from "comlink";
import { browserHandle } from "../pool/browser-task-worker.ts";
import { unpackError } from "../pool/error-crossing.ts";
import { startWorker } from "../pool/start-worker.ts";
import type { WorkerHandle } from "../pool/worker-pool.ts";
import { openStorage } from "../storage/open-storage.ts";
import type { Storage, StorageDescriptor } from "../storage/storage.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { Answer, GenerateWorkerApi, RunSpec } from "./generate-worker-api.ts";
import { generateWorker } from "./serve-generate.ts";

export type GenerateWorkerStarter = () => WorkerHandle<GenerateWorkerApi>;

/** What Node has in place of what browsers have. */
export interface GeneratePlatform {
  readonly start: GenerateWorkerStarter;
  readonly openStorage: (descriptor: StorageDescriptor) => Promise<Storage>;
  /** The storage that the name of a warehouse stands for. */
  readonly descriptorOf: (warehouse: string) => StorageDescriptor;
}

let platform: GeneratePlatform = {
  start: () => {
    const name = `lakelet-generate-${randomUuid()}`;
    const worker = startWorker(
      (Worker) => new Worker(new URL("./batch-worker.ts", import.meta.url), { type: "module", name }),
    );
    return browserHandle<GenerateWorkerApi>(name, worker, (api) => api.hello());
  },
  openStorage: (descriptor) => openStorage(descriptor),
  descriptorOf: (warehouse) => ({ kind: "opfs", root: warehouse }),
};

export function setGeneratePlatform(other: GeneratePlatform): void {
  platform = other;
}

export function storageOf(warehouse: string): StorageDescriptor {
  return platform.descriptorOf(warehouse);
}

/** A worker with its connection open. */
export function openedWorker(
  spec: RunSpec,
  descriptor: () => StorageDescriptor,
): WorkerHandle<GenerateWorkerApi> {
  const handle = platform.start();
  const storage = descriptor();
  const port = storage.kind === "memory" ? storage.port : undefined;
  const open = async (): Promise<void> => {
    await handle.ready;
    valueOf(await handle.api.open(spec, port === undefined ? storage : Comlink.transfer(storage, [port])));
  };
  const ready = open();
  ready.catch(() => {});
  return { ...handle, ready };
}

/** The same in this realm. */
export function inlineWorker(spec: RunSpec, storage: Storage): WorkerHandle<GenerateWorkerApi> {
  const api = generateWorker(async () => storage);
  const ready = api.open(spec, storage.descriptor()).then(valueOf);
  ready.catch(() => {});
  return { api, ready, died: new Promise(() => {}), terminate: () => {}, isInline: true };
}

export function openHere(descriptor: StorageDescriptor): Promise<Storage> {
  return platform.openStorage(descriptor);
}

export function valueOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw unpackError(answer.error);
}
