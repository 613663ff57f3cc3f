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
}

export interface ViewDefinition {
  readonly text: string;
  /** Where unqualified names of the text are looked up. */
  readonly currentDatabase: string;
  /** Session settings that change the text's meaning, as Spark keeps them (`spark.sql.ansi.enabled`, ...). */
  readonly settings: Readonly<Record<string, string>>;
}

/** `` `spark_catalog`.`db`.`t` `` as messages show it. */
export function quotedTableName(name: TableIdentifier): string {
  return [CATALOG_NAME, name.database, name.table].map((part) => `\`${part.replace(/`/g, "``")}\``).join(".");
}

/** `spark_catalog.db.t`, for the messages that do not quote. */
export function plainTableName(name: TableIdentifier): string {
  return `${CATALOG_NAME}.${name.database}.${name.table}`;
}
