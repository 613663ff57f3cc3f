import type { ChangeTarget } from "../../../catalog/table-change.ts";
import { analysisError } from "../../../errors/spark-error.ts";
import { changeConfigurationActions } from "../../../lake/new-table.ts";
import type { Expression } from "../../../plan/expression.ts";
import { BOOLEAN } from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import { changing, sum } from "./changing.ts";
import { filesWithMatches } from "./delete.ts";
import { StatementAnalysis } from "./statement-analysis.ts";
import { pinTarget } from "./target.ts";

/**
 * `ALTER TABLE t ADD CONSTRAINT name CHECK (condition)`: the rows that are there must satisfy it, and so must those that
 * another writer adds meanwhile: then it is looked at again.
 */
export async function addCheckConstraint(
  target: ChangeTarget,
  constraint: { readonly name: string; readonly condition: Expression; readonly sql: string },
  env: CommandEnv,
): Promise<void> {
  await changing(
    env,
    () => env.warehouse.beginChange(target, "ADD CONSTRAINT"),
    async (change) => {
      const { snapshot } = change;
      const key = `delta.constraints.${constraint.name.toLowerCase()}`;
      const known = snapshot.configuration[key];
      if (known !== undefined) {
        throw analysisError("DELTA_CONSTRAINT_ALREADY_EXISTS", {
          constraintName: constraint.name,
          oldConstraint: known,
        });
      }
      const files = await change.allFiles();
      change.readWhole();
      const pin = pinTarget(change, { alias: undefined, planId: undefined }, async () => files);
      const analysis = await StatementAnalysis.begin(env, [pin], [pin.relation], [constraint.condition]);
      const { table, file } = analysis.target(pin);
      const condition = analysis.condition(constraint.condition, [table], "CHECK constraint");
      // Neither false nor unknown will do.
      const violated = analysis.call("not", analysis.call("<=>", condition, analysis.literal(true, BOOLEAN)));
      const found = await filesWithMatches(env, analysis, table.plan, violated, file, () => files);
      if (found.length > 0) {
        throw analysisError("DELTA_NEW_CHECK_CONSTRAINT_VIOLATION", {
          numRows: String(sum(found, (one) => one.matches)),
          tableName: change.displayName.replaceAll("`", ""),
          checkConstraint: constraint.sql,
        });
      }
      await change.commit({
        removed: [],
        written: [],
        metadata: changeConfigurationActions(snapshot, {
          configuration: { ...snapshot.configuration, [key]: constraint.sql },
          description: snapshot.metadata.description,
        }),
        operation: "ADD CONSTRAINT",
        operationParameters: { name: constraint.name, expr: constraint.sql },
        isolationLevel: "Serializable",
      });
    },
  );
}
