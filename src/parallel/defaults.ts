import { coreCount } from "../pool/worker-starter.ts";
import type { ParallelMode } from "./pipeline.ts";

/** What holds for a pipeline where its options say nothing. */
export interface PipelineDefaults {
  readonly workers?: number | undefined;
  readonly mode?: ParallelMode | undefined;
  readonly chunkSize?: number | undefined;
}

/** Workers where nobody says how many: undefined is one for each core. */
export const DEFAULT_PARALLEL_WORKERS: number | undefined = undefined;
export const DEFAULT_PARALLEL_MODE: ParallelMode = "auto";
export const DEFAULT_CHUNK_SIZE = 1_000;

/** The settings of a session by which the defaults are set. */
export const PARALLEL_CONF = {
  workers: "spark.lakelet.parallel.workers",
  mode: "spark.lakelet.parallel.mode",
  chunkSize: "spark.lakelet.parallel.chunkSize",
} as const;

/** Of a session this much is used. */
export interface ConfSession {
  readonly conf: { get(key: string, defaultValue: undefined): Promise<string | undefined> };
}

/**
 * The defaults that a session has been given:
 *
 *     spark.conf.set("spark.lakelet.parallel.workers", 2);
 *     await pipeline({ ..., parallel: true, defaults: await parallelDefaults(spark) });
 */
export async function parallelDefaults(session: ConfSession): Promise<PipelineDefaults> {
  const read = (key: string): Promise<string | undefined> => session.conf.get(key, undefined);
  const [workers, mode, chunkSize] = await Promise.all(Object.values(PARALLEL_CONF).map(read));
  return {
    workers: workers === undefined ? undefined : positive(PARALLEL_CONF.workers, workers),
    mode: mode === undefined ? undefined : modeOf(mode),
    chunkSize: chunkSize === undefined ? undefined : positive(PARALLEL_CONF.chunkSize, chunkSize),
  };
}

export function defaultsOf(options: {
  readonly workers?: number;
  readonly parallelMode?: ParallelMode;
  readonly chunkSize?: number;
  readonly pool?: { readonly size: number };
  readonly defaults?: PipelineDefaults;
}): Required<{ [K in keyof PipelineDefaults]: NonNullable<PipelineDefaults[K]> }> {
  const { defaults = {} } = options;
  return {
    workers: positive(
      "workers",
      options.workers ?? options.pool?.size ?? defaults.workers ?? DEFAULT_PARALLEL_WORKERS ?? coreCount(),
    ),
    mode: modeOf(options.parallelMode ?? defaults.mode ?? DEFAULT_PARALLEL_MODE),
    chunkSize: positive("chunkSize", options.chunkSize ?? defaults.chunkSize ?? DEFAULT_CHUNK_SIZE),
  };
}

function positive(name: string, value: string | number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${name} must be a whole number of at least 1, not ${value}`);
}

function modeOf(mode: string): ParallelMode {
  if (mode === "auto" || mode === "thread" || mode === "process") return mode;
  throw new RangeError(`the mode is auto, thread or process, not ${mode}`);
}
