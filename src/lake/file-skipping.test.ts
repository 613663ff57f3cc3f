import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DataType } from "../types/data-type.ts";
import {
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  field,
  LONG,
  STRING,
  struct,
  TIMESTAMP,
} from "../types/data-type.ts";
import type { AddFile } from "./actions.ts";
import { stringifyExactJson } from "./exact-json.ts";
import type { FilePredicate, PredicateValue } from "./file-predicate.ts";
import { FileFilter, partitionVerdict } from "./file-skipping.ts";
import { compareUtf8 } from "./typed-values.ts";

const SCHEMA = struct([
  field("l", LONG),
  field("d", DOUBLE),
  field("s", STRING),
  field("t", TIMESTAMP),
  field("day", DATE),
  field("m", decimal(12, 2)),
  field("b", BOOLEAN),
  field("r", struct([field("x", LONG)])),
]);
const TABLE = { schema: SCHEMA, partitionColumns: [] as string[], configuration: {} };

function fileWith(stats: unknown, partitionValues: Record<string, string | null> = {}): AddFile {
  return {
    path: "f",
    partitionValues,
    size: 1,
    modificationTime: 0,
    dataChange: true,
    stats: stringifyExactJson(stats),
  };
}

function mayMatch(stats: unknown, predicate: FilePredicate): boolean {
  return new FileFilter(TABLE, predicate).mayMatch(fileWith(stats));
}

type Operator = "=" | "<=>" | "!=" | "<" | "<=" | ">" | ">=";
const compare = (column: string, operator: Operator, value: PredicateValue): FilePredicate => ({
  kind: "compare",
  column: [column],
  operator,
  value,
});

describe("a file is skipped when its bounds rule it out", () => {
  const stats = {
    numRecords: 3,
    minValues: { l: 10, s: "b", t: "2024-01-01T00:00:00.500Z", day: "2024-01-10", m: 1.25, r: { x: 5 } },
    maxValues: { l: 20, s: "d", t: "2024-01-01T00:00:01.000Z", day: "2024-01-20", m: 2.5, r: { x: 7 } },
    nullCount: { l: 0, s: 1, t: 0, day: 3, m: 0, r: { x: 0 } },
  };
  const micros = (iso: string): number => Date.parse(iso) * 1000;
  test.each<[FilePredicate, boolean]>([
    [compare("l", "=", 9), false],
    [compare("L", "=", 10), true],
    [compare("l", ">", 20), false],
    [compare("l", ">=", 20), true],
    [compare("l", "<", 10), false],
    [compare("l", "<=", 10n), true],
    [compare("l", "=", null), false],
    [compare("l", "<=>", null), false],
    [compare("s", "<=>", null), true],
    [{ kind: "isNull", column: ["l"] }, false],
    [{ kind: "isNull", column: ["s"] }, true],
    [{ kind: "isNotNull", column: ["day"] }, false],
    [compare("day", "=", 19732), false],
    [compare("s", "=", "a"), false],
    [compare("s", "=", "c"), true],
    [{ kind: "startsWith", column: ["s"], prefix: "e" }, false],
    [{ kind: "startsWith", column: ["s"], prefix: "bb" }, true],
    [{ kind: "startsWith", column: ["s"], prefix: "a" }, false],
    // The largest value was cut to milliseconds.
    [compare("t", ">", micros("2024-01-01T00:00:01.000Z") + 998), true],
    [compare("t", ">", micros("2024-01-01T00:00:01.000Z") + 999), false],
    [compare("t", "<", micros("2024-01-01T00:00:00.500Z")), false],
    [compare("m", "=", "2.51"), false],
    [compare("m", "=", "2.50"), true],
    [{ kind: "compare", column: ["r", "X"], operator: ">", value: 7 }, false],
    [{ kind: "compare", column: ["r", "x"], operator: ">", value: 6 }, true],
    [{ kind: "in", column: ["l"], values: [1, 2, null] }, false],
    [{ kind: "in", column: ["l"], values: [1, 12] }, true],
    [{ kind: "or", children: [compare("l", "=", 1), compare("s", "=", "c")] }, true],
    [{ kind: "and", children: [compare("l", "=", 12), compare("s", "=", "z")] }, false],
    [{ kind: "never" }, false],
    // What is not known rules nothing out.
    [compare("nope", "=", 1), true],
    [compare("d", "=", 1), true],
    [compare("b", "=", true), true],
    [compare("l", "!=", 10), true],
  ])("case %#", (predicate, expected) => expect(mayMatch(stats, predicate)).toBe(expected));
});

test("files without statistics, or with broken ones, are never skipped", () => {
  const filter = new FileFilter(TABLE, compare("l", "=", 1));
  for (const stats of [undefined, "", "{", "null", '"x"', "{}", '{"minValues":[1]}']) {
    const { stats: _, ...file } = fileWith({});
    expect(filter.mayMatch(stats === undefined ? file : { ...file, stats })).toBe(true);
  }
});

