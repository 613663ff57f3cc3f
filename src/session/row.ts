import { type Row as RowValue, row, rowFactory } from "../types/values.ts";

interface MakeRow {
  (fields: Readonly<Record<string, unknown>>): RowValue;
  (...names: readonly string[]): (...values: readonly unknown[]) => RowValue;
}

/**
 * Makes a record as PySpark's `Row`: from an object, or from names a function that takes the values.
 *
 * @example
 * ```ts
 * import { Row } from "lakelet";
 * const alice = Row({ name: "Alice", age: 11 });
 * const Person = Row("name", "age");
 * console.log(String(Person("Bob", 12)), alice.age); // Row(name='Bob', age=12) 11
 * ```
 */
export const Row = ((...args: readonly (string | Readonly<Record<string, unknown>>)[]) => {
  const [first] = args;
  if (typeof first === "object") return row(first);
  const make = rowFactory(args as readonly string[]);
  return (...values: readonly unknown[]) => {
    if (values.length !== args.length) {
      const fields = args.join(", ");
      throw new RangeError(`a row of ${args.length} fields (${fields}) cannot hold ${values.length} values`);
    }
    return make(values);
  };
}) as MakeRow;

/** A record of a result, or one that a program makes. */
export type Row = RowValue;
