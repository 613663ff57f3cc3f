import { describe, expect, it } from "vitest";
import { formatNumber, javaFormat } from "./java-format.ts";

/** As a live Spark 4.3 answers `format_string` and `format_number`. */
describe("java.util.Formatter", () => {
  it("formats as Spark's format_string does", () => {
    const answer = javaFormat("%5d|%-5s|%05d|%.2f|%x|%X|%e|%,d|%%|%b|%c", [
      { kind: "i", text: "3" },
      { kind: "s", text: "a" },
      { kind: "i", text: "7" },
      { kind: "f", text: "1.005" },
      { kind: "i", text: "255" },
      { kind: "i", text: "255" },
      { kind: "f", text: "12345.678" },
      { kind: "i", text: "1234567" },
      { kind: "b", text: "true" },
      { kind: "i", text: "65" },
    ]);
    expect(answer).toBe("    3|a    |00007|1.01|ff|FF|1.234568e+04|1,234,567|%|true|A");
    expect(
      javaFormat("%s %s", [
        { kind: "f", text: "1e10" },
        { kind: "d", text: "1.50" },
      ]),
    ).toBe("1.0E10 1.50");
  });

  it("rounds to even and groups digits as format_number does", () => {
    const cases: readonly (readonly [string, number, string | null])[] = [
      ["1234567.891", 2, "1,234,567.89"],
      ["12", 0, "12"],
      ["-1234.5", 1, "-1,234.5"],
      ["0.5", 0, "0"],
      ["1.5", 0, "2"],
      ["1", -1, null],
      ["1e20", 1, "100,000,000,000,000,000,000.0"],
    ];
    for (const [text, places, expected] of cases) expect(formatNumber(text, places)).toBe(expected);
  });
});
