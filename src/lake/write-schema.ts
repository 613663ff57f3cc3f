import { analysisError, sparkError } from "../errors/spark-error.ts";
import type { DataType, StructField, StructType } from "../types/data-type.ts";
import { array, map, sameTypeIgnoringNullability, struct } from "../types/data-type.ts";
import { simpleString, treeString } from "../types/format.ts";
import { readerSchema } from "./column-mapping.ts";
import { canStoreAssign } from "./store-assignment.ts";

/** How the columns of a write meet those of the table. */
export interface WriteSchema {
  /** The table's schema after the write. */
  readonly table: StructType;
  /** The table's schema has to change first. */
  readonly changed: boolean;
  /** For each column of `table` the index of the data's column; undefined: the data has none. */
  readonly sources: readonly (number | undefined)[];
}

export interface WriteSchemaOptions {
  readonly mergeSchema: boolean;
  /** Match by position (SQL INSERT) instead of by name. */
  readonly byPosition: boolean;
  readonly tableId: string;
  /** For messages: `` `spark_catalog`.`db`.`t` ``. */
  readonly tableName: string;
  /** Whether the message should offer `overwriteSchema`. */
  readonly overwrite: boolean;
}

/**
 * Checks data against the table it is to be written into, as Delta does: by name without case, columns that the table
 * lacks only with `mergeSchema`, columns that the data lacks become NULL, types by Spark's store assignment.
 */
export function resolveWriteSchema(
  table: StructType,
  data: StructType,
  options: WriteSchemaOptions,
): WriteSchema {
  if (options.byPosition) return matchByPosition(table, data, options);
  assertDistinctNames(data);
  const byName = new Map(data.fields.map((f, i) => [f.name.toLowerCase(), i]));
  const known = new Set(table.fields.map((f) => f.name.toLowerCase()));
  const added = data.fields.filter((f) => !known.has(f.name.toLowerCase()));
  if (added.length > 0 && !options.mergeSchema) throw schemaMismatch(table, data, options);
  const fields: StructField[] = [];
  const sources: (number | undefined)[] = [];
  for (const f of table.fields) {
    const source = byName.get(f.name.toLowerCase());
    sources.push(source);
    if (source === undefined) {
      if (!f.nullable && !makesItsValue(f)) throw missingNotNull(f.name);
      fields.push(f);
      continue;
    }
    fields.push(mergeField(f, data.fields[source] as StructField, table, data, options));
  }
  for (const f of added) {
    sources.push(byName.get(f.name.toLowerCase()));
    fields.push(newColumn(f));
  }
  const merged = struct(fields);
  return { table: merged, changed: !sameFields(merged, table), sources };
}

/** The schema of a table made from data: Delta keeps every column nullable that is not declared otherwise. */
export function schemaOfNewTable(data: StructType): StructType {
  assertDistinctNames(data);
  return readerSchema(
    struct(data.fields.map((f) => ({ ...f, dataType: withNullable(f.dataType), nullable: true }))),
  );
}

/** Spark's error for two columns that differ in case at most. */
export function assertDistinctNames(schema: StructType): void {
  const seen = new Set<string>();
  for (const f of schema.fields) {
    const name = f.name.toLowerCase();
    if (seen.has(name)) throw analysisError("COLUMN_ALREADY_EXISTS", { columnName: `\`${name}\`` });
    seen.add(name);
  }
}

/** Whether the table fills the column when no value is given: a default, a generated or an identity column. */
export function makesItsValue(f: StructField): boolean {
  const keys = Object.keys(f.metadata ?? {});
  return keys.some(
    (key) => key === "CURRENT_DEFAULT" || /^delta\.(generationExpression|identity\.start)$/.test(key),
  );
}

function matchByPosition(table: StructType, data: StructType, options: WriteSchemaOptions): WriteSchema {
  if (data.fields.length !== table.fields.length) {
    const tooFew = data.fields.length < table.fields.length;
    const names = (schema: StructType): string => schema.fields.map((f) => `\`${f.name}\``).join(", ");
    throw analysisError(`INSERT_COLUMN_ARITY_MISMATCH.${tooFew ? "NOT_ENOUGH" : "TOO_MANY"}_DATA_COLUMNS`, {
      tableName: options.tableName,
      tableColumns: names(table),
      dataColumns: names(data),
    });
  }
  table.fields.forEach((f, i) => {
    const source = data.fields[i] as StructField;
    if (!canStoreAssignDeep(source.dataType, f.dataType)) throw cannotSafelyCast(source, f, options);
  });
  return { table, changed: false, sources: table.fields.map((_, i) => i) };
}

function mergeField(
  field: StructField,
  source: StructField,
  table: StructType,
  data: StructType,
  options: WriteSchemaOptions,
): StructField {
  const merged = mergeType(field.dataType, source.dataType, options.mergeSchema);
  if (merged === "extra") throw schemaMismatch(table, data, options);
  if (merged === "incompatible") throw failedToMerge(field, source);
  return merged === field.dataType ? field : { ...field, dataType: merged };
}

