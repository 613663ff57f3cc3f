import { LakeletError } from "../../errors/lakelet-error.ts";
import { sparkError } from "../../errors/spark-error.ts";
import { decode, type Message } from "../messages/decode.ts";
import { decodePlan } from "../plan/plan-from-proto.ts";
import { encodePlan } from "../plan/plan-to-proto.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";
import type { ConnectionString } from "./connection-string.ts";
import { isRetryable, readErrorInfo, toSparkException } from "./remote-error.ts";
import type { RemoteTransport } from "./transport.ts";

export interface RetryPolicy {
  readonly maxRetries: number;
  readonly initialBackoffMs: number;
  readonly multiplier: number;
  readonly maxBackoffMs: number;
}

export const DEFAULT_RETRIES: RetryPolicy = {
  maxRetries: 8,
  initialBackoffMs: 50,
  multiplier: 4,
  maxBackoffMs: 10_000,
};

export interface ClientOptions {
  readonly transport: RemoteTransport;
  readonly connection: Pick<ConnectionString, "token" | "userId" | "userAgent" | "metadata">;
  readonly sessionId: string;
  readonly retries?: RetryPolicy;
}

const NO_DDL = {
  parseDdl: (text: string): never => {
    throw new LakeletError("internal", `the server sent a type as text: ${text}`);
  },
};

