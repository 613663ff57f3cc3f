import { attrsIn, rewriteExpr } from "../../analyzer/expr-rewrite.ts";
import { outputOf } from "../../analyzer/output.ts";
import type { ResolvedRelation, RProject } from "../../analyzer/resolved-relation.ts";
import { expressionsOf, planOf, rewritePlan, subqueriesIn, visitPlan } from "../../analyzer/resolved-tree.ts";
import type { AliasExpr, Attr, Call, Expr, NamedExpr, SortExpr, SubqueryExpr } from "../../functions/expr.ts";
import { childrenOf, someExpr } from "../../functions/expr-tree.ts";
import { mayRaise } from "../../functions/may-raise.ts";
import { type PartitionOptions, placePartitions } from "./partitions.ts";

/** Rewrites what Spark allows and DuckDB does not, or evaluates otherwise, into what means the same there. */
export function normalize(
  plan: ResolvedRelation,
  options: Omit<PartitionOptions, "nextId">,
): ResolvedRelation {
  let id = 1_000_000_000;
  const nextId = (): number => id++;
  const recursions = recursionsIn(plan);
  const walk = (root: ResolvedRelation): ResolvedRelation =>
    rewritePlan(placePartitions(root, { ...options, nextId }), (p) =>
      normalizeOne(limitRecursion(p, recursions, walk), nextId, walk),
    );
  return walk(plan);
}

type Walk = (plan: ResolvedRelation) => ResolvedRelation;

function normalizeOne(p: ResolvedRelation, nextId: () => number, walk: Walk): ResolvedRelation {
  const value = (e: Expr): Expr => inSubqueries(pushedNot(subplans(e, walk)));
  switch (p.kind) {
    case "RProject": {
      const lifted: AliasExpr[] = [];
      const columns = p.columns.map((c) => liftSubqueries(value(c), lifted, nextId) as NamedExpr);
      return separateWindows({ ...p, input: withColumns(p.input, lifted), columns }, nextId);
    }
    case "RFilter": {
      const lifted: AliasExpr[] = [];
      const parts = separated(p.condition);
      if (parts !== undefined) {
        const input: ResolvedRelation = { ...p, condition: parts.plain };
        return normalizeOne({ ...p, input, condition: parts.rest }, nextId, walk);
      }
      const own = subplans(p.condition, walk);
      const condition = conjuncts(pushedNot(liftSubqueries(own, lifted, nextId)));
      if (lifted.length === 0) return { ...p, condition };
      return {
        kind: "RProject",
        input: { ...p, input: withColumns(p.input, lifted), condition },
        columns: outputOf(p.input),
      };
    }
    case "RJoin": {
      const generated = lateralGenerate(p);
      if (generated !== undefined) return generated;
      if (p.condition === undefined) return p;
      const own = subplans(p.condition, walk);
      if (p.joinType !== "inner" && p.joinType !== "cross") return outerJoin(p, own, nextId);
      return { ...p, condition: conjuncts(pushedNot(own)) };
    }
    case "RAggregate":
      return { ...p, grouping: p.grouping.map(value), columns: p.columns.map((c) => value(c) as NamedExpr) };
    case "RSort":
      return { ...p, order: p.order.map((o) => value(o) as SortExpr) };
    case "RGenerate":
      return { ...p, generator: value(p.generator) as Call };
    case "RUdfStage":
      return { ...p, calls: p.calls.map((c) => ({ ...c, args: c.args.map(value) })) };
    default:
      return p;
  }
}

/**
 * A condition in two: what has no subquery and cannot raise goes first, so that subqueries are asked for the rows that it
 * leaves and not for all combinations of the inputs.
 */
