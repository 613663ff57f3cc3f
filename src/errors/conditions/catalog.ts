import type { ConditionTable } from "./condition.ts";

/** Conditions about databases, tables and views, and about writing into them. */
export const CATALOG_CONDITIONS: ConditionTable = {
  _LEGACY_ERROR_TEMP_1158: { message: "Saving data into a view is not allowed." },
  _LEGACY_ERROR_TEMP_1159: {
    message:
      "The format of the existing table <tableName> is `<existingProvider>`. It doesn't match the specified format `<specifiedProvider>`.",
  },
  _LEGACY_ERROR_TEMP_1161: {
    message:
      "The column number of the existing table <tableName> (<existingTableSchema>) doesn't match the data schema (<querySchema>).",
  },
  _LEGACY_ERROR_TEMP_1162: { message: "Cannot resolve '<col>' given input columns: [<inputColumns>]." },
  _LEGACY_ERROR_TEMP_1163: {
    message:
      "Specified partitioning does not match that of the existing table <tableName>.\nSpecified partition columns: [<specifiedPartCols>].\nExisting partition columns: [<existingPartCols>].",
  },
  ALL_PARTITION_COLUMNS_NOT_ALLOWED: {
    message: "Cannot use all columns for partition columns.",
    sqlState: "KD005",
  },
  COLUMN_ALREADY_EXISTS: {
    message: "The column <columnName> already exists. Choose another name or rename the existing column.",
    sqlState: "42711",
  },
  COLUMN_NOT_DEFINED_IN_TABLE: {
    message:
      "<colType> column <colName> is not defined in table <tableName>, defined table columns are: <tableCols>.",
    sqlState: "42703",
  },
  EXPECT_TABLE_NOT_VIEW: {
    message: "'<operation>' expects a table but <viewName> is a view.",
    sqlState: "42809",
  },
  "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE": { message: "" },
  "EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW": { message: "Please use ALTER VIEW instead." },
  EXPECT_VIEW_NOT_TABLE: {
    message: "The table <tableName> does not support <operation>.",
    sqlState: "42809",
  },
  "EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE": { message: "" },
  "EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE": { message: "Please use ALTER TABLE instead." },
  FIELD_ALREADY_EXISTS: {
    message: "Cannot <op> column, because <fieldNames> already exists in <struct>.",
    sqlState: "42710",
  },
  INCOMPATIBLE_DATA_FOR_TABLE: {
    message: "Cannot write incompatible data for the table <tableName>:",
    sqlState: "KD000",
  },
  "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA": {
    message: "Cannot find data for the output column <colName>.",
  },
  "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST": {
    message: "Cannot safely cast <colName> <srcType> to <targetType>.",
  },
  "INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS": { message: "Cannot write extra columns <extraColumns>." },
  INSERT_COLUMN_ARITY_MISMATCH: {
    message: "Cannot write to <tableName>, the reason is",
    sqlState: "21S01",
  },
  "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS": {
    message: "not enough data columns:\nTable columns: <tableColumns>.\nData columns: <dataColumns>.",
  },
  "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS": {
    message: "too many data columns:\nTable columns: <tableColumns>.\nData columns: <dataColumns>.",
  },
  INVALID_SCHEMA_OR_RELATION_NAME: {
    message:
      "<name> is not a valid name for tables/schemas. Valid names only contain alphabet characters, numbers and _.",
    sqlState: "42602",
  },
  PATH_ALREADY_EXISTS: {
    message: 'Path <outputPath> already exists. Set mode as "overwrite" to overwrite the existing path.',
    sqlState: "42K04",
  },
  RENAME_TABLE_SOURCE_DESTINATION_DATABASE_MISMATCH: {
    message: "RENAME TABLE source and destination databases do not match: <db> != <newDb>.",
    sqlState: "3F000",
  },
  SCHEMA_ALREADY_EXISTS: {
    message:
      "Cannot create schema <schemaName> because it already exists.\nChoose a different name, drop the existing schema, or add the IF NOT EXISTS clause to tolerate pre-existing schema.",
    sqlState: "42P06",
  },
  SCHEMA_NOT_EMPTY: {
    message:
      "Cannot drop a schema <schemaName> because it contains objects.\nUse DROP SCHEMA ... CASCADE to drop the schema and all its objects.",
    sqlState: "2BP01",
  },
  SCHEMA_NOT_FOUND: {
    message:
      "The schema <schemaName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a catalog, verify the current_schema() output, or qualify the name with the correct catalog.\nTo tolerate the error on drop use DROP SCHEMA IF EXISTS.",
    sqlState: "42704",
  },
  TABLE_OR_VIEW_ALREADY_EXISTS: {
    message:
      "Cannot create table or view <relationName> because it already exists.\nChoose a different name, drop or replace the existing object, or add the IF NOT EXISTS clause to tolerate pre-existing objects.",
    sqlState: "42P07",
  },
  TABLE_OR_VIEW_NOT_FOUND: {
    message:
      "The table or view <relationName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nSearch path: <searchPath>.\nIf you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.",
    sqlState: "42P01",
  },
  "UNSUPPORTED_FEATURE.DROP_DATABASE": { message: "Drop the default database <database>." },
  WRONG_COMMAND_FOR_OBJECT_TYPE: {
    message:
      "The operation <operation> requires a <requiredType>. But <objectName> is a <foundType>. Use <alternative> instead.",
    sqlState: "42809",
  },
  _LEGACY_ERROR_TEMP_1060: { message: "<command> does not support nested column: <column>." },
  _LEGACY_ERROR_TEMP_1232: {
    message:
      "Partition spec is invalid. The spec (<specKeys>) must match the partition spec (<partitionColumnNames>) defined in table '<tableName>'.",
  },
  _LEGACY_ERROR_TEMP_1256: { message: "Cannot refresh built-in function <functionName>." },
  _LEGACY_ERROR_TEMP_1261: {
    message: "LOAD DATA is not supported for datasource tables: <tableIdentWithDB>.",
  },
  _LEGACY_ERROR_TEMP_1267: {
    message:
      "Operation not allowed: TRUNCATE TABLE ... PARTITION is not supported for tables that are not partitioned: <tableIdentWithDB>.",
  },
  _LEGACY_ERROR_TEMP_1332: { message: "<errorMessage>" },
  _LEGACY_ERROR_TEMP_3060: { message: "Couldn't find column <i> in:\n<schema>" },
  _LEGACY_ERROR_TEMP_1052: { message: "ADD COLUMN with v1 tables cannot specify NOT NULL." },
  _LEGACY_ERROR_TEMP_1251: {
    message:
      "<action> is not allowed on <tableName> since its partition metadata is not stored in the Hive metastore. To import this information into the metastore, run `msck repair table <tableName>`.",
  },
};
