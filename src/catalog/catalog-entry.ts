import type { StructType } from "../types/data-type.ts";

/** The only catalog there is; Spark's messages name it. */
export const CATALOG_NAME = "spark_catalog";
export const DEFAULT_DATABASE = "default";

export interface DatabaseEntry {
  /** Lower case, as Spark keeps names. */
  readonly name: string;
  readonly comment: string;
  /** Directory for managed tables, relative to the storage's root. */
  readonly location: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdMs: number;
  /** By name. */
  readonly functions?: Readonly<Record<string, FunctionDefinition>>;
}

/** A function written in SQL, as its text: it is parsed anew where it is called. */
export interface FunctionDefinition {
  /** As it was created, lower case. */
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    /** As DDL. */
    readonly type: string;
    readonly default?: string;
    readonly comment?: string;
  }[];
  /** `scalar`: one type as DDL; `table`: a column list as DDL. */
  readonly returns: { readonly kind: "scalar" | "table"; readonly type: string };
  readonly isQuery: boolean;
  readonly body: string;
  /** In the place of a body: a class of the JVM, which cannot be called here. */
  readonly className?: string;
  readonly comment?: string;
  readonly isDeterministic: boolean;
  readonly containsSql: boolean;
  readonly currentDatabase: string;
  /** Session settings that change the text's meaning. */
  readonly settings: Readonly<Record<string, string>>;
  readonly createdMs: number;
}

export interface TableIdentifier {
  readonly database: string;
  readonly table: string;
}

/** A table or a persistent view as the catalog log records it. */
export interface TableEntry extends TableIdentifier {
  /** Stays the same through renames; a dropped and created table has another one. */
  readonly id: string;
  readonly tableType: "MANAGED" | "EXTERNAL" | "VIEW";
  /** `delta`, `parquet`, `csv`, `json`, ...; undefined for views. */
  readonly provider?: string;
  /** Relative to the storage's root; undefined for views. */
  readonly directory?: string;
  /** For providers without a log of their own, and for views. A Delta table's schema is in its log. */
  readonly schema?: StructType;
  readonly partitionColumns?: readonly string[];
  readonly comment?: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Reader and writer options of the provider. */
  readonly options: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly lastModifiedMs: number;
  readonly view?: ViewDefinition;
  /** Of plain files that lie outside the warehouse's storage, on the machine's disk: their directory. */
  readonly diskPath?: string;
  /** Partitions of a table of plain files that were added without files. */
  readonly emptyPartitions?: readonly Readonly<Record<string, string | null>>[];
  /** `CLUSTER BY`: noted, and shown again. */
  readonly clusterBy?: readonly (readonly string[])[];
  /** `CLUSTERED BY ... INTO n BUCKETS`: noted, and shown again; files are not split by it. */
  readonly bucketBy?: {
    readonly bucketColumnNames: readonly string[];
    readonly sortColumnNames: readonly string[];
    readonly numBuckets: number;
  };
  /** `DEFAULT COLLATION` of the table's new columns. */
  readonly collation?: string;
  /** What ANALYZE TABLE found. */
  readonly statistics?: { readonly sizeBytes: number; readonly rowCount?: number };
}

export interface ViewDefinition {
  readonly text: string;
  /** Where unqualified names of the text are looked up. */
  readonly currentDatabase: string;
  /** Session settings that change the text's meaning, as Spark keeps them (`spark.sql.ansi.enabled`, ...). */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of the query's columns when the view was made, by which they are found again. */
  readonly queryColumnNames?: readonly string[];
  /** `WITH SCHEMA ...`; absent: `COMPENSATION`. */
  readonly schemaMode?: "binding" | "compensation" | "evolution" | "typeEvolution";
  /** The columns were named by the user, not by the query. */
  readonly hasColumnList?: boolean;
}

/** `` `spark_catalog`.`db`.`t` `` as messages show it. */
export function quotedTableName(name: TableIdentifier): string {
  return [CATALOG_NAME, name.database, name.table].map((part) => `\`${part.replace(/`/g, "``")}\``).join(".");
}

/** `spark_catalog.db.t`, for the messages that do not quote. */
export function plainTableName(name: TableIdentifier): string {
  return `${CATALOG_NAME}.${name.database}.${name.table}`;
}
