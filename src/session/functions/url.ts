import type { Column, ColumnOrName } from "../column.ts";
import { call } from "./invoke.ts";

/**
 * A part of a URL: `HOST`, `PATH`, `QUERY` (or the value of its `key`), `REF`, `PROTOCOL`, `FILE`,
 * `AUTHORITY`, `USERINFO`.
 *
 * @example
 * F.parse_url(F.lit("https://spark.apache.org/path?query=1"), F.lit("HOST")); // spark.apache.org
 */
export function parse_url(url: ColumnOrName, partToExtract: ColumnOrName, key?: ColumnOrName): Column {
  return call("parse_url", url, partToExtract, key);
}

/**
 * As `parse_url`, with null for what is no URL.
 *
 * @example
 * F.try_parse_url(F.lit("https://spark.apache.org/path?query=1"), F.lit("QUERY"), F.lit("query")); // 1
 */
export function try_parse_url(url: ColumnOrName, partToExtract: ColumnOrName, key?: ColumnOrName): Column {
  return call("try_parse_url", url, partToExtract, key);
}

/**
 * As `url_decode`, with null for what cannot be decoded.
 *
 * @example
 * F.try_url_decode(F.lit("https%3A%2F%2Fspark.apache.org")); // https://spark.apache.org
 */
export function try_url_decode(str: ColumnOrName): Column {
  return call("try_url_decode", str);
}

/**
 * Text from its form in a URL.
 *
 * @example
 * F.url_decode(F.lit("https%3A%2F%2Fspark.apache.org")); // https://spark.apache.org
 */
export function url_decode(str: ColumnOrName): Column {
  return call("url_decode", str);
}

/**
 * Text in the form of `application/x-www-form-urlencoded`.
 *
 * @example
 * F.url_encode(F.lit("https://spark.apache.org")); // https%3A%2F%2Fspark.apache.org
 */
export function url_encode(str: ColumnOrName): Column {
  return call("url_encode", str);
}
