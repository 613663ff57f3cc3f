import type { StructType } from "../types/data-type.ts";
import { randomUuid } from "../types/random-uuid.ts";

/** What the table code takes from the world, so that tests can replace time, chance and the log. */
export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly writeParquet: ParquetWriter;
  /** Goes into `commitInfo.engineInfo`. */
  readonly engineInfo: string;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}

export interface Random {
  /** A random UUID in lower case. */
  uuid(): string;
  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number;
}

export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * Encodes rows as one Parquet file. Rows are plain objects by field name: nested objects for structs and maps, arrays,
 * strings, booleans, number or bigint for integers.
 */
export type ParquetWriter = (
  rows: readonly Readonly<Record<string, unknown>>[],
  schema: StructType,
) => Promise<Uint8Array>;

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
};

export const SYSTEM_RANDOM: Random = {
  uuid: randomUuid,
  next: () => Math.random(),
};

export const SILENT_LOGGER: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
