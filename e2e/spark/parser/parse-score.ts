/**
 * How much of Spark's own SQL test files the parser reads as Spark does.
 *
 *   npm run sql:parse-score -- <dir> [--failures]
 *
 * The directory holds JSON files `{file, conf, queries: [{sql, output}]}`. Of the distinct statements that Spark
 * accepted, how many parse; of those that it rejected while parsing, how many are rejected with the same condition.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PySparkException } from "../../../src/errors/spark-error.ts";
import { parseOptionsFromConf, parseStatement } from "../../../src/sql/parse.ts";

interface GoldenFile {
  readonly file: string;
  readonly conf?: readonly (readonly [key: string, value: string])[];
  readonly queries: readonly { readonly sql: string; readonly output: string }[];
}

interface Tally {
  total: number;
  right: number;
}

const [dir, ...flags] = process.argv.slice(2);
if (dir === undefined) throw new Error("usage: npm run sql:parse-score -- <dir> [--failures]");
const showFailures = flags.includes("--failures");

const seen = new Set<string>();
const accepted: Tally = { total: 0, right: 0 };
const rejected: Tally = { total: 0, right: 0 };
const rejectedOtherwise: Tally = { total: 0, right: 0 };
let characters = 0;
let milliseconds = 0;

for (const name of readdirSync(dir).sort()) {
  if (!name.endsWith(".json")) continue;
  const golden = JSON.parse(readFileSync(join(dir, name), "utf8")) as Partial<GoldenFile>;
  if (golden.queries === undefined) continue;
  scoreFile(golden as GoldenFile);
}

function scoreFile(golden: GoldenFile): void {
  const conf = new Map<string, string>();
  if (golden.file.startsWith("nonansi/")) conf.set("spark.sql.ansi.enabled", "false");
  if (golden.file.startsWith("timestampNTZ/")) conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ");
  for (const [key, value] of golden.conf ?? []) conf.set(key, value);
  for (const { sql, output } of golden.queries) {
    score(golden.file, sql, output, conf);
    const set = /^\s*set\s+([\w.]+)\s*=\s*(\S+)\s*;?\s*$/i.exec(sql);
    if (set !== null) conf.set(set[1] as string, set[2] as string);
  }
}

function score(file: string, sql: string, output: string, conf: ReadonlyMap<string, string>): void {
  const isNew = !seen.has(sql);
  seen.add(sql);
  if (!isNew) return;
  const wasRejected = /^org\.apache\.spark\.sql\.catalyst\.parser\.ParseException/.test(output);
  const expected = wasRejected
    ? (/"(?:errorClass|condition)" : "([^"]+)"/.exec(output)?.[1] ?? "?")
    : undefined;
  const actual = conditionOf(sql, conf);
  const tally =
    expected === undefined ? accepted : expected.startsWith("PARSE_") ? rejected : rejectedOtherwise;
  tally.total++;
  if (actual === expected) tally.right++;
  else if (showFailures) {
    console.log(
      `${file}: expected ${expected ?? "a plan"}, got ${actual ?? "a plan"}\n  ${sql.replaceAll("\n", "\n  ")}`,
    );
  }
}

function conditionOf(sql: string, conf: ReadonlyMap<string, string>): string | undefined {
  const options = parseOptionsFromConf((key) => conf.get(key));
  const start = performance.now();
  try {
    const plan = parseStatement(sql, options);
    // What it runs is parsed when it runs: a text that is no statement is rejected then, with the same condition.
    if (
      plan.kind === "ExecuteImmediate" &&
      plan.query.kind === "Literal" &&
      typeof plan.query.value === "string"
    ) {
      parseStatement(plan.query.value, options);
    }
    return undefined;
  } catch (error) {
    if (error instanceof PySparkException) return error.getCondition();
    return `${error}`;
  } finally {
    milliseconds += performance.now() - start;
    characters += sql.length;
  }
}

function percent({ total, right }: Tally): string {
  return `${right} of ${total} (${((100 * right) / Math.max(total, 1)).toFixed(2)}%)`;
}

console.log(`accepted by Spark, parsed:                      ${percent(accepted)}`);
console.log(`rejected with PARSE_*, same condition:          ${percent(rejected)}`);
console.log(`rejected while parsing otherwise, same:         ${percent(rejectedOtherwise)}`);
console.log(`${characters} characters in ${milliseconds.toFixed(0)} ms`);
