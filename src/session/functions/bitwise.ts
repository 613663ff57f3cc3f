import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import { call } from "./invoke.ts";

/**
 * Number of bits that are set.
 *
 * @example
 * F.bit_count(F.lit(7)); // 3
 */
export function bit_count(col: ColumnOrName): Column {
  return call("bit_count", col);
}

/**
 * The bit at a position, counted from the right from 0.
 *
 * @example
 * F.bit_get(F.lit(5), F.lit(2)); // 1
 */
export function bit_get(col: ColumnOrName, pos: ColumnOrName): Column {
  return call("bit_get", col, pos);
}

/**
 * All bits turned over.
 *
 * @example
 * F.bitwise_not(F.lit(0)); // -1
 */
export function bitwise_not(col: ColumnOrName): Column {
  return call("~", col);
}

/**
 * The older name of `bitwise_not`.
 *
 * @example
 * F.bitwiseNOT(F.lit(0)); // -1
 */
export function bitwiseNOT(col: ColumnOrName): Column {
  return call("~", col);
}

/**
 * The same as `bit_get`.
 *
 * @example
 * F.getbit(F.lit(5), F.lit(0)); // 1
 */
export function getbit(col: ColumnOrName, pos: ColumnOrName): Column {
  return call("getbit", col, pos);
}

/**
 * Bits shifted to the left.
 *
 * @example
 * F.shiftleft(F.lit(21), 1); // 42
 */
export function shiftleft(col: ColumnOrName, numBits: number): Column {
  return call("shiftleft", col, toColumn(numBits));
}

/**
 * The older name of `shiftleft`.
 *
 * @example
 * F.shiftLeft(F.lit(21), 1); // 42
 */
export function shiftLeft(col: ColumnOrName, numBits: number): Column {
  return call("shiftleft", col, toColumn(numBits));
}

/**
 * Bits shifted to the right, the sign kept.
 *
 * @example
 * F.shiftright(F.lit(42), 1); // 21
 */
export function shiftright(col: ColumnOrName, numBits: number): Column {
  return call("shiftright", col, toColumn(numBits));
}

/**
 * The older name of `shiftright`.
 *
 * @example
 * F.shiftRight(F.lit(42), 1); // 21
 */
export function shiftRight(col: ColumnOrName, numBits: number): Column {
  return call("shiftright", col, toColumn(numBits));
}

/**
 * Bits shifted to the right, zeros filled in.
 *
 * @example
 * F.shiftrightunsigned(F.lit(-42), 1); // 2147483627
 */
export function shiftrightunsigned(col: ColumnOrName, numBits: number): Column {
  return call("shiftrightunsigned", col, toColumn(numBits));
}

/**
 * The older name of `shiftrightunsigned`.
 *
 * @example
 * F.shiftRightUnsigned(F.lit(-42), 1); // 2147483627
 */
export function shiftRightUnsigned(col: ColumnOrName, numBits: number): Column {
  return call("shiftrightunsigned", col, toColumn(numBits));
}
