/** Settings that have a value without being set: Spark 4.3's defaults, and Lakelet's own. */
export const CONF_DEFAULTS: Readonly<Record<string, string>> = {
  "spark.app.name": "Lakelet",
  "spark.master": "local[*]",
  "spark.sql.adaptive.enabled": "true",
  "spark.sql.ansi.enabled": "true",
  "spark.sql.ansi.doubleQuotedIdentifiers": "false",
  "spark.sql.ansi.enforceReservedKeywords": "false",
  "spark.sql.ansi.relationPrecedence": "false",
  "spark.sql.autoBroadcastJoinThreshold": "10485760b",
  "spark.sql.caseSensitive": "false",
  "spark.sql.catalogImplementation": "in-memory",
  "spark.sql.cbo.enabled": "false",
  "spark.sql.columnNameOfCorruptRecord": "_corrupt_record",
  "spark.sql.crossJoin.enabled": "true",
  "spark.sql.csv.parser.columnPruning.enabled": "true",
  "spark.sql.decimalOperations.allowPrecisionLoss": "true",
  "spark.sql.defaultCatalog": "spark_catalog",
  "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
  "spark.sql.execution.arrow.pyspark.enabled": "false",
  "spark.sql.execution.arrow.pyspark.fallback.enabled": "true",
  "spark.sql.execution.arrow.pyspark.selfDestruct.enabled": "false",
  "spark.sql.execution.arrow.useLargeVarTypes": "false",
  "spark.sql.execution.pandas.convertToArrowArraySafely": "true",
  "spark.sql.execution.pandas.inferPandasDictAsMap": "false",
  "spark.sql.execution.pandas.structHandlingMode": "legacy",
  "spark.sql.execution.pyspark.binaryAsBytes": "true",
  "spark.sql.execution.pythonUDF.arrow.enabled": "true",
  "spark.sql.execution.pythonUDTF.arrow.enabled": "false",
  "spark.sql.groupByAliases": "true",
  "spark.sql.groupByOrdinal": "true",
  /** Of a small machine: in so many partitions Spark reads what has no number of its own. */
  "spark.sql.leafNodeDefaultParallelism": "4",
  "spark.sql.legacy.timeParserPolicy": "CORRECTED",
  "spark.sql.legacy.viewSchemaBindingMode": "true",
  "spark.sql.legacy.viewSchemaCompensation": "true",
  "spark.sql.mapKeyDedupPolicy": "EXCEPTION",
  "spark.sql.maxPlanStringLength": "2147483632",
  "spark.sql.optimizer.maxIterations": "100",
  "spark.sql.orderByOrdinal": "true",
  "spark.sql.parquet.compression.codec": "snappy",
  "spark.sql.parser.escapedStringLiterals": "false",
  "spark.sql.parser.quotedRegexColumnNames": "false",
  "spark.sql.pivotMaxValues": "10000",
  "spark.sql.pyspark.inferNestedDictAsStruct.enabled": "false",
  "spark.sql.pyspark.legacy.inferArrayTypeFromFirstElement.enabled": "false",
  "spark.sql.pyspark.legacy.inferMapTypeFromFirstPair.enabled": "false",
  "spark.sql.pyspark.jvmStacktrace.enabled": "false",
  "spark.sql.repl.eagerEval.enabled": "false",
  "spark.sql.repl.eagerEval.maxNumRows": "20",
  "spark.sql.repl.eagerEval.truncate": "20",
  "spark.sql.session.localRelationBatchOfChunksSizeBytes": "1073741824",
  "spark.sql.session.localRelationCacheThreshold": "1048576",
  "spark.sql.session.localRelationChunkSizeBytes": "16777216",
  "spark.sql.session.localRelationChunkSizeRows": "10000",
  "spark.sql.session.localRelationSizeLimit": "3221225472",
  "spark.sql.shuffle.partitions": "200",
  "spark.sql.sources.default": "delta",
  "spark.sql.sources.partitionOverwriteMode": "STATIC",
  "spark.sql.storeAssignmentPolicy": "ANSI",
  "spark.sql.timeType.enabled": "false",
  "spark.sql.timestampType": "TIMESTAMP_LTZ",
  "spark.sql.variable.substitute": "true",
  "spark.sql.connect.serverStacktrace.enabled": "false",
  "spark.connect.session.planCompression.threshold": "-1",
  "spark.connect.session.planCompression.defaultAlgorithm": "NONE",
  "spark.python.sql.dataFrameDebugging.enabled": "true",
  "spark.lakelet.createMissingDatabases": "false",
  /** A result larger than this is refused with a clear error instead of filling the tab. */
  "spark.lakelet.maxResultBytes": "1073741824",
};

/** Keys that a running session cannot change. */
const STATIC_KEYS: ReadonlySet<string> = new Set([
  "spark.sql.catalogImplementation",
  "spark.sql.warehouse.dir",
  "spark.sql.extensions",
  "spark.sql.globalTempDatabase",
  "spark.sql.queryExecutionListeners",
  "spark.sql.streaming.streamingQueryListeners",
  "spark.sql.cache.serializer",
  "spark.sql.codegen.cache.maxEntries",
  "spark.sql.filesourceTableRelationCacheSize",
  "spark.sql.legacy.sessionInitWithConfigDefaults",
]);

export function isStaticKey(key: string): boolean {
  return STATIC_KEYS.has(key);
}

/** Spark core's settings (not `spark.sql.*`) are fixed when a session starts; `spark.lakelet.*` and unknown names are free. */
export function isCoreKey(key: string): boolean {
  return /^spark\.(app|master|driver|executor|ui|submit|eventLog|network|scheduler|task|shuffle|memory|broadcast|rdd|serializer|kryo|io|storage|plugins|jars|files|home|cores|default|dynamicAllocation|locality|port|rpc|yarn|kubernetes|worker|deploy|history|logConf|local|logLineage|cleaner|closure|speculation|stage|pyspark\.(python|driver))(\.|$)/.test(
    key,
  );
}
