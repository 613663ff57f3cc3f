import { describe, expect, it } from "vitest";
import { flattenPlan, unflattenPlan } from "../plan/flat.ts";
import { foreachNode } from "../plan/traverse.ts";
import { parseExpression, parseStatement, parseStatements } from "./parse.ts";

const DEEP = 2000;
const LONG = 10_000;

function nested(before: string, inner: string, after: string, depth = DEEP): string {
  return before.repeat(depth) + inner + after.repeat(depth);
}

function chain(item: string, operator: string): string {
  return Array.from({ length: LONG }, () => item).join(` ${operator} `);
}

const EXPRESSIONS: Readonly<Record<string, string>> = {
  brackets: nested("(", "1", ")"),
  calls: nested("f(a, ", "1", ")"),
  CASE: nested("case when a then ", "1", " end"),
  CAST: nested("cast(", "1", " as int)"),
  "unary minus": nested("- ", "a", ""),
  NOT: nested("not ", "a", ""),
  subscripts: nested("a[", "1", "]"),
  lambdas: nested("f(x -> ", "x", ")"),
  IN: nested("a in (", "1", ")"),
  BETWEEN: nested("a between (", "1", ") and 2"),
  rows: nested("(1, ", "1", ")"),
  AND: chain("a = 1", "and"),
  OR: chain("a", "or"),
  "+": chain("a", "+"),
  "||": chain("a", "||"),
  fields: `a${".b".repeat(LONG)}`,
  casts: `a${"::int".repeat(LONG)}`,
  "subqueries, some hundreds": nested("(select ", "1", ")", 300),
  "EXISTS, some hundreds": nested("exists(select 1 where ", "true", ")", 300),
};

describe("depth costs neither the stack nor the square of the time", () => {
  for (const [what, sql] of Object.entries(EXPRESSIONS)) {
    it(what, () => {
      let nodes = 0;
      foreachNode(parseExpression(sql), () => nodes++);
      // Brackets and fields add no nodes of their own.
      expect(nodes).toBeGreaterThan(what === "brackets" || what === "fields" ? 0 : 299);
    });
  }

  const STATEMENTS: Readonly<Record<string, string>> = {
    "UNION ALL": chain("select 1", "union all"),
    joins: `select * from t${" join t on a = b".repeat(LONG)}`,
    "comma joins": `select * from ${chain("t", ",")}`,
    pipes: `table t${" |> where a".repeat(LONG)}`,
    rows: `values ${chain("(1, 'a')", ",")}`,
    "subqueries in FROM": `select * from ${nested("(select * from ", "t", ")", 300)}`,
    "brackets around a query": nested("(", "select 1", ")", 300),
    "brackets around joins": `select * from ${nested("(", "a join b", ")", 300)}`,
    "common tables": nested("with a as (", "select 1", ") select 1", 300),
  };
  for (const [what, sql] of Object.entries(STATEMENTS)) {
    it(what, () => {
      const plan = parseStatement(sql);
      expect(unflattenPlan(flattenPlan(plan))).toMatchObject({ kind: plan.kind });
    });
  }

  it("a script of 10,000 lines", () => {
    const line = "select a, b + 1 from t where x = 1;\n";
    expect(parseStatements(line.repeat(LONG))).toHaveLength(LONG);
    const script = parseStatement(`begin\n${line.repeat(LONG)}end`);
    expect(script).toMatchObject({ kind: "CompoundStatement", body: { length: LONG } });
  });

  it("what is too deep all the same is refused as Spark refuses it", () => {
    const error = expect(() => parseStatement(nested("(select ", "1", ")", 100_000)));
    error.toThrow("FAILED_TO_PARSE_TOO_COMPLEX");
  });
});
