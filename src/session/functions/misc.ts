import { unsupported } from "../../errors/spark-error.ts";
import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import type { LiteralInput } from "../literal.ts";
import { call, randomSeed, textOrColumn, value } from "./invoke.ts";

/**
 * Binary decrypted with AES, in mode `GCM` (the default), `CBC` or `ECB`.
 *
 * @example
 * F.aes_decrypt(F.unhex(F.lit("83F16B2AA704794132802D248E6BFD4E380078182D1544813898AC97E709B28A94")), F.lit("0000111122223333")).cast("string"); // Spark
 */
export function aes_decrypt(
  input: ColumnOrName,
  key: ColumnOrName,
  mode?: ColumnOrName,
  padding?: ColumnOrName,
  aad?: ColumnOrName,
): Column {
  return call(
    "aes_decrypt",
    input,
    key,
    mode ?? toColumn("GCM"),
    padding ?? toColumn("DEFAULT"),
    aad ?? toColumn(""),
  );
}

/**
 * A value encrypted with AES, in mode `GCM` (the default), `CBC` or `ECB`.
 *
 * @example
 * F.hex(F.aes_encrypt(F.lit("Spark"), F.lit("0000111122223333"), F.lit("ECB"))); // 348FF37EBDE05B7880BA339068FBDA5E
 */
export function aes_encrypt(
  input: ColumnOrName,
  key: ColumnOrName,
  mode?: ColumnOrName,
  padding?: ColumnOrName,
  iv?: ColumnOrName,
  aad?: ColumnOrName,
): Column {
  return call(
    "aes_encrypt",
    input,
    key,
    mode ?? toColumn("GCM"),
    padding ?? toColumn("DEFAULT"),
    iv ?? toColumn(""),
    aad ?? toColumn(""),
  );
}

/**
 * Null where the condition holds, an error with that message where it does not.
 *
 * @example
 * F.assert_true(F.lit(true)); // NULL
 */
export function assert_true(col: ColumnOrName, errMsg?: Column | string): Column {
  return call("assert_true", col, textOrColumn(errMsg));
}

/**
 * The position of a number's bit in its bitmap.
 *
 * @example
 * F.bitmap_bit_position(F.lit(123)); // 122
 */
export function bitmap_bit_position(col: ColumnOrName): Column {
  return call("bitmap_bit_position", col);
}

/**
 * The number of the bitmap that holds a number's bit.
 *
 * @example
 * F.bitmap_bucket_number(F.lit(123)); // 1
 */
export function bitmap_bucket_number(col: ColumnOrName): Column {
  return call("bitmap_bucket_number", col);
}

/**
 * Number of bits that are set in a bitmap.
 *
 * @example
 * F.bitmap_count(F.unhex(F.lit("FFFF"))); // 16
 */
export function bitmap_count(col: ColumnOrName): Column {
  return call("bitmap_count", col);
}

/**
 * The current catalog.
 *
 * @example
 * F.current_catalog(); // spark_catalog
 */
export function current_catalog(): Column {
  return call("current_catalog");
}

/**
 * The current database.
 *
 * @example
 * F.current_database(); // default
 */
export function current_database(): Column {
  return call("current_database");
}

/**
 * The path of catalogs and databases in which names are looked up.
 *
 * @example
 * F.current_path(); // system.builtin,system.session,spark_catalog.default
 */
export function current_path(): Column {
  return call("current_path");
}

/**
 * The same as `current_database`.
 *
 * @example
 * F.current_schema(); // default
 */
export function current_schema(): Column {
  return call("current_schema");
}

/**
 * The name of the user.
 *
 * @example
 * F.current_user().isNotNull(); // true
 */
export function current_user(): Column {
  return call("current_user");
}

/**
 * Keyed digest of a message, by `sha256` unless another algorithm is named.
 *
 * @example
 * F.hex(F.hmac(F.lit("key"), F.lit("message"))); // 6E9EF29B75FFFC5B7ABAE527D58FDADB2FE42E7219011976917343065F58ED4A
 */
