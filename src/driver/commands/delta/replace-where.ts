import { outputOf } from "../../../analyzer/output.ts";
import { quotedTableName } from "../../../catalog/catalog-entry.ts";
import type { ChangedFile } from "../../../catalog/table-change.ts";
import type { WriteRequest } from "../../../catalog/warehouse-api.ts";
import { sparkError, unsupported } from "../../../errors/spark-error.ts";
import type { Attr } from "../../../functions/expr.ts";
import { planDeltaWrite } from "../../../lake/delta-write-plan.ts";
import { rowCountOf } from "../../../lake/file-statistics.ts";
import type { Relation } from "../../../plan/relation.ts";
import { parseExpression, parseOptionsFromConf } from "../../../sql/parse.ts";
import { BOOLEAN, type StructField } from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import { stored } from "../write.ts";
import { changeRows, writeChangeData, writesChangeData } from "./change-data.ts";
import { changing, metrics, sum, writeFiles } from "./changing.ts";
import { deterministic, filesWithMatches } from "./delete.ts";
import { StatementAnalysis } from "./statement-analysis.ts";
import { tableRows } from "./table-rows.ts";
import { pinTarget } from "./target.ts";

/** Numbers of the columns that a write adds, far above those of any analysis. */
const FIRST_WRITE_ID = 1_000_000_000;

/** Puts rows in the place of those for which `replaceWhere` is true; the new ones must satisfy it too. */
export async function replaceWhere(
  input: Relation,
  env: CommandEnv,
  request: Omit<WriteRequest, "schema">,
): Promise<number> {
  const options = request.options ?? {};
  const text = options.replacewhere as string;
  if (options.partitionoverwritemode?.toLowerCase() === "dynamic") {
    throw sparkError("IllegalArgumentException", {
      condition: "DELTA_REPLACE_WHERE_WITH_DYNAMIC_PARTITION_OVERWRITE",
    });
  }
  if (options.overwriteschema === "true") {
    throw sparkError("IllegalArgumentException", { condition: "DELTA_REPLACE_WHERE_IN_OVERWRITE" });
  }
  if (options.txnappid !== undefined) throw unsupported("txnAppId together with replaceWhere");
  const displayName =
    request.target.kind === "table" ? quotedTableName(request.target.name) : request.target.path;
  return changing(
    env,
    () => env.warehouse.beginChange(request.target, "replaceWhere"),
    async (change) => {
      let seen: readonly ChangedFile[] = [];
      let chosen: readonly ChangedFile[] | undefined;
      const pin = pinTarget(change, { alias: undefined, planId: undefined }, async (predicate) => {
        if (chosen !== undefined) return chosen;
        seen = await change.filesFor(predicate);
        return seen;
      });
      const parsed = parseExpression(
        text,
        parseOptionsFromConf((key) => env.session.conf.get(key)),
      );
      const analysis = await StatementAnalysis.begin(env, [pin], [pin.relation], [parsed]);
      const { table, file } = analysis.target(pin);
      const condition = deterministic(analysis.condition(parsed, [table], "replaceWhere"), analysis);
      const touched = await filesWithMatches(env, analysis, table.plan, condition, file, () => seen);
      const partly = touched.filter((t) => rowCountOf(t.file.file) !== t.matches).map((t) => t.file);

      const prepared = await env.runner.prepare(input, env.operation);
      if (prepared.resolver.currentSources.some((s) => s.directory === change.directory)) change.readWhole();
      const plan = planDeltaWrite(change.snapshot, {
        mode: "overwrite",
        data: prepared.query.schema,
        partitionBy: request.partitionBy,
        mergeSchema: options.mergeschema === "true",
        overwriteSchema: false,
        byPosition: request.byPosition === true,
        tableName: displayName,
      });
      if (plan.identity.length > 0) throw unsupported("replaceWhere on a table with identity columns");
      const output = outputOf(prepared.query.plan);
      const values = plan.schema.fields.map((target, i) => {
        const source = plan.sources[i];
        const attr = source === undefined ? undefined : output[source];
        return attr && stored(attr, target as StructField, displayName, prepared, env);
      });
      const over = StatementAnalysis.over(prepared, FIRST_WRITE_ID);
      const mustMatch = { kind: "check", name: REPLACED, expression: text } as const;
      const rows = tableRows(over, prepared.query.plan, values, {
        schema: plan.schema,
        constraints: [...plan.constraints, mustMatch],
      });
      const shape = {
        schema: plan.schema,
        partitionBy: plan.partitionBy,
        physicalNames: plan.physicalNames,
        statisticsColumns: plan.statisticsColumns,
      };
      const added = await explained(text, () => writeFiles(env, over, change, rows.plan, shape));
      chosen = partly;
      const kept = analysis.call("not", analysis.call("<=>", condition, analysis.literal(true, BOOLEAN)));
      const copied =
        partly.length === 0
          ? []
          : await writeFiles(
              env,
              analysis,
              change,
              {
                kind: "RProject",
                input: { kind: "RFilter", input: table.plan, condition: kept },
                columns: table.output as readonly Attr[],
              },
              change.layout(),
            );
      let changes: Awaited<ReturnType<typeof writeChangeData>> = [];
      if (writesChangeData(change)) {
        chosen = touched.map((t) => t.file);
        const gone = changeRows(
          analysis,
          { kind: "RFilter", input: table.plan, condition },
          table.output,
          "delete",
        );
        const fresh = changeRows(over, rows.plan, rows.columns, "insert");
        changes = [
          ...(await writeChangeData(env, analysis, change, [gone])),
          ...(await writeChangeData(env, over, change, [fresh], plan.schema)),
        ];
      }
      env.operation.progress({ phase: "commit" });
      const removed = touched.map((t) => t.file.file);
      await change.commit({
        removed,
        written: [...copied, ...added],
        changes,
        ...(plan.change === undefined ? {} : { metadata: plan.change }),
        operation: request.operation ?? "WRITE",
        operationParameters: {
          mode: "Overwrite",
          partitionBy: JSON.stringify(request.partitionBy ?? []),
          predicate: text,
        },
        operationMetrics: metrics({
          numFiles: added.length + copied.length,
          numOutputRows: sum(added, (f) => f.rowCount),
          numOutputBytes: sum([...added, ...copied], (f) => f.sizeBytes),
          numDeletedRows: sum(touched, (t) => t.matches),
          numCopiedRows: sum(copied, (f) => f.rowCount),
          numRemovedFiles: removed.length,
          numAddedChangeFiles: changes.length,
        }),
        ...(request.userMetadata === undefined ? {} : { userMetadata: request.userMetadata }),
      });
      return sum(added, (f) => f.rowCount);
    },
  );
}

const REPLACED = "replaceWhere";

/** A new row outside of what is replaced has an error of its own. */
async function explained<T>(text: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { getCondition, getMessageParameters } = error as {
      getCondition?: () => string;
      getMessageParameters?: () => Readonly<Record<string, string>>;
    };
    const parameters = getMessageParameters?.call(error);
    if (
      getCondition?.call(error) !== "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES" ||
      parameters?.constraintName !== REPLACED
    ) {
      throw error;
    }
    const message = `CHECK constraint EXPRESSION${parameters.expression} violated by row with values:\n${parameters.values}`;
    throw sparkError("AnalysisException", {
      condition: "DELTA_REPLACE_WHERE_MISMATCH",
      messageParameters: { replaceWhere: text, message },
      cause: error,
    });
  }
}
