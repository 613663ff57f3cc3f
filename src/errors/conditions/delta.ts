import type { ConditionTable } from "./condition.ts";

/** Conditions of Delta Lake, by its own names. */
export const DELTA_CONDITIONS: ConditionTable = {
  // Delta gives schema mismatches no name of their own, only this number.
  _LEGACY_ERROR_TEMP_DELTA_0007: { message: "<message>" },
  DELTA_CANNOT_MODIFY_APPEND_ONLY: {
    message:
      "This table is configured to only allow appends. If you would like to permit updates or deletes, use 'ALTER TABLE <table_name> SET TBLPROPERTIES (<config>=false)'.",
    sqlState: "42809",
  },
  DELTA_CANNOT_USE_ALL_COLUMNS_FOR_PARTITION: {
    message: "Cannot use all columns for partition columns",
    sqlState: "428FT",
  },
  DELTA_CONCURRENT_APPEND: {
    message:
      "Files were added to <partition> by a concurrent update. Please try the operation again. Conflicting commit: <commit>",
    sqlState: "2D521",
  },
  DELTA_CONCURRENT_DELETE_DELETE: {
    message:
      "This transaction attempted to delete one or more files that were deleted (for example <file>) by a concurrent update. Please try the operation again. Conflicting commit: <commit>",
    sqlState: "2D521",
  },
  DELTA_CONCURRENT_DELETE_READ: {
    message:
      "This transaction attempted to read one or more files that were deleted (for example <file>) by a concurrent update. Please try the operation again. Conflicting commit: <commit>",
    sqlState: "2D521",
  },
  DELTA_CONCURRENT_TRANSACTION: {
    message:
      "This error occurs when multiple streaming queries are using the same checkpoint to write into this table. Did you run multiple instances of the same streaming query at the same time? Transaction: <appId>. Conflicting commit: <commit>",
    sqlState: "2D521",
  },
  DELTA_CONCURRENT_WRITE: {
    message:
      "A concurrent transaction has written new data since the current transaction read the table. Please try the operation again. Conflicting commit: <commit>",
    sqlState: "2D521",
  },
  DELTA_CREATE_TABLE_WITH_DIFFERENT_PARTITIONING: {
    message:
      "The specified partitioning does not match the existing partitioning at <path>.\n\n== Specified ==\n<specifiedColumns>\n\n== Existing ==\n<existingColumns>\n",
    sqlState: "42KD7",
  },
  DELTA_CREATE_EXTERNAL_TABLE_WITHOUT_TXN_LOG: {
    message:
      'You are trying to create an external table <tableName>\nfrom `<path>` using Delta, but there is no transaction log present at\n`<logPath>`. Check the upstream job to make sure that it is writing using\nformat("delta") and that the path is the root of the table.',
    sqlState: "42K03",
  },
  DELTA_CREATE_TABLE_SCHEME_MISMATCH: {
    message:
      "The specified schema does not match the existing schema at <path>.\n\n== Specified ==\n<specifiedSchema>\n\n== Existing ==\n<existingSchema>\n\n== Differences ==\n<schemaDifferences>\n\nIf your intention is to keep the existing schema, you can omit the\nschema from the create table command. Otherwise please ensure that\nthe schema matches.",
    sqlState: "42KD7",
  },
  DELTA_DUPLICATE_COLUMNS_FOUND: {
    message: "Found duplicate column(s) <coltype>: <duplicateCols>",
    sqlState: "42711",
  },
  DELTA_EMPTY_DATA: {
    message: "Data used in creating the Delta table doesn't have any columns.",
    sqlState: "428GU",
  },
  DELTA_FAILED_TO_MERGE_FIELDS: {
    message: "Failed to merge fields '<currentField>' and '<updateField>'",
    sqlState: "22005",
  },
  DELTA_ILLEGAL_OPTION: {
    message: "Invalid value '<input>' for option '<name>', <explain>",
    sqlState: "42616",
  },
  DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES: {
    message:
      "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column names of your schema.\nInvalid column names: <invalidColumnNames>.\nPlease use other characters and try again.",
    sqlState: "42K05",
  },
  DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS: {
    message: "Invalid options for idempotent Dataframe writes: <reason>",
    sqlState: "42616",
  },
  DELTA_INVALID_ISOLATION_LEVEL: {
    message: "invalid isolation level '<isolationLevel>'",
    sqlState: "25000",
  },
  DELTA_INVALID_PARTITION_COLUMN_TYPE: {
    message: "Using column <name> of type <dataType> as a partition column is not supported.",
    sqlState: "42996",
  },
  DELTA_INVALID_PROTOCOL_VERSION: {
    message:
      'Unsupported Delta protocol version: table "<tableNameOrPath>" requires reader version <readerRequired> and writer version <writerRequired>, but this version of Delta Lake "<deltaVersion>" supports reader versions <supportedReaders> and writer versions <supportedWriters>. Please upgrade to a newer release.',
    sqlState: "KD004",
  },
  DELTA_MAX_COMMIT_RETRIES_EXCEEDED: {
    message:
      "This commit has failed as it has been tried <numAttempts> times but did not succeed.\nThis can be caused by the Delta table being committed continuously by many concurrent\ncommits.\n\nCommit started at version: <startVersion>\nCommit failed at version: <failVersion>\nNumber of actions attempted to commit: <numActions>\nTotal time spent attempting this commit: <timeSpent> ms",
    sqlState: "40000",
  },
  DELTA_METADATA_CHANGED: {
    message:
      "The metadata of the Delta table has been changed by a concurrent update. Please try the operation again. Conflicting commit: <commit>",
    sqlState: "2D521",
  },
  DELTA_MISSING_NOT_NULL_COLUMN_VALUE: {
    message:
      "Column <columnName>, which has a NOT NULL constraint, is missing from the data being written into the table.",
    sqlState: "23502",
  },
  DELTA_NOT_NULL_CONSTRAINT_VIOLATED: {
    message: "NOT NULL constraint violated for column: <columnName>.\n",
    sqlState: "23502",
  },
  DELTA_OVERWRITE_SCHEMA_WITH_DYNAMIC_PARTITION_OVERWRITE: {
    message: "'overwriteSchema' cannot be used in dynamic partition overwrite mode.",
    sqlState: "42613",
  },
  DELTA_PARTITION_COLUMN_NOT_FOUND: {
    message: "Partition column <columnName> not found in schema [<schemaMap>]",
    sqlState: "42703",
  },
  DELTA_PATH_EXISTS: {
    message: "Cannot write to already existent path <path> without setting OVERWRITE = 'true'.",
    sqlState: "42K04",
  },
  DELTA_PROTOCOL_CHANGED: {
    message:
      "ProtocolChangedException: The protocol version of the Delta table has been changed by a concurrent update. Please try the operation again. Conflicting commit: <commit>",
    sqlState: "2D521",
  },
  DELTA_REPLACE_WHERE_MISMATCH: {
    message: "Data written out does not match replaceWhere '<replaceWhere>'.\n<message>",
    sqlState: "44000",
  },
  DELTA_REPLACE_WHERE_WITH_DYNAMIC_PARTITION_OVERWRITE: {
    message:
      "A 'replaceWhere' expression and 'partitionOverwriteMode'='dynamic' cannot both be set in the DataFrameWriter options.",
    sqlState: "42613",
  },
  DELTA_TABLE_NOT_FOUND: { message: "Delta table <tableName> doesn't exist.", sqlState: "42P01" },
  DELTA_TABLE_ONLY_OPERATION: {
    message: "<tableName> is not a Delta table. <operation> is only supported for Delta tables.",
    sqlState: "0AKDD",
  },
  DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION: {
    message:
      "The provided timestamp (<userTimestamp>) is before the earliest version available to this\ntable (<commitTs>). Please use a timestamp after <timestampString>.",
    sqlState: "42816",
  },
  DELTA_TIMESTAMP_GREATER_THAN_COMMIT: {
    message:
      "The provided timestamp (<providedTimestamp>) is after the latest version available to this\ntable (<tableName>). Please use a timestamp before or at <maximumTimestamp>.",
    sqlState: "42816",
  },
  DELTA_TRUNCATED_TRANSACTION_LOG: {
    message:
      "<path>: Unable to reconstruct state at version <version> as the transaction log has been truncated due to manual deletion or the log retention policy (<logRetentionKey>=<logRetention>) and checkpoint retention policy (<checkpointRetentionKey>=<checkpointRetention>)",
    sqlState: "42K03",
  },
  DELTA_UNSUPPORTED_DATA_TYPES: {
    message: "Found columns using unsupported data types: <dataTypeList>.",
    sqlState: "0AKDC",
  },
  DELTA_UNSUPPORTED_FEATURES_FOR_READ: {
    message:
      'Unsupported Delta read feature: table "<tableNameOrPath>" requires reader table feature(s) that are unsupported by this version of Delta Lake "<deltaVersion>": <unsupported>.',
    sqlState: "56038",
  },
  DELTA_UNSUPPORTED_FEATURES_FOR_WRITE: {
    message:
      'Unsupported Delta write feature: table "<tableNameOrPath>" requires writer table feature(s) that are unsupported by this version of Delta Lake "<deltaVersion>": <unsupported>.',
    sqlState: "56038",
  },
  DELTA_VERSIONS_NOT_CONTIGUOUS: {
    message: "Versions (<versionList>) are not contiguous.",
    sqlState: "KD00C",
  },
  DELTA_VERSION_NOT_FOUND: {
    message:
      "Cannot time travel Delta table to version <userVersion>. Available versions: [<earliest>, <latest>].",
    sqlState: "22003",
  },
  DELTA_CONFLICT_SET_COLUMN: {
    message: "There is a conflict from these SET columns: <columnList>.",
    sqlState: "42701",
  },
  DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE: {
    message:
      "Cannot perform Merge as multiple source rows matched and attempted to modify the same\ntarget row in the Delta table in possibly conflicting ways. By SQL semantics of Merge,\nwhen multiple source rows match on the same target row, the result may be ambiguous\nas it is unclear which source row should be used to update or delete the matching\ntarget row. You can preprocess the source table to eliminate the possibility of\nmultiple matches. Please refer to\n<usageReference>",
    sqlState: "21506",
  },
  DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED: {
    message: "Non-deterministic functions are not supported in the <operation> <expression>",
    sqlState: "0AKDC",
  },
  DELTA_UNSUPPORTED_SUBQUERY: {
    message: "Subqueries are not supported in the <operation> (condition = <cond>).",
    sqlState: "0AKDC",
  },
  DELTA_VIOLATE_CONSTRAINT_WITH_VALUES: {
    message: "CHECK constraint <constraintName> <expression> violated by row with values:\n<values>",
    sqlState: "23001",
  },
  DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED: {
    message: "Providing values for GENERATED ALWAYS AS IDENTITY column <colName> is not supported.",
    sqlState: "42808",
  },
  DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED: {
    message: "UPDATE on IDENTITY column <colName> is not supported.",
    sqlState: "42808",
  },
  DELTA_REPLACE_WHERE_IN_OVERWRITE: {
    message: "You can't use replaceWhere in conjunction with an overwrite by filter",
    sqlState: "42613",
  },
  DELTA_INVALID_TIMESTAMP_FORMAT: {
    message: "The provided timestamp <timestamp> does not match the expected syntax <format>.",
    sqlState: "22007",
  },
  DELTA_NON_PARTITION_COLUMN_REFERENCE: {
    message:
      "Predicate references non-partition column '<columnName>'. Only the partition columns may be referenced: [<columnList>]",
    sqlState: "42P10",
  },
  DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST: {
    message: "Z-Ordering column <columnName> does not exist in data schema.",
    sqlState: "42703",
  },
  DELTA_ZORDERING_ON_PARTITION_COLUMN: {
    message: "<colName> is a partition column. Z-Ordering can only be performed on data columns",
    sqlState: "42P10",
  },
  DELTA_CANNOT_RESTORE_TABLE_VERSION: {
    message: "Cannot restore table to version <version>. Available versions: [<startVersion>, <endVersion>].",
    sqlState: "22003",
  },
  DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER: {
    message:
      "Cannot restore table to timestamp (<requestedTimestamp>) as it is before the earliest version available. Please use a timestamp after (<earliestTimestamp>).",
    sqlState: "22003",
  },
  DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER: {
    message:
      "Cannot restore table to timestamp (<requestedTimestamp>) as it is after the latest version available. Please use a timestamp before (<latestTimestamp>)",
    sqlState: "22003",
  },
  DELTA_UNKNOWN_CONFIGURATION: {
    message:
      "Unknown configuration was specified: <config>\nTo disable this check, set <disableCheckConfig>=true in the Spark session configuration.",
    sqlState: "F0000",
  },
  DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE: {
    message: "Changing column mapping mode from '<oldMode>' to '<newMode>' is not supported.",
    sqlState: "0AKDC",
  },
  DELTA_CONVERSION_NO_PARTITION_FOUND: {
    message:
      'Found no partition information in the catalog for table <tableName>. Have you run "MSCK REPAIR TABLE" on your table to discover partitions?',
    sqlState: "42KD6",
  },
  DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME: {
    message:
      "Expecting <expectedColsSize> partition column(s): <expectedCols>, but found <parsedColsSize> partition column(s): <parsedCols> from parsing the file name: <path>",
    sqlState: "KD009",
  },
  DELTA_UNSUPPORTED_NON_EMPTY_CLONE: {
    message:
      "The clone destination table is non-empty. Please TRUNCATE or DELETE FROM the table before running CLONE.",
    sqlState: "0AKDC",
  },
  DELTA_ALTER_TABLE_CHANGE_COL_NOT_SUPPORTED: {
    message: "ALTER TABLE CHANGE COLUMN is not supported for changing column <currentType> to <newType>",
    sqlState: "42837",
  },
  DELTA_CONSTRAINT_ALREADY_EXISTS: {
    message:
      "Constraint '<constraintName>' already exists. Please delete the old constraint first.\nOld constraint:\n<oldConstraint>",
    sqlState: "42710",
  },
  DELTA_CONSTRAINT_DOES_NOT_EXIST: {
    message:
      "Cannot drop nonexistent constraint <constraintName> from table <tableName>. To avoid throwing an error, provide the parameter IF EXISTS or set the SQL session configuration <config> to <confValue>.",
    sqlState: "42704",
  },
  DELTA_INVALID_CDC_RANGE: {
    message: "CDC range from start <start> to end <end> was invalid. End cannot be before start.",
    sqlState: "22003",
  },
  DELTA_MISSING_CHANGE_DATA: {
    message:
      "Error getting change data for range [<startVersion> , <endVersion>] as change data was not\nrecorded for version [<version>]. If you've enabled change data feed on this table,\nuse `DESCRIBE HISTORY` to see when it was first enabled.\nOtherwise, to start recording change data, use `ALTER TABLE table_name SET TBLPROPERTIES\n(<key>=true)`.",
    sqlState: "KD002",
  },
  DELTA_NEW_CHECK_CONSTRAINT_VIOLATION: {
    message: "<numRows> rows in <tableName> violate the new CHECK constraint (<checkConstraint>)",
    sqlState: "23512",
  },
  DELTA_NO_START_FOR_CDC_READ: {
    message: "No startingVersion or startingTimestamp provided for CDC read.",
    sqlState: "42601",
  },
  DELTA_UNSUPPORTED_DROP_COLUMN: {
    message: "DROP COLUMN is not supported for your Delta table. <advice>",
    sqlState: "0AKDC",
  },
  DELTA_UNSUPPORTED_RENAME_COLUMN: {
    message: "Column rename is not supported for your Delta table. <advice>",
    sqlState: "0AKDC",
  },
};
