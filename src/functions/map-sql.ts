import type { DataType } from "../types/data-type.ts";
import { duckType } from "./duck-type.ts";
import type { LowerContext } from "./function-entry.ts";
import { sqlText } from "./raise.ts";

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
