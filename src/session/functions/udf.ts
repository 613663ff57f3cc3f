import { unsupported } from "../../errors/spark-error.ts";
import type { DataTypeLike } from "../types/data-type-class.ts";
import { makeUdf, type UdfFunction, type UserDefinedFunction } from "../udf.ts";

/**
 * A JavaScript function as a function over columns, with the type of its result (text by default). Values come as rows
 * hold them, null as null; the function may be asynchronous. A result of another type is an error.
 *
 * @example
 * F.udf((name: string) => name.length, "int")(F.lit("Spark")); // 5
 */
export function udf(f: UdfFunction, returnType: DataTypeLike | string = "string"): UserDefinedFunction {
  return makeUdf(f, returnType);
}

/** Named for completeness: there is no pandas here; `udf` takes JavaScript functions. Throws UNSUPPORTED_FEATURE. */
export function pandas_udf(..._args: readonly unknown[]): never {
  throw unsupported("pandas_udf");
}

/** Named for completeness; `udf` takes JavaScript functions. Throws UNSUPPORTED_FEATURE. */
export function arrow_udf(..._args: readonly unknown[]): never {
  throw unsupported("arrow_udf");
}

/** Named for completeness: table functions of one's own are not supported. Throws UNSUPPORTED_FEATURE. */
export function udtf(..._args: readonly unknown[]): never {
  throw unsupported("udtf");
}

/** Named for completeness: table functions of one's own are not supported. Throws UNSUPPORTED_FEATURE. */
export function arrow_udtf(..._args: readonly unknown[]): never {
  throw unsupported("arrow_udtf");
}
