import type { StructType } from "../types/data-type.ts";
import { structFromJson } from "../types/json.ts";
import type {
  Action,
  AddFile,
  CommitInfo,
  DomainMetadata,
  Metadata,
  Protocol,
  RemoveFile,
  SetTransaction,
} from "./actions.ts";
import { fileKey } from "./actions.ts";
import { corrupt } from "./commit-file.ts";

/** The live files of one version and the tombstones of files removed not long before, by `fileKey`. */
export interface FileSet {
  readonly live: ReadonlyMap<string, AddFile>;
  readonly removed: ReadonlyMap<string, RemoveFile>;
}

/** A commit whose file actions are not applied yet; a chain of them ends in a `FileSet`. */
interface PendingFiles {
  readonly before: FilesHolder;
  readonly actions: readonly Action[];
}

/** Shared by snapshots, so that what one of them worked out serves those that build on it. */
interface FilesHolder {
  files?: FileSet;
  pending?: PendingFiles | undefined;
}

export interface TableTotals {
  readonly fileCount: number;
  readonly sizeBytes: number;
}

/**
 * The table at one version, never changing. The list of files is worked out when somebody asks for it: a writer that
 * only appends never pays for it.
 */
export class Snapshot {
  readonly version: number;
  /** When the version was committed. */
  readonly timestampMs: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly transactions: ReadonlyMap<string, SetTransaction>;
  readonly domains: ReadonlyMap<string, DomainMetadata>;
  readonly commitInfo: CommitInfo | undefined;
  readonly #holder: FilesHolder;
  #schema: StructType | undefined;
  #totals: TableTotals | undefined;

  private constructor(parts: SnapshotParts, holder: FilesHolder, totals: TableTotals | undefined) {
    this.version = parts.version;
    this.timestampMs = parts.timestampMs;
    this.protocol = parts.protocol;
    this.metadata = parts.metadata;
    this.transactions = parts.transactions;
    this.domains = parts.domains;
    this.commitInfo = parts.commitInfo;
    this.#holder = holder;
    this.#totals = totals;
  }

  /** Builds on `before` (undefined: on nothing) the state after one commit's or checkpoint's actions. */
  static after(
    before: Snapshot | undefined,
    version: number,
    actions: readonly Action[],
    options: {
      readonly path: string;
      readonly timestampMs?: number;
      readonly totals?: TableTotals | undefined;
    },
  ): Snapshot {
    let protocol = before?.protocol;
    let metadata = before?.metadata;
    let commitInfo: CommitInfo | undefined;
    let transactions = before?.transactions;
    let domains = before?.domains;
    for (const action of actions) {
      if ("protocol" in action) protocol = action.protocol;
      else if ("metaData" in action) metadata = action.metaData;
      else if ("commitInfo" in action) commitInfo = action.commitInfo;
      else if ("txn" in action) transactions = new Map(transactions).set(action.txn.appId, action.txn);
      else if ("domainMetadata" in action) {
        const changed = new Map(domains);
        if (action.domainMetadata.removed) changed.delete(action.domainMetadata.domain);
        else changed.set(action.domainMetadata.domain, action.domainMetadata);
        domains = changed;
      }
    }
    if (protocol === undefined) throw corrupt(options.path, "the log has no protocol up to here");
    if (metadata === undefined) throw corrupt(options.path, "the log has no metadata up to here");
    const timestampMs =
      options.timestampMs ??
      commitInfo?.inCommitTimestamp ??
      commitInfo?.timestamp ??
      before?.timestampMs ??
      0;
    const parts: SnapshotParts = {
      version,
      timestampMs,
      protocol,
      metadata,
      transactions: transactions ?? new Map(),
      domains: domains ?? new Map(),
      commitInfo,
    };
    const holder: FilesHolder =
      before === undefined
        ? { files: applyFiles(EMPTY, [actions]) }
        : { pending: { before: before.#holder, actions } };
    const snapshot = new Snapshot(parts, holder, options.totals);
    if (before?.metadata.schemaString === metadata.schemaString) snapshot.#schema = before.#schema;
    return snapshot;
  }

  get schema(): StructType {
    this.#schema ??= parseSchema(this.metadata);
    return this.#schema;
  }

  get partitionColumns(): readonly string[] {
    return this.metadata.partitionColumns;
  }

  get configuration(): Readonly<Record<string, string>> {
    return this.metadata.configuration;
  }

  /** In the order in which the log added them. */
  get files(): readonly AddFile[] {
    return [...this.fileSet.live.values()];
  }

  get fileSet(): FileSet {
    return resolveFiles(this.#holder);
  }

  get totals(): TableTotals {
    if (this.#totals === undefined) {
      let sizeBytes = 0;
      for (const file of this.fileSet.live.values()) sizeBytes += file.size;
      this.#totals = { fileCount: this.fileSet.live.size, sizeBytes };
    }
    return this.#totals;
  }

  /** The totals when they cost nothing to tell. */
  get knownTotals(): TableTotals | undefined {
    return this.#holder.files === undefined ? this.#totals : this.totals;
  }
}

interface SnapshotParts {
  readonly version: number;
  readonly timestampMs: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly transactions: ReadonlyMap<string, SetTransaction>;
  readonly domains: ReadonlyMap<string, DomainMetadata>;
  readonly commitInfo: CommitInfo | undefined;
}

const EMPTY: FileSet = { live: new Map(), removed: new Map() };

function resolveFiles(holder: FilesHolder): FileSet {
  const commits: (readonly Action[])[] = [];
  let current = holder;
  while (current.files === undefined) {
    const pending = current.pending as PendingFiles;
    commits.push(pending.actions);
    current = pending.before;
  }
  if (commits.length > 0) {
    holder.files = applyFiles(current.files, commits.reverse());
    holder.pending = undefined;
  }
  return holder.files as FileSet;
}

/** The newest word on a file counts: added, it is live; removed, it is a tombstone. */
function applyFiles(before: FileSet, commits: readonly (readonly Action[])[]): FileSet {
  const live = new Map(before.live);
  const removed = new Map(before.removed);
  for (const actions of commits) {
    // Within one commit the order of lines means nothing, and a rewrite may remove a path and add it with another
    // deletion vector; keys differ then. The same key both removed and added in one commit ends up live.
    for (const action of actions) {
      if (!("remove" in action)) continue;
      const key = fileKey(action.remove);
      live.delete(key);
      removed.set(key, action.remove);
    }
    for (const action of actions) {
      if (!("add" in action)) continue;
      const key = fileKey(action.add);
      // A file that is added again keeps its place at the end, where the log has it.
      live.delete(key);
      live.set(key, action.add);
      removed.delete(key);
    }
  }
  return { live, removed };
}

function parseSchema(metadata: Metadata): StructType {
  try {
    return structFromJson(JSON.parse(metadata.schemaString));
  } catch (error) {
    throw corrupt(`the schema of table ${metadata.id}`, "it is not Spark's JSON of a struct", error);
  }
}
