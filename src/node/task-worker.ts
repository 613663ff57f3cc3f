import { parentPort } from "node:worker_threads";
import type * as Comlink from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { serveTasks } from "../pool/serve-tasks.ts";

/** Runs functions in a worker thread. */
if (parentPort === null) throw new Error("task-worker.ts runs in a worker thread only");
serveTasks(nodeEndpoint(parentPort) as unknown as Comlink.Endpoint);
