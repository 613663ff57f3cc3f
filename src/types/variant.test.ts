import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { pythonText } from "./row.ts";
import { VariantValue } from "./variant-value.ts";

interface Recorded {
  readonly text?: string;
  readonly sql?: string;
  readonly value: string;
  readonly metadata: string;
  readonly json: string;
  readonly python: string;
}

const RECORDED = JSON.parse(
  readFileSync(new URL("../../e2e/spark/session/variants-recorded.json", import.meta.url), "utf8"),
) as readonly Recorded[];

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");
const named = (recorded: Recorded): [string, Recorded] => [
  (recorded.text ?? recorded.sql ?? "").slice(0, 60),
  recorded,
];

/** Python prints some numbers otherwise (`1e3` as `1000.0`, long decimals with an exponent), and keeps to ASCII. */
function comparable(json: string): unknown {
  return JSON.parse(json.replace(/^nan$/, '"NaN"'));
}

describe("variants that Spark made", () => {
  test.each(RECORDED.map(named))("%s is read as PySpark reads it", (_, recorded) => {
    const variant = new VariantValue(bytes(recorded.value), bytes(recorded.metadata));
    expect(comparable(variant.toJson())).toEqual(comparable(recorded.json));
  });

  test.each(RECORDED.filter((r) => r.sql !== undefined && /date|1\.50BD|X'/.test(r.sql)).map(named))(
    "%s is the value that PySpark gives",
    (_, recorded) => {
      const variant = new VariantValue(bytes(recorded.value), bytes(recorded.metadata));
      expect(pythonText(variant.toPython())).toBe(recorded.python);
    },
  );

  test.each(RECORDED.filter((r) => r.text !== undefined).map(named))(
    "%s is written to the byte as parse_json writes it",
    (_, recorded) => {
      const variant = VariantValue.parseJson(recorded.text as string);
      expect(hex(variant.value)).toBe(recorded.value);
      expect(hex(variant.metadata)).toBe(recorded.metadata);
    },
  );

  test("instants are shown in a zone", () => {
    const recorded = RECORDED.find((r) => r.sql?.includes("timestamp'")) as Recorded;
    const variant = new VariantValue(bytes(recorded.value), bytes(recorded.metadata));
    expect(variant.toJson("America/New_York")).toBe('"2024-02-29 07:30:15.123456-05:00"');
  });

  test.each(["", "{", "[1,]", '{"a":1,"a":2}', "01", "nul", '"\n"', "1 2"])("%j is refused", (text) => {
    expect(() => VariantValue.parseJson(text)).toThrow(SyntaxError);
  });

  test("bytes that end too soon are refused", () => {
    expect(() => new VariantValue(bytes("0961"), bytes("010000")).toPython()).toThrow(RangeError);
    expect(() => new VariantValue(bytes("00"), bytes("02")).toPython()).toThrow(RangeError);
  });
});
