import { type FormatArgument, formatNumber, javaFormat } from "../java-format.ts";
import type { Kernel } from "../kernel.ts";

export const FORMATTING_KERNELS: readonly Kernel[] = [
  {
    name: "format_string",
    args: ["string", "string"],
    variadic: true,
    result: "string",
    nulls: "pass",
    call: (pattern, ...values) =>
      pattern === null
        ? null
        : javaFormat(
            pattern as string,
            values.map((v) => ({
              kind: (v as string)[0] as FormatArgument["kind"],
              text: (v as string).slice(1),
            })),
          ),
  },
  {
    name: "format_number",
    args: ["string", "int32"],
    result: "string",
    call: (text, places) => formatNumber(text as string, places as number),
  },
];
