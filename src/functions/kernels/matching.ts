import { SparkRuntimeException } from "../../errors/spark-error.ts";
import { javaRegex } from "../java-regex.ts";
import type { Kernel } from "../kernel.ts";

/** Matching by Java's regular expressions. */
export const MATCHING_KERNELS: readonly Kernel[] = [
  {
    name: "rlike",
    args: ["string", "string"],
    result: "int32",
    call: (text, pattern) => {
      const compiled = javaRegex(pattern as string);
      if (compiled === undefined) throw invalidPattern(pattern as string, "rlike");
      return compiled.regex.test(text as string) ? 1 : 0;
    },
  },
];

/** Spark's error for a pattern that is no regular expression. */
export function invalidPattern(pattern: string, functionName: string): SparkRuntimeException {
  return new SparkRuntimeException({
    condition: "INVALID_PARAMETER_VALUE.PATTERN",
    messageParameters: {
      parameter: "`regexp`",
      functionName: `\`${functionName}\``,
      value: `'${pattern.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`,
    },
  });
}
