import { afterEach, expect, test } from "vitest";
import { INTERNAL } from "./internal.ts";
import { F, setCallSiteCapture } from "./public.ts";

afterEach(() => setCallSiteCapture(undefined));

test("expressions say where they come from when that is asked for", () => {
  const plain = F.col("a").divide(0)[INTERNAL].expression;
  expect(plain.origin).toBeUndefined();
  let line = 0;
  setCallSiteCapture(() => `line ${++line}`);
  expect(F.col("a").divide(0)[INTERNAL].expression.origin).toEqual({
    kind: "program",
    fragment: "divide",
    callSite: "line 1",
  });
  expect(F.col("a").cast("int")[INTERNAL].expression.origin).toMatchObject({
    fragment: "cast",
    callSite: "line 2",
  });
  expect(F.element_at("a", 3)[INTERNAL].expression.origin).toMatchObject({ fragment: "element_at" });
  expect(F.col("a").getItem(3)[INTERNAL].expression.origin).toMatchObject({ fragment: "getItem" });
});