/** The calls of one session: ids, retries and errors are seen to; messages go in and come out. */
export class ConnectClient {
  readonly sessionId: string;
  readonly #options: ClientOptions;
  readonly #retries: RetryPolicy;
  #serverSideSessionId: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#retries = options.retries ?? DEFAULT_RETRIES;
    this.sessionId = options.sessionId;
  }

  /** One request, one response. */
  async unary(method: string, fields: Message, types = messageTypes(method)): Promise<Message> {
    const request = encodePlan(types.request, this.#request(fields));
    const [bytes] = await this.#collect(method, () => [request]);
    if (bytes === undefined) throw new LakeletError("internal", `${method} was answered without a message`);
    return this.#checked(decodePlan<Message>(types.response, bytes, NO_DDL));
  }

  /** A stream of requests, one response. `requests` is asked again when the call is repeated. */
  async upload(method: string, requests: () => Iterable<Message>): Promise<Message> {
    const types = messageTypes(method);
    const encoded = () =>
      Array.from(requests(), (fields) => encodePlan(types.request, this.#request(fields)));
    const [bytes] = await this.#collect(method, encoded);
    if (bytes === undefined) throw new LakeletError("internal", `${method} was answered without a message`);
    return this.#checked(decode(types.response, bytes));
  }

  /**
   * Runs a plan and gives the responses, each once and none left out, whatever happens to the connection. Leaving the
   * loop, or the signal, interrupts the execution on the server.
   */
  async *execute(
    plan: Message,
    options: {
      readonly operationId: string;
      readonly tags: readonly string[];
      readonly signal?: AbortSignal;
    },
  ): AsyncGenerator<Message> {
    const { operationId, tags, signal } = options;
    const start = encodePlan(
      "ExecutePlanRequest",
      this.#request({
        operationId,
        plan,
        tags,
        requestOptions: [
          { reattachOptions: { reattachable: true } },
          { resultChunkingOptions: { allowArrowBatchChunking: true } },
        ],
      }),
    );
    let lastResponseId: string | undefined;
    let isComplete = false;
    const call = (restart: boolean): AsyncIterable<Uint8Array> => {
      if (restart) return this.#call("ExecutePlan", [start], signal);
      const fields = this.#request({ operationId, lastResponseId });
      return this.#call("ReattachExecute", [encodePlan("ReattachExecuteRequest", fields)], signal);
    };
    let responses = call(true);
    let attempts = 0;
    try {
      while (!isComplete) {
        signal?.throwIfAborted();
        try {
          for await (const bytes of responses) {
            const response = this.#checked(decodePlan<Message>("ExecutePlanResponse", bytes, NO_DDL));
            attempts = 0;
            lastResponseId = response.responseId as string;
            this.#release(operationId, lastResponseId);
            if (response.resultComplete !== undefined) isComplete = true;
            else yield response;
          }
          if (!isComplete) responses = call(false);
        } catch (error) {
          responses = await this.#recover(error, attempts, lastResponseId !== undefined, call, signal);
          attempts += 1;
        }
      }
    } catch (error) {
      isComplete = signal?.aborted !== true;
      throw await this.toError(error, signal);
    } finally {
      if (isComplete) this.#release(operationId, undefined);
      else void this.#interrupt(operationId);
    }
  }

  /** The exception for an error of a call. */
  async toError(error: unknown, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted === true) {
      return sparkError("PySparkException", { condition: "OPERATION_CANCELED", cause: error });
    }
    if (!(error instanceof RpcError)) return error;
    const info = readErrorInfo(error);
    if (info !== undefined) {
      const details = info.errorId === undefined ? undefined : await this.#errorDetails(info.errorId);
      return toSparkException(error, info, details);
    }
    if (error.code === STATUS.CANCELLED) {
      return sparkError("PySparkException", { condition: "OPERATION_CANCELED", cause: error });
    }
    const kind = error.code === STATUS.UNAVAILABLE ? "unavailable" : "internal";
    return new LakeletError(kind, error.message, { retryable: kind === "unavailable", cause: error });
  }

  /** Going on after an error that may pass; throws one that will not. */
  async #recover(
    error: unknown,
    attempts: number,
    hasResponses: boolean,
    call: (restart: boolean) => AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): Promise<AsyncIterable<Uint8Array>> {
    if (error instanceof RpcError && /INVALID_HANDLE\.(OPERATION|SESSION)_NOT_FOUND/.test(error.message)) {
      if (!hasResponses && attempts < this.#retries.maxRetries) return call(true);
      throw sparkError("PySparkException", { condition: "RESPONSE_ALREADY_RECEIVED", cause: error });
    }
    if (!isRetryable(error) || attempts >= this.#retries.maxRetries || signal?.aborted === true) throw error;
    await this.#backOff(attempts, signal);
    return call(false);
  }

  async #collect(method: string, requests: () => readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    for (let attempt = 0; ; attempt++) {
      try {
        const messages: Uint8Array[] = [];
        for await (const message of this.#call(method, requests(), undefined)) messages.push(message);
        return messages;
      } catch (error) {
        if (!isRetryable(error) || attempt >= this.#retries.maxRetries) throw await this.toError(error);
        await this.#backOff(attempt, undefined);
      }
    }
  }

  #call(
    method: string,
    requests: readonly Uint8Array[],
    signal: AbortSignal | undefined,
  ): AsyncIterable<Uint8Array> {
    const { connection, transport } = this.#options;
    const metadata = {
      ...connection.metadata,
      ...(connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` }),
    };
    return transport.call(method, requests, signal === undefined ? { metadata } : { metadata, signal });
  }

  #request(fields: Message): Message {
    const { connection } = this.#options;
    return {
      sessionId: this.sessionId,
      clientObservedServerSideSessionId: this.#serverSideSessionId,
      userContext: { userId: connection.userId ?? "" },
      clientType: connection.userAgent ?? "lakelet",
      ...fields,
    };
  }

  #checked(response: Message): Message {
    const { sessionId, serverSideSessionId } = response;
    if (sessionId !== "" && sessionId !== this.sessionId) {
      throw new LakeletError(
        "internal",
        `the server answered for session ${sessionId} instead of ${this.sessionId}`,
      );
    }
    if (serverSideSessionId !== "" && serverSideSessionId !== undefined) {
      this.#serverSideSessionId ??= serverSideSessionId as string;
      if (serverSideSessionId !== this.#serverSideSessionId) {
        throw sparkError("PySparkException", {
          condition: "INVALID_HANDLE.SESSION_CHANGED",
          messageParameters: { handle: this.sessionId },
        });
      }
    }
    return response;
  }

  async #errorDetails(errorId: string): Promise<Message | undefined> {
    try {
      const request = encodePlan("FetchErrorDetailsRequest", this.#request({ errorId }));
      for await (const bytes of this.#call("FetchErrorDetails", [request], undefined)) {
        const details = decode("FetchErrorDetailsResponse", bytes);
        return (details.errors as readonly unknown[]).length > 0 ? details : undefined;
      }
    } catch {
      // The error itself is known; only its details are not.
    }
    return undefined;
  }

  /** Lets the server forget what has arrived: in the background, and it may fail. */
  #release(operationId: string, responseId: string | undefined): void {
    const release = responseId === undefined ? { releaseAll: {} } : { releaseUntil: { responseId } };
    const request = encodePlan("ReleaseExecuteRequest", this.#request({ operationId, ...release }));
    void drain(this.#call("ReleaseExecute", [request], undefined)).catch(() => {});
  }

  async #interrupt(operationId: string): Promise<void> {
    try {
      const fields = { interruptType: "INTERRUPT_TYPE_OPERATION_ID", operationId };
      await drain(
        this.#call("Interrupt", [encodePlan("InterruptRequest", this.#request(fields))], undefined),
      );
    } catch {
      // The server gives up an execution that nobody listens to.
    }
    this.#release(operationId, undefined);
  }

  async #backOff(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    const { initialBackoffMs, multiplier, maxBackoffMs } = this.#retries;
    const ms = Math.min(maxBackoffMs, initialBackoffMs * multiplier ** attempt);
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms * (0.75 + Math.random() / 2));
      signal?.addEventListener("abort", done);
    });
  }
}

async function drain(messages: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of messages);
}

const IRREGULAR: Readonly<Record<string, { readonly request: string; readonly response: string }>> = {
  ArtifactStatus: { request: "ArtifactStatusesRequest", response: "ArtifactStatusesResponse" },
};

function messageTypes(method: string): { readonly request: string; readonly response: string } {
  return IRREGULAR[method] ?? { request: `${method}Request`, response: `${method}Response` };
}
