import { revive } from "./serve-tasks.ts";
import { shipFunction, type WorkerFunction } from "./ship-function.ts";
import type { TaskContext } from "./task-worker-api.ts";
import type { WorkerHandle } from "./worker-pool.ts";

/** Tasks in this realm: functions are called as they are, and values are not copied. */
export interface LocalTaskApi {
  call(
    fn: WorkerFunction<(...args: never[]) => unknown>,
    args: readonly unknown[],
    context: TaskContext,
  ): Promise<unknown>;
}

const LOCAL: LocalTaskApi = {
  call: async (fn, args, context) => {
    const callable = typeof fn === "function" ? fn : await revive(await shipFunction(fn));
    return (callable as (...args: unknown[]) => unknown)(...args, context);
  },
};

/** A worker that is none: a task that does not stop when told to is let go, and its outcome dropped. */
export function inlineHandle(): WorkerHandle<LocalTaskApi> {
  return { api: LOCAL, died: new Promise(() => {}), terminate: () => {}, isInline: true };
}

export function isLocal(api: object): api is LocalTaskApi {
  return api === LOCAL;
}
