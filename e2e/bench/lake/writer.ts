import { parentPort, workerData } from "node:worker_threads";
import { DiskStorage } from "../../../src/node/disk-storage.ts";
import { loadTable } from "../../../src/node/lake.ts";
import { joinPath } from "../../../src/storage/paths.ts";

/** One writer of a bench: appends one-row files until told to stop, and says how long each commit took. */
export interface WriterTask {
  readonly kind: "table" | "floor";
  readonly root: string;
  readonly number: number;
  readonly durationMs: number;
  /** Of the data file and of the log entry, for the floor. */
  readonly dataBytes: number;
  readonly entryBytes: number;
}
export interface WriterResult {
  readonly latenciesMs: readonly number[];
  readonly failures: number;
}

const task = workerData as WriterTask;

/** The bare storage steps of a commit, with nothing around them. */
async function floorCommit(storage: DiskStorage, next: { version: number }): Promise<void> {
  const name = `${task.number}-${Math.random().toString(36).slice(2)}`;
  await storage.writeNew(joinPath("floor", `${name}.parquet`), new Uint8Array(task.dataBytes));
  await storage.exclusive("floor", async (lock) => {
    for (;;) {
      while ((await storage.stat(entry(next.version))) !== undefined) next.version++;
      await lock.assertHeld();
      if (await storage.putIfAbsent(entry(next.version), new Uint8Array(task.entryBytes))) return;
    }
  });
}

const entry = (version: number): string =>
  joinPath("floor", "log", `${String(version).padStart(20, "0")}.json`);

async function committer(): Promise<() => Promise<void>> {
  if (task.kind === "floor") {
    const storage = await DiskStorage.open(task.root);
    const next = { version: 0 };
    return () => floorCommit(storage, next);
  }
  const table = await loadTable(`${task.root}/table`);
  let i = 0;
  return async () => {
    await table.appendRecords([{ id: task.number * 1_000_000 + i++, value: "x".repeat(20) }]);
  };
}

const commit = await committer();
parentPort?.postMessage("ready");
parentPort?.once("message", async () => {
  const latenciesMs: number[] = [];
  let failures = 0;
  const end = performance.now() + task.durationMs;
  while (performance.now() < end) {
    const started = performance.now();
    try {
      await commit();
      latenciesMs.push(performance.now() - started);
    } catch {
      failures++;
    }
  }
  parentPort?.postMessage({ latenciesMs, failures } satisfies WriterResult);
});
