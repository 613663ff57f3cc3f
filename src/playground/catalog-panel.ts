import type { Relation } from "../plan/relation.ts";
import type { Row } from "../types/values.ts";
import { tableVersions } from "./table-versions.ts";

/** Answers a question in the session of the code. */
export type AskCatalog = (relation: Relation) => Promise<readonly Row[]>;

/** The tree of databases, tables and columns. Columns are asked for when a table is opened. */
export class CatalogPanel {
  readonly #element: HTMLElement;
  readonly #ask: AskCatalog;
  readonly #putSql: (text: string) => void;
  #generation = 0;

  /** `putSql` gets statements that the visitor may want to run. */
  constructor(element: HTMLElement, ask: AskCatalog, putSql: (text: string) => void) {
    this.#element = element;
    this.#ask = ask;
    this.#putSql = putSql;
  }

  /** Reads the catalog again. What was open stays open. */
  async refresh(): Promise<void> {
    const generation = ++this.#generation;
    const open = new Set(
      [...this.#element.querySelectorAll<HTMLDetailsElement>("details[open]")].map(
        (d) => d.dataset.name ?? "",
      ),
    );
    const databases = await this.#ask(catalog("ListDatabases", {}));
    const parts = await Promise.all(
      databases.map(async (row) => {
        const name = String(row.get("name"));
        const tables = await this.#ask(catalog("ListTables", { dbName: name }));
        return { name, tables };
      }),
    );
    if (generation !== this.#generation) return;
    const views = new Map<string, Row>();
    const nodes = parts.map(({ name, tables }) => {
      const own = tables.filter((table) => {
        if (table.get("isTemporary") !== true) return true;
        views.set(String(table.get("name")), table);
        return false;
      });
      return this.#database(name, own, open);
    });
    if (views.size > 0) nodes.push(this.#database("Temporary views", [...views.values()], open));
    this.#element.replaceChildren(...nodes);
  }

  #database(name: string, tables: readonly Row[], open: ReadonlySet<string>): HTMLElement {
    const node = details(name, `${name} (${tables.length})`);
    node.open = open.has(name) || tables.length > 0;
    for (const table of tables) node.append(this.#table(name, table, open));
    return node;
  }

  #table(database: string, table: Row, open: ReadonlySet<string>): HTMLElement {
    const name = String(table.get("name"));
    const qualified = table.get("isTemporary") === true ? quote(name) : `${quote(database)}.${quote(name)}`;
    const node = details(qualified, name);
    node.dataset.testid = `table-${name}`;
    node.addEventListener("toggle", () => {
      if (node.open) void this.#fill(node, qualified);
    });
    node.open = open.has(qualified);
    const use = document.createElement("button");
    use.type = "button";
    use.className = "quiet";
    use.textContent = "Query";
    use.addEventListener("click", () => this.#putSql(`SELECT * FROM ${qualified}\n`));
    node.append(use);
    if (table.get("tableType") === "MANAGED" || table.get("tableType") === "EXTERNAL") {
      const versions = tableVersions({ table: qualified, ask: this.#ask, putSql: this.#putSql });
      versions.open = open.has(versions.dataset.name ?? "");
      node.append(versions);
    }
    return node;
  }

  async #fill(node: HTMLDetailsElement, qualified: string): Promise<void> {
    const columns = await this.#ask(catalog("ListColumns", { tableName: qualified })).catch(
      (error: unknown) => error,
    );
    node.querySelector(":scope > ul")?.remove();
    const list = document.createElement("ul");
    list.className = "columns";
    if (!Array.isArray(columns)) {
      list.append(item(columns instanceof Error ? columns.message : String(columns), ""));
    } else {
      for (const column of columns as readonly Row[]) {
        list.append(item(String(column.get("name")), String(column.get("dataType"))));
      }
    }
    node.querySelector("summary")?.after(list);
  }
}

function catalog(operation: string, args: Readonly<Record<string, unknown>>): Relation {
  return { kind: "CatalogRelation", operation, arguments: args };
}

function details(name: string, label: string): HTMLDetailsElement {
  const node = document.createElement("details");
  node.dataset.name = name;
  const summary = document.createElement("summary");
  summary.textContent = label;
  node.append(summary);
  return node;
}

function item(name: string, type: string): HTMLElement {
  const line = document.createElement("li");
  const [left, right] = [document.createElement("span"), document.createElement("span")];
  left.textContent = name;
  right.textContent = type;
  right.title = type;
  line.append(left, right);
  return line;
}

function quote(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `\`${name.replace(/`/g, "``")}\``;
}
