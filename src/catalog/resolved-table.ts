import { unsupported } from "../errors/spark-error.ts";
import type { DeltaLog } from "../lake/delta-log.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import { struct } from "../types/data-type.ts";
import type { TableFile } from "./catalog-actions.ts";
import type { TableEntry } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import type { CatalogState } from "./catalog-state.ts";
import type { WarehouseContext } from "./context.ts";
import { deltaScan } from "./delta-scan.ts";
import { filesScan, listDataFiles } from "./file-tables.ts";
import type { ResolvedTable, TableDetails, TableScan, TimeTravel } from "./warehouse-api.ts";
import { deltaTableMissing } from "./write-destination.ts";

/** A table of the catalog as `state` has it at this moment, ready to be described and scanned. */
export function resolvedTable(
  context: WarehouseContext,
  state: CatalogState,
  entry: TableEntry,
): ResolvedTable {
  if (entry.provider === "delta") return new ResolvedDeltaTable(context, entry, quotedTableName(entry));
  return new ResolvedFileTable(context, entry, state.filesNow(entry.id));
}

/** A Delta table by its directory, which no entry needs to name. */
export function resolvedPath(context: WarehouseContext, directory: string, path: string): ResolvedTable {
  const entry: TableEntry = {
    database: "delta",
    table: path,
    id: directory,
    tableType: "EXTERNAL",
    provider: "delta",
    directory,
    properties: {},
    options: {},
    createdMs: 0,
    lastModifiedMs: 0,
  };
  return new ResolvedDeltaTable(context, entry, path);
}

class ResolvedDeltaTable implements ResolvedTable {
  readonly entry: TableEntry;
  readonly #log: DeltaLog;
  readonly #displayName: string;

  constructor(context: WarehouseContext, entry: TableEntry, displayName: string) {
    this.entry = entry;
    this.#displayName = displayName;
    this.#log = context.deltaLog(entry.directory as string, displayName);
  }

  async scan(at?: TimeTravel): Promise<TableScan> {
    return deltaScan(this.#log, await this.#snapshot(at));
  }

  async describe(): Promise<TableDetails> {
    const snapshot = await this.#snapshot();
    const { metadata } = snapshot;
    return {
      schema: snapshot.schema,
      partitionColumns: snapshot.partitionColumns,
      properties: metadata.configuration,
      comment: metadata.description,
      createdMs: metadata.createdTime ?? this.entry.createdMs,
      lastModifiedMs: Math.max(snapshot.timestampMs, this.entry.lastModifiedMs),
      version: snapshot.version,
    };
  }

  async #snapshot(at?: TimeTravel): Promise<Snapshot> {
    if (at !== undefined) {
      return "versionAsOf" in at
        ? this.#log.atVersion(at.versionAsOf)
        : this.#log.atTimestamp(at.timestampAsOfMs);
    }
    const latest = await this.#log.latest();
    if (latest === undefined) throw deltaTableMissing(this.#displayName);
    return latest;
  }
}

/** A table of plain files, or a view. */
class ResolvedFileTable implements ResolvedTable {
  readonly entry: TableEntry;
  readonly #context: WarehouseContext;
  readonly #filesWhenResolved: () => readonly TableFile[];

  constructor(context: WarehouseContext, entry: TableEntry, files: () => readonly TableFile[]) {
    this.entry = entry;
    this.#context = context;
    this.#filesWhenResolved = files;
  }

  async scan(at?: TimeTravel): Promise<TableScan> {
    const { entry } = this;
    if (entry.directory === undefined)
      throw unsupported(`scanning the view ${quotedTableName(entry)} as a table`);
    if (at !== undefined)
      throw unsupported(`time travel on the table ${quotedTableName(entry)}, which is not Delta`);
    const shape = { schema: entry.schema ?? struct([]), partitionColumns: entry.partitionColumns ?? [] };
    if (entry.tableType === "EXTERNAL") {
      return filesScan(entry.directory, shape, await listDataFiles(this.#context.storage, entry.directory));
    }
    // The entry and its files belong together: both of this moment, or a scan could mix two versions.
    const state = await this.#context.catalog.state();
    const current = state.tableById(entry.id);
    // Dropped or replaced since: what it was when it was looked up is still there to be read.
    if (current?.directory === undefined) return filesScan(entry.directory, shape, this.#filesWhenResolved());
    const schema = current.schema ?? shape.schema;
    const partitionColumns = current.partitionColumns ?? shape.partitionColumns;
    return filesScan(current.directory, { schema, partitionColumns }, state.files(entry.id));
  }

  async describe(): Promise<TableDetails> {
    const { entry } = this;
    return {
      schema: entry.schema ?? struct([]),
      partitionColumns: entry.partitionColumns ?? [],
      properties: entry.properties,
      comment: entry.comment,
      createdMs: entry.createdMs,
      lastModifiedMs: entry.lastModifiedMs,
      version: undefined,
    };
  }
}
