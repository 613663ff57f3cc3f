/**
 * A condition on a table's columns, simple enough to be judged by a file's statistics and partition values.
 * Whoever builds it may drop what does not fit from a conjunction (`always`), which only makes it weaker.
 */
export type FilePredicate =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | { readonly kind: "and" | "or"; readonly children: readonly FilePredicate[] }
  | {
      readonly kind: "compare";
      readonly column: ColumnPath;
      readonly operator: "=" | "<=>" | "!=" | "<" | "<=" | ">" | ">=";
      readonly value: PredicateValue;
    }
  | { readonly kind: "in"; readonly column: ColumnPath; readonly values: readonly PredicateValue[] }
  | { readonly kind: "isNull" | "isNotNull"; readonly column: ColumnPath }
  | { readonly kind: "startsWith"; readonly column: ColumnPath; readonly prefix: string };

/** Name of a column, then those of the struct fields below it. Names are compared without case. */
export type ColumnPath = readonly string[];

/**
 * A value of the column's own type: boolean; number or bigint for integral types; number for float and double;
 * text of a plain decimal number for decimals; string; days since the epoch for dates; microseconds since the epoch
 * for both timestamps. null is allowed and compares as in SQL.
 */
export type PredicateValue = boolean | number | bigint | string | null;

export const ALWAYS: FilePredicate = { kind: "always" };
