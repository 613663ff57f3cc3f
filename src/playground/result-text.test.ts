import { describe, expect, it } from "vitest";
import { rowsToArrow } from "../engine/arrow/build.ts";
import * as t from "../types/data-type.ts";
import { Decimal, LocalDate } from "../types/values.ts";
import { csvText, jsonText } from "./result-text.ts";
import type { TableItem } from "./sandbox/protocol.ts";

const schema = t.struct([
  t.field("id", t.LONG),
  t.field("na,me", t.STRING),
  t.field("x", t.DOUBLE),
  t.field("d", t.decimal(20, 2)),
  t.field("on", t.DATE),
  t.field("tags", t.array(t.STRING)),
  t.field("of", t.map(t.STRING, t.LONG)),
]);
const rows = [
  [
    9_007_199_254_740_993n,
    'say "hi"',
    1,
    Decimal.fromString("12345678901234567.50"),
    LocalDate.of(2024, 2, 29),
    ["a", null],
    new Map([["k", 1]]),
  ],
  [1, null, Number.NaN, null, null, [], new Map()],
];
const item: TableItem = {
  kind: "table",
  schema,
  chunks: [rowsToArrow(rows, schema)],
  rowCount: 2,
  isCut: false,
  elapsedMs: 1,
  timeZone: "UTC",
};

describe("rows as files", () => {
  it("as CSV", () => {
    expect(csvText(item)).toBe(
      'id,"na,me",x,d,on,tags,of\r\n' +
        '9007199254740993,"say ""hi""",1.0,12345678901234567.50,2024-02-29,"[a, NULL]",{k -> 1}\r\n' +
        "1,,NaN,,,[],{}\r\n",
    );
  });

  it("as JSON lines", () => {
    expect(jsonText(item).split("\n")).toEqual([
      '{"id":9007199254740993,"na,me":"say \\"hi\\"","x":1.0,"d":12345678901234567.50,"on":"2024-02-29","tags":["a",null],"of":{"k":1}}',
      '{"id":1,"na,me":null,"x":"NaN","d":null,"on":null,"tags":[],"of":{}}',
      "",
    ]);
  });
});
