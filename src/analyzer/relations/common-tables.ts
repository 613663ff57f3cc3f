import type { Attr } from "../../functions/expr.ts";
import type { CommonTableExpression, Relation, SetOperation, With } from "../../plan/relation.ts";
import { foreachNode } from "../../plan/traverse.ts";
import { sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { fail } from "../errors.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { CommonTable, RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { renameColumns } from "./columns.ts";
import { exact } from "./exact.ts";

const DEFAULT_RECURSION_LIMIT = 100;

/** WITH: definitions resolved in order, each seeing those before it. */
export function* resolveWith(rel: With, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const tables = new Map<string, CommonTable>();
  const inner: RelationScope = { ...scope, commonTables: { tables, outer: scope.commonTables } };
  const definitions: { readonly id: number; readonly plan: ResolvedRelation }[] = [];
  for (const definition of rel.relations) {
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
  const body = exact((yield resolveRelation(definition.plan, scope, state)) as Resolved);
  const named =
    definition.columnAliases === undefined
      ? body
      : renameColumns(body, definition.columnAliases, definition.plan.origin, state);
  return exact(named);
}

function refersTo(plan: Relation, name: string): boolean {
  let isUsed = false;
  const key = name.toLowerCase();
  foreachNode(plan, (node) => {
    if (node.kind === "ReadTable" && (node.nameParts?.length ?? 1) === 1) {
      isUsed ||= (node.nameParts?.[0] ?? node.unparsedIdentifier).toLowerCase() === key;
    }
  });
  return isUsed;
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
  for (const [i, a] of step.output.entries()) {
    const expected = (anchor.output[i] as Attr).type;
    if (!sameTypeIgnoringNullability(a.type, expected)) {
      throw fail("CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE", {
        left: quotedSqlType(expected),
        right: quotedSqlType(a.type),
      });
    }
  }
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
  return {
    plan: {
      kind: "RRecursive",
      id,
      anchor: anchor.plan,
      step: step.plan,
      isAll: union.isAll,
      columns,
      maxRecursion,
    },
    output: columns,
    hidden: [],
    planIds: undefined,
  };
}

function unionOf(plan: Relation): SetOperation | undefined {
  let p = plan;
  while (p.kind === "SubqueryAlias" && p.columnAliases === undefined) p = p.input;
  return p.kind === "SetOperation" && p.setOpType === "union" ? p : undefined;
}
