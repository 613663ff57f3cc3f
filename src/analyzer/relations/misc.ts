import { unsupported } from "../../errors/spark-error.ts";
import type { AliasExpr, Attr, Expr, SortExpr } from "../../functions/expr.ts";
import type { LiteralValue } from "../../plan/expression.ts";
import type {
  CollectMetrics,
  Hint,
  Relation,
  Repartition,
  RepartitionByExpression,
  Sample,
  StatSampleBy,
  TableSample,
  WithRelations,
  WithWindowDefinition,
} from "../../plan/relation.ts";
import { foreachNode } from "../../plan/traverse.ts";
import { field, struct } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { isOrderable } from "../checks.ts";
import { fail, quotedExpr } from "../errors.ts";
import { findExpr } from "../expr-rewrite.ts";
import { resolveAll } from "../expressions.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { RelationScope, Resolved, WindowDefinition } from "../scope.ts";
import { resolveItems, type SelectItem } from "../select-items.ts";
import { type AnalysisState, isAggregateCall } from "../state.ts";
import type { Step } from "../steps.ts";
import { groupItems } from "./aggregate.ts";
import { over } from "./exact.ts";
import { exprOf } from "./project.ts";

const KNOWN_HINTS = new Set([
  "broadcast",
  "broadcastjoin",
  "mapjoin",
  "shuffle_merge",
  "shuffle_hash",
  "merge",
  "mergejoin",
  "shuffle_replicate_nl",
  "coalesce",
  "repartition",
  "repartition_by_range",
  "rebalance",
  "merge_into",
]);

/** Hints say how to run a query, never what it gives. */
export function* resolveHint(rel: Hint, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  if (!KNOWN_HINTS.has(rel.name.toLowerCase()))
    state.warnings.push(`Unrecognized hint: ${rel.name}(${rel.parameters.length})`);
  return input;
}

export function* resolveRepartition(
  rel: Repartition | RepartitionByExpression,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  if (rel.numPartitions !== undefined && rel.numPartitions <= 0) {
    throw fail("INTERNAL_ERROR", {
      message: `requirement failed: Number of partitions (${rel.numPartitions}) must be positive.`,
    });
  }
  const of = rel.numPartitions === undefined ? {} : { numPartitions: rel.numPartitions };
  if (rel.kind === "Repartition") {
    const how = rel.shuffle ? "roundRobin" : "coalesce";
    return over(input, (plan) => ({ kind: "RRepartition", input: plan, how, expressions: [], ...of }));
  }
  const isRange = rel.partitionExprs.some((e) => e.kind === "SortOrder");
  const isById = rel.partitionExprs[0]?.kind === "DirectShufflePartitionId";
  const given = rel.partitionExprs.map((e) =>
    e.kind === "SortOrder" || e.kind === "DirectShufflePartitionId" ? e.child : e,
  );
  const resolved = (yield resolveAll(given, { inputs: [input], scope }, state)) as readonly Expr[];
  if (isById && resolved[0] !== undefined && !INTEGRAL.has(resolved[0].type.kind)) {
    throw fail("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {
      sqlExpr: `"direct_shuffle_partition_id(${quotedExpr(resolved[0]).slice(1, -1)})"`,
      paramIndex: "first",
      requiredType: '"INT"',
      inputSql: quotedExpr(resolved[0]),
      inputType: quotedSqlType(resolved[0].type),
    });
  }
  const expressions = !isRange
    ? resolved
    : resolved.map((child, i): Expr => {
        const e = rel.partitionExprs[i];
        const direction = e?.kind === "SortOrder" ? e.direction : "ascending";
        const nulls =
          (e?.kind === "SortOrder" ? e.nullOrdering : undefined) ??
          (direction === "ascending" ? "first" : "last");
        return {
          kind: "SortExpr",
          child,
          direction,
          nullsFirst: nulls === "first",
          type: child.type,
          nullable: child.nullable,
        };
      });
  const how = isById ? "id" : isRange ? "range" : resolved.length === 0 ? "roundRobin" : "hash";
  return over(input, (plan) => ({ kind: "RRepartition", input: plan, how, expressions, ...of }));
}

const INTEGRAL = new Set(["byte", "short", "integer", "long"]);

export function* resolveCollectMetrics(
  rel: CollectMetrics,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const items = (yield resolveItems(rel.metrics, { inputs: [input], scope }, state)) as readonly SelectItem[];
  if (rel.name === "") throw fail("INVALID_OBSERVED_METRICS.MISSING_NAME", { operator: "CollectMetrics" });
  for (const item of items) checkMetric(exprOf(item));
  const metrics = groupItems(input, [], undefined, items, undefined, state);
  state.observations.push({
    name: rel.name,
    ...(rel.planId === undefined ? {} : { planId: rel.planId }),
    plan: metrics.plan,
    schema: struct(metrics.output.map((a) => field(a.name, a.type, a.nullable))),
  });
  return over(input, (plan) => plan);
}

function checkMetric(e: Expr): void {
  const window = findExpr(e, (x) => x.kind === "WindowExpr");
  if (window !== undefined)
    throw fail("INVALID_OBSERVED_METRICS.WINDOW_EXPRESSIONS_UNSUPPORTED", { expr: quotedExpr(e) });
  const distinct = findExpr(e, (x) => isAggregateCall(x) && x.distinct === true);
  if (distinct !== undefined)
    throw fail("INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED", {
      expr: quotedExpr(e),
    });
  const filtered = findExpr(e, (x) => isAggregateCall(x) && x.filter !== undefined);
  if (filtered !== undefined)
    throw fail("INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED", {
      expr: quotedExpr(e),
    });
}

