import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExactJson, stringifyExactJson } from "./exact-json.ts";

test("whole numbers beyond 2^53 stay what they are", () => {
  const text =
    '{"a":9007199254740993,"b":-9223372036854775808,"c":9007199254740991,"d":[1,12345678901234567890]}';
  const parsed = parseExactJson(text);
  expect(parsed).toEqual({
    a: 9007199254740993n,
    b: -9223372036854775808n,
    c: 9007199254740991,
    d: [1, 12345678901234567890n],
  });
  expect(stringifyExactJson(parsed)).toBe(text);
});

test("decimals that a double cannot hold become their text", () => {
  expect(parseExactJson('{"d":12345678901234567.89,"e":0.1,"f":1.5e300,"g":123456789.12345678}')).toEqual({
    d: "12345678901234567.89",
    e: 0.1,
    f: 1.5e300,
    g: 123456789.12345678,
  });
});

test("digits in strings are left alone, escapes and all", () => {
  const value = { text: "9007199254740993", quoted: 'a "12345678901234567890" \\', key9007199254740993: 1 };
  expect(parseExactJson(JSON.stringify(value))).toEqual(value);
});

test("is JSON.parse for everything that JSON can hold", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseExactJson(text), (_, v) => (typeof v === "bigint" ? Number(v) : v))).toBe(
        JSON.stringify(JSON.parse(text), (_, v) => v),
      );
    }),
    { numRuns: 300 },
  );
});

test("any 64-bit number survives", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
      expect(BigInt((parseExactJson(`{"n":${n}}`) as { n: number | bigint }).n)).toBe(n);
    }),
  );
});
