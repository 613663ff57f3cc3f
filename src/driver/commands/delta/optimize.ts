import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import type { Resolved } from "../../../analyzer/scope.ts";
import type { ChangedFile, TableChange } from "../../../catalog/table-change.ts";
import type { WrittenFile } from "../../../engine/engine-api.ts";
import { analysisError, sparkError } from "../../../errors/spark-error.ts";
import type { Expr } from "../../../functions/expr.ts";
import { someExpr } from "../../../functions/expr-tree.ts";
import { rowCountOf } from "../../../lake/file-statistics.ts";
import type { OptimizeTable } from "../../../plan/statement.ts";
import { BOOLEAN, DOUBLE, field, LONG, STRING, struct } from "../../../types/data-type.ts";
import { quoteIdentifier } from "../../../types/format.ts";
import type { CommandEnv } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";
import { changing, metrics, sum, writeFiles } from "./changing.ts";
import { filesWithMatches } from "./delete.ts";
import { attrOf, StatementAnalysis } from "./statement-analysis.ts";
import { maintenanceTarget, pinTarget } from "./target.ts";

/** Files of at least this size are left alone, and none is made much larger. A tab has less room than a cluster. */
const DEFAULT_MAX_FILE_BYTES = 256 * 2 ** 20;
/** Ranks in so many steps decide the order; with several columns each has that many. */
const RANK_BITS = 10;

const FILES = struct([
  field("min", LONG),
  field("max", LONG),
  field("avg", DOUBLE, false),
  field("totalFiles", LONG, false),
  field("totalSize", LONG, false),
]);
const FILE_COUNT = struct([field("num", LONG, false), field("size", LONG, false)]);
const Z_ORDER = struct([
  field("strategyName", STRING),
  field("inputCubeFiles", FILE_COUNT),
  field("inputOtherFiles", FILE_COUNT),
  field("inputNumCubes", LONG, false),
  field("mergedFiles", FILE_COUNT),
  field("numOutputCubes", LONG, false),
  field("mergedNumCubes", LONG),
]);
const VECTORS = struct([
  field("numDeletionVectorsRemoved", LONG, false),
  field("numDeletionVectorRowsRemoved", LONG, false),
]);
const METRICS = struct([
  field("numFilesAdded", LONG, false),
  field("numFilesRemoved", LONG, false),
  field("filesAdded", FILES),
  field("filesRemoved", FILES),
  field("partitionsOptimized", LONG, false),
  field("zOrderStats", Z_ORDER),
  field("numBins", LONG, false),
  field("numBatches", LONG, false),
  field("totalConsideredFiles", LONG, false),
  field("totalFilesSkipped", LONG, false),
  field("preserveInsertionOrder", BOOLEAN, false),
  field("startTimeMs", LONG, false),
  field("endTimeMs", LONG, false),
  field("deletionVectorStats", VECTORS),
  field("numTableColumns", LONG, false),
  field("numTableColumnsWithStats", LONG, false),
]);
const OUTPUT = struct([field("path", STRING), field("metrics", METRICS)]);