function separated(condition: Expr): { readonly plain: Expr; readonly rest: Expr } | undefined {
  if (!someExpr(condition, (e) => e.kind === "SubqueryExpr")) return undefined;
  const plain: Expr[] = [];
  const rest: Expr[] = [];
  const open: Expr[] = [condition];
  for (let e = open.pop(); e !== undefined; e = open.pop()) {
    if (e.kind === "Call" && e.fn === "and") open.push(...[...e.args].reverse());
    else (mayRaise(e) || someExpr(e, (x) => x.kind === "SubqueryExpr") ? rest : plain).push(e);
  }
  return plain.length === 0 ? undefined : { plain: conjunction(plain), rest: conjunction(rest) };
}

function conjunction(parts: readonly Expr[]): Expr {
  return parts.reduce((a, b) => ({
    kind: "Call",
    fn: "and",
    args: [a, b],
    type: { kind: "boolean" },
    nullable: a.nullable || b.nullable,
  }));
}

function withColumns(input: ResolvedRelation, columns: readonly AliasExpr[]): ResolvedRelation {
  if (columns.length === 0) return input;
  return { kind: "RProject", input, columns: [...outputOf(input), ...columns] };
}

/** Functions whose SQL names each argument once, as it is. */
const PLAIN = new Set([
  "and",
  "or",
  "not",
  "=",
  "==",
  "<=>",
  "<",
  "<=",
  ">",
  ">=",
  "coalesce",
  "isnull",
  "isnotnull",
]);

/**
 * Subqueries deep inside expressions become columns below: the SQL of a function may repeat its arguments or bind them
 * in lambdas, where DuckDB takes no subqueries.
 */
function liftSubqueries(root: Expr, lifted: AliasExpr[], nextId: () => number): Expr {
  if (!someExpr(root, (e) => e.kind === "SubqueryExpr")) return root;
  return rewriteExpr(root, (e) => {
    if (e.kind === "SubqueryExpr" || e.kind === "AliasExpr") return undefined;
    if (e.kind === "Call" && PLAIN.has(e.fn)) return undefined;
    if (e.kind === "Lit" || e.kind === "Attr" || e.kind === "OuterAttr" || e.kind === "LambdaVar") return e;
    return rewriteExpr(e, (x) => {
      if (x.kind !== "SubqueryExpr") return undefined;
      const own: Expr = x.subqueryType === "in" ? inSubqueries(x) : x;
      const alias: AliasExpr = {
        kind: "AliasExpr",
        child: own,
        id: nextId(),
        name: "subquery",
        type: x.type,
        nullable: x.nullable,
      };
      lifted.push(alias);
      return {
        kind: "Attr",
        id: alias.id,
        name: alias.name,
        type: x.type,
        nullable: x.nullable,
        qualifier: [],
      };
    });
  });
}

/** The plans of subqueries, normalized too. */
function subplans(root: Expr, walk: Walk): Expr {
  if (!someExpr(root, (e) => e.kind === "SubqueryExpr")) return root;
  return rewriteExpr(
    root,
    () => undefined,
    (e) => (e.kind === "SubqueryExpr" ? { ...e, plan: walk(planOf(e)) } : e),
  );
}

/** Where there are IN subqueries: NOT moved down to what it negates, as Spark simplifies before it looks at them. */
function pushedNot(root: Expr): Expr {
  if (!someExpr(root, isIn)) return root;
  return rewriteExpr(root, (e) => {
    if (e.kind !== "Call" || e.fn !== "not") return undefined;
    const [inner] = e.args;
    if (inner?.kind !== "Call") return undefined;
    const negated = (x: Expr): Expr => pushedNot({ ...e, args: [x] });
    if (inner.fn === "not") return pushedNot(inner.args[0] as Expr);
    if (inner.fn === "and") return { ...inner, fn: "or", args: inner.args.map(negated) };
    if (inner.fn === "or") return { ...inner, fn: "and", args: inner.args.map(negated) };
    return undefined;
  });
}

/**
 * Spark computes IN (SELECT ...) as the existence of a match, so that it is never null: no match is false. NOT IN is
 * the absence of a match, a null counting as one. As a condition of its own a filter cannot tell.
 */