/** Named windows: in scope for everything below. */
export function* resolveWithWindows(
  rel: WithWindowDefinition,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  // Of two WINDOW clauses the inner one counts alone.
  const windows = new Map<string, WindowDefinition>(Object.entries(rel.definitions));
  return (yield resolveRelation(rel.input, { ...scope, windows }, state)) as Resolved;
}

/** Relations that subquery expressions and DataFrame columns of `root` refer to by plan id. */
export function* resolveWithRelations(
  rel: WithRelations,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const references = new Map<number, Relation>(scope.references);
  for (const reference of rel.references) {
    if (reference.planId !== undefined) references.set(reference.planId, reference);
  }
  for (const reference of rel.references) {
    foreachNode(reference, (node) => {
      if (
        "planId" in node &&
        typeof node.planId === "number" &&
        !references.has(node.planId) &&
        node.kind !== "UnresolvedAttribute"
      ) {
        references.set(node.planId, node as Relation);
      }
    });
  }
  const named = rel.references.flatMap((r) =>
    r.kind === "SubqueryAlias" ? [{ name: r.alias, plan: r.input }] : [],
  );
  if (rel.root.kind === "SQL" && named.length > 0) {
    // A text with DataFrames in it, `spark.sql("... {df}", df=df)`: it reads them by their names.
    const input = state.references.parsedSql(rel.root);
    const planId = rel.planId ?? rel.root.planId;
    const texts: Relation = {
      kind: "With",
      isRecursive: false,
      relations: named,
      input,
      ...(planId === undefined ? {} : { planId }),
    };
    const inner = { ...scope, references, commonTables: undefined, outer: undefined, windows: undefined };
    return (yield resolveRelation(texts, inner, state)) as Resolved;
  }
  return (yield resolveRelation(rel.root, { ...scope, references }, state)) as Resolved;
}

export function* resolveSample(rel: Sample, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const given = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const input = rel.deterministicOrder === true ? sortedWithin(given) : given;
  return sampled(input, rel.lowerBound, rel.upperBound, rel.withReplacement, rel.seed, state);
}

/** Rows in an order that is the same each time, within their partitions: the parts of a split leave nothing out. */
function sortedWithin(input: Resolved): Resolved {
  const order = input.output
    .filter((a) => isOrderable(a.type))
    .map(
      (child): SortExpr => ({
        kind: "SortExpr",
        child,
        direction: "ascending",
        nullsFirst: true,
        type: child.type,
        nullable: child.nullable,
      }),
    );
  if (order.length === 0) return input;
  return over(input, (plan) => ({ kind: "RSort", input: plan, order, isGlobal: false }));
}

/** A row is kept when the random number that is drawn for it lies between the bounds. */
function sampled(
  input: Resolved,
  lowerBound: number,
  upperBound: number,
  withReplacement: boolean,
  seed: number | bigint | undefined,
  state: AnalysisState,
): Resolved {
  const fixed = seed === undefined ? state.context.nextSeed() : BigInt(seed);
  return over(input, (plan) => ({
    kind: "RSample",
    input: plan,
    lowerBound,
    upperBound,
    withReplacement,
    seed: fixed,
  }));
}

function literal(value: LiteralValue, type: Expr["type"], nullable = value === null): Expr {
  return { kind: "Lit", type, nullable, value };
}

function randomColumn(seed: bigint, state: AnalysisState): AliasExpr {
  const child = state.call("rand", [literal(seed, { kind: "long" })]);
  return {
    kind: "AliasExpr",
    child,
    id: state.nextId(),
    name: "random",
    type: child.type,
    nullable: child.nullable,
  };
}

function attrOf(a: AliasExpr): Attr {
  return { kind: "Attr", id: a.id, name: a.name, type: a.type, nullable: a.nullable, qualifier: [] };
}

function drawn(input: Resolved, random: AliasExpr, condition: Expr): Resolved {
  const plan: ResolvedRelation = {
    kind: "RProject",
    columns: input.output,
    input: {
      kind: "RFilter",
      condition,
      input: { kind: "RProject", input: input.plan, columns: [...input.output, random] },
    },
  };
  return { plan, output: input.output, hidden: [], planIds: input.planIds };
}

/** `TABLESAMPLE (n PERCENT | n ROWS | BUCKET x OUT OF y)`. */
export function* resolveTableSample(
  rel: TableSample,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const { method } = rel;
  if (method.kind === "rows") {
    const n = Number(state.references.constant(method.rows) ?? Number.NaN);
    if (!Number.isInteger(n) || n < 0)
      throw fail(
        "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE",
        { name: "limit", expr: '"ROWS"' },
        rel.origin,
      );
    return over(input, (plan) => ({ kind: "RLimit", input: plan, limit: n }));
  }
  if (method.kind === "bucket") {
    if (method.on !== undefined) throw unsupported("TABLESAMPLE (BUCKET ... ON ...)");
    return sampled(input, 0, method.numerator / method.denominator, false, rel.seed, state);
  }
  const percent = Number(state.references.constant(method.percent) ?? Number.NaN);
  return sampled(input, 0, percent / 100, false, rel.seed, state);
}

export function* resolveSampleBy(
  rel: StatSampleBy,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const [column] = (yield resolveAll([rel.col], { inputs: [input], scope }, state)) as readonly Expr[];
  const seed = rel.seed === undefined ? state.context.nextSeed() : BigInt(rel.seed);
  const random = randomColumn(seed, state);
  const branches = rel.fractions.flatMap(({ stratum, fraction }): Expr[] => [
    state.call("<=>", [column as Expr, literal(stratum.value, stratum.dataType)]),
    literal(fraction, { kind: "double" }),
  ]);
  const none = literal(0, { kind: "double" });
  const limit = branches.length === 0 ? none : state.call("when", [...branches, none]);
  return drawn(input, random, state.call("<", [attrOf(random), limit]));
}
