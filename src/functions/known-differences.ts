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
    topic: "variants",
    name: /named_struct\(\)/,
    found: /a struct without fields/,
    why: "DuckDB has no struct without fields",
  },
  {
    topic: "json",
    name: /from_json\(j, 'map<string,string>'\)/,
    found: /^rows /,
    why: "a map of DuckDB cannot hold a key twice, Spark's from_json keeps both entries; the last one stays",
  },
  {
    topic: "casts",
    name: /^(ansi|try|legacy) (bigint|float|double) -> timestamp$/,
    found: /922337203685477580/,
    why: "DuckDB keeps the two outermost microseconds for infinity; times are cut one microsecond before them",
  },
  {
    topic: "casts",
    name: /decimal\(38,18\) -> timestamp$/,
    why: "seconds beyond the range of timestamps wrap around in Spark",
  },
  {
    topic: "casts",
    name: /^ansi string -> (date|timestamp|timestamp_ntz)$/,
    found: /^rows/,
    why: "now, today and their kin are of the time at which Spark was asked",
  },
  {
    topic: "operators",
    name: /: (interval, void|void, interval)$/,
    found: /^Spark fails: DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION/,
    why: "a column that is always NULL plus a calendar interval is NULL here, an error in Spark",
  },
  {
    topic: "datetime_arithmetic",
    name: /make_interval\(0, 1, 0, 1\).*NULL|NULL.*make_interval|^(legacy )?try_(add|subtract)\(make_interval.*NULL/,
    found: /^Spark fails: DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION/,
    why: "NULL plus a calendar interval is NULL here, sometimes an error in Spark",
  },
  {
    topic: "datetime_arithmetic",
    name: /^legacy .*'(2|2024-03-01)'/,
    found: /UNEXPECTED_INPUT_TYPE|SECOND_FUNCTION_ARGUMENT_NOT_INTEGER/,
    why: "legacy mode: errors about dates and texts of another kind",
  },
  {
    topic: "arithmetic",
    name: /^legacy ('3' div NULL|NULL div '3')$/,
    why: "legacy mode: an error of another kind",
  },
  {
    topic: "bits",
    name: /^legacy ('3' [&|^] NULL|NULL [&|^] '3')$/,
    why: "legacy mode: an error of another kind",
  },
  {
    topic: "comparisons",
    name: /^(-\(|abs\()-99999999999999999999999999999999999999BD\)$/,
    why: "Spark fails where the negative of the longest decimal fits",
  },
  {
    topic: "comparisons",
    name: /^greatest\(.*-0\.0D/,
    found: /"-0\.0"/,
    why: "DuckDB's greatest gives zero without its sign",
  },
  {
    topic: "conditionals",
    name: /^legacy (1 IS DISTINCT FROM true|true IS DISTINCT FROM 1|CASE 1 WHEN true|CASE true WHEN 1)/,
    found: /^name|^nullable/,
    why: "legacy mode: a comparison of a truth value with 1 has another name",
  },
  {
    topic: "conditionals",
    name: /^(legacy )?(struct|named_struct)\(\)$/,
    found: /UNSUPPORTED_FEATURE/,
    why: "structs without fields",
  },
  { topic: "constructors", name: /struct\(\)/, found: /UNSUPPORTED_FEATURE/, why: "structs without fields" },
  {
    topic: "constructors",
    name: /^map\(0\.0D, 1, -0\.0D, 2\)$/,
    found: /^parameters/,
    why: "the message about a key that comes twice shows minus zero as zero",
  },
  {
    topic: "aggregates",
    name: /^mode\((d|a)\)|^collect_list\(DISTINCT l\)|GROUP BY ROLLUP/,
    found: /^rows/,
    why: "Spark's answer hangs on the order of its hash tables and partitions",
  },
  {
    topic: "aggregates",
    name: /^(count_if|bool_and|every|bool_or|some|any)\(DISTINCT i\)/,
    found: /^parameters/,
    why: "the message shows DISTINCT",
  },
  {
    topic: "aggregates",
    name: /^try_(sum|avg)\(/,
    found: /^parameters/,
    why: "Spark counts an argument of its own",
  },
  {
    topic: "aggregates",
    name: /^median\(dd\)/,
    found: /UNSUPPORTED_TIME_TYPE/,
    why: "dates are refused, but not as if they were times of day",
  },
  {
    topic: "aggregates",
    name: /^mode\(l, 1\)/,
    found: /UNEXPECTED_INPUT_TYPE/,
    why: "the condition of a name of its own",
  },
  {
    topic: "aggregates",
    name: /^sum\(CAST\(9{38} AS DECIMAL\(38,0\)\)\)/,
    found: /^condition ARITHMETIC_OVERFLOW <> NUMERIC_VALUE_OUT_OF_RANGE/,
    why: "Spark names what failed first: the sum of a partition, or that of all",
  },
  {
    topic: "aggregates",
    name: /^skewness\(i\)/,
    found: /^rows/,
    why: "Spark puts moments of partitions together, whose last digits are others",
  },
  {
    topic: "windows",
    name: /(first_value|last_value|collect_list|any_value)\(.\)( IGNORE NULLS)? OVER \(PARTITION BY i\)/,
    found: /^rows/,
    why: "rows of a window without order come in the order of Spark's shuffle",
  },
  {
    topic: "windows",
    name: /mode\(s\)/,
    found: /^rows/,
    why: "which of the most frequent values is not defined",
  },
  {
    topic: "windows",
    name: /OVER \((PARTITION BY i)?\)/,
    found: /^parameters .*wf_expr/,
    why: "the message shows columns with their table and literals with their suffix",
  },
  {
    topic: "windows",
    name: /^lag\(l, (s|NULL)\)|^ntile\(l\)/,
    found: /^condition/,
    why: "an error of another kind for offsets that are not known",
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
