import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CDPSession, Page } from "@playwright/test";
import { build } from "vite";
import aliases from "../../.ci/aliases.json" with { type: "json" };
import { duckdbBindings } from "../../.ci/duckdb-bindings.ts";
import { openProfile } from "./browser.ts";
import { serveStatic } from "./static-server.ts";

const inRepo = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export interface BenchPage {
  readonly page: Page;
  readonly devtools: CDPSession;
  readonly browserVersion: string;
  /** Calls a function that the script has put on `globalThis`. */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T>;
}

/**
 * Builds a script with its workers, opens it in a page of a browser whose files are on disk, and hands that over.
 * `script` is a path in the repository.
 */
export async function runInBrowser<T>(script: string, use: (bench: BenchPage) => Promise<T>): Promise<T> {
  const files = await bundle(script);
  files.set(
    "/",
    Buffer.from('<!doctype html><title>bench</title><script type="module" src="/bench.js"></script>'),
  );
  const server = await serveStatic((path) => {
    const file = files.get(path);
    if (file === undefined) throw new Error(`nothing at ${path}`);
    return file;
  });
  const profile = mkdtempSync(join(tmpdir(), "lakelet-bench-"));
  const context = await openProfile(profile);
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error(error));
    page.on("console", (message) => message.type() === "error" && console.error(message.text()));
    await page.goto(server.origin);
    await page.waitForFunction(() => "isReady" in globalThis);
    return await use({
      page,
      devtools: await context.newCDPSession(page),
      browserVersion: context.browser()?.version() ?? "",
      call: (name, ...args) =>
        page.evaluate(
          ([called, values]) =>
            (globalThis as unknown as Record<string, (...a: unknown[]) => Promise<never>>)[called as string]!(
              ...(values as unknown[]),
            ),
          [name, args] as const,
        ),
    });
  } finally {
    await context.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function bundle(script: string): Promise<Map<string, Buffer>> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    root: inRepo("."),
    base: "/",
    publicDir: false,
    resolve: {
      alias: Object.fromEntries(Object.entries(aliases).map(([name, path]) => [name, inRepo(path)])),
    },
    plugins: [duckdbBindings()],
    worker: { format: "es", plugins: () => [duckdbBindings()] },
    build: {
      write: false,
      target: "es2023",
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: { bench: inRepo(script) },
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

/** Columns as wide as what is in them, numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
        .join("  "),
    )
    .join("\n");
}
