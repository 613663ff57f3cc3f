/**
 * Lets Node (20.19 or newer) run the TypeScript of this repository without a build:
 *
 *     node --import ./.ci/run-ts.mjs src/node/cli.ts serve
 *
 * Worker threads started from there, `new Worker(new URL("./engine-worker.ts", import.meta.url))`, inherit the
 * `--import` and run TypeScript too; Vitest hands the same flag to its processes (vitest.config.ts).
 * Node 20 cannot strip types itself. Newer Nodes can, but not resolve the aliases, so all take the same way.
 */
import { existsSync } from "node:fs";
import module from "node:module";
import { isMainThread } from "node:worker_threads";
import * as hooks from "./run-ts-hooks.mjs";

const script = process.argv[1];
if (isMainThread && script?.endsWith(".ts") && !existsSync(script)) {
  console.error(`There is no ${script} in this checkout, so there is nothing to run.`);
  process.exit(1);
}

if (module.registerHooks) module.registerHooks(hooks);
else module.register("./run-ts-hooks.mjs", import.meta.url);
