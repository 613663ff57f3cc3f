import type { SparkErrorClass } from "../../errors/spark-error.ts";

const EXCEPTION = ["java.lang.Exception", "java.lang.Throwable", "java.lang.Object"];
const RUNTIME = ["java.lang.RuntimeException", ...EXCEPTION];
const ILLEGAL_ARGUMENT = ["java.lang.IllegalArgumentException", ...RUNTIME];
const ANALYSIS = ["org.apache.spark.sql.AnalysisException", ...EXCEPTION];
const SPARK = ["org.apache.spark.SparkException", ...EXCEPTION];

/**
 * The classes of a JVM exception and of its parents, most specific first: clients take the first that they know.
 * As recorded from Spark.
 */
const CLASSES: Readonly<Partial<Record<SparkErrorClass, readonly string[]>>> = {
  PySparkException: SPARK,
  AnalysisException: ANALYSIS,
  ParseException: ["org.apache.spark.sql.catalyst.parser.ParseException", ...ANALYSIS],
  IllegalArgumentException: ["org.apache.spark.SparkIllegalArgumentException", ...ILLEGAL_ARGUMENT],
  NumberFormatException: [
    "org.apache.spark.SparkNumberFormatException",
    "java.lang.NumberFormatException",
    ...ILLEGAL_ARGUMENT,
  ],
  ArithmeticException: [
    "org.apache.spark.SparkArithmeticException",
    "java.lang.ArithmeticException",
    ...RUNTIME,
  ],
  UnsupportedOperationException: [
    "org.apache.spark.SparkUnsupportedOperationException",
    "java.lang.UnsupportedOperationException",
    ...RUNTIME,
  ],
  ArrayIndexOutOfBoundsException: [
    "org.apache.spark.SparkArrayIndexOutOfBoundsException",
    "java.lang.ArrayIndexOutOfBoundsException",
    "java.lang.IndexOutOfBoundsException",
    ...RUNTIME,
  ],
  DateTimeException: ["org.apache.spark.SparkDateTimeException", "java.time.DateTimeException", ...RUNTIME],
  SparkRuntimeException: ["org.apache.spark.SparkRuntimeException", ...RUNTIME],
  SparkUpgradeException: ["org.apache.spark.SparkUpgradeException", ...RUNTIME],
  SparkNoSuchElementException: [
    "org.apache.spark.SparkNoSuchElementException",
    "java.util.NoSuchElementException",
    ...RUNTIME,
  ],
  QueryExecutionException: ["org.apache.spark.sql.execution.QueryExecutionException", ...EXCEPTION],
  StreamingQueryException: ["org.apache.spark.sql.streaming.StreamingQueryException", ...EXCEPTION],
  PythonException: ["org.apache.spark.api.python.PythonException", ...RUNTIME],
  InvalidPlanInput: ["org.apache.spark.sql.connect.common.InvalidPlanInput", ...EXCEPTION],
  // The client's own checks; a server has no better word for them.
  PySparkValueError: ILLEGAL_ARGUMENT,
  PySparkTypeError: ILLEGAL_ARGUMENT,
  PySparkAttributeError: ILLEGAL_ARGUMENT,
  PySparkAssertionError: SPARK,
  PySparkNotImplementedError: ["java.lang.UnsupportedOperationException", ...RUNTIME],
};

const SQL = ["org.apache.spark.SparkSQLException", "java.sql.SQLException", ...EXCEPTION];
const CONCURRENT = ["java.util.ConcurrentModificationException", ...RUNTIME];

/** Conditions whose exceptions are of another class on the JVM than in PySpark. */
const BY_CONDITION: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(INVALID_HANDLE|INVALID_CURSOR|INVALID_CLONE_SESSION_REQUEST)\./, SQL],
  [/^(UNSUPPORTED_FEATURE\.INTERRUPT_TYPE|INVALID_PARAMETER_VALUE\.INTERRUPT_)/, SQL],
  [/^OPERATION_CANCELED$/, SQL],
];

export function jvmClasses(errorClass: SparkErrorClass | undefined, condition: string): readonly string[] {
  const special = BY_CONDITION.find(([pattern]) => pattern.test(condition));
  if (special !== undefined) return special[1];
  if (errorClass === undefined) return SPARK;
  const isConflict = /^(Concurrent|MetadataChanged|ProtocolChanged)/.test(errorClass);
  const classes =
    CLASSES[errorClass] ?? (isConflict ? [`io.delta.exceptions.${errorClass}`, ...CONCURRENT] : SPARK);
  // Spark's own subclasses of Java's exceptions are those that have a condition.
  return condition === "" && /^org\.apache\.spark\.Spark.+Exception$/.test(classes[0] ?? "")
    ? classes.slice(1)
    : classes;
}
