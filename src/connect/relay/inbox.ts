/** Messages on their way to a loop: put in as they come, taken out in order. */
export class Inbox<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;
  #outcome: { readonly error?: unknown } | undefined;
  readonly #onTaken: (item: T) => void;

  constructor(onTaken: (item: T) => void = () => {}) {
    this.#onTaken = onTaken;
  }

  put(item: T): void {
    if (this.#outcome !== undefined) return;
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#outcome ??= {};
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#outcome ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        this.#onTaken(item);
        yield item;
      } else if (this.#outcome !== undefined) {
        if ("error" in this.#outcome) throw this.#outcome.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    }
  }
}

/** How much may still be sent before the other side has taken what it got. */
export class SendWindow {
  #underWay = 0;
  readonly #limit: number;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits until there is room, and takes it. One message may be larger than the window. */
  async take(bytes: number): Promise<void> {
    while (this.#underWay > this.#limit && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#underWay += bytes;
  }

  giveBack(bytes: number): void {
    this.#underWay -= bytes;
    this.#wake?.();
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }
}
