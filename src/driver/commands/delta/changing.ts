import type { AnalyzedQuery } from "../../../analyzer/index.ts";
import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import type { TableChange } from "../../../catalog/table-change.ts";
import type { TaskSink, WrittenFile } from "../../../engine/engine-api.ts";
import { LakeletError } from "../../../errors/lakelet-error.ts";
import { ConcurrentModificationException } from "../../../errors/spark-error.ts";
import { storedSchema } from "../../../lake/column-mapping.ts";
import type { StructType } from "../../../types/data-type.ts";
import { throwIfCancelled } from "../../operations.ts";
import type { CommandEnv } from "../command-env.ts";
import type { StatementAnalysis } from "./statement-analysis.ts";

/** Times a statement is run anew because others were faster, at most. */
export const MAX_CONFLICT_RETRIES = 10;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2_000;

/** The setting that puts a text of the user's into the history. */
export const USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

/**
 * Runs work that ends in a commit; when another writer came first with what forbids it, the work is done again from a
 * fresh read, after a pause that grows and varies. Nothing of the failed try is in the table. An outcome that is not
 * known is no conflict: it is never tried again.
 */
export async function retryingConflicts<T>(env: CommandEnv, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConcurrentModificationException) || attempt >= MAX_CONFLICT_RETRIES) throw error;
      throwIfCancelled(env.operation.signal);
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
  }
}

/** The same with a change of one table, which is given up when the work fails. */
export async function changing<T>(
  env: CommandEnv,
  begin: () => Promise<TableChange>,
  work: (change: TableChange) => Promise<T>,
): Promise<T> {
  return retryingConflicts(env, async () => {
    const change = await begin();
    change.userMetadata = env.session.conf.get(USER_METADATA);
    try {
      return await work(change);
    } finally {
      await change.abort();
    }
  });
}

export interface WriteShape {
  readonly schema: StructType;
  readonly partitionBy: readonly string[];
  readonly physicalNames: TableChange["scan"]["physicalNames"];
  readonly statisticsColumns: number;
  /** Below the table's directory. */
  readonly subdirectory?: string;
  readonly maxRowsPerFile?: number;
}

/** Writes a plan's rows as new files of the table that is being changed; they are no part of it yet. */
export async function writeFiles(
  env: CommandEnv,
  analysis: StatementAnalysis,
  change: TableChange,
  plan: ResolvedRelation,
  shape: WriteShape,
): Promise<readonly WrittenFile[]> {
  const { conf } = env.session;
  const { subdirectory } = shape;
  const sink: TaskSink = {
    kind: "files",
    format: "parquet",
    target: "storage",
    directory: subdirectory === undefined ? change.directory : `${change.directory}/${subdirectory}`,
    schema: storedSchema(shape.schema, shape.physicalNames),
    partitionBy: shape.partitionBy,
    ...(shape.physicalNames === undefined ? {} : { physicalNames: shape.physicalNames }),
    ...(shape.maxRowsPerFile === undefined ? {} : { maxRowsPerFile: shape.maxRowsPerFile }),
    fileStem: change.randomName(),
    compression: conf.get("spark.sql.parquet.compression.codec") ?? "snappy",
    options: {},
    timeZone: conf.timeZone,
    statisticsColumns: shape.statisticsColumns,
  };
  const prepared = analysis.query(plan, shape.schema);
  const result = await env.runner.runInto(
    prepared,
    prepared.query satisfies AnalyzedQuery,
    sink,
    env.operation,
  );
  if (result.kind !== "files") throw new LakeletError("internal", "an engine answered a write with rows");
  const files =
    subdirectory === undefined
      ? result.files
      : result.files.map((file) => ({ ...file, path: `${subdirectory}/${file.path}` }));
  change.note(files);
  return files;
}

/** What a step took, for operation metrics. */
export function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const taken = Math.round(now - last);
    last = now;
    return taken;
  };
}

export function sum<T>(of: readonly T[], value: (one: T) => number): number {
  return of.reduce((total, one) => total + value(one), 0);
}

/** Metrics are text in the log. */
export function metrics(values: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
