import type { DriverStarted } from "../../driver/driver-worker-api.ts";
import type { StructType } from "../../types/data-type.ts";

/** What the page asks of the worker in which users' code runs. */
export type ToSandbox =
  /** First message, with two ports: this conversation, and the way to the driver. */
  | {
      readonly kind: "setup";
      readonly conf: Readonly<Record<string, string>>;
      readonly started: DriverStarted;
    }
  | { readonly kind: "run"; readonly runId: number; readonly language: Language; readonly code: string }
  /** The driver is no more: nothing that waits for it gets an answer. */
  | { readonly kind: "driverDied" }
  | { readonly kind: "part"; readonly name: SandboxPart; readonly script: string }
  | { readonly kind: "part"; readonly name: SandboxPart; readonly error: string };

/** Packages whose scripts are loaded when a program first needs them. */
export type SandboxPart = "apache-arrow" | "sucrase";

/** What this worker runs; Python has one of its own (python-protocol.ts). */
export type Language = "typescript" | "sql";

/** What a cell may be written in. */
export type CellLanguage = Language | "python";

export type FromSandbox =
  /** The session that the code runs in, for the page's own questions about its tables. */
  | { readonly kind: "session"; readonly sessionId: string }
  /** The script of a part is wanted. */
  | { readonly kind: "part"; readonly name: SandboxPart }
  | { readonly kind: "output"; readonly runId: number; readonly item: OutputItem }
  | { readonly kind: "done"; readonly runId: number; readonly elapsedMs: number };

export type OutputItem = { readonly kind: "text"; readonly text: string } | TableItem | ErrorItem;

export interface TableItem {
  readonly kind: "table";
  readonly schema: StructType;
  /** Whole Arrow IPC streams. */
  readonly chunks: readonly Uint8Array[];
  readonly rowCount: number;
  /** There are more rows than these. */
  readonly isCut: boolean;
  readonly elapsedMs: number;
  readonly timeZone: string;
}

export interface ErrorItem {
  readonly kind: "error";
  /** Spark's condition, or the name of the error. */
  readonly title: string;
  readonly message: string;
  /** Where in the code, counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The piece of SQL text that Spark's error points to. */
  readonly fragment?: string;
}
