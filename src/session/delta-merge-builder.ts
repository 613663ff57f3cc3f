import type { MergeAction } from "../plan/expression.ts";
import type { Column } from "./column.ts";
import type { DataFrame } from "./data-frame.ts";
import type { DeltaAssignments, DeltaExpression } from "./delta-table.ts";
import { asColumn, assignmentsOf } from "./delta-table.ts";
import { INTERNAL, mergeAttachments } from "./internal.ts";

type Case = "matched" | "notMatched" | "notMatchedBySource";

interface Clause {
  readonly which: Case;
  readonly action: MergeAction;
  readonly columns: readonly Column[];
}

/**
 * A merge into a Delta table, clause by clause; of several clauses of a kind the first whose condition is true counts.
 * Nothing happens before `execute()`.
 *
 * @example
 * ```ts
 * import { DeltaTable } from "lakelet";
 * await DeltaTable.forName(spark, "people")
 *   .alias("t")
 *   .merge(df.alias("s"), "t.name = s.name")
 *   .whenMatchedDelete("s.age < 0")
 *   .whenMatchedUpdate({ set: { age: "s.age" } })
 *   .whenNotMatchedInsertAll()
 *   .whenNotMatchedBySourceDelete()
 *   .execute();
 * ```
 */
export class DeltaMergeBuilder {
  readonly #target: DataFrame;
  readonly #source: DataFrame;
  readonly #condition: Column;
  readonly #clauses: readonly Clause[];
  readonly #evolves: boolean;

  /** @internal */
  constructor(
    target: DataFrame,
    source: DataFrame,
    condition: Column,
    clauses: readonly Clause[] = [],
    evolves = false,
  ) {
    this.#target = target;
    this.#source = source;
    this.#condition = condition;
    this.#clauses = clauses;
    this.#evolves = evolves;
  }

  /** Gives columns of rows that match new values. */
  whenMatchedUpdate(clause: {
    readonly condition?: DeltaExpression;
    readonly set: DeltaAssignments;
  }): DeltaMergeBuilder {
    return this.#with("matched", "update", clause.condition, clause.set);
  }
  /** Gives every column of rows that match the source's value. */
  whenMatchedUpdateAll(condition?: DeltaExpression): DeltaMergeBuilder {
    return this.#with("matched", "updateStar", condition);
  }
  whenMatchedDelete(condition?: DeltaExpression): DeltaMergeBuilder {
    return this.#with("matched", "delete", condition);
  }
  /** Inserts rows of the source that match none of the table. */
  whenNotMatchedInsert(clause: {
    readonly condition?: DeltaExpression;
    readonly values: DeltaAssignments;
  }): DeltaMergeBuilder {
    return this.#with("notMatched", "insert", clause.condition, clause.values);
  }
  whenNotMatchedInsertAll(condition?: DeltaExpression): DeltaMergeBuilder {
    return this.#with("notMatched", "insertStar", condition);
  }
  /** Changes rows of the table that match none of the source. */
  whenNotMatchedBySourceUpdate(clause: {
    readonly condition?: DeltaExpression;
    readonly set: DeltaAssignments;
  }): DeltaMergeBuilder {
    return this.#with("notMatchedBySource", "update", clause.condition, clause.set);
  }
  whenNotMatchedBySourceDelete(condition?: DeltaExpression): DeltaMergeBuilder {
    return this.#with("notMatchedBySource", "delete", condition);
  }

  /** Lets columns that only the source has be added to the table. */
  withSchemaEvolution(): DeltaMergeBuilder {
    return new DeltaMergeBuilder(this.#target, this.#source, this.#condition, this.#clauses, true);
  }

  /** Runs the merge; it is done when the promise resolves. */
  async execute(): Promise<void> {
    const target = this.#target[INTERNAL];
    const source = this.#source[INTERNAL];
    const actions = (which: Case): MergeAction[] =>
      this.#clauses.filter((c) => c.which === which).map((c) => c.action);
    const columns = [this.#condition, ...this.#clauses.flatMap((c) => c.columns)];
    await target.session[INTERNAL].command(
      {
        kind: "MergeInto",
        target: target.plan,
        source: source.plan,
        condition: this.#condition[INTERNAL].expression,
        matchedActions: actions("matched"),
        notMatchedActions: actions("notMatched"),
        notMatchedBySourceActions: actions("notMatchedBySource"),
        withSchemaEvolution: this.#evolves,
      },
      mergeAttachments(
        target.attachments,
        source.attachments,
        ...columns.map((column) => column[INTERNAL].attachments),
      ),
    );
  }

  #with(
    which: Case,
    actionType: MergeAction["actionType"],
    condition: DeltaExpression | undefined,
    set: DeltaAssignments = {},
  ): DeltaMergeBuilder {
    const { assignments, columns } = assignmentsOf("set", set);
    const when = condition === undefined ? undefined : asColumn("condition", condition);
    const action: MergeAction = {
      kind: "MergeAction",
      actionType,
      ...(when === undefined ? {} : { condition: when[INTERNAL].expression }),
      assignments,
    };
    const clause = { which, action, columns: when === undefined ? columns : [...columns, when] };
    return new DeltaMergeBuilder(
      this.#target,
      this.#source,
      this.#condition,
      [...this.#clauses, clause],
      this.#evolves,
    );
  }
}
