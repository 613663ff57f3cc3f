import { parentPort } from "node:worker_threads";
import type * as Comlink from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { serveGenerate } from "../generate/serve-generate.ts";
import { openNodeStorage } from "./node-storage.ts";

/** Generates and writes batches in a worker thread. */
if (parentPort === null) throw new Error("generate-worker.ts runs in a worker thread only");
serveGenerate(openNodeStorage, nodeEndpoint(parentPort) as unknown as Comlink.Endpoint);
