import { parentPort } from "node:worker_threads";
import type * as Comlink from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { serveEngine } from "../engine/serve-engine.ts";
import { NODE_PLATFORM } from "./engine-platform.ts";

/** The engine in a Node worker thread. */
if (parentPort === null) throw new Error("engine-worker.ts runs in a worker thread only");
serveEngine(NODE_PLATFORM, () => process.exit(), nodeEndpoint(parentPort) as unknown as Comlink.Endpoint);
