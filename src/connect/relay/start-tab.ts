import { startWorker } from "../../pool/start-worker.ts";

/** Starts the worker that answers for this page. Its parameters (`warehouse`, `engines`) are those of the page's URL. */
export function startTab(): Worker {
  return startWorker((Worker) => new Worker(new URL("./tab-worker.ts", import.meta.url), { type: "module" }));
}
