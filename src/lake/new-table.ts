import { analysisError, sparkError } from "../errors/spark-error.ts";
import type { DataType, StructField, StructType } from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import { toJson } from "../types/json.ts";
import type { Metadata, Protocol } from "./actions.ts";
import { assignMapping, mapsColumns } from "./column-mapping.ts";
import type { Environment } from "./environment.ts";
import { INITIAL_PROTOCOL, protocolFor } from "./protocol.ts";
import { assertKnownProperties } from "./table-properties.ts";
import { assertDistinctNames } from "./write-schema.ts";

/** What defines a Delta table apart from its data. */
export interface TableDefinition {
  readonly schema: StructType;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly description?: string;
}

/** Protocol and metadata of a table that is about to be created. `tableName` is for messages. */
export function createTableActions(
  definition: TableDefinition,
  env: Environment,
  tableName: string,
): { readonly protocol: Protocol; readonly metadata: Metadata } {
  assertKnownProperties(definition.configuration);
  assertStorable(definition.schema, definition.configuration);
  const { schema, configuration } = mapped(definition.schema, definition.configuration, true);
  const metadata: Metadata = {
    id: env.random.uuid(),
    ...(definition.description === undefined ? {} : { description: definition.description }),
    format: { provider: "parquet", options: {} },
    schemaString: JSON.stringify(toJson(schema)),
    partitionColumns: resolvePartitionColumns(schema, definition.partitionColumns, tableName),
    configuration,
    createdTime: env.clock.now(),
  };
  const protocol = protocolFor(INITIAL_PROTOCOL, metadata, schema);
  return { metadata: { ...metadata, configuration: withoutProtocol(configuration) }, protocol };
}

/** The schema that a table made of this one will have: with the names by which its files know the columns. */
export function newTableSchema(
  schema: StructType,
  configuration: Readonly<Record<string, string>>,
): StructType {
  return mapped(schema, configuration, true).schema;
}

/** Metadata with another schema (and partitioning); protocol only when the new schema needs a higher one. */
export function changeSchemaActions(
  before: { readonly metadata: Metadata; readonly protocol: Protocol },
  wanted: StructType,
  partitionColumns: readonly string[] = before.metadata.partitionColumns,
): { readonly metadata: Metadata; readonly protocol?: Protocol; readonly schema: StructType } {
  assertStorable(wanted, before.metadata.configuration);
  const { schema, configuration } = mapped(wanted, before.metadata.configuration, false);
  const metadata = {
    ...before.metadata,
    configuration,
    schemaString: JSON.stringify(toJson(schema)),
    partitionColumns,
  };
  return { metadata, schema, ...upgradeFor(before.protocol, metadata, schema) };
}

/** Metadata with other table properties; protocol only when they need a higher one. */
export function changeConfigurationActions(
  before: { readonly metadata: Metadata; readonly protocol: Protocol; readonly schema: StructType },
  change: {
    readonly configuration: Readonly<Record<string, string>>;
    readonly description?: string | undefined;
  },
): { readonly metadata: Metadata; readonly protocol?: Protocol } {
  const old = before.metadata.configuration;
  assertKnownProperties(change.configuration, old);
  const mode = (of: Readonly<Record<string, string>>): string => of["delta.columnMapping.mode"] ?? "none";
  const [from, to] = [mode(old), mode(change.configuration)];
  if (from !== to && !(from === "none" && to === "name")) {
    throw sparkError("UnsupportedOperationException", {
      condition: "DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE",
      messageParameters: { oldMode: from, newMode: to },
    });
  }
  const { schema, configuration } = mapped(before.schema, change.configuration, from === "none");
  const { description: _old, ...rest } = before.metadata;
  const metadata: Metadata = {
    ...rest,
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(schema === before.schema ? {} : { schemaString: JSON.stringify(toJson(schema)) }),
    configuration,
  };
  const upgrade = upgradeFor(before.protocol, metadata, schema);
  return { metadata: { ...metadata, configuration: withoutProtocol(configuration) }, ...upgrade };
}

