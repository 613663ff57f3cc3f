/**
 * The commands of a session, one after the other in the order in which the program gave them. A program does not have to
 * wait for a command; whatever comes later does. A failed command rejects what asks next, and those behind it do not run:
 * they fail for the same reason. When nobody asks for a while, the failure is reported.
 */
export class CommandQueue {
  readonly #report: (error: unknown) => void;
  readonly #patienceMs: number;
  #tail: Promise<void> = Promise.resolve();
  #failure: Failure | undefined;
  #pending = 0;

  constructor(options: { readonly report: (error: unknown) => void; readonly patienceMs?: number }) {
    this.#report = options.report;
    this.#patienceMs = options.patienceMs ?? 1000;
  }

  /** Commands that have not ended. */
  get pending(): number {
    return this.#pending;
  }

  /** Runs a command after those before it. Its promise need not be awaited: then the next `settled` tells of its failure. */
  push<T>(run: () => Promise<T>): QueuedResult<T> {
    this.#pending++;
    const outcome = this.#tail.then(async (): Promise<Outcome<T>> => {
      const earlier = this.#failure;
      if (earlier !== undefined) return { failure: earlier };
      try {
        return { value: await run() };
      } catch (error) {
        return { failure: this.#fail(error) };
      }
    });
    this.#tail = outcome.then(() => {
      this.#pending--;
    });
    return new QueuedResult(outcome, (failure) => this.#tell(failure));
  }

  /** Waits for the commands given before this call. Throws what went wrong with them, once. */
  async settled(): Promise<void> {
    await this.#tail;
    if (this.#failure !== undefined) throw this.#tell(this.#failure);
  }

  /** Waits until no command is left. Does not tell of failures. */
  async drained(): Promise<void> {
    while (this.#pending > 0) await this.#tail;
  }

  #fail(error: unknown): Failure {
    const failure: Failure = { error, told: false };
    this.#failure = failure;
    setTimeout(() => {
      if (!failure.told) this.#report(error);
    }, this.#patienceMs);
    return failure;
  }

  /** Marks a failure as known to the program, which may go on from there. */
  #tell(failure: Failure): unknown {
    failure.told = true;
    if (this.#failure === failure) this.#failure = undefined;
    return failure.error;
  }
}

interface Failure {
  readonly error: unknown;
  told: boolean;
}

type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/**
 * The result of a queued command, as a promise. Other than a promise it may be left alone when it fails: the failure
 * then comes up with the next call that waits for the queue.
 */
export class QueuedResult<T> implements Promise<T> {
  readonly #outcome: Promise<Outcome<T>>;
  readonly #tell: (failure: Failure) => unknown;
  readonly [Symbol.toStringTag] = "Promise";

  constructor(outcome: Promise<Outcome<T>>, tell: (failure: Failure) => unknown) {
    this.#outcome = outcome;
    this.#tell = tell;
  }

  #result(): Promise<T> {
    return this.#outcome.then((outcome) => {
      if ("failure" in outcome) throw this.#tell(outcome.failure);
      return outcome.value;
    });
  }

  then<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result().then(onfulfilled, onrejected);
  }

  catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#result().catch(onrejected);
  }

  finally(onfinally?: (() => void) | null): Promise<T> {
    return this.#result().finally(onfinally);
  }
}
