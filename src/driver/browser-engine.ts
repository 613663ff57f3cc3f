import * as Comlink from "comlink";
import type { EngineApi } from "../engine/engine-api.ts";
import { startWorker } from "../pool/start-worker.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { EngineHandle } from "./engine-pool.ts";
import { withTransfers } from "./engine-transfers.ts";

/** Starts an engine in a worker of its own. The worker holds a Web Lock of its name as long as it lives. */
export function startBrowserEngine(): EngineHandle {
  const name = `lakelet-engine-${randomUuid()}`;
  const worker = startWorker(
    (Worker) => new Worker(new URL("../engine/engine-worker.ts", import.meta.url), { type: "module", name }),
  );
  let end = () => {};
  const died = new Promise<void>((resolve) => {
    end = resolve;
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    // What it still does is of no use to anyone: its task is run again elsewhere.
    worker.terminate();
    end();
  });
  const api = withTransfers(Comlink.wrap<EngineApi>(worker) as unknown as EngineApi, {
    // The lock is free until the worker has taken it, so it is watched from the first answer on.
    opened: () => void navigator.locks.request(name, () => end()),
  });
  return {
    api,
    died,
    terminate: () => {
      worker.terminate();
      end();
    },
  };
}
