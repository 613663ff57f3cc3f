import type { QueryContext } from "../errors/spark-error.ts";
import type { Origin, SqlSource } from "./origin.ts";

/** How much of the text around a fragment an error shows on each side. */
const EXTRA_CHARS = 32;

/** The context that errors carry for a node of that origin; empty when the origin is unknown. */
export function queryContexts(origin: Origin | undefined): readonly QueryContext[] {
  if (origin === undefined) return [];
  if (origin.kind === "program") {
    return [
      {
        contextType: "DATAFRAME",
        objectType: "",
        objectName: "",
        startIndex: -1,
        stopIndex: -1,
        fragment: origin.fragment,
        callSite: origin.callSite,
        summary: `== DataFrame ==\n"${origin.fragment}" was called from\n${origin.callSite}\n`,
      },
    ];
  }
  const { source, start, stop } = origin;
  return [
    {
      contextType: "SQL",
      objectType: source.objectType ?? "",
      objectName: source.objectName ?? "",
      startIndex: start,
      stopIndex: stop,
      fragment: source.text.slice(start, stop + 1),
      callSite: "",
      summary: summarize(source, start, stop),
    },
  ];
}

/** Line (from 1) and column (from 0) of an index. */
export function lineAndColumn(
  text: string,
  index: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: index - lineStart };
}

/** The lines that hold the range, cut where they are long, with carets below the range. */
function summarize(source: SqlSource, start: number, stop: number): string {
  const { text } = source;
  const { line, column } = lineAndColumn(text, start);
  const owner = source.objectType === undefined ? "" : ` of ${source.objectType} ${source.objectName ?? ""}`;
  const last = Math.min(stop, text.length - 1);

  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const from = start - lineStart > EXTRA_CHARS - 1 ? start - EXTRA_CHARS : lineStart;
  const isStartCut = start - lineStart > EXTRA_CHARS - 1 && from > lineStart - 1;
  const newline = text.indexOf("\n", last);
  const lineStop = newline < 0 ? text.length : newline;
  const to = Math.min(lineStop, last + EXTRA_CHARS + 1);
  const isStopCut = lineStop - last > EXTRA_CHARS;

  const shown = `${isStartCut ? "..." : ""}${text.slice(from, to)}${isStopCut ? "..." : ""}`;
  let index = from - (isStartCut ? 3 : 0);
  let body = "";
  for (const shownLine of shown.split("\n")) {
    body += `${shownLine}\n`;
    for (let i = 0; i < shownLine.length; i++, index++) {
      if (index < start) body += " ";
      else if (index <= last) body += "^";
    }
    index++;
    body += "\n";
  }
  return `== SQL${owner} (line ${line}, position ${column + 1}) ==\n${body}`;
}
