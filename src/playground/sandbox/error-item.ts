import { PySparkException } from "../../errors/spark-error.ts";
import type { ErrorItem } from "./protocol.ts";
import { ReplSyntaxError } from "./repl-code.ts";

/** An error as the page shows it: Spark's condition, the text, and the place in the code. */
export function errorItem(error: unknown): ErrorItem {
  if (error instanceof ReplSyntaxError) {
    return {
      kind: "error",
      title: "SyntaxError",
      message: error.message,
      line: error.line,
      column: error.column,
    };
  }
  if (error instanceof PySparkException) {
    const place = programPlace(error);
    const [context] = error.getQueryContext();
    return {
      kind: "error",
      title: error.getCondition(),
      message: error.message,
      ...(place ?? {}),
      ...(context?.contextType === "SQL" && context.fragment !== "" ? { fragment: context.fragment } : {}),
    };
  }
  if (error instanceof Error) {
    return { kind: "error", title: error.name, message: error.message, ...(programPlace(error) ?? {}) };
  }
  return { kind: "error", title: "Error", message: String(error) };
}

/** The topmost frame of the user's own program in the error's stack. */
function programPlace(error: Error): { readonly line: number; readonly column: number } | undefined {
  const frame = /lakelet-program-\d+\.ts:(\d+):(\d+)/.exec(error.stack ?? "");
  // A function made from text has two lines of its own before the program's first.
  return frame === null ? undefined : { line: Math.max(1, Number(frame[1]) - 2), column: Number(frame[2]) };
}
