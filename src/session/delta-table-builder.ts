import { PySparkValueError } from "../errors/spark-error.ts";
import { quoteIdentifier } from "../types/format.ts";
import { expectString } from "./argument-errors.ts";
import type { DeltaTable } from "./delta-table.ts";
import { propertiesSql, sqlText } from "./delta-table.ts";
import type { SparkSession } from "./spark-session.ts";
import type { DataType } from "./types/data-type-class.ts";
import type { StructField, StructType } from "./types/nested-types.ts";

export interface DeltaColumnOptions {
  readonly nullable?: boolean;
  /** SQL text by which the column is computed from others. */
  readonly generatedAlwaysAs?: string | IdentityGenerator;
  readonly generatedByDefaultAs?: IdentityGenerator;
  readonly comment?: string;
}

/** How an identity column numbers its rows. */
export class IdentityGenerator {
  readonly start: number | bigint;
  readonly step: number | bigint;

  constructor(start: number | bigint = 1, step: number | bigint = 1) {
    this.start = start;
    this.step = step;
  }
}

/**
 * Describes a Delta table to be made; nothing happens before `execute()`.
 *
 * @example
 * ```ts
 * import { DeltaTable, IdentityGenerator } from "lakelet";
 * const table = await DeltaTable.createIfNotExists(spark)
 *   .tableName("events")
 *   .addColumn("id", "LONG", { generatedAlwaysAs: new IdentityGenerator() })
 *   .addColumn("at", "TIMESTAMP")
 *   .addColumn("day", "DATE", { generatedAlwaysAs: "CAST(at AS DATE)" })
 *   .partitionedBy("day")
 *   .execute();
 * ```
 */
export class DeltaTableBuilder {
  readonly #session: SparkSession;
  readonly #statement: string;
  readonly #tables: typeof DeltaTable;
  readonly #columns: string[] = [];
  readonly #properties: Record<string, string> = {};
  #partitioning: readonly string[] = [];
  #name: string | undefined;
  #location: string | undefined;
  #comment: string | undefined;

  /** @internal */
  constructor(session: SparkSession, statement: string, tables: typeof DeltaTable) {
    this.#session = session;
    this.#statement = statement;
    this.#tables = tables;
  }

  tableName(identifier: string): this {
    expectString("identifier", identifier);
    this.#name = identifier;
    return this;
  }
  location(location: string): this {
    expectString("location", location);
    this.#location = location;
    return this;
  }
  comment(comment: string): this {
    expectString("comment", comment);
    this.#comment = comment;
    return this;
  }
  addColumn(colName: string, dataType: DataType | string, options: DeltaColumnOptions = {}): this {
    expectString("colName", colName);
    const type = typeof dataType === "string" ? dataType : dataType.simpleString();
    const { nullable = true, generatedAlwaysAs, generatedByDefaultAs, comment } = options;
    const generated =
      typeof generatedAlwaysAs === "string"
        ? ` GENERATED ALWAYS AS (${generatedAlwaysAs})`
        : generatedAlwaysAs !== undefined
          ? identity("ALWAYS", generatedAlwaysAs)
          : generatedByDefaultAs !== undefined
            ? identity("BY DEFAULT", generatedByDefaultAs)
            : "";
    const told = comment === undefined ? "" : ` COMMENT ${sqlText(comment)}`;
    this.#columns.push(
      `${quoteIdentifier(colName)} ${type}${nullable ? "" : " NOT NULL"}${generated}${told}`,
    );
    return this;
  }
  addColumns(cols: StructType | readonly StructField[]): this {
    for (const f of "fields" in cols ? cols.fields : cols) {
      const comment = f.metadata.comment;
      this.addColumn(f.name, f.dataType as DataType, {
        nullable: f.nullable,
        ...(typeof comment === "string" ? { comment } : {}),
      });
    }
    return this;
  }
  partitionedBy(...cols: readonly (string | readonly string[])[]): this {
    this.#partitioning = cols.flat();
    return this;
  }
  property(key: string, value: string): this {
    expectString("key", key);
    this.#properties[key] = value;
    return this;
  }

  /** Makes the table. */
  async execute(): Promise<DeltaTable> {
    const name =
      this.#name ?? (this.#location === undefined ? undefined : `delta.${quoteIdentifier(this.#location)}`);
    if (name === undefined) {
      throw new PySparkValueError({
        condition: "CANNOT_BE_EMPTY",
        messageParameters: { item: "tableName or location" },
      });
    }
    const columns = this.#columns.length === 0 ? "" : ` (${this.#columns.join(", ")})`;
    const partitions =
      this.#partitioning.length === 0
        ? ""
        : ` PARTITIONED BY (${this.#partitioning.map(quoteIdentifier).join(", ")})`;
    const location =
      this.#location === undefined || this.#name === undefined ? "" : ` LOCATION ${sqlText(this.#location)}`;
    const comment = this.#comment === undefined ? "" : ` COMMENT ${sqlText(this.#comment)}`;
    const text = `${this.#statement} ${name}${columns} USING DELTA${partitions}${location}${comment}${propertiesSql(this.#properties)}`;
    await this.#session.sql(text).schema;
    return this.#name === undefined
      ? this.#tables.forPath(this.#session, this.#location as string)
      : this.#tables.forName(this.#session, this.#name);
  }
}

function identity(kind: string, { start, step }: IdentityGenerator): string {
  return ` GENERATED ${kind} AS IDENTITY (START WITH ${start} INCREMENT BY ${step})`;
}
