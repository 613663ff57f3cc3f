/** What the service holds and for how long. All can be set; all are enforced. */
export interface ServiceLimits {
  /** Of one message from a client. */
  readonly maxMessageBytes: number;
  readonly maxSessions: number;
  /** Operations of one session that run or are kept for reattaching. */
  readonly maxOperationsPerSession: number;
  /** Results of one operation that wait to be sent; the query pauses when there are more. */
  readonly maxUnsentBytes: number;
  /** Results of one operation that were sent and are kept for reattaching until they are released. */
  readonly maxKeptBytes: number;
  /** Local data and files of one session. */
  readonly maxArtifactBytes: number;
  /** A batch is cut in messages of this size for clients that allow it. */
  readonly maxChunkBytes: number;
  /** An operation that nobody listens to for so long is cancelled and forgotten. */
  readonly detachedMs: number;
  /** A session that nobody uses for so long is closed. */
  readonly idleSessionMs: number;
  /** Errors of one session that can still be asked about. */
  readonly maxErrorsPerSession: number;
  /** Released sessions whose ids are refused. */
  readonly maxClosedSessions: number;
  /** Between two reports of progress. */
  readonly progressMs: number;
}

export const DEFAULT_LIMITS: ServiceLimits = {
  maxMessageBytes: 128 * 1024 * 1024,
  maxSessions: 1_000,
  maxOperationsPerSession: 1_000,
  maxUnsentBytes: 64 * 1024 * 1024,
  maxKeptBytes: 64 * 1024 * 1024,
  maxArtifactBytes: 3 * 1024 * 1024 * 1024,
  maxChunkBytes: 16 * 1024 * 1024,
  detachedMs: 60_000,
  idleSessionMs: 60 * 60_000,
  maxErrorsPerSession: 100,
  maxClosedSessions: 10_000,
  progressMs: 500,
};
