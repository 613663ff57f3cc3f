import type { AliasExpr, Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import { prettyExpr } from "../../functions/pretty.ts";
import type { Expression, GroupingAnalytics } from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type { Aggregate } from "../../plan/relation.ts";
import { quotedSqlType } from "../../types/format.ts";
import { AttributeNames } from "../attribute-names.ts";
import { findAggregate, hasAggregate, isGroupable } from "../checks.ts";
import { fail, qualifiedText, quotedExpr } from "../errors.ts";
import { exprKey } from "../expr-key.ts";
import { attrsIn, findExpr, rewriteExpr, trimAlias } from "../expr-rewrite.ts";
import { resolveExpr } from "../expressions.ts";
import { resolveRelation } from "../relations.ts";
import type { ExprEnv, Grouped, RelationScope, Resolved } from "../scope.ts";
import { nameExpr, resolveItems, type SelectItem } from "../select-items.ts";
import { type AnalysisState, isGenerator } from "../state.ts";
import type { Step } from "../steps.ts";
import { withMore } from "./exact.ts";
import { type GroupingSets, Groups } from "./grouping.ts";
import { resolvePivot } from "./pivot.ts";
import { belowSelect, checkLateral, exprOf, projectItems } from "./project.ts";
import { withSessions, withTimeWindows } from "./time-windows.ts";

export function* resolveAggregate(
  rel: Aggregate,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  if (rel.pivot !== undefined) return (yield resolvePivot(rel, scope, state)) as Resolved;
  const input = (yield resolveRelation(rel.input, belowSelect(scope), state)) as Resolved;
  return (yield aggregateOver(input, rel, scope, state)) as Resolved;
}

export function* aggregateOver(
  below: Resolved,
  rel: Aggregate,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const asked = [...rel.groupingExpressions, ...rel.aggregateExpressions];
  const input = (yield withTimeWindows(below, asked, scope, state)) as Resolved;
  const env: ExprEnv = { inputs: [input], scope };
  if (rel.isSelectList === true) {
    checkStar(rel);
    const items = (yield resolveItems(rel.aggregateExpressions, env, state)) as readonly SelectItem[];
    if (rel.groupType === "all" && !hasColumnNamedAll(input, state))
      return groupItems(input, groupAll(items, rel.origin), undefined, items, rel.origin, state);
    const { grouping, sets } = (yield resolveGrouping(byColumnAll(rel), items, env, state)) as GroupingList;
    return groupItems(input, grouping, sets, items, rel.origin, state);
  }
  const { grouping, sets, written } = (yield resolveGrouping(rel, [], env, state)) as GroupingList;
  const first = written.map(
    ({ expr, source }): SelectItem => ({ kind: "column", expr: nameExpr(expr, source, state) }),
  );
  const rest = (yield resolveItems(rel.aggregateExpressions, { ...env }, state)) as readonly SelectItem[];
  const plain = rel.pipeClause === undefined ? undefined : rest.find((item) => !hasAggregate(exprOf(item)));
  if (plain !== undefined) {
    throw fail(
      "PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION",
      { expr: prettyExpr(trimAlias(exprOf(plain))) },
      exprOf(plain).origin,
    );
  }
  return groupItems(input, grouping, sets, [...first, ...rest], rel.origin, state);
}

function hasColumnNamedAll(input: Resolved, state: AnalysisState): boolean {
  return AttributeNames.of(input.output, state.conf.caseSensitive).find(["all"]).attrs.length > 0;
}

/** `GROUP BY ALL` where a column has that name: it is what is meant. */
function byColumnAll(rel: Aggregate): Aggregate {
  if (rel.groupType !== "all") return rel;
  const column: Expression = { kind: "UnresolvedAttribute", unparsedIdentifier: "all", nameParts: ["all"] };
  return { ...rel, groupType: "groupby", groupingExpressions: [column] };
}

interface GroupingList {
  readonly grouping: readonly Expr[];
  readonly sets: GroupingSets | undefined;
  /** As written, for the columns that a DataFrame's grouping gives out. */
  readonly written: readonly { readonly expr: Expr; readonly source: Expression | undefined }[];
}

/** `GROUP BY 1` and `SELECT *` do not go together. */
function checkStar(rel: Aggregate): void {
  const hasOrdinal = rel.groupingExpressions.some(
    (e) => e.kind === "Literal" && e.dataType.kind === "integer",
  );
  if (hasOrdinal && rel.aggregateExpressions.some((e) => e.kind === "UnresolvedStar")) {
    throw fail("STAR_GROUP_BY_POS", {}, rel.origin);
  }
}

function* resolveGrouping(
  rel: Aggregate,
  items: readonly SelectItem[],
  env: ExprEnv,
  state: AnalysisState,
): Step<GroupingList> {
  const aliasEnv: ExprEnv =
    items.length > 0 && state.isOn("spark.sql.groupByAliases", true)
      ? { ...env, lateral: { find: aliasFinder(items, state) } }
      : env;
  const elements: (readonly (readonly Expr[])[])[] = [];
  let isAnalytic = false;
  for (const e of rel.groupingExpressions) {
    if (e.kind === "GroupingAnalytics") {
      isAnalytic = true;
      elements.push((yield analyticSets(e, items, aliasEnv, state)) as readonly (readonly Expr[])[]);
    } else
      elements.push([
        [(yield groupingExpr(e, items, aliasEnv, state, rel.pipeClause !== undefined)) as Expr],
      ]);
  }
  let sets: readonly (readonly Expr[])[] = crossed(elements);
  if (rel.groupType === "rollup" || rel.groupType === "cube") {
    isAnalytic = true;
    const parts = elements.map((e) => e[0] as readonly Expr[]);
    sets = rel.groupType === "rollup" ? rollup(parts) : cube(parts);
  } else if (rel.groupType === "groupingSets") {
    isAnalytic = true;
    const resolved: (readonly Expr[])[] = [];
    for (const set of rel.groupingSets ?? []) {
      const exprs: Expr[] = [];
      for (const e of set) exprs.push((yield groupingExpr(e, items, aliasEnv, state)) as Expr);
      resolved.push(exprs);
    }
    sets = resolved;
  }
  const written = elements.flat(2);
  const plain = rel.groupingExpressions.every((e) => e.kind !== "GroupingAnalytics");
  const named = plain
    ? written.map((expr, i) => ({ expr, source: rel.groupingExpressions[i] }))
    : distinct(written).map((expr) => ({ expr, source: undefined }));
  const grouping = distinct(
    isAnalytic ? [...(rel.groupType === "groupingSets" ? written : []), ...sets.flat()] : written,
  );
  for (const e of grouping) checkGrouping(e, state);
  if (!isAnalytic) return { grouping, sets: undefined, written: named };
  const at = new Map(grouping.map((e, i) => [exprKey(e), i]));
  return {
    grouping,
    written: named,
    sets: { sets: sets.map((set) => [...new Set(set.map((e) => at.get(exprKey(e)) as number))]) },
  };
}

function aliasFinder(
  items: readonly SelectItem[],
  state: AnalysisState,
): (name: string) => readonly AliasExpr[] {
  const fold = (name: string) => (state.conf.caseSensitive ? name : name.toLowerCase());
  return (name) => {
    const found = items.flatMap((i) =>
      i.kind === "column" && i.expr.kind === "AliasExpr" && fold(i.expr.name) === fold(name) ? [i.expr] : [],
    );
    return found.slice(0, 1);
  };
}

/** A grouping expression: a column, an alias or a place in the select list, or any expression. */
function* groupingExpr(
  e: Expression,
  items: readonly SelectItem[],
  env: ExprEnv,
  state: AnalysisState,
  isPipe = false,
): Step<Expr> {
  const isOrdinal =
    e.kind === "Literal" && e.dataType.kind === "integer" && state.isOn("spark.sql.groupByOrdinal", true);
  if (isOrdinal && isPipe) {
    // `|> AGGREGATE` has no select list: places are those of the input.
    const output = env.inputs.flatMap((i) => i.output);
    const index = Number(e.value);
    const column = output[index - 1];
    if (column === undefined)
      throw fail("GROUP_BY_POS_OUT_OF_RANGE", { index: `${index}`, size: `${output.length}` }, e.origin);
    return column;
  }
  if (isOrdinal && items.length > 0) {
    const index = Number(e.value);
    const item = items[index - 1];
    if (item === undefined) {
      throw fail("GROUP_BY_POS_OUT_OF_RANGE", { index: `${index}`, size: `${items.length}` }, e.origin);
    }
    const chosen = exprOf(item);
    if (hasAggregate(chosen)) {
      throw fail("GROUP_BY_POS_AGGREGATE", { index: `${index}`, aggExpr: qualifiedText(chosen) }, e.origin);
    }
    return trimAlias(chosen);
  }
  const resolved = (yield resolveExpr(e, env, state)) as Expr;
  const aliases = new Map<number, AliasExpr>();
  for (const item of items)
    if (item.kind === "column" && item.expr.kind === "AliasExpr") aliases.set(item.expr.id, item.expr);
  return rewriteExpr(resolved, (x) => {
    const alias = x.kind === "Attr" ? aliases.get(x.id) : undefined;
    return alias === undefined ? undefined : trimAlias(alias);
  });
}

function* analyticSets(
  e: GroupingAnalytics,
  items: readonly SelectItem[],
  env: ExprEnv,
  state: AnalysisState,
): Step<readonly (readonly Expr[])[]> {
  const parts: (readonly Expr[])[] = [];
  for (const set of e.sets) {
    if (set.length === 1 && set[0]?.kind === "GroupingAnalytics") {
      parts.push(...((yield analyticSets(set[0], items, env, state)) as readonly (readonly Expr[])[]));
      continue;
    }
    const exprs: Expr[] = [];
    for (const x of set) exprs.push((yield groupingExpr(x, items, env, state)) as Expr);
    parts.push(exprs);
  }
  if (e.type === "groupingSets") return parts;
  return e.type === "rollup" ? rollup(parts) : cube(parts);
}

function rollup(parts: readonly (readonly Expr[])[]): readonly (readonly Expr[])[] {
  return [...parts.keys(), parts.length].reverse().map((n) => parts.slice(0, n).flat());
}

/** All subsets, larger ones first, each in the order of the parts. */
function cube(parts: readonly (readonly Expr[])[]): readonly (readonly Expr[])[] {
  let sets: (readonly Expr[])[] = [[]];
  for (const part of [...parts].reverse()) sets = [...sets.map((s) => [...part, ...s]), ...sets];
  return sets;
}

function crossed(elements: readonly (readonly (readonly Expr[])[])[]): readonly (readonly Expr[])[] {
  let sets: (readonly Expr[])[] = [[]];
  for (const element of elements) sets = sets.flatMap((s) => element.map((x) => [...s, ...x]));
  return sets;
}

function distinct(exprs: readonly Expr[]): readonly Expr[] {
  const seen = new Set<string>();
  return exprs.filter((e) => {
    const key = exprKey(e);
    return !seen.has(key) && seen.add(key);
  });
}

function checkGrouping(e: Expr, _state: AnalysisState): void {
  const aggregate = findAggregate(e);
  if (aggregate !== undefined) throw fail("GROUP_BY_AGGREGATE", { sqlExpr: qualifiedText(e) }, e.origin);
  if (findExpr(e, (x) => x.kind === "WindowExpr") !== undefined) {
    throw fail("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", { clauseName: "GROUP BY" });
  }
  if (findExpr(e, isGenerator) !== undefined) {
    throw fail("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", { plan: `Aggregate [${quotedExpr(e)}]` });
  }
  if (!isGroupable(e.type)) {
    throw fail(
      "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
      { sqlExpr: quotedExpr(e), dataType: quotedSqlType(e.type) },
      e.origin,
    );
  }
}

/** `GROUP BY ALL`: every item without aggregates; of those with, nothing may be left over. */
function groupAll(items: readonly SelectItem[], origin: Origin | undefined): readonly Expr[] {
  const plain = items.filter((i) => !hasAggregate(exprOf(i))).map((i) => trimAlias(exprOf(i)));
  const keys = new Set(plain.map(exprKey));
  for (const item of items) {
    const e = trimAlias(exprOf(item));
    if (!hasAggregate(e)) continue;
    const outside = rewriteExpr(e, (x) =>
      keys.has(exprKey(x)) || (x.kind === "Call" && findAggregate(x) === x)
        ? { kind: "Lit", type: x.type, nullable: true, value: null }
        : undefined,
    );
    if (attrsIn(outside).length > 0) throw fail("UNRESOLVED_ALL_IN_GROUP_BY", {}, origin);
  }
  return distinct(plain);
}

/** A grouped query: the select list over the groups of the input. */
export function groupItems(
  below: Resolved,
  grouping: readonly Expr[],
  sets: GroupingSets | undefined,
  items: readonly SelectItem[],
  origin: Origin | undefined,
  state: AnalysisState,
): Resolved {
  const input = withSessions(below, grouping, state);
  const aliases = new Map<number, AliasExpr>();
  for (const item of items) {
    if (aliases.size > 0) checkLateral(exprOf(item), aliases);
    if (item.kind === "column" && item.expr.kind === "AliasExpr") aliases.set(item.expr.id, item.expr);
  }
  const groups = new Groups(input, grouping, sets, aliases.keys(), origin, state);
  const rewritten = items.map((item): SelectItem => {
    if (item.kind === "generator") return { ...item, call: groups.rewrite(item.call) as typeof item.call };
    const expr = groups.rewrite(item.expr);
    if (expr.kind === "Attr" && item.expr.kind === "Attr" && expr.id !== item.expr.id) {
      return { kind: "column", expr: { ...aliasOf(expr, item.expr, state) } };
    }
    return { kind: "column", expr: withNullability(expr as NamedExpr) };
  });
  const finish = (extra: readonly Attr[]): Resolved => {
    const relation = groups.relation();
    const all = [...rewritten, ...extra.map((expr): SelectItem => ({ kind: "column", expr }))];
    const { below: _, ...projected } = projectItems(relation, all, origin, state);
    return projected;
  };
  const base = finish([]);
  return { ...base, grouped: groupedInterface(input, groups, base, rewritten, finish, state) };
}

function withNullability(e: NamedExpr): NamedExpr {
  return e.kind === "AliasExpr" && e.nullable !== e.child.nullable ? { ...e, nullable: e.child.nullable } : e;
}

function aliasOf(child: Attr, written: Attr, state: AnalysisState): AliasExpr {
  return {
    kind: "AliasExpr",
    child,
    id: state.nextId(),
    name: written.name,
    type: child.type,
    nullable: child.nullable,
  };
}

function groupedInterface(
  input: Resolved,
  groups: Groups,
  base: Resolved,
  items: readonly SelectItem[],
  finish: (extra: readonly Attr[]) => Resolved,
  state: AnalysisState,
): Grouped {
  const outputIds = new Set(base.output.map((a) => a.id));
  const aliases = new Map<number, Expr>();
  for (const item of items)
    if (item.kind === "column" && item.expr.kind === "AliasExpr") aliases.set(item.expr.id, item.expr.child);
  const exposed = new Set(outputIds);
  for (const child of aliases.values()) if (child.kind === "Attr") exposed.add(child.id);
  // A HAVING that needs more than the list has ends it: above it only grouping columns are still to be had.
  const withGroupingBelow = (r: Resolved): Resolved => ({
    ...r,
    below: { input: groups.groupingRelation(), extend: (_, extra) => withMore(finish(extra), extra) },
  });
  const withGrouped = (r: Resolved): Resolved => ({
    ...r,
    grouped: groupedInterface(input, groups, base, items, finish, state),
  });
  const hasWindows = items.some(
    (item) => findExpr(exprOf(item), (x) => x.kind === "WindowExpr") !== undefined,
  );
  return {
    input,
    ...(hasWindows ? { windowed: withGroupingBelow(base) } : {}),
    add: (exprs) => {
      const rewritten = exprs.map((e) => groups.rewrite(e));
      const extra = new Map<number, Attr>();
      for (const a of rewritten.flatMap(attrsIn)) if (!outputIds.has(a.id)) extra.set(a.id, a);
      return { resolved: finish([...extra.values()]), exprs: rewritten };
    },
    covers: (e) => {
      try {
        groups.rewrite(e);
        return true;
      } catch {
        return false;
      }
    },
    having: (condition, aggregates) => {
      for (const a of aggregates) groups.addAggregate(a);
      const overGroups = groups.rewrite(condition, true);
      const used = attrsIn(overGroups);
      // An alias of the select list stands for what it names: HAVING comes before the list is computed.
      const rewritten = rewriteExpr(overGroups, (e) => {
        const child = e.kind === "Attr" ? aliases.get(e.id) : undefined;
        return child === undefined ? undefined : expandAliases(child, aliases);
      });
      groups.addCondition(rewritten);
      const filtered = finish([]);
      return used.every((a) => exposed.has(a.id)) ? withGrouped(filtered) : withGroupingBelow(filtered);
    },
  };
}

function expandAliases(e: Expr, aliases: ReadonlyMap<number, Expr>): Expr {
  let current = e;
  for (let i = 0; i <= aliases.size; i++) {
    if (!attrsIn(current).some((a) => aliases.has(a.id))) return current;
    current = rewriteExpr(current, (x) => (x.kind === "Attr" ? aliases.get(x.id) : undefined));
  }
  return current;
}
