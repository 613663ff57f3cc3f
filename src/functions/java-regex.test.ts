import { describe, expect, it } from "vitest";
import { isPlainRegex, javaRegex } from "./java-regex.ts";

function find(pattern: string, text: string): string | undefined {
  return javaRegex(pattern)?.regex.exec(text)?.[0];
}

// Expected results are those of java.util.regex.
describe("javaRegex", () => {
  it.each([
    ["(?i)ABC", "xabc", "abc"],
    ["\\Qa.c\\E", "abca.c", "a.c"],
    ["[a-z&&[^b]]+", "bacd", "acd"],
    ["[a-c[x-z]]+", "mxaz", "xaz"],
    ["\\p{Upper}+", "abCDe", "CD"],
    ["a++b", "aaab", "aaab"],
    ["(?>a|ab)c", "abc", undefined],
    ["(?<w>a)\\k<w>", "baa", "aa"],
    ["b$", "ab\n", "b"],
    ["\\x{1F600}", "a\u{1F600}", "\u{1F600}"],
    [".", "\n", undefined],
    ["(?s).", "\n", "\n"],
    ["%&~", "a%&~", "%&~"],
  ])("%s in %j", (pattern, text, expected) => {
    expect(find(pattern, text)).toBe(expected);
  });

  it("does not backtrack into a possessive quantifier", () => {
    expect(find("a++ab", "aaab")).toBeUndefined();
  });

  it.each(["(", "[", "*a", "a{2,1}", "\\"])("refuses %s", (pattern) => {
    expect(javaRegex(pattern)).toBeUndefined();
  });

  it("numbers groups as Java does", () => {
    const { regex, groups } = javaRegex("x*+(b)") as NonNullable<ReturnType<typeof javaRegex>>;
    expect(regex.exec("xxb")?.[groups[1] as number]).toBe("b");
  });
});

describe("isPlainRegex", () => {
  it.each(["abc", "[a-c]+", "a|b", "\\d{2}"])("takes %s", (pattern) =>
    expect(isPlainRegex(pattern)).toBe(true),
  );
  it.each(["a$", ".", "(?i)a", "a++", "(a)\\1", "é"])("leaves %s", (pattern) =>
    expect(isPlainRegex(pattern)).toBe(false),
  );
});
