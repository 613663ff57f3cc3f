import { unsupported } from "../../errors/spark-error.ts";
import { castTo, commonType } from "../../functions/coercion.ts";
import type { Attr, NamedExpr } from "../../functions/expr.ts";
import type { Origin } from "../../plan/origin.ts";
import type { CommonTableExpression, Relation, With } from "../../plan/relation.ts";
import { childrenOf, type PlanNode } from "../../plan/traverse.ts";
import { sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { findWindow, isDeterministic } from "../checks.ts";
import { fail } from "../errors.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import { expressionsOf, planOf, subqueriesIn, visitPlan } from "../resolved-tree.ts";
import type { CommonTable, RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { renameColumns } from "./columns.ts";
import { exact } from "./exact.ts";
import { findCommonTable } from "./tables.ts";

const DEFAULT_RECURSION_LIMIT = 100;
const DEFAULT_RECURSION_ROWS = 1_000_000;

/** WITH: definitions resolved in order, each seeing those before it. */
export function* resolveWith(rel: With, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const tables = new Map<string, CommonTable>();
  const inner: RelationScope = { ...scope, commonTables: { tables, outer: scope.commonTables } };
  const definitions: { readonly id: number; readonly plan: ResolvedRelation }[] = [];
  for (const definition of rel.relations) {
    checkNesting(definition.name, scope, rel, state);
    const id = state.nextId();
    const isRecursive = rel.isRecursive && refersTo(definition.plan, definition.name);
    const body = isRecursive
      ? ((yield resolveRecursive(definition, id, inner, tables, state)) as Resolved)
      : ((yield resolveDefinition(definition, inner, state)) as Resolved);
    definitions.push({ id, plan: body.plan });
    tables.set(definition.name.toLowerCase(), { id, name: definition.name, output: body.output });
  }
  const input = (yield resolveRelation(rel.input, inner, state)) as Resolved;
  const wrap = (plan: ResolvedRelation): ResolvedRelation => ({ kind: "RCteDef", definitions, input: plan });
  return wrapped(input, wrap);
}

/** One policy of older versions: a name that an enclosing query defines too is refused. */
function checkNesting(name: string, scope: RelationScope, rel: With, state: AnalysisState): void {
  if (state.conf.get("spark.sql.legacy.ctePrecedencePolicy")?.toUpperCase() !== "EXCEPTION") return;
  if (!state.wholeQueries.has(rel) || findCommonTable(name, outerTables(scope)) === undefined) return;
  throw fail(
    "AMBIGUOUS_ALIAS_IN_NESTED_CTE",
    {
      name: quoteIdentifier(name),
      config: '"spark.sql.legacy.ctePrecedencePolicy"',
      docroot: "https://spark.apache.org/docs/latest",
    },
    rel.origin,
  );
}

function outerTables(scope: RelationScope): RelationScope["commonTables"] {
  return scope.commonTables ?? scope.outer?.env.scope.commonTables;
}

/** The query under its definitions; ORDER BY above still reaches into it. */
function wrapped(r: Resolved, wrap: (plan: ResolvedRelation) => ResolvedRelation): Resolved {
  const { grouped: _, below, ...rest } = r;
  return {
    ...rest,
    plan: wrap(r.plan),
    ...(below === undefined
      ? {}
      : {
          below: {
            input: below.input,
            extend: (input, extra) => {
              const extended = below.extend(input, extra);
              return extended === undefined ? undefined : wrapped(extended, wrap);
            },
          },
        }),
  };
}

function* resolveDefinition(
  definition: CommonTableExpression,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  state.wholeQueries.add(definition.plan);
  const body = exact((yield resolveRelation(definition.plan, scope, state)) as Resolved);
  const named =
    definition.columnAliases === undefined
      ? body
      : renameColumns(body, definition.columnAliases, definition.plan.origin, state);
  return exact(named);
}

/** Whether a query reads the table of that name, and not one of its own with the same name. */
function refersTo(plan: Relation, name: string): boolean {
  const key = name.toLowerCase();
  const open: PlanNode[] = [plan];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === "ReadTable" && (node.nameParts?.length ?? 1) === 1) {
      if ((node.nameParts?.[0] ?? node.unparsedIdentifier).toLowerCase() === key) return true;
    }
    if (node.kind !== "With") {
      open.push(...childrenOf(node));
      continue;
    }
    const at = node.relations.findIndex((r) => r.name.toLowerCase() === key);
    const outside = at < 0 ? node.relations : node.relations.slice(0, node.isRecursive ? at : at + 1);
    open.push(...outside.map((r) => r.plan), ...(at < 0 ? [node.input] : []));
  }
  return false;
}

