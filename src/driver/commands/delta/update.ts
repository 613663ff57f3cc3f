import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import type { ChangedFile } from "../../../catalog/table-change.ts";
import { analysisError, unsupported } from "../../../errors/spark-error.ts";
import type { Attr, Expr } from "../../../functions/expr.ts";
import { someExpr } from "../../../functions/expr-tree.ts";
import { isIdentity } from "../../../lake/identity-columns.ts";
import type { UpdateTable } from "../../../plan/statement.ts";
import { BOOLEAN, type StructField } from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";
import { type ColumnValues, resolveAssignments } from "./assignments.ts";
import { changeRows, writeChangeData, writesChangeData } from "./change-data.ts";
import { changing, metrics, stopwatch, sum, writeFiles } from "./changing.ts";
import { AFFECTED_ROWS, deterministic, filesWithMatches } from "./delete.ts";
import { markDeleted, usesDeletionVectors } from "./deletion-vectors.ts";
import { StatementAnalysis } from "./statement-analysis.ts";
import { defaultOf, generationOf, tableRows } from "./table-rows.ts";
import { namedTarget, pinTarget } from "./target.ts";

/** `UPDATE t SET a = x [WHERE condition]`. */
export async function updateTable(command: UpdateTable, env: CommandEnv): Promise<CommandOutput> {
  const named = await namedTarget(command.table, "UPDATE", env);
  return changing(
    env,
    () => env.warehouse.beginChange(named.target, "UPDATE"),
    async (change) => {
      const lap = stopwatch();
      let seen: readonly ChangedFile[] = [];
      let chosen: readonly ChangedFile[] | undefined;
      const pin = pinTarget(change, named, async (predicate) => {
        if (chosen !== undefined) return chosen;
        seen = await change.filesFor(predicate);
        return seen;
      });
      const { condition: written, assignments } = command;
      const analysis = await StatementAnalysis.begin(
        env,
        [pin],
        [pin.relation],
        [...(written === undefined ? [] : [written]), ...assignments.flatMap((a) => [a.key, a.value])],
      );
      const { table, file, row } = analysis.target(pin);
      const { schema } = change.snapshot;
      const values = resolveAssignments(analysis, assignments, table, schema, [table]);
      for (const index of values.keys()) {
        const column = schema.fields[index] as StructField;
        if (!isIdentity(column)) continue;
        throw analysisError("DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED", { colName: column.name });
      }
      for (const value of values.values()) {
        if (value !== "default" && someExpr(value, (e) => e.kind === "WindowExpr")) {
          throw unsupported("window functions in UPDATE");
        }
      }
      const always = analysis.literal(true, BOOLEAN);
      const condition =
        written === undefined
          ? always
          : deterministic(analysis.condition(written, [table], "UPDATE"), analysis);
      const touched = await filesWithMatches(env, analysis, table.plan, condition, file, () => seen);
      const scanTimeMs = lap();
      if (touched.length === 0) return { schema: AFFECTED_ROWS, rows: [[0]] };
      const updated = sum(touched, (t) => t.matches);
      chosen = touched.map((t) => t.file);
      const layout = change.layout();
      const matching: ResolvedRelation = { kind: "RFilter", input: table.plan, condition };
      const after = (input: ResolvedRelation, when: Expr) =>
        tableRows(
          analysis,
          input,
          updatedColumns(analysis, table.output, schema.fields, values, when),
          layout,
        );
      const vectors = usesDeletionVectors(change);
      const rows = vectors ? after(matching, always) : after(table.plan, condition);
      const files = await writeFiles(env, analysis, change, rows.plan, layout);
      const marked = vectors
        ? await markDeleted(env, analysis, change, chosen, { plan: matching, file, row })
        : undefined;
      const changes = writesChangeData(change)
        ? await writeChangeData(env, analysis, change, [
            changeRows(analysis, matching, table.output, "update_preimage"),
            (() => {
              const post = after(matching, always);
              return changeRows(analysis, post.plan, post.columns, "update_postimage");
            })(),
          ])
        : [];
      env.operation.progress({ phase: "commit" });
      const removed = vectors ? [] : chosen.map((t) => t.file);
      // A file that is marked counts as one that went and came back.
      const replaced = marked?.files.map((one) => one.file) ?? removed;
      const rewriteTimeMs = lap();
      await change.commit({
        removed,
        written: files,
        ...(marked === undefined ? {} : { marked: marked.files }),
        changes,
        operation: "UPDATE",
        operationParameters: {
          predicate: JSON.stringify(written === undefined ? [] : [analysis.pretty(condition)]),
        },
        operationMetrics: metrics({
          numRemovedFiles: replaced.length,
          numRemovedBytes: sum(replaced, (f) => f.size),
          numAddedFiles: files.length,
          numAddedBytes: sum(files, (f) => f.sizeBytes),
          numUpdatedRows: updated,
          numCopiedRows: vectors ? 0 : sum(files, (f) => f.rowCount) - updated,
          numAddedChangeFiles: changes.length,
          numDeletionVectorsAdded: marked?.files.length ?? 0,
          numDeletionVectorsRemoved:
            marked?.replaced ?? removed.filter((f) => f.deletionVector !== undefined).length,
          numDeletionVectorsUpdated: marked?.replaced ?? 0,
          scanTimeMs,
          rewriteTimeMs,
          executionTimeMs: scanTimeMs + rewriteTimeMs,
        }),
      });
      return { schema: AFFECTED_ROWS, rows: [[updated]] };
    },
  );
}

/** The columns of a row after an update of those for which `when` is true. Generated ones follow the others. */
function updatedColumns(
  analysis: StatementAnalysis,
  columns: readonly Attr[],
  fields: readonly StructField[],
  values: ColumnValues,
  when: Expr,
): readonly (Expr | undefined)[] {
  return columns.map((column, i) => {
    const field = fields[i] as StructField;
    const value = values.get(i);
    if (value === undefined) return generationOf(field) === undefined ? column : undefined;
    const given = value === "default" ? defaultValue(analysis, field) : value;
    if (given === undefined) return undefined;
    const cast = analysis.cast(given, field.dataType);
    return when.kind === "Lit" ? cast : analysis.choose([[when, cast]], column, field.dataType);
  });
}

/** What DEFAULT stands for; undefined: a generated column is computed. */
export function defaultValue(analysis: StatementAnalysis, field: StructField): Expr | undefined {
  if (generationOf(field) !== undefined) return undefined;
  const text = defaultOf(field);
  return text === undefined ? analysis.nothing(field.dataType) : analysis.text(text, []);
}
