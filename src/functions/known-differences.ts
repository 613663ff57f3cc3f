/** Recorded queries that we answer otherwise than Spark, each kind with its reason. */
interface KnownDifference {
  readonly topic: string;
  /** The case's name, whole or as a pattern. */
  readonly name: RegExp;
  /** What is found to differ. */
  readonly found?: RegExp;
  readonly why: string;
}

const KNOWN: readonly KnownDifference[] = [
  {
    topic: "casts",
    name: /^(ansi|try|legacy) (bigint|float|double) -> timestamp$/,
    found: /922337203685477580/,
    why: "DuckDB keeps the two outermost microseconds for infinity; times are cut one microsecond before them",
  },
  {
    topic: "casts",
    name: /decimal\(38,18\) -> timestamp$/,
    why: "seconds beyond the range of timestamps wrap around in Spark and are NULL here",
  },
  {
    topic: "casts",
    name: /^ansi string -> (date|timestamp|timestamp_ntz)$/,
    found: /CAST_INVALID_INPUT/,
    why: "the words now, today, yesterday and tomorrow are not read as times",
  },
  {
    topic: "operators",
    name: /: void, void$/,
    found: /^Spark fails: Column 0/,
    why: "the recording client cannot read empty children of void type",
  },
];

/** Whether the differences of a case are on the list. */
export function isKnown(topic: string, name: string, found: readonly string[]): boolean {
  return KNOWN.some(
    (k) =>
      k.topic === topic &&
      k.name.test(name) &&
      (k.found === undefined || found.every((f) => k.found?.test(f))),
  );
}
