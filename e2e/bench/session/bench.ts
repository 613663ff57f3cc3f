import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "@playwright/test";
import { build } from "vite";
import aliases from "../../../.ci/aliases.json" with { type: "json" };
import { duckdbBindings } from "../../../.ci/duckdb-bindings.ts";
import { launchOptions } from "../../support/browser.ts";
import { serveStatic } from "../../support/static-server.ts";
import type { Measurement } from "./page.ts";

const root = new URL("../../../", import.meta.url);
const inRepo = (path: string): string => fileURLToPath(new URL(path, root));
const COLD_STARTS = 7;

/** Measures a session of the built module in a page, from call to rows, against DuckDB-WASM alone in a worker. */
export async function benchSession(): Promise<void> {
  if (!existsSync(inRepo("dist/lib/index.js")))
    throw new Error("there is no dist/lib: run `npm run build` first");
  const files = await bundle();
  files.set(
    "/",
    Buffer.from('<!doctype html><title>bench</title><script type="module" src="/page.js"></script>'),
  );
  files.set("/flights.parquet", readFileSync(inRepo("node_modules/vega-datasets/data/flights-3m.parquet")));
  const contentOf = (path: string): Buffer => {
    if (path.startsWith("/lib/")) return readFileSync(inRepo(`dist${path}`));
    if (path.startsWith("/site/")) return readFileSync(inRepo(`dist/${path.slice(6) || "index.html"}`));
    // Each name is another file to a session, so that nothing of it is loaded.
    const file = files.get(path.replace(/^\/flights-\d+/, "/flights"));
    if (file === undefined) throw new Error(`nothing at ${path}`);
    return file;
  };
  // As most hosts do.
  const server = await serveStatic(contentOf, { etagOf: (path) => `"${path}"` });
  const browser = await chromium.launch(launchOptions());
  try {
    const [session, raw, playground]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < COLD_STARTS; i++) {
      session.push(await inNewPage(browser, server.origin, "coldSession"));
      raw.push(await inNewPage(browser, server.origin, "coldRaw"));
      playground.push(await coldPlayground(browser, `${server.origin}/site/`));
    }
    const rawMs = median(raw);
    const results: Measurement[] = [
      { name: "cold start to first result, module", sessionMs: median(session), rawMs },
      { name: "cold start to first result, page", sessionMs: median(playground), rawMs },
      ...(await inNewPage<readonly Measurement[]>(browser, server.origin, "measure")),
    ];
    print(results, browser.version());
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Calls a function of page.ts in a page of its own that has nothing in any cache. */
async function inNewPage<T = number>(browser: Browser, address: string, name: string): Promise<T> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(address);
    return (await page.evaluate(
      (key) => (globalThis as never as Record<string, () => unknown>)[key]?.(),
      name,
    )) as T;
  } finally {
    await context.close();
  }
}

/** The page as a visitor has it: the clock runs from the navigation to the first row in the grid. */
async function coldPlayground(browser: Browser, address: string): Promise<number> {
  const context = await browser.newContext();
  try {
    await context.addInitScript(() =>
      localStorage.setItem("lakelet.editor", JSON.stringify({ language: "sql", code: "SELECT 1 AS x" })),
    );
    const page = await context.newPage();
    await page.goto(address);
    return await page.evaluate(async () => {
      document.querySelector<HTMLButtonElement>("[data-testid=run]")?.click();
      while (document.querySelector("regular-table tbody td") === null) {
        if (document.querySelector(".error") !== null) throw new Error(document.body.innerText);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return performance.now();
    });
  } finally {
    await context.close();
  }
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[times.length >> 1] as number;

async function bundle(): Promise<Map<string, Buffer>> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    root: inRepo("e2e/bench/session"),
    base: "./",
    resolve: {
      alias: Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, inRepo(path)])),
    },
    plugins: [duckdbBindings()],
    build: {
      write: false,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: { page: inRepo("e2e/bench/session/page.ts"), raw: inRepo("e2e/bench/session/raw-worker.ts") },
        external: ["/lib/index.js"],
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
  console.log(`\nA session against DuckDB-WASM alone (Chromium ${version}); medians in milliseconds\n`);
  const width = Math.max(...results.map((r) => r.name.length));
  const ms = (value: number | undefined): string =>
    (value === undefined ? "-" : value.toFixed(1)).padStart(9);
  console.log(
    `${"".padEnd(width)} ${"session".padStart(9)} ${"raw".padStart(9)} ${"over".padStart(9)} ${"ratio".padStart(7)}`,
  );
  for (const { name, sessionMs, rawMs } of results) {
    const ratio = rawMs === undefined ? "-" : (sessionMs / rawMs).toFixed(2);
    const over = rawMs === undefined ? undefined : sessionMs - rawMs;
    console.log(`${name.padEnd(width)} ${ms(sessionMs)} ${ms(rawMs)} ${ms(over)} ${ratio.padStart(7)}`);
  }
}
