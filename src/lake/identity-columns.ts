import { sparkError } from "../errors/spark-error.ts";
import type { StructField, StructType } from "../types/data-type.ts";

const PREFIX = "delta.identity.";

/** A column that numbers its rows, and where the numbers of a write begin. */
export interface IdentityColumn {
  readonly column: string;
  readonly base: bigint;
  readonly step: bigint;
}

export function isIdentity(field: StructField): boolean {
  return field.metadata?.[`${PREFIX}start`] !== undefined;
}

/** Metadata of a column that is declared as identity. */
export function identityMetadata(of: {
  readonly always: boolean;
  readonly start: bigint;
  readonly step: bigint;
}): Readonly<Record<string, unknown>> {
  return {
    [`${PREFIX}start`]: plain(of.start),
    [`${PREFIX}step`]: plain(of.step),
    [`${PREFIX}allowExplicitInsert`]: !of.always,
  };
}

/** The columns for which a write makes numbers; `isGiven` tells those for which the data has some. */
export function identityColumns(
  schema: StructType,
  isGiven: (index: number) => boolean,
  mayBeGiven = false,
): readonly IdentityColumn[] {
  return schema.fields.flatMap((f, i) => {
    if (!isIdentity(f)) return [];
    if (isGiven(i)) {
      if (mayBeGiven || f.metadata?.[`${PREFIX}allowExplicitInsert`] === true) return [];
      throw sparkError("AnalysisException", {
        condition: "DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED",
        messageParameters: { colName: f.name },
      });
    }
    const step = whole(f.metadata?.[`${PREFIX}step`]) ?? 1n;
    const highest = whole(f.metadata?.[`${PREFIX}highWaterMark`]);
    const base = highest === undefined ? (whole(f.metadata?.[`${PREFIX}start`]) ?? 1n) : highest + step;
    return [{ column: f.name, base, step }];
  });
}

/** The schema after so many rows were numbered. */
export function advanced(
  schema: StructType,
  columns: readonly IdentityColumn[],
  rowCount: number,
): StructType {
  if (rowCount === 0 || columns.length === 0) return schema;
  return {
    ...schema,
    fields: schema.fields.map((f) => {
      const own = columns.find((c) => c.column === f.name);
      if (own === undefined) return f;
      const highest = own.base + own.step * BigInt(rowCount - 1);
      return { ...f, metadata: { ...f.metadata, [`${PREFIX}highWaterMark`]: plain(highest) } };
    }),
  };
}

function whole(value: unknown): bigint | undefined {
  return typeof value === "number" || typeof value === "bigint" ? BigInt(value) : undefined;
}

/** Schemas are plain JSON: numbers beyond its safe ones are refused. */
function plain(value: bigint): number {
  const n = Number(value);
  if (Number.isSafeInteger(n)) return n;
  throw sparkError("ArithmeticException", {
    condition: "ARITHMETIC_OVERFLOW",
    messageParameters: { message: "long overflow", alternative: "", config: '"spark.sql.ansi.enabled"' },
  });
}
