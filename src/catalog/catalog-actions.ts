import { LakeletError } from "../errors/lakelet-error.ts";
import { corrupt } from "../lake/commit-file.ts";
import { crc32 } from "../lake/crc32.ts";
import type { StructType } from "../types/data-type.ts";
import { fromJson, toJson } from "../types/json.ts";
import type { DatabaseEntry, TableEntry } from "./catalog-entry.ts";

/** Version of the format of catalog entries and checkpoints. A page that meets a newer one must not touch it. */
export const CATALOG_FORMAT = 1;

/** A file of a table whose provider keeps no log of its own (Parquet, CSV, JSON): the catalog keeps it. */
export interface TableFile {
  /** Relative to the table's directory. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly rowCount: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
}

/** A line of a catalog entry. Entities are written whole, so that the newest word on a name is all there is to know. */
export type CatalogAction =
  | { readonly database: DatabaseEntry }
  /** With all its tables. */
  | { readonly dropDatabase: { readonly name: string } }
  /** A table or view; one with the same id under another name is renamed by this. */
  | { readonly table: TableEntry }
  | { readonly dropTable: { readonly id: string } }
  | { readonly addFiles: { readonly id: string; readonly files: readonly TableFile[] } }
  /** All files of a table go; used with a new directory. */
  | { readonly clearFiles: { readonly id: string } };

/** The first line of an entry. */
export interface CatalogCommit {
  readonly format: number;
  /** Random: by it a writer recognizes its own entry. */
  readonly id: string;
  readonly timestampMs: number;
  readonly operation: string;
  /** Random for each catalog; stands in the first entry and in checkpoints. */
  readonly catalogId?: string;
  /** CRC-32 of the other lines. */
  readonly checksum: string;
}

export interface CatalogEntryFile {
  readonly commit: CatalogCommit;
  readonly actions: readonly CatalogAction[];
}

export function encodeCatalogEntry(
  commit: Omit<CatalogCommit, "format" | "checksum">,
  actions: Iterable<CatalogAction>,
): Uint8Array {
  let rest = "";
  for (const action of actions) rest += `${JSON.stringify(toWire(action))}\n`;
  const body = new TextEncoder().encode(rest);
  const head: CatalogCommit = { format: CATALOG_FORMAT, ...commit, checksum: checksumOf(body) };
  const first = new TextEncoder().encode(`${JSON.stringify({ catalogCommit: head })}\n`);
  const whole = new Uint8Array(first.byteLength + body.byteLength);
  whole.set(first);
  whole.set(body, first.byteLength);
  return whole;
}

/** Reads an entry or a checkpoint. Refuses newer formats and whatever is not as it was written. */
export function decodeCatalogEntry(bytes: Uint8Array, path: string): CatalogEntryFile {
  const end = bytes.indexOf(10);
  const commit = parseHead(bytes.subarray(0, end < 0 ? bytes.byteLength : end), path);
  if (commit.format > CATALOG_FORMAT) {
    throw new LakeletError(
      "unavailable",
      `${path} was written by a newer version of Lakelet (catalog format ${commit.format}, this one knows ${CATALOG_FORMAT}); reload the page`,
    );
  }
  const body = bytes.subarray(end + 1);
  if (end < 0 || checksumOf(body) !== commit.checksum) throw corrupt(path, "its checksum does not match");
  const actions = new TextDecoder()
    .decode(body)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => fromWire(JSON.parse(line) as CatalogAction));
  return { commit, actions };
}

function parseHead(line: Uint8Array, path: string): CatalogCommit {
  try {
    const { catalogCommit } = JSON.parse(new TextDecoder().decode(line)) as { catalogCommit?: CatalogCommit };
    if (typeof catalogCommit?.format === "number") return catalogCommit;
  } catch (error) {
    throw corrupt(path, "it does not begin as a catalog entry does", error);
  }
  throw corrupt(path, "it does not begin as a catalog entry does");
}

/** Schemas are kept in Spark's JSON. */
function toWire(action: CatalogAction): unknown {
  if (!("table" in action) || action.table.schema === undefined) return action;
  return { table: { ...action.table, schema: toJson(action.table.schema) } };
}

function fromWire(action: CatalogAction): CatalogAction {
  if (!("table" in action) || action.table.schema === undefined) return action;
  return { table: { ...action.table, schema: fromJson(action.table.schema) as StructType } };
}

function checksumOf(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, "0");
}
