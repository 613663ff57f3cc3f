/**
 * Runs a refresh one at a time. A caller gets a run that began after its call, so that it sees all that was finished
 * before; callers that come while one is running share the next.
 */
export class SerialRefresh<T> {
  readonly #refresh: () => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(refresh: () => Promise<T>) {
    this.#refresh = refresh;
  }

  run(): Promise<T> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  #start(): Promise<T> {
    const run = this.#refresh().finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    this.#running = run;
    return run;
  }
}