function inSubqueries(root: Expr): Expr {
  if (!someExpr(root, isIn)) return root;
  return rewriteExpr(root, (e) => {
    if (e.kind === "Call" && e.fn === "not" && e.args[0] !== undefined && isIn(e.args[0])) {
      return { ...e, args: [orElse(e.args[0] as SubqueryExpr, true)] };
    }
    return isIn(e) ? orElse(e as SubqueryExpr, false) : undefined;
  });
}

function isIn(e: Expr): boolean {
  return e.kind === "SubqueryExpr" && e.subqueryType === "in";
}

function orElse(e: SubqueryExpr, value: boolean): Expr {
  const otherwise: Expr = { kind: "Lit", type: { kind: "boolean" }, nullable: false, value };
  return { kind: "Call", fn: "coalesce", args: [e, otherwise], type: { kind: "boolean" }, nullable: false };
}

function conjuncts(e: Expr): Expr {
  if (e.kind === "Call" && e.fn === "and") return { ...e, args: e.args.map(conjuncts) };
  const inner = e.kind === "Call" && e.fn === "not" ? (e.args[0] as Expr) : e;
  return isIn(inner) ? e : inSubqueries(e);
}

/** DuckDB takes no subqueries in conditions of outer joins: they become columns of the side that they are about. */
function outerJoin(
  p: Extract<ResolvedRelation, { kind: "RJoin" }>,
  condition: Expr,
  nextId: () => number,
): ResolvedRelation {
  const lifted: { readonly left: AliasExpr[]; readonly right: AliasExpr[] } = { left: [], right: [] };
  const leftIds = new Set(outputOf(p.left).map((a) => a.id));
  const rewritten = rewriteExpr(inSubqueries(pushedNot(condition)), (e) => {
    if (e.kind !== "SubqueryExpr") return undefined;
    const about = [...(e.outer ?? []), ...(e.values ?? []).flatMap(attrsIn)];
    const side = about.every((a) => leftIds.has(a.id)) ? "left" : "right";
    if (side === "right" && about.some((a) => leftIds.has(a.id))) return e;
    const { type, nullable } = e;
    const alias: AliasExpr = { kind: "AliasExpr", child: e, id: nextId(), name: "subquery", type, nullable };
    lifted[side].push(alias);
    return { kind: "Attr", id: alias.id, name: alias.name, type, nullable, qualifier: [] };
  });
  if (lifted.left.length + lifted.right.length === 0) return { ...p, condition: rewritten };
  return {
    kind: "RProject",
    input: {
      ...p,
      left: withColumns(p.left, lifted.left),
      right: withColumns(p.right, lifted.right),
      condition: rewritten,
    },
    columns: outputOf(p),
  };
}

/** `LATERAL explode(column)`: no join is needed to make rows of one. */
function lateralGenerate(p: Extract<ResolvedRelation, { kind: "RJoin" }>): ResolvedRelation | undefined {
  if (p.isLateral !== true || p.condition !== undefined) return undefined;
  const renamings: RProject[] = [];
  let right = p.right;
  while (right.kind === "RProject") {
    renamings.push(right);
    right = right.input;
  }
  if (right.kind !== "RGenerate" || right.input.kind !== "ROneRow") return undefined;
  const isRenaming = (c: NamedExpr) => c.kind === "Attr" || c.child.kind === "Attr";
  if (!renamings.every((r) => r.columns.every(isRenaming))) return undefined;
  const own = rewriteExpr(right.generator, (e) => (e.kind === "OuterAttr" ? e.attr : undefined)) as Call;
  const left = outputOf(p.left);
  let plan: ResolvedRelation = {
    ...right,
    input: p.left,
    generator: own,
    isOuter: right.isOuter || p.joinType === "leftOuter",
  };
  for (const r of renamings.reverse()) plan = { ...r, input: plan, columns: [...left, ...r.columns] };
  return plan;
}

