import { findExpr, rewriteExpr } from "../../analyzer/expr-rewrite.ts";
import { outputOf } from "../../analyzer/output.ts";
import type {
  Arrival,
  RAggregate,
  RDistinct,
  ResolvedRelation,
  RRepartition,
  RSample,
} from "../../analyzer/resolved-relation.ts";
import { expressionsOf, inputsOf, withInputs } from "../../analyzer/resolved-tree.ts";
import type { AliasExpr, Attr, Call, Expr, NamedExpr, SortExpr } from "../../functions/expr.ts";
import { toAttr } from "../../functions/expr.ts";
import { BOOLEAN, type DataType, DOUBLE, INTEGER, LONG } from "../../types/data-type.ts";
import "./place-functions.ts";
import { roundRobinStart } from "./round-robin.ts";
import { joinOrder, partitionOf } from "./row-order.ts";

/**
 * Partitions exist only where something asks for them: functions that count or draw within one, samples, sorts within
 * partitions and repartitioning. There each row gets the number of the partition in which Spark's local run has it, as
 * one more column that nobody sees; everywhere else rows have an order and nothing more.
 */
export interface PartitionOptions {
  /** Partitions of what is read or made without a shuffle: Spark's default parallelism. */
  readonly parallelism: number;
  readonly shufflePartitions: number;
  readonly nextId: () => number;
}

/** Functions whose value depends on the partition or on the rows before in it; the partition is their last argument. */
const PLACED = new Set([
  "rand",
  "randn",
  "monotonically_increasing_id",
  "spark_partition_id",
  "randstr",
  "uuid",
]);

/** Whether the value depends on which rows come before. */
export function dependsOnOrder(e: Expr): boolean {
  return findExpr(e, (x) => x.kind === "Call" && (PLACED.has(x.fn) || IN_ORDER.has(x.fn))) !== undefined;
}
const IN_ORDER = new Set([
  "place_of_row",
  "row_in_order",
  "place_round_robin",
  "poisson_count",
  "distributed_sequence_id",
]);

function isPlacedCall(e: Expr): e is Call {
  return e.kind === "Call" && PLACED.has(e.fn);
}

/** Where the rows of a relation are. */
type Placement =
  /** All in the first partition; known to Spark as well when it plans, or as it turns out. */
  | { readonly kind: "single"; readonly isPlanned?: boolean }
  /** Local rows: dealt out evenly, but only when something other than a projection or filter takes them. */
  | { readonly kind: "local" }
  /** `by` is a column whose equal values are all in the same partition. */
  | { readonly kind: "column"; readonly attr: Attr; readonly count?: number; readonly by?: number };

type Settled = Exclude<Placement, { kind: "local" }>;

const SINGLE: Settled = { kind: "single" };
const PLANNED: Settled = { kind: "single", isPlanned: true };

/** The plan with partitions made columns where they are asked for, and without repartitions and samples. */
export function placePartitions(root: ResolvedRelation, options: PartitionOptions): ResolvedRelation {
  const demanded = demands(root);
  if (demanded === undefined) return root;
  interface Done {
    readonly plan: ResolvedRelation;
    readonly placement: Placement;
  }
  const pass = new Pass(options);
  const results: Done[] = [];
  const stack: { readonly p: ResolvedRelation; readonly isEntered: boolean }[] = [
    { p: root, isEntered: false },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { p, isEntered } = top;
    const inputs = inputsOf(p);
    if (!isEntered && inputs.length > 0) {
      stack.push({ p, isEntered: true });
      for (let i = inputs.length - 1; i >= 0; i--)
        stack.push({ p: inputs[i] as ResolvedRelation, isEntered: false });
      continue;
    }
    const below = results.splice(results.length - inputs.length, inputs.length);
    let done = pass.leave(p, below, demanded.has(p));
    const { placement } = done;
    if (!demanded.has(p) && placement.kind === "column") {
      const isShown = outputOf(done.plan).some((a) => a.id === placement.attr.id);
      done = { plan: isShown ? project(done.plan, outputOf(p)) : done.plan, placement: SINGLE };
    }
    results.push(done);
  }
  return (results[0] as Done).plan;
}

