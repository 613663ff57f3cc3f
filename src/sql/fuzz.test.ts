import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ParseException, PySparkException } from "../errors/spark-error.ts";
import { tokenize } from "./lexer.ts";
import { parseExpression, parseStatement, parseStatements } from "./parse.ts";
import { KEYWORDS } from "./tokens.ts";

/** `LAKELET_FUZZ_RUNS=100000` for the long run; `LAKELET_FUZZ_SEED` to repeat one. */
const runs = Number(process.env.LAKELET_FUZZ_RUNS ?? 3000);
const seed = Number(process.env.LAKELET_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Most texts take microseconds; this leaves room for a busy machine. */
const LIMIT_MS = 1000;

const { statements } = JSON.parse(
  readFileSync(new URL("../../e2e/spark/parser/inputs.json", import.meta.url), "utf8"),
) as { readonly statements: readonly (string | { readonly sql: string })[] };
const corpus = statements.map((s) => (typeof s === "string" ? s : s.sql));

const name = fc.constantFrom(
  "a",
  "b",
  "t",
  "x1",
  "`q r`",
  "order",
  "select",
  "left",
  "date",
  "timestamp",
  "é",
  "from",
);
const number = fc.constantFrom("1", "0", "1.5", ".5", "1e3", "2L", "3Y", "4.0BD", "5F", "99999999999", "1.");
const text = fc.constantFrom(
  "'x'",
  "'it''s'",
  "r'\\d'",
  '"d"',
  "'a' 'b'",
  "'\\u0041'",
  "X'1F'",
  "date '2020-01-01'",
);

const { expression, query } = fc.letrec<{ expression: string; query: string; relation: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    name,
    number,
    text,
    fc.constantFrom(
      "null",
      "true",
      "*",
      "t.*",
      "interval 1 day",
      "interval '1-2' year to month",
      ":p",
      "?",
      "current_date",
    ),
    fc
      .tuple(
        tie("expression"),
        fc.constantFrom(
          "+",
          "-",
          "*",
          "/",
          "%",
          "||",
          "&",
          "|",
          "^",
          "=",
          "<>",
          "<=>",
          "<",
          ">=",
          "and",
          "or",
          "div",
          "<<",
        ),
        tie("expression"),
      )
      .map((parts) => parts.join(" ")),
    fc.tuple(fc.constantFrom("-", "+", "~", "not", "!"), tie("expression")).map((parts) => parts.join(" ")),
    tie("expression").map((e) => `(${e})`),
    fc
      .tuple(name, fc.array(tie("expression"), { maxLength: 3 }))
      .map(([f, args]) => `${f}(${args.join(", ")})`),
    fc
      .tuple(
        tie("expression"),
        fc.constantFrom(
          "is null",
          "is not true",
          "in (1, 2)",
          "not like 'x%'",
          "between 1 and 2",
          "[0]",
          ".b",
          "::int",
        ),
      )
      .map((parts) => parts.join(" ")),
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => `case when ${a} then ${b} else 0 end`),
    tie("expression").map((e) => `cast(${e} as array<decimal(10, 2)>)`),
    fc.tuple(name, tie("expression")).map(([v, e]) => `f(${v} -> ${e})`),
    tie("expression").map(
      (e) => `sum(${e}) over (partition by a order by b rows between 1 preceding and current row)`,
    ),
    tie("query").map((q) => `(${q})`),
    tie("query").map((q) => `exists (${q})`),
  ),
  relation: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    name,
    fc.tuple(name, name).map((parts) => parts.join(" as ")),
    fc
      .tuple(
        tie("relation"),
        fc.constantFrom("join", "left join", "natural join", "cross join", "semi join"),
        tie("relation"),
      )
      .map((parts) => parts.join(" ")),
    tie("query").map((q) => `(${q}) s(c)`),
    tie("expression").map((e) => `values (${e}), (1) as v(c)`),
    tie("expression").map((e) => `range(${e})`),
  ),
  query: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.array(tie("expression"), { minLength: 1, maxLength: 3 }).map((list) => `select ${list.join(", ")}`),
    fc
      .tuple(tie("expression"), name, tie("relation"), tie("expression"))
      .map(([e, alias, r, w]) => `select ${e} ${alias} from ${r} where ${w}`),
    fc
      .tuple(tie("expression"), tie("relation"), tie("expression"))
      .map(([e, r, g]) => `select ${e} from ${r} group by ${g} having count(*) > 1 order by 1 desc limit 5`),
    fc
      .tuple(tie("query"), fc.constantFrom("union", "intersect all", "except"), tie("query"))
      .map((parts) => parts.join(" ")),
    fc.tuple(name, tie("query"), tie("query")).map(([n, a, b]) => `with ${n} as (${a}) ${b}`),
    fc.tuple(tie("relation"), tie("expression")).map(([r, e]) => `from ${r} |> where ${e} |> limit 1`),
  ),
}));

/** A text's pieces with some taken out, doubled, swapped, cut off or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(6),
        fc.nat(),
        fc.constantFrom(...KEYWORDS, ..."(),.;*+-/|<>=[]:?'\"`".split("")),
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  )
  .map(([sql, edits]) =>
    edits.reduce((current, [where, kind, other, word]) => edit(current, where, kind, other, word), sql),
  );

function edit(sql: string, where: number, kind: number, other: number, word: string): string {
  const { starts, ends } = tokenize(sql);
  const at = where % starts.length;
  const [start, end] = [starts[at] as number, ends[at] as number];
  switch (kind) {
    case 0:
      return sql.slice(0, start) + sql.slice(end);
    case 1:
      return `${sql.slice(0, end)} ${sql.slice(start)}`;
    case 2:
      return `${sql.slice(0, start)}${word} ${sql.slice(start)}`;
    case 3:
      return `${sql.slice(0, start)}${word}${sql.slice(end)}`;
    case 4:
      return sql.slice(0, start);
    case 5:
      return sql.slice(0, start) + String.fromCharCode(other % 0x3000) + sql.slice(start);
    default: {
      const to = other % starts.length;
      return sql.slice(0, end) + sql.slice(starts[to], ends[to]) + sql.slice(end);
    }
  }
}

function check(sql: string): void {
  for (const parse of [parseStatement, parseStatements, parseExpression]) {
    const start = performance.now();
    try {
      parse(sql);
    } catch (error) {
      // What is wrong with a type or a number is another exception of Spark's.
      if (!(error instanceof ParseException) && !(error instanceof PySparkException)) throw error;
      expect(error.getCondition()).toMatch(/^[A-Z_0-9.]+$/);
      const unfilled = /no text for|<[a-z][a-zA-Z]*>/.exec(error.message)?.[0];
      if (unfilled !== undefined && !sql.includes(unfilled))
        throw new Error(`${unfilled} in ${error.message}`);
    }
    expect(performance.now() - start).toBeLessThan(LIMIT_MS);
  }
}

it(`a plan or Spark's error, whatever the text (seed ${seed})`, { timeout: 600_000 }, () => {
  const texts = fc.oneof(expression, query, mutated, fc.string({ unit: "binary", maxLength: 40 }));
  fc.assert(fc.property(texts, check), { numRuns: runs, seed });
});
