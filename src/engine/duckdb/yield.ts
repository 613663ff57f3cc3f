let waiting: (() => void) | undefined;
let channel: MessageChannel | undefined;

/**
 * Lets messages that wait (a cancel, say) be handled before going on. A message to oneself takes microseconds, where
 * nested timers in a browser take four milliseconds each.
 */
export function yieldToEventLoop(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  if (channel === undefined) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const resolve = waiting;
      waiting = undefined;
      resolve?.();
    };
  }
  const { port2 } = channel;
  return new Promise((resolve) => {
    const earlier = waiting;
    waiting = () => {
      earlier?.();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Yields when that much time has passed since the last time it did. */
export class Pacer {
  readonly #sliceMs: number;
  #last = performance.now();

  constructor(sliceMs = 8) {
    this.#sliceMs = sliceMs;
  }

  get due(): boolean {
    return performance.now() - this.#last >= this.#sliceMs;
  }

  async yield(): Promise<void> {
    await yieldToEventLoop();
    this.#last = performance.now();
  }
}
