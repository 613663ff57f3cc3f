import type { Expression } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type { ObservedMetrics, SessionBackend } from "./backend.ts";

/** Key of what the public classes hold for one another. Not part of the API. */
export const INTERNAL: unique symbol = Symbol.for("lakelet.internal");

/**
 * What a plan or an expression needs beyond its plain nodes. DataFrames and Columns pass theirs on to whatever is
 * derived from them; the session deals with them when an action runs.
 */
export type Attachment =
  /** A place in the plan that is filled when an action runs: a File to register, columns to ask for. */
  | { readonly kind: "deferred"; readonly placeholder: Relation; resolve(): Promise<Relation> }
  /** Another DataFrame that a column refers to by plan id (a subquery). */
  | { readonly kind: "subquery"; readonly plan: Relation }
  /** A user's function that the session must know under its id. */
  | { readonly kind: "function"; readonly id: string; register(backend: SessionBackend): Promise<void> }
  /** Told what was observed when an action that computes it has run. */
  | {
      readonly kind: "observation";
      readonly name: string;
      settle(metrics: ObservedMetrics): void;
      fail(cause: unknown): void;
    }
  /** Runs before an action: the outcome of the command that the plan rests on. */
  | { readonly kind: "prerequisite"; ready(): Promise<void> };

export type Attachments = readonly Attachment[];

export const NO_ATTACHMENTS: Attachments = [];

/** The attachments of several parts, each once. */
export function mergeAttachments(...parts: readonly Attachments[]): Attachments {
  const filled = parts.filter((part) => part.length > 0);
  if (filled.length === 0) return NO_ATTACHMENTS;
  if (filled.length === 1) return filled[0] as Attachments;
  return [...new Set(filled.flat())];
}

export interface ColumnState {
  readonly expression: Expression;
  readonly attachments: Attachments;
}

let lastPlanId = 0;

/** Numbers the relations of this realm, so that `df.col("x")` can say which DataFrame it means. */
export function nextPlanId(): number {
  return lastPlanId++;
}

let lastLambdaId = 0;

/** `x_0`, `y_1`, ...: names of lambda variables that no other lambda has. */
export function freshLambdaName(name: string): string {
  return `${name}_${lastLambdaId++}`;
}
