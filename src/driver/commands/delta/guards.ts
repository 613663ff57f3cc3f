import type { Attr, Call, Expr } from "../../../functions/expr.ts";
import type { FunctionEntry } from "../../../functions/function-entry.ts";
import { raiseSql, sqlText } from "../../../functions/raise.ts";
import { isRegistered, registerFunctions } from "../../../functions/registry.ts";

/** A CHECK constraint, or what a generated column's value has to be, as a guard needs it. */
export interface CheckedConstraint {
  readonly name: string;
  /** As messages show it. */
  readonly text: string;
  readonly condition: Expr;
  /** The columns that the condition reads, as text. */
  readonly columns: readonly { readonly name: string; readonly value: Expr }[];
}

/** The value itself; a null in the column raises Delta's error for a NOT NULL column when the row is written. */
export function notNull(value: Expr, column: Attr): Call {
  return {
    kind: "Call",
    fn: "guard_not_null",
    args: [value, column],
    type: value.type,
    nullable: value !== column && value.nullable,
    extra: { column: column.name },
  };
}

/** The value itself; a row for which the condition is not true (null neither) raises Delta's error. */
export function checked(value: Expr, constraint: CheckedConstraint): Call {
  return {
    kind: "Call",
    fn: "guard_check",
    args: [value, constraint.condition, ...constraint.columns.map((c) => c.value)],
    type: value.type,
    nullable: value.nullable,
    extra: {
      name: constraint.name,
      text: constraint.text,
      columns: constraint.columns.map((c) => c.name),
    },
  };
}

/** A text as a column of CHAR or VARCHAR keeps it; one that is too long raises an error. */
export function fitted(value: Expr, kind: string, limit: number): Call {
  return {
    kind: "Call",
    fn: "guard_length",
    args: [value],
    type: value.type,
    nullable: value.nullable,
    extra: { kind, limit },
  };
}

function entry(name: string, lower: NonNullable<FunctionEntry["lower"]>): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage: `${name}(...) - Made for writing alone.`,
    group: "misc_funcs",
    isInternal: true,
    // What may raise is neither folded nor moved.
    isNondeterministic: true,
    bind: () => {
      throw new Error(`${name} is made for writing alone`);
    },
    lower,
  };
}

const GUARDS: readonly FunctionEntry[] = [
  entry("guard_not_null", ([value, column], ctx) => {
    const columnName = sqlText(String(ctx.call.extra?.column));
    const error = raiseSql("SparkRuntimeException", "DELTA_NOT_NULL_CONSTRAINT_VIOLATED", { columnName });
    return `CASE WHEN ${column} IS NOT NULL THEN ${value} ELSE ${error} END`;
  }),
  entry("guard_length", ([value], ctx) => {
    const { kind, limit } = ctx.call.extra as { readonly kind: string; readonly limit: number };
    const error = raiseSql("SparkRuntimeException", "EXCEED_LIMIT_LENGTH", { limit: sqlText(`${limit}`) });
    const fits = kind === "char" ? `rpad(${value}, ${limit}, ' ')` : value;
    return (
      `CASE WHEN ${value} IS NULL THEN NULL WHEN length(${value}) <= ${limit} THEN ${fits} ` +
      `WHEN length(rtrim(${value}, ' ')) <= ${limit} THEN left(${value}, ${limit}) ELSE ${error} END`
    );
  }),
  entry("guard_check", ([value, condition, ...columns], ctx) => {
    const {
      name,
      text,
      columns: names,
    } = ctx.call.extra as {
      readonly name: string;
      readonly text: string;
      readonly columns: readonly string[];
    };
    const values = columns.map((sql, i) => `${sqlText(` - ${names[i]} : `)} || coalesce(${sql}, 'null')`);
    const error = raiseSql("SparkRuntimeException", "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES", {
      constraintName: sqlText(name),
      expression: sqlText(text),
      values: values.length === 0 ? "''" : values.join(" || chr(10) || "),
    });
    return `CASE WHEN ${condition} THEN ${value} ELSE ${error} END`;
  }),
];

registerFunctions(GUARDS.filter((guard) => !isRegistered(guard.name)));
