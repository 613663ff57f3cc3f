import { sparkError } from "../../errors/spark-error.ts";
import type { Message } from "../messages/decode.ts";
import { encodePlan } from "../plan/plan-to-proto.ts";
import { analyzePlan } from "./analyze.ts";
import { ArtifactReceiver } from "./artifacts.ts";
import { configure } from "./config.ts";
import { errorMessage, handleError, toRpcError } from "./error-details.ts";
import { startOperation } from "./execute.ts";
import { DEFAULT_LIMITS, type ServiceLimits } from "./limits.ts";
import type { Operation, OperationState } from "./operation.ts";
import {
  type AddArtifactsRequest,
  type AnalyzePlanRequest,
  type ArtifactStatusesRequest,
  type CloneSessionRequest,
  type ConfigRequest,
  decodeRequest,
  type ExecutePlanRequest,
  type FetchErrorDetailsRequest,
  type GetStatusRequest,
  type InterruptRequest,
  type ReattachExecuteRequest,
  type ReleaseExecuteRequest,
  type ReleaseSessionRequest,
  type SessionRequest,
} from "./requests.ts";
import { RpcError, STATUS } from "./rpc-error.ts";
import { SERVICE_NAME } from "./service-name.ts";
import type { ServiceSession } from "./service-session.ts";
import type { SessionHost } from "./session-host.ts";
import { SessionRegistry } from "./session-registry.ts";

export interface ServiceOptions {
  readonly host: SessionHost;
  readonly limits?: Partial<ServiceLimits>;
  readonly now?: () => number;
}

/** One call as a transport hands it over. */
export interface RpcCall {
  /** Serialized messages; one but for client streams. */
  readonly requests: AsyncIterable<Uint8Array>;
  /** Aborted when the client has gone or has cancelled. */
  readonly signal: AbortSignal;
}

const STATES: Readonly<Record<OperationState, string>> = {
  running: "OPERATION_STATE_RUNNING",
  succeeded: "OPERATION_STATE_SUCCEEDED",
  failed: "OPERATION_STATE_FAILED",
  cancelled: "OPERATION_STATE_CANCELLED",
};

/**
 * The Spark Connect service from message bytes to message bytes: any transport that can carry a stream of messages
 * and an error with trailers can put it on the air.
 */
export class ConnectService {
  readonly limits: ServiceLimits;
  readonly #sessions: SessionRegistry;
  readonly #now: () => number;

