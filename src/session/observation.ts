import { PySparkAssertionError, PySparkValueError } from "../errors/spark-error.ts";
import type { Literal } from "../plan/expression.ts";
import type { CollectMetrics, Relation } from "../plan/relation.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { ObservedMetrics } from "./backend.ts";
import type { Column } from "./column.ts";
import { type Attachments, INTERNAL, NO_ATTACHMENTS } from "./internal.ts";
import { literalValue } from "./literal-value.ts";

interface ObservationState {
  name: string | undefined;
  isUsed: boolean;
  readonly result: PromiseWithResolvers<Record<string, unknown>>;
}

/**
 * Aggregates that are computed on the way of an action: give it to `DataFrame.observe`, run an action, then ask `get`.
 *
 * @example
 * ```ts
 * import { Observation } from "lakelet";
 * const seen = new Observation("seen");
 * await df.observe(seen, F.count(F.lit(1)).alias("rows"), F.max("age").alias("oldest")).collect();
 * console.log(await seen.get);
 * ```
 */
export class Observation {
  /** @internal */
  readonly [INTERNAL]: ObservationState;

  /** Throws VALUE_NOT_NON_EMPTY_STR for an empty name. */
  constructor(name?: string) {
    if (name === "") {
      throw new PySparkValueError({
        condition: "VALUE_NOT_NON_EMPTY_STR",
        messageParameters: { arg_name: "name", arg_value: name },
      });
    }
    const result = withResolvers<Record<string, unknown>>();
    // A failure nobody asks for is the action's own, which has told it already.
    result.promise.catch(() => {});
    this[INTERNAL] = { name, isUsed: false, result };
  }

  /** The aggregates by name, once an action has computed them. Throws NO_OBSERVE_BEFORE_GET before `observe`. */
  get get(): Promise<Record<string, unknown>> {
    const state = this[INTERNAL];
    return state.isUsed
      ? state.result.promise
      : Promise.reject(new PySparkAssertionError({ condition: "NO_OBSERVE_BEFORE_GET" }));
  }
}

/** The relation that observes, and who is to be told. */
export function observedRelation(
  input: Relation,
  observation: Observation | string,
  exprs: readonly Column[],
): { readonly node: Omit<CollectMetrics, "planId">; readonly attachments: Attachments } {
  const metrics = exprs.map((column) => column[INTERNAL].expression);
  if (typeof observation === "string") {
    return {
      node: { kind: "CollectMetrics", input, name: observation, metrics },
      attachments: NO_ATTACHMENTS,
    };
  }
  const state = observation[INTERNAL];
  if (state.isUsed) throw new PySparkAssertionError({ condition: "REUSE_OBSERVATION" });
  state.isUsed = true;
  const name = state.name ?? randomUuid();
  state.name = name;
  const settle = ({ keys, values }: ObservedMetrics): void =>
    state.result.resolve(Object.fromEntries(keys.map((key, i) => [key, literalValue(values[i] as Literal)])));
  return {
    node: { kind: "CollectMetrics", input, name, metrics },
    attachments: [{ kind: "observation", name, settle, fail: (cause) => state.result.reject(cause) }],
  };
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: PromiseWithResolvers<T>["resolve"];
  let reject!: PromiseWithResolvers<T>["reject"];
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
  readonly reject: (reason?: unknown) => void;
}
