/** What one caller saw of one operation. Times are ticks of one clock that all callers share. */
export interface HistoryEvent<Op, Result> {
  readonly op: Op;
  readonly invokedAt: number;
  readonly outcome:
    | { readonly kind: "returned"; readonly at: number; readonly result: Result }
    /** Nobody knows whether it took effect, or when: its caller died or was told so. */
    | { readonly kind: "unknown" };
}

/** How the thing under test behaves when operations come one after the other. */
export interface SequentialModel<State, Op, Result> {
  readonly initial: State;
  apply(state: State, op: Op): { readonly state: State; readonly result: Result };
}

/**
 * Whether the events can be put in one order that respects real time and in which each returned what it returned
 * (linearizability, which for single operations is strict serializability). Searches all orders, so it is for short
 * histories; states and results are compared as JSON.
 */
export function isLinearizable<State, Op, Result>(
  model: SequentialModel<State, Op, Result>,
  events: readonly HistoryEvent<Op, Result>[],
): boolean {
  const all = (1n << BigInt(events.length)) - 1n;
  const certain = events.reduce(
    (mask, e, i) => (e.outcome.kind === "returned" ? mask | (1n << BigInt(i)) : mask),
    0n,
  );
  const seen = new Set<string>();
  const pending: { readonly done: bigint; readonly state: State }[] = [{ done: 0n, state: model.initial }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { done, state } = next;
    // Events of unknown outcome may have had no effect at all.
    if ((done & certain) === certain) return true;
    const key = `${done}${JSON.stringify(state)}`;
    if (done !== all && seen.has(key)) continue;
    seen.add(key);
    const deadline = earliestReturn(events, done);
    for (const [i, event] of events.entries()) {
      if ((done & (1n << BigInt(i))) !== 0n || event.invokedAt > deadline) continue;
      const step = model.apply(state, event.op);
      const fits =
        event.outcome.kind === "unknown" ||
        JSON.stringify(step.result) === JSON.stringify(event.outcome.result);
      if (fits) pending.push({ done: done | (1n << BigInt(i)), state: step.state });
    }
  }
  return false;
}

/** What was invoked after this cannot come next: another operation had returned by then. */
function earliestReturn(events: readonly HistoryEvent<unknown, unknown>[], done: bigint): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const [i, { outcome }] of events.entries()) {
    if ((done & (1n << BigInt(i))) === 0n && outcome.kind === "returned")
      earliest = Math.min(earliest, outcome.at);
  }
  return earliest;
}

export interface AppendEvent {
  readonly value: number;
  readonly invokedAt: number;
  /** undefined: not acknowledged. */
  readonly acknowledgedAt: number | undefined;
}

export interface ReadEvent {
  readonly values: readonly number[];
  readonly invokedAt: number;
  readonly returnedAt: number;
}

/**
 * Checks a long history of appends of unique values to one list, in the manner of Elle: says what is wrong with it, or
 * nothing. The list's order is what the longest read shows.
 */
export function findListAppendAnomaly(
  appends: readonly AppendEvent[],
  reads: readonly ReadEvent[],
): string | undefined {
  const byValue = new Map(appends.map((append) => [append.value, append]));
  const longest = reads.reduce<readonly number[]>((a, r) => (r.values.length > a.length ? r.values : a), []);
  const position = new Map(longest.map((value, i) => [value, i]));
  for (const read of reads) {
    if (new Set(read.values).size !== read.values.length)
      return `a read shows a value twice: ${read.values.join()}`;
    for (const [i, value] of read.values.entries()) {
      if (!byValue.has(value)) return `a read shows ${value}, which nobody appended`;
      if (longest[i] !== value) return `two reads disagree on the order at ${i}: ${longest[i]} and ${value}`;
      if ((byValue.get(value) as AppendEvent).invokedAt > read.returnedAt) {
        return `a read shows ${value} before it was appended`;
      }
    }
  }
  for (const append of appends) {
    if (append.acknowledgedAt === undefined) continue;
    for (const read of reads) {
      if (read.invokedAt > append.acknowledgedAt && !read.values.includes(append.value)) {
        return `a read misses ${append.value}, which was acknowledged before`;
      }
    }
    for (const later of appends) {
      const [a, b] = [position.get(append.value), position.get(later.value)];
      if (later.invokedAt > append.acknowledgedAt && a !== undefined && b !== undefined && a > b) {
        return `${later.value} comes before ${append.value}, though it was appended after that was acknowledged`;
      }
    }
  }
  const inOrder = [...reads].sort((a, b) => a.invokedAt - b.invokedAt);
  for (const [i, read] of inOrder.entries()) {
    for (const later of inOrder.slice(i + 1)) {
      if (later.invokedAt > read.returnedAt && later.values.length < read.values.length) {
        return "a later read shows less than an earlier one";
      }
    }
  }
  return undefined;
}
