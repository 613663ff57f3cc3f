import * as Comlink from "comlink";
import { Engine } from "./engine.ts";
import type { EngineApi, EngineResult, TaskEvent } from "./engine-api.ts";
import { toEngineError } from "./failure.ts";
import type { EnginePlatform } from "./platform.ts";

/** Long enough for the answer to leave. */
const FAREWELL_MS = 50;

/**
 * Exposes an engine to the other side of an endpoint. Arrow moves instead of being copied. An engine whose DuckDB is
 * broken beyond use answers once more and then ends its worker with `exit`, so that it is replaced.
 */
export function serveEngine(platform: EnginePlatform, exit: () => void, endpoint?: Comlink.Endpoint): void {
  const engine = new Engine(platform);
  const answered = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (await engine.broken()) setTimeout(exit, FAREWELL_MS);
      // Comlink keeps only the text of an Error; a plain object crosses with its failure.
      const { failure, message } = toEngineError(error);
      throw { failure, message };
    }
  };
  const api: EngineApi = {
    open: (options) => answered(engine.open(options)),
    run: (task, onEvent) => answered(engine.run(task, onEvent && forwarding(onEvent)).then(transferred)),
    inferSchema: (request) => answered(engine.inferSchema(request)),
    cancel: (taskId) => answered(engine.cancel(taskId)),
    trim: (maxBytes) => answered(engine.trim(maxBytes)),
    stats: () => answered(engine.stats()),
    close: () => answered(engine.close()),
  };
  Comlink.expose(api, endpoint);
}

function transferred(result: EngineResult): EngineResult {
  if (result.kind !== "arrow") return result;
  return Comlink.transfer(
    result,
    result.chunks.map((chunk) => chunk.buffer),
  );
}

/** The listener's answer tells that it has the event; an engine that streams waits for it. */
function forwarding(onEvent: (event: TaskEvent) => void): (event: TaskEvent) => void {
  return (event) => {
    const message = event.kind === "batch" ? Comlink.transfer(event, [event.data.buffer]) : event;
    const answer = Promise.resolve(onEvent(message));
    // The other side may be gone: its death is noticed elsewhere.
    answer.catch(() => {});
    return answer;
  };
}