/** `OPTIMIZE t [WHERE partitions] [ZORDER BY (columns)]`: the same rows in fewer files, in another order if asked. */
export async function optimizeTable(command: OptimizeTable, env: CommandEnv): Promise<CommandOutput> {
  const target = await maintenanceTarget(command, "OPTIMIZE", env);
  const maxBytes =
    Number(env.session.conf.get("spark.databricks.delta.optimize.maxFileSize")) || DEFAULT_MAX_FILE_BYTES;
  return changing(
    env,
    () => env.warehouse.beginChange(target, "OPTIMIZE"),
    async (change) => {
      const startTimeMs = change.nowMs;
      const all = await change.allFiles();
      let chosen = all;
      const pin = pinTarget(change, { alias: undefined, planId: undefined }, async () => chosen);
      const analysis = await StatementAnalysis.begin(
        env,
        [pin],
        [pin.relation],
        command.where === undefined ? [] : [command.where],
      );
      const { table, file } = analysis.target(pin);
      const zorder = zorderColumns(command, change);
      let considered = all;
      let predicate: string[] = [];
      if (command.where !== undefined) {
        const condition = analysis.condition(command.where, [table], "OPTIMIZE");
        assertPartitionColumns(condition, change);
        predicate = [analysis.pretty(condition)];
        const matches = await filesWithMatches(env, analysis, table.plan, condition, file, () => all);
        considered = matches.map((m) => m.file);
      }
      const bins = zorder.length > 0 ? byPartition(considered) : packed(considered, maxBytes);
      const written: WrittenFile[] = [];
      for (const [i, bin] of bins.entries()) {
        chosen = bin;
        const plan: ResolvedRelation =
          zorder.length > 0
            ? zOrdered(analysis, table, zorder)
            : { kind: "RProject", input: table.plan, columns: table.output };
        const rows = sum(bin, (one) => rowCountOf(one.file) ?? 0);
        const bytes = sum(bin, (one) => one.file.size);
        const parts = Math.ceil(bytes / maxBytes);
        written.push(
          ...(await writeFiles(env, analysis, change, plan, {
            ...change.layout(),
            ...(parts > 1 && rows > 0 ? { maxRowsPerFile: Math.ceil(rows / parts) } : {}),
          })),
        );
        env.operation.progress({ phase: "write", fraction: (i + 1) / bins.length });
      }
      const removed = bins.flat().map((one) => one.file);
      const vectors = removed.filter((f) => f.deletionVector !== undefined);
      if (removed.length > 0) {
        change.markRead(removed);
        const sizes = written.map((f) => f.sizeBytes).sort((a, b) => a - b);
        const at = (fraction: number): number =>
          sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * fraction))] ?? 0;
        await change.commit({
          removed,
          written,
          dataChange: false,
          operation: "OPTIMIZE",
          operationParameters: {
            predicate: JSON.stringify(predicate),
            auto: "false",
            clusterBy: "[]",
            zOrderBy: JSON.stringify(zorder),
          },
          operationMetrics: metrics({
            numRemovedFiles: removed.length,
            numRemovedBytes: sum(removed, (f) => f.size),
            numAddedFiles: written.length,
            numAddedBytes: sum(sizes, (size) => size),
            minFileSize: sizes[0] ?? 0,
            p25FileSize: at(0.25),
            p50FileSize: at(0.5),
            p75FileSize: at(0.75),
            maxFileSize: sizes.at(-1) ?? 0,
            numDeletionVectorsRemoved: vectors.length,
          }),
        });
      }
      const partitions = new Set(bins.map((bin) => partitionKey(bin[0] as ChangedFile)));
      const removedSize = sum(removed, (f) => f.size);
      const columns = change.snapshot.schema.fields.length;
      return {
        schema: OUTPUT,
        rows: [
          [
            env.session.driver.userFiles.display(change.directory),
            [
              written.length,
              removed.length,
              sizesOf(written.map((f) => f.sizeBytes)),
              sizesOf(removed.map((f) => f.size)),
              partitions.size,
              zorder.length === 0
                ? null
                : [
                    "all",
                    [0, 0],
                    [removed.length, removedSize],
                    0,
                    [removed.length, removedSize],
                    bins.length,
                    null,
                  ],
              bins.length,
              1,
              considered.length,
              considered.length - removed.length,
              false,
              startTimeMs,
              change.nowMs,
              vectors.length === 0
                ? null
                : [vectors.length, sum(vectors, (f) => f.deletionVector?.cardinality ?? 0)],
              columns,
              columns,
            ],
          ],
        ],
      };
    },
  );
}

function sizesOf(sizes: readonly number[]): readonly unknown[] {
  const total = sum(sizes, (size) => size);
  if (sizes.length === 0) return [null, null, 0, 0, 0];
  return [Math.min(...sizes), Math.max(...sizes), total / sizes.length, sizes.length, total];
}

