/** Argument types that pass into a kernel; anything else is cast at the call (BIGINT and nested values as VARCHAR). */
export type KernelType = "string" | "double" | "int32" | "boolean";

export type KernelValue = string | number | boolean | null;

/**
 * A Spark function that SQL cannot say, written in TypeScript and called by DuckDB for each row of a vector.
 * Results are strings, int32 or doubles; the lowering casts them to what Spark returns. Throw a `PySparkException`
 * for Spark's runtime errors. Compile patterns and formats once per distinct argument (see `memoize`), not per row.
 */
export interface Kernel {
  /** Registered in DuckDB as `k_<name>`. */
  readonly name: string;
  readonly args: readonly KernelType[];
  /** The last argument type repeats any number of times. The call casts each itself, booleans to INTEGER. */
  readonly variadic?: boolean;
  readonly result: "string" | "double" | "int32";
  /** `propagate` (default): a null argument gives null and `call` is not asked. `pass`: `call` sees the nulls. */
  readonly nulls?: "propagate" | "pass";
  readonly call: (...args: readonly KernelValue[]) => string | number | null;
}

/** Remembers the last `limit` results of a pure function of one string, for patterns and formats that repeat. */
export function memoize<T>(compute: (key: string) => T, limit = 64): (key: string) => T {
  const seen = new Map<string, T>();
  return (key) => {
    const hit = seen.get(key);
    if (hit !== undefined) return hit;
    const value = compute(key);
    if (seen.size >= limit) seen.delete(seen.keys().next().value as string);
    seen.set(key, value);
    return value;
  };
}