/** Relations whose rows' partitions something above asks for; undefined when there is nothing at all to do. */
function demands(root: ResolvedRelation): ReadonlySet<ResolvedRelation> | undefined {
  const demanded = new Set<ResolvedRelation>();
  let isNeeded = false;
  const open: ResolvedRelation[] = [root];
  for (let p = open.pop(); p !== undefined; p = open.pop()) {
    const own = asks(p);
    const groups = isGrouping(p) && comesApart(p.input);
    isNeeded ||= own || groups || p.kind === "RRepartition" || (p.kind === "RSort" && !p.isGlobal);
    for (const input of inputsOf(p)) {
      if (own || groups || (demanded.has(p) && handsUp(p, input))) demanded.add(input);
      open.push(input);
    }
  }
  return isNeeded ? demanded : undefined;
}

function asks(p: ResolvedRelation): boolean {
  switch (p.kind) {
    case "RSample":
      return true;
    case "RSort":
      return !p.isGlobal || p.order.some((o) => findExpr(o, isPlacedCall) !== undefined);
    case "RRepartition":
      return p.how === "coalesce" ? p.numPartitions !== 1 : p.how !== "id";
    default:
      return expressionsOf(p).some((e) => findExpr(e, isPlacedCall) !== undefined);
  }
}

function isGrouping(p: ResolvedRelation): p is RAggregate | RDistinct {
  return p.kind === "RDistinct" || (p.kind === "RAggregate" && p.grouping.length > 0);
}

/** Beyond so many rows or bytes nobody looks at the order of groups, and telling partitions apart costs time. */
const MAX_ORDERED_ROWS = 100_000n;
const MAX_ORDERED_BYTES = 1 << 20;

/** Whether the rows are made here, local or a range, and few. */
function comesApart(root: ResolvedRelation): boolean {
  let p = root;
  while ((p.kind === "RProject" && handsUp(p, p.input)) || p.kind === "RFilter" || p.kind === "RGenerate")
    p = p.input;
  if (p.kind === "RRange") return (p.end - p.start) / p.step <= MAX_ORDERED_ROWS;
  if (p.kind === "RLocal") return p.data.reduce((n, d) => n + d.byteLength, 0) <= MAX_ORDERED_BYTES;
  return p.kind === "RValues" || p.kind === "ROneRow";
}

/** Whether the rows stay where this input has them. */
function handsUp(p: ResolvedRelation, input: ResolvedRelation): boolean {
  switch (p.kind) {
    case "RProject":
      return !p.columns.some(hasWindow);
    case "RFilter":
    case "RSample":
    case "RGenerate":
    case "RUdfStage":
    case "RObserve":
    case "RCteDef":
      return input === p.input;
    case "RSort":
      return !p.isGlobal;
    case "RSetOp":
      return p.op === "union" && p.isAll;
    case "RJoin": {
      const side = streamed(p);
      return side !== undefined && input === p[side];
    }
    default:
      return false;
  }
}

/** The side of a join whose rows stay where they are while the other side is sent to them. */
function streamed(p: Extract<ResolvedRelation, { kind: "RJoin" }>): "left" | "right" | undefined {
  if (p.joinType === "leftSemi" || p.joinType === "leftAnti") return "left";
  if (p.joinType === "fullOuter") return undefined;
  const { outer, keys } = joinOrder(p);
  return keys === undefined ? outer : undefined;
}

function hasWindow(e: Expr): boolean {
  return findExpr(e, (x) => x.kind === "WindowExpr") !== undefined;
}

function arrivalOf(placement: Placement, keys: readonly Expr[]): Arrival | undefined {
  if (placement.kind === "single") return placement.isPlanned === true ? "here" : undefined;
  if (placement.kind === "local") return undefined;
  const { by } = placement;
  const isApart = by !== undefined && keys.some((k) => k.kind === "Attr" && k.id === by);
  return isApart ? "here" : placement.attr;
}

interface Below {
  readonly plan: ResolvedRelation;
  readonly placement: Placement;
}

class Pass {
  readonly #options: PartitionOptions;

  constructor(options: PartitionOptions) {
    this.#options = options;
  }

