import { IllegalArgumentException } from "../errors/spark-error.ts";
import type { SortOrder, SubqueryExpression } from "../plan/expression.ts";
import { Column, type ColumnOrName } from "./column.ts";
import { columnsOf, flattenColumns, sortColumn } from "./column-arguments.ts";
import { INTERNAL, mergeAttachments } from "./internal.ts";

type TableArgOptions = NonNullable<SubqueryExpression["tableArgOptions"]>;

/** A DataFrame as the argument of a table function, made by `DataFrame.asTable`. */
export class TableArg {
  readonly #column: Column;

  /** @internal */
  constructor(column: Column) {
    this.#column = column;
  }

  /** The argument as a column expression. @internal */
  get [INTERNAL](): Column[typeof INTERNAL] {
    return this.#column[INTERNAL];
  }

  /** Rows that agree in these columns go to one call. Throws when the rows are partitioned already. */
  partitionBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): TableArg {
    if (this.#isPartitioned) {
      throw refused(
        "Cannot call partitionBy() after partitionBy() or withSinglePartition() has been called.",
      );
    }
    const columns = columnsOf(flattenColumns(cols));
    return this.#with({ partitionSpec: columns.map((column) => column[INTERNAL].expression) }, columns);
  }

  /** The order of the rows in each partition. Throws before `partitionBy` or `withSinglePartition`. */
  orderBy(...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): TableArg {
    if (!this.#isPartitioned) {
      throw refused("Please call partitionBy() or withSinglePartition() before orderBy().");
    }
    const columns = flattenColumns(cols).map(sortColumn);
    const orderSpec = columns.map((column) => column[INTERNAL].expression as SortOrder);
    return this.#with({ orderSpec: [...this.#options.orderSpec, ...orderSpec] }, columns);
  }

  /** All rows go to one call. Throws when the rows are partitioned already. */
  withSinglePartition(): TableArg {
    if (this.#isPartitioned) {
      throw refused(
        "Cannot call withSinglePartition() after partitionBy() or withSinglePartition() has been called.",
      );
    }
    return this.#with({ withSinglePartition: true });
  }

  get #options(): TableArgOptions {
    const { expression } = this.#column[INTERNAL];
    const given = (expression as SubqueryExpression).tableArgOptions;
    return given ?? { partitionSpec: [], orderSpec: [] };
  }

  get #isPartitioned(): boolean {
    return this.#options.partitionSpec.length > 0 || this.#options.withSinglePartition === true;
  }

  #with(change: Partial<TableArgOptions>, columns: readonly Column[] = []): TableArg {
    const { expression, attachments } = this.#column[INTERNAL];
    return new TableArg(
      new Column({
        expression: {
          ...(expression as SubqueryExpression),
          tableArgOptions: { ...this.#options, ...change },
        },
        attachments: mergeAttachments(attachments, ...columns.map((column) => column[INTERNAL].attachments)),
      }),
    );
  }
}

function refused(message: string): IllegalArgumentException {
  return new IllegalArgumentException({ condition: "UNSUPPORTED_OPERATION", message });
}
