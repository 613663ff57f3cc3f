import type { WireError } from "./wire-errors.ts";

/** The calls that travel as they are. */
export type PlainCall =
  | "read"
  | "openBlob"
  | "writeNew"
  | "putIfAbsent"
  | "writeHint"
  | "stat"
  | "list"
  | "listDirectories"
  | "remove"
  | "removeDirectory";

/** From the realm that uses a storage to the one that has it. */
export type Request =
  | { readonly op: "call"; readonly id: number; readonly call: PlainCall; readonly args: readonly unknown[] }
  | {
      readonly op: "acquire";
      readonly id: number;
      readonly name: string;
      readonly mode: "exclusive" | "shared" | "try";
    }
  /** Gives up waiting for, or gives back, the lock that request `id` asked for. */
  | { readonly op: "release"; readonly id: number }
  | { readonly op: "assertHeld"; readonly id: number; readonly lock: number }
  | { readonly op: "notify"; readonly topic: string };

export type Reply =
  | { readonly op: "value"; readonly id: number; readonly value: unknown }
  | { readonly op: "error"; readonly id: number; readonly error: WireError }
  | { readonly op: "topic"; readonly topic: string };

/** In Node a port keeps its process alive unless told otherwise; browsers have neither method. */
export interface Refable {
  ref?(): void;
  unref?(): void;
}