/** Window functions over window functions are computed one projection above the other. */
function separateWindows(p: RProject, nextId: () => number): ResolvedRelation {
  const isNested = (e: Expr): boolean =>
    someExpr(
      e,
      (x) =>
        x.kind === "WindowExpr" && childrenOf(x).some((c) => someExpr(c, (y) => y.kind === "WindowExpr")),
    );
  if (!p.columns.some(isNested)) return p;
  const inner: AliasExpr[] = [];
  const columns = p.columns.map((c) => liftWindows(c, inner, nextId) as NamedExpr);
  const below = separateWindows(
    { kind: "RProject", input: p.input, columns: [...outputOf(p.input), ...inner] },
    nextId,
  );
  return { ...p, input: below, columns };
}

function liftWindows(root: Expr, lifted: AliasExpr[], nextId: () => number): Expr {
  return rewriteExpr(root, (e) => {
    if (e.kind !== "WindowExpr") return undefined;
    const within = (x: Expr): Expr =>
      rewriteExpr(x, (y) => {
        if (y.kind !== "WindowExpr") return undefined;
        const alias: AliasExpr = {
          kind: "AliasExpr",
          child: y,
          id: nextId(),
          name: "window",
          type: y.type,
          nullable: y.nullable,
        };
        lifted.push(alias);
        const attr: Attr = {
          kind: "Attr",
          id: alias.id,
          name: "window",
          type: y.type,
          nullable: y.nullable,
          qualifier: [],
        };
        return attr;
      });
    return {
      ...e,
      fn: { ...e.fn, args: e.fn.args.map(within) },
      partitionBy: e.partitionBy.map(within),
      orderBy: e.orderBy.map((o) => within(o) as SortExpr),
    };
  });
}

type Recursions = ReadonlyMap<number, Extract<ResolvedRelation, { kind: "RRecursive" }>>;

function recursionsIn(root: ResolvedRelation): Recursions {
  const found = new Map<number, Extract<ResolvedRelation, { kind: "RRecursive" }>>();
  const open: ResolvedRelation[] = [root];
  for (let plan = open.pop(); plan !== undefined; plan = open.pop()) {
    visitPlan(plan, (p) => {
      if (p.kind === "RCteDef")
        for (const d of p.definitions) if (d.plan.kind === "RRecursive") found.set(d.id, d.plan);
      for (const e of expressionsOf(p)) for (const s of subqueriesIn(e)) open.push(planOf(s));
      return true;
    });
  }
  return found;
}

/** A recursive table under a LIMIT is made anew, for just so many rows: it might not end otherwise. */
function limitRecursion(p: ResolvedRelation, recursions: Recursions, walk: Walk): ResolvedRelation {
  if (recursions.size === 0 || p.kind !== "RLimit" || (p.limit === undefined && p.offset !== undefined))
    return p;
  // LIMIT ALL: as many as there are.
  const limit = p.limit === undefined ? -1 : p.limit + (p.offset ?? 0);
  const input = limited(p.input, limit, recursions, walk);
  return input === undefined ? p : { ...p, input };
}

function limited(
  p: ResolvedRelation,
  limit: number,
  recursions: Recursions,
  walk: Walk,
): ResolvedRelation | undefined {
  switch (p.kind) {
    case "RProject":
    case "RCteDef": {
      const input = limited(p.input, limit, recursions, walk);
      return input && { ...p, input };
    }
    case "RSetOp": {
      if (p.op !== "union" || !p.isAll) return undefined;
      const inputs = p.inputs.map((x) => limited(x, limit, recursions, walk));
      return inputs.every((x) => x === undefined)
        ? undefined
        : { ...p, inputs: p.inputs.map((x, i) => inputs[i] ?? x) };
    }
    case "RCteRef": {
      const recursion = recursions.get(p.id);
      if (recursion === undefined) return undefined;
      return {
        kind: "RProject",
        input: { ...recursion, anchor: walk(recursion.anchor), step: walk(recursion.step), limit },
        columns: p.columns.map((c, i): NamedExpr => {
          const child = recursion.columns[i] as Attr;
          return { kind: "AliasExpr", child, id: c.id, name: c.name, type: c.type, nullable: c.nullable };
        }),
      };
    }
    default:
      return undefined;
  }
}
