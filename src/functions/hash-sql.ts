import { unsupported } from "../errors/spark-error.ts";
import type { DataType, StructField } from "../types/data-type.ts";
import type { LowerContext } from "./function-entry.ts";
import { bindSql } from "./lambda-sql.ts";

type Hash = "murmur3" | "xxhash64";

/** What a kernel hashes for a present value: how its text is read, and the text. Undefined for nested values. */
export function hashedText(v: string, type: DataType): readonly [kind: string, text: string] | undefined {
  switch (type.kind) {
    case "boolean":
      return ["int", `CASE WHEN ${v} THEN '1' ELSE '0' END`];
    case "byte":
    case "short":
    case "integer":
    case "year_month_interval":
      return ["int", `${v}::VARCHAR`];
    case "date":
      return ["int", `date_diff('day', DATE '1970-01-01', ${v})::VARCHAR`];
    case "long":
    case "day_time_interval":
    case "time":
      return ["long", `${v}::VARCHAR`];
    case "timestamp":
    case "timestamp_ntz":
      return ["long", `epoch_us(${v})::VARCHAR`];
    case "float":
    case "double":
      return [type.kind, `${v}::VARCHAR`];
    case "decimal":
      return [type.precision <= 18 ? "long" : "unscaled", `replace(${v}::VARCHAR, '.', '')`];
    case "string":
    case "char":
    case "varchar":
      return ["text", v];
    case "binary":
      return ["binary", `hex(${v})`];
    default:
      return undefined;
  }
}

/** The value mixed into the hash so far; where it is NULL, the hash stays. */
export function hashSql(value: string, type: DataType, seed: string, name: Hash, ctx: LowerContext): string {
  const [v, h] = [ctx.fresh("v"), ctx.fresh("h")];
  const body = `CASE WHEN ${v} IS NULL THEN ${h} ELSE ${present(v, type, h, name, ctx)} END`;
  return bindSql(seed, h, bindSql(value, v, body));
}

function present(v: string, type: DataType, h: string, name: Hash, ctx: LowerContext): string {
  const hash = (kind: string, text: string, seed = h): string =>
    name === "murmur3"
      ? ctx.kernel(name, `'${kind}'`, text, seed)
      : `${ctx.kernel(name, `'${kind}'`, text, `(${seed})::VARCHAR`)}::BIGINT`;
  const simple = hashedText(v, type);
  if (simple !== undefined) return hash(...simple);
  switch (type.kind) {
    case "null":
      return h;
    case "udt":
      return present(v, type.sqlType, h, name, ctx);
    case "calendar_interval":
      return ["f2", "f1", "f0"].reduce(
        (seed, part) =>
          hash(part === "f2" ? "long" : "int", `struct_extract(${v}, '${part}')::VARCHAR`, seed),
        h,
      );
    case "array": {
      const [a, x, e] = [ctx.fresh("a"), ctx.fresh("x"), ctx.fresh("e")];
      const item = hashSql(`${x}.x`, type.elementType, `${a}.h`, name, ctx);
      const start = `list_concat([{'h': ${h}, 'x': NULL}], list_transform(${v}, lambda ${e}: {'h': NULL, 'x': ${e}}))`;
      return `list_reduce(${start}, lambda ${a}, ${x}: {'h': ${item}, 'x': NULL}).h`;
    }
    case "struct":
      return type.fields.reduce(
        (seed: string, f: StructField, i) =>
          hashSql(`struct_extract(${v}, 'f${i}')`, f.dataType, seed, name, ctx),
        h,
      );
    default:
      throw unsupported(`hashes of ${type.kind} values`);
  }
}
