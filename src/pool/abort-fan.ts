/**
 * One abort for many waiting parties. Each has a signal of its own: platforms warn of a leak when many listen to one.
 */
export class AbortFan {
  readonly #children = new Set<AbortController>();
  readonly #waiting = new Set<(reason: unknown) => void>();
  #aborted: { readonly reason: unknown } | undefined;

  get isAborted(): boolean {
    return this.#aborted !== undefined;
  }

  abort(reason: unknown = new DOMException("aborted", "AbortError")): void {
    if (this.#aborted !== undefined) return;
    this.#aborted = { reason };
    for (const child of [...this.#children]) child.abort(reason);
    for (const tell of [...this.#waiting]) tell(reason);
  }

  throwIfAborted(): void {
    if (this.#aborted !== undefined) throw this.#aborted.reason;
  }

  /** Runs `work` with a signal of its own. */
  async withSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const child = new AbortController();
    if (this.#aborted !== undefined) child.abort(this.#aborted.reason);
    this.#children.add(child);
    try {
      return await work(child.signal);
    } finally {
      this.#children.delete(child);
    }
  }

  /** What the promise gives, unless this is aborted before. */
  race<T>(promise: Promise<T>): Promise<T> {
    if (this.#aborted !== undefined) {
      promise.catch(() => {});
      return Promise.reject(this.#aborted.reason);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      promise.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** Resolves after a time, or when this is aborted. */
  sleep(ms: number): Promise<void> {
    if (this.#aborted !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#waiting.add(end);
    });
  }
}
