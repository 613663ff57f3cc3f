import { parse } from "acorn";
import { expect, it } from "vitest";
import { freeVariables } from "./free-variables.ts";

it.each([
  ["(a, b = a + c) => a + b", ["c"]],
  ["({ x, y: [z, ...rest], ...more }) => x + z + rest + more", []],
  ["function f(n) { return n < 2 ? 1 : n * f(n - 1) }", []],
  ["() => { if (p) { var q = 1; let r = 2 } return q + r }", ["p", "r"]],
  ["() => { g(); function g() { return h } }", ["h"]],
  ["() => { try { t() } catch ({ message }) { return message } }", ["t"]],
  ["(o) => o.name + o[key] + { k: v, [w]: 1, short }.k", ["key", "v", "w", "short"]],
  ["() => { outer: for (const i of list) { for (const j in i) { if (j) continue outer } } }", ["list"]],
  ["() => class A extends B { static c = D; e() { return A } }", ["B", "D"]],
  ["function () { return arguments.length + this.x + new.target }", []],
  ["() => `${a}${(b) => b}`", ["a"]],
  ["async (record) => { for await (const x of record) yieldIt(x); return (await record).then }", ["yieldIt"]],
  ["() => { let a = 1; { let a = 2; b = a } return a }", ["b"]],
  ["(x) => { switch (x) { case 1: let y = 1; return y; default: return y } }", []],
])("%s", (text, expected) => {
  const program = parse(`(${text})`, { ecmaVersion: "latest", sourceType: "module" });
  expect(freeVariables(program)).toEqual(expected);
});