  leave(p: ResolvedRelation, below: readonly Below[], isDemanded: boolean): Below {
    const [first] = below as [Below];
    const plan = withInputs(
      p,
      below.map((b) => b.plan),
    );
    switch (plan.kind) {
      case "ROneRow":
        return { plan, placement: PLANNED };
      case "RRange":
        return isDemanded ? this.#range(plan) : { plan, placement: SINGLE };
      case "RLocal":
      case "RValues":
        return { plan, placement: { kind: "local" } };
      case "RProject": {
        const { placement } = first;
        const columns = plan.columns.map((c) => this.#placed(c, placement) as NamedExpr);
        if (columns.some(hasWindow)) return { plan: { ...plan, columns }, placement: SINGLE };
        const hidden = placement.kind === "column" && isDemanded ? [placement.attr] : [];
        return { plan: { ...plan, columns: [...columns, ...hidden] }, placement };
      }
      case "RFilter":
        return {
          plan: { ...plan, condition: this.#placed(plan.condition, first.placement) },
          placement: first.placement,
        };
      case "RGenerate": {
        if (!isDemanded) return { plan, placement: SINGLE };
        const { plan: input, placement } = this.#column(first);
        return { plan: { ...plan, input }, placement };
      }
      case "RLimit":
        return { plan, placement: first.placement.kind === "local" ? first.placement : PLANNED };
      case "RUdfStage":
      case "RObserve":
        return { plan, placement: first.placement };
      case "RCteDef":
        return { plan, placement: (below.at(-1) as Below).placement };
      case "RSample":
        return this.#sample(plan, first);
      case "RSort":
        return this.#sort(plan, first);
      case "RRepartition":
        return this.#repartition(plan, first);
      case "RAggregate": {
        const { plan: input, placement } = isGrouping(plan) ? this.#column(first) : first;
        const arrival = arrivalOf(placement, plan.grouping);
        return {
          plan: {
            ...plan,
            input,
            ...(arrival === undefined ? {} : { arrival }),
            grouping: plan.grouping.map((e) => this.#placed(e, placement)),
            columns: plan.columns.map((c) => this.#placed(c, placement) as NamedExpr),
          },
          placement: plan.grouping.length === 0 && plan.groupingSets === undefined ? PLANNED : SINGLE,
        };
      }
      case "RDistinct":
        return this.#distinct(p as RDistinct, first);
      case "RSetOp":
        return isDemanded && plan.op === "union" && plan.isAll
          ? this.#union(plan, below)
          : { plan, placement: SINGLE };
      case "RJoin": {
        const side = streamed(plan);
        return {
          plan,
          placement: side === undefined ? SINGLE : (below[side === "left" ? 0 : 1] as Below).placement,
        };
      }
      default:
        return { plan, placement: SINGLE };
    }
  }

  #distinct(p: RDistinct, below: Below): Below {
    const { plan: input, placement } = this.#column(below);
    const output = outputOf(p.input);
    const keys = p.keys ?? output;
    const arrival = arrivalOf(placement, keys);
    // The keys are named, so that the partition is none of them.
    const plan: RDistinct = {
      kind: "RDistinct",
      input,
      ...(placement.kind === "column" ? { keys } : p.keys === undefined ? {} : { keys: p.keys }),
      ...(arrival === undefined ? {} : { arrival }),
    };
    return { plan: placement.kind === "column" ? project(plan, output) : plan, placement: SINGLE };
  }

  /** The expression with the row's partition as the last argument of what asks for it; local rows count as one. */
  #placed(e: Expr, placement: Placement): Expr {
    if (placement.kind !== "column" || findExpr(e, isPlacedCall) === undefined) return e;
    return rewriteExpr(e, (x) =>
      isPlacedCall(x)
        ? { ...x, args: [...x.args, placement.attr], extra: { ...x.extra, isPlaced: true } }
        : undefined,
    );
  }

  #range(plan: Extract<ResolvedRelation, { kind: "RRange" }>): Below {
    const { start, end, step, column } = plan;
    const slices = plan.numPartitions ?? this.#options.parallelism;
    const distance = end - start;
    const whole = distance / step;
    const total =
      whole < 0n ? 0n : distance % step === 0n ? whole : distance > 0n === step > 0n ? whole + 1n : 0n;
    if (slices === 1 || total <= 0n) return { plan, placement: PLANNED };
    const extra = { start: `${start}`, step: `${step}`, total: `${total}`, slices };
    const { plan: placed, placement } = this.#with(
      plan,
      own("place_of_range", [column], INTEGER, extra),
      slices,
    );
    return { plan: placed, placement: { ...placement, by: column.id } };
  }

