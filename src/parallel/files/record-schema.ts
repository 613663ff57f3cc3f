import { LakeletError } from "../../errors/lakelet-error.ts";
import type { FileRecord } from "./read-records.ts";

/** The types that written files have. */
export type ColumnType =
  | { readonly kind: "boolean" | "long" | "double" | "string" | "timestamp" | "binary" }
  | { readonly kind: "list"; readonly element: ColumnType }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, ColumnType> };

/** Columns by name, in the order in which they first appear. */
export type RecordSchema = ReadonlyMap<string, ColumnType>;

/** The schema of records: whole numbers are long, with fractions among them double; what is null everywhere is text. */
export function schemaOfRecords(records: readonly FileRecord[], name: string): RecordSchema {
  const columns = new Map<string, ColumnType | undefined>();
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) {
      columns.set(key, merged(columns.get(key), typeOf(value), `${name}: column ${key}`));
    }
  }
  return new Map([...columns].map(([key, type]) => [key, type ?? { kind: "string" }]));
}

function typeOf(value: unknown): ColumnType | undefined {
  switch (typeof value) {
    case "boolean":
      return { kind: "boolean" };
    case "bigint":
      return { kind: "long" };
    case "number":
      return { kind: Number.isSafeInteger(value) ? "long" : "double" };
    case "string":
      return { kind: "string" };
    case "object":
      break;
    default:
      return undefined;
  }
  if (value === null) return undefined;
  if (value instanceof Date) return { kind: "timestamp" };
  if (value instanceof Uint8Array) return { kind: "binary" };
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    let element: ColumnType | undefined;
    for (const item of value as unknown as Iterable<unknown>)
      element = merged(element, typeOf(item), "a list");
    return { kind: "list", element: element ?? { kind: "string" } };
  }
  const fields = Object.entries(value as FileRecord).map(([key, item]): [string, ColumnType] => [
    key,
    typeOf(item) ?? { kind: "string" },
  ]);
  return { kind: "struct", fields: new Map(fields) };
}

function merged(a: ColumnType | undefined, b: ColumnType | undefined, where: string): ColumnType | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.kind === "list" && b.kind === "list") {
    return { kind: "list", element: merged(a.element, b.element, where) as ColumnType };
  }
  if (a.kind === "struct" && b.kind === "struct") {
    const fields = new Map(a.fields);
    for (const [key, type] of b.fields) fields.set(key, merged(fields.get(key), type, where) as ColumnType);
    return { kind: "struct", fields };
  }
  if (a.kind === b.kind) return a;
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.has("long") && kinds.has("double")) return { kind: "double" };
  throw new LakeletError("corrupt", `${where} has values of the types ${a.kind} and ${b.kind}`);
}

/** A value as its column wants it. Throws where it does not fit: the records before it did not tell of it. */
export function fitted(value: unknown, type: ColumnType, where: string): unknown {
  if (value === null || value === undefined) return null;
  const refuse = (): never => {
    throw new LakeletError(
      "corrupt",
      `${where} is a ${type.kind} by the records that were looked at, which ${JSON.stringify(String(value)).slice(0, 60)} ` +
        "does not fit; raise scanLimit, 0 looks at all",
    );
  };
  switch (type.kind) {
    case "boolean":
      return typeof value === "boolean" ? value : refuse();
    case "long":
      if (typeof value === "bigint") return value;
      return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : refuse();
    case "double":
      return typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : refuse();
    case "string":
      return typeof value === "string" ? value : refuse();
    case "timestamp":
      return value instanceof Date ? value : refuse();
    case "binary":
      return value instanceof Uint8Array ? value : refuse();
    case "list":
      if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return refuse();
      return Array.from(value as unknown as Iterable<unknown>, (item) => fitted(item, type.element, where));
    case "struct": {
      if (typeof value !== "object" || Array.isArray(value)) return refuse();
      for (const key of Object.keys(value)) if (!type.fields.has(key)) return refuse();
      return Object.fromEntries(
        [...type.fields].map(([key, field]) => [
          key,
          fitted((value as FileRecord)[key], field, `${where}.${key}`),
        ]),
      );
    }
  }
}
