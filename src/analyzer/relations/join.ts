import type { AliasExpr, Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Origin } from "../../plan/origin.ts";
import type { Join, LateralJoin, Relation } from "../../plan/relation.ts";
import { quotedSqlType } from "../../types/format.ts";
import { findAggregate, findGenerator, findWindow, isDeterministic } from "../checks.ts";
import { fail, qualifiedText, quotedExpr } from "../errors.ts";
import { resolveExpr, trim } from "../expressions.ts";
import { outputOf } from "../output.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation, RJoin } from "../resolved-relation.ts";
import { expressionsOf, visitPlan } from "../resolved-tree.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { checkCorrelation, checkSubqueryPlaces } from "../subqueries.ts";
import { joinPlanIds } from "./exact.ts";
import { commonColumns, findUsing } from "./using.ts";

type JoinType = RJoin["joinType"];

const LABELS: Readonly<Record<JoinType, string>> = {
  inner: "INNER",
  cross: "CROSS",
  leftOuter: "LEFT OUTER",
  rightOuter: "RIGHT OUTER",
  fullOuter: "FULL OUTER",
  leftSemi: "LEFT SEMI",
  leftAnti: "LEFT ANTI",
};

export function* resolveJoin(rel: Join, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const left = (yield resolveRelation(rel.left, scope, state)) as Resolved;
  const right = (yield resolveRelation(rel.right, scope, state)) as Resolved;
  return (yield joinOver(left, right, rel, scope, state)) as Resolved;
}

export function* joinOver(
  left: Resolved,
  right: Resolved,
  rel: Pick<Join, "joinCondition" | "joinType" | "usingColumns" | "isNatural" | "origin">,
  scope: RelationScope,
  state: AnalysisState,
  isLateralJoin = false,
): Step<Resolved> {
  const names = rel.isNatural === true ? commonColumns(left, right, state) : rel.usingColumns;
  if (names.length > 0) return joinUsing(left, right, names, rel.joinType, isLateralJoin, state);
  const [l, r] = afterJoin(left, right, rel.joinType);
  let condition: Expr | undefined;
  if (rel.joinCondition !== undefined) {
    condition = trim((yield resolveExpr(rel.joinCondition, { inputs: [left, right], scope }, state)) as Expr);
    checkJoinCondition(condition, rel.joinCondition, rel.origin);
    if (isLateralJoin && !isDeterministic(condition)) {
      throw fail(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.LATERAL_JOIN_CONDITION_NON_DETERMINISTIC",
        { condition: qualifiedText(condition) },
        rel.origin,
      );
    }
  }
  const isSemi = rel.joinType === "leftSemi" || rel.joinType === "leftAnti";
  return {
    plan: join(left.plan, right.plan, rel.joinType, condition, isLateralJoin),
    output: isSemi ? l.output : [...l.output, ...r.output],
    hidden: isSemi ? l.hidden : [...l.hidden, ...r.hidden],
    planIds: isSemi ? joinPlanIds([left.planIds]) : joinPlanIds([left.planIds, right.planIds]),
  };
}

function checkJoinCondition(condition: Expr, _written: Expression, origin: Origin | undefined): void {
  const special = findAggregate(condition) ?? findWindow(condition) ?? findGenerator(condition);
  if (special !== undefined) {
    throw fail(
      "UNSUPPORTED_EXPR_FOR_OPERATOR",
      { operator: "Join", invalidExprSqls: quotedExpr(special) },
      origin,
    );
  }
  if (condition.type.kind !== "boolean" && condition.type.kind !== "null") {
    throw fail(
      "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
      { joinCondition: quotedExpr(condition), conditionType: quotedSqlType(condition.type) },
      origin,
    );
  }
  checkSubqueryPlaces([condition], "join", "Join");
}

function join(
  left: ResolvedRelation,
  right: ResolvedRelation,
  joinType: JoinType,
  condition: Expr | undefined,
  isLateralJoin: boolean,
): RJoin {
  return {
    kind: "RJoin",
    left,
    right,
    joinType,
    ...(condition === undefined ? {} : { condition }),
    ...(isLateralJoin ? { isLateral: true } : {}),
  };
}

/** Both sides as they come out of an outer join: with nulls where the other side has no match. */
function afterJoin(left: Resolved, right: Resolved, joinType: JoinType): readonly [Resolved, Resolved] {
  const isLeftOptional = joinType === "rightOuter" || joinType === "fullOuter";
  const isRightOptional = joinType === "leftOuter" || joinType === "fullOuter";
  return [isLeftOptional ? nullable(left) : left, isRightOptional ? nullable(right) : right];
}

function nullable(r: Resolved): Resolved {
  const all = (attrs: readonly Attr[]) => attrs.map((a) => (a.nullable ? a : { ...a, nullable: true }));
  return { ...r, output: all(r.output), hidden: all(r.hidden) };
}