/** `anchor UNION [ALL] step`, where the step reads the table being defined. */
function* resolveRecursive(
  definition: CommonTableExpression,
  id: number,
  scope: RelationScope,
  tables: Map<string, CommonTable>,
  state: AnalysisState,
): Step<Resolved> {
  const union = unionOf(definition.plan);
  if (union === undefined || refersTo(union.leftInput, definition.name)) {
    throw fail("INVALID_RECURSIVE_CTE", {}, definition.plan.origin);
  }
  if (!union.isAll) throw fail("UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE", {}, definition.plan.origin);
  const aliases = definition.columnAliases;
  const anchorBody = exact((yield resolveRelation(union.leftInput, scope, state)) as Resolved);
  const anchor =
    aliases === undefined
      ? anchorBody
      : exact(renameColumns(anchorBody, aliases, definition.plan.origin, state));
  const key = definition.name.toLowerCase();
  const before = tables.get(key);
  const assumed = anchor.output.map((a): Attr => ({ ...a, nullable: true, qualifier: [] }));
  const recursion = { isUsed: false };
  tables.set(key, { id, name: definition.name, output: assumed, recursion });
  const step = exact((yield resolveRelation(union.rightInput, scope, state)) as Resolved);
  if (before === undefined) tables.delete(key);
  else tables.set(key, before);
  checkPlace(step.plan, id, definition.plan.origin);
  checkSeeds(step.plan);
  if (!recursion.isUsed) throw fail("INVALID_RECURSIVE_REFERENCE.PLACE", {}, definition.plan.origin);
  if (step.output.length !== anchor.output.length) {
    throw fail(
      "NUM_COLUMNS_MISMATCH",
      {
        operator: "UNION",
        firstNumColumns: `${anchor.output.length}`,
        invalidOrdinalNum: "second",
        invalidNumColumns: `${step.output.length}`,
      },
      union.origin,
    );
  }
  const cast = step.output.map((a, i): NamedExpr => {
    const expected = (anchor.output[i] as Attr).type;
    if (sameTypeIgnoringNullability(a.type, expected)) return a;
    const common = commonType(expected, a.type, state.conf);
    if (common === undefined || !sameTypeIgnoringNullability(common, expected)) {
      throw fail("CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE", {
        left: quotedSqlType(expected),
        right: quotedSqlType(a.type),
      });
    }
    const child = castTo(a, expected, state.conf);
    return {
      kind: "AliasExpr",
      child,
      id: state.nextId(),
      name: a.name,
      type: child.type,
      nullable: child.nullable,
    };
  });
  const stepPlan: ResolvedRelation = cast.every((c) => c.kind === "Attr")
    ? step.plan
    : { kind: "RProject", input: step.plan, columns: cast };
  const columns = anchor.output.map(
    (a): Attr => ({
      kind: "Attr",
      id: state.nextId(),
      name: a.name,
      type: a.type,
      nullable: true,
      qualifier: [],
    }),
  );
  const limit = Number(state.conf.get("spark.sql.cteRecursionLevelLimit") ?? DEFAULT_RECURSION_LIMIT);
  const maxRecursion = definition.maxRecursion ?? limit;
  const maxRows = Number(state.conf.get("spark.sql.cteRecursionRowLimit") ?? DEFAULT_RECURSION_ROWS);
  return {
    plan: {
      kind: "RRecursive",
      id,
      anchor: anchor.plan,
      step: stepPlan,
      isAll: union.isAll,
      columns,
      maxRecursion,
      maxRows,
    },
    output: columns,
    hidden: [],
    planIds: undefined,
  };
}

interface Recursion {
  readonly leftInput: Relation;
  readonly rightInput: Relation;
  readonly isAll: boolean;
  readonly origin?: Origin;
}

/** Anchor and step of a recursive definition; what the definition defines for itself holds for both. */
function unionOf(plan: Relation): Recursion | undefined {
  switch (plan.kind) {
    case "SetOperation":
      return plan.setOpType === "union" ? plan : undefined;
    case "SubqueryAlias":
      return plan.columnAliases === undefined ? unionOf(plan.input) : undefined;
    case "With": {
      const inner = unionOf(plan.input);
      if (inner === undefined) return undefined;
      const around = (input: Relation): Relation => ({ ...plan, input });
      return { ...inner, leftInput: around(inner.leftInput), rightInput: around(inner.rightInput) };
    }
    default:
      return undefined;
  }
}

/** Spark moves the seeds of random functions on from level to level. */
function checkSeeds(step: ResolvedRelation): void {
  visitPlan(step, (p) => {
    if (!expressionsOf(p).every(isDeterministic)) throw unsupported("random functions in a recursive query");
    return true;
  });
}

/** Spark repeats only what can be computed from the last level's rows alone. */
function checkPlace(step: ResolvedRelation, id: number, origin: Origin | undefined): void {
  const wrong = () => fail("INVALID_RECURSIVE_REFERENCE.PLACE", {}, origin);
  const uses = (p: ResolvedRelation): boolean => {
    let isUsed = false;
    visitPlan(p, (q) => {
      if (q.kind === "RCteRef" && q.id === id) isUsed = true;
      for (const e of expressionsOf(q))
        for (const sub of subqueriesIn(e)) {
          if (uses(planOf(sub))) checkPlace(planOf(sub), id, origin);
        }
      return !isUsed;
    });
    return isUsed;
  };
  visitPlan(step, (p) => {
    switch (p.kind) {
      case "RAggregate":
      case "RDistinct":
      case "RSort":
        if (uses(p.input)) throw wrong();
        return false;
      case "RJoin": {
        const isLeftOptional = p.joinType === "rightOuter" || p.joinType === "fullOuter";
        const isRightOptional = ["leftOuter", "fullOuter", "leftSemi", "leftAnti"].includes(p.joinType);
        if ((isLeftOptional && uses(p.left)) || (isRightOptional && uses(p.right))) throw wrong();
        return true;
      }
      case "RSetOp":
        if (p.op !== "union" && uses(p)) throw wrong();
        return true;
      case "RProject":
        if (p.columns.some((c) => findWindow(c) !== undefined) && uses(p.input)) throw wrong();
        uses(p);
        return true;
      default:
        uses(p);
        return true;
    }
  });
}
