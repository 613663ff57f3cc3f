import { describeCondition, ParseException } from "../errors/spark-error.ts";
import type { SqlSource } from "../plan/origin.ts";
import { lineAndColumn, queryContexts } from "../plan/query-context.ts";

/** A text that is no SQL at a place: the message ends with the text and a mark under the place. */
export function syntaxErrorAt(
  text: string,
  at: number,
  condition: string,
  messageParameters: Readonly<Record<string, string>>,
): ParseException {
  const { line, column } = lineAndColumn(text, at);
  const lines = text.replace(/(?!^)\n+$/, "").split("\n");
  const marked = [...lines.slice(0, line), `${"-".repeat(column)}^^^`, ...lines.slice(line)].join("\n");
  const message = `\n${describeCondition(condition, messageParameters)} (line ${line}, pos ${column})\n\n== SQL ==\n${marked}\n`;
  return new ParseException({ condition, messageParameters, message });
}

/** A piece of SQL that is well formed but not allowed: the message ends with the piece and its context. */
export function parseErrorIn(
  source: SqlSource,
  start: number,
  stop: number,
  condition: string,
  messageParameters: Readonly<Record<string, string>> = {},
): ParseException {
  const contexts = queryContexts({ kind: "sql", source, start, stop });
  const message = `\n${describeCondition(condition, messageParameters)}\n${contexts.map((c) => c.summary).join("")}`;
  return new ParseException({ condition, messageParameters, queryContexts: contexts, message });
}
