import { LakeletError } from "../errors/lakelet-error.ts";
import { randomUuid } from "../types/random-uuid.ts";

/** Named locks across all tabs and workers of the origin. The browser frees them when their holder dies. */
export class WebLocks {
  readonly #locks: LockManager;
  readonly #prefix: string;
  #clientId: Promise<string> | undefined;

  constructor(locks: LockManager, prefix: string) {
    this.#locks = locks;
    this.#prefix = prefix;
  }

  async exclusive<T>(
    name: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<T> {
    const fullName = this.#prefix + name;
    let running: Promise<T> | undefined;
    let stolen = false;
    const assertHeld = async (): Promise<void> => {
      if (stolen || !(await this.#isOurs(fullName))) {
        throw new LakeletError("conflict", `the lock ${name} was taken away while it was held`, {
          retryable: true,
        });
      }
    };
    const init: LockOptions = options.signal === undefined ? {} : { signal: options.signal };
    try {
      return (await this.#locks.request(fullName, init, () => {
        running = fn({ assertHeld });
        return running;
      })) as T;
    } catch (error) {
      // A thief makes the request fail at once, but what runs under the lock goes on to its own end.
      if (running !== undefined) {
        stolen = true;
        return running;
      }
      throw this.#waitError(name, error, options.signal);
    }
  }

  async shared<T>(name: string, fn: () => Promise<T>): Promise<T> {
    return (await this.#locks.request(this.#prefix + name, { mode: "shared" }, fn)) as T;
  }

  async tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    return this.#locks.request(this.#prefix + name, { ifAvailable: true }, async (lock) =>
      lock === null ? { ran: false } : { ran: true, value: await fn() },
    ) as Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }>;
  }

  #waitError(name: string, error: unknown, signal: AbortSignal | undefined): unknown {
    if (!signal?.aborted) return error;
    return new LakeletError("aborted", `stopped while waiting for the lock ${name}`, { cause: error });
  }

  async #isOurs(fullName: string): Promise<boolean> {
    this.#clientId ??= this.#findClientId();
    const [clientId, { held = [] }] = await Promise.all([this.#clientId, this.#locks.query()]);
    return held.some((lock) => lock.name === fullName && lock.clientId === clientId);
  }

  /** The browser's name for this realm is only told through a lock that it holds. */
  async #findClientId(): Promise<string> {
    const name = `${this.#prefix}who-am-i:${randomUuid()}`;
    return (await this.#locks.request(name, async () => {
      const { held = [] } = await this.#locks.query();
      return held.find((lock) => lock.name === name)?.clientId ?? "";
    })) as string;
  }
}
