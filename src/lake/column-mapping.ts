import type { DataType, StructField, StructType } from "../types/data-type.ts";

const PHYSICAL_NAME = "delta.columnMapping.physicalName";
const COLUMN_ID = "delta.columnMapping.id";
const MAX_COLUMN_ID = "delta.columnMapping.maxColumnId";

type Configuration = Readonly<Record<string, string>>;

/** How files know a top-level column. */
export interface PhysicalColumn {
  readonly name: string;
  readonly id: number;
  /** The column's type with the names that the files have inside it; absent where they are the same. */
  readonly type?: DataType;
}

export function mapsColumns(configuration: Configuration): boolean {
  return (configuration["delta.columnMapping.mode"] ?? "none") !== "none";
}

/** The name under which files and the log know a column (or struct field). */
export function physicalName(field: StructField, configuration: Configuration): string {
  const name = mapsColumns(configuration) ? field.metadata?.[PHYSICAL_NAME] : undefined;
  return typeof name === "string" ? name : field.name;
}

/** Physical name and id of each top-level column; undefined when the table does not map its columns. */
export function physicalNames(
  schema: StructType,
  configuration: Configuration,
): Readonly<Record<string, PhysicalColumn>> | undefined {
  if (!mapsColumns(configuration)) return undefined;
  return Object.fromEntries(
    schema.fields.map((f) => {
      const id = f.metadata?.[COLUMN_ID];
      const type = physicalType(f.dataType, configuration);
      return [
        f.name,
        {
          name: physicalName(f, configuration),
          id: typeof id === "number" ? id : -1,
          ...(type === f.dataType ? {} : { type }),
        },
      ];
    }),
  );
}

/** A type with the physical names of the fields inside; the same object when nothing differs. */
export function physicalType(type: DataType, configuration: Configuration): DataType {
  switch (type.kind) {
    case "array": {
      const elementType = physicalType(type.elementType, configuration);
      return elementType === type.elementType ? type : { ...type, elementType };
    }
    case "map": {
      const keyType = physicalType(type.keyType, configuration);
      const valueType = physicalType(type.valueType, configuration);
      return keyType === type.keyType && valueType === type.valueType
        ? type
        : { ...type, keyType, valueType };
    }
    case "struct": {
      const fields = type.fields.map((f) => {
        const name = physicalName(f, configuration);
        const dataType = physicalType(f.dataType, configuration);
        return name === f.name && dataType === f.dataType ? f : { ...f, name, dataType };
      });
      return fields.every((f, i) => f === type.fields[i]) ? type : { ...type, fields };
    }
    default:
      return type;
  }
}

/** The schema with the names that files have inside of structs; the columns' own names are told beside it. */
export function storedSchema(
  schema: StructType,
  names: Readonly<Record<string, PhysicalColumn>> | undefined,
): StructType {
  if (names === undefined) return schema;
  const fields = schema.fields.map((f) => {
    const type = names[f.name]?.type;
    return type === undefined ? f : { ...f, dataType: type };
  });
  return { ...schema, fields };
}

/**
 * Gives an id and a physical name to every column and field that has none. A name that a column had before its table
 * mapped columns, or that it has from the start, is its physical name as well; a column that is added later gets one
 * that no column can ever have had.
 */
export function assignMapping(
  schema: StructType,
  configuration: Configuration,
  isNew: boolean,
): { readonly schema: StructType; readonly configuration: Configuration } {
  let maxId = Number(configuration[MAX_COLUMN_ID] ?? 0);
  const taken = new Set<string>();
  visitFields(schema, (f) => {
    const id = f.metadata?.[COLUMN_ID];
    if (typeof id === "number") maxId = Math.max(maxId, id);
    const name = f.metadata?.[PHYSICAL_NAME];
    if (typeof name === "string") taken.add(name);
  });
  const nameOf = (f: StructField, id: number): string => {
    if (isNew && !/[ ,;{}()\n\t=]/.test(f.name)) return f.name;
    let name = `col-${id}`;
    while (taken.has(name)) name += "_";
    return name;
  };
  const assigned = mapFields(schema, (f) => {
    const known = f.metadata?.[COLUMN_ID];
    if (typeof known === "number" && typeof f.metadata?.[PHYSICAL_NAME] === "string") return f;
    const id = typeof known === "number" ? known : ++maxId;
    const name = nameOf(f, id);
    taken.add(name);
    return { ...f, metadata: { ...f.metadata, [COLUMN_ID]: id, [PHYSICAL_NAME]: name } };
  });
  return { schema: assigned, configuration: { ...configuration, [MAX_COLUMN_ID]: String(maxId) } };
}

/** The schema without what only writers need to know: marks of mapping, generation, identity, invariants, defaults. */
export function readerSchema(schema: StructType): StructType {
  return mapFields(schema, (f) => {
    const { metadata } = f;
    if (metadata === undefined) return f;
    const kept = Object.entries(metadata).filter(([key]) => !isWritersMark(key));
    if (kept.length === Object.keys(metadata).length) return f;
    const { metadata: _, ...plain } = f;
    return kept.length === 0 ? plain : { ...plain, metadata: Object.fromEntries(kept) };
  });
}

function isWritersMark(key: string): boolean {
  return (
    /^delta\.(columnMapping\.|identity\.|generationExpression$|invariants$)/.test(key) ||
    key === "CURRENT_DEFAULT" ||
    key === "EXISTS_DEFAULT"
  );
}

function visitFields(type: DataType, visit: (field: StructField) => void): void {
  mapFieldsIn(type, (f) => {
    visit(f);
    return f;
  });
}

function mapFields(schema: StructType, change: (field: StructField) => StructField): StructType {
  return mapFieldsIn(schema, change) as StructType;
}

function mapFieldsIn(type: DataType, change: (field: StructField) => StructField): DataType {
  switch (type.kind) {
    case "array": {
      const elementType = mapFieldsIn(type.elementType, change);
      return elementType === type.elementType ? type : { ...type, elementType };
    }
    case "map": {
      const keyType = mapFieldsIn(type.keyType, change);
      const valueType = mapFieldsIn(type.valueType, change);
      return keyType === type.keyType && valueType === type.valueType
        ? type
        : { ...type, keyType, valueType };
    }
    case "struct": {
      const fields = type.fields.map((f) => {
        const changed = change(f);
        const dataType = mapFieldsIn(changed.dataType, change);
        return dataType === changed.dataType ? changed : { ...changed, dataType };
      });
      return fields.every((f, i) => f === type.fields[i]) ? type : { ...type, fields };
    }
    default:
      return type;
  }
}