  constructor(options: ServiceOptions) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#now = options.now ?? (() => Date.now());
    this.#sessions = new SessionRegistry(options.host, this.limits, this.#now);
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Whether a method takes a stream of requests. */
  has(method: string): boolean {
    return Object.hasOwn(this.#methods, method);
  }

  /**
   * Answers one call.
   *
   * @throws RpcError, and nothing else
   */
  async *handle(method: string, call: RpcCall): AsyncGenerator<Uint8Array> {
    const answer = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    if (answer === undefined) {
      throw new RpcError(STATUS.UNIMPLEMENTED, `Method not found: ${SERVICE_NAME}/${method}`);
    }
    try {
      yield* answer(call);
    } catch (error) {
      throw toRpcError(error);
    }
  }

  /** To be called now and then: closes idle sessions and forgets operations that nobody listens to. */
  maintain(): Promise<void> {
    return this.#sessions.maintain();
  }

  /** Interrupts everything and closes all sessions. */
  close(): Promise<void> {
    return this.#sessions.close();
  }

  readonly #methods: Readonly<Record<string, (call: RpcCall) => AsyncGenerator<Uint8Array>>> = {
    ExecutePlan: (call) => this.#executePlan(call),
    ReattachExecute: (call) => this.#reattachExecute(call),
    AddArtifacts: (call) => this.#addArtifacts(call),
    ReleaseExecute: this.#unary<ReleaseExecuteRequest>(
      "ReleaseExecuteRequest",
      "ReleaseExecuteResponse",
      (s, r) => this.#releaseExecute(s, r),
    ),
    AnalyzePlan: this.#unary<AnalyzePlanRequest>("AnalyzePlanRequest", "AnalyzePlanResponse", analyzePlan),
    Config: this.#unary<ConfigRequest>(
      "ConfigRequest",
      "ConfigResponse",
      (s, r) => configure(s.host.conf, r) as unknown as Message,
    ),
    ArtifactStatus: this.#unary<ArtifactStatusesRequest>(
      "ArtifactStatusesRequest",
      "ArtifactStatusesResponse",
      (session, { names }) => ({
        statuses: Object.fromEntries(names.map((name) => [name, { exists: session.hasArtifact(name) }])),
      }),
    ),
    Interrupt: this.#unary<InterruptRequest>("InterruptRequest", "InterruptResponse", interrupt),
    CloneSession: this.#unary<CloneSessionRequest>(
      "CloneSessionRequest",
      "CloneSessionResponse",
      async (_, request) => {
        const copy = await this.#sessions.clone(request, request.newSessionId);
        return { newSessionId: copy.sessionId, newServerSideSessionId: copy.serverSideSessionId };
      },
      { mustExist: true },
    ),
    GetStatus: this.#unary<GetStatusRequest>("GetStatusRequest", "GetStatusResponse", operationStatuses),
    FetchErrorDetails: (call) => this.#fetchErrorDetails(call),
    ReleaseSession: (call) => this.#releaseSession(call),
  };

  /** A method with one request and one response in a session; the session's ids are filled in. */
  #unary<T extends SessionRequest>(
    requestType: string,
    responseType: string,
    answer: (session: ServiceSession, request: T) => Message | Promise<Message>,
    options: { readonly mustExist?: boolean } = {},
  ): (call: RpcCall) => AsyncGenerator<Uint8Array> {
    const sessions = () => this.#sessions;
    return async function* (call) {
      const request = decodeRequest<T>(requestType, await onlyMessage(call));
      if (options.mustExist === true && (await sessions().find(request)) === undefined) {
        throw handleError("INVALID_HANDLE.SESSION_NOT_FOUND", { handle: request.sessionId });
      }
      const session = await sessions().forRequest(request);
      const { sessionId, serverSideSessionId } = session;
      const fields = await inSession(session, () => answer(session, request));
      yield encodePlan(responseType, { sessionId, serverSideSessionId, ...fields });
    };
  }

  async *#executePlan(call: RpcCall): AsyncGenerator<Uint8Array> {
    const request = decodeRequest<ExecutePlanRequest>("ExecutePlanRequest", await onlyMessage(call));
    const session = await this.#sessions.forRequest(request);
    const operation = await inSession(session, () => startOperation(session, request, this.limits));
    yield* this.#listen(session, operation, undefined, call.signal);
  }

  async *#reattachExecute(call: RpcCall): AsyncGenerator<Uint8Array> {
    const request = decodeRequest<ReattachExecuteRequest>("ReattachExecuteRequest", await onlyMessage(call));
    const session = await this.#sessions.forRequest(request);
    const operation = session.operation(request.operationId);
    if (operation === undefined) {
      throw session.rpcError(
        handleError("INVALID_HANDLE.OPERATION_NOT_FOUND", { handle: request.operationId }),
      );
    }
    if (!operation.isReattachable) throw session.rpcError(handleError("INVALID_CURSOR.NOT_REATTACHABLE", {}));
    yield* this.#listen(session, operation, request.lastResponseId, call.signal);
  }

  async *#listen(
    session: ServiceSession,
    operation: Operation,
    lastResponseId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const last = lastResponseId === "" ? undefined : lastResponseId;
    try {
      yield* operation.listen(last, signal);
    } catch (error) {
      throw session.rpcError(error);
    } finally {
      session.touch();
      // Nobody can come back to a plain execution: whether it ended or its client left, it is over.
      if (!operation.isReattachable) session.removeOperation(operation.id);
    }
  }

  #releaseExecute(session: ServiceSession, request: ReleaseExecuteRequest): Message {
    const { operationId, releaseUntil } = request;
    const operation = session.operation(operationId);
    if (operation === undefined) return {};
    if (releaseUntil !== undefined) operation.releaseUntil(releaseUntil.responseId);
    else session.removeOperation(operationId);
    return { operationId };
  }

  async *#addArtifacts(call: RpcCall): AsyncGenerator<Uint8Array> {
    let session: ServiceSession | undefined;
    let receiver: ArtifactReceiver | undefined;
    for await (const bytes of call.requests) {
      const request = decodeRequest<AddArtifactsRequest>("AddArtifactsRequest", bytes);
      if (session === undefined) {
        session = await this.#sessions.forRequest(request);
        receiver = new ArtifactReceiver(session, this.limits.maxArtifactBytes);
      }
      await inSession(session, () => receiver?.receive(request));
    }
    if (session === undefined || receiver === undefined) {
      throw new RpcError(STATUS.INVALID_ARGUMENT, "AddArtifacts without a request");
    }
    const artifacts = await inSession(session, () => receiver?.finish());
    const { sessionId, serverSideSessionId } = session;
    yield encodePlan("AddArtifactsResponse", { sessionId, serverSideSessionId, artifacts });
  }

  async *#fetchErrorDetails(call: RpcCall): AsyncGenerator<Uint8Array> {
    const request = decodeRequest<FetchErrorDetailsRequest>(
      "FetchErrorDetailsRequest",
      await onlyMessage(call),
    );
    const session = await this.#sessions.find(request);
    const record = session?.errorRecord(request.errorId);
    if (session === undefined || record === undefined) {
      yield encodePlan("FetchErrorDetailsResponse", {});
      return;
    }
    const { sessionId, serverSideSessionId } = session;
    const errors = [errorMessage(record)];
    yield encodePlan("FetchErrorDetailsResponse", {
      sessionId,
      serverSideSessionId,
      rootErrorIdx: 0,
      errors,
    });
  }

  async *#releaseSession(call: RpcCall): AsyncGenerator<Uint8Array> {
    const request = decodeRequest<ReleaseSessionRequest>("ReleaseSessionRequest", await onlyMessage(call));
    const session = await this.#sessions.find(request);
    if (session !== undefined) await this.#sessions.release(session, request.allowReconnect);
    const { sessionId } = request;
    yield encodePlan("ReleaseSessionResponse", {
      sessionId,
      serverSideSessionId: session?.serverSideSessionId ?? "",
    });
  }
}

