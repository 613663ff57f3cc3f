import { describe, expect, it } from "vitest";
import { type CursorState, cursorState } from "./cursor.ts";

/** The state at the `|` of a text. */
function stateAt(marked: string): CursorState {
  const at = marked.indexOf("|");
  return cursorState(marked.slice(0, at) + marked.slice(at + 1), at);
}

describe("what may follow", () => {
  it("offers statements at the start", () => {
    expect(stateAt("sel|")).toMatchObject({ word: { start: 0, text: "sel" }, expects: [] });
    expect(stateAt("sel|").keywords).toEqual(
      expect.arrayContaining(["SELECT", "WITH", "INSERT INTO", "CREATE TABLE"]),
    );
    expect(stateAt("select 1; |").keywords).toContain("SELECT");
  });

  it("offers columns and words of expressions in a select list", () => {
    const state = stateAt("select | from t");
    expect(state).toMatchObject({ clause: "SELECT", expects: ["column"] });
    expect(state.keywords).toEqual(expect.arrayContaining(["DISTINCT", "CASE", "CAST", "EXISTS"]));
    expect(state.keywords).not.toContain("WHERE");
  });

  it("offers tables after FROM and clauses after a table", () => {
    expect(stateAt("select a from |")).toMatchObject({ clause: "FROM", expects: ["table"] });
    const after = stateAt("select a from t |");
    expect(after.expects).toEqual([]);
    expect(after.keywords).toEqual(
      expect.arrayContaining(["WHERE", "LEFT JOIN", "GROUP BY", "ORDER BY", "AS"]),
    );
    expect(after.keywords).not.toContain("AND");
  });

  it("offers what goes on after a condition", () => {
    const { keywords, expects } = stateAt("select a from t where b |");
    expect(keywords).toEqual(expect.arrayContaining(["AND", "OR", "IN", "BETWEEN", "IS NULL", "GROUP BY"]));
    expect(keywords).not.toContain("FROM");
    expect(expects).toEqual([]);
    expect(stateAt("select case when a |").keywords).toContain("THEN");
    expect(stateAt("select sum(a) |").keywords).toContain("OVER");
    expect(stateAt("alter table t |").keywords).toContain("ADD COLUMNS");
    expect(stateAt("insert into |")).toMatchObject({ expects: ["table"] });
  });

  it("offers nothing inside strings and comments", () => {
    for (const text of ["select 'a|bc'", "select a -- co|", "select /* a | */ b", "select 'ab|"]) {
      expect(stateAt(text)).toMatchObject({ isText: true, expects: [], keywords: [] });
    }
  });
});

describe("names in scope", () => {
  it("are those of the whole query, also after the cursor", () => {
    const { tables } = stateAt("select | from db.t as x, (select a, b as c from u) s join v on true");
    expect(tables).toEqual([
      { name: ["db", "t"], alias: "x" },
      { alias: "s", columns: ["a", "c"] },
      { name: ["v"] },
    ]);
  });

  it("include the queries around a subquery, innermost first", () => {
    const { tables } = stateAt("select * from t where a in (select | from u)");
    expect(tables).toEqual([{ name: ["u"] }, { name: ["t"] }]);
  });

  it("include common tables", () => {
    expect(stateAt("with c as (select 1 as z), d as (select 2) select * from |").commonTables).toEqual([
      "c",
      "d",
    ]);
  });

  it("are told by the qualifier before a word", () => {
    const state = stateAt("select a from t x where x.`b c`.na| and true");
    expect(state).toMatchObject({
      qualifier: ["x", "b c"],
      word: { text: "na" },
      expects: ["column"],
      keywords: [],
    });
  });

  it("are those of the statement at the cursor", () => {
    const state = stateAt("select 1 from a; select | from b; select 2 from c");
    expect(state.tables).toEqual([{ name: ["b"] }]);
    expect(state.statement.start).toBe(16);
  });
});
