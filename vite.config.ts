import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const inRepo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** DuckDB's blocking bindings are not in its package's `exports`, so they are named by path. */
const alias = {
  "#duckdb/browser-blocking": inRepo("node_modules/@duckdb/duckdb-wasm/dist/duckdb-browser-blocking.mjs"),
  "#duckdb/node-blocking": inRepo("node_modules/@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs"),
};

export default defineConfig({
  base: "./",
  resolve: { alias },
  worker: { format: "es" },
});
