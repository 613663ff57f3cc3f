import { describe, expect, it } from "vitest";
import type { Command } from "../plan/command.ts";
import type { Expression } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import {
  parseExpression,
  parseMultipartIdentifier,
  parseStatement,
  parseStatements,
  parseTableSchema,
} from "./parse.ts";

/** The plan without the places of its nodes. */
function plan(sql: string): Relation | Command {
  return JSON.parse(JSON.stringify(parseStatement(sql), withoutOrigin)) as Relation | Command;
}
function expr(sql: string): Expression {
  return JSON.parse(JSON.stringify(parseExpression(sql), withoutOrigin)) as Expression;
}
function withoutOrigin(key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return key === "origin" ? undefined : value;
}
const attribute = (...nameParts: string[]) => ({
  kind: "UnresolvedAttribute",
  unparsedIdentifier: nameParts.join("."),
  nameParts,
});
const call = (functionName: string, ...args: unknown[]) => ({
  kind: "UnresolvedFunction",
  functionName,
  arguments: args,
});
const int = (value: number) => ({ kind: "Literal", dataType: { kind: "integer" }, value });

describe("expressions as plan data", () => {
  it("binds operators as Spark does", () => {
    expect(expr("a + b * -c")).toEqual(
      call("+", attribute("a"), call("*", attribute("b"), call("negative", attribute("c")))),
    );
    expect(expr("a - b - c")).toEqual(call("-", call("-", attribute("a"), attribute("b")), attribute("c")));
    expect(expr("not a = b or c and d")).toEqual(
      call(
        "or",
        call("not", call("==", attribute("a"), attribute("b"))),
        call("and", attribute("c"), attribute("d")),
      ),
    );
    expect(expr("a | b ^ c & d << 1")).toEqual(
      call(
        "|",
        attribute("a"),
        call("^", attribute("b"), call("&", attribute("c"), call("<<", attribute("d"), int(1)))),
      ),
    );
  });

  it("builds chains of AND as balanced trees", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => attribute(name));
    expect(expr("a and b and c and d")).toEqual(call("and", call("and", a, b), call("and", c, d)));
  });

  it("negates what is written negated", () => {
    expect(expr("a != b")).toEqual(call("not", call("==", attribute("a"), attribute("b"))));
    expect(expr("a not between 1 and 2")).toEqual(
      call("not", call("between", attribute("a"), int(1), int(2))),
    );
    expect(expr("a is distinct from b")).toEqual(call("not", call("<=>", attribute("a"), attribute("b"))));
    expect(expr("a not like all ('x')")).toMatchObject(call("not_like_all", attribute("a"), {}));
  });

  it("tells parameters of lambdas from columns", () => {
    const variable = (name: string) => ({ kind: "UnresolvedNamedLambdaVariable", nameParts: [name] });
    expect(expr("f(x -> x + y)")).toEqual(
      call("f", {
        kind: "LambdaFunction",
        function: call("+", variable("x"), attribute("y")),
        arguments: [variable("x")],
      }),
    );
  });

  it("gives CASE with a value as comparisons", () => {
    expect(expr("case a when 1 then 2 else 3 end")).toEqual(
      call("when", call("==", attribute("a"), int(1)), int(2), int(3)),
    );
  });

  it("keeps stars, subscripts and fields", () => {
    expect(expr("count(*)")).toEqual(call("count", { kind: "UnresolvedStar" }));
    expect(expr("t.* except (a, b.c)")).toEqual({
      kind: "UnresolvedStar",
      unparsedTarget: "t",
      except: [["a"], ["b", "c"]],
    });
    expect(expr("f(a)[0].b")).toMatchObject({
      kind: "UnresolvedExtractValue",
      child: { kind: "UnresolvedExtractValue", extraction: int(0) },
      extraction: { kind: "Literal", value: "b" },
    });
    expect(expr("a:b.c[0]['d']")).toMatchObject(
      call("semi_structured_extract", attribute("a"), { value: '$.b.c[0]["d"]' }),
    );
  });

  it("marks what belongs to aggregates and windows", () => {
    expect(
      expr(
        "sum(distinct a) filter (where b) over (partition by c order by d desc nulls last rows 1 preceding)",
      ),
    ).toEqual({
      kind: "Window",
      windowFunction: {
        kind: "AggregateFilter",
        aggregate: { ...call("sum", attribute("a")), isDistinct: true },
        condition: attribute("b"),
      },
      partitionSpec: [attribute("c")],
      orderSpec: [
        { kind: "SortOrder", child: attribute("d"), direction: "descending", nullOrdering: "last" },
      ],
      frameSpec: {
        frameType: "row",
        lower: { kind: "value", value: call("negative", int(1)) },
        upper: { kind: "currentRow" },
      },
    });
    expect(expr("first(a ignore nulls)")).toEqual({ ...call("first", attribute("a")), ignoreNulls: true });
  });

  it("puts the values of parameters where their markers stand", () => {
    const parameters = {
      namedParameters: { n: parseExpression("5"), s: parseExpression("'x%'") },
      positionalParameters: [parseExpression("1"), parseExpression("date '2020-01-01'")],
    };
    expect(parseStatement("select :n, interval :n day from t limit :n", parameters)).toMatchObject({
      kind: "Limit",
      limit: int(5),
      input: { expressions: [int(5), { value: 432_000_000_000n }] },
    });
    expect(parseStatement("show tables like :s", parameters)).toMatchObject({ pattern: "x%" });
    expect(parseStatement("select ?, ?", parameters)).toMatchObject({
      expressions: [int(1), { dataType: { kind: "date" } }],
    });
    expect(expr(":p + ?")).toEqual(
      call("+", { kind: "ParameterMarker", name: "p" }, { kind: "ParameterMarker", position: 0 }),
    );
  });
});

