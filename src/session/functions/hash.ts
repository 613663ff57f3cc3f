import { PySparkValueError } from "../../errors/spark-error.ts";
import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import { call, callAll } from "./invoke.ts";

/**
 * Cyclic redundancy check of the bytes, as a long.
 *
 * @example
 * F.crc32(F.lit("ABC")); // 2743272264
 */
export function crc32(col: ColumnOrName): Column {
  return call("crc32", col);
}

/**
 * Murmur3 hash of the values, as an int.
 *
 * @example
 * F.hash(F.lit("ABC")); // -757602832
 */
export function hash(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("hash", cols);
}

/**
 * MD5 digest as 32 hexadecimal digits.
 *
 * @example
 * F.md5(F.lit("ABC")); // 902fbdd2b1df0c4f70b4a5d23525e932
 */
export function md5(col: ColumnOrName): Column {
  return call("md5", col);
}

/**
 * The same as `sha1`.
 *
 * @example
 * F.sha(F.lit("Spark")); // 85f5955f4b27a9a4c2aab6ffe5d7189fc298b92c
 */
export function sha(col: ColumnOrName): Column {
  return call("sha", col);
}

/**
 * SHA-1 digest as hexadecimal digits.
 *
 * @example
 * F.sha1(F.lit("ABC")); // 3c01bdbb26f358bab27f267924aa2c9a03fcfdb8
 */
export function sha1(col: ColumnOrName): Column {
  return call("sha1", col);
}

/**
 * SHA-2 digest of 224, 256, 384 or 512 bits (0 means 256), as hexadecimal digits. Throws VALUE_NOT_ALLOWED
 * for others.
 *
 * @example
 * F.sha2(F.lit("Spark"), 256); // 529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b
 */
export function sha2(col: ColumnOrName, numBits: number): Column {
  if (![0, 224, 256, 384, 512].includes(numBits)) {
    throw new PySparkValueError({
      condition: "VALUE_NOT_ALLOWED",
      messageParameters: { arg_name: "numBits", allowed_values: "[0, 224, 256, 384, 512]" },
    });
  }
  return call("sha2", col, toColumn(numBits));
}

/**
 * 64 bits of the xxHash of the values, as a long.
 *
 * @example
 * F.xxhash64(F.lit("ABC")); // 4105715581806190027
 */
export function xxhash64(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("xxhash64", cols);
}
