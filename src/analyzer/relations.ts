import { unsupported } from "../errors/spark-error.ts";
import type { Relation } from "../plan/relation.ts";
import { resolveAggregate } from "./relations/aggregate.ts";
import {
  resolveAlias,
  resolveDeduplicate,
  resolveDrop,
  resolveRenamed,
  resolveToDf,
  resolveToSchema,
  resolveWithColumns,
} from "./relations/columns.ts";
import { resolveWith } from "./relations/common-tables.ts";
import { leaf } from "./relations/exact.ts";
import { resolveFilter, resolveHaving, resolveQualify } from "./relations/filter.ts";
import { resolveLateralView, resolveTableFunction } from "./relations/generate.ts";
import { resolveInlineTable } from "./relations/inline-table.ts";
import { resolveJoin, resolveLateralJoin } from "./relations/join.ts";
import {
  resolveCollectMetrics,
  resolveHint,
  resolveRepartition,
  resolveSample,
  resolveSampleBy,
  resolveTableSample,
  resolveWithRelations,
  resolveWithWindows,
} from "./relations/misc.ts";
import { resolveDropNulls, resolveFill, resolveReplace } from "./relations/missing-values.ts";
import { resolveAsOf, resolveNearestBy } from "./relations/nearest.ts";
import { resolveSqlPivot } from "./relations/pivot.ts";
import { resolveProject } from "./relations/project.ts";
import { resolveSetOperation } from "./relations/set-operation.ts";
import { resolveShown } from "./relations/show.ts";
import { resolveLimit, resolveOffset, resolveSort, resolveTail } from "./relations/sort.ts";
import {
  resolveApproxQuantile,
  resolveCorr,
  resolveCov,
  resolveCrosstab,
  resolveDescribe,
  resolveFreqItems,
  resolveSummary,
} from "./relations/statistics.ts";
import {
  readFiles,
  readLocal,
  readRange,
  readRows,
  readTable,
  resolveReadTable,
} from "./relations/tables.ts";
import { resolveTranspose } from "./relations/transpose.ts";
import { resolveUnpivot } from "./relations/unpivot.ts";
import { resolveZip } from "./relations/zip.ts";
import type { PlanIds, RelationScope, Resolved } from "./scope.ts";
import type { AnalysisState } from "./state.ts";
import type { Step } from "./steps.ts";

/** Resolves a relation with all below it. */
export function* resolveRelation(rel: Relation, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const started = resolveKind(rel, scope, state);
  const resolved = "plan" in started ? started : ((yield started) as Resolved);
  return rel.planId === undefined ? resolved : withPlanId(resolved, rel.planId);
}

/** Marks the relation as the DataFrame of that id, for `df["x"]`. */
function withPlanId(r: Resolved, planId: number): Resolved {
  const planIds: PlanIds = {
    planId,
    output: r.output,
    hidden: r.hidden,
    below: r.planIds === undefined ? [] : [r.planIds],
  };
  return { ...r, planIds };
}

function* keptRows(relationId: string, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const found = state.references.remote.get(relationId);
  if (found === undefined) throw unsupported(`the cached relation ${relationId}, which is gone`);
  if (found.kind === "rows") return readRows(found, state);
  return (yield resolveRelation(found.plan, scope, state)) as Resolved;
}

function* commandRows(rel: Relation, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const found = state.references.commandOf(rel);
  if (found.kind === "rows") return readRows(found, state);
  return (yield resolveRelation(found.plan, scope, state)) as Resolved;
}

/** A text's query knows nothing of the names around it, unless it stands in the text itself. */
function sqlScope(scope: RelationScope): RelationScope {
  return { ...scope, commonTables: undefined, outer: undefined, windows: undefined };
}