/** Joined on equal names: the keys come first and once. */
function joinUsing(
  left: Resolved,
  right: Resolved,
  names: readonly string[],
  joinType: JoinType,
  isLateralJoin: boolean,
  state: AnalysisState,
): Resolved {
  const leftKeys = names.map((name) => findUsing(name, left, "left", state));
  const rightKeys = names.map((name) => findUsing(name, right, "right", state));
  const equal = names.map((_, i) => state.call("==", [leftKeys[i] as Attr, rightKeys[i] as Attr]));
  const condition = equal.reduce((a, b) => state.call("and", [a, b]));
  const type = joinType === "cross" ? "inner" : joinType;
  const plan = join(left.plan, right.plan, type, condition, isLateralJoin);
  const [l, r] = afterJoin(left, right, joinType);
  const without = (side: Resolved, keys: readonly Attr[]) =>
    side.output.filter((a) => !keys.some((k) => k.id === a.id));
  const of = (side: Resolved, keys: readonly Attr[]) =>
    keys.map((k) => side.output.find((a) => a.id === k.id) as Attr);
  const planIds = joinPlanIds([left.planIds, right.planIds]);
  const hidden = [...l.hidden, ...r.hidden];
  switch (joinType) {
    case "leftSemi":
    case "leftAnti":
      return {
        plan,
        output: [...leftKeys, ...without(left, leftKeys)],
        hidden: left.hidden,
        planIds: left.planIds,
      };
    case "rightOuter":
      return {
        plan,
        output: [...of(r, rightKeys), ...without(l, leftKeys), ...without(r, rightKeys)],
        hidden: [...of(l, leftKeys), ...hidden],
        planIds,
      };
    case "fullOuter": {
      const keys = leftKeys.map((k, i): AliasExpr => {
        const child = state.call("coalesce", [
          of(l, [k])[0] as Attr,
          of(r, [rightKeys[i] as Attr])[0] as Attr,
        ]);
        return {
          kind: "AliasExpr",
          child,
          id: state.nextId(),
          name: k.name,
          type: child.type,
          nullable: child.nullable,
        };
      });
      const columns: NamedExpr[] = [...keys, ...outputOf(plan)];
      return {
        plan: { kind: "RProject", input: plan, columns },
        output: [
          ...keys.map(
            (k): Attr => ({
              kind: "Attr",
              id: k.id,
              name: k.name,
              type: k.type,
              nullable: k.nullable,
              qualifier: [],
            }),
          ),
          ...without(l, leftKeys),
          ...without(r, rightKeys),
        ],
        hidden: [...of(l, leftKeys), ...of(r, rightKeys), ...hidden],
        planIds,
      };
    }
    default:
      return {
        plan,
        output: [...of(l, leftKeys), ...without(l, leftKeys), ...without(r, rightKeys)],
        hidden: [...of(r, rightKeys), ...hidden],
        planIds,
      };
  }
}

export function* resolveLateralJoin(
  rel: LateralJoin,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const left = (yield resolveRelation(rel.left, scope, state)) as Resolved;
  return (yield lateralOver(
    left,
    rel.right,
    rel.joinType,
    rel.joinCondition,
    [],
    rel.origin,
    scope,
    state,
  )) as Resolved;
}

/** Whether a relation has one row at most, by its form. */
function isOneRow(plan: ResolvedRelation): boolean {
  switch (plan.kind) {
    case "ROneRow":
      return true;
    case "RValues":
      return plan.rows.length < 2;
    case "RAggregate":
      return plan.grouping.length === 0 && plan.groupingSets === undefined;
    case "RLimit":
      return plan.limit !== undefined && plan.limit < 2;
    case "RProject":
    case "RFilter":
    case "RSort":
      return isOneRow(plan.input);
    default:
      return false;
  }
}

/** A lateral query is computed once for all equal rows: it must not depend on chance. */
function checkDeterministic(right: ResolvedRelation): void {
  visitPlan(right, (p) => {
    if (expressionsOf(p).every(isDeterministic)) return true;
    throw fail("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.NON_DETERMINISTIC_LATERAL_SUBQUERIES", {
      treeNode: "LateralJoin",
    });
  });
}

/** The right side sees the left's columns as an enclosing query's. */
function* lateralOver(
  left: Resolved,
  rightRel: Relation,
  joinType: JoinType,
  joinCondition: Expression | undefined,
  usingColumns: readonly string[],
  origin: Origin | undefined,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  if (joinType !== "inner" && joinType !== "cross" && joinType !== "leftOuter") {
    throw fail("INVALID_LATERAL_JOIN_TYPE", { joinType: LABELS[joinType] }, origin);
  }
  const env = { inputs: [left], scope };
  const right = (yield resolveRelation(rightRel, { ...scope, outer: { env } }, state)) as Resolved;
  checkCorrelation(right.plan);
  if (!isOneRow(left.plan)) checkDeterministic(right.plan);
  return (yield joinOver(
    left,
    right,
    {
      joinType,
      usingColumns,
      ...(joinCondition === undefined ? {} : { joinCondition }),
      ...(origin === undefined ? {} : { origin }),
    },
    scope,
    state,
    true,
  )) as Resolved;
}
