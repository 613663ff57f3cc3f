import type { SerializedSparkError } from "../errors/spark-error.ts";

const CONFIG = '"spark.sql.ansi.enabled"';
const OPERATORS: Readonly<Record<string, readonly [symbol: string, alternative: string]>> = {
  addition: ["+", "try_add"],
  subtraction: ["-", "try_subtract"],
  multiplication: ["*", "try_multiply"],
};

/**
 * Whole-number arithmetic is checked by DuckDB itself, which is faster than checks written in SQL; this is Spark's
 * error for its message. Undefined for messages of other kinds.
 */
export function sparkErrorOfDuckdb(message: string): SerializedSparkError | undefined {
  const overflow =
    /Overflow in (addition|subtraction|multiplication) of INT(8|16|32|64) \((-?\d+) [-+*] (-?\d+)\)/.exec(
      message,
    );
  if (overflow !== null) {
    const [symbol, alternative] = OPERATORS[overflow[1] as string] as readonly [string, string];
    if (overflow[2] === "8" || overflow[2] === "16") {
      return {
        errorClass: "ArithmeticException",
        condition: "BINARY_ARITHMETIC_OVERFLOW",
        messageParameters: {
          value1: `${overflow[3]}S`,
          symbol,
          value2: `${overflow[4]}S`,
          functionName: `\`${alternative}\``,
        },
      };
    }
    return arithmeticOverflow(
      "overflow",
      ` Use '${alternative}' to tolerate overflow and return NULL instead.`,
    );
  }
  // Only sums of longs are cast from INT128 unchecked.
  if (/Type INT128 with value -?\d+ can't be cast .*destination type INT64/.test(message)) {
    return arithmeticOverflow("overflow", " Use 'try_add' to tolerate overflow and return NULL instead.");
  }
  if (/Overflow (in negation of|on abs\()/.test(message)) return arithmeticOverflow("overflow", "");
  if (/Overflow in division of -?\d+ \/ -?\d+/.test(message)) {
    return arithmeticOverflow(
      "Overflow in integral divide",
      " Use 'try_divide' to tolerate overflow and return NULL instead.",
    );
  }
  if (/Date and time not in timestamp range|Timestamp microseconds out of range/.test(message)) {
    return arithmeticOverflow("long overflow", "");
  }
  return undefined;
}

function arithmeticOverflow(message: string, alternative: string): SerializedSparkError {
  return {
    errorClass: "ArithmeticException",
    condition: "ARITHMETIC_OVERFLOW",
    messageParameters: { message, alternative, config: CONFIG },
  };
}
