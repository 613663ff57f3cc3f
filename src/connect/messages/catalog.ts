import type { MessageTable } from "./table.ts";

/** Catalog calls, which Connect sends as relations. */
export const CATALOG_MESSAGES: MessageTable = {
  Catalog:
    "cat_type { current_database 1 CurrentDatabase; set_current_database 2 SetCurrentDatabase; " +
    "list_databases 3 ListDatabases; list_tables 4 ListTables; list_functions 5 ListFunctions; " +
    "list_columns 6 ListColumns; get_database 7 GetDatabase; get_table 8 GetTable; " +
    "get_function 9 GetFunction; database_exists 10 DatabaseExists; table_exists 11 TableExists; " +
    "function_exists 12 FunctionExists; create_external_table 13 CreateExternalTable; " +
    "create_table 14 CreateTable; drop_temp_view 15 DropTempView; " +
    "drop_global_temp_view 16 DropGlobalTempView; recover_partitions 17 RecoverPartitions; " +
    "is_cached 18 IsCached; cache_table 19 CacheTable; uncache_table 20 UncacheTable; " +
    "clear_cache 21 ClearCache; refresh_table 22 RefreshTable; refresh_by_path 23 RefreshByPath; " +
    "current_catalog 24 CurrentCatalog; set_current_catalog 25 SetCurrentCatalog; " +
    "list_catalogs 26 ListCatalogs; drop_table 27 DropTable; drop_view 28 DropView; " +
    "create_database 29 CreateDatabase; drop_database 30 DropDatabase; " +
    "list_partitions 31 ListPartitions; list_views 32 ListViews; " +
    "get_table_properties 33 GetTableProperties; get_create_table_string 34 GetCreateTableString; " +
    "truncate_table 35 TruncateTable; analyze_table 36 AnalyzeTable }",
  CurrentDatabase: "",
  SetCurrentDatabase: "db_name 1 string",
  ListDatabases: "pattern? 1 string",
  ListTables: "db_name? 1 string; pattern? 2 string",
  ListFunctions: "db_name? 1 string; pattern? 2 string",
  ListColumns: "table_name 1 string; db_name? 2 string",
  GetDatabase: "db_name 1 string",
  GetTable: "table_name 1 string; db_name? 2 string",
  GetFunction: "function_name 1 string; db_name? 2 string",
  DatabaseExists: "db_name 1 string",
  TableExists: "table_name 1 string; db_name? 2 string",
  FunctionExists: "function_name 1 string; db_name? 2 string",
  CreateExternalTable:
    "table_name 1 string; path? 2 string; source? 3 string; schema? 4 DataType; options% 5 string",
  CreateTable:
    "table_name 1 string; path? 2 string; source? 3 string; description? 4 string; schema? 5 DataType; " +
    "options% 6 string",
  DropTempView: "view_name 1 string",
  DropGlobalTempView: "view_name 1 string",
  RecoverPartitions: "table_name 1 string",
  IsCached: "table_name 1 string",
  CacheTable: "table_name 1 string; storage_level? 2 StorageLevel",
  UncacheTable: "table_name 1 string",
  ClearCache: "",
  RefreshTable: "table_name 1 string",
  RefreshByPath: "path 1 string",
  CurrentCatalog: "",
  SetCurrentCatalog: "catalog_name 1 string",
  ListCatalogs: "pattern? 1 string",
  DropTable: "table_name 1 string; if_exists 2 bool; purge 3 bool",
  DropView: "view_name 1 string; if_exists 2 bool",
  CreateDatabase: "db_name 1 string; if_not_exists 2 bool; properties% 3 string",
  DropDatabase: "db_name 1 string; if_exists 2 bool; cascade 3 bool",
  ListPartitions: "table_name 1 string",
  ListViews: "db_name? 1 string; pattern? 2 string",
  GetTableProperties: "table_name 1 string",
  GetCreateTableString: "table_name 1 string; as_serde 2 bool",
  TruncateTable: "table_name 1 string",
  AnalyzeTable: "table_name 1 string; no_scan 2 bool",
};
