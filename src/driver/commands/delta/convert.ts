import type { ScanFile } from "../../../engine/engine-api.ts";
import { analysisError, unsupported } from "../../../errors/spark-error.ts";
import type { AddFile } from "../../../lake/actions.ts";
import { encodeFilePath } from "../../../lake/actions.ts";
import type { ConvertToDelta } from "../../../plan/statement.ts";
import type { StructType } from "../../../types/data-type.ts";
import { BOOLEAN, struct } from "../../../types/data-type.ts";
import { discoverPartitions } from "../../partition-discovery.ts";
import type { FoundFile } from "../../user-files.ts";
import type { CommandEnv } from "../command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "../command-output.ts";
import { filesWithMatches } from "./delete.ts";
import { StatementAnalysis } from "./statement-analysis.ts";
import { pathTarget, type TargetPin } from "./target.ts";

/** ``CONVERT TO DELTA parquet.`path` [PARTITIONED BY (...)]``: a log beside the files that are there. */
export async function convertToDelta(command: ConvertToDelta, env: CommandEnv): Promise<CommandOutput> {
  const [format, path] = command.name;
  if (command.name.length !== 2 || format?.toLowerCase() !== "parquet" || path === undefined) {
    throw unsupported("CONVERT TO DELTA of anything but parquet.`path`");
  }
  const target = pathTarget(path, env);
  const { log } = await env.warehouse.deltaTable(target, "CONVERT TO DELTA");
  if ((await log.latest()) !== undefined) return NO_OUTPUT;
  const { storage } = env.warehouse;
  const { directory } = log;
  const found = (await storage.list(directory, { recursive: true })).filter((file) => {
    const parts = file.path.slice(directory.length + 1).split("/");
    return !parts.some((part) => /^[_.]/.test(part) && !part.includes("="));
  });
  if (found.length === 0) {
    throw analysisError("DELTA_CONVERSION_NO_PARTITION_FOUND", { tableName: path });
  }
  const files = found.map(
    (file): FoundFile => ({
      ref: { kind: "storage", path: file.path },
      sizeBytes: file.sizeBytes,
      modifiedMs: file.modifiedMs,
      displayPath: file.path,
      below: file.path.slice(directory.length + 1).split("/"),
    }),
  );
  const partitions = discoverPartitions(files);
  const declared = command.partitionSchema;
  for (const [i, file] of partitions.files.entries()) {
    const own = Object.keys(file.partitionValues ?? {});
    if (own.length === declared.length && declared.every((f, n) => f.name === own[n])) continue;
    const shown = (names: readonly string[]): string => `[${names.map((n) => `\`${n}\``).join(", ")}]`;
    throw analysisError("DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME", {
      expectedColsSize: String(declared.length),
      expectedCols: shown(declared.map((f) => f.name)),
      parsedColsSize: String(own.length),
      parsedCols: shown(own),
      path: env.session.driver.userFiles.display((files[i] as FoundFile).displayPath ?? ""),
    });
  }
  const { schema: data } = await env.session.driver.engines.inferSchema(
    {
      format: "parquet",
      files,
      options: { mergeschema: "true" },
      timeZone: env.session.conf.timeZone,
    },
    env.operation.signal,
  );
  const names = new Set(declared.map((f) => f.name.toLowerCase()));
  const schema: StructType = struct([
    ...data.fields.filter((f) => !names.has(f.name.toLowerCase())).map((f) => ({ ...f, nullable: true })),
    ...declared.map((f) => ({ ...f, nullable: true })),
  ]);
  const counts = command.noStatistics ? new Map<string, number>() : await rowCounts(files, data, env);
  const adds = partitions.files.map((file, i): AddFile => {
    const own = files[i] as FoundFile;
    const rows = counts.get(own.displayPath as string);
    return {
      path: encodeFilePath(own.below.join("/")),
      partitionValues: file.partitionValues ?? {},
      size: own.sizeBytes as number,
      modificationTime: own.modifiedMs as number,
      dataChange: true,
      ...(rows === undefined ? {} : { stats: JSON.stringify({ numRecords: rows }) }),
    };
  });
  await env.warehouse.convertDirectory({
    target,
    schema,
    partitionColumns: declared.map((f) => f.name),
    files: adds,
    collectStatistics: !command.noStatistics,
  });
  return NO_OUTPUT;
}

/** Rows by file, which readers that count need. */
async function rowCounts(
  files: readonly ScanFile[],
  schema: StructType,
  env: CommandEnv,
): Promise<ReadonlyMap<string, number>> {
  const pin: TargetPin = {
    name: "\0convert",
    identifier: [],
    alias: undefined,
    relation: { kind: "ReadTable", unparsedIdentifier: "", nameParts: ["\0convert"], options: {} },
    scan: {
      schema,
      partitionColumns: [],
      version: undefined,
      timestampMs: undefined,
      rowCount: undefined,
      sizeBytes: 0,
      physicalNames: undefined,
      source: { directory: "", version: undefined },
      files: async () => files,
    },
  };
  const analysis = await StatementAnalysis.begin(env, [pin], [pin.relation], []);
  const { table, file } = analysis.target(pin);
  const seen = files.map((scan) => ({ scan, path: scan.displayPath as string, file: NO_ACTION }));
  const condition = analysis.literal(true, BOOLEAN);
  const counted = await filesWithMatches(env, analysis, table.plan, condition, file, () => seen);
  return new Map(counted.map((one) => [one.file.path, one.matches]));
}

const NO_ACTION: AddFile = { path: "", partitionValues: {}, size: 0, modificationTime: 0, dataChange: true };
