import { files } from "virtual:pyspark-package";
import { loadPyodide, type PyodideAPI } from "pyodide";
import { toWireError } from "../../errors/wire-error.ts";
import { type FlatPlan, unflattenPlan } from "../../plan/flat.ts";
import type { Relation } from "../../plan/relation.ts";
import { parsePayload } from "../../python/plain-values.ts";
import { PythonBridge } from "../../python/python-bridge.ts";
import type { SessionBackend } from "../../session/backend.ts";
import { connectDriverPort, LocalBackend } from "../../session/local-backend.ts";
import { randomUuid } from "../../types/random-uuid.ts";
import type { FromSandbox, OutputItem } from "./protocol.ts";
import type { PythonAssets, ToPython } from "./python-protocol.ts";

/** Rows of a result that are brought to the page; the page says when there are more. */
const MAX_GRID_ROWS = 10_000;

/**
 * Where Python code runs: Pyodide in a worker of a frame of its own. The session is the page's, so that stopping Python
 * loses nothing but its variables.
 */
addEventListener(
  "message",
  ({ data, ports }: MessageEvent<ToPython>) => {
    const [page, driver] = ports;
    if (data.kind !== "setup" || page === undefined || driver === undefined) return;
    const backend = LocalBackend.attach(connectDriverPort(driver, data.started), data.sessionId);
    const send = (message: FromSandbox, transfer: Transferable[] = []) => page.postMessage(message, transfer);
    const python = new Python(backend, data.assets);
    page.onmessage = async ({ data: message }: MessageEvent<ToPython>) => {
      if (message.kind !== "run") return;
      const { runId, code } = message;
      const started = performance.now();
      await python.run(code, (item) => {
        const buffers = item.kind === "table" ? item.chunks.map((chunk) => chunk.buffer as ArrayBuffer) : [];
        send({ kind: "output", runId, item }, [...new Set(buffers)]);
      });
      send({ kind: "done", runId, elapsedMs: performance.now() - started });
    };
  },
  { once: true },
);

/** An address that nothing answers: what Pyodide asks for there is given from memory. */
const NOWHERE = "https://pyodide.invalid/";

const NO_JSPI =
  "Python cells wait for the engine in the middle of a call, which takes JavaScript Promise Integration (Chrome and " +
  "Edge 137 or newer). This browser has none; the same program runs here in TypeScript or SQL.";

class Python {
  readonly #backend: SessionBackend;
  readonly #assets: PythonAssets;
  #started: Promise<PyodideAPI> | undefined;
  #output: (item: OutputItem) => void = () => {};

  constructor(backend: SessionBackend, assets: PythonAssets) {
    this.#backend = backend;
    this.#assets = assets;
  }

  /** Runs a program; what it prints and shows goes to `output`, also its failure. */
  async run(code: string, output: (item: OutputItem) => void): Promise<void> {
    this.#output = output;
    try {
      this.#started ??= this.#start();
      const pyodide = await this.#started;
      const run = pyodide.globals.get("_lakelet_run") as { callPromising(code: string): Promise<string> };
      const failure = await run.callPromising(code);
      if (failure !== "") output({ kind: "error", ...(JSON.parse(failure) as Failure) });
    } catch (error) {
      this.#started = undefined;
      const { name, message } = error as Error;
      output({ kind: "error", title: name, message });
    }
  }

  async #start(): Promise<PyodideAPI> {
    if (!("Suspending" in WebAssembly)) throw new Error(NO_JSPI);
    const { factory, wasm, stdlib, lock } = this.#assets;
    const answers: Readonly<Record<string, readonly [ArrayBuffer, string]>> = {
      "pyodide.asm.wasm": [wasm, "application/wasm"],
      "python_stdlib.zip": [stdlib, "application/zip"],
    };
    const fetchElsewhere = globalThis.fetch;
    globalThis.fetch = async (request) => {
      const address = String(request instanceof Request ? request.url : request);
      const answer = address.startsWith(NOWHERE) ? answers[address.slice(NOWHERE.length)] : undefined;
      if (answer === undefined) return fetchElsewhere(request);
      return new Response(answer[0], { headers: { "Content-Type": answer[1] } });
    };
    try {
      const address = URL.createObjectURL(new Blob([factory], { type: "text/javascript" }));
      const { default: createPyodideModule } = (await import(/* @vite-ignore */ address)) as {
        default: never;
      };
      const pyodide = await loadPyodide({
        indexURL: NOWHERE,
        lockFileContents: lock,
        packageBaseUrl: NOWHERE,
        createPyodideModule,
        stdout: (text: string) => this.#output({ kind: "text", text }),
        stderr: (text: string) => this.#output({ kind: "text", text }),
      } as Parameters<typeof loadPyodide>[0]);
      this.#install(pyodide);
      return pyodide;
    } finally {
      globalThis.fetch = fetchElsewhere;
    }
  }

  #install(pyodide: PyodideAPI): void {
    const home = "/lib/lakelet";
    for (const [name, text] of Object.entries(files)) {
      const path = `${home}/${name}`;
      pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
      pyodide.FS.writeFile(path, text);
    }
    const bridge = new PythonBridge(this.#backend, (functionId, types, rows) => {
      const call = pyodide.globals.get("_lakelet_call_batch") as (...texts: string[]) => string;
      return call(functionId, types, rows);
    });
    pyodide.registerJsModule("_lakelet", {
      request: (method: string, payload: string) => bridge.request(method, payload),
      show: async (payload: string) => {
        try {
          await this.#showTable(payload);
          return "";
        } catch (error) {
          return JSON.stringify(toWireError(error));
        }
      },
    });
    pyodide.runPython(`
import sys
sys.path.insert(0, "${home}")
from lakelet_cells import call_batch as _lakelet_call_batch, run as _lakelet_run
`);
  }

  /** Shows the rows of a plan as a grid. */
  async #showTable(payload: string): Promise<void> {
    const started = performance.now();
    const input = unflattenPlan((parsePayload(payload) as { plan: FlatPlan }).plan) as Relation;
    const limited: Relation = { kind: "Limit", input, limit: MAX_GRID_ROWS + 1 };
    const result = await this.#backend.execute(limited, { operationId: randomUuid() });
    const { schema, chunks, rowCount } = result;
    if (schema.fields.length === 0) return;
    this.#output({
      kind: "table",
      schema,
      chunks,
      rowCount: Math.min(rowCount, MAX_GRID_ROWS),
      isCut: rowCount > MAX_GRID_ROWS,
      elapsedMs: performance.now() - started,
      timeZone: (await this.#backend.conf.get("spark.sql.session.timeZone")) ?? "UTC",
    });
  }
}

/** What `lakelet_cells.run` tells of an exception. */
interface Failure {
  readonly title: string;
  readonly message: string;
  readonly line?: number;
  readonly fragment?: string;
}
