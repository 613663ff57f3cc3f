import { parentPort } from "node:worker_threads";
import type * as Comlink from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { serveParallel } from "../parallel/serve-parallel.ts";
import { openNodeStorage } from "./node-storage.ts";

/** Runs the chunks of pipelines in a worker thread. */
if (parentPort === null) throw new Error("parallel-worker.ts runs in a worker thread only");
serveParallel(openNodeStorage, nodeEndpoint(parentPort) as unknown as Comlink.Endpoint);
