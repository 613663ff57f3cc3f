import { comparePaths } from "../storage/paths.ts";
import type { CatalogAction, TableFile } from "./catalog-actions.ts";
import type { DatabaseEntry, TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { DEFAULT_DATABASE } from "./catalog-entry.ts";

/** Where the databases' managed tables are, below the storage's root. */
export function databaseLocation(name: string): string {
  return `${name}.db`;
}

interface TableRecord {
  entry: TableEntry;
  files: TableFile[];
}

interface DatabaseRecord {
  entry: DatabaseEntry;
  /** Ids by lower-case name. */
  readonly tables: Map<string, string>;
}

/** Databases, tables and views at one version. It changes in place: a commit must not cost more the more tables there are. */
export class CatalogState {
  readonly #databases = new Map<string, DatabaseRecord>();
  readonly #tables = new Map<string, TableRecord>();

  constructor() {
    // Never written to the log: it exists in every catalog from the start.
    const entry: DatabaseEntry = {
      name: DEFAULT_DATABASE,
      comment: "default database",
      location: databaseLocation(DEFAULT_DATABASE),
      properties: {},
      createdMs: 0,
    };
    this.#databases.set(entry.name, { entry, tables: new Map() });
  }

  get size(): number {
    return this.#databases.size + this.#tables.size;
  }

  database(name: string): DatabaseEntry | undefined {
    return this.#databases.get(name.toLowerCase())?.entry;
  }

  databases(): readonly DatabaseEntry[] {
    return [...this.#databases.values()].map((d) => d.entry).sort((a, b) => comparePaths(a.name, b.name));
  }

  table(name: TableIdentifier): TableEntry | undefined {
    const id = this.#databases.get(name.database.toLowerCase())?.tables.get(name.table.toLowerCase());
    return id === undefined ? undefined : this.#tables.get(id)?.entry;
  }

  tableById(id: string): TableEntry | undefined {
    return this.#tables.get(id)?.entry;
  }

  tables(database: string): readonly TableEntry[] {
    const ids = [...(this.#databases.get(database.toLowerCase())?.tables.values() ?? [])];
    return ids
      .map((id) => this.#tables.get(id)?.entry as TableEntry)
      .sort((a, b) => comparePaths(a.table, b.table));
  }

  isEmpty(database: string): boolean {
    return (this.#databases.get(database.toLowerCase())?.tables.size ?? 0) === 0;
  }

  /** Files of a table whose log the catalog keeps. The array is a copy. */
  files(id: string): readonly TableFile[] {
    return this.filesNow(id)();
  }

  /** The files of this moment, to be listed at any later one: lists only grow, or are replaced by others. */
  filesNow(id: string): () => readonly TableFile[] {
    const files = this.#tables.get(id)?.files ?? [];
    const count = files.length;
    return () => files.slice(0, count);
  }

  allTables(): readonly TableEntry[] {
    return [...this.#tables.values()].map((record) => record.entry);
  }

  apply(actions: readonly CatalogAction[]): void {
    for (const action of actions) this.#apply(action);
  }

  /** Everything, as the actions that make it: the content of a checkpoint. */
  *actions(): Generator<CatalogAction> {
    for (const { entry } of this.#databases.values()) yield { database: entry };
    for (const { entry, files } of this.#tables.values()) {
      yield { table: entry };
      if (files.length > 0) yield { addFiles: { id: entry.id, files } };
    }
  }

  #apply(action: CatalogAction): void {
    if ("database" in action) {
      const known = this.#databases.get(action.database.name);
      if (known === undefined)
        this.#databases.set(action.database.name, { entry: action.database, tables: new Map() });
      else known.entry = action.database;
    } else if ("dropDatabase" in action) {
      for (const id of this.#databases.get(action.dropDatabase.name)?.tables.values() ?? [])
        this.#tables.delete(id);
      this.#databases.delete(action.dropDatabase.name);
    } else if ("table" in action) {
      this.#putTable(action.table);
    } else if ("dropTable" in action) {
      this.#unlink(action.dropTable.id);
      this.#tables.delete(action.dropTable.id);
    } else if ("addFiles" in action) {
      const files = this.#tables.get(action.addFiles.id)?.files;
      for (const file of action.addFiles.files) files?.push(file);
    } else if ("clearFiles" in action) {
      const record = this.#tables.get(action.clearFiles.id);
      if (record !== undefined) record.files = [];
    }
  }

  #putTable(entry: TableEntry): void {
    const before = this.#tables.get(entry.id);
    if (before !== undefined) this.#unlink(entry.id);
    this.#tables.set(entry.id, { entry, files: before?.files ?? [] });
    this.#databases.get(entry.database)?.tables.set(entry.table, entry.id);
  }

  /** Frees the name of a table, unless another table has it by now. */
  #unlink(id: string): void {
    const entry = this.#tables.get(id)?.entry;
    if (entry === undefined) return;
    const names = this.#databases.get(entry.database)?.tables;
    if (names?.get(entry.table) === id) names.delete(entry.table);
  }
}
