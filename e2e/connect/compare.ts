/**
 * Runs the same programs here and on a Spark cluster and shows every difference.
 *
 *     SPARK_REMOTE=sc://host:port npm run spark:compare [part of a program's name]
 *
 * "Here" is this process, or the server of Lakelet that LAKELET_URL names.
 */
import { SparkSession } from "../../src/node/index.ts";
import { PROGRAMS, reportTo } from "./programs.ts";

const remote = process.env.SPARK_REMOTE;
if (remote === undefined) {
  console.error("SPARK_REMOTE must name a Spark Connect server, sc://host:port");
  process.exit(2);
}
const wanted = process.argv[2] ?? "";

/** What each program prints, on a session of this kind. */
async function run(start: () => SparkSession, lines: string[]): Promise<Map<string, string>> {
  const spark = start();
  reportTo(spark, (text) => lines.push(text));
  await spark.conf.set("spark.sql.session.timeZone", "UTC");
  const texts = new Map<string, string>();
  for (const [name, program] of Object.entries(PROGRAMS)) {
    if (!name.includes(wanted)) continue;
    lines.length = 0;
    try {
      await program(spark);
    } catch (error) {
      lines.push(`${(error as Error).name}: ${(error as Error).message}`);
    }
    texts.set(name, lines.join("\n"));
  }
  await spark.stop();
  return texts;
}

function session(configure: (builder: typeof SparkSession.builder) => typeof SparkSession.builder): {
  readonly lines: string[];
  readonly start: () => SparkSession;
} {
  const lines: string[] = [];
  const environment = { print: (text: string) => void lines.push(text), onUnhandledError: () => {} };
  return { lines, start: () => configure(SparkSession.builder).environment(environment).create() };
}

const served = process.env.LAKELET_URL;
const here = session((builder) =>
  served === undefined ? builder.config("spark.sql.warehouse.dir", "memory:") : builder.remote(served),
);
const there = session((builder) => builder.remote(remote));
const [ours, theirs] = [await run(here.start, here.lines), await run(there.start, there.lines)];

let different = 0;
for (const [name, text] of ours) {
  const expected = theirs.get(name);
  if (text === expected) {
    console.log(`same       ${name}`);
    continue;
  }
  different += 1;
  console.log(`DIFFERENT  ${name}\n--- here\n${text}\n--- Spark\n${expected}\n`);
}
console.log(`${ours.size - different} of ${ours.size} programs are the same`);
process.exit(different === 0 ? 0 : 1);
