import { IllegalArgumentException } from "../../errors/spark-error.ts";
import type { Attr, Expr, SortExpr } from "../../functions/expr.ts";
import type { AsOfJoin, NearestByJoin } from "../../plan/relation.ts";
import { checkNearestBy } from "../../session/nearest-by.ts";
import { quotedSqlType } from "../../types/format.ts";
import { isOrderable } from "../checks.ts";
import { fail, quotedExpr } from "../errors.ts";
import { rewriteExpr } from "../expr-rewrite.ts";
import { resolveAll, trim } from "../expressions.ts";
import { outputOf } from "../output.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { joinPlanIds } from "./exact.ts";

/** For each row of the left the rows of the right that rank best. */
export function* resolveNearestBy(
  rel: NearestByJoin,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  checkNearestBy(rel);
  const left = (yield resolveRelation(rel.left, scope, state)) as Resolved;
  const right = (yield resolveRelation(rel.right, scope, state)) as Resolved;
  const env = { inputs: [left, right], scope };
  const [found] = (yield resolveAll([rel.rankingExpression], env, state)) as readonly [Expr];
  const rank = trim(found);
  if (!isOrderable(rank.type)) {
    throw fail("NEAREST_BY_JOIN.NON_ORDERABLE_RANKING_EXPRESSION", {
      expression: quotedExpr(rank),
      type: quotedSqlType(rank.type),
    });
  }
  const direction = rel.direction.toLowerCase() === "distance" ? "ascending" : "descending";
  const isOuter = rel.joinType.toLowerCase() !== "inner";
  return best(left, right, [], [sorted(rank, direction)], rel.numResults, isOuter, state);
}

/** For each row of the left the one of the right that is nearest to it in time, or in what else has a difference. */
export function* resolveAsOf(rel: AsOfJoin, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const left = (yield resolveRelation(rel.left, scope, state)) as Resolved;
  const right = (yield resolveRelation(rel.right, scope, state)) as Resolved;
  const direction = rel.direction.toLowerCase();
  if (direction !== "backward" && direction !== "forward" && direction !== "nearest") {
    throw fail("AS_OF_JOIN.UNSUPPORTED_DIRECTION", {
      direction: rel.direction,
      supported: "'forward', 'backward', 'nearest'",
    });
  }
  const type = rel.joinType.toLowerCase().replaceAll("_", "");
  if (!["inner", "left", "leftouter"].includes(type)) {
    throw new IllegalArgumentException({
      condition: "",
      message: `requirement failed: Unsupported as-of join type ${JOIN_NAMES[type] ?? rel.joinType}`,
    });
  }
  const env = { inputs: [left, right], scope };
  const asked = [rel.leftAsOf, rel.rightAsOf, ...(rel.joinExpr === undefined ? [] : [rel.joinExpr])];
  const [l, r, on] = (yield resolveAll(asked, env, state)) as readonly [Expr, Expr, Expr | undefined];
  const conditions: Expr[] = on === undefined ? [] : [trim(on)];
  for (const name of rel.usingColumns) {
    const own = { kind: "UnresolvedAttribute", unparsedIdentifier: name } as const;
    const [a] = (yield resolveAll([own], { inputs: [left], scope }, state)) as readonly [Expr];
    const [b] = (yield resolveAll([own], { inputs: [right], scope }, state)) as readonly [Expr];
    conditions.push(state.call("==", [a, b]));
  }
  const [leftAsOf, rightAsOf] = [trim(l), trim(r)];
  const exact = rel.allowExactMatches ? "=" : "";
  if (direction === "backward") conditions.push(state.call(`>${exact}`, [leftAsOf, rightAsOf]));
  if (direction === "forward") conditions.push(state.call(`<${exact}`, [leftAsOf, rightAsOf]));
  if (direction === "nearest" && !rel.allowExactMatches)
    conditions.push(state.call("not", [state.call("==", [leftAsOf, rightAsOf])]));
  if (rel.tolerance !== undefined) {
    const [given] = (yield resolveAll([rel.tolerance], { inputs: [], scope }, state)) as readonly [Expr];
    const tolerance = trim(given);
    const value = state.references.constant(rel.tolerance);
    const amount =
      typeof value === "number" || typeof value === "bigint" || typeof value === "string"
        ? Number(value)
        : undefined;
    if (amount !== undefined && amount < 0) throw fail("AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE", {});
    if (direction !== "forward")
      conditions.push(state.call(">=", [rightAsOf, state.call("-", [leftAsOf, tolerance])]));
    if (direction !== "backward")
      conditions.push(state.call("<=", [rightAsOf, state.call("+", [leftAsOf, tolerance])]));
  }
  const before = state.call("-", [leftAsOf, rightAsOf]);
  const after = state.call("-", [rightAsOf, leftAsOf]);
  const distance =
    direction === "backward"
      ? before
      : direction === "forward"
        ? after
        : state.call("when", [state.call(">", [leftAsOf, rightAsOf]), before, after]);
  return best(left, right, conditions, [sorted(distance, "ascending")], 1, type !== "inner", state);
}

const JOIN_NAMES: Readonly<Record<string, string>> = {
  right: "RightOuter",
  rightouter: "RightOuter",
  full: "FullOuter",
  outer: "FullOuter",
  fullouter: "FullOuter",
  cross: "Cross",
  semi: "LeftSemi",
  leftsemi: "LeftSemi",
  anti: "LeftAnti",
  leftanti: "LeftAnti",
};

function sorted(child: Expr, direction: SortExpr["direction"]): SortExpr {
  return {
    kind: "SortExpr",
    child,
    direction,
    nullsFirst: false,
    type: child.type,
    nullable: child.nullable,
  };
}

/** The first rows of the right in an order that depends on the row of the left; those without a rank are none. */
function best(
  left: Resolved,
  right: Resolved,
  conditions: readonly Expr[],
  order: readonly SortExpr[],
  limit: number,
  isOuter: boolean,
  state: AnalysisState,
): Resolved {
  const ofLeft = new Set(outputOf(left.plan).map((a) => a.id));
  const inside = <E extends Expr>(e: E): E =>
    rewriteExpr(e, (x) =>
      x.kind === "Attr" && ofLeft.has(x.id)
        ? { kind: "OuterAttr", attr: x, type: x.type, nullable: x.nullable }
        : undefined,
    ) as E;
  const ranked = order.map((o) => state.call("isnotnull", [o.child]));
  const condition = [...conditions, ...ranked].reduce((a, b) => state.call("and", [a, b]));
  const input: ResolvedRelation = { kind: "RFilter", input: right.plan, condition: inside(condition) };
  const rows: ResolvedRelation = { kind: "RSort", input, order: order.map(inside), isGlobal: true };
  const nullable = (attrs: readonly Attr[]) =>
    isOuter ? attrs.map((a) => ({ ...a, nullable: true })) : attrs;
  return {
    plan: {
      kind: "RJoin",
      left: left.plan,
      right: { kind: "RLimit", input: rows, limit },
      joinType: isOuter ? "leftOuter" : "inner",
      isLateral: true,
    },
    output: [...left.output, ...nullable(right.output)],
    hidden: [...left.hidden, ...nullable(right.hidden)],
    planIds: joinPlanIds([left.planIds, right.planIds]),
  };
}
