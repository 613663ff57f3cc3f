import { outputOf } from "../../analyzer/output.ts";
import type { ResolvedRelation, RJoin } from "../../analyzer/resolved-relation.ts";
import { inputsOf } from "../../analyzer/resolved-tree.ts";
import type { Attr, Call, Expr } from "../../functions/expr.ts";
import { someExpr } from "../../functions/expr-tree.ts";
import { entryOf, findEntry } from "../../functions/registry.ts";
import type { DataType } from "../../types/data-type.ts";
import { INTEGER } from "../../types/data-type.ts";

/**
 * In which order rows come that no ORDER BY orders: as they come from Spark when the data is small. What follows from
 * its choice of algorithms is decided here; the SQL is written elsewhere.
 */

/** Aggregates that keep whole objects while they run; they are hashed whatever their type. */
const OBJECTS = new Set([
  "collect_list",
  "array_agg",
  "collect_set",
  "percentile",
  "percentile_approx",
  "approx_percentile",
  "median",
  "percentile_cont",
  "percentile_disc",
  "mode",
  "listagg",
  "string_agg",
  "histogram_numeric",
  "count_min_sketch",
  "bitmap_construct_agg",
]);

/** Whether Spark sorts the rows by the keys: an aggregate's state has a part that cannot be changed in place. */
export function isSortAggregate(plan: Extract<ResolvedRelation, { kind: "RAggregate" }>): boolean {
  const calls: Call[] = [];
  for (const c of plan.columns) {
    someExpr(c, (e) => {
      if (e.kind === "Call" && findEntry(e.fn)?.kind === "aggregate") calls.push(e);
      return false;
    });
  }
  if (calls.some((c) => OBJECTS.has(c.fn))) return false;
  return calls.some((c) => {
    const entry = entryOf(c.fn);
    return KEEPS_VALUE.has(entry.name) && !isMutable(c.type);
  });
}

const KEEPS_VALUE = new Set([
  "min",
  "max",
  "first",
  "last",
  "first_value",
  "last_value",
  "any_value",
  "max_by",
  "min_by",
]);

/** Fixed in size, so that it can be overwritten where it stands. */
export function isMutable(t: DataType): boolean {
  switch (t.kind) {
    case "string":
    case "char":
    case "varchar":
    case "binary":
    case "array":
    case "map":
    case "struct":
    case "variant":
      return false;
    default:
      return true;
  }
}

/** The partition that a row goes to when rows are shuffled by these keys; undefined where it cannot be told. */
export function partitionOf(keys: readonly Expr[], partitions: number): Expr | undefined {
  if (findEntry("hash") === undefined || findEntry("pmod") === undefined || keys.length === 0)
    return undefined;
  if (keys.some((k) => hasMap(k.type))) return undefined;
  const hash: Expr = { kind: "Call", fn: "hash", args: keys, type: INTEGER, nullable: false };
  const count: Expr = { kind: "Lit", type: INTEGER, nullable: false, value: partitions };
  return {
    kind: "Call",
    fn: "pmod",
    args: [hash, count],
    type: INTEGER,
    nullable: true,
    extra: { mode: "legacy" },
  };
}

function hasMap(t: DataType): boolean {
  if (t.kind === "map" || t.kind === "variant") return true;
  if (t.kind === "array") return hasMap(t.elementType);
  return t.kind === "struct" && t.fields.some((f) => hasMap(f.dataType));
}

/** How the rows of a join come: those of one side in their order, for each the matches of the other. */
export interface JoinOrder {
  readonly outer: "left" | "right";
  /** Matches come latest first: they are chained in a hash table. */
  readonly isReversed: boolean;
  /** Sorted by these keys of the left and right first. */
  readonly keys?: readonly (readonly [Expr, Expr])[];
}

const BROADCAST_BYTES = 10 * 1024 * 1024;

export function joinOrder(plan: RJoin): JoinOrder {
  if (plan.isLateral === true) return { outer: "left", isReversed: false };
  const keys = equalKeys(plan);
  const hasKeys = keys.length > 0;
  const [left, right] = [sizeOf(plan.left), sizeOf(plan.right)];
  const canLeft = left <= BROADCAST_BYTES;
  const canRight = right <= BROADCAST_BYTES;
  switch (plan.joinType) {
    case "inner":
    case "cross": {
      if (hasKeys && !canLeft && !canRight) return { outer: "left", isReversed: false, keys };
      const buildsRight = canRight && (!canLeft || right <= left);
      return { outer: buildsRight || !canLeft ? "left" : "right", isReversed: hasKeys };
    }
    case "leftOuter":
      if (hasKeys && !canRight) return { outer: "left", isReversed: false, keys };
      return { outer: "left", isReversed: hasKeys };
    case "rightOuter":
      if (hasKeys && !canLeft) return { outer: "left", isReversed: false, keys };
      return { outer: "right", isReversed: hasKeys };
    case "fullOuter":
      return hasKeys ? { outer: "left", isReversed: false, keys } : { outer: "left", isReversed: false };
    default:
      return { outer: "left", isReversed: false };
  }
}

