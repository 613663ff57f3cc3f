import { cannotBeEmpty } from "../argument-errors.ts";
import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import { call, textOrColumn } from "./invoke.ts";

/**
 * Whether the bytes of the variant are well formed.
 *
 * @example
 * F.is_valid_variant(F.parse_json(F.lit("1"))); // true
 */
export function is_valid_variant(v: ColumnOrName): Column {
  return call("is_valid_variant", v);
}

/**
 * Whether the variant holds JSON's null.
 *
 * @example
 * F.is_variant_null(F.parse_json(F.lit("null"))); // true
 */
export function is_variant_null(v: ColumnOrName): Column {
  return call("is_variant_null", v);
}

/**
 * A JSON text to a variant.
 *
 * @example
 * F.to_json(F.parse_json(F.lit('{"a":1}'))); // {"a":1}
 */
export function parse_json(col: ColumnOrName): Column {
  return call("parse_json", col);
}

/**
 * The schema of a variant, as DDL.
 *
 * @example
 * F.schema_of_variant(F.parse_json(F.lit('{"a":1}'))); // OBJECT<a: BIGINT>
 */
export function schema_of_variant(v: ColumnOrName): Column {
  return call("schema_of_variant", v);
}

/**
 * Aggregate: the schema that fits all variants, as DDL.
 *
 * @example
 * F.schema_of_variant_agg(F.parse_json(F.lit('{"a":1}'))); // OBJECT<a: BIGINT>
 */
export function schema_of_variant_agg(v: ColumnOrName): Column {
  return call("schema_of_variant_agg", v);
}

/**
 * A nested value to a variant, structs and maps as objects.
 *
 * @example
 * F.to_json(F.to_variant_object(F.struct(F.lit(1).alias("a")))); // {"a":1}
 */
export function to_variant_object(col: ColumnOrName): Column {
  return call("to_variant_object", col);
}

/**
 * As `parse_json`, with null for what is no JSON.
 *
 * @example
 * F.try_parse_json(F.lit("{")).isNull(); // true
 */
export function try_parse_json(col: ColumnOrName): Column {
  return call("try_parse_json", col);
}

/**
 * As `variant_array_append`, with null where there is no array.
 *
 * @example
 * F.try_variant_array_append(F.parse_json(F.lit("1")), "$", F.lit(2)).isNull(); // true
 */
export function try_variant_array_append(
  v: ColumnOrName,
  path: Column | string,
  value: ColumnOrName,
): Column {
  return call("try_variant_array_append", v, textOrColumn(path), value);
}

/**
 * As `variant_get`, with null where the value has not that type.
 *
 * @example
 * F.try_variant_get(F.parse_json(F.lit('{"a":"x"}')), "$.a", "int"); // NULL
 */
export function try_variant_get(v: ColumnOrName, path: Column | string, targetType: string): Column {
  return call("try_variant_get", v, textOrColumn(path), toColumn(targetType));
}

/**
 * As `variant_insert`, with null where it would fail.
 *
 * @example
 * F.to_json(F.try_variant_insert(F.parse_json(F.lit('{"a":1}')), "$.b", F.lit(2))); // {"a":1,"b":2}
 */
export function try_variant_insert(v: ColumnOrName, path: Column | string, value: ColumnOrName): Column {
  return call("try_variant_insert", v, textOrColumn(path), value);
}

/**
 * As `variant_set`, with null where it would fail.
 *
 * @example
 * F.to_json(F.try_variant_set(F.parse_json(F.lit('{"a":1}')), "$.a", F.lit(2))); // {"a":2}
 */
export function try_variant_set(
  v: ColumnOrName,
  path: Column | string,
  value: ColumnOrName,
  create_if_missing = true,
): Column {
  return call("try_variant_set", v, textOrColumn(path), value, toColumn(create_if_missing));
}

/**
 * The variant with a value at the end of the array at a path.
 *
 * @example
 * F.to_json(F.variant_array_append(F.parse_json(F.lit("[1]")), "$", F.lit(2))); // [1,2]
 */
export function variant_array_append(v: ColumnOrName, path: Column | string, value: ColumnOrName): Column {
  return call("variant_array_append", v, textOrColumn(path), value);
}

/**
 * The variant without what is at the given paths. Throws CANNOT_BE_EMPTY without a path.
 *
 * @example
 * F.to_json(F.variant_delete(F.parse_json(F.lit('{"a":1,"b":2}')), "$.a")); // {"b":2}
 */
export function variant_delete(v: ColumnOrName, ...paths: readonly (Column | string)[]): Column {
  if (paths.length === 0) throw cannotBeEmpty("paths");
  return call("variant_delete", v, ...paths.map(toColumn));
}

/**
 * The value at a path such as `$.a.b[0]`, in a type (DDL).
 *
 * @example
 * F.variant_get(F.parse_json(F.lit('{"a":1}')), "$.a", "int"); // 1
 */
export function variant_get(v: ColumnOrName, path: Column | string, targetType: string): Column {
  return call("variant_get", v, textOrColumn(path), toColumn(targetType));
}

/**
 * The variant with a value put in at a path.
 *
 * @example
 * F.to_json(F.variant_insert(F.parse_json(F.lit('{"a":1}')), "$.b", F.lit(2))); // {"a":1,"b":2}
 */
export function variant_insert(v: ColumnOrName, path: Column | string, value: ColumnOrName): Column {
  return call("variant_insert", v, textOrColumn(path), value);
}

/**
 * The variant with the value at a path replaced, or put in.
 *
 * @example
 * F.to_json(F.variant_set(F.parse_json(F.lit('{"a":1}')), "$.a", F.lit(2))); // {"a":2}
 */
export function variant_set(
  v: ColumnOrName,
  path: Column | string,
  value: ColumnOrName,
  create_if_missing = true,
): Column {
  return call("variant_set", v, textOrColumn(path), value, toColumn(create_if_missing));
}

/**
 * The variant without its nulls.
 *
 * @example
 * F.to_json(F.variant_strip_nulls(F.parse_json(F.lit('{"a":null,"b":1}')))); // {"b":1}
 */
export function variant_strip_nulls(v: ColumnOrName, include_arrays = true): Column {
  return call("variant_strip_nulls", v, toColumn(include_arrays));
}
