import { IllegalArgumentException, unsupported } from "../../errors/spark-error.ts";
import type { AliasExpr, Attr, Expr } from "../../functions/expr.ts";
import type { Expression, Literal, LiteralValue } from "../../plan/expression.ts";
import type {
  StatApproxQuantile,
  StatCorr,
  StatCov,
  StatCrosstab,
  StatDescribe,
  StatFreqItems,
  StatSummary,
} from "../../plan/relation.ts";
import type { StructType } from "../../types/data-type.ts";
import { array, DOUBLE, field, isNumeric, LONG, STRING, struct } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { nameParts, resolveColumn } from "../column-resolution.ts";
import { fail } from "../errors.ts";
import { resolveNow, trim } from "../expressions.ts";
import { call, column } from "../probes.ts";
import { resolveRelation } from "../relations.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import { resolveItems, type SelectItem } from "../select-items.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { groupItems } from "./aggregate.ts";
import { projectItems } from "./project.ts";
import { literalRows } from "./tables.ts";

const DESCRIBE = ["count", "mean", "stddev", "min", "max"];
const SUMMARY = ["count", "mean", "stddev", "min", "25%", "50%", "75%", "max"];

export function* resolveDescribe(
  rel: StatDescribe,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const env = { inputs: [input], scope };
  const chosen =
    rel.cols.length === 0 ? undefined : rel.cols.map((c) => trim(resolveNow(column(c), env, state)));
  return summarize(input, chosen, DESCRIBE, state);
}

export function* resolveSummary(
  rel: StatSummary,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  return summarize(input, undefined, rel.statistics.length === 0 ? SUMMARY : rel.statistics, state);
}

/** One row a statistic, one column of text for each column that is a number or a string. */
function summarize(
  input: Resolved,
  chosen: readonly Expr[] | undefined,
  statistics: readonly string[],
  state: AnalysisState,
): Resolved {
  const columns = (chosen ?? input.output).filter(
    (c): c is Attr => c.kind === "Attr" && (isNumeric(c.type) || c.type.kind === "string"),
  );
  const aliases: AliasExpr[] = [];
  const cells = statistics.map((statistic) =>
    columns.map((c): Expr => {
      const value = statisticOf(statistic.toLowerCase(), c, state);
      if (value === undefined) return { kind: "Lit", type: STRING, nullable: true, value: null };
      const text = state.call("string", [value]);
      const alias: AliasExpr = {
        kind: "AliasExpr",
        child: text,
        id: state.nextId(),
        name: `s${aliases.length}`,
        type: STRING,
        nullable: true,
      };
      aliases.push(alias);
      return { kind: "Attr", id: alias.id, name: alias.name, type: STRING, nullable: true, qualifier: [] };
    }),
  );
  const items = aliases.map((expr): SelectItem => ({ kind: "column", expr }));
  const one = groupItems(
    input,
    [],
    undefined,
    items.length === 0 ? [countItem(state)] : items,
    undefined,
    state,
  );
  const args = statistics.flatMap((s, i): Expr[] => [
    { kind: "Lit", type: STRING, nullable: false, value: s },
    ...(cells[i] as Expr[]),
  ]);
  const rows: Expr = { kind: "Lit", type: { kind: "integer" }, nullable: false, value: statistics.length };
  const stack = state.call("stack", [rows, ...args]);
  if (stack.kind !== "Call") throw unsupported("summaries");
  const names = ["summary", ...columns.map((c) => c.name)];
  const generated = projectItems(
    one,
    [{ kind: "generator", call: stack, names, isOuter: false }],
    undefined,
    state,
  );
  const output = generated.output.map((a) => ({ ...a, nullable: true }));
  return { plan: generated.plan, output, hidden: [], planIds: undefined };
}

function countItem(state: AnalysisState): SelectItem {
  const child = state.call("count", [{ kind: "Lit", type: { kind: "integer" }, nullable: false, value: 1 }]);
  return {
    kind: "column",
    expr: { kind: "AliasExpr", child, id: state.nextId(), name: "n", type: child.type, nullable: false },
  };
}

