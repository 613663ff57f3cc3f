/**
 * Runs the example of every function and compares what it gives with what the documentation says it gives:
 *
 *     node --import ./.ci/run-ts.mjs e2e/spark/session/check-examples.ts [sc://host:port]
 *
 * on Lakelet's own engine, or on a Spark Connect server. Ends with 1 when an example gives something else; functions that
 * are not there yet are counted by themselves.
 */
import { fileURLToPath } from "node:url";
import { F, PySparkException, SparkSession, Window } from "../../../src/node/index.ts";
import { type Example, examplesBelow } from "../../../src/session/test-support/examples.ts";

const remote = process.argv[2];
const builder = SparkSession.builder.config({
  "spark.lakelet.engines": 1,
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.timeType.enabled": true,
});
const spark = (remote === undefined ? builder : builder.remote(remote)).create();

/** What an example gives for the rows 0, 1 and 2, as `show()` prints it. */
async function resultOf(example: Example): Promise<string> {
  const code = example.code.replace(/; \/\/ .*$/, "").replace(/\((\w+): string\)/g, "($1)");
  const df = spark.range(3).select(new Function("F", "Window", `return ${code}`)(F, Window));
  const lines = (await df.showString({ n: 20, truncate: 0 })).split("\n").slice(3);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith("+")),
  );
  const isWide = (await df.columns).length > 1;
  const cells = rows.map((line) => {
    const inside = line.slice(1, -1);
    return isWide
      ? inside
          .split("|")
          .map((cell) => cell.trim())
          .join(" ")
      : inside.trim();
  });
  const distinct = !code.includes("over(") && new Set(cells).size === 1 ? cells.slice(0, 1) : cells;
  return distinct[0] === "" ? "(empty)" : distinct.join(", ");
}

const examples = examplesBelow(fileURLToPath(new URL("../../../src/session/functions", import.meta.url)));
const missing: string[] = [];
const wrong: string[] = [];
let right = 0;
for (const example of examples.filter((e) => e.result !== undefined)) {
  try {
    const result = await resultOf(example);
    if (result === example.result) right++;
    else wrong.push(`${example.subject}: ${result} instead of ${example.result}`);
  } catch (error) {
    const condition = error instanceof PySparkException ? error.getCondition() : "";
    const isMissing = condition === "UNRESOLVED_ROUTINE" || condition === "UNSUPPORTED_FEATURE";
    (isMissing ? missing : wrong).push(`${example.subject}: ${String(error).split("\n")[0]}`);
  }
}
await spark.stop();
console.log(`${right} right, ${wrong.length} wrong, ${missing.length} not there`);
for (const line of wrong) console.log(`wrong: ${line}`);
if (missing.length > 0) console.log(`not there: ${missing.map((line) => line.split(":")[0]).join(" ")}`);
process.exit(wrong.length === 0 ? 0 : 1);