test("NaN is above every bound", () => {
  const stats = { numRecords: 2, minValues: { d: 1 }, maxValues: { d: 2 }, nullCount: { d: 0 } };
  expect(mayMatch(stats, compare("d", ">", 100))).toBe(true);
  expect(mayMatch(stats, compare("d", "=", 100))).toBe(false);
  expect(mayMatch(stats, compare("d", "<", 1))).toBe(false);
});

const SEED = Number(process.env.LAKELET_SEED ?? Date.now() % 2 ** 31);

interface TypedColumn {
  readonly name: string;
  readonly type: DataType;
  readonly values: fc.Arbitrary<number | string | bigint>;
  /** As a writer puts it in the statistics. */
  readonly min: (v: number | string | bigint) => unknown;
  readonly max: (v: number | string | bigint) => unknown;
}

const COLUMNS: readonly TypedColumn[] = [
  {
    name: "l",
    type: LONG,
    values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    min: (v) => v,
    max: (v) => v,
  },
  {
    name: "d",
    type: DOUBLE,
    values: fc.double({ noNaN: true, noDefaultInfinity: true }),
    min: (v) => v,
    max: (v) => v,
  },
  {
    name: "s",
    type: STRING,
    values: fc.string({ unit: "grapheme", maxLength: 40 }),
    min: (v) => [...String(v)].slice(0, 32).join(""),
    max: (v) => ([...String(v)].length > 32 ? `${[...String(v)].slice(0, 32).join("")}\u{10ffff}` : v),
  },
  {
    name: "t",
    type: TIMESTAMP,
    values: fc.integer({ min: -(10 ** 15), max: 10 ** 15 }),
    min: (v) => new Date(Math.floor(Number(v) / 1000)).toISOString(),
    max: (v) => new Date(Math.floor(Number(v) / 1000)).toISOString(),
  },
];

test(`a row that matches is never skipped (LAKELET_SEED=${SEED})`, () => {
  for (const column of COLUMNS) {
    const order = (a: number | string | bigint, b: number | string | bigint): number =>
      typeof a === "string" || typeof b === "string"
        ? compareUtf8(String(a), String(b))
        : a < b
          ? -1
          : a > b
            ? 1
            : 0;
    fc.assert(
      fc.property(
        fc.array(fc.option(column.values, { freq: 4 }), { minLength: 1, maxLength: 6 }),
        column.values,
        fc.constantFrom<Operator>("=", "<=>", "!=", "<", "<=", ">", ">="),
        (rows, wanted, operator) => {
          const values = rows.filter((v) => v !== null);
          const sorted = [...values].sort(order);
          const [first, last] = [sorted[0], sorted[sorted.length - 1]];
          const stats = {
            numRecords: rows.length,
            minValues: first === undefined ? {} : { [column.name]: column.min(first) },
            maxValues: last === undefined ? {} : { [column.name]: column.max(last) },
            nullCount: { [column.name]: rows.length - values.length },
          };
          const holds = (v: number | string | bigint): boolean => {
            const o = order(v, wanted);
            return {
              "=": o === 0,
              "<=>": o === 0,
              "!=": o !== 0,
              "<": o < 0,
              "<=": o <= 0,
              ">": o > 0,
              ">=": o >= 0,
            }[operator];
          };
          if (values.some(holds)) expect(mayMatch(stats, compare(column.name, operator, wanted))).toBe(true);
          const prefix = String(wanted).slice(0, 2);
          if (column.type === STRING && values.some((v) => String(v).startsWith(prefix))) {
            expect(mayMatch(stats, { kind: "startsWith", column: [column.name], prefix })).toBe(true);
          }
        },
      ),
      { numRuns: 300, seed: SEED },
    );
  }
});

test("strings compare by their UTF-8 bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

describe("partition values decide for the whole file", () => {
  const table = { ...TABLE, partitionColumns: ["l", "s"] };
  const file = (l: string | null, s: string | null): AddFile => fileWith({}, { l, s });
  test.each<[FilePredicate, AddFile, boolean | undefined]>([
    [compare("l", "=", 5), file("5", "x"), true],
    [compare("l", "=", 5), file("6", "x"), false],
    [compare("l", "!=", 5), file(null, "x"), false],
    [compare("l", "<=>", null), file("", "x"), true],
    [{ kind: "in", column: ["s"], values: ["x", null] }, file("5", "x"), true],
    [{ kind: "and", children: [compare("l", "=", 5), compare("d", "=", 1)] }, file("5", "x"), undefined],
    [{ kind: "and", children: [compare("l", "=", 6), compare("d", "=", 1)] }, file("5", "x"), false],
    [{ kind: "or", children: [compare("l", "=", 5), compare("d", "=", 1)] }, file("5", "x"), true],
  ])("%j", (predicate, add, expected) => expect(partitionVerdict(table, predicate, add)).toBe(expected));
});
