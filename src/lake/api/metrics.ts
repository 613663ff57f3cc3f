/** What a table's transactions went through, since it was opened here. */
export interface TableMetrics {
  readonly transactions: number;
  readonly commits: number;
  readonly rollbacks: number;
  /** Tries of commits, those that were done again among them. */
  readonly attempts: number;
  readonly retries: number;
  readonly conflicts: number;
  /** Conflicts of a hundred commits that were tried, as a fraction. */
  readonly conflictRate: number;
  /** Time spent in commits, waiting for others included. */
  readonly commitMs: number;
  readonly longestCommitMs: number;
  readonly recordsWritten: number;
}

export type TableEvent =
  | { readonly kind: "begin"; readonly transaction: number; readonly snapshotId: number }
  | {
      readonly kind: "commit";
      readonly transaction: number;
      readonly snapshotId: number;
      readonly attempts: number;
      readonly durationMs: number;
      readonly records: number;
    }
  | { readonly kind: "conflict"; readonly transaction: number; readonly error: Error }
  | {
      readonly kind: "retry";
      readonly transaction: number;
      readonly attempt: number;
      readonly waitMs: number;
    }
  | { readonly kind: "rollback"; readonly transaction: number };

/** Counts, and tells whoever listens. */
export class Monitor {
  readonly #listeners = new Set<(event: TableEvent) => void>();
  #counts = {
    transactions: 0,
    commits: 0,
    rollbacks: 0,
    attempts: 0,
    retries: 0,
    conflicts: 0,
    commitMs: 0,
    longestCommitMs: 0,
    recordsWritten: 0,
  };

  get metrics(): TableMetrics {
    const { commits, conflicts } = this.#counts;
    const tried = commits + conflicts;
    return { ...this.#counts, conflictRate: tried === 0 ? 0 : conflicts / tried };
  }

  tell(event: TableEvent): void {
    const counts = this.#counts;
    switch (event.kind) {
      case "begin":
        counts.transactions++;
        break;
      case "commit":
        counts.commits++;
        counts.attempts += event.attempts;
        counts.commitMs += event.durationMs;
        counts.longestCommitMs = Math.max(counts.longestCommitMs, event.durationMs);
        counts.recordsWritten += event.records;
        break;
      case "conflict":
        counts.conflicts++;
        counts.attempts++;
        break;
      case "retry":
        counts.retries++;
        break;
      case "rollback":
        counts.rollbacks++;
    }
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        // Whoever listens does not decide what becomes of a transaction.
      }
    }
  }

  listen(listener: (event: TableEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
