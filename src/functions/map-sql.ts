import type { DataType } from "../types/data-type.ts";
import { duckType } from "./duck-type.ts";
import type { LowerContext } from "./function-entry.ts";
import { sqlText } from "./raise.ts";

/** The value with the entries of all maps in it sorted by key: equal maps are the same then. */
export function sortedMaps(x: string, type: DataType, depth = 0): string {
  const e = `m${depth}`;
  const inner = (sql: string, t: DataType) => sortedMaps(sql, t, depth + 1);
  switch (type.kind) {
    case "map": {
      const entries = `list_sort(map_entries(${x}))`;
      const value = inner(`${e}.value`, type.valueType);
      const key = inner(`${e}.key`, type.keyType);
      const list = `list_transform(${entries}, lambda ${e}: {'key': ${key}, 'value': ${value}})`;
      return `CASE WHEN ${x} IS NULL THEN NULL ELSE map_from_entries(${list}) END`;
    }
    case "array": {
      const element = inner(e, type.elementType);
      return element === e ? x : `list_transform(${x}, lambda ${e}: ${element})`;
    }
    case "struct": {
      const fields = type.fields.map((f, i) => inner(`${x}.f${i}`, f.dataType));
      if (fields.every((f, i) => f === `${x}.f${i}`)) return x;
      return `CASE WHEN ${x} IS NULL THEN NULL ELSE {${fields.map((f, i) => `'f${i}': ${f}`).join(", ")}} END`;
    }
    default:
      return x;
  }
}

/** What becomes of a key that comes twice (`spark.sql.mapKeyDedupPolicy`). */
export type DedupPolicy = "EXCEPTION" | "LAST_WIN";

export function dedupPolicy(conf: { readonly get: (key: string) => string | undefined }): DedupPolicy {
  return conf.get("spark.sql.mapKeyDedupPolicy")?.toUpperCase() === "LAST_WIN" ? "LAST_WIN" : "EXCEPTION";
}

/**
 * A map of two lists as Spark builds it: a NULL key and (unless the last wins) a key that comes twice are errors.
 * `keyText` gives the SQL text of a key for the message.
 */
export function mapFromLists(
  keys: string,
  values: string,
  keyType: DataType,
  valueType: DataType,
  policy: DedupPolicy,
  ctx: Pick<LowerContext, "fresh" | "raise">,
  keyText: (key: string) => string = (k) => `${k}::VARCHAR`,
): string {
  const [k, v, i, e] = [ctx.fresh("k"), ctx.fresh("w"), ctx.fresh("i"), ctx.fresh("e")];
  const list = `CAST(${keys} AS ${duckType(keyType)}[])`;
  const isFloating = keyType.kind === "double" || keyType.kind === "float";
  // Minus zero is the same key as zero.
  const normalized = isFloating ? `list_transform(${list}, lambda ${e}: ${e} + 0)` : list;
  const nullKey = ctx.raise("SparkRuntimeException", "NULL_MAP_KEY", {});
  const isFirst = `lambda ${e}, ${i}: list_position(${k}, ${e}) = ${i}`;
  const isLast = `lambda ${e}, ${i}: len(${k}) + 1 - list_position(list_reverse(${k}), ${e}) = ${i}`;
  let map: string;
  if (policy === "LAST_WIN") {
    // The first place, the last value.
    const last = `list_transform(list_filter(${k}, ${isFirst}), lambda ${e}: ${v}[len(${k}) + 1 - list_position(list_reverse(${k}), ${e})])`;
    map = `MAP(list_filter(${k}, ${isFirst}), ${last})`;
  } else {
    const twice = `list_filter(${k}, lambda ${e}, ${i}: list_position(${k}, ${e}) < ${i})[1]`;
    const duplicate = ctx.raise("SparkRuntimeException", "DUPLICATED_MAP_KEY", {
      key: keyText(twice),
      mapKeyDedupPolicy: sqlText('"spark.sql.mapKeyDedupPolicy"'),
    });
    map = `CASE WHEN len(list_distinct(${k})) < len(${k}) THEN ${duplicate} ELSE MAP(${k}, ${v}) END`;
  }
  const checked = `CASE WHEN ${k} IS NULL OR ${v} IS NULL THEN NULL WHEN list_count(${k}) < len(${k}) THEN ${nullKey} ELSE ${map} END`;
  void isLast;
  return `list_transform([{'k': ${normalized}, 'v': CAST(${values} AS ${duckType(valueType)}[])}], lambda ${e}_p: list_transform([${e}_p.k], lambda ${k}: list_transform([${e}_p.v], lambda ${v}: ${checked})[1])[1])[1]`;
}
