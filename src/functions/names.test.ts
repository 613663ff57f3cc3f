import { expect, test } from "vitest";
import { FUNCTIONS } from "./function-table.ts";
import { readRecording } from "./recorded.ts";

/** Built-ins of Spark that are no functions here: parts of the syntax, and table functions. */
const ELSEWHERE = [
  "case",
  "cast",
  "collations",
  "python_worker_logs",
  "range",
  "sql_keywords",
  "variant_explode",
  "variant_explode_outer",
];

test("every built-in of Spark has an entry, if only to be refused by name", () => {
  const names = readRecording<readonly string[]>("functions/names.json");
  const known = new Set(ELSEWHERE);
  const missing = names.filter((name) => !FUNCTIONS.has(name) && !known.has(name));
  expect(missing).toEqual([]);
});
