import * as Comlink from "comlink";
import { LakeletError } from "../errors/lakelet-error.ts";
import { AmbiguousCommitError } from "../lake/ambiguous-commit-error.ts";
import { packError } from "../pool/error-crossing.ts";
import type { Storage, StorageDescriptor } from "../storage/storage.ts";
import { BatchWriter } from "./batch-writer.ts";
import type { Answer, GenerateWorkerApi } from "./generate-worker-api.ts";

/** A generating worker over a storage that the platform opens. */
export function generateWorker(
  openStorage: (descriptor: StorageDescriptor) => Promise<Storage>,
  isReady: Promise<void> = Promise.resolve(),
): GenerateWorkerApi {
  let writer: BatchWriter | undefined;
  const opened = (): BatchWriter => {
    if (writer === undefined) throw new Error("the worker has not been opened");
    return writer;
  };
  return {
    hello: () => isReady,
    open: (spec, storage) =>
      answered(async () => {
        writer = new BatchWriter(spec, await openStorage(storage));
      }),
    prepare: () => answered(() => opened().prepare()),
    write: (ticket) => answered(() => opened().write(ticket)),
    landed: (tickets) => answered(() => opened().landed(tickets)),
  };
}

export function serveGenerate(
  openStorage: (descriptor: StorageDescriptor) => Promise<Storage>,
  endpoint?: Comlink.Endpoint,
  isReady?: Promise<void>,
): void {
  Comlink.expose(generateWorker(openStorage, isReady), endpoint);
}

async function answered<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const retryable =
      error instanceof AmbiguousCommitError || (error instanceof LakeletError && error.retryable);
    return { ok: false, error: packError(error), retryable };
  }
}
