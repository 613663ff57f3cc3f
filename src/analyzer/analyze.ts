import "../functions/function-table.ts";
import "./own-functions.ts";
import type { Attr } from "../functions/expr.ts";
import type { Relation } from "../plan/relation.ts";
import type { StructField, StructType } from "../types/data-type.ts";
import type { AnalysisContext, AnalyzedQuery, ShownTable } from "./analyzed-query.ts";
import type { ReferenceTable } from "./references.ts";
import { exact } from "./relations/exact.ts";
import { resolveRelation } from "./relations.ts";
import type { ResolvedRelation } from "./resolved-relation.ts";
import type { RelationScope } from "./scope.ts";
import { AnalysisState } from "./state.ts";
import { runSteps } from "./steps.ts";

/** Second pass, pure: names, types, nullability, errors. */
export function analyze(plan: Relation, references: ReferenceTable, context: AnalysisContext): AnalyzedQuery {
  const state = new AnalysisState(context, references);
  const scope: RelationScope = {
    commonTables: undefined,
    outer: undefined,
    currentDatabase: context.currentDatabase,
    isInView: false,
    viewDepth: 0,
    references: undefined,
    windows: undefined,
  };
  const resolved = exact(runSteps(resolveRelation(plan, scope, state)));
  const autos = autoAliases(resolved.plan);
  const shown = shownTable(plan, resolved.output);
  return {
    plan: resolved.plan,
    schema: schemaOf(resolved.output),
    autoAliased: resolved.output.map((a) => autos.has(a.id)),
    observations: state.observations,
    ...(shown === undefined ? {} : { show: shown }),
    warnings: state.warnings,
  };
}

export function schemaOf(output: readonly Attr[]): StructType {
  return {
    kind: "struct",
    fields: output.map(
      (a): StructField => ({
        name: a.name,
        dataType: a.type,
        nullable: a.nullable,
        ...(a.metadata === undefined ? {} : { metadata: a.metadata }),
      }),
    ),
  };
}

/** Columns named by their own text, as far as nothing stands above that list but what hands columns up. */
function autoAliases(plan: ResolvedRelation): ReadonlySet<number> {
  const out = new Set<number>();
  for (let p: ResolvedRelation | undefined = plan; p !== undefined; ) {
    switch (p.kind) {
      case "RProject":
        for (const c of p.columns) if (c.kind === "AliasExpr" && c.isAuto === true) out.add(c.id);
        p = p.input;
        break;
      case "RFilter":
      case "RSort":
      case "RLimit":
      case "RTail":
      case "RDistinct":
      case "RSample":
      case "RRepartition":
      case "RCteDef":
        p = p.input;
        break;
      default:
        p = undefined;
    }
  }
  return out;
}

function shownTable(plan: Relation, output: readonly Attr[]): ShownTable | undefined {
  if (plan.kind !== "ShowString" && plan.kind !== "HtmlString") return undefined;
  return {
    numRows: plan.numRows,
    truncate: plan.truncate,
    style: plan.kind === "HtmlString" ? "html" : plan.vertical ? "vertical" : "table",
    columnNames: output.map((a) => a.name),
  };
}
