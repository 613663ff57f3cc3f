import { unsupported } from "../errors/spark-error.ts";
import { castIgnoringNullability, commonType } from "../functions/coercion.ts";
import type { AliasExpr, Attr, Call, Expr, SubqueryExpr } from "../functions/expr.ts";
import { prettyExpr } from "../functions/pretty.ts";
import type { SubqueryExpression } from "../plan/expression.ts";
import type { Origin } from "../plan/origin.ts";
import type { Relation } from "../plan/relation.ts";
import { quotedSqlType, quoteIfNeeded, simpleString } from "../types/format.ts";
import { hasType } from "./checks.ts";
import { fail, qualifiedText, quotedExpr } from "./errors.ts";
import { attrsIn, findExpr, visitExpr } from "./expr-rewrite.ts";
import { exact } from "./relations/exact.ts";
import { resolveRelation } from "./relations.ts";
import type { ResolvedRelation, RJoin } from "./resolved-relation.ts";
import { expressionsOf, planOf, subqueriesIn, visitPlan } from "./resolved-tree.ts";
import type { ExprEnv, Resolved } from "./scope.ts";
import { type AnalysisState, isAggregateCall } from "./state.ts";
import type { Step } from "./steps.ts";

/** A subquery inside an expression: its plan resolved with the columns around it in reach. */
export function* resolveSubquery(
  e: SubqueryExpression,
  plan: Relation,
  values: readonly Expr[] | undefined,
  env: ExprEnv,
  state: AnalysisState,
): Step<SubqueryExpr> {
  state.wholeQueries.add(plan);
  const inner = exact(
    (yield resolveRelation(plan, { ...env.scope, outer: { env }, windows: undefined }, state)) as Resolved,
  );
  checkCorrelation(inner.plan);
  const outer = outerColumnsOf(inner.plan);
  if (e.subqueryType === "scalar") checkMaps(inner.plan, outer, e.origin, state);
  const at = {
    ...(e.origin === undefined ? {} : { origin: e.origin }),
    ...(outer.length === 0 ? {} : { outer }),
  };
  switch (e.subqueryType) {
    case "exists":
      return {
        kind: "SubqueryExpr",
        subqueryType: "exists",
        plan: inner.plan,
        type: { kind: "boolean" },
        nullable: false,
        ...at,
      };
    case "in":
      return inSubquery(inner, values ?? [], outer, e.origin, state);
    default: {
      const [column] = inner.output;
      if (inner.output.length !== 1 || column === undefined) {
        throw fail(
          "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
          { number: `${inner.output.length}` },
          e.origin,
        );
      }
      return {
        kind: "SubqueryExpr",
        subqueryType: "scalar",
        plan: inner.plan,
        type: column.type,
        nullable: true,
        ...at,
      };
    }
  }
}

