import { describe, expect, it } from "vitest";
import { ReplSyntaxError, replCode } from "./repl-code.ts";

/** Runs programs one after another in one scope; the last one's result. */
async function run(...programs: readonly string[]): Promise<unknown> {
  const scope: Record<string, unknown> = Object.create(null);
  Object.assign(scope, { Promise, Math, Error });
  let result: { readonly value: unknown } | undefined;
  for (const program of programs) {
    const { body, declared } = await replCode(program);
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

  it("takes type arguments as such, although they are comparisons in JavaScript", async () => {
    const identity = "const identity = (x) => x;";
    expect(await run(identity, "const string = 1; identity<string>(3)")).toBe(3);
    expect(await run(identity, "identity <Map<string, number>> (4)")).toBe(4);
    expect(await run("const tag = (t: TemplateStringsArray) => t[0];", "tag<number>`x`")).toBe("x");
  });

  it("starts a statement after a declaration without a semicolon", async () => {
    expect(await run("const a = 1\nconst b = 2\n;[a, b]")).toEqual([1, 2]);
  });

  it("refuses names that nobody declared", async () => {
    await expect(run("nowhere = 1")).rejects.toThrow(ReferenceError);
  });

  it("keeps line numbers", async () => {
    const { body } = await replCode('import { col } from "lakelet";\n\nconst a = 1;\nb();');
    expect(body.split("\n")[3]).toContain("b()");
  });

  it("collects imports of the module, and refuses others", async () => {
    const { imported } = await replCode(
      'import { col as c, lit } from "lakelet";\nimport * as all from "lakelet";',
    );
    expect([...imported]).toEqual([
      ["c", "col"],
      ["lit", "lit"],
      ["all", "*"],
    ]);
    await expect(replCode('import x from "somewhere"')).rejects.toThrow(/only "lakelet"/);
  });

  it("says where a text is wrong", async () => {
    try {
      await replCode("const a = 1;\nconst b = ;");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ReplSyntaxError);
      expect((error as ReplSyntaxError).line).toBe(2);
    }
  });
});