function partitionKey({ file }: ChangedFile): string {
  return JSON.stringify(Object.entries(file.partitionValues).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byPartition(files: readonly ChangedFile[]): readonly (readonly ChangedFile[])[] {
  const partitions = new Map<string, ChangedFile[]>();
  for (const file of files) {
    const key = partitionKey(file);
    const known = partitions.get(key) ?? [];
    known.push(file);
    partitions.set(key, known);
  }
  return [...partitions.values()];
}

/** Small files, and those with deleted rows, in groups that make one file each. A file alone stays as it is. */
function packed(files: readonly ChangedFile[], maxBytes: number): readonly (readonly ChangedFile[])[] {
  const bins: ChangedFile[][] = [];
  for (const partition of byPartition(files)) {
    let bin: ChangedFile[] = [];
    let size = 0;
    const small = partition.filter(
      (one) => one.file.size < maxBytes || one.file.deletionVector !== undefined,
    );
    for (const one of small) {
      if (bin.length > 0 && size + one.file.size > maxBytes) {
        bins.push(bin);
        bin = [];
        size = 0;
      }
      bin.push(one);
      size += one.file.size;
    }
    if (bin.length > 0) bins.push(bin);
  }
  return bins.filter((bin) => bin.length > 1 || bin[0]?.file.deletionVector !== undefined);
}

function zorderColumns(command: OptimizeTable, change: TableChange): readonly string[] {
  const { schema, partitionColumns } = change.snapshot;
  return command.zorderBy.map((parts) => {
    const name = parts.join(".");
    const found = schema.fields.find((f) => f.name.toLowerCase() === parts[0]?.toLowerCase());
    if (found === undefined) {
      throw sparkError("IllegalArgumentException", {
        condition: "DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST",
        messageParameters: { columnName: name },
      });
    }
    if (partitionColumns.includes(found.name)) {
      throw sparkError("IllegalArgumentException", {
        condition: "DELTA_ZORDERING_ON_PARTITION_COLUMN",
        messageParameters: { colName: found.name },
      });
    }
    return parts.length === 1 ? found.name : name;
  });
}

function assertPartitionColumns(condition: Expr, change: TableChange): void {
  const { partitionColumns, schema } = change.snapshot;
  const data = schema.fields.find(
    (f) =>
      !partitionColumns.includes(f.name) &&
      someExpr(condition, (e) => e.kind === "Attr" && e.name === f.name),
  );
  if (data === undefined) return;
  throw analysisError("DELTA_NON_PARTITION_COLUMN_REFERENCE", {
    columnName: data.name,
    columnList: partitionColumns.join(", "),
  });
}

/** Rows along a Z-curve through the columns: those that are near in all of them are near in the file. */
function zOrdered(
  analysis: StatementAnalysis,
  table: Resolved,
  columns: readonly string[],
): ResolvedRelation {
  const ranks = columns.map((name) => {
    const path = name.split(".").map(quoteIdentifier).join(".");
    const rank = analysis.text(`ntile(${2 ** RANK_BITS}) OVER (ORDER BY ${path})`, table.output);
    return analysis.alias(analysis.call("-", rank, analysis.int(1)), "rank");
  });
  const ranked: ResolvedRelation = {
    kind: "RProject",
    input: table.plan,
    columns: [...table.output, ...ranks],
  };
  const bits = Array.from({ length: RANK_BITS }, (_, bit) =>
    ranks.map((rank, i) => {
      const one = analysis.call(
        "&",
        analysis.call("shiftright", attrOf(rank), analysis.int(bit)),
        analysis.int(1),
      );
      const wide = analysis.cast(one, LONG);
      return analysis.call("shiftleft", wide, analysis.int(bit * ranks.length + i));
    }),
  ).flat();
  const value = analysis.alias(
    bits.reduce((a, b) => analysis.call("|", a, b)),
    "z",
  );
  return {
    kind: "RProject",
    input: {
      kind: "RSort",
      input: { kind: "RProject", input: ranked, columns: [...table.output, value] },
      order: [
        {
          kind: "SortExpr",
          child: attrOf(value),
          direction: "ascending",
          nullsFirst: true,
          type: value.type,
          nullable: false,
        },
      ],
      isGlobal: true,
    },
    columns: table.output,
  };
}
