import type { WireError } from "../errors/wire-error.ts";

/** A function as it travels: its text, or where a module exports it. */
export type ShippedFunction =
  | { readonly source: string }
  | { readonly module: string; readonly name: string };

/** What a function that runs in a worker is given after its own arguments. */
export interface TaskContext {
  /** Fires when the task is aborted or has taken too long; who does not heed it is ended with its worker. */
  readonly signal: AbortSignal;
  /** The number of the worker, from 0. */
  readonly worker: number;
}

/** An error crosses as itself where it can be cloned, so that what was thrown arrives. */
export type TaskOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: WireError }
  | { readonly ok: false; readonly thrown: unknown; readonly name: string | undefined };

/** What the task worker answers to, over Comlink. */
export interface TaskWorkerApi {
  hello(): Promise<void>;
  run(id: number, what: ShippedFunction, args: readonly unknown[], worker: number): Promise<TaskOutcome>;
  abort(id: number): Promise<void>;
}
