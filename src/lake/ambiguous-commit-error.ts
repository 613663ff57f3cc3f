import { LakeletError } from "../errors/lakelet-error.ts";

/**
 * A commit failed in a way that does not tell whether it landed, and the log could not be asked. Read the table before
 * trying again; nothing that the commit wrote may be removed.
 */
export class AmbiguousCommitError extends LakeletError {
  readonly path: string;

  constructor(path: string, options: { readonly cause?: unknown } = {}) {
    super(
      "unavailable",
      `it is not known whether the commit ${path} landed; look at the table before trying again`,
      {
        cause: options.cause,
      },
    );
    this.name = "AmbiguousCommitError";
    this.path = path;
  }
}
