import type { Message } from "../messages/decode.ts";
import { encodePlan } from "../plan/plan-to-proto.ts";
import { handleError } from "./error-details.ts";
import type { ServiceLimits } from "./limits.ts";
import type { RpcError } from "./rpc-error.ts";

interface Response {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export type OperationState = "running" | "succeeded" | "failed" | "cancelled";

/**
 * One execution and its responses. They are numbered by their place; those that were sent are kept until the client
 * releases them, so that a client which lost its connection goes on where it was.
 */
export class Operation {
  readonly id: string;
  readonly tags: readonly string[];
  readonly isReattachable: boolean;
  /** The plan's bytes, to tell a repeated request from another one with the same id. */
  readonly plan: Uint8Array;
  readonly controller = new AbortController();
  readonly #limits: ServiceLimits;
  readonly #envelope: Message;
  #responses: Response[] = [];
  /** Place of the first response that is kept. */
  #first = 0;
  /** Place after the last response that was sent to the present listener. */
  #sent = 0;
  #unsentBytes = 0;
  #keptBytes = 0;
  #state: OperationState = "running";
  #error: RpcError | undefined;
  #listener: object | undefined;
  #wakers: (() => void)[] = [];
  #lastListenedMs: number;
  readonly #now: () => number;

  constructor(options: {
    readonly id: string;
    readonly tags: readonly string[];
    readonly isReattachable: boolean;
    readonly plan: Uint8Array;
    readonly sessionId: string;
    readonly serverSideSessionId: string;
    readonly limits: ServiceLimits;
    readonly now: () => number;
  }) {
    this.id = options.id;
    this.tags = options.tags;
    this.isReattachable = options.isReattachable;
    this.plan = options.plan;
    this.#limits = options.limits;
    this.#envelope = {
      sessionId: options.sessionId,
      serverSideSessionId: options.serverSideSessionId,
      operationId: options.id,
    };
    this.#now = options.now;
    this.#lastListenedMs = options.now();
  }

  get state(): OperationState {
    return this.#state;
  }

  /** For how long nobody has listened; 0 while somebody does. */
  get detachedMs(): number {
    return this.#listener === undefined ? this.#now() - this.#lastListenedMs : 0;
  }

  /** Adds a response; waits while too much is unsent. */
  async respond(fields: Message): Promise<void> {
    while (this.#unsentBytes > this.#limits.maxUnsentBytes && this.#state === "running") await this.#change();
    if (this.#state !== "running") return;
    const id = crypto.randomUUID();
    const bytes = encodePlan("ExecutePlanResponse", { ...this.#envelope, responseId: id, ...fields });
    this.#responses.push({ id, bytes });
    this.#unsentBytes += bytes.length;
    this.#wake();
  }

  succeed(): void {
    this.#end("succeeded");
  }

  fail(error: RpcError): void {
    this.#error = error;
    this.#end("failed");
  }

  /** Stops the work; the listener gets `error` at once, whenever the work really ends. */
  cancel(error: RpcError): void {
    if (this.#state !== "running") return;
    this.#error = error;
    this.#end("cancelled");
    this.controller.abort();
  }

  /**
   * The responses after the one with the given id, or all, as they come. Another listener takes over from this one.
   *
   * @throws INVALID_CURSOR for a response that is not known or not kept; the operation's own error at its place
   */
  listen(lastResponseId: string | undefined, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const start = this.#placeAfter(lastResponseId);
    const listener = {};
    this.#listener = listener;
    this.#rewind(start);
    this.#wake();
    return this.#responsesFor(listener, signal);
  }

  async *#responsesFor(listener: object, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const wake = () => this.#wake();
    signal.addEventListener("abort", wake);
    try {
      for (;;) {
        if (signal.aborted) return;
        if (this.#listener !== listener) throw handleError("INVALID_CURSOR.DISCONNECTED", {});
        const next = this.#responses[this.#sent - this.#first];
        if (next !== undefined) {
          this.#sent += 1;
          this.#unsentBytes -= next.bytes.length;
          this.#keptBytes += next.bytes.length;
          this.#forgetOverflow();
          this.#wake();
          yield next.bytes;
        } else if (this.#state !== "running") {
          if (this.#error !== undefined) throw this.#error;
          return;
        } else {
          await this.#change();
        }
      }
    } finally {
      signal.removeEventListener("abort", wake);
      if (this.#listener === listener) {
        this.#listener = undefined;
        this.#lastListenedMs = this.#now();
      }
    }
  }

  /** Forgets responses up to and including the given one. */
  releaseUntil(responseId: string): void {
    const index = this.#responses.findIndex((r) => r.id === responseId);
    if (index >= 0) this.#forget(index + 1);
  }

  #placeAfter(responseId: string | undefined): number {
    if (responseId === undefined) {
      if (this.#first > 0) throw this.#notAvailable("", 1);
      return 0;
    }
    const index = this.#responses.findIndex((r) => r.id === responseId);
    if (index >= 0) return this.#first + index + 1;
    const forgotten = this.#forgotten.get(responseId);
    // Right after the last one that was forgotten everything is still there.
    if (forgotten !== undefined && forgotten + 1 === this.#first) return this.#first;
    if (forgotten !== undefined) throw this.#notAvailable(responseId, forgotten + 2);
    throw handleError("INVALID_CURSOR.POSITION_NOT_FOUND", { responseId });
  }

  #notAvailable(responseId: string, index: number): Error {
    return handleError("INVALID_CURSOR.POSITION_NOT_AVAILABLE", { responseId, index: String(index) });
  }

  /** Places of forgotten responses, so that a client is told what became of them. */
  readonly #forgotten = new Map<string, number>();

  #rewind(place: number): void {
    this.#sent = place;
    this.#keptBytes = 0;
    this.#unsentBytes = 0;
    this.#responses.forEach((response, i) => {
      if (this.#first + i < place) this.#keptBytes += response.bytes.length;
      else this.#unsentBytes += response.bytes.length;
    });
  }

  #forget(count: number): void {
    for (const [i, response] of this.#responses.slice(0, count).entries()) {
      if (this.isReattachable) this.#forgotten.set(response.id, this.#first + i);
      if (this.#first + i < this.#sent) this.#keptBytes -= response.bytes.length;
      else this.#unsentBytes -= response.bytes.length;
    }
    this.#responses = this.#responses.slice(count);
    this.#first += count;
    this.#sent = Math.max(this.#sent, this.#first);
  }

  #forgetOverflow(): void {
    if (!this.isReattachable) {
      this.#forget(this.#sent - this.#first);
      return;
    }
    let count = 0;
    let bytes = this.#keptBytes;
    // The response that is going out now stays: its client may lose it on the way.
    while (bytes > this.#limits.maxKeptBytes && count < this.#sent - this.#first - 1) {
      bytes -= this.#responses[count]?.bytes.length ?? 0;
      count += 1;
    }
    if (count > 0) this.#forget(count);
  }

  #end(state: OperationState): void {
    if (this.#state !== "running") return;
    this.#state = state;
    this.#lastListenedMs = this.#now();
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wakers.push(resolve));
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
