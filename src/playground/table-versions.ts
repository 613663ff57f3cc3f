import type { Relation } from "../plan/relation.ts";
import type { Row } from "../types/values.ts";

/**
 * The versions of a Delta table, read when the visitor opens the list. Each offers statements to look at it, to compare
 * it with the table of today and to go back to it; they are put into a cell, and the visitor runs them.
 */
export function tableVersions(options: {
  readonly table: string;
  readonly ask: (relation: Relation) => Promise<readonly Row[]>;
  readonly putSql: (text: string) => void;
}): HTMLDetailsElement {
  const { table, ask, putSql } = options;
  const node = document.createElement("details");
  node.dataset.name = `${table} versions`;
  const summary = document.createElement("summary");
  summary.textContent = "Versions";
  const list = document.createElement("ul");
  list.className = "versions";
  node.append(summary, list);
  node.addEventListener("toggle", async () => {
    if (!node.open) return;
    try {
      const [detail] = await ask(statement(`DESCRIBE DETAIL ${table}`));
      const history = await ask(statement(`DESCRIBE HISTORY ${table}`));
      const size = document.createElement("li");
      size.append(line(`${detail?.get("numFiles")} files, ${bytesText(Number(detail?.get("sizeInBytes")))}`));
      list.replaceChildren(size, ...history.map((row) => versionItem(row, table, putSql)));
    } catch (error) {
      const said = document.createElement("li");
      said.append(line(error instanceof Error ? (error.message.split("\n")[0] as string) : String(error)));
      list.replaceChildren(said);
    }
  });
  return node;
}

function versionItem(row: Row, table: string, putSql: (text: string) => void): HTMLElement {
  const version = String(row.get("version"));
  const item = document.createElement("li");
  item.dataset.testid = `version-${version}`;
  const head = document.createElement("div");
  head.textContent = `${version} · ${row.get("operation")}`;
  const at = row.get("timestamp") as { toDate(): Date };
  item.append(head, line(at.toDate().toLocaleString()), document.createElement("br"));
  const old = `${table} VERSION AS OF ${version}`;
  const offers: readonly (readonly [string, string, string])[] = [
    ["See", "The rows of this version", `SELECT * FROM ${old}\n`],
    [
      "Compare",
      "Rows that came and rows that went since",
      `SELECT '+' AS since_then, * FROM (SELECT * FROM ${table} EXCEPT ALL SELECT * FROM ${old})\n` +
        `UNION ALL\nSELECT '-', * FROM (SELECT * FROM ${old} EXCEPT ALL SELECT * FROM ${table})\n`,
    ],
    ["Restore", "Make the table again what it was", `RESTORE TABLE ${table} TO VERSION AS OF ${version}\n`],
  ];
  for (const [text, title, sql] of offers) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = text;
    button.title = title;
    button.addEventListener("click", () => putSql(sql));
    item.append(button);
  }
  return item;
}

function line(text: string): HTMLElement {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}

function statement(query: string): Relation {
  return { kind: "SQL", query };
}

const UNITS = ["bytes", "KB", "MB", "GB"];

/** A size as people read it. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit]}`;
}