  /** The relation with its rows' partitions as a column, or all in one. */
  #column(below: Below): { readonly plan: ResolvedRelation; readonly placement: Settled } {
    const { plan, placement } = below;
    if (placement.kind !== "local") return { plan, placement };
    const rows = rowCount(plan);
    if (rows !== undefined && rows <= 1) return { plan, placement: SINGLE };
    const slices = this.#options.parallelism;
    const count = rows === undefined ? undefined : Math.min(rows, slices);
    return this.#with(plan, own("place_of_row", [], INTEGER, { slices }), count);
  }

  #with(
    input: ResolvedRelation,
    value: Expr,
    count?: number,
  ): { readonly plan: ResolvedRelation; readonly placement: Extract<Placement, { kind: "column" }> } {
    const alias = this.#alias(value);
    const placement: Placement = {
      kind: "column",
      attr: toAttr(alias),
      ...(count === undefined ? {} : { count }),
    };
    return { plan: project(input, [...outputOf(input), alias]), placement };
  }

  #alias(child: Expr): AliasExpr {
    const { type, nullable } = child;
    return { kind: "AliasExpr", child, id: this.#options.nextId(), name: "partition", type, nullable };
  }

  #sample(sample: RSample, below: Below): Below {
    const { plan: input, placement } = this.#column(below);
    const { lowerBound, upperBound, seed } = sample;
    const output = outputOf(input);
    if (sample.withReplacement) {
      const mean = { mean: upperBound - lowerBound, seed: `${seed}` };
      const times = own("poisson_count", placement.kind === "column" ? [placement.attr] : [], INTEGER, mean);
      const alias = this.#alias(times);
      const generator = own("repeat_row", [toAttr(alias)], INTEGER, {});
      const counted = project(input, [...output, alias]);
      return {
        plan: project({ kind: "RGenerate", input: counted, generator, isOuter: false, columns: [] }, output),
        placement,
      };
    }
    if (upperBound - lowerBound <= 0) {
      return { plan: { kind: "RFilter", input, condition: literal(false, BOOLEAN) }, placement };
    }
    const random = this.#placed(
      { kind: "Call", fn: "rand", args: [], type: DOUBLE, nullable: false, extra: { seed: `${seed}` } },
      placement,
    );
    const drawn = this.#alias(random);
    const condition = call("and", [
      call(">=", [toAttr(drawn), literal(lowerBound, DOUBLE)]),
      call("<", [toAttr(drawn), literal(upperBound, DOUBLE)]),
    ]);
    const rows = project(input, [...output, drawn]);
    return { plan: project({ kind: "RFilter", input: rows, condition }, output), placement };
  }

  #sort(plan: Extract<ResolvedRelation, { kind: "RSort" }>, below: Below): Below {
    if (plan.isGlobal) {
      const order = plan.order.map((o) => this.#placed(o, below.placement) as SortExpr);
      return { plan: { ...plan, order }, placement: SINGLE };
    }
    const { plan: input, placement } = this.#column(below);
    const order = plan.order.map((o) => this.#placed(o, placement) as SortExpr);
    const sorted = { ...plan, input, isGlobal: true };
    if (placement.kind === "single") return { plan: { ...sorted, order }, placement };
    return { plan: { ...sorted, order: [ascending(placement.attr), ...order] }, placement };
  }

  #repartition(p: RRepartition, below: Below): Below {
    const { numPartitions: count } = p;
    if (p.how === "coalesce" && count === 1) return { plan: below.plan, placement: PLANNED };
    if (p.how === "coalesce") {
      const { plan, placement } = this.#column(below);
      const before = placement.kind === "single" ? 1 : placement.count;
      if (placement.kind === "single") return { plan, placement };
      if (before === undefined || count === undefined || before <= count) return { plan, placement };
      return this.#with(plan, own("place_in_fewer", [placement.attr], INTEGER, { before, count }), count);
    }
    const { plan, placement } = this.#column(below);
    const n = count ?? this.#options.shufflePartitions;
    if (n === 1) return { plan, placement: SINGLE };
    if (p.how === "range") return this.#ranges(p, plan, n, placement);
    const value = this.#target(p, n, placement);
    // What cannot be told stays as it is: one partition, rows in their order.
    if (value === undefined) return { plan, placement: SINGLE };
    return this.#moved(plan, value, p, placement);
  }

  /** Ranges of keys of about equal size, as Spark finds them when it looks at all the rows. */
  #ranges(p: RRepartition, input: ResolvedRelation, count: number, from: Settled): Below {
    // The search for ranges sorts the rows; they go on in the order in which they came.
    const row = this.#alias(own("row_in_order", [], LONG, {}));
    const plan = project(input, [...outputOf(input), row]);
    const slack = this.#alias(own("range_slack", p.expressions, INTEGER, { count }));
    const measured = project(plan, [...outputOf(plan), slack]);
    const place = own("place_in_ranges", [toAttr(slack), ...p.expressions], INTEGER, { count });
    const moved = project(measured, [...outputOf(plan), this.#alias(place)]);
    const attr = outputOf(moved).at(-1) as Attr;
    return this.#arranged(moved, attr, p, from, [ascending(toAttr(row))], outputOf(input));
  }

  #moved(plan: ResolvedRelation, value: Expr, p: RRepartition, from: Settled): Below {
    const alias = this.#alias(value);
    const moved = project(plan, [...outputOf(plan), alias]);
    return this.#arranged(moved, toAttr(alias), p, from, [], outputOf(plan));
  }

  #arranged(
    input: ResolvedRelation,
    attr: Attr,
    p: RRepartition,
    from: Settled,
    ties: readonly SortExpr[],
    output: readonly Attr[],
  ): Below {
    const { numPartitions: count } = p;
    // Without a number the small partitions are put together again: as they come, one after the other.
    const first = count === undefined && from.kind === "column" ? [ascending(from.attr)] : [];
    const order = [...first, ascending(attr), ...ties];
    const sorted: ResolvedRelation = { kind: "RSort", input, order, isGlobal: true };
    if (count === undefined) return { plan: project(sorted, output), placement: SINGLE };
    return { plan: sorted, placement: { kind: "column", attr, count } };
  }

  #target(p: RRepartition, n: number, placement: Placement): Expr | undefined {
    switch (p.how) {
      case "hash":
        return partitionOf(p.expressions, n);
      case "id":
        return own("place_by_id", p.expressions, INTEGER, { count: n });
      default: {
        const from = placement.kind === "column" ? [placement.attr] : [];
        const parts = placement.kind === "column" ? (placement.count ?? this.#options.parallelism) : 1;
        const starts = Array.from({ length: parts }, (_, i) => roundRobinStart(i, n));
        return own("place_round_robin", from, INTEGER, { count: n, starts });
      }
    }
  }

  /** The partitions of the inputs one after the other. */
  #union(plan: Extract<ResolvedRelation, { kind: "RSetOp" }>, below: readonly Below[]): Below {
    const parts = below.map((b) => this.#column(b));
    // Inputs of one partition each are read in one.
    if (parts.every((b) => b.placement.kind === "single")) return { plan, placement: SINGLE };
    let offset = 0;
    const inputs: ResolvedRelation[] = [];
    for (const [i, part] of parts.entries()) {
      const columns = outputOf(plan.inputs[i] as ResolvedRelation).filter(
        (a) => part.placement.kind !== "column" || a.id !== part.placement.attr.id,
      );
      const from = part.placement.kind === "column" ? part.placement.attr : literal(0, INTEGER);
      const sum = offset === 0 ? from : own("place_after", [from], INTEGER, { offset });
      inputs.push(project(part.plan, [...columns, this.#alias(sum)]));
      offset += part.placement.kind === "column" ? (part.placement.count ?? this.#options.parallelism) : 1;
    }
    const attr = toAttr(this.#alias(literal(0, INTEGER)));
    return {
      plan: { ...plan, inputs, columns: [...plan.columns, attr] },
      placement: { kind: "column", attr, count: offset },
    };
  }
}

function project(input: ResolvedRelation, columns: readonly NamedExpr[]): ResolvedRelation {
  return { kind: "RProject", input, columns };
}

/** Rows of local data, where that is plain. */
function rowCount(plan: ResolvedRelation): number | undefined {
  if (plan.kind === "RValues") return plan.rows.length;
  if (plan.kind === "RLocal") return plan.data.length === 0 ? 0 : plan.rowCount;
  return plan.kind === "RProject" ? rowCount(plan.input) : undefined;
}

function own(fn: string, args: readonly Expr[], type: DataType, extra: Call["extra"] & object): Call {
  return { kind: "Call", fn, args, type, nullable: false, extra };
}

function call(fn: string, args: readonly Expr[], type: DataType = BOOLEAN): Call {
  return { kind: "Call", fn, args, type, nullable: false, extra: { mode: "legacy" } };
}

function literal(value: number | boolean, type: DataType): Expr {
  return { kind: "Lit", type, nullable: false, value };
}

function ascending(child: Expr): SortExpr {
  return {
    kind: "SortExpr",
    child,
    direction: "ascending",
    nullsFirst: true,
    type: child.type,
    nullable: child.nullable,
  };
}
