import { describe, expect, it } from "vitest";
import { ReplSyntaxError, replCode } from "./repl-code.ts";

/** Runs programs one after another in one scope; the last one's result. */
async function run(...programs: readonly string[]): Promise<unknown> {
  const scope: Record<string, unknown> = Object.create(null);
  Object.assign(scope, { Promise, Math, Error });
  let result: { readonly value: unknown } | undefined;
  for (const program of programs) {
    const { body, declared } = replCode(program);
    for (const name of declared) if (!(name in scope)) scope[name] = undefined;
    result = (await new Function("scope", body)(scope)) as { readonly value: unknown } | undefined;
  }
  return result?.value;
}

describe("code of the REPL", () => {
  it("gives the last expression", async () => {
    expect(await run("1 + 1")).toBe(2);
    expect(await run("const a = 2; a * 3;")).toBe(6);
    expect(await run("const a = 2")).toBeUndefined();
  });

  it("waits at the top level", async () => {
    expect(await run("const a = await Promise.resolve(4); a + 1")).toBe(5);
    expect(await run("await Promise.resolve(7)")).toBe(7);
  });

  it("keeps values between runs, and lets them be declared again", async () => {
    expect(await run("const a = 1", "const a = a + 1; let b = a;", "b = b + 10; b")).toBe(12);
  });

  it("takes patterns, several declarators and declarators without a value", async () => {
    expect(
      await run(
        "const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], f: 5 }, g = 6; let h",
        "[a, c, d, e, g, h]",
      ),
    ).toEqual([1, 2, [3, 4], { f: 5 }, 6, undefined]);
  });

  it("hoists functions and keeps classes", async () => {
    expect(
      await run(
        "const x = twice(4); function twice(n) { return n * 2; }",
        "class A { n = twice(x) }",
        "new A().n",
      ),
    ).toBe(16);
  });

  it("takes types away", async () => {
    expect(await run("interface P { n: number }\nconst p: P = { n: 3 };\n(p as P).n")).toBe(3);
  });

  it("starts a statement after a declaration without a semicolon", async () => {
    expect(await run("const a = 1\nconst b = 2\n;[a, b]")).toEqual([1, 2]);
  });

  it("refuses names that nobody declared", async () => {
    await expect(run("nowhere = 1")).rejects.toThrow(ReferenceError);
  });

  it("keeps line numbers", () => {
    const { body } = replCode('import { col } from "lakelet";\n\nconst a = 1;\nb();');
    expect(body.split("\n")[3]).toContain("b()");
  });

  it("collects imports of the module, and refuses others", () => {
    const { imported } = replCode(
      'import { col as c, lit } from "lakelet";\nimport * as all from "lakelet";',
    );
    expect([...imported]).toEqual([
      ["c", "col"],
      ["lit", "lit"],
      ["all", "*"],
    ]);
    expect(() => replCode('import x from "somewhere"')).toThrow(/only "lakelet"/);
  });

  it("says where a text is wrong", () => {
    try {
      replCode("const a = 1;\nconst b = ;");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ReplSyntaxError);
      expect((error as ReplSyntaxError).line).toBe(2);
    }
  });
});
