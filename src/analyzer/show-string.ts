import type { ShownTable } from "./analyzed-query.ts";

/** Characters that take two columns of a terminal: Spark counts them so, and nothing else. */
const FULL_WIDTH =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/gu;

const MIN_WIDTH = 3;

/** The text of `show()`: a table, a vertical list, or HTML. `rows` are the cells as text, one row more when there are more. */
export function formatShowString(show: ShownTable, rows: readonly (readonly string[])[]): string {
  const limit = Math.min(Math.max(show.numRows, 0), 2_147_483_631);
  const hasMore = rows.length > limit;
  const shown = (text: string): string => (show.style === "html" ? text : escaped(text));
  // Names are never cut, cells are.
  const header = show.columnNames.map(shown);
  const body = rows.slice(0, limit).map((row) => row.map((cell) => truncated(shown(cell), show.truncate)));
  if (show.style === "html") return html(header, body, hasMore, limit);
  return show.style === "vertical"
    ? vertical(header, body, hasMore, limit)
    : table(header, body, show.truncate, hasMore, limit);
}

/** What would break the lines of the table. */
function escaped(cell: string): string {
  return cell
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/\f/g, "\\f")
    .replace(/[\b]/g, "\\b")
    .replace(/\u000B/g, "\\v")
    .replace(/\u0007/g, "\\a");
}

function truncated(cell: string, truncate: number): string {
  const chars = [...cell];
  if (truncate <= 0 || chars.length <= truncate) return cell;
  if (truncate < 4) return chars.slice(0, truncate).join("");
  return `${chars.slice(0, truncate - 3).join("")}...`;
}

/** Columns of a terminal that a text takes. */
function widthOf(text: string): number {
  return text.length + (text.match(FULL_WIDTH)?.length ?? 0);
}

function pad(text: string, width: number, isLeft: boolean): string {
  const spaces = " ".repeat(Math.max(0, width - widthOf(text)));
  return isLeft ? text + spaces : spaces + text;
}

function footer(hasMore: boolean, limit: number): string {
  if (!hasMore) return "";
  return `only showing top ${limit} ${limit === 1 ? "row" : "rows"}`;
}

function table(
  header: readonly string[],
  body: readonly (readonly string[])[],
  truncate: number,
  hasMore: boolean,
  limit: number,
): string {
  const widths = header.map((name, i) =>
    Math.max(MIN_WIDTH, widthOf(name), ...body.map((row) => widthOf(row[i] as string))),
  );
  const rule = `+${widths.map((w) => "-".repeat(w)).join("+")}+\n`;
  const line = (cells: readonly string[]) =>
    `|${cells.map((cell, i) => pad(cell, widths[i] as number, truncate <= 0)).join("|")}|\n`;
  const more = hasMore ? `${footer(hasMore, limit)}\n` : "";
  return `${rule}${line(header)}${rule}${body.map(line).join("")}${rule}${more}`;
}

function vertical(
  header: readonly string[],
  body: readonly (readonly string[])[],
  hasMore: boolean,
  limit: number,
): string {
  const nameWidth = Math.max(MIN_WIDTH, ...header.map(widthOf));
  const valueWidth = Math.max(MIN_WIDTH, ...body.flatMap((row) => row.map(widthOf)));
  let out = "";
  for (const [i, row] of body.entries()) {
    // One dash and one blank around the bar between names and values.
    out += `${`-RECORD ${i}`.padEnd(nameWidth + valueWidth + 5, "-")}\n`;
    for (const [j, cell] of row.entries()) {
      out += ` ${pad(header[j] as string, nameWidth, true)} | ${pad(cell, valueWidth, true)} \n`;
    }
  }
  if (hasMore) return `${out}${footer(hasMore, limit)}\n`;
  return body.length === 0 ? "(0 rows)\n" : out;
}

function html(
  header: readonly string[],
  body: readonly (readonly string[])[],
  hasMore: boolean,
  limit: number,
): string {
  const text = (s: string) =>
    s
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/"/g, "&quot;")
      .replace(/'/g, "&#39;");
  const row = (cells: readonly string[], tag: "th" | "td") =>
    `<tr>${cells.map((c) => `<${tag}>${text(c)}</${tag}>`).join("")}</tr>\n`;
  const more = hasMore ? `${footer(hasMore, limit)}\n` : "";
  return `<table border='1'>\n${row(header, "th")}${body.map((r) => row(r, "td")).join("")}</table>\n${more}`;
}
