import { describe, expect, it } from "vitest";
import { decodeRows } from "../engine/arrow/decode.ts";
import * as t from "../types/data-type.ts";
import { Decimal, LocalDate, Timestamp } from "../types/values.ts";
import { parsePayload, plainText, valueOfPlain } from "./plain-values.ts";

describe("values between Python and JavaScript", () => {
  const cases: readonly (readonly [t.DataType, unknown, string])[] = [
    [t.LONG, 9_007_199_254_740_993n, "9007199254740993"],
    [t.DOUBLE, 1, "1"],
    [t.DOUBLE, -0, "-0.0"],
    [t.DOUBLE, Number.NaN, '"NaN"'],
    [t.DOUBLE, Number.NEGATIVE_INFINITY, '"-Infinity"'],
    [t.STRING, 'a"b', '"a\\"b"'],
    [t.BINARY, new Uint8Array([1, 255]), '"Af8="'],
    [t.decimal(20, 2), Decimal.fromString("12345678901234567.89"), '"12345678901234567.89"'],
    [t.DATE, new LocalDate(19_782), "19782"],
    [t.TIMESTAMP, new Timestamp(1_700_000_000_123_456n), "1700000000123456"],
    [t.array(t.LONG), [1, null], "[1,null]"],
    [t.map(t.STRING, t.DOUBLE), new Map([["k", 0.5]]), '[["k",0.5]]'],
    [t.struct([t.field("a", t.LONG), t.field("b", t.array(t.STRING))]), [1, ["x"]], '[1,["x"]]'],
  ];

  it.each(cases)("%j", (type, value, text) => {
    expect(plainText(value, type)).toBe(text);
    expect(plainText(null, type)).toBe("null");
  });

  it("come back as they went", () => {
    for (const [type, value, text] of cases) {
      if (type.kind === "long" || type.kind === "double" || type.kind === "binary") continue;
      expect(valueOfPlain(JSON.parse(text), type)).toEqual(value);
    }
  });

  it("stand in a payload as marked objects", () => {
    const schema = t.struct([t.field("n", t.LONG), t.field("b", t.BINARY), t.field("x", t.DOUBLE)]);
    const rows = [[{ $int: "9007199254740993" }, { $bytes: "AQI=" }, { $number: "NaN" }]];
    const bytes = parsePayload(JSON.stringify({ $rows: rows, schema })) as Uint8Array;
    const [row] = decodeRows([bytes], schema);
    expect(row?.values()).toEqual([9_007_199_254_740_993n, new Uint8Array([1, 2]), Number.NaN]);
    const literal = { kind: "Literal", dataType: t.TIMESTAMP, value: 5 };
    expect(parsePayload(JSON.stringify(literal))).toEqual({ ...literal, value: 5n });
  });
});
