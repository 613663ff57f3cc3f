import { LakeletError } from "../../errors/lakelet-error.ts";
import { joinPath, pathParts } from "../../storage/paths.ts";
import type { Storage } from "../../storage/storage.ts";
import type { Clock, Environment, Logger, Random } from "../environment.ts";
import { SILENT_LOGGER, SYSTEM_CLOCK, SYSTEM_RANDOM } from "../environment.ts";
import { writeParquet } from "../parquet-writer.ts";

export interface TableOptions {
  /** Where the table is. By default the browser's own file system, or in Node the disk. */
  readonly storage?: Storage;
  /** Gets what the table has to tell: commits, conflicts, retries, what is collected. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly engineInfo?: string;
}

/** Finds the storage and the directory in it that a path means when no storage is given. */
export type PlaceFinder = (
  path: string,
) => Promise<{ readonly storage: Storage; readonly directory: string }>;

let findPlace: PlaceFinder | undefined;

/** @internal What a platform adds. */
export function setPlaceFinder(find: PlaceFinder): void {
  findPlace = find;
}

export interface Place {
  readonly storage: Storage;
  readonly directory: string;
  readonly env: Environment;
}

export async function placeOf(path: string, options: TableOptions): Promise<Place> {
  const env: Environment = {
    clock: options.clock ?? SYSTEM_CLOCK,
    random: options.random ?? SYSTEM_RANDOM,
    logger: options.logger ?? SILENT_LOGGER,
    writeParquet,
    engineInfo: options.engineInfo ?? "Lakelet",
  };
  if (options.storage !== undefined) return { storage: options.storage, directory: inside(path), env };
  if (findPlace === undefined) {
    throw new LakeletError(
      "unavailable",
      `give the storage of ${path}: this platform has no place for tables`,
    );
  }
  return { ...(await findPlace(path)), env };
}

/** A path inside of a storage: it never climbs out. */
export function inside(path: string, root = ""): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  pathParts(parts.join("/"));
  return joinPath(root, parts.join("/"));
}
