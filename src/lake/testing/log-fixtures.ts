import type { Storage } from "../../storage/storage.ts";
import { field, LONG, STRING, type StructType, struct } from "../../types/data-type.ts";
import type { Action, AddFile } from "../actions.ts";
import { DeltaLog } from "../delta-log.ts";
import type { Environment } from "../environment.ts";
import { SILENT_LOGGER } from "../environment.ts";
import { createTableActions } from "../new-table.ts";
import { writeParquet } from "../parquet-writer.ts";

/** For tests: a table log without data files. */
export const SCHEMA: StructType = struct([field("id", LONG), field("p", STRING)]);

/** Time goes on by a second with each look at the clock; names are counted. */
export function testEnvironment(more: Partial<Environment> = {}): Environment {
  let now = Date.UTC(2024, 0, 1);
  let names = 0;
  return {
    clock: { now: () => (now += 1000), sleep: async () => {} },
    random: {
      uuid: () => `00000000-0000-4000-8000-${String(++names).padStart(12, "0")}`,
      next: () => 0.5,
    },
    logger: SILENT_LOGGER,
    writeParquet,
    engineInfo: "test",
    ...more,
  };
}

export function addOf(path: string, more: Partial<AddFile> = {}): Action {
  return {
    add: { path, partitionValues: {}, size: 10, modificationTime: 1, dataChange: true, ...more },
  };
}

export function removeOf(path: string): Action {
  return { remove: { path, deletionTimestamp: Date.UTC(2024, 0, 1), dataChange: true } };
}

export interface TableOptions {
  readonly partitionColumns?: readonly string[];
  readonly configuration?: Readonly<Record<string, string>>;
}

/** Creates the table `t` as version 0. */
export async function createLog(
  storage: Storage,
  options: TableOptions = {},
  env: Environment = testEnvironment(),
): Promise<DeltaLog> {
  const log = new DeltaLog(storage, "t", env);
  const definition = {
    schema: SCHEMA,
    partitionColumns: options.partitionColumns ?? [],
    configuration: options.configuration ?? {},
  };
  await log.commit(async () => ({
    operation: "CREATE TABLE",
    ...createTableActions(definition, env, "t"),
    actions: [],
    isBlindAppend: true,
  }));
  return log;
}

/** Lands actions whatever came before. */
export async function commitActions(
  log: DeltaLog,
  actions: readonly Action[],
  isBlindAppend = true,
): Promise<void> {
  await log.commit(async () => ({ operation: "WRITE", actions, isBlindAppend }));
}

export function livePaths(log: { readonly files: readonly AddFile[] }): readonly string[] {
  return log.files.map((file) => file.path);
}