function interrupt(session: ServiceSession, request: InterruptRequest): Message {
  switch (request.interruptType) {
    case "INTERRUPT_TYPE_ALL":
      return { interruptedIds: session.interrupt(() => true) };
    case "INTERRUPT_TYPE_TAG": {
      const { operationTag } = request;
      if (operationTag === undefined || operationTag === "")
        throw missingParameter("TAG_REQUIRES_TAG", "operation_tag");
      return { interruptedIds: session.interrupt((operation) => operation.tags.includes(operationTag)) };
    }
    case "INTERRUPT_TYPE_OPERATION_ID": {
      const { operationId } = request;
      if (operationId === undefined || operationId === "")
        throw missingParameter("OPERATION_ID_REQUIRES_ID", "operation_id");
      return { interruptedIds: session.interrupt((operation) => operation.id === operationId) };
    }
    default:
      throw handleError("UNSUPPORTED_FEATURE.INTERRUPT_TYPE", {
        interruptType: String(request.interruptType),
      });
  }
}

function missingParameter(which: string, parameter: string): Error {
  return sparkError("PySparkException", {
    condition: `INVALID_PARAMETER_VALUE.INTERRUPT_TYPE_${which}`,
    messageParameters: { parameter, functionName: "interrupt" },
  });
}

function operationStatuses(session: ServiceSession, request: GetStatusRequest): Message {
  const asked = request.operationStatus;
  if (asked === undefined) return {};
  const known = [...session.operations].map((operation) => operation.id);
  const ids = asked.operationIds.length > 0 ? asked.operationIds : known;
  return {
    operationStatuses: ids.map((operationId) => {
      const operation = session.operation(operationId);
      return {
        operationId,
        state: operation === undefined ? "OPERATION_STATE_UNKNOWN" : STATES[operation.state],
      };
    }),
  };
}

/** The session remembers the errors of what it does, so that their details can be fetched. */
async function inSession<T>(session: ServiceSession, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw session.rpcError(error);
  }
}

async function onlyMessage(call: RpcCall): Promise<Uint8Array> {
  for await (const message of call.requests) return message;
  throw new RpcError(STATUS.INVALID_ARGUMENT, "the call carries no message");
}
