import { toWireError } from "../errors/wire-error.ts";
import type { Command } from "../plan/command.ts";
import { type FlatPlan, unflattenPlan } from "../plan/flat.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import type { QueryProgress, QueryResult } from "../session/backend.ts";
import type { Driver } from "./driver.ts";
import type { DriverApi, OperationOptions, Outcome, SessionCalls, SessionOptions } from "./driver-api.ts";
import type { DriverSession } from "./driver-session.ts";
import type { ClientFunction } from "./session-state.ts";

type Calls = {
  readonly [M in keyof SessionCalls]: (
    session: DriverSession,
    args: Parameters<SessionCalls[M]>,
    onProgress?: (progress: QueryProgress) => void,
  ) => Promise<ReturnType<SessionCalls[M]>> | ReturnType<SessionCalls[M]>;
};

const relation = (flat: FlatPlan) => unflattenPlan(flat) as Relation;

/** Each call of a session as the driver answers it. */
const CALLS: Calls = {
  schema: (session, [plan]) => session.schema(relation(plan)),
  explain: (session, [plan, mode]) => session.explain(relation(plan), mode),
  inputFiles: (session, [plan]) => session.inputFiles(relation(plan)),
  isLocal: (session, [plan]) => session.isLocal(relation(plan)),
  sameSemantics: (session, [a, b]) => session.sameSemantics(relation(a), relation(b)),
  semanticHash: (session, [plan]) => session.semanticHash(relation(plan)),
  execute: (session, [plan, options], onProgress) =>
    session.execute(relation(plan), withProgress(options, onProgress)),
  command: (session, [command, options], onProgress) =>
    session.command(unflattenPlan(command) as unknown as Command, withProgress(options, onProgress)),
  sql: async (session, [query, resultId, options], onProgress) => {
    const outcome = await session.sql(relation(query) as Sql, withProgress(options, onProgress));
    session.keep(resultId, outcome);
    return { isQuery: outcome.isQuery, schema: outcome.schema };
  },
  release: (session, [id]) => session.release(id),
  confGet: (session, [key]) => session.conf.get(key),
  confSet: (session, [key, value]) => session.conf.set(key, value),
  confUnset: (session, [key]) => session.conf.unset(key),
  confGetAll: (session, [prefix]) => session.conf.all(prefix),
  confIsModifiable: (session, [key]) => session.conf.isModifiable(key),
  persist: (session, [plan, level]) => session.persist(relation(plan), level),
  unpersist: (session, [plan]) => session.unpersist(relation(plan)),
  storageLevel: (session, [plan]) => session.storageLevel(relation(plan)),
  registerFile: (session, [content, name]) => session.registerFile(content, name),
  interrupt: (session, [what]) => session.interrupt(what),
  version: () => "4.3.0",
};

function withProgress(
  options: OperationOptions,
  onProgress: ((progress: QueryProgress) => void) | undefined,
) {
  return onProgress === undefined ? options : { ...options, onProgress };
}

/** How Arrow bytes leave: moved to the other side instead of copied, where the transport can. */
export type Transfer = <T>(value: T, buffers: readonly ArrayBuffer[]) => T;

/** The driver behind a MessagePort: plain data in, outcomes out. */
export function driverEndpoint(driver: Driver, transfer: Transfer): DriverApi {
  const outcome = async <T>(work: () => Promise<T> | T): Promise<Outcome<T>> => {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      return { ok: false, error: toWireError(error) };
    }
  };
  return {
    openSession: (options: SessionOptions) =>
      outcome(() => {
        driver.openSession(options);
      }),
    call: async (sessionId, method, args, onProgress) => {
      const result = await outcome(() => CALLS[method](driver.session(sessionId), args, onProgress));
      return transfer(result as Outcome<never>, result.ok ? buffersOf(result.value) : []);
    },
    stream: (sessionId, plan, options, onBatch, onProgress) =>
      outcome(async () => {
        const session = driver.session(sessionId);
        const abort = new AbortController();
        const result = await session.execute(relation(plan), {
          ...withProgress(options, onProgress),
          signal: abort.signal,
        });
        for (const chunk of result.chunks) {
          if (!(await onBatch(transfer(chunk, ownBuffer(chunk)), 0))) break;
        }
      }),
    registerFunction: async (sessionId, id, call: ClientFunction) => {
      driver.session(sessionId).registerFunction(id, call);
    },
    closeSession: async (sessionId) => driver.closeSession(sessionId),
    shutdown: () => driver.close(),
  };
}

function buffersOf(value: unknown): readonly ArrayBuffer[] {
  const chunks = (value as QueryResult | undefined)?.chunks;
  if (!Array.isArray(chunks)) return [];
  return [...new Set(chunks.flatMap((chunk: Uint8Array) => ownBuffer(chunk)))];
}

/** The buffer of bytes that fill it: a view on a part of a larger one must be copied. */
function ownBuffer(bytes: Uint8Array): readonly ArrayBuffer[] {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? [bytes.buffer]
    : [];
}