describe("queries as plan data", () => {
  it("stacks the clauses of SELECT", () => {
    expect(
      plan(
        "select distinct a, sum(b) s from t where c group by a having d qualify e order by s limit 1 offset 2",
      ),
    ).toMatchObject({
      kind: "Limit",
      input: {
        kind: "Offset",
        input: {
          kind: "Sort",
          isGlobal: true,
          input: {
            kind: "Deduplicate",
            input: {
              kind: "Qualify",
              input: {
                kind: "Having",
                input: {
                  kind: "Aggregate",
                  groupType: "groupby",
                  isSelectList: true,
                  input: { kind: "Filter", input: { kind: "ReadTable", nameParts: ["t"] } },
                },
              },
            },
          },
        },
      },
    });
  });

  it("gives INTERSECT precedence", () => {
    expect(plan("select 1 union select 2 intersect select 3 except all select 4")).toMatchObject({
      setOpType: "except",
      isAll: true,
      leftInput: { setOpType: "union", isAll: false, rightInput: { setOpType: "intersect" } },
    });
    expect(
      parseStatement("select 1 union select 2 intersect select 3", { legacySetOpsPrecedence: true }),
    ).toMatchObject({
      setOpType: "intersect",
    });
  });

  it("tells aliases from clauses by what follows", () => {
    expect(plan("select * from t where")).toMatchObject({ input: { kind: "SubqueryAlias", alias: "where" } });
    expect(plan("select * from t where where")).toMatchObject({
      input: { kind: "Filter", condition: attribute("where") },
    });
    expect(plan("select a limit")).toMatchObject({ expressions: [{ kind: "Alias", name: ["limit"] }] });
    expect(plan("select from from from")).toMatchObject({
      expressions: [attribute("from")],
      input: { nameParts: ["from"] },
    });
  });

  it("reads joins, lateral joins and the like", () => {
    expect(plan("select * from a left join b using (x), lateral (select 1) c")).toMatchObject({
      input: {
        kind: "LateralJoin",
        joinType: "inner",
        left: { kind: "Join", joinType: "leftOuter", usingColumns: ["x"] },
        right: { kind: "SubqueryAlias", alias: "c" },
      },
    });
    expect(plan("select * from t version as of 3 tablesample (10 percent) repeatable (4) x")).toMatchObject({
      input: {
        kind: "TableSample",
        method: { kind: "percent" },
        seed: 4,
        input: { kind: "SubqueryAlias", alias: "x", input: { kind: "ReadTable", version: { value: 3 } } },
      },
    });
    expect(plan("select * from values (1, 'a'), (2, 'b') as t(x, y)")).toMatchObject({
      input: {
        kind: "SubqueryAlias",
        alias: "t",
        input: { kind: "InlineTable", columnAliases: ["x", "y"], rows: [[int(1), {}], {}] },
      },
    });
    expect(plan("select * from (select 1)")).toMatchObject({
      input: { kind: "SubqueryAlias", alias: "__auto_generated_subquery_name" },
    });
    expect(plan("select * from parquet.`/a/b`")).toMatchObject({ input: { nameParts: ["parquet", "/a/b"] } });
  });

  it("reads pipes as the plans they stand for", () => {
    expect(plan("table t |> set a = 1 |> drop b |> aggregate sum(c) group by d as e |> as u")).toMatchObject({
      kind: "SubqueryAlias",
      alias: "u",
      input: {
        kind: "Aggregate",
        pipeClause: "AGGREGATE",
        groupingExpressions: [{ kind: "Alias", name: ["e"] }],
        input: {
          pipeClause: "DROP",
          expressions: [{ kind: "UnresolvedStar", except: [["b"]] }],
          input: { pipeClause: "SET", expressions: [{ kind: "UnresolvedStar", replace: [{ name: ["a"] }] }] },
        },
      },
    });
  });
});

