import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import aliases from "./.ci/aliases.json" with { type: "json" };

const inRepo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "./",
  resolve: {
    // DuckDB's blocking bindings are not in its package's `exports`, so they are named by path.
    alias: Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, inRepo(path)])),
  },
  worker: { format: "es" },
});