/** The column's type after the write; `extra`: a struct would have to get another field. */
function mergeType(
  table: DataType,
  data: DataType,
  mergeSchema: boolean,
): DataType | "extra" | "incompatible" {
  if (table.kind === "struct" && data.kind === "struct") return mergeStruct(table, data, mergeSchema);
  if (table.kind === "array" && data.kind === "array") {
    const element = mergeType(table.elementType, data.elementType, mergeSchema);
    if (typeof element === "string") return element;
    return element === table.elementType ? table : array(element, table.containsNull);
  }
  if (table.kind === "map" && data.kind === "map") {
    const key = mergeType(table.keyType, data.keyType, mergeSchema);
    const value = mergeType(table.valueType, data.valueType, mergeSchema);
    if (typeof key === "string") return key;
    if (typeof value === "string") return value;
    return key === table.keyType && value === table.valueType
      ? table
      : map(key, value, table.valueContainsNull);
  }
  if (table.kind === "null" && mergeSchema) return withNullable(data);
  return canStoreAssign(data, table) ? table : "incompatible";
}

function mergeStruct(
  table: StructType,
  data: StructType,
  mergeSchema: boolean,
): DataType | "extra" | "incompatible" {
  const byName = new Map(data.fields.map((f) => [f.name.toLowerCase(), f]));
  let changed = false;
  const fields: StructField[] = [];
  for (const f of table.fields) {
    const source = byName.get(f.name.toLowerCase());
    byName.delete(f.name.toLowerCase());
    if (source === undefined) {
      // NULL in its place; only a declared NOT NULL forbids it.
      if (!f.nullable) return "incompatible";
      fields.push(f);
      continue;
    }
    const merged = mergeType(f.dataType, source.dataType, mergeSchema);
    if (typeof merged === "string") return merged;
    changed ||= merged !== f.dataType;
    fields.push(merged === f.dataType ? f : { ...f, dataType: merged });
  }
  if (byName.size === 0) return changed ? struct(fields) : table;
  if (!mergeSchema) return "extra";
  return struct([...fields, ...[...byName.values()].map(newColumn)]);
}

function newColumn(f: StructField): StructField {
  // The marks that the column bears belong to the table that it comes from.
  return readerSchema(struct([{ ...f, dataType: withNullable(f.dataType), nullable: true }]))
    .fields[0] as StructField;
}

/** Structs meet by position here, whatever their fields are called. */
function canStoreAssignDeep(from: DataType, to: DataType): boolean {
  if (from.kind === "struct" && to.kind === "struct") {
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => canStoreAssignDeep(f.dataType, (to.fields[i] as StructField).dataType))
    );
  }
  return canStoreAssign(from, to);
}

function withNullable(type: DataType): DataType {
  if (type.kind === "array") return array(withNullable(type.elementType), true);
  if (type.kind === "map") return map(withNullable(type.keyType), withNullable(type.valueType), true);
  if (type.kind === "struct") {
    return struct(type.fields.map((f) => ({ ...f, dataType: withNullable(f.dataType), nullable: true })));
  }
  return type;
}

function sameFields(a: StructType, b: StructType): boolean {
  return (
    a.fields.length === b.fields.length &&
    a.fields.every((f, i) => {
      const g = b.fields[i] as StructField;
      return f === g || (f.name === g.name && sameTypeIgnoringNullability(f.dataType, g.dataType));
    })
  );
}

function schemaMismatch(table: StructType, data: StructType, options: WriteSchemaOptions): Error {
  const overwriteHint = options.overwrite
    ? "\nTo overwrite your schema or change partitioning, please set:\n'.option(\"overwriteSchema\", \"true\")'.\n\nNote that the schema can't be overwritten when using\n'replaceWhere'.\n"
    : "";
  const message =
    `A schema mismatch detected when writing to the Delta table (Table ID: ${options.tableId}).\n` +
    "To enable schema migration using DataFrameWriter or DataStreamWriter, please set:\n" +
    '\'.option("mergeSchema", "true")\'.\n' +
    "For other operations, set the session configuration\n" +
    'spark.databricks.delta.schema.autoMerge.enabled to "true". See the documentation\n' +
    "specific to the operation for details.\n\n" +
    `Table schema:\n${treeString(table)}\n\nData schema:\n${treeString(data)}\n         ${overwriteHint}`;
  return analysisError("_LEGACY_ERROR_TEMP_DELTA_0007", { message });
}

/** Delta's message adds the two types that do not go together. */
function failedToMerge(field: StructField, source: StructField): Error {
  const params = { currentField: field.name, updateField: source.name };
  return sparkError("AnalysisException", {
    condition: "DELTA_FAILED_TO_MERGE_FIELDS",
    messageParameters: params,
    message:
      `[DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge fields '${field.name}' and '${source.name}'. ` +
      `Failed to merge incompatible data types ${simpleString(field.dataType)} and ${simpleString(source.dataType)}. SQLSTATE: 22005`,
  });
}

function cannotSafelyCast(source: StructField, field: StructField, options: WriteSchemaOptions): Error {
  return analysisError("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", {
    tableName: options.tableName,
    colName: `\`${field.name}\``,
    srcType: `"${simpleString(source.dataType).toUpperCase()}"`,
    targetType: `"${simpleString(field.dataType).toUpperCase()}"`,
  });
}

function missingNotNull(column: string): Error {
  return sparkError("AnalysisException", {
    condition: "DELTA_MISSING_NOT_NULL_COLUMN_VALUE",
    messageParameters: { columnName: column },
  });
}
