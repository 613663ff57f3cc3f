import { LakeletError } from "../errors/lakelet-error.ts";

interface Waiter {
  readonly mode: LockMode;
  readonly grant: () => void;
}

interface LockState {
  exclusive: boolean;
  shared: number;
  readonly waiting: Waiter[];
}

export type LockMode = "exclusive" | "shared";

/**
 * Named locks within one realm, first in, first out: a shared request behind a waiting exclusive one waits too, as
 * with Web Locks.
 */
export class LockQueue {
  readonly #locks = new Map<string, LockState>();

  async run<T>(name: string, mode: LockMode, fn: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.acquire(name, mode, signal);
    try {
      return await fn();
    } finally {
      release();
    }
  }

  async tryRun<T>(
    name: string,
    mode: LockMode,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    const release = this.tryAcquire(name, mode);
    if (release === undefined) return { ran: false };
    try {
      return { ran: true, value: await fn() };
    } finally {
      release();
    }
  }

  /** The releaser, or undefined when the lock is not free at once. */
  tryAcquire(name: string, mode: LockMode): (() => void) | undefined {
    const state = this.#locks.get(name);
    if (state !== undefined && (state.waiting.length > 0 || !compatible(state, mode))) return undefined;
    return this.#take(name, state ?? this.#create(name), mode);
  }

  acquire(name: string, mode: LockMode, signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted(name, signal));
      const state = this.#locks.get(name) ?? this.#create(name);
      const waiter: Waiter = {
        mode,
        grant: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve(this.#take(name, state, mode));
        },
      };
      const onAbort = (): void => {
        state.waiting.splice(state.waiting.indexOf(waiter), 1);
        this.#grantNext(name, state);
        reject(aborted(name, signal));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      state.waiting.push(waiter);
      this.#grantNext(name, state);
    });
  }

  #create(name: string): LockState {
    const state: LockState = { exclusive: false, shared: 0, waiting: [] };
    this.#locks.set(name, state);
    return state;
  }

  #take(name: string, state: LockState, mode: LockMode): () => void {
    if (mode === "exclusive") state.exclusive = true;
    else state.shared++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      if (mode === "exclusive") state.exclusive = false;
      else state.shared--;
      this.#grantNext(name, state);
    };
  }

  #grantNext(name: string, state: LockState): void {
    for (
      let next = state.waiting[0];
      next !== undefined && compatible(state, next.mode);
      next = state.waiting[0]
    ) {
      state.waiting.shift();
      next.grant();
    }
    if (state.waiting.length === 0 && !state.exclusive && state.shared === 0) this.#locks.delete(name);
  }
}

function compatible(state: LockState, mode: LockMode): boolean {
  return !state.exclusive && (mode === "shared" || state.shared === 0);
}

function aborted(name: string, signal: AbortSignal | undefined): LakeletError {
  return new LakeletError("aborted", `stopped while waiting for the lock ${name}`, { cause: signal?.reason });
}
