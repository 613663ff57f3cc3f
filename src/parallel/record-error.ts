import { LakeletError } from "../errors/lakelet-error.ts";

/** A record that could not be processed: its number in the source, from 0, and why. */
export interface RecordError {
  readonly index: number;
  readonly error: unknown;
}

/** A pipeline ended because of a record, or of more of them than were allowed; `cause` is the record's own error. */
export class PipelineError extends LakeletError {
  readonly recordIndex: number;

  constructor(recordIndex: number, cause: unknown, message?: string) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super("internal", message ?? `record ${recordIndex} of the source could not be processed (${reason})`, {
      cause,
    });
    this.name = "PipelineError";
    this.recordIndex = recordIndex;
  }
}
