import type { DriverStarted } from "../../driver/driver-worker-api.ts";

/** What the page asks of the worker in which Python code runs. It answers as the other worker does (`FromSandbox`). */
export type ToPython =
  /** First message, with two ports: this conversation, and the way to the driver. */
  | {
      readonly kind: "setup";
      readonly started: DriverStarted;
      /** The session that the page has open: Python takes part in it. */
      readonly sessionId: string;
      readonly assets: PythonAssets;
    }
  | { readonly kind: "run"; readonly runId: number; readonly code: string };

/** Pyodide's own files, which the frame may not ask for itself. */
export interface PythonAssets {
  /** The text of `pyodide.asm.mjs`. */
  readonly factory: string;
  readonly wasm: ArrayBuffer;
  readonly stdlib: ArrayBuffer;
  /** The list of packages: none but Pyodide itself. */
  readonly lock: string;
}
