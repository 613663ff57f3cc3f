import type { Compressors, FileMetaData } from "hyparquet";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { baseName, joinPath, parentOf } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { Action } from "./actions.ts";
import { corrupt, parseActionLines, toAction } from "./commit-file.ts";
import { LOG_DIRECTORY, SIDECAR_DIRECTORY } from "./log-names.ts";

/** The columns of a checkpoint that carry actions. */
const ACTION_COLUMNS = ["txn", "add", "remove", "metaData", "protocol", "domainMetadata"];
/** Their fields that are maps, where null is a value and not an absent field. */
const MAP_FIELDS = new Set(["partitionValues", "tags", "configuration", "options"]);

/**
 * The actions of a checkpoint: `paths` are its parts, relative to the table's `directory`. V1 (one or several Parquet
 * files) and V2 (Parquet or JSON, with sidecars) alike.
 */
export async function readCheckpoint(
  storage: Storage,
  directory: string,
  paths: readonly string[],
): Promise<readonly Action[]> {
  const parts = await Promise.all(paths.map((path) => readPart(storage, joinPath(directory, path))));
  const sidecars = await Promise.all(
    parts
      .flatMap((part) => part.sidecars)
      .map((name) => readPart(storage, joinPath(directory, sidecarPath(name)))),
  );
  return [...parts, ...sidecars].flatMap((part) => part.actions);
}

interface CheckpointPart {
  readonly actions: readonly Action[];
  /** Paths of the sidecars that the part names, as it names them. */
  readonly sidecars: readonly string[];
}

async function readPart(storage: Storage, path: string): Promise<CheckpointPart> {
  const bytes = await storage.read(path);
  return path.endsWith(".json") ? readJson(bytes, path) : readParquet(bytes, path);
}

function readJson(bytes: Uint8Array, path: string): CheckpointPart {
  const text = new TextDecoder().decode(bytes);
  const sidecars = text
    .split("\n")
    .filter((line) => line.includes('"sidecar"'))
    .map((line) => (JSON.parse(line) as { sidecar?: { path: string } }).sidecar?.path)
    .filter((sidecar) => sidecar !== undefined);
  return { actions: parseActionLines(text, path), sidecars };
}

async function readParquet(bytes: Uint8Array, path: string): Promise<CheckpointPart> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let rows: readonly Record<string, unknown>[];
  try {
    const metadata = await parquetMetadataAsync(file);
    const present = new Set(topLevelColumns(metadata.schema));
    const columns = [...ACTION_COLUMNS, "sidecar"].filter((name) => present.has(name));
    rows = await parquetReadObjects({ file, metadata, columns, ...(await decompressorsFor(metadata)) });
  } catch (error) {
    throw corrupt(path, "it is not a Parquet file that can be read", error);
  }
  const actions: Action[] = [];
  const sidecars: string[] = [];
  for (const row of rows) {
    for (const [kind, value] of Object.entries(row)) {
      if (value === null || value === undefined) continue;
      const fields = plainFields(value as Record<string, unknown>);
      if (kind === "sidecar") {
        sidecars.push(String(fields.path));
        continue;
      }
      const action = toAction({ [kind]: fields }, path);
      if (action !== undefined) actions.push(action);
    }
  }
  return { actions, sidecars };
}

/** Snappy, which nearly all writers use, is built in; the others are loaded when a file needs them. */
async function decompressorsFor(metadata: FileMetaData): Promise<{ readonly compressors?: Compressors }> {
  const codecs = metadata.row_groups.flatMap((group) =>
    group.columns.map((column) => column.meta_data?.codec),
  );
  const known = codecs.every(
    (codec) => codec === undefined || codec === "UNCOMPRESSED" || codec === "SNAPPY",
  );
  return known ? {} : { compressors: (await import("hyparquet-compressors")).compressors };
}

/** Longs become numbers where they fit, absent fields go away, and what is parsed a second time is left out. */
function plainFields(struct: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(struct)) {
    if (value === null || value === undefined || name.endsWith("_parsed")) continue;
    fields[name] = MAP_FIELDS.has(name) ? plainMap(value) : plainValue(value);
  }
  return fields;
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (
    typeof value === "object" &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date)
  ) {
    return plainFields(value as Record<string, unknown>);
  }
  return value;
}

/** A map column comes as an object, or as its entries when a writer named its parts differently. */
function plainMap(value: unknown): Record<string, unknown> {
  if (!Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value as object).map(([key, v]) => [key, v ?? null]));
  }
  return Object.fromEntries(
    value.map((entry: unknown) => {
      const [key, v] = Object.values(entry as object);
      return [String(key), v ?? null];
    }),
  );
}

function topLevelColumns(
  schema: readonly { readonly name: string; readonly num_children?: number }[],
): readonly string[] {
  const names: string[] = [];
  let index = 1;
  const skip = (): void => {
    const children = schema[index]?.num_children ?? 0;
    index++;
    for (let i = 0; i < children; i++) skip();
  };
  while (index < schema.length) {
    names.push((schema[index] as { name: string }).name);
    skip();
  }
  return names;
}

/** A sidecar is named by its file name, or by a path whose end is that. */
function sidecarPath(name: string): string {
  const decoded = decodeURIComponent(name);
  return parentOf(decoded).endsWith(LOG_DIRECTORY) ? decoded : joinPath(SIDECAR_DIRECTORY, baseName(decoded));
}