describe("statements as plan data", () => {
  it("reads CREATE TABLE whole", () => {
    expect(
      plan(
        "create table if not exists db.t (a int not null comment 'x' default 1 + 1, b string generated always as (upper(c)), " +
          "constraint k primary key (a)) using delta partitioned by (a, bucket(3, b)) options (o = 1) comment 'c' " +
          "location '/l' tblproperties (p.q = 'v')",
      ),
    ).toMatchObject({
      kind: "CreateTable",
      name: ["db", "t"],
      mode: "createIfNotExists",
      columns: [
        { name: "a", dataType: { kind: "integer" }, nullable: false, comment: "x", defaultSql: "1 + 1" },
        { name: "b", generatedSql: "upper(c)" },
      ],
      constraints: [{ name: "k", type: "primaryKey", columns: ["a"] }],
      provider: "delta",
      partitioning: [attribute("a"), call("bucket", int(3), attribute("b"))],
      options: { o: "1" },
      comment: "c",
      location: "/l",
      properties: { "p.q": "v" },
    });
  });

  it("reads what changes rows", () => {
    expect(plan("insert overwrite t partition (a = 1, b) (c, d) select 1, 2")).toMatchObject({
      kind: "InsertInto",
      overwrite: true,
      partition: { a: int(1), b: null },
      columns: ["c", "d"],
    });
    expect(plan("with s as (select 1) insert into t by name select * from s")).toMatchObject({
      kind: "InsertInto",
      byName: true,
      query: { kind: "With" },
    });
    expect(plan("update t x set a = 1, b.c = default where d")).toMatchObject({
      kind: "UpdateTable",
      table: { kind: "SubqueryAlias", alias: "x" },
      assignments: [
        { key: attribute("a"), value: int(1) },
        { key: attribute("b", "c"), value: attribute("default") },
      ],
      condition: attribute("d"),
    });
    expect(
      plan(
        "merge into t using s on t.a = s.a when matched and b then delete when not matched then insert (a) values (s.a)",
      ),
    ).toMatchObject({
      kind: "MergeInto",
      matchedActions: [{ actionType: "delete", condition: attribute("b") }],
      notMatchedActions: [
        { actionType: "insert", assignments: [{ key: attribute("a"), value: attribute("s", "a") }] },
      ],
    });
  });

  it("reads changes of tables", () => {
    expect(plan("alter table t alter column a type bigint, b.c comment 'x'")).toMatchObject({
      kind: "AlterTable",
      name: ["t"],
      action: {
        type: "alterColumns",
        changes: [
          { column: ["a"], dataType: { kind: "long" } },
          { column: ["b", "c"], comment: "x" },
        ],
      },
    });
    expect(plan("alter table t add columns (a int after b)")).toMatchObject({
      action: { type: "addColumns", columns: [{ name: ["a"], position: { type: "after", column: "b" } }] },
    });
  });

  it("reads SET as Spark does, from the text", () => {
    expect(plan("set a.b = c d ")).toEqual({ kind: "SetConfig", key: "a.b", value: "c d" });
    expect(plan("set a.b = `c;d`")).toEqual({ kind: "SetConfig", key: "a.b", value: "c;d" });
    expect(plan("set -v")).toEqual({ kind: "SetConfig", verbose: true });
    expect(plan("set time zone interval '-3:30' hour to minute")).toMatchObject({
      key: "spark.sql.session.timeZone",
      value: "-03:30",
    });
    expect(plan("set var (a, b.c) = (select 1, 2)")).toMatchObject({
      kind: "SetVariable",
      targets: [["a"], ["b", "c"]],
    });
  });

  it("reads Delta's statements", () => {
    expect(plan("optimize db.t where a > 1 zorder by (b, c)")).toMatchObject({
      kind: "OptimizeTable",
      name: ["db", "t"],
      zorderBy: [["b"], ["c"]],
    });
    expect(plan("vacuum t retain 0 hours dry run")).toMatchObject({
      kind: "VacuumTable",
      retainHours: 0,
      dryRun: true,
    });
    expect(plan("restore table t to version as of 3")).toMatchObject({
      kind: "RestoreTable",
      version: int(3),
    });
    expect(plan("describe history t limit 5")).toMatchObject({
      kind: "DescribeHistory",
      name: ["t"],
      limit: 5,
    });
    expect(plan("create table a shallow clone b version as of 1")).toMatchObject({
      kind: "CloneTable",
      isShallow: true,
    });
  });

  it("keeps the texts of what is stored as text", () => {
    expect(plan("create view v as\n  select 1 -- one\n  + 2")).toMatchObject({
      queryText: "select 1 -- one\n  + 2",
    });
    expect(plan("create function f(a int default 1 + 1) returns int return a + 1")).toMatchObject({
      kind: "CreateFunction",
      parameters: [{ name: "a", defaultSql: "1 + 1" }],
      returns: { type: "scalar", dataType: { kind: "integer" } },
      bodyText: "a + 1",
      body: { type: "expression" },
    });
  });

  it("reads scripts", () => {
    expect(
      plan(
        "begin declare x int default 1; l: while x < 5 do set x = x + 1; if x = 3 then leave l; end if; end while l; select x; end",
      ),
    ).toMatchObject({
      kind: "CompoundStatement",
      body: [
        { kind: "SqlStep", statement: { kind: "DeclareVariable", names: [["x"]], defaultSql: "1" } },
        {
          kind: "WhileStatement",
          label: "l",
          body: [
            { kind: "SqlStep", statement: { kind: "SetVariable" }, text: "set x = x + 1" },
            { kind: "IfStatement", branches: [{ body: [{ kind: "LeaveStatement", label: "l" }] }] },
          ],
        },
        { kind: "SqlStep", text: "select x" },
      ],
    });
  });

  it("reads several statements, without empty ones", () => {
    expect(parseStatements(";select 1;; set a = b; select 2;").map((s) => s.kind)).toEqual([
      "Project",
      "SetConfig",
      "Project",
    ]);
  });
});

describe("schemas and names", () => {
  it("reads schemas in each of their forms", () => {
    const fields = [{ name: "a", dataType: { kind: "integer" }, nullable: true }];
    for (const ddl of ["a int", "a: int", "struct<a: int>"])
      expect(parseTableSchema(ddl)).toEqual({ kind: "struct", fields });
  });
  it("splits names", () => {
    expect(parseMultipartIdentifier("a.`b.c`.`d``e`")).toEqual(["a", "b.c", "d`e"]);
  });
});
