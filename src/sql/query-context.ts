import type { QueryContext } from "../errors/spark-error.ts";
import type { Origin, SqlSource } from "../plan/origin.ts";

/** How much of a line is shown before and after the piece that a context is about. */
const MAX_EXTRA_LENGTH = 32;
const ELLIPSIS = "...";

/** The context of an error in a piece of SQL text: the piece, and a summary with a caret under each of its characters. */
export function sqlQueryContext(source: SqlSource, start: number, stop: number): QueryContext {
  return {
    contextType: "SQL",
    objectType: source.objectType ?? "",
    objectName: source.objectName ?? "",
    startIndex: start,
    stopIndex: stop,
    fragment: source.text.slice(start, stop + 1),
    callSite: "",
    summary: summaryOf(source, start, stop),
  };
}

/** The context of a node: its piece of SQL text, or the line of the program that built it. */
export function queryContextOf(origin: Origin): QueryContext {
  if (origin.kind === "sql") return sqlQueryContext(origin.source, origin.start, origin.stop);
  return {
    contextType: "DATAFRAME",
    objectType: "",
    objectName: "",
    startIndex: -1,
    stopIndex: -1,
    fragment: origin.fragment,
    callSite: origin.callSite,
    summary: `== DataFrame ==\n"${origin.fragment}" was called from\n${origin.callSite}\n`,
  };
}

/** Line from 1 and position from 0 of a place in a text. */
export function lineAndPosition(
  text: string,
  at: number,
): { readonly line: number; readonly position: number } {
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf("\n"); i !== -1 && i < at; i = text.indexOf("\n", i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return { line, position: at - lineStart };
}

function summaryOf(source: SqlSource, start: number, stop: number): string {
  const { text } = source;
  const { line, position } = lineAndPosition(text, start);
  const ofObject =
    source.objectType !== undefined && source.objectName !== undefined
      ? ` of ${source.objectType} ${source.objectName}`
      : "";
  let before = start - 1;
  while (before >= 0 && start - before <= MAX_EXTRA_LENGTH && text[before] !== "\n") before--;
  const cutBefore = start - before > MAX_EXTRA_LENGTH;
  let after = stop + 1;
  while (after < text.length && after - stop <= MAX_EXTRA_LENGTH && text[after] !== "\n") after++;
  const cutAfter = after - stop > MAX_EXTRA_LENGTH;
  const shown = `${cutBefore ? ELLIPSIS : ""}${text.slice(before + 1, after)}${cutAfter ? ELLIPSIS : ""}`;
  let index = before + 1 - (cutBefore ? ELLIPSIS.length : 0);
  let summary = `== SQL${ofObject} (line ${line}, position ${position + 1}) ==\n`;
  for (const shownLine of shown.split("\n")) {
    const first = Math.min(Math.max(start - index, 0), shownLine.length);
    const last = Math.min(Math.max(stop + 1 - index, 0), shownLine.length);
    summary += `${shownLine}\n${" ".repeat(first)}${"^".repeat(Math.max(last - first, 0))}\n`;
    index += shownLine.length + 1;
  }
  return summary;
}