function inSubquery(
  inner: Resolved,
  written: readonly Expr[],
  outer: readonly Attr[],
  origin: Origin | undefined,
  state: AnalysisState,
): SubqueryExpr {
  if (state.isOn("spark.sql.legacy.nullInEmptyListBehavior", false))
    throw unsupported("IN with spark.sql.legacy.nullInEmptyListBehavior");
  const values = flattenStruct(written, inner.output.length);
  const shape = (plan: ResolvedRelation, vs: readonly Expr[], nullable: boolean): SubqueryExpr => ({
    kind: "SubqueryExpr",
    subqueryType: "in",
    plan,
    values: vs,
    type: { kind: "boolean" },
    nullable,
    ...(outer.length === 0 ? {} : { outer }),
    ...(origin === undefined ? {} : { origin }),
  });
  const sqlExpr = () => quotedExpr(shape(inner.plan, values, true));
  if (values.length !== inner.output.length) {
    throw fail(
      "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
      {
        sqlExpr: sqlExpr(),
        leftLength: `${values.length}`,
        rightLength: `${inner.output.length}`,
        leftColumns: values.map(quotedExpr).join(", "),
        rightColumns: inner.output.map((a) => `"${a.name}"`).join(", "),
      },
      origin,
    );
  }
  const types = values.map((v, i) => commonType(v.type, (inner.output[i] as Attr).type, state.conf));
  const wrong = types.flatMap((t, i) => (t === undefined ? [i] : []));
  if (wrong.length > 0) {
    const name = (x: Expr) =>
      x.kind === "Attr"
        ? [...x.qualifier, x.name].map(quoteIfNeeded).join(".")
        : quoteIfNeeded(prettyExpr(x));
    throw fail(
      "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
      {
        sqlExpr: sqlExpr(),
        mismatchedColumns: wrong
          .map((i) => {
            const [v, a] = [values[i] as Expr, inner.output[i] as Attr];
            return `(${name(v)}:${simpleString(v.type)}, ${name(a)}:${simpleString(a.type)})`;
          })
          .join(", "),
        leftType: values.map((v) => quotedSqlType(v.type)).join(", "),
        rightType: inner.output.map((a) => quotedSqlType(a.type)).join(", "),
      },
      origin,
    );
  }
  const cast = values.map((v, i) => castIgnoringNullability(v, types[i] as Attr["type"], state.conf));
  const columns = inner.output.map((a, i): Attr | AliasExpr => {
    const child = castIgnoringNullability(a, types[i] as Attr["type"], state.conf);
    if (child === a) return a;
    return {
      kind: "AliasExpr",
      child,
      id: state.nextId(),
      name: a.name,
      type: child.type,
      nullable: child.nullable,
    };
  });
  const isCast = columns.some((c) => c.kind === "AliasExpr");
  const plan: ResolvedRelation = isCast ? { kind: "RProject", input: inner.plan, columns } : inner.plan;
  return shape(plan, cast, cast.some((v) => v.nullable) || columns.some((c) => c.nullable));
}

/** `(a, b) IN (...)` comes as one struct. */
function flattenStruct(values: readonly Expr[], columns: number): readonly Expr[] {
  const [only] = values;
  if (values.length !== 1 || only === undefined || columns === 1) return values;
  if (
    only.kind === "Call" &&
    (only.fn === "struct" || only.fn === "named_struct") &&
    only.type.kind === "struct"
  ) {
    const { args } = only;
    if (args.length === only.type.fields.length)
      return args.map((a) => (a.kind === "AliasExpr" ? a.child : a));
    if (args.length === 2 * only.type.fields.length) return args.filter((_, i) => i % 2 === 1);
  }
  return values;
}

/** Columns of the enclosing query that a subquery uses, as often as it names them; those of queries inside it are not among them. */
export function outerColumnsOf(plan: ResolvedRelation): readonly Attr[] {
  const own = new Set<number>();
  const found: Attr[] = [];
  const walk = (root: ResolvedRelation): void => {
    visitPlan(root, (p) => {
      for (const a of definedBy(p)) own.add(a);
      for (const e of expressionsOf(p)) {
        visitExpr(e, (x) => {
          if (x.kind === "OuterAttr") found.push(x.attr);
          if (x.kind === "SubqueryExpr") walk(planOf(x));
          return true;
        });
      }
      return true;
    });
  };
  walk(plan);
  return found.filter((a) => !own.has(a.id));
}

function definedBy(p: ResolvedRelation): readonly number[] {
  switch (p.kind) {
    case "RProject":
    case "RAggregate":
      return p.columns.map((c) => c.id);
    case "RScan":
    case "RLocal":
    case "RValues":
    case "RCteRef":
    case "RSetOp":
    case "RRecursive":
    case "RGenerate":
      return p.columns.map((c) => c.id);
    case "RRange":
      return [p.column.id];
    default:
      return [];
  }
}

/** What Spark refuses inside a correlated subquery. */
export function checkCorrelation(plan: ResolvedRelation): void {
  visitPlan(plan, (p) => {
    for (const e of expressionsOf(p)) checkMixedAggregates(e);
    if (p.kind === "RJoin") checkOptionalSides(p);
    if (p.kind === "RAggregate" && p.input.kind === "RProject") {
      const keys = new Set(p.grouping.flatMap((g) => (g.kind === "Attr" ? [g.id] : [])));
      const wrong = p.input.columns.filter(
        (c) => c.kind === "AliasExpr" && keys.has(c.id) && hasDirectOuter(c),
      );
      if (wrong.length > 0) {
        const sqlExprs = wrong.map((c) => quotedExpr((c as AliasExpr).child)).join(", ");
        throw fail("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE", { sqlExprs });
      }
    }
    if (p.kind === "RSort" || p.kind === "RAggregate" || p.kind === "RGenerate") {
      const wrong = expressionsOf(p).filter(hasDirectOuter);
      if (wrong.length > 0 && !(p.kind === "RGenerate")) {
        throw fail(
          "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_REFERENCE",
          { sqlExprs: wrong.map(quotedExpr).join(", ") },
          wrong[0]?.origin,
        );
      }
    }
    return true;
  });
}

