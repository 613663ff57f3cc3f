import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { type StaticServer, serveStatic } from "../support/static-server.ts";
import type { WorkerCommand } from "./worker.ts";

/** Serves an empty page whose workers run `worker.ts`. */
export async function serveLake(): Promise<StaticServer> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    root: fileURLToPath(new URL(".", import.meta.url)),
    build: {
      write: false,
      minify: false,
      target: "es2022",
      rolldownOptions: {
        input: fileURLToPath(new URL("worker.ts", import.meta.url)),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "worker.js", format: "es" },
      },
    },
  });
  const files = new Map<string, string | Uint8Array>();
  for (const part of (Array.isArray(output) ? output : [output]) as {
    output: { fileName: string; code?: string; source?: string }[];
  }[]) {
    for (const file of part.output) files.set(`/${file.fileName}`, file.code ?? file.source ?? "");
  }
  files.set("/", "<!doctype html><title>lake</title>");
  return serveStatic((path) => {
    const file = files.get(path);
    if (file === undefined) throw new Error(`nothing at ${path}`);
    return Buffer.from(file);
  });
}

/** Runs a command in a worker of its own; what it acknowledges is kept in the page by `name`. */
export function runInWorker(page: Page, command: WorkerCommand, name = "worker"): Promise<unknown> {
  return page.evaluate(
    ([sent, key]) =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/worker.js", { type: "module" });
        const acknowledged: number[] = [];
        Object.assign(globalThis, { [key]: { worker, acknowledged } });
        worker.onmessage = (
          event: MessageEvent<{ acknowledged?: number; result?: unknown; error?: string }>,
        ) => {
          if (event.data.acknowledged !== undefined) acknowledged.push(event.data.acknowledged);
          else if (event.data.error !== undefined) reject(new Error(event.data.error));
          else {
            worker.terminate();
            resolve(event.data.result);
          }
        };
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage(sent);
      }),
    [command, name] as const,
  );
}

/** Ends a worker where it stands and gives what it had acknowledged. */
export function terminateWorker(page: Page, name: string): Promise<readonly number[]> {
  return page.evaluate((key) => {
    const { worker, acknowledged } = (globalThis as never)[key] as { worker: Worker; acknowledged: number[] };
    worker.terminate();
    return [...acknowledged];
  }, name);
}

export function acknowledgedBy(page: Page, name: string): Promise<readonly number[]> {
  return page.evaluate((key) => {
    const state = (globalThis as never)[key] as { acknowledged: number[] } | undefined;
    return [...(state?.acknowledged ?? [])];
  }, name);
}
