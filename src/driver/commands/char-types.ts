import { unsupported } from "../../errors/spark-error.ts";
import { type DataType, STRING, type StructField } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";

/** Under this key a string column keeps that it was declared as CHAR or VARCHAR. */
export const CHAR_TYPE = "__CHAR_VARCHAR_TYPE_STRING";

/** Tables hold strings: the declared length is in the metadata, and checked when a row is written. */
export function storableField(f: StructField): StructField {
  const { kind } = f.dataType;
  if (kind === "char" || kind === "varchar") {
    return { ...f, dataType: STRING, metadata: { ...f.metadata, [CHAR_TYPE]: simpleString(f.dataType) } };
  }
  if (holdsChar(f.dataType)) throw unsupported("CHAR and VARCHAR inside of other types");
  return f;
}

/** The column with the type that it was declared with. */
export function declaredField(f: StructField): StructField {
  const declared = f.metadata?.[CHAR_TYPE];
  const [, kind, length] =
    /^(char|varchar)\((\d+)\)$/.exec(typeof declared === "string" ? declared : "") ?? [];
  if (kind === undefined) return f;
  return { ...f, dataType: { kind: kind as "char" | "varchar", length: Number(length) } };
}

function holdsChar(type: DataType): boolean {
  switch (type.kind) {
    case "char":
    case "varchar":
      return true;
    case "array":
      return holdsChar(type.elementType);
    case "map":
      return holdsChar(type.keyType) || holdsChar(type.valueType);
    case "struct":
      return type.fields.some((f) => holdsChar(f.dataType));
    default:
      return false;
  }
}
