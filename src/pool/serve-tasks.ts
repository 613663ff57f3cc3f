import * as Comlink from "comlink";
import { packError } from "./error-crossing.ts";
import type { ShippedFunction, TaskContext, TaskWorkerApi } from "./task-worker-api.ts";
import { transferablesOf } from "./transferables.ts";

type Callable = (...args: unknown[]) => unknown;

const MAX_KEPT_FUNCTIONS = 1_000;

/**
 * Exposes a worker that runs functions sent to it. What they give moves instead of being copied. It says hello when
 * `isReady` has resolved.
 */
export function serveTasks(endpoint?: Comlink.Endpoint, isReady: Promise<void> = Promise.resolve()): void {
  const controllers = new Map<number, AbortController>();
  const functions = new Map<string, Promise<Callable>>();
  const api: TaskWorkerApi = {
    hello: () => isReady,
    run: async (id, what, args, worker) => {
      const controller = new AbortController();
      controllers.set(id, controller);
      try {
        const callable = await kept(functions, what);
        const context: TaskContext = { signal: controller.signal, worker };
        const value = await callable(...args, context);
        return Comlink.transfer({ ok: true as const, value }, transferablesOf(value));
      } catch (error) {
        return { ok: false, ...packError(error) };
      } finally {
        controllers.delete(id);
      }
    },
    abort: async (id) => controllers.get(id)?.abort(new DOMException("the task was aborted", "AbortError")),
  };
  Comlink.expose(api, endpoint);
}

function kept(functions: Map<string, Promise<Callable>>, what: ShippedFunction): Promise<Callable> {
  const key = "source" in what ? what.source : `${what.name} of ${what.module}`;
  const known = functions.get(key);
  if (known !== undefined) return known;
  const made = revive(what);
  functions.set(key, made);
  made.catch(() => functions.delete(key));
  if (functions.size > MAX_KEPT_FUNCTIONS) {
    const [oldest] = functions.keys();
    if (oldest !== undefined) functions.delete(oldest);
  }
  return made;
}

/** The function of a text, or of a module. Throws where the page's policy forbids to make one of text. */
export async function revive(what: ShippedFunction): Promise<Callable> {
  if ("source" in what) {
    // Build tools that keep names call this helper in the functions they touch.
    return new Function("__name", `"use strict"; return (${what.source});`)(
      (value: unknown) => value,
    ) as Callable;
  }
  const found = ((await import(/* @vite-ignore */ what.module)) as Record<string, unknown>)[what.name];
  if (typeof found !== "function") throw new TypeError(`${what.module} exports no function ${what.name}`);
  return found as Callable;
}