/** The side of an outer join that may be absent knows nothing of the query around, but by the join's condition. */
function checkOptionalSides(p: RJoin): void {
  if (p.isLateral === true) return;
  const isLeft = p.joinType === "rightOuter" || p.joinType === "fullOuter";
  const isRight = ["leftOuter", "fullOuter", "leftSemi", "leftAnti"].includes(p.joinType);
  const sides = [...(isLeft ? [p.left] : []), ...(isRight ? [p.right] : [])];
  for (const side of sides) {
    visitPlan(side, (q) => {
      const wrong = expressionsOf(q).find(hasDirectOuter);
      if (wrong === undefined) return true;
      throw fail(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED",
        { treeNode: quotedExpr(wrong) },
        wrong.origin,
      );
    });
  }
}

/** A map of the query around may be read at a key that is the same for all rows of an aggregating subquery only. */
function checkMaps(
  plan: ResolvedRelation,
  outer: readonly Attr[],
  origin: Origin | undefined,
  state: AnalysisState,
): void {
  const isMap = (a: Attr) => hasType(a.type, (t) => t.kind === "map");
  const maps = outer.filter(isMap);
  let isAggregating = false;
  visitPlan(plan, (p) => {
    isAggregating ||= p.kind === "RAggregate";
    return true;
  });
  if (maps.length === 0 || !isAggregating) return;
  const isOn = state.isOn("spark.sql.optimizer.pullOutNestedDataOuterRefExpressions.enabled", true);
  const isMixed = (x: Expr): boolean =>
    x.kind === "Call" && x.args[0]?.kind === "OuterAttr" && isMap(x.args[0].attr) && attrsIn(x).length > 0;
  let isWrong = !isOn;
  visitPlan(plan, (p) => {
    if (p.kind === "RFilter") isWrong ||= findExpr(p.condition, isMixed) !== undefined;
    return true;
  });
  if (!isWrong) return;
  throw fail(
    "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_REFERENCE_DATA_TYPE",
    { expr: qualifiedText(maps[0] as Attr), dataType: "map" },
    origin,
  );
}

function hasDirectOuter(e: Expr): boolean {
  let isOuter = false;
  visitExpr(e, (x) => {
    if (x.kind === "OuterAttr") isOuter = true;
    return !isOuter;
  });
  return isOuter;
}

function checkMixedAggregates(e: Expr): void {
  visitExpr(e, (x) => {
    if (!isAggregateCall(x)) return true;
    let hasOuter = false;
    let hasLocal = false;
    for (const arg of (x as Call).args) {
      visitExpr(arg, (y) => {
        if (y.kind === "OuterAttr") hasOuter = true;
        if (y.kind === "Attr") hasLocal = true;
        return true;
      });
    }
    if (hasOuter && hasLocal) {
      throw fail(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.AGGREGATE_FUNCTION_MIXED_OUTER_LOCAL_REFERENCES",
        { function: qualifiedText(x) },
        x.origin,
      );
    }
    return true;
  });
}

/** Subqueries in places that cannot host them. */
export function checkSubqueryPlaces(exprs: readonly Expr[], where: "sort" | "join", treeNode: string): void {
  for (const e of exprs) {
    for (const sub of subqueriesIn(e)) {
      const isCorrelated = (sub.outer?.length ?? 0) > 0;
      if (sub.subqueryType === "scalar" && isCorrelated) {
        throw fail(
          "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY",
          { treeNode },
          sub.origin,
        );
      }
      if (sub.subqueryType !== "scalar" && where === "sort") {
        throw fail(
          "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY",
          { treeNode },
          sub.origin,
        );
      }
    }
  }
}
