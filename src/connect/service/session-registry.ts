import { handleError } from "./error-details.ts";
import type { ServiceLimits } from "./limits.ts";
import type { SessionRequest } from "./requests.ts";
import { RpcError, STATUS } from "./rpc-error.ts";
import { ServiceSession } from "./service-session.ts";
import type { HostSession, SessionHost } from "./session-host.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The open sessions. One comes into being when it is first mentioned, and ends when it is released or idle. */
export class SessionRegistry {
  readonly #host: SessionHost;
  readonly #limits: ServiceLimits;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Promise<ServiceSession>>();
  readonly #closed = new Set<string>();

  constructor(host: SessionHost, limits: ServiceLimits, now: () => number) {
    this.#host = host;
    this.#limits = limits;
    this.#now = now;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The session that a request names, opened if need be. */
  async forRequest(request: SessionRequest): Promise<ServiceSession> {
    const { userId, sessionId } = this.#identify(request);
    const key = sessionKey(userId, sessionId);
    if (this.#closed.has(key)) throw handleError("INVALID_HANDLE.SESSION_CLOSED", { handle: sessionId });
    const opening =
      this.#sessions.get(key) ??
      this.#add(userId, sessionId, () => this.#host.openSession({ userId, sessionId }));
    const session = await opening;
    const observed = request.clientObservedServerSideSessionId;
    if (observed !== undefined && observed !== "" && observed !== session.serverSideSessionId) {
      throw session.rpcError(handleError("INVALID_HANDLE.SESSION_CHANGED", { handle: sessionId }));
    }
    session.touch();
    return session;
  }

  /** The session that a request names, if it is open. */
  async find(request: SessionRequest): Promise<ServiceSession | undefined> {
    const { userId, sessionId } = this.#identify(request);
    return this.#sessions.get(sessionKey(userId, sessionId));
  }

  async clone(request: SessionRequest, newSessionId: string | undefined): Promise<ServiceSession> {
    const origin = await this.find(request);
    if (origin === undefined)
      throw handleError("INVALID_HANDLE.SESSION_NOT_FOUND", { handle: request.sessionId });
    const sessionId = newSessionId ?? crypto.randomUUID();
    const refuse = (why: string) =>
      handleError(`INVALID_CLONE_SESSION_REQUEST.TARGET_SESSION_ID_${why}`, { targetSessionId: sessionId });
    if (!isUuid(sessionId)) throw refuse("FORMAT");
    const key = sessionKey(origin.userId, sessionId);
    if (this.#closed.has(key)) throw refuse("ALREADY_CLOSED");
    if (this.#sessions.has(key)) throw refuse("ALREADY_EXISTS");
    return this.#add(origin.userId, sessionId, () => origin.host.clone({ sessionId }));
  }

  /** Closes a session; its id is refused from then on unless `mayReturn`. */
  async release(session: ServiceSession, mayReturn: boolean): Promise<void> {
    const key = sessionKey(session.userId, session.sessionId);
    this.#sessions.delete(key);
    if (!mayReturn) this.#rememberClosed(key);
    await session.close();
  }

  /** Closes what has been idle for too long and forgets operations that nobody listens to. */
  async maintain(): Promise<void> {
    for (const opening of [...this.#sessions.values()]) {
      const session = await opening.catch(() => undefined);
      if (session === undefined) continue;
      for (const operation of [...session.operations]) {
        if (operation.detachedMs > this.#limits.detachedMs) session.removeOperation(operation.id);
      }
      if (session.idleMs > this.#limits.idleSessionMs) await this.release(session, false);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(all.map(async (opening) => (await opening).close()));
  }

  #identify(request: SessionRequest): { readonly userId: string; readonly sessionId: string } {
    const { sessionId } = request;
    if (!isUuid(sessionId)) throw handleError("INVALID_HANDLE.FORMAT", { handle: sessionId });
    return { userId: request.userContext?.userId ?? "", sessionId };
  }

  #add(userId: string, sessionId: string, open: () => Promise<HostSession>): Promise<ServiceSession> {
    if (this.#sessions.size >= this.#limits.maxSessions) {
      throw new RpcError(
        STATUS.RESOURCE_EXHAUSTED,
        `${this.#sessions.size} sessions are open, which is the limit; stop some or wait until idle ones are closed`,
      );
    }
    const key = sessionKey(userId, sessionId);
    const opening = open().then(
      (host) => new ServiceSession({ userId, sessionId, host, limits: this.#limits, now: this.#now }),
    );
    this.#sessions.set(key, opening);
    opening.catch(() => this.#sessions.delete(key));
    return opening;
  }

  #rememberClosed(key: string): void {
    this.#closed.add(key);
    if (this.#closed.size <= this.#limits.maxClosedSessions) return;
    for (const oldest of this.#closed) {
      this.#closed.delete(oldest);
      break;
    }
  }
}

function sessionKey(userId: string, sessionId: string): string {
  return `${sessionId.toLowerCase()} ${userId}`;
}
