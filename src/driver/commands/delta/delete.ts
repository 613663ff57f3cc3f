import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import type { ChangedFile } from "../../../catalog/table-change.ts";
import { analysisError } from "../../../errors/spark-error.ts";
import type { Attr, Expr } from "../../../functions/expr.ts";
import type { AddFile } from "../../../lake/actions.ts";
import { rowCountOf } from "../../../lake/file-statistics.ts";
import type { DeleteFrom } from "../../../plan/statement.ts";
import { BOOLEAN, field, LONG, STRING, struct } from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";
import { changeRows, writeChangeData, writesChangeData } from "./change-data.ts";
import { changing, metrics, stopwatch, sum, writeFiles } from "./changing.ts";
import { markDeleted, usesDeletionVectors } from "./deletion-vectors.ts";
import { StatementAnalysis } from "./statement-analysis.ts";
import { namedTarget, pinTarget } from "./target.ts";

export const AFFECTED_ROWS = struct([field("num_affected_rows", LONG)]);

/** `DELETE FROM t [WHERE condition]`. */
export async function deleteFrom(command: DeleteFrom, env: CommandEnv): Promise<CommandOutput> {
  const named = await namedTarget(command.table, "DELETE", env);
  return changing(
    env,
    () => env.warehouse.beginChange(named.target, "DELETE"),
    async (change) => {
      const lap = stopwatch();
      let seen: readonly ChangedFile[] = [];
      let chosen: readonly ChangedFile[] | undefined;
      const pin = pinTarget(change, named, async (predicate) => {
        if (chosen !== undefined) return chosen;
        seen = await change.filesFor(predicate);
        return seen;
      });
      const { condition: written } = command;
      const analysis = await StatementAnalysis.begin(
        env,
        [pin],
        [pin.relation],
        written === undefined ? [] : [written],
      );
      const { table, file, row } = analysis.target(pin);
      if (written === undefined) {
        // Every file goes as a whole: nothing has to be read.
        const all = await change.filesFor({ kind: "always" });
        const known = all.map((one) => rowCountOf(one.file));
        if (all.length === 0) return { schema: AFFECTED_ROWS, rows: [[0]] };
        if (!known.includes(undefined)) {
          const deleted = sum(known as number[], (n) => n);
          const scanTimeMs = lap();
          await change.commit({
            removed: all.map((one) => one.file),
            written: [],
            operation: "DELETE",
            operationParameters: { predicate: '["true"]' },
            operationMetrics: deleteMetrics({
              removed: all.map((one) => one.file),
              deleted,
              scanTimeMs,
              vectorsRemoved: all.filter((one) => one.file.deletionVector !== undefined).length,
            }),
          });
          return { schema: AFFECTED_ROWS, rows: [[deleted]] };
        }
      }
      const condition =
        written === undefined
          ? analysis.literal(true, BOOLEAN)
          : deterministic(analysis.condition(written, [table], "DELETE"), analysis);
      const touched = await filesWithMatches(env, analysis, table.plan, condition, file, () => seen);
      const scanTimeMs = lap();
      if (touched.length === 0) return { schema: AFFECTED_ROWS, rows: [[0]] };
      const deleted = sum(touched, (t) => t.matches);
      const predicate = JSON.stringify([analysis.pretty(condition)]);
      const whole = touched.filter((t) => rowCountOf(t.file.file) === t.matches);
      const partly = touched.filter((t) => !whole.includes(t));
      chosen = partly.map((t) => t.file);
      const changes = writesChangeData(change)
        ? await (async () => {
            chosen = touched.map((t) => t.file);
            const rows = changeRows(
              analysis,
              { kind: "RFilter", input: table.plan, condition },
              table.output,
              "delete",
            );
            const files = await writeChangeData(env, analysis, change, [rows]);
            chosen = partly.map((t) => t.file);
            return files;
          })()
        : [];
      if (partly.length > 0 && usesDeletionVectors(change)) {
        const marked = await markDeleted(env, analysis, change, chosen, {
          plan: { kind: "RFilter", input: table.plan, condition },
          file,
          row,
        });
        await change.commit({
          removed: whole.map((t) => t.file.file),
          written: [],
          marked: marked.files,
          changes,
          operation: "DELETE",
          operationParameters: { predicate },
          operationMetrics: deleteMetrics({
            removed: whole.map((t) => t.file.file),
            deleted,
            scanTimeMs,
            rewriteTimeMs: lap(),
            changeFiles: changes.length,
            vectorsAdded: marked.files.length,
            vectorsRemoved:
              marked.replaced + whole.filter((t) => t.file.file.deletionVector !== undefined).length,
            vectorsUpdated: marked.replaced,
          }),
        });
        return { schema: AFFECTED_ROWS, rows: [[deleted]] };
      }
      const kept = analysis.call("not", analysis.call("<=>", condition, analysis.literal(true, BOOLEAN)));
      const files =
        partly.length === 0
          ? []
          : await writeFiles(
              env,
              analysis,
              change,
              {
                kind: "RProject",
                input: { kind: "RFilter", input: table.plan, condition: kept },
                columns: table.output,
              },
              change.layout(),
            );
      env.operation.progress({ phase: "commit" });
      const removed = touched.map((t) => t.file.file);
      await change.commit({
        removed,
        written: files,
        changes,
        operation: "DELETE",
        operationParameters: { predicate },
        operationMetrics: deleteMetrics({
          removed,
          deleted,
          copied: sum(files, (f) => f.rowCount),
          addedFiles: files.length,
          addedBytes: sum(files, (f) => f.sizeBytes),
          scanTimeMs,
          rewriteTimeMs: lap(),
          changeFiles: changes.length,
          vectorsRemoved: removed.filter((f) => f.deletionVector !== undefined).length,
        }),
      });
      return { schema: AFFECTED_ROWS, rows: [[deleted]] };
    },
  );
}

