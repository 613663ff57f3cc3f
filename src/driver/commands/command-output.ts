import type { Relation } from "../../plan/relation.ts";
import { BOOLEAN, field, STRING, type StructField, type StructType, struct } from "../../types/data-type.ts";

/** Rows that a statement answers with; most answer with none, which Spark shows as a result without columns. */
export interface CommandOutput {
  readonly schema: StructType;
  readonly rows: readonly (readonly unknown[])[];
  /** In the place of rows: the query that gives them. */
  readonly relation?: Relation;
}

export const NO_OUTPUT: CommandOutput = { schema: struct([]), rows: [] };

/** A string column that is never null. */
export function text(name: string): StructField {
  return field(name, STRING, false);
}

export function nullableText(name: string): StructField {
  return field(name, STRING, true);
}

export function flag(name: string): StructField {
  return field(name, BOOLEAN, false);
}

/** `LIKE 'a*|b'` of SHOW statements: `*` any characters, `|` alternatives, without case. */
export function showPattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const alternatives = pattern.split("|").map((one) => {
    const escaped = one
      .trim()
      .replace(/[.\\+?^${}()[\]]/g, "\\$&")
      .replace(/\*/g, ".*");
    return new RegExp(`^${escaped}$`, "i");
  });
  return (name) => alternatives.some((a) => a.test(name));
}
