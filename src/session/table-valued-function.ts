import { cannotBeEmpty } from "./argument-errors.ts";
import type { ColumnOrName } from "./column.ts";
import { columnsOf } from "./column-arguments.ts";
import { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import { buildRelation } from "./relation-builder.ts";
import type { SparkSession } from "./spark-session.ts";

/**
 * Functions that give tables: `spark.tvf`.
 *
 * @example
 * ```ts
 * await spark.tvf.explode(F.array(F.lit(1), F.lit(2))).show();
 * ```
 */
export class TableValuedFunction {
  readonly #session: SparkSession;

  /** @internal */
  constructor(session: SparkSession) {
    this.#session = session;
  }

  /** `SparkSession.range`. */
  range(
    start: number | bigint,
    end?: number | bigint,
    step?: number | bigint,
    numPartitions?: number,
  ): DataFrame {
    return this.#session.range(start, end, step, numPartitions);
  }
  /** A row for each element of an array or entry of a map. */
  explode(collection: ColumnOrName): DataFrame {
    return this.#call("explode", collection);
  }
  /** As `explode`, with one row of nulls for null and empty. */
  explode_outer(collection: ColumnOrName): DataFrame {
    return this.#call("explode_outer", collection);
  }
  /** An array of structs as rows, the fields as columns. */
  inline(input: ColumnOrName): DataFrame {
    return this.#call("inline", input);
  }
  /** As `inline`, with one row of nulls for null and empty. */
  inline_outer(input: ColumnOrName): DataFrame {
    return this.#call("inline_outer", input);
  }
  /** The values of several keys of a JSON object. Throws CANNOT_BE_EMPTY without a field. */
  json_tuple(input: ColumnOrName, ...fields: readonly ColumnOrName[]): DataFrame {
    if (fields.length === 0) throw cannotBeEmpty("field");
    return this.#call("json_tuple", input, ...fields);
  }
  /** As `explode`, with the position in a column `pos` before. */
  posexplode(collection: ColumnOrName): DataFrame {
    return this.#call("posexplode", collection);
  }
  /** As `posexplode`, with one row of nulls for null and empty. */
  posexplode_outer(collection: ColumnOrName): DataFrame {
    return this.#call("posexplode_outer", collection);
  }
  /** The values in `n` rows. */
  stack(n: ColumnOrName, ...fields: readonly ColumnOrName[]): DataFrame {
    return this.#call("stack", n, ...fields);
  }
  /** The collations that there are. */
  collations(): DataFrame {
    return this.#call("collations");
  }
  /** The words of Spark SQL, and whether they are reserved. */
  sql_keywords(): DataFrame {
    return this.#call("sql_keywords");
  }
  /** A row for each element or field of a variant. */
  variant_explode(input: ColumnOrName): DataFrame {
    return this.#call("variant_explode", input);
  }
  /** As `variant_explode`, with one row of nulls for null and empty. */
  variant_explode_outer(input: ColumnOrName): DataFrame {
    return this.#call("variant_explode_outer", input);
  }
  /** What Python workers logged; there are none here. */
  python_worker_logs(): DataFrame {
    return this.#call("python_worker_logs");
  }

  #call(functionName: string, ...args: readonly ColumnOrName[]): DataFrame {
    const columns = columnsOf(args);
    const built = buildRelation(
      {
        kind: "UnresolvedTableValuedFunction",
        functionName,
        arguments: columns.map((column) => column[INTERNAL].expression),
      },
      [],
      columns,
    );
    return new DataFrame({ session: this.#session, ...built });
  }
}
