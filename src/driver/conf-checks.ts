import { sparkError, unsupported } from "../errors/spark-error.ts";

/** Settings with a list of values, upper or lower case. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "spark.sql.storeAssignmentPolicy": ["ANSI", "LEGACY", "STRICT"],
  "spark.sql.timestampType": ["TIMESTAMP_NTZ", "TIMESTAMP_LTZ"],
  "spark.sql.mapKeyDedupPolicy": ["EXCEPTION", "LAST_WIN"],
  "spark.sql.legacy.timeParserPolicy": ["EXCEPTION", "LEGACY", "CORRECTED"],
  "spark.sql.legacy.ctePrecedencePolicy": ["EXCEPTION", "LEGACY", "CORRECTED"],
  "spark.sql.sources.partitionOverwriteMode": ["STATIC", "DYNAMIC"],
  "spark.sql.parquet.compression.codec": [
    "brotli",
    "uncompressed",
    "lzo",
    "snappy",
    "lz4_raw",
    "none",
    "zstd",
    "lz4",
    "gzip",
  ],
};

const INTEGERS: ReadonlySet<string> = new Set([
  "spark.sql.shuffle.partitions",
  "spark.sql.execution.arrow.maxRecordsPerBatch",
  "spark.sql.pivotMaxValues",
  "spark.sql.transposeMaxValues",
  "spark.sql.cteRecursionLevelLimit",
  "spark.sql.cteRecursionRowLimit",
  "spark.sql.view.maxNestedViewDepth",
  "spark.sql.broadcastTimeout",
]);

const POSITIVE: ReadonlySet<string> = new Set(["spark.sql.shuffle.partitions"]);

const BYTES: ReadonlySet<string> = new Set(["spark.sql.autoBroadcastJoinThreshold"]);

/**
 * Settings that change answers, by the only value for which the answers here are Spark's. Another value is refused by
 * name rather than passed over.
 */
const FIXED: Readonly<Record<string, string>> = {
  "spark.sql.function.eltOutputAsString": "false",
  "spark.sql.legacy.allowZeroIndexInFormatString": "false",
  "spark.sql.legacy.bangEqualsNot": "false",
  "spark.sql.legacy.castComplexTypesToString.enabled": "false",
  "spark.sql.legacy.codingErrorAction": "false",
  "spark.sql.legacy.createEmptyCollectionUsingStringType": "false",
  "spark.sql.legacy.decimal.retainFractionDigitsOnTruncate": "false",
  "spark.sql.legacy.disableMapKeyNormalization": "false",
  "spark.sql.legacy.doLooseUpcast": "false",
  "spark.sql.legacy.followThreeValuedLogicInArrayExists": "true",
  "spark.sql.legacy.groupingIdWithAppendedUserGroupBy": "false",
  "spark.sql.legacy.histogramNumericPropagateInputType": "true",
  "spark.sql.legacy.javaCharsets": "false",
  "spark.sql.legacy.json.allowEmptyString.enabled": "false",
  "spark.sql.legacy.keepPartitionSpecAsStringLiteral": "false",
  "spark.sql.legacy.literal.pickMinimumPrecision": "true",
  "spark.sql.legacy.lpadRpadAlwaysReturnString": "false",
  "spark.sql.legacy.negativeIndexInArrayInsert": "false",
  "spark.sql.legacy.nullValueWrittenAsQuotedEmptyStringCsv": "false",
  "spark.sql.legacy.parquet.nanosAsLong": "false",
  "spark.sql.legacy.parseNullPartitionSpecAsStringLiteral": "false",
  "spark.sql.legacy.percentileDiscCalculation": "false",
  "spark.sql.legacy.raiseErrorWithoutErrorClass": "false",
  "spark.sql.legacy.scalarSubqueryCountBugBehavior": "false",
  "spark.sql.legacy.statisticalAggregate": "false",
  "spark.sql.legacy.storeAnalyzedPlanForView": "false",
  "spark.sql.legacy.typeCoercion.datetimeToString.enabled": "false",
  "spark.sql.legacy.useCurrentConfigsForView": "false",
  "spark.sql.preserveCharVarcharTypeInfo": "false",
};

/** Throws for a value that a setting cannot have. `standard` is the setting's default. */
export function checkConfValue(key: string, value: string, standard: string | undefined): void {
  const fixed = FIXED[key];
  const given = value.trim().toLowerCase();
  if (fixed !== undefined && given !== fixed) throw unsupported(`the setting ${key} = ${value}`);
  const isFlag = fixed !== undefined || standard === "true" || standard === "false";
  if (isFlag && given !== "true" && given !== "false") throw mismatch(key, value, "boolean");
  if (INTEGERS.has(key)) {
    if (!/^[+-]?\d+$/.test(given) || Math.abs(Number(given)) > 2 ** 31) throw mismatch(key, value, "int");
    if (POSITIVE.has(key) && Number(given) <= 0) {
      throw invalid("REQUIREMENT", key, value, {
        confRequirement: `The value of ${key} must be positive`,
      });
    }
  }
  if (BYTES.has(key) && !/^-?\d+\s*([bkmgtp]|[kmgtp]i?b)?$/.test(given)) {
    throw mismatch(key, value, "bytes in BYTE");
  }
  const options = OPTIONS[key];
  if (options !== undefined && !options.some((option) => option.toLowerCase() === given)) {
    throw invalid("OUT_OF_RANGE_OF_OPTIONS", key, value, { confOptions: options.join(", ") });
  }
}

function mismatch(key: string, value: string, confType: string): Error {
  return invalid("TYPE_MISMATCH", key, value, { confType });
}

function invalid(
  kind: string,
  confName: string,
  confValue: string,
  more: Readonly<Record<string, string>>,
): Error {
  return sparkError("IllegalArgumentException", {
    condition: `INVALID_CONF_VALUE.${kind}`,
    messageParameters: { confName, confValue, ...more },
  });
}
