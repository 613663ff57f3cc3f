import type { DataType } from "../types/data-type.ts";
import type { LowerContext } from "./function-entry.ts";

/**
 * SQL whose order in DuckDB is Spark's order of the value: inside arrays and structs Spark's NULL comes before
 * everything, DuckDB's after. Values without nested NULLs are their own key.
 */
export function orderKey(x: string, type: DataType, ctx: Pick<LowerContext, "fresh" | "let">): string {
  if (!hasNestedNulls(type)) return x;
  switch (type.kind) {
    case "array": {
      const e = ctx.fresh("o");
      return `list_transform(${x}, lambda ${e}: ${element(e, type.elementType, type.containsNull, ctx)})`;
    }
    case "struct":
      return ctx.let(x, (v) => {
        const fields = type.fields.map(
          (f, i) => `'f${i}': ${element(`struct_extract(${v}, 'f${i}')`, f.dataType, f.nullable, ctx)}`,
        );
        return `CASE WHEN ${v} IS NOT NULL THEN {${fields.join(", ")}} END`;
      });
    default:
      return x;
  }
}

/** A nullable element as a pair of "is there" and the value. */
function element(
  x: string,
  type: DataType,
  nullable: boolean,
  ctx: Pick<LowerContext, "fresh" | "let">,
): string {
  const key = orderKey(x, type, ctx);
  return nullable ? `{'f0': ${x} IS NOT NULL, 'f1': ${key}}` : key;
}

function hasNestedNulls(type: DataType): boolean {
  switch (type.kind) {
    case "array":
      return type.containsNull || hasNestedNulls(type.elementType);
    case "struct":
      return type.fields.some((f) => f.nullable || hasNestedNulls(f.dataType));
    default:
      return false;
  }
}