/** What has nothing below it is resolved at once. */
function resolveKind(rel: Relation, scope: RelationScope, state: AnalysisState): Step<Resolved> | Resolved {
  switch (rel.kind) {
    case "Project":
      return resolveProject(rel, scope, state);
    case "Filter":
      return resolveFilter(rel, scope, state);
    case "Having":
      return resolveHaving(rel, scope, state);
    case "Qualify":
      return resolveQualify(rel, scope, state);
    case "Join":
      return resolveJoin(rel, scope, state);
    case "LateralJoin":
      return resolveLateralJoin(rel, scope, state);
    case "SetOperation":
      return resolveSetOperation(rel, scope, state);
    case "Sort":
      return resolveSort(rel, scope, state);
    case "Limit":
      return resolveLimit(rel, scope, state);
    case "Offset":
      return resolveOffset(rel, scope, state);
    case "Tail":
      return resolveTail(rel, scope, state);
    case "Aggregate":
      return resolveAggregate(rel, scope, state);
    case "SqlPivot":
      return resolveSqlPivot(rel, scope, state);
    case "Unpivot":
      return resolveUnpivot(rel, scope, state);
    case "Transpose":
      return resolveTranspose(rel, scope, state);
    case "SQL":
      return resolveRelation(state.references.parsedSql(rel), sqlScope(scope), state);
    case "ReadTable":
      return resolveReadTable(rel, scope, state);
    case "ReadDataSource":
      return readFiles(rel, state);
    case "LocalRelation":
      return readLocal(rel, state);
    case "CachedLocalRelation": {
      const local = state.references.local.get(rel);
      if (local === undefined) throw unsupported("cached local data that was never sent");
      return readLocal(local, state);
    }
    case "CachedRemoteRelation":
      return keptRows(rel.relationId, scope, state);
    case "CommandRelation":
    case "CatalogRelation":
      return commandRows(rel, scope, state);
    case "Range":
      return readRange(rel, state);
    case "OneRowRelation":
      return leaf({ kind: "ROneRow" }, []);
    case "InlineTable":
      return resolveInlineTable(rel, scope, state);
    case "UnresolvedTableValuedFunction":
      return resolveTableFunction(rel, scope, state);
    case "LateralView":
      return resolveLateralView(rel, scope, state);
    case "SubqueryAlias":
      return resolveAlias(rel, scope, state);
    case "With":
      return resolveWith(rel, scope, state);
    case "WithRelations":
      return resolveWithRelations(rel, scope, state);
    case "WithWindowDefinition":
      return resolveWithWindows(rel, scope, state);
    case "WithColumns":
      return resolveWithColumns(rel, scope, state);
    case "WithColumnsRenamed":
      return resolveRenamed(rel, scope, state);
    case "Drop":
      return resolveDrop(rel, scope, state);
    case "ToDF":
      return resolveToDf(rel, scope, state);
    case "ToSchema":
      return resolveToSchema(rel, scope, state);
    case "Deduplicate":
      return resolveDeduplicate(rel, scope, state);
    case "Repartition":
    case "RepartitionByExpression":
      return resolveRepartition(rel, scope, state);
    case "Hint":
      return resolveHint(rel, scope, state);
    case "Sample":
      return resolveSample(rel, scope, state);
    case "TableSample":
      return resolveTableSample(rel, scope, state);
    case "NAFill":
      return resolveFill(rel, scope, state);
    case "NADrop":
      return resolveDropNulls(rel, scope, state);
    case "NAReplace":
      return resolveReplace(rel, scope, state);
    case "StatDescribe":
      return resolveDescribe(rel, scope, state);
    case "StatSummary":
      return resolveSummary(rel, scope, state);
    case "StatCov":
      return resolveCov(rel, scope, state);
    case "StatCorr":
      return resolveCorr(rel, scope, state);
    case "StatCrosstab":
      return resolveCrosstab(rel, state);
    case "StatApproxQuantile":
      return resolveApproxQuantile(rel, scope, state);
    case "StatFreqItems":
      return resolveFreqItems(rel, scope, state);
    case "StatSampleBy":
      return resolveSampleBy(rel, scope, state);
    case "CollectMetrics":
      return resolveCollectMetrics(rel, scope, state);
    case "ShowString":
    case "HtmlString":
      return resolveShown(rel, scope, state);
    case "AsOfJoin":
      return resolveAsOf(rel, scope, state);
    case "NearestByJoin":
      return resolveNearestBy(rel, scope, state);
    case "Zip":
      return resolveZip(rel, scope, state);
    case "Parse":
      return readTable(state.references.filesOf(rel), state);
    case "MapPartitions":
      throw unsupported("mapInPandas and mapInArrow");
    case "GroupMap":
      throw unsupported("grouped functions (applyInPandas)");
    case "CoGroupMap":
      throw unsupported("cogrouped functions (applyInPandas)");
    case "PythonTableFunction":
      throw unsupported("Python table functions (udtf)");
    case "UnsupportedRelation":
      throw unsupported(rel.feature);
  }
}
