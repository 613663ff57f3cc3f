import { download } from "./download.ts";
import { resultGrid } from "./result-grid.ts";
import { csvText, jsonText } from "./result-text.ts";
import type { ErrorItem, OutputItem, TableItem } from "./sandbox/protocol.ts";

/** Everything a program gives, in the order in which it comes. Foreign text is only ever set as text. */
export function outputElement(item: OutputItem): HTMLElement {
  switch (item.kind) {
    case "text":
      return textOutput(item.text);
    case "table":
      return tableOutput(item);
    case "error":
      return errorOutput(item);
  }
}

function box(kind: string): HTMLElement {
  const element = document.createElement("article");
  element.className = `output ${kind}`;
  element.dataset.testid = `output-${kind}`;
  return element;
}

function textOutput(text: string): HTMLElement {
  const element = box("text");
  const pre = document.createElement("pre");
  pre.textContent = text.replace(/\n+$/, "");
  pre.tabIndex = 0;
  element.append(pre);
  return element;
}

function tableOutput(item: TableItem): HTMLElement {
  const element = box("table");
  const grid = resultGrid(item);
  const end = foot(`${rowsText(item)} · ${timeText(item.elapsedMs)}`);
  end.append(
    saveButton("CSV", "text/csv", () => csvText(item)),
    saveButton("JSON", "application/x-ndjson", () => jsonText(item)),
  );
  element.append(grid, end);
  return element;
}

/** Saves the rows that are here in a format. */
function saveButton(format: string, type: string, text: () => string): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet save";
  button.textContent = format;
  button.title = `Save these rows as ${format}`;
  button.addEventListener("click", () => download(`result.${format.toLowerCase()}`, text(), type));
  return button;
}

function errorOutput(item: ErrorItem): HTMLElement {
  const element = box("error");
  element.setAttribute("role", "alert");
  const head = document.createElement("div");
  head.className = "error-head";
  head.textContent = item.line === undefined ? item.title : `${item.title} (line ${item.line})`;
  const text = document.createElement("pre");
  text.className = "error-text";
  text.textContent = item.message;
  element.append(head, text);
  return element;
}

export function foot(text: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "output-foot";
  element.textContent = text;
  return element;
}

function rowsText(item: TableItem): string {
  const count = item.rowCount.toLocaleString("en");
  if (item.isCut) return `The first ${count} rows; there are more`;
  return item.rowCount === 1 ? "1 row" : `${count} rows`;
}

export function timeText(elapsedMs: number): string {
  return elapsedMs < 1000 ? `${Math.max(1, Math.round(elapsedMs))} ms` : `${(elapsedMs / 1000).toFixed(2)} s`;
}
