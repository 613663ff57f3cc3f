import { sparkError } from "../errors/spark-error.ts";
import type { QueryProgress } from "../session/backend.ts";
import type { ScriptFrame } from "./session-variables.ts";

export interface Operation {
  readonly id: string;
  readonly tags: readonly string[];
  readonly signal: AbortSignal;
  readonly progress: (progress: Omit<QueryProgress, "operationId">) => void;
  /** Variables of the script blocks around a statement, innermost first. */
  readonly frames?: readonly ScriptFrame[];
}

/** The running operations of a session, for interrupting them by id, by tag or all at once. */
export class Operations {
  readonly #running = new Map<
    string,
    { readonly tags: readonly string[]; readonly abort: AbortController }
  >();

  /** Runs `work` as an operation; an interrupt makes it reject with OPERATION_CANCELED. */
  async run<T>(
    options: {
      readonly operationId: string;
      readonly tags?: readonly string[];
      readonly signal?: AbortSignal;
      readonly onProgress?: (progress: QueryProgress) => void;
    },
    work: (operation: Operation) => Promise<T>,
  ): Promise<T> {
    const { operationId, tags = [], signal: outer, onProgress } = options;
    const abort = new AbortController();
    const forward = () => abort.abort(outer?.reason);
    if (outer?.aborted === true) forward();
    outer?.addEventListener("abort", forward);
    this.#running.set(operationId, { tags, abort });
    const operation: Operation = {
      id: operationId,
      tags,
      signal: abort.signal,
      progress: (progress) => onProgress?.({ operationId, ...progress }),
    };
    try {
      throwIfCancelled(abort.signal);
      return await work(operation);
    } catch (error) {
      if (abort.signal.aborted) throw cancelled(error);
      throw error;
    } finally {
      outer?.removeEventListener("abort", forward);
      this.#running.delete(operationId);
    }
  }

  /** Ids of the operations that were told to stop. */
  interrupt(which: (id: string, tags: readonly string[]) => boolean): readonly string[] {
    const stopped: string[] = [];
    for (const [id, { tags, abort }] of this.#running) {
      if (!which(id, tags)) continue;
      abort.abort();
      stopped.push(id);
    }
    return stopped;
  }

  get ids(): readonly string[] {
    return [...this.#running.keys()];
  }
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

function cancelled(cause?: unknown): Error {
  return sparkError("PySparkException", {
    condition: "OPERATION_CANCELED",
    ...(cause === undefined ? {} : { cause }),
  });
}
