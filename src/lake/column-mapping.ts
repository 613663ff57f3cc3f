import type { StructField, StructType } from "../types/data-type.ts";

const PHYSICAL_NAME = "delta.columnMapping.physicalName";
const COLUMN_ID = "delta.columnMapping.id";

type Configuration = Readonly<Record<string, string>>;

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
): Readonly<Record<string, { readonly name: string; readonly id: number }>> | undefined {
  if (!mapsColumns(configuration)) return undefined;
  return Object.fromEntries(
    schema.fields.map((f) => {
      const id = f.metadata?.[COLUMN_ID];
      return [f.name, { name: physicalName(f, configuration), id: typeof id === "number" ? id : -1 }];
    }),
  );
}
