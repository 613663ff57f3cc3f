/** One call of a PySpark function on batches of Arrow. */
export interface PythonCall {
  /** `scalar`: a column for columns. `map`: batches to batches. `group`, `cogroup`: groups to rows. `aggregate`: groups to values. `table`: arguments to rows. `analyze`: arguments to the type of rows, as JSON. */
  readonly operation: "scalar" | "map" | "group" | "cogroup" | "aggregate" | "table" | "analyze";
  /** PySpark's number for the kind of function. */
  readonly evalType: number;
  /** The pickled function and its return type. */
  readonly command: Uint8Array;
  /** Python's version that pickled it, such as `3.11`. */
  readonly pythonVersion: string;
  /** Configuration that the conversion of values depends on. */
  readonly conf: Readonly<Record<string, string>>;
  /** Keyword of each argument, null for one by position. */
  readonly names?: readonly (string | null)[];
  /** Which of the arguments is a table, if one is. */
  readonly tableArgument?: number;
  /** How many of the first columns are keys. */
  readonly keyCount?: number;
  /** The type of the rows that come out, as Spark's JSON. */
  readonly returnType?: string;
  /** Arrow IPC streams: the arguments, or the sides of a cogroup. */
  readonly data: readonly Uint8Array[];
}

/** What runs Python functions: worker processes of the user's own Python. */
export interface PythonRunner {
  /**
   * An Arrow IPC stream of the result; no bytes when there is none.
   *
   * @throws PythonException with Python's traceback; UNSUPPORTED_FEATURE when there is no Python that can do it
   */
  run(call: PythonCall, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}
