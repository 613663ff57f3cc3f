import { PySparkValueError } from "../errors/spark-error.ts";
import type { Expression, FrameBoundary, SortOrder, WindowFrame } from "../plan/expression.ts";
import * as t from "../types/data-type.ts";
import { expectInteger } from "./argument-errors.ts";
import type { Column, ColumnOrName } from "./column.ts";
import { columnsOf, flattenColumns, sortColumn } from "./column-arguments.ts";
import { windowSpecText } from "./column-text.ts";
import { type Attachments, INTERNAL, mergeAttachments, NO_ATTACHMENTS } from "./internal.ts";
import { literal, numberLiteral } from "./literal.ts";

interface WindowSpecState {
  readonly partitionSpec: readonly Expression[];
  readonly orderSpec: readonly SortOrder[];
  readonly frameSpec?: WindowFrame;
  readonly attachments: Attachments;
}

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** Partitions, order and frame of a window function. Made by `Window`; immutable. */
export class WindowSpec {
  /** @internal */
  readonly [INTERNAL]: WindowSpecState;

  /** @internal */
  constructor(state: WindowSpecState) {
    this[INTERNAL] = state;
  }

  /** Rows are seen together that agree in these columns. */
  partitionBy(cols: readonly ColumnOrName[]): WindowSpec;
  partitionBy(...cols: readonly ColumnOrName[]): WindowSpec;
  partitionBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    const columns = columnsOf(flattenColumns(cols));
    return this.#with({ partitionSpec: columns.map((column) => column[INTERNAL].expression) }, columns);
  }

  /** The order of the rows in a partition. */
  orderBy(cols: readonly ColumnOrName[]): WindowSpec;
  orderBy(...cols: readonly ColumnOrName[]): WindowSpec;
  orderBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    const columns = flattenColumns(cols).map(sortColumn);
    return this.#with(
      { orderSpec: columns.map((column) => column[INTERNAL].expression as SortOrder) },
      columns,
    );
  }

  /** The frame in rows around the current one: 0 is it, -1 the row before. Bounds are `Window.unboundedPreceding` and the like, or numbers. */
  rowsBetween(start: number | bigint, end: number | bigint): WindowSpec {
    const [lower, upper] = [rowBoundary("start", start), rowBoundary("end", end)];
    return this.#with({ frameSpec: { frameType: "row", lower, upper } });
  }

  /** The frame by the value of the ordering column: all rows whose value lies that far from the current row's. */
  rangeBetween(start: number | bigint, end: number | bigint): WindowSpec {
    const [lower, upper] = [rangeBoundary("start", start), rangeBoundary("end", end)];
    return this.#with({ frameSpec: { frameType: "range", lower, upper } });
  }

  /** As PySpark prints it. */
  toString(): string {
    return windowSpecText(this[INTERNAL]);
  }

  #with(change: Partial<WindowSpecState>, columns: readonly Column[] = []): WindowSpec {
    const attachments = mergeAttachments(
      this[INTERNAL].attachments,
      ...columns.map((column) => column[INTERNAL].attachments),
    );
    return new WindowSpec({ ...this[INTERNAL], ...change, attachments });
  }
}

const INT_MIN = -2_147_483_648;
const INT_MAX = 2_147_483_647;

/** The current row and the ends of the partition, which rows and ranges have in common. */
function fixedBoundary(side: "start" | "end", value: number | bigint): FrameBoundary | undefined {
  if (value === 0 || value === 0n) return { kind: "currentRow" };
  const isUnbounded = side === "start" ? value <= -LONG_MAX : value >= LONG_MAX;
  return isUnbounded ? { kind: "unbounded" } : undefined;
}

function rowBoundary(side: "start" | "end", value: number | bigint): FrameBoundary {
  const fixed = fixedBoundary(side, value);
  if (fixed !== undefined) return fixed;
  if (value < INT_MIN || value > INT_MAX) {
    throw new PySparkValueError({
      condition: "VALUE_NOT_BETWEEN",
      messageParameters: { arg_name: side, min: String(INT_MIN), max: String(INT_MAX) },
    });
  }
  expectInteger(side, Number(value));
  return { kind: "value", value: literal(t.INTEGER, Number(value)) };
}

function rangeBoundary(side: "start" | "end", value: number | bigint): FrameBoundary {
  const fixed = fixedBoundary(side, value);
  if (fixed !== undefined) return fixed;
  const isWhole = typeof value === "bigint" || Number.isInteger(value);
  return { kind: "value", value: isWhole ? literal(t.LONG, value) : numberLiteral(value) };
}

const NOTHING = new WindowSpec({ partitionSpec: [], orderSpec: [], attachments: NO_ATTACHMENTS });

/**
 * Where a window begins.
 *
 * @example
 * ```ts
 * import { functions as F, Window } from "lakelet";
 * const best = F.rank().over(Window.partitionBy("department").orderBy(F.col("salary").desc()));
 * const running = F.sum("amount").over(
 *   Window.orderBy("day").rowsBetween(Window.unboundedPreceding, Window.currentRow),
 * );
 * ```
 */
export const Window = {
  /** The first row of the partition: the smallest long. */
  unboundedPreceding: LONG_MIN,
  /** The last row of the partition: the largest long. */
  unboundedFollowing: LONG_MAX,
  currentRow: 0,
  partitionBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    return NOTHING.partitionBy(...(cols as readonly ColumnOrName[]));
  },
  orderBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): WindowSpec {
    return NOTHING.orderBy(...(cols as readonly ColumnOrName[]));
  },
  rowsBetween(start: number | bigint, end: number | bigint): WindowSpec {
    return NOTHING.rowsBetween(start, end);
  },
  rangeBetween(start: number | bigint, end: number | bigint): WindowSpec {
    return NOTHING.rangeBetween(start, end);
  },
} as const;
