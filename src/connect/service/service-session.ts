import type { PlanContext } from "../plan/fields.ts";
import { describeError, type ErrorRecord, handleError, toRpcError } from "./error-details.ts";
import type { ServiceLimits } from "./limits.ts";
import { Operation } from "./operation.ts";
import { RpcError, STATUS } from "./rpc-error.ts";
import type { HostSession } from "./session-host.ts";

/** What the service knows of one session of one user. */
export class ServiceSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly serverSideSessionId = crypto.randomUUID();
  readonly host: HostSession;
  readonly #limits: ServiceLimits;
  readonly #now: () => number;
  readonly #operations = new Map<string, Operation>();
  readonly #artifacts = new Map<string, Uint8Array>();
  #artifactBytes = 0;
  readonly #errors = new Map<string, ErrorRecord>();
  #lastUsedMs: number;

  constructor(options: {
    readonly userId: string;
    readonly sessionId: string;
    readonly host: HostSession;
    readonly limits: ServiceLimits;
    readonly now: () => number;
  }) {
    this.userId = options.userId;
    this.sessionId = options.sessionId;
    this.host = options.host;
    this.#limits = options.limits;
    this.#now = options.now;
    this.#lastUsedMs = options.now();
  }

  get planContext(): PlanContext {
    return {
      sessionId: this.sessionId,
      parseDdl: (text) => this.host.parseDdl(text),
      artifact: (name) => this.#artifacts.get(name),
    };
  }

  touch(): void {
    this.#lastUsedMs = this.#now();
  }

  /** For how long nothing was asked and nothing ran. */
  get idleMs(): number {
    for (const operation of this.#operations.values()) if (operation.state === "running") return 0;
    return this.#now() - this.#lastUsedMs;
  }

  get operations(): Iterable<Operation> {
    return this.#operations.values();
  }

  operation(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  newOperation(options: {
    readonly id: string;
    readonly tags: readonly string[];
    readonly isReattachable: boolean;
    readonly plan: Uint8Array;
  }): Operation {
    if (this.#operations.size >= this.#limits.maxOperationsPerSession) {
      throw new RpcError(
        STATUS.RESOURCE_EXHAUSTED,
        `the session has ${this.#operations.size} operations, which is the limit; release or interrupt some`,
      );
    }
    const operation = new Operation({
      ...options,
      sessionId: this.sessionId,
      serverSideSessionId: this.serverSideSessionId,
      limits: this.#limits,
      now: this.#now,
    });
    this.#operations.set(operation.id, operation);
    return operation;
  }

  /** Forgets an operation; one that runs is cancelled. */
  removeOperation(id: string): Operation | undefined {
    const operation = this.#operations.get(id);
    if (operation?.state === "running")
      operation.cancel(this.rpcError(handleError("OPERATION_CANCELED", {})));
    this.#operations.delete(id);
    return operation;
  }

  /** Ids of the operations that were told to stop. */
  interrupt(which: (operation: Operation) => boolean): readonly string[] {
    const stopped: string[] = [];
    for (const operation of this.#operations.values()) {
      if (operation.state !== "running" || !which(operation)) continue;
      operation.cancel(this.rpcError(handleError("OPERATION_CANCELED", {})));
      stopped.push(operation.id);
    }
    return stopped;
  }

  hasArtifact(name: string): boolean {
    return this.#artifacts.has(name);
  }

  async putArtifact(name: string, bytes: Uint8Array): Promise<void> {
    this.reserveArtifactBytes(bytes.length - (this.#artifacts.get(name)?.length ?? 0));
    this.#artifacts.set(name, bytes);
    await this.host.putArtifact(name, bytes);
  }

  /** Throws when the session would hold more than it may. */
  reserveArtifactBytes(count: number): void {
    if (this.#artifactBytes + count > this.#limits.maxArtifactBytes) {
      throw new RpcError(
        STATUS.RESOURCE_EXHAUSTED,
        `the session's local data would take ${this.#artifactBytes + count} bytes, ` +
          `the limit is ${this.#limits.maxArtifactBytes}; write large data to files or tables`,
      );
    }
    this.#artifactBytes += count;
  }

  /** The error for the trailers; its details can be fetched afterwards. */
  rpcError(error: unknown): RpcError {
    if (error instanceof RpcError) return error;
    const errorId = crypto.randomUUID();
    this.#errors.set(errorId, describeError(error));
    if (this.#errors.size > this.#limits.maxErrorsPerSession) {
      for (const oldest of this.#errors.keys()) {
        this.#errors.delete(oldest);
        break;
      }
    }
    return toRpcError(error, errorId);
  }

  errorRecord(errorId: string): ErrorRecord | undefined {
    return this.#errors.get(errorId);
  }

  async close(): Promise<void> {
    this.interrupt(() => true);
    this.#operations.clear();
    this.#artifacts.clear();
    this.#errors.clear();
    await this.host.close();
  }
}
