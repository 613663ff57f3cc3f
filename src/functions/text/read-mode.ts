import { AnalysisException, SparkException } from "../../errors/spark-error.ts";

export type ParseMode = "PERMISSIVE" | "DROPMALFORMED" | "FAILFAST";

/** An unknown mode is taken as PERMISSIVE, as Spark does. */
export function parseMode(option: string | undefined): ParseMode {
  const mode = option?.toUpperCase();
  return mode === "DROPMALFORMED" || mode === "FAILFAST" ? mode : "PERMISSIVE";
}

/** A record that cannot be read in FAILFAST mode. */
export function failedRead(path: string, cause?: unknown): SparkException {
  return new SparkException({ condition: "FAILED_READ_FILE.NO_HINT", messageParameters: { path }, cause });
}

export function booleanOption(value: string | undefined, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  return value.toLowerCase() === "true";
}

const ONLY_CORRUPT = `[UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN] The feature is not supported: Queries from raw JSON/CSV/XML files are disallowed when the
referenced columns only include the internal corrupt record column
(named \`_corrupt_record\` by default). For example:
\`spark.read.schema(schema).json(file).filter($"_corrupt_record".isNotNull).count()\`
and \`spark.read.schema(schema).json(file).select("_corrupt_record").show()\`.
Instead, you can cache or save the parsed results and then send the same query.
For example, \`val df = spark.read.schema(schema).json(file).cache()\` and then
\`df.filter($"_corrupt_record".isNotNull).count()\`. SQLSTATE: 0A000`;

/** A query must not be about nothing but the records that cannot be read. */
export function refuseOnlyCorrupt(wantsCorrupt: boolean, columns: number): void {
  if (!wantsCorrupt || columns !== 1) return;
  const condition = "UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN";
  throw new AnalysisException({ condition, message: ONLY_CORRUPT });
}
