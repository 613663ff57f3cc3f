/** Everything that programs use, whatever runs their plans. */
export { LakeletError, type LakeletErrorKind } from "../errors/lakelet-error.ts";
export {
  AnalysisException,
  ArithmeticException,
  ArrayIndexOutOfBoundsException,
  ConcurrentAppendException,
  ConcurrentDeleteDeleteException,
  ConcurrentDeleteReadException,
  ConcurrentModificationException,
  ConcurrentTransactionException,
  ConcurrentWriteException,
  DateTimeException,
  IllegalArgumentException,
  MetadataChangedException,
  NumberFormatException,
  ParseException,
  ProtocolChangedException,
  PySparkAssertionError,
  PySparkAttributeError,
  PySparkException,
  PySparkImportError,
  PySparkIndexError,
  PySparkKeyError,
  PySparkNotImplementedError,
  PySparkPicklingError,
  PySparkRuntimeError,
  PySparkTypeError,
  PySparkValueError,
  PythonException,
  type QueryContext,
  QueryExecutionException,
  SessionNotSameException,
  SparkNoSuchElementException,
  SparkRuntimeException,
  SparkUpgradeException,
  StreamingQueryException,
  TempTableAlreadyExistsException,
  UnknownException,
  UnsupportedOperationException,
} from "../errors/spark-error.ts";
export {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  type DecimalRounding,
  isRow,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  row,
  Timestamp,
  VariantValue,
  VariantValue as VariantVal,
  YearMonthInterval,
} from "../types/values.ts";
export type {
  ExplainMode,
  ObservedMetrics,
  QueryProgress,
  QueryResult,
  SessionBackend,
} from "./backend.ts";
export { setCallSiteCapture } from "./call-site.ts";
export {
  Catalog,
  type CatalogColumn,
  type CatalogFunction,
  type CatalogMetadata,
  type CreateTableOptions,
  type Database,
  type Table,
  type TablePartition,
} from "./catalog.ts";
export { Column, type ColumnOrName } from "./column.ts";
export {
  type ColumnOrNameOrOrdinal,
  DataFrame,
  type ExecutionInfo,
  type ShowOptions,
} from "./data-frame.ts";
export { DeltaMergeBuilder } from "./delta-merge-builder.ts";
export {
  type DeltaAssignments,
  type DeltaExpression,
  DeltaOptimizeBuilder,
  DeltaTable,
} from "./delta-table.ts";
export { type DeltaColumnOptions, DeltaTableBuilder, IdentityGenerator } from "./delta-table-builder.ts";
export type { FileSource, ReadSource } from "./file-source.ts";
export * as F from "./functions/index.ts";
export * as functions from "./functions/index.ts";
export { GroupedData, type PivotValue } from "./grouped-data.ts";
export type { JoinOn } from "./join-arguments.ts";
export { LakeletExtensions, type StorageInfo } from "./lakelet-extensions.ts";
export type { LiteralInput, ScalarValue } from "./literal.ts";
export type { LocalData, LocalSchema } from "./local-data.ts";
export { MergeIntoWriter, WhenMatched, WhenNotMatched, WhenNotMatchedBySource } from "./merge-into-writer.ts";
export { type MockSessionOptions, MockSparkSession, SchemaStorage } from "./mock-spark-session.ts";
export { DataFrameNaFunctions, type DropOptions } from "./na-functions.ts";
export { Observation } from "./observation.ts";
export type { OptionValue, OptionValues } from "./options.ts";
export { PlotAccessor } from "./plot-accessor.ts";
export { DataFrameReader, type ReadOptions } from "./reader.ts";
export { Row } from "./row.ts";
export { RuntimeConfig } from "./runtime-config.ts";
export { SessionBuilder } from "./session-builder.ts";
export {
  type BackendFactory,
  type BackendOptions,
  type RemoteFactory,
  setBackendFactory,
  setRemoteFactory,
} from "./session-factory.ts";
export type { ProgressHandler, SessionEnvironment } from "./session-runtime.ts";
export { SparkSession, type SqlPart } from "./spark-session.ts";
export { DataFrameStatFunctions } from "./stat-functions.ts";
export { StorageLevel } from "./storage-level.ts";
export { TableArg } from "./table-arg.ts";
export { TableValuedFunction } from "./table-valued-function.ts";
export type { TestDataOptions } from "./test-data.ts";
export {
  assertDataFrameEqual,
  assertSchemaEqual,
  type DataFrameComparison,
  type SchemaComparison,
} from "./testing.ts";
export * from "./types/index.ts";
export type { UdfFunction, UserDefinedFunction } from "./udf.ts";
export { UDFRegistration, UDTFRegistration } from "./udf-registration.ts";
export { Window, WindowSpec } from "./window.ts";
export { DataFrameWriter, type SaveModeName, type SaveOptions, type WriteTarget } from "./writer.ts";
export { DataFrameWriterV2 } from "./writer-v2.ts";