export function hmac(key: ColumnOrName, message: ColumnOrName, algorithm?: ColumnOrName): Column {
  return call("hmac", key, message, algorithm);
}

/**
 * Length of the part of the file that the row is from, or -1.
 *
 * @example
 * F.input_file_block_length(); // -1
 */
export function input_file_block_length(): Column {
  return call("input_file_block_length");
}

/**
 * Start of the part of the file that the row is from, or -1.
 *
 * @example
 * F.input_file_block_start(); // -1
 */
export function input_file_block_start(): Column {
  return call("input_file_block_start");
}

/**
 * The file that the row is from, or empty text.
 *
 * @example
 * F.input_file_name(); // (empty)
 */
export function input_file_name(): Column {
  return call("input_file_name");
}

/**
 * Named for completeness: there is no Java here. Throws UNSUPPORTED_FEATURE.
 */
export function java_method(..._cols: readonly ColumnOrName[]): Column {
  throw unsupported("java_method");
}

/**
 * Numbers that grow from row to row and are never the same.
 *
 * @example
 * // One partition counts from 0; each further one begins 2^33 higher.
 * await spark.range(0, 3, 1, 1).select(F.monotonically_increasing_id()).show();
 */
export function monotonically_increasing_id(): Column {
  return call("monotonically_increasing_id");
}

/**
 * An error with that message, when a row is computed.
 *
 * @example
 * F.when(F.lit(false), F.raise_error("no")).otherwise(1); // 1
 */
export function raise_error(errMsg: Column | string): Column {
  return call("raise_error", textOrColumn(errMsg));
}

/**
 * Named for completeness: there is no Java here. Throws UNSUPPORTED_FEATURE.
 */
export function reflect(..._cols: readonly ColumnOrName[]): Column {
  throw unsupported("reflect");
}

/**
 * The same as `current_user`.
 *
 * @example
 * F.session_user().isNotNull(); // true
 */
export function session_user(): Column {
  return call("session_user");
}

/**
 * The number of the partition that holds the row.
 *
 * @example
 * // All rows of one partition have the same number.
 * await spark.range(0, 3, 1, 1).select(F.spark_partition_id()).show();
 */
export function spark_partition_id(): Column {
  return call("spark_partition_id");
}

/**
 * As `aes_decrypt`, with null where it fails.
 *
 * @example
 * F.try_aes_decrypt(F.lit("x").cast("binary"), F.lit("0000111122223333")); // NULL
 */
export function try_aes_decrypt(
  input: ColumnOrName,
  key: ColumnOrName,
  mode?: ColumnOrName,
  padding?: ColumnOrName,
  aad?: ColumnOrName,
): Column {
  return call(
    "try_aes_decrypt",
    input,
    key,
    mode ?? toColumn("GCM"),
    padding ?? toColumn("DEFAULT"),
    aad ?? toColumn(""),
  );
}

/**
 * Named for completeness: there is no Java here. Throws UNSUPPORTED_FEATURE.
 */
export function try_reflect(..._cols: readonly ColumnOrName[]): Column {
  throw unsupported("try_reflect");
}

/**
 * The type of the value, as DDL.
 *
 * @example
 * F.typeof(F.lit(1)); // int
 */
function typeOf(col: ColumnOrName): Column {
  return call("typeof", col);
}

// `typeof` is a word of the language: it can be exported under that name, but not declared.
export { typeOf as typeof };

/**
 * The value of a user-defined type as the SQL type beneath.
 *
 * @example
 * df.select(F.unwrap_udt("v"));
 */
export function unwrap_udt(col: ColumnOrName): Column {
  return call("unwrap_udt", col);
}

/**
 * The same as `current_user`.
 *
 * @example
 * F.user().isNotNull(); // true
 */
export function user(): Column {
  return call("user");
}

/**
 * A random UUID as text.
 *
 * @example
 * F.length(F.uuid()); // 36
 */
export function uuid(seed?: LiteralInput): Column {
  return call("uuid", value(seed ?? randomSeed()));
}

/**
 * Spark's version whose answers are given.
 *
 * @example
 * F.version().isNotNull(); // true
 */
export function version(): Column {
  return call("version");
}
