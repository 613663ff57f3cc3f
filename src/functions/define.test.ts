import { describe, expect, it } from "vitest";
import { array, INTEGER, STRING } from "../types/data-type.ts";
import { call, lit, opt, p, scalar } from "./define.ts";
import { T } from "./input-type.ts";
import { prettyExpr } from "./pretty.ts";
import { testContext } from "./testing.ts";

const upper = scalar({
  name: "upper",
  aliases: ["ucase"],
  params: [p("str", T.string)],
  returns: STRING,
  lower: "upper",
  usage: "upper(str) - Returns str in upper case.",
  group: "string_funcs",
});
const substring = scalar({
  name: "substring",
  params: [
    p("str", T.oneOf(T.string, T.binary)),
    p("pos", T.int),
    opt("len", T.int, lit(2147483647, INTEGER)),
  ],
  returns: STRING,
  usage: "substring(str, pos[, len]) - Returns a part of str.",
  group: "string_funcs",
});

const one = lit(1, INTEGER);

// Texts and parameters below are those of a live Spark 4.3.
describe("scalar", () => {
  it("casts implicitly, keeps nullability, shows the alias", () => {
    const bound = upper.bind([one], testContext("UCASE"));
    expect(bound).toMatchObject({
      kind: "Call",
      fn: "upper",
      type: STRING,
      nullable: false,
      args: [{ kind: "CastExpr", type: STRING, implicit: true }],
    });
    expect(prettyExpr(bound)).toBe("ucase(1)");
  });

  it("refuses what cannot be cast", () => {
    const arg = call("array", [one], array(INTEGER, false));
    expect(() => upper.bind([arg], testContext("upper"))).toThrow(
      '[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] Cannot resolve "upper(array(1))" due to data type mismatch: The first parameter requires the "STRING" type, however "array(1)" has the type "ARRAY<INT>". SQLSTATE: 42K09',
    );
  });

  it("counts arguments", () => {
    expect(() => upper.bind([one, one], testContext("upper"))).toThrow(
      "[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] The `upper` requires 1 parameters but the actual number is 2. Please, refer to 'https://spark.apache.org/docs/latest/sql-ref-functions.html' for a fix. SQLSTATE: 42605",
    );
    expect(() => substring.bind([one], testContext("substring"))).toThrow(
      "requires [2, 3] parameters but the actual number is 1",
    );
  });

  it("fills defaults in", () => {
    expect(prettyExpr(substring.bind([lit("a", STRING), one], testContext("substring")))).toBe(
      "substring(a, 1, 2147483647)",
    );
  });
});
