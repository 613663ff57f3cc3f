import type { MergeAction } from "../plan/expression.ts";
import { notExpectedType } from "./argument-errors.ts";
import { Column } from "./column.ts";
import type { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import { writeCommand } from "./write-command.ts";

/** New values by the name of the column that they are for. */
export type Assignments = Readonly<Record<string, Column>>;

type Case = "matched" | "notMatched" | "notMatchedBySource";

/**
 * Merges the rows of a DataFrame into a table: what is done with rows that match, that only the source has, that only the
 * table has. Made by `DataFrame.mergeInto`; nothing happens before `merge()`.
 *
 * @example
 * ```ts
 * await df
 *   .alias("source")
 *   .mergeInto("people", F.expr("source.name = people.name"))
 *   .whenMatched()
 *   .updateAll()
 *   .whenNotMatched()
 *   .insertAll()
 *   .merge();
 * ```
 */
export class MergeIntoWriter {
  readonly #df: DataFrame;
  readonly #table: string;
  readonly #condition: Column;
  readonly #columns: Column[] = [];
  readonly #actions: Readonly<Record<Case, MergeAction[]>> = {
    matched: [],
    notMatched: [],
    notMatchedBySource: [],
  };
  #withSchemaEvolution = false;

  /** @internal */
  constructor(df: DataFrame, table: string, condition: Column) {
    if (!(condition instanceof Column)) throw notExpectedType("condition", "Column", condition);
    this.#df = df;
    this.#table = table;
    this.#condition = condition;
  }

  /** Rows of the table that a row of the source matches. */
  whenMatched(condition?: Column): WhenMatched {
    return new WhenMatched(this, condition);
  }

  /** Rows of the source that match none of the table. */
  whenNotMatched(condition?: Column): WhenNotMatched {
    return new WhenNotMatched(this, condition);
  }

  /** Rows of the table that match none of the source. */
  whenNotMatchedBySource(condition?: Column): WhenNotMatchedBySource {
    return new WhenNotMatchedBySource(this, condition);
  }

  /** Lets columns that only the source has be added to the table. */
  withSchemaEvolution(): this {
    this.#withSchemaEvolution = true;
    return this;
  }

  /** Runs the merge; it is done when the promise resolves. */
  merge(): Promise<void> {
    return writeCommand(this.#df, [this.#condition, ...this.#columns], (sourceTablePlan) => ({
      kind: "MergeIntoTableCommand",
      targetTableName: this.#table,
      sourceTablePlan,
      mergeCondition: this.#condition[INTERNAL].expression,
      matchActions: [...this.#actions.matched],
      notMatchedActions: [...this.#actions.notMatched],
      notMatchedBySourceActions: [...this.#actions.notMatchedBySource],
      withSchemaEvolution: this.#withSchemaEvolution,
    }));
  }

  /** @internal */
  [INTERNAL](
    which: Case,
    actionType: MergeAction["actionType"],
    condition: Column | undefined,
    assignments: Assignments = {},
  ): this {
    const values = Object.values(assignments);
    for (const value of values) {
      if (!(value instanceof Column)) throw notExpectedType("assignments", "dict[str, Column]", value);
    }
    this.#columns.push(...values, ...(condition === undefined ? [] : [condition]));
    this.#actions[which].push({
      kind: "MergeAction",
      actionType,
      ...(condition === undefined ? {} : { condition: condition[INTERNAL].expression }),
      assignments: Object.keys(assignments).map((key, i) => ({
        key: { kind: "ExpressionString", expression: key },
        value: (values[i] as Column)[INTERNAL].expression,
      })),
    });
    return this;
  }
}

/** What is done with rows of the table that a row of the source matches. */
export class WhenMatched {
  readonly #writer: MergeIntoWriter;
  readonly #condition: Column | undefined;

  /** @internal */
  constructor(writer: MergeIntoWriter, condition: Column | undefined) {
    this.#writer = writer;
    this.#condition = condition;
  }
  /** Sets every column to the source's value. */
  updateAll(): MergeIntoWriter {
    return this.#writer[INTERNAL]("matched", "updateStar", this.#condition);
  }
  /** Sets some columns. */
  update(assignments: Assignments): MergeIntoWriter {
    return this.#writer[INTERNAL]("matched", "update", this.#condition, assignments);
  }
  delete(): MergeIntoWriter {
    return this.#writer[INTERNAL]("matched", "delete", this.#condition);
  }
}

/** What is done with rows of the source that match none of the table. */
export class WhenNotMatched {
  readonly #writer: MergeIntoWriter;
  readonly #condition: Column | undefined;

  /** @internal */
  constructor(writer: MergeIntoWriter, condition: Column | undefined) {
    this.#writer = writer;
    this.#condition = condition;
  }
  /** Inserts every column. */
  insertAll(): MergeIntoWriter {
    return this.#writer[INTERNAL]("notMatched", "insertStar", this.#condition);
  }
  /** Inserts some columns. */
  insert(assignments: Assignments): MergeIntoWriter {
    return this.#writer[INTERNAL]("notMatched", "insert", this.#condition, assignments);
  }
}

/** What is done with rows of the table that match none of the source. */
export class WhenNotMatchedBySource {
  readonly #writer: MergeIntoWriter;
  readonly #condition: Column | undefined;

  /** @internal */
  constructor(writer: MergeIntoWriter, condition: Column | undefined) {
    this.#writer = writer;
    this.#condition = condition;
  }
  /** Sets every column to the source's value. */
  updateAll(): MergeIntoWriter {
    return this.#writer[INTERNAL]("notMatchedBySource", "updateStar", this.#condition);
  }
  /** Sets some columns. */
  update(assignments: Assignments): MergeIntoWriter {
    return this.#writer[INTERNAL]("notMatchedBySource", "update", this.#condition, assignments);
  }
  delete(): MergeIntoWriter {
    return this.#writer[INTERNAL]("notMatchedBySource", "delete", this.#condition);
  }
}