function statisticOf(name: string, c: Attr, state: AnalysisState): Expr | undefined {
  const isText = c.type.kind === "string";
  const number = (): Expr => (isText ? tryDouble(c) : c);
  switch (name) {
    case "count":
      return state.call("count", [c]);
    case "count_distinct": {
      const counted = state.call("count", [c]);
      return counted.kind === "Call" ? { ...counted, distinct: true } : counted;
    }
    case "approx_count_distinct":
      return state.call("approx_count_distinct", [c]);
    case "mean":
      return state.call("avg", [number()]);
    case "stddev":
      return state.call("stddev", [number()]);
    case "min":
      return state.call("min", [c]);
    case "max":
      return state.call("max", [c]);
    default: {
      const percent = /^(\d+(?:\.\d*)?|\.\d+)%$/.exec(name);
      const fraction = percent === null ? Number.NaN : Number(percent[1]) / 100;
      if (!(fraction >= 0 && fraction <= 1)) {
        if (percent !== null)
          throw new IllegalArgumentException({
            condition: "INTERNAL_ERROR",
            messageParameters: { message: "requirement failed: Percentiles must be in the range [0, 1]" },
          });
        throw fail("UNRECOGNIZED_STATISTIC", { stats: `'${name}'` });
      }
      const p: Expr = { kind: "Lit", type: DOUBLE, nullable: false, value: fraction };
      return state.call("percentile_approx", [number(), p]);
    }
  }
}

function tryDouble(c: Attr): Expr {
  return { kind: "CastExpr", child: c, type: DOUBLE, nullable: true, mode: "try", implicit: true };
}

export function* resolveCov(rel: StatCov, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  return (yield pairStatistic(rel, "cov", "covar_samp", "covariance", scope, state)) as Resolved;
}

export function* resolveCorr(rel: StatCorr, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  if (rel.method !== undefined && rel.method !== "pearson") {
    throw new IllegalArgumentException({
      condition: "INTERNAL_ERROR",
      messageParameters: {
        message:
          "requirement failed: Currently only the calculation of the Pearson Correlation coefficient is supported.",
      },
    });
  }
  return (yield pairStatistic(rel, "corr", "corr", "correlation", scope, state)) as Resolved;
}

function* pairStatistic(
  rel: StatCov | StatCorr,
  name: string,
  fn: string,
  label: string,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const env = { inputs: [input], scope };
  for (const c of [rel.col1, rel.col2]) {
    const attr = trim(resolveNow(column(c), env, state));
    if (!isNumeric(attr.type)) {
      throw requirement(
        `Currently ${label} calculation for columns with dataType ${simpleString(attr.type)} not supported.`,
      );
    }
  }
  const cast = (c: string): Expression => ({ kind: "Cast", expr: column(c), type: DOUBLE });
  // A column without values has no covariance: Spark counts it as zero.
  const zero: Expression = { kind: "Literal", dataType: DOUBLE, value: 0 };
  const value = call(fn, [cast(rel.col1), cast(rel.col2)]);
  const item: Expression = {
    kind: "Alias",
    expr: fn === "corr" ? value : call("coalesce", [value, zero]),
    name: [name],
  };
  const items = (yield resolveItems([item], env, state)) as readonly SelectItem[];
  return groupItems(input, [], undefined, items, undefined, state);
}

function requirement(text: string): Error {
  return new IllegalArgumentException({
    condition: "INTERNAL_ERROR",
    messageParameters: { message: text },
    message: `requirement failed: ${text}`,
  });
}

