import { describe, expect, test } from "vitest";
import type { HistoryEvent, SequentialModel } from "./history-checker.ts";
import { findListAppendAnomaly, isLinearizable } from "./history-checker.ts";

type Op = { readonly kind: "append" | "overwrite"; readonly value: number } | { readonly kind: "read" };
type Result = "ok" | readonly number[];

const list: SequentialModel<readonly number[], Op, Result> = {
  initial: [],
  apply(state, op) {
    if (op.kind === "read") return { state, result: state };
    return { state: op.kind === "append" ? [...state, op.value] : [op.value], result: "ok" };
  },
};

const event = (op: Op, invokedAt: number, at: number, result: Result): HistoryEvent<Op, Result> => ({
  op,
  invokedAt,
  outcome: { kind: "returned", at, result },
});
const append = (value: number, from: number, to: number) => event({ kind: "append", value }, from, to, "ok");
const overwrite = (value: number, from: number, to: number) =>
  event({ kind: "overwrite", value }, from, to, "ok");
const read = (values: readonly number[], from: number, to: number) =>
  event({ kind: "read" }, from, to, values);
const lost = (value: number, from: number): HistoryEvent<Op, Result> => ({
  op: { kind: "append", value },
  invokedAt: from,
  outcome: { kind: "unknown" },
});

describe("good histories pass", () => {
  test.each([
    ["one after the other", [append(1, 0, 1), read([1], 2, 3), append(2, 4, 5), read([1, 2], 6, 7)]],
    ["two at once, either order", [append(1, 0, 5), append(2, 0, 5), read([2, 1], 6, 7)]],
    [
      "a read in between sees one of two",
      [append(1, 0, 9), append(2, 0, 9), read([2], 3, 4), read([2, 1], 10, 11)],
    ],
    [
      "an overwrite takes what was there",
      [append(1, 0, 1), overwrite(2, 2, 5), read([1], 3, 4), read([2], 6, 7)],
    ],
    ["an unknown append that landed", [lost(1, 0), read([1], 5, 6)]],
    ["an unknown append that did not land", [lost(1, 0), read([], 5, 6), append(2, 7, 8), read([2], 9, 10)]],
    ["an unknown append that landed late", [lost(1, 0), read([], 5, 6), read([1], 7, 8)]],
  ])("%s", (_, events) => expect(isLinearizable(list, events)).toBe(true));
});

describe("bad histories do not", () => {
  test.each([
    ["a lost append", [append(1, 0, 1), append(2, 2, 3), read([2], 4, 5)]],
    ["a doubled append", [append(1, 0, 1), read([1, 1], 2, 3)]],
    ["a stale read", [append(1, 0, 1), read([], 2, 3)]],
    ["a read from the future", [read([1], 0, 1), append(1, 2, 3)]],
    ["reads that go back", [append(1, 0, 9), read([1], 1, 2), read([], 3, 4)]],
    ["two orders", [append(1, 0, 9), append(2, 0, 9), read([1], 1, 2), read([2, 1], 10, 11)]],
    ["a mixture of two overwrites", [overwrite(1, 0, 1), overwrite(2, 2, 3), read([1, 2], 4, 5)]],
    [
      "an overwritten row that comes back",
      [append(1, 0, 1), overwrite(2, 2, 3), read([2], 4, 5), read([1, 2], 6, 7)],
    ],
    ["an unknown append that landed and went", [lost(1, 0), read([1], 1, 2), read([], 3, 4)]],
  ])("%s", (_, events) => expect(isLinearizable(list, events)).toBe(false));
});

describe("list-append anomalies are named", () => {
  const done = (value: number, invokedAt: number, acknowledgedAt?: number) => ({
    value,
    invokedAt,
    acknowledgedAt,
  });
  const saw = (values: readonly number[], invokedAt: number, returnedAt: number) => ({
    values,
    invokedAt,
    returnedAt,
  });
  test("none in a good history", () => {
    const appends = [done(1, 0, 1), done(2, 2, 9), done(3, 3, 8), done(4, 5)];
    expect(
      findListAppendAnomaly(appends, [saw([1], 2, 3), saw([1, 3], 4, 7), saw([1, 3, 2], 10, 11)]),
    ).toBeUndefined();
  });
  test.each([
    ["twice", [done(1, 0, 1)], [saw([1, 1], 2, 3)]],
    ["nobody appended", [done(1, 0, 1)], [saw([1, 5], 2, 3)]],
    ["disagree", [done(1, 0, 9), done(2, 0, 9)], [saw([1], 1, 2), saw([2, 1], 3, 4)]],
    ["misses 1", [done(1, 0, 1), done(2, 0, 1)], [saw([2], 2, 3)]],
    ["comes before", [done(1, 0, 1), done(2, 2, 3)], [saw([2, 1], 4, 5)]],
    ["shows less", [done(1, 0), done(2, 0)], [saw([1, 2], 1, 2), saw([1], 3, 4)]],
    ["before it was appended", [done(1, 5, 6)], [saw([1], 1, 2)]],
  ])("%s", (words, appends, reads) => {
    expect(findListAppendAnomaly(appends as never, reads)).toContain(words);
  });
});
