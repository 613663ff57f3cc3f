import { formatResolved } from "../analyzer/format-resolved.ts";
import { optimize } from "../analyzer/index.ts";
import type { ResolvedRelation } from "../analyzer/resolved-relation.ts";
import { lowerQuery } from "../engine/lower/index.ts";
import { sizeOf } from "../engine/lower/row-order.ts";
import { PySparkException } from "../errors/spark-error.ts";
import type { Command } from "../plan/command.ts";
import { isRelation } from "../plan/kinds.ts";
import type { Relation } from "../plan/relation.ts";
import type { Explain } from "../plan/statement.ts";
import type { ExplainMode } from "../session/backend.ts";
import { formatPlan } from "../session/plan-text.ts";
import { struct } from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import type { CommandEnv } from "./commands/command-env.ts";
import { type CommandOutput, nullableText } from "./commands/command-output.ts";
import { canonicalText, physicalPlan } from "./physical-plan.ts";

/** How a plan will run: as it was written, analysed and optimized, by which operators, and the SQL that the engine gets. */
export async function explain(
  statement: Relation | Command,
  mode: ExplainMode,
  env: CommandEnv,
): Promise<string> {
  if (!isRelation(statement)) return `== Physical Plan ==\nExecute ${statement.kind}\n`;
  const { query } = await env.runner.prepare(statement, env.operation);
  const optimized = optimize(query.plan);
  const { conf } = env.session;
  const lowered = lowerQuery(optimized, query.schema, {
    timeZone: conf.timeZone,
    ansiEnabled: conf.flag("spark.sql.ansi.enabled"),
    shufflePartitions: Number(conf.get("spark.sql.shuffle.partitions")),
    caseSensitive: conf.flag("spark.sql.caseSensitive"),
    parallelism: Number(conf.get("spark.sql.leafNodeDefaultParallelism")),
  });
  const sql = lowered.stages
    .map(
      (stage, i) =>
        `${lowered.stages.length > 1 ? `Stage ${i + 1}\n` : ""}${[...stage.setup, stage.sql].join(";\n")}`,
    )
    .join("\n");
  const { persisted } = env.session;
  // What is persisted is known by its analysed plan; below the root, projections may have been merged since.
  const kept = persisted.size === 0 ? undefined : canonicalText(query.plan);
  const tree =
    kept !== undefined && persisted.has(kept)
      ? physicalPlan(query.plan, (text) => text === kept)
      : physicalPlan(optimized, (text) => persisted.size > 0 && persisted.has(text));
  const physical = `== Physical Plan ==\n${tree}\n\n`;
  const generated = `== Generated SQL ==\n${sql}\n`;
  const statistics = (plan: ResolvedRelation): string => `, Statistics(sizeInBytes=${sizeOf(plan)} B)`;
  switch (mode) {
    case "simple":
    case "formatted":
      return physical;
    case "codegen":
      return generated;
    case "cost":
      return `== Optimized Logical Plan ==\n${formatResolved(optimized, { behind: statistics })}\n${physical}`;
    case "extended": {
      const types = query.schema.fields.map((f) => `${f.name}: ${simpleString(f.dataType)}`).join(", ");
      return [
        `== Parsed Logical Plan ==\n${formatPlan(statement)}`,
        `== Analyzed Logical Plan ==\n${types}\n${formatResolved(query.plan)}`,
        `== Optimized Logical Plan ==\n${formatResolved(optimized)}`,
        physical + generated,
      ].join("\n");
    }
  }
}

/** EXPLAIN: one row; an error of the analysis is told in the plan's place, a line a row. */
export async function explainCommand(command: Explain, env: CommandEnv): Promise<CommandOutput> {
  const schema = struct([nullableText("plan")]);
  try {
    return { schema, rows: [[await explain(command.statement, command.mode, env)]] };
  } catch (error) {
    if (!(error instanceof PySparkException)) throw error;
    const lines = error.message.trim().split("\n");
    return { schema, rows: ["Error occurred during query planning: ", ...lines].map((line) => [line]) };
  }
}
