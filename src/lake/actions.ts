/** The actions of a Delta log, one of which is a line of a commit. Field names are the protocol's. */
export interface AddFile {
  /** URI-encoded, relative to the table's directory. */
  readonly path: string;
  readonly partitionValues: PartitionValues;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  /** JSON text; see file-statistics.ts. */
  readonly stats?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly deletionVector?: DeletionVectorDescriptor;
  readonly baseRowId?: number | bigint;
  readonly defaultRowCommitVersion?: number | bigint;
  readonly clusteringProvider?: string;
}

/** "" and null both mean null. */
export type PartitionValues = Readonly<Record<string, string | null>>;

export interface RemoveFile {
  readonly path: string;
  readonly deletionTimestamp?: number;
  readonly dataChange: boolean;
  readonly extendedFileMetadata?: boolean;
  readonly partitionValues?: PartitionValues;
  readonly size?: number;
  readonly stats?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly deletionVector?: DeletionVectorDescriptor;
  readonly baseRowId?: number | bigint;
  readonly defaultRowCommitVersion?: number | bigint;
}

/** `u`: file named by a UUID below the table; `p`: file at an absolute path; `i`: the bytes themselves, in base 85. */
export interface DeletionVectorDescriptor {
  readonly storageType: "u" | "p" | "i";
  readonly pathOrInlineDv: string;
  readonly offset?: number;
  readonly sizeInBytes: number;
  readonly cardinality: number;
}

export interface Metadata {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly format: { readonly provider: string; readonly options: Readonly<Record<string, string>> };
  /** Spark's JSON of the table's schema, partition columns included. */
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime?: number;
}

export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[];
  readonly writerFeatures?: readonly string[];
}

export interface SetTransaction {
  readonly appId: string;
  readonly version: number | bigint;
  readonly lastUpdated?: number;
}

export interface DomainMetadata {
  readonly domain: string;
  readonly configuration: string;
  readonly removed: boolean;
}

export interface CommitInfo {
  readonly timestamp: number;
  readonly inCommitTimestamp?: number;
  readonly operation: string;
  readonly operationParameters?: Readonly<Record<string, unknown>>;
  readonly operationMetrics?: Readonly<Record<string, string>>;
  readonly readVersion?: number;
  readonly isolationLevel?: string;
  readonly isBlindAppend?: boolean;
  readonly engineInfo?: string;
  readonly userMetadata?: string;
  /** Random for each commit: by it a writer recognizes its own entry. */
  readonly txnId?: string;
  /** Ours, in the commit that creates a table: the catalog that is to name it. Without an entry there it is a leftover. */
  readonly lakeletWarehouse?: string;
  /** Ours: CRC-32 of the commit's other lines, so that a cut or flipped file is noticed. */
  readonly lakeletChecksum?: string;
}

export interface AddCdcFile {
  readonly path: string;
  readonly partitionValues: PartitionValues;
  readonly size: number;
  readonly dataChange: false;
  readonly tags?: Readonly<Record<string, string>>;
}

export type Action =
  | { readonly commitInfo: CommitInfo }
  | { readonly protocol: Protocol }
  | { readonly metaData: Metadata }
  | { readonly add: AddFile }
  | { readonly remove: RemoveFile }
  | { readonly txn: SetTransaction }
  | { readonly domainMetadata: DomainMetadata }
  | { readonly cdc: AddCdcFile };

/** What tells one logical file from another: a path may come back with another deletion vector. */
export function fileKey(file: Pick<AddFile, "path" | "deletionVector">): string {
  const path = decodeFilePath(file.path);
  const dv = file.deletionVector;
  return dv === undefined ? path : `${path}\0${dv.storageType}${dv.pathOrInlineDv}@${dv.offset ?? ""}`;
}

/** The file's real name from the URI form in the log. */
export function decodeFilePath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    // Written by somebody who did not encode: then a percent sign is just that.
    return path;
  }
}

/** The URI form of a relative path: what Java's `Path.toUri` leaves alone is left alone. */
export function encodeFilePath(path: string): string {
  return encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}
