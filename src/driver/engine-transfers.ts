import * as Comlink from "comlink";
import type { EngineApi, EngineTask } from "../engine/engine-api.ts";

/** An engine behind Comlink: ports move over, callbacks become proxies, Arrow input is copied (it may be used again). */
export function withTransfers(remote: EngineApi, hooks: { readonly opened?: () => void } = {}): EngineApi {
  return {
    open: async (options) => {
      const port = options.storage?.kind === "memory" ? options.storage.port : undefined;
      const answer = await remote.open(port === undefined ? options : Comlink.transfer(options, [port]));
      hooks.opened?.();
      return answer;
    },
    run: (task: EngineTask, onEvent) =>
      onEvent === undefined ? remote.run(task) : remote.run(task, Comlink.proxy(onEvent)),
    inferSchema: (request) => remote.inferSchema(request),
    cancel: (taskId) => remote.cancel(taskId),
    trim: (maxBytes) => remote.trim(maxBytes),
    stats: () => remote.stats(),
    close: () => remote.close(),
  };
}
