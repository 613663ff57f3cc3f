import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import aliases from "./.ci/aliases.json" with { type: "json" };
import { datasets } from "./.ci/datasets.ts";
import { duckdbBindings } from "./.ci/duckdb-bindings.ts";
import { moduleBuild, moduleEnvironments } from "./.ci/module-build.ts";
import { offline } from "./.ci/offline.ts";
import { pagePolicy } from "./.ci/page-policy.ts";
import { laterFamilies, pageWorkers } from "./.ci/page-workers.ts";
import { sandboxWorker } from "./.ci/sandbox-worker.ts";

const inRepo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** DuckDB's bindings hold an `eval` that no call of ours reaches. */
const checks = { eval: false };

export default defineConfig({
  root: inRepo("."),
  base: "./",
  // A missing file is a 404 and not the page again.
  appType: "mpa",
  resolve: {
    // DuckDB's blocking bindings are not in its package's `exports`, so they are named by path.
    alias: Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, inRepo(path)])),
  },
  worker: { format: "es", rolldownOptions: { checks } },
  build: {
    target: "es2023",
    // The largest files are wasm, which .ci/size.mjs holds to a budget.
    chunkSizeWarningLimit: 4_000,
    reportCompressedSize: false,
    // Scripts that are loaded on demand need no list of what they will ask for: nearly all ask for nothing more.
    modulePreload: false,
    rolldownOptions: { checks },
  },
  plugins: [
    duckdbBindings(),
    pagePolicy(),
    datasets(),
    pageWorkers(),
    laterFamilies(),
    sandboxWorker(),
    offline(),
    moduleBuild(),
  ],
  // The page is the environment `client`; the module's parts follow it into dist/lib.
  environments: moduleEnvironments(),
  builder: {},
});