export function* resolveApproxQuantile(
  rel: StatApproxQuantile,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const env = { inputs: [input], scope };
  const arrays: Expression[] = rel.cols.map((c): Expression => {
    const attr = trim(resolveNow(column(c), env, state));
    if (!isNumeric(attr.type)) {
      throw requirement(
        `Quantile calculation for column ${c} with data type ${typeClass(attr)} is not supported.`,
      );
    }
    const accuracy = rel.relativeError <= 0 ? 2_147_483_647 : Math.max(1, Math.round(1 / rel.relativeError));
    const probabilities: Literal[] = rel.probabilities.map((p) => ({
      kind: "Literal",
      dataType: DOUBLE,
      value: p,
    }));
    const clean = call("nanvl", [
      { kind: "Cast", expr: column(c), type: DOUBLE },
      { kind: "Literal", dataType: DOUBLE, value: null },
    ]);
    if (probabilities.length === 0) return { kind: "Literal", dataType: array(DOUBLE), value: [] };
    return call("coalesce", [
      call("percentile_approx", [
        clean,
        call("array", probabilities),
        { kind: "Literal", dataType: { kind: "integer" }, value: accuracy },
      ]),
      { kind: "Literal", dataType: array(DOUBLE, false), value: [] },
    ]);
  });
  const item: Expression = { kind: "Alias", expr: call("array", arrays), name: ["approx_quantile"] };
  const items = (yield resolveItems([item], env, state)) as readonly SelectItem[];
  return groupItems(input, [], undefined, items, undefined, state);
}

function typeClass(e: Expr): string {
  const name = e.type.kind;
  return `${name[0]?.toUpperCase()}${name.slice(1)}Type`;
}

/** Counts of pairs of values, already collected: rows by the first column's value, columns by the second's. */
export function resolveCrosstab(rel: StatCrosstab, state: AnalysisState): Resolved {
  const { rows } = state.references.rowsOf(rel);
  const name = (v: LiteralValue | undefined) => (v === null || v === undefined ? "null" : String(v));
  const columns = [...new Set(rows.map((r) => name(r[1])))].sort(byText);
  const table = new Map<string, Map<string, LiteralValue>>();
  for (const [first, second, count] of rows) {
    const row = table.get(name(first)) ?? new Map<string, LiteralValue>();
    row.set(name(second), count ?? 0);
    table.set(name(first), row);
  }
  const schema: StructType = struct([
    field(`${rel.col1}_${rel.col2}`, STRING, false),
    ...columns.map((c) => field(c, LONG, false)),
  ]);
  const values = [...table].map(([key, row]): LiteralValue[] => [
    key,
    ...columns.map((c) => row.get(c) ?? 0),
  ]);
  return literalRows(schema, values, state);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Frequent items by counting with a bounded number of counters, in the order of the rows. */
export function* resolveFreqItems(
  rel: StatFreqItems,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const env = { inputs: [input], scope };
  const support = rel.support ?? 0.01;
  if (!(support >= 1e-4 && support <= 1)) {
    throw requirement(`Support must be in [1e-4, 1], but got ${support}.`);
  }
  const { rows } = state.references.rowsOf(rel);
  const size = Math.floor(1 / support);
  const fields = rel.cols.map((c) => {
    const e: Expression = column(c);
    const attr = resolveColumn(e as Extract<Expression, { kind: "UnresolvedAttribute" }>, env, state);
    const name = nameParts(e as Extract<Expression, { kind: "UnresolvedAttribute" }>).at(-1) as string;
    return field(`${name}_freqItems`, array(attr.type, attr.nullable), false);
  });
  const values = rel.cols.map(
    (_, i): LiteralValue =>
      frequent(
        rows.map((r) => r[i] ?? null),
        size,
      ),
  );
  return literalRows(struct(fields), [values], state);
}

function frequent(values: readonly LiteralValue[], size: number): readonly LiteralValue[] {
  const key = (v: LiteralValue) =>
    JSON.stringify(v, (_, x) => (typeof x === "bigint" ? `${x}` : x)) ?? "null";
  const counts = new Map<string, { readonly value: LiteralValue; count: number }>();
  for (const value of values) {
    const known = counts.get(key(value));
    if (known !== undefined) {
      known.count++;
      continue;
    }
    if (counts.size < size) {
      counts.set(key(value), { value, count: 1 });
      continue;
    }
    const min = Math.min(...[...counts.values()].map((c) => c.count));
    const remainder = 1 - min;
    if (remainder >= 0) {
      counts.set(key(value), { value, count: 1 });
      for (const [k, c] of counts) if (c.count <= min) counts.delete(k);
      for (const c of counts.values()) c.count -= min;
    } else for (const c of counts.values()) c.count -= 1;
  }
  return [...counts.values()].map((c) => c.value);
}
