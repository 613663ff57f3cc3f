import type { PySparkException } from "../errors/spark-error.ts";
import { AnalysisException, analysisError } from "../errors/spark-error.ts";
import { quoteIdentifier } from "../types/format.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { CATALOG_NAME, DEFAULT_DATABASE, plainTableName, quotedTableName } from "./catalog-entry.ts";

/** Spark's errors about names in the catalog, in the words of its commands. */
export function schemaNotFound(name: string): PySparkException {
  return analysisError("SCHEMA_NOT_FOUND", { schemaName: `\`${CATALOG_NAME}\`.${quoteIdentifier(name)}` });
}

export function schemaAlreadyExists(name: string): PySparkException {
  return analysisError("SCHEMA_ALREADY_EXISTS", { schemaName: quoteIdentifier(name) });
}

export function schemaNotEmpty(name: string): PySparkException {
  return analysisError("SCHEMA_NOT_EMPTY", { schemaName: quoteIdentifier(name) });
}

export function cannotDropDefaultDatabase(): PySparkException {
  const database = `\`${CATALOG_NAME}\`.\`${DEFAULT_DATABASE}\``;
  return new AnalysisException({
    condition: "UNSUPPORTED_FEATURE.DROP_DATABASE",
    messageParameters: { database },
    message: `[UNSUPPORTED_FEATURE.DROP_DATABASE] The feature is not supported: Drop the default database ${database}. SQLSTATE: 0A000`,
  });
}

export function invalidName(name: string): PySparkException {
  return analysisError("INVALID_SCHEMA_OR_RELATION_NAME", { name: quoteIdentifier(name) });
}

export function tableNotFound(name: TableIdentifier): PySparkException {
  return analysisError("TABLE_OR_VIEW_NOT_FOUND", {
    relationName: quotedTableName(name),
    searchPath: `[\`${CATALOG_NAME}\`.${quoteIdentifier(name.database)}]`,
  });
}

export function tableAlreadyExists(name: TableIdentifier): PySparkException {
  return analysisError("TABLE_OR_VIEW_ALREADY_EXISTS", { relationName: quotedTableName(name) });
}

/** Renaming names the target without its catalog. */
export function renameTargetExists(name: TableIdentifier): PySparkException {
  return analysisError("TABLE_OR_VIEW_ALREADY_EXISTS", {
    relationName: `${quoteIdentifier(name.database)}.${quoteIdentifier(name.table)}`,
  });
}

export function renameAcrossDatabases(from: string, to: string): PySparkException {
  return analysisError("RENAME_TABLE_SOURCE_DESTINATION_DATABASE_MISMATCH", {
    db: quoteIdentifier(from),
    newDb: quoteIdentifier(to),
  });
}

export function dropViewOnTable(entry: TableEntry): PySparkException {
  return analysisError("WRONG_COMMAND_FOR_OBJECT_TYPE", {
    operation: "DROP VIEW",
    requiredType: "VIEW or METRIC_VIEW",
    objectName: plainTableName(entry),
    foundType: entry.tableType,
    alternative: "DROP TABLE",
  });
}

export function expectTableNotView(
  operation: string,
  entry: TableEntry,
  alternative: "USE_ALTER_VIEW" | "NO_ALTERNATIVE",
  viewName = quotedTableName(entry),
): PySparkException {
  return analysisError(`EXPECT_TABLE_NOT_VIEW.${alternative}`, { operation, viewName });
}

export function expectViewNotTable(
  operation: string,
  entry: TableEntry,
  alternative: "USE_ALTER_TABLE" | "NO_ALTERNATIVE",
  tableName = quotedTableName(entry),
): PySparkException {
  return analysisError(`EXPECT_VIEW_NOT_TABLE.${alternative}`, { operation, tableName });
}

export function savingIntoView(): PySparkException {
  return analysisError("_LEGACY_ERROR_TEMP_1158");
}

export function providerMismatch(entry: TableEntry, specified: string): PySparkException {
  return analysisError("_LEGACY_ERROR_TEMP_1159", {
    tableName: plainTableName(entry),
    existingProvider: sourceName(entry.provider ?? ""),
    specifiedProvider: sourceName(specified),
  });
}

export function partitioningMismatch(
  name: TableIdentifier,
  specified: readonly string[],
  existing: readonly string[],
): PySparkException {
  return analysisError("_LEGACY_ERROR_TEMP_1163", {
    tableName: plainTableName(name),
    specifiedPartCols: specified.join(", "),
    existingPartCols: existing.join(", "),
  });
}

const SOURCE_NAMES: Readonly<Record<string, string>> = {
  parquet: "ParquetDataSourceV2",
  csv: "CSVDataSourceV2",
  json: "JsonDataSourceV2",
  text: "TextDataSourceV2",
  delta: "DeltaDataSource",
};

function sourceName(provider: string): string {
  return SOURCE_NAMES[provider] ?? provider;
}
