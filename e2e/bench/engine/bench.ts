import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { build } from "vite";
import aliases from "../../../.ci/aliases.json" with { type: "json" };
import { duckdbBindings } from "../../../.ci/duckdb-bindings.ts";
import { launchOptions } from "../../support/browser.ts";
import { serveStatic } from "../../support/static-server.ts";
import type { Measurement } from "./worker.ts";

const root = new URL("../../../", import.meta.url);
const inRepo = (path: string): string => fileURLToPath(new URL(path, root));

/** Measures an engine in a browser against DuckDB-WASM alone, and prints the ratios. */
export async function benchEngine(): Promise<void> {
  const files = await bundle();
  files.set("/", Buffer.from("<!doctype html><title>bench</title>"));
  files.set("/flights.parquet", readFileSync(inRepo("node_modules/vega-datasets/data/flights-3m.parquet")));
  const server = await serveStatic((path) => {
    const file = files.get(path);
    if (file === undefined) throw new Error(`nothing at ${path}`);
    return file;
  });
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    await page.goto(server.origin);
    const results = await page.evaluate(
      () =>
        new Promise<Measurement[]>((resolve, reject) => {
          const worker = new Worker("/bench.js", { type: "module" });
          worker.onmessage = (event: MessageEvent<{ results?: Measurement[]; error?: string }>) => {
            if (event.data.results === undefined) reject(new Error(event.data.error));
            else resolve(event.data.results);
          };
          worker.onerror = (event) => reject(new Error(event.message));
          worker.postMessage({ flights: "/flights.parquet", engine: "/engine.js" });
        }),
    );
    print(results, browser.version());
  } finally {
    await browser.close();
    await server.close();
  }
}

async function bundle(): Promise<Map<string, Buffer>> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    root: inRepo("e2e/bench/engine"),
    base: "./",
    resolve: {
      alias: Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, inRepo(path)])),
    },
    plugins: [duckdbBindings()],
    build: {
      write: false,
      target: "es2023",
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { bench: inRepo("e2e/bench/engine/worker.ts"), engine: inRepo("src/engine/engine-worker.ts") },
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name].js", format: "es" },
        checks: { eval: false },
      },
    },
  });
  const files = new Map<string, Buffer>();
  for (const part of (Array.isArray(output) ? output : [output]) as {
    output: { fileName: string; code?: string; source?: string | Uint8Array }[];
  }[]) {
    for (const file of part.output)
      files.set(`/${file.fileName}`, Buffer.from(file.code ?? file.source ?? ""));
  }
  return files;
}

function print(results: readonly Measurement[], version: string): void {
  console.log(`\nEngine against DuckDB-WASM alone (Chromium ${version}); medians in milliseconds\n`);
  const width = Math.max(...results.map((r) => r.name.length));
  const ms = (value: number | undefined): string =>
    (value === undefined ? "-" : value.toFixed(1)).padStart(9);
  console.log(`${"".padEnd(width)} ${"engine".padStart(9)} ${"raw".padStart(9)} ${"ratio".padStart(7)}`);
  for (const { name, engineMs, rawMs } of results) {
    const ratio = rawMs === undefined ? "-" : (engineMs / rawMs).toFixed(2);
    console.log(`${name.padEnd(width)} ${ms(engineMs)} ${ms(rawMs)} ${ratio.padStart(7)}`);
  }
}
