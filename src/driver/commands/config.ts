import { analysisError } from "../../errors/spark-error.ts";
import type { ResetConfig, SetConfig } from "../../plan/statement.ts";
import { struct } from "../../types/data-type.ts";
import type { CommandEnv } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT, text } from "./command-output.ts";

const PAIRS = struct([text("key"), text("value")]);

/** Hadoop's names for the number of partitions. */
const OLD_NAMES: ReadonlySet<string> = new Set(["mapred.reduce.tasks", "mapreduce.job.reduces"]);

export async function setConfig(given: SetConfig, env: CommandEnv): Promise<CommandOutput> {
  const command: SetConfig =
    given.key !== undefined && OLD_NAMES.has(given.key)
      ? { ...given, key: "spark.sql.shuffle.partitions" }
      : given;
  const { conf } = env.session;
  if (command.key === undefined) {
    const all = command.verbose === true ? conf.all() : conf.explicit();
    return { schema: PAIRS, rows: Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)) };
  }
  if (command.value === undefined) {
    return { schema: PAIRS, rows: [[command.key, conf.get(command.key) ?? "<undefined>"]] };
  }
  conf.set(command.key, command.value);
  return { schema: PAIRS, rows: [[command.key, command.value]] };
}

export async function resetConfig(command: ResetConfig, env: CommandEnv): Promise<CommandOutput> {
  if (command.key === undefined) env.session.conf.reset();
  else env.session.conf.unset(command.key);
  return NO_OUTPUT;
}

export async function setPath(): Promise<CommandOutput> {
  throw analysisError("UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED", { config: "spark.sql.path.enabled" });
}