/** Delta's statements want conditions that say the same each time they are asked. */
export function deterministic(condition: Expr, analysis: StatementAnalysis): Expr {
  if (analysis.isDeterministic(condition)) return condition;
  throw analysisError("INVALID_NON_DETERMINISTIC_EXPRESSIONS", {
    sqlExprs: `"${analysis.pretty(condition)}"`,
  });
}

/** Files that hold rows for which the condition is true, with how many. */
export async function filesWithMatches(
  env: CommandEnv,
  analysis: StatementAnalysis,
  plan: ResolvedRelation,
  condition: Expr,
  file: Attr,
  seen: () => readonly ChangedFile[],
): Promise<readonly { readonly file: ChangedFile; readonly matches: number }[]> {
  const count = analysis.alias(analysis.call("count", analysis.int(1)), "n");
  const grouped: ResolvedRelation = {
    kind: "RAggregate",
    input: { kind: "RFilter", input: plan, condition },
    grouping: [file],
    columns: [file, count],
  };
  const schema = struct([field("file", STRING), field("n", LONG)]);
  const { rows } = await env.runner.collectPrepared(analysis.query(grouped, schema), env.operation);
  const matches = new Map(rows.map(([path, n]) => [path as string, Number(n)]));
  return seen().flatMap((one) => {
    const n = matches.get(one.path);
    return n === undefined ? [] : [{ file: one, matches: n }];
  });
}

function deleteMetrics(of: {
  readonly removed: readonly AddFile[];
  readonly deleted: number;
  readonly copied?: number;
  readonly addedFiles?: number;
  readonly addedBytes?: number;
  readonly scanTimeMs: number;
  readonly rewriteTimeMs?: number;
  readonly changeFiles?: number;
  readonly vectorsAdded?: number;
  readonly vectorsRemoved?: number;
  readonly vectorsUpdated?: number;
}): Readonly<Record<string, string>> {
  const rewriteTimeMs = of.rewriteTimeMs ?? 0;
  return metrics({
    numRemovedFiles: of.removed.length,
    numRemovedBytes: sum(of.removed, (f) => f.size),
    numAddedFiles: of.addedFiles ?? 0,
    numAddedBytes: of.addedBytes ?? 0,
    numDeletedRows: of.deleted,
    numCopiedRows: of.copied ?? 0,
    numAddedChangeFiles: of.changeFiles ?? 0,
    numDeletionVectorsAdded: of.vectorsAdded ?? 0,
    numDeletionVectorsRemoved: of.vectorsRemoved ?? 0,
    numDeletionVectorsUpdated: of.vectorsUpdated ?? 0,
    scanTimeMs: of.scanTimeMs,
    rewriteTimeMs,
    executionTimeMs: of.scanTimeMs + rewriteTimeMs,
  });
}