/** Pairs of expressions, one a side, that the condition wants equal. */
function equalKeys(plan: RJoin): readonly (readonly [Expr, Expr])[] {
  const leftIds = new Set(outputOf(plan.left).map((a) => a.id));
  const rightIds = new Set(outputOf(plan.right).map((a) => a.id));
  const sideOf = (e: Expr): "left" | "right" | undefined => {
    let side: "left" | "right" | "both" | undefined;
    someExpr(e, (x) => {
      if (x.kind === "SubqueryExpr" || x.kind === "OuterAttr") side = "both";
      if (x.kind !== "Attr") return false;
      const own = leftIds.has(x.id) ? "left" : rightIds.has(x.id) ? "right" : "both";
      side = side === undefined || side === own ? own : "both";
      return false;
    });
    return side === "both" ? undefined : side;
  };
  const found: (readonly [Expr, Expr])[] = [];
  const open: Expr[] = plan.condition === undefined ? [] : [plan.condition];
  for (let e = open.pop(); e !== undefined; e = open.pop()) {
    if (e.kind !== "Call") continue;
    if (e.fn === "and") open.push(...[...e.args].reverse());
    if (e.fn !== "==" && e.fn !== "=" && e.fn !== "<=>") continue;
    const [a, b] = e.args as [Expr, Expr];
    const [sideA, sideB] = [sideOf(a), sideOf(b)];
    if (sideA === "left" && sideB === "right") found.push([a, b]);
    else if (sideA === "right" && sideB === "left") found.push([b, a]);
  }
  return found;
}

const sizes = new WeakMap<ResolvedRelation, number>();
/** Of what is not known: too large to be sent around. */
const UNKNOWN = Number.MAX_SAFE_INTEGER;

/** Bytes that Spark thinks a relation has. */
export function sizeOf(root: ResolvedRelation): number {
  const stack: ResolvedRelation[] = [root];
  for (let p = stack.at(-1); p !== undefined; p = stack.at(-1)) {
    if (sizes.has(p)) {
      stack.pop();
      continue;
    }
    const open = inputsOf(p).filter((x) => !sizes.has(x));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    sizes.set(
      p,
      ownSize(
        p,
        inputsOf(p).map((x) => sizes.get(x) as number),
      ),
    );
  }
  return sizes.get(root) as number;
}

function ownSize(p: ResolvedRelation, below: readonly number[]): number {
  const [first = 0, second = 0] = below;
  const width = rowSize(outputOf(p));
  switch (p.kind) {
    case "RValues":
      return p.rows.length * width;
    case "RLocal":
      return p.rowCount === undefined ? p.data.reduce((n, d) => n + d.byteLength, 0) : p.rowCount * width;
    case "RRange": {
      const rows = (p.end - p.start) / p.step;
      return Math.max(0, Number(rows)) * 8;
    }
    case "ROneRow":
      return 1;
    case "RScan": {
      const known = p.source.files.every((f) => f.sizeBytes !== undefined) && p.source.files.length > 0;
      return known ? p.source.files.reduce((n, f) => n + (f.sizeBytes ?? 0), 0) : UNKNOWN;
    }
    case "RCteRef":
      return UNKNOWN;
    case "RLimit":
      return p.limit === undefined ? first : Math.min(first, p.limit * width);
    case "RJoin":
      return p.joinType === "leftSemi" || p.joinType === "leftAnti"
        ? first
        : Math.min(UNKNOWN, first * second);
    case "RSetOp":
      return p.op === "union" ? below.reduce((a, b) => a + b, 0) : first;
    case "RFilter":
    case "RSort":
    case "RTail":
    case "RSample":
    case "RRepartition":
    case "RObserve":
      return first;
    case "RCteDef":
      return below.at(-1) ?? 0;
    case "RRecursive":
      return UNKNOWN;
    default: {
      const input = inputsOf(p)[0];
      if (input === undefined || first >= UNKNOWN) return first;
      return Math.max(1, (first * width) / rowSize(outputOf(input)));
    }
  }
}

function rowSize(output: readonly Attr[]): number {
  return 8 + output.reduce((n, a) => n + typeSize(a.type), 0);
}

function typeSize(t: DataType): number {
  switch (t.kind) {
    case "boolean":
    case "byte":
    case "null":
      return 1;
    case "short":
      return 2;
    case "integer":
    case "float":
    case "date":
    case "year_month_interval":
      return 4;
    case "string":
    case "char":
    case "varchar":
      return 20;
    case "binary":
      return 100;
    case "decimal":
      return t.precision <= 18 ? 8 : 16;
    case "calendar_interval":
      return 16;
    case "array":
      return typeSize(t.elementType);
    case "map":
      return typeSize(t.keyType) + typeSize(t.valueType);
    case "struct":
      return t.fields.reduce((n, f) => n + typeSize(f.dataType), 0);
    case "variant":
      return 2048;
    default:
      return 8;
  }
}
