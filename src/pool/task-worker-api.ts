import type { CrossedError } from "./error-crossing.ts";

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

export type TaskOutcome =
  | { readonly ok: true; readonly value: unknown }
  | ({ readonly ok: false } & CrossedError);

/** What the task worker answers to, over Comlink. */
export interface TaskWorkerApi {
  hello(): Promise<void>;
  run(id: number, what: ShippedFunction, args: readonly unknown[], worker: number): Promise<TaskOutcome>;
  abort(id: number): Promise<void>;
}
