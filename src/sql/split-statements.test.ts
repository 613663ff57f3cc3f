import { expect, it } from "vitest";
import { splitStatements } from "./split-statements.ts";

it("cuts at semicolons that end statements, and nowhere else", () => {
  expect(splitStatements("SELECT ';' AS a; -- one; two\nSELECT `x;y` /* ; */ FROM t;\n\n;")).toEqual([
    "SELECT ';' AS a",
    "-- one; two\nSELECT `x;y` /* ; */ FROM t",
  ]);
  expect(splitStatements("  -- nothing\n")).toEqual([]);
  expect(splitStatements("SELECT 1")).toEqual(["SELECT 1"]);
});

it("leaves a compound statement whole", () => {
  expect(splitStatements("BEGIN SELECT 1; SELECT 2; END")).toEqual(["BEGIN SELECT 1; SELECT 2; END"]);
});
