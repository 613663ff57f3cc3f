import { LakeletError } from "../../errors/lakelet-error.ts";

/** There is a table at that path already. */
export class TableExistsError extends LakeletError {
  constructor(path: string) {
    super("conflict", `there is a table at ${path} already; open it with loadTable`);
    this.name = "TableExistsError";
  }
}

/** There is no table at that path. */
export class TableNotFoundError extends LakeletError {
  constructor(path: string) {
    super("unavailable", `there is no table at ${path}; make one with createTable`);
    this.name = "TableNotFoundError";
  }
}

/** A file is not what the log says; nothing of it was given out. */
export class CorruptDataError extends LakeletError {
  readonly path: string;
  constructor(path: string, reason: string, cause?: unknown) {
    super("corrupt", `${path} cannot be trusted: ${reason}`, { cause });
    this.name = "CorruptDataError";
    this.path = path;
  }
}

/** The garbage collection stopped before it removed anything that may still be needed. */
export class GarbageCollectionAborted extends LakeletError {
  constructor(reason: string, cause?: unknown) {
    super("unavailable", `nothing more is collected: ${reason}`, { retryable: true, cause });
    this.name = "GarbageCollectionAborted";
  }
}

/** A lock that a transaction was fenced by has passed on to somebody else. */
export class LockLostError extends LakeletError {
  constructor(name: string) {
    super("conflict", `the lock ${name} has passed on to another owner`, { retryable: true });
    this.name = "LockLostError";
  }
}