function mapped(
  schema: StructType,
  configuration: Readonly<Record<string, string>>,
  isNew: boolean,
): { readonly schema: StructType; readonly configuration: Readonly<Record<string, string>> } {
  return mapsColumns(configuration) ? assignMapping(schema, configuration, isNew) : { schema, configuration };
}

/** What asks for a protocol ends up in the protocol, not in the properties. */
function withoutProtocol(configuration: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(configuration).filter(
      ([key]) => !/^delta\.(feature\..+|minReaderVersion|minWriterVersion)$/i.test(key),
    ),
  );
}

function upgradeFor(
  current: Protocol,
  metadata: Metadata,
  schema: StructType,
): { readonly protocol?: Protocol } {
  const protocol = protocolFor(current, metadata, schema);
  return protocol === current ? {} : { protocol };
}

/** The partition columns in the schema's spelling. Throws Spark's errors for those that cannot be. */
export function resolvePartitionColumns(
  schema: StructType,
  names: readonly string[],
  tableName: string,
): readonly string[] {
  const columns = names.map((name) => {
    const found = schema.fields.find((f) => f.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw analysisError("COLUMN_NOT_DEFINED_IN_TABLE", {
      colType: "partition",
      colName: `\`${name}\``,
      tableName,
      tableCols: schema.fields.map((f) => `\`${f.name}\``).join(", "),
    });
  });
  assertDistinctNames({ kind: "struct", fields: columns });
  for (const column of columns) assertPartitionType(column);
  if (columns.length > 0 && columns.length === schema.fields.length) {
    throw analysisError("ALL_PARTITION_COLUMNS_NOT_ALLOWED");
  }
  return columns.map((column) => column.name);
}

function assertPartitionType(column: StructField): void {
  const refused: readonly DataType["kind"][] = [
    "array",
    "map",
    "struct",
    "variant",
    "calendar_interval",
    "null",
  ];
  if (!refused.includes(column.dataType.kind)) return;
  throw analysisError("DELTA_INVALID_PARTITION_COLUMN_TYPE", {
    name: column.name,
    dataType: simpleString(column.dataType),
  });
}

/** Refuses what Parquet files without column mapping, or Delta, cannot hold. */
function assertStorable(schema: StructType, configuration: Readonly<Record<string, string>>): void {
  if (schema.fields.length === 0) throw analysisError("DELTA_EMPTY_DATA");
  assertDistinctNames(schema);
  const invalid = schema.fields.map((f) => f.name).filter((name) => /[ ,;{}()\n\t=]/.test(name));
  if (invalid.length > 0 && !mapsColumns(configuration)) {
    throw analysisError("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES", {
      invalidColumnNames: invalid.join(", "),
    });
  }
  const unsupported: string[] = [];
  const pending: [string, DataType][] = schema.fields.map((f) => [f.name, f.dataType]);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [path, type] = next;
    const kinds: readonly DataType["kind"][] = [
      "calendar_interval",
      "year_month_interval",
      "day_time_interval",
      "time",
      "variant",
      "null",
      "udt",
    ];
    if (kinds.includes(type.kind)) unsupported.push(`${path}: ${simpleString(type)}`);
    if (type.kind === "array") pending.push([`${path}.element`, type.elementType]);
    if (type.kind === "map") pending.push([`${path}.key`, type.keyType], [`${path}.value`, type.valueType]);
    if (type.kind === "struct") for (const f of type.fields) pending.push([`${path}.${f.name}`, f.dataType]);
  }
  if (unsupported.length === 0) return;
  throw sparkError("AnalysisException", {
    condition: "DELTA_UNSUPPORTED_DATA_TYPES",
    messageParameters: { dataTypeList: `[${unsupported.sort().join(", ")}]` },
  });
}
