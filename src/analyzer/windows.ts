import { castTo, implicitCastType } from "../functions/coercion.ts";
import type { Call, Expr, SortExpr, WindowBound, WindowExpr } from "../functions/expr.ts";
import { isFoldable } from "../functions/fold.ts";
import { T } from "../functions/input-type.ts";
import { prettyExpr } from "../functions/pretty.ts";
import { entryOf } from "../functions/registry.ts";
import type {
  Expression,
  FrameBoundary,
  SortOrder,
  Window,
  WindowFrame,
  WindowReference,
} from "../plan/expression.ts";
import type { Origin } from "../plan/origin.ts";
import type { DataType } from "../types/data-type.ts";
import { INTEGER, isNumeric } from "../types/data-type.ts";
import { quotedSqlType } from "../types/format.ts";
import { isOrderable } from "./checks.ts";
import { fail, quotedExpr } from "./errors.ts";
import { findExpr } from "./expr-rewrite.ts";
import { resolveExpr, resolveSortOrder, trim } from "./expressions.ts";
import type { ExprEnv, WindowDefinition } from "./scope.ts";
import type { AnalysisState } from "./state.ts";
import { kindOf } from "./state.ts";
import type { Step } from "./steps.ts";

type Frame = WindowExpr["frame"];

const UNBOUNDED_TO_CURRENT_ROWS: Frame = {
  frameType: "row",
  lower: { kind: "unboundedPreceding" },
  upper: { kind: "currentRow" },
};

/** `OVER w`. */
export function* resolveWindowReference(e: WindowReference, env: ExprEnv, state: AnalysisState): Step<Expr> {
  const definition = windowNamed(e.name, env, e.origin);
  return (yield resolveWindow(
    {
      kind: "Window",
      windowFunction: e.windowFunction,
      partitionSpec: definition.partitionSpec,
      orderSpec: definition.orderSpec,
      ...(definition.frameSpec === undefined ? {} : { frameSpec: definition.frameSpec }),
      ...(e.origin === undefined ? {} : { origin: e.origin }),
    },
    env,
    state,
  )) as Expr;
}

function windowNamed(name: string, env: ExprEnv, origin: Origin | undefined): WindowDefinition {
  const { windows } = env.scope;
  let found = windows?.get(name) ?? windows?.get(name.toLowerCase());
  const seen = new Set<string>();
  while (found?.base !== undefined && !seen.has(found.base)) {
    seen.add(found.base);
    found = windows?.get(found.base) ?? windows?.get(found.base.toLowerCase());
  }
  if (found === undefined) {
    throw fail(
      "MISSING_WINDOW_SPECIFICATION",
      { windowName: name, docroot: "https://spark.apache.org/docs/latest" },
      origin,
    );
  }
  return found;
}

/** `function OVER (PARTITION BY ... ORDER BY ... frame)`. */
export function* resolveWindow(e: Window, env: ExprEnv, state: AnalysisState): Step<Expr> {
  const fn = trim((yield resolveExpr(e.windowFunction, { ...env, isInAggregate: false }, state)) as Expr);
  const partitionBy: Expr[] = [];
  for (const p of e.partitionSpec) partitionBy.push(trim((yield resolveExpr(p, env, state)) as Expr));
  const orderBy: SortExpr[] = [];
  for (const o of e.orderSpec as readonly (SortOrder | Expression)[]) {
    const order: SortOrder =
      o.kind === "SortOrder" ? o : { kind: "SortOrder", child: o, direction: "ascending" };
    orderBy.push((yield resolveSortOrder(order, env, state)) as SortExpr);
  }
  const written =
    e.frameSpec === undefined ? undefined : ((yield resolveFrame(e.frameSpec, env, state)) as Frame);
  return buildWindow(fn, partitionBy, orderBy, written, e.origin, state);
}

function* resolveFrame(frame: WindowFrame, env: ExprEnv, state: AnalysisState): Step<Frame> {
  const lower = (yield resolveBound(frame.lower, "unboundedPreceding", env, state)) as WindowBound;
  const upper = (yield resolveBound(frame.upper, "unboundedFollowing", env, state)) as WindowBound;
  return { frameType: frame.frameType, lower, upper };
}

function* resolveBound(
  b: FrameBoundary,
  unbounded: "unboundedPreceding" | "unboundedFollowing",
  env: ExprEnv,
  state: AnalysisState,
): Step<WindowBound> {
  if (b.kind === "unbounded") return { kind: unbounded };
  if (b.kind === "currentRow") return { kind: "currentRow" };
  // `n PRECEDING` comes as the negative of `n`.
  const { value } = b;
  const isMinus =
    value.kind === "UnresolvedFunction" && value.functionName === "negative" && value.arguments.length === 1;
  const inner = isMinus ? (value.arguments[0] as Expression) : value;
  const offset = trim((yield resolveExpr(inner, env, state)) as Expr);
  return { kind: "offset", offset: isMinus ? state.call("-", [offset]) : offset };
}

/** The window function over its specification, checked by Spark's rules. */
export function buildWindow(
  fn: Expr,
  partitionBy: readonly Expr[],
  orderBy: readonly SortExpr[],
  written: Frame | undefined,
  origin: Origin | undefined,
  state: AnalysisState,
): Expr {
  if (fn.kind === "CastExpr") {
    return { ...fn, child: buildWindow(fn.child, partitionBy, orderBy, written, origin, state) };
  }
  if (fn.kind !== "Call" || (kindOf(fn) !== "aggregate" && kindOf(fn) !== "window")) {
    throw fail("UNSUPPORTED_EXPR_FOR_WINDOW", { sqlExpr: quotedExpr(fn) }, origin);
  }
  const entry = entryOf(fn.fn);
  const required = requiredFrame(fn);
  const isDefaultFrame = written === undefined;
  const frame =
    written === undefined
      ? (required ?? defaultFrame(orderBy))
      : checkFrame(written, orderBy, partitionBy, origin, state);
  if (written !== undefined && (fn.fn === "lag" || fn.fn === "lead")) {
    throw fail("_LEGACY_ERROR_TEMP_1035", { prettyName: fn.fn });
  }
  const isSorted = entry.isUnorderedInWindows === true || (fn.withinGroup?.length ?? 0) > 0;
  if (isSorted && (orderBy.length > 0 || written !== undefined)) {
    throw fail("INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC", { aggFunc: quotedExpr(fn) }, origin);
  }
  if (written !== undefined && required !== undefined && !sameFrame(frame, required)) {
    throw fail("_LEGACY_ERROR_TEMP_1036", { wf: frameText(frame), required: frameText(required) });
  }
  const window: WindowExpr = {
    kind: "WindowExpr",
    fn,
    partitionBy,
    orderBy,
    frame,
    isDefaultFrame,
    type: fn.type,
    nullable: fn.nullable,
    ...(origin === undefined ? {} : { origin }),
  };
  if (entry.windowOnly?.needsOrder === true && orderBy.length === 0) {
    throw fail("WINDOW_FUNCTION_FRAME_NOT_ORDERED", { wf_name: fn.fn, wf_expr: prettyExpr(fn) });
  }
  if (fn.distinct === true) {
    throw fail("DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", { windowExpr: quotedExpr(window) }, origin);
  }
  for (const order of orderBy) {
    if (!isOrderable(order.child.type)) throw invalidOrdering(order, state);
  }
  for (const p of partitionBy) {
    if (!isOrderable(p.type)) {
      throw fail(
        "EXPRESSION_TYPE_IS_NOT_ORDERABLE",
        { expr: quotedExpr(p), exprType: quotedSqlType(p.type) },
        origin,
      );
    }
  }
  return window;
}

function invalidOrdering(order: SortExpr, _state: AnalysisState): Error {
  return fail(
    "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
    { functionName: "`sortorder`", dataType: quotedSqlType(order.child.type), sqlExpr: quotedExpr(order) },
    order.origin,
  );
}

/** The one frame that ranking functions work over; `lag` and `lead` look at one row. */
function requiredFrame(fn: Call): Frame | undefined {
  const { windowOnly } = entryOf(fn.fn);
  if (fn.fn === "lag" || fn.fn === "lead") {
    const offset = fn.args[1] as Expr;
    const at: Expr = fn.fn === "lead" ? offset : negated(offset);
    return { frameType: "row", lower: { kind: "offset", offset: at }, upper: { kind: "offset", offset: at } };
  }
  if (windowOnly?.frame === "rows-to-current") return UNBOUNDED_TO_CURRENT_ROWS;
  if (windowOnly?.frame === "range-to-current") return { ...UNBOUNDED_TO_CURRENT_ROWS, frameType: "range" };
  if (windowOnly?.frame === "whole") {
    return { frameType: "row", lower: { kind: "unboundedPreceding" }, upper: { kind: "unboundedFollowing" } };
  }
  return undefined;
}

function negated(offset: Expr): Expr {
  if (offset.kind === "Lit" && typeof offset.value === "number") return { ...offset, value: -offset.value };
  if (offset.kind === "Lit" && typeof offset.value === "bigint") return { ...offset, value: -offset.value };
  return { kind: "Call", fn: "negative", args: [offset], type: offset.type, nullable: offset.nullable };
}

function defaultFrame(orderBy: readonly SortExpr[]): Frame {
  return orderBy.length === 0
    ? { frameType: "row", lower: { kind: "unboundedPreceding" }, upper: { kind: "unboundedFollowing" } }
    : { frameType: "range", lower: { kind: "unboundedPreceding" }, upper: { kind: "currentRow" } };
}

function checkFrame(
  frame: Frame,
  orderBy: readonly SortExpr[],
  partitionBy: readonly Expr[],
  origin: Origin | undefined,
  state: AnalysisState,
): Frame {
  const isBounded = frame.lower.kind === "offset" || frame.upper.kind === "offset";
  const spec = () => `"(${specText(partitionBy, orderBy, frame)})"`;
  let checked = frame;
  if (frame.frameType === "range") {
    if (orderBy.length === 0) {
      const isWhole = frame.lower.kind === "unboundedPreceding" && frame.upper.kind === "unboundedFollowing";
      if (!isWhole) throw fail("DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER", { sqlExpr: spec() }, origin);
    }
    if (isBounded && orderBy.length > 1) {
      throw fail(
        "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
        { sqlExpr: spec(), orderSpec: orderBy.map((o) => prettyExpr(o)).join(",") },
        origin,
      );
    }
    const [order] = orderBy;
    if (isBounded && order !== undefined) checked = coerceRange(frame, order, spec, origin, state);
  }
  for (const location of ["lower", "upper"] as const) {
    const bound = checked[location];
    if (bound.kind !== "offset") continue;
    const { offset } = bound;
    const sqlExpr = `"${frameSql(checked)}"`;
    if (!isFoldable(offset)) {
      throw fail(
        "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
        { sqlExpr, location, expression: quotedExpr(offset) },
        origin,
      );
    }
    const accepted = frame.frameType === "row" ? offset.type.kind === "integer" : isRangeType(offset.type);
    if (!accepted) {
      throw fail(
        "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
        {
          sqlExpr,
          location,
          exprType: quotedSqlType(offset.type),
          expectedType:
            frame.frameType === "row"
              ? '"INT"'
              : '("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH" or "INTERVAL")',
        },
        origin,
      );
    }
  }
  return checked;
}

function isRangeType(t: DataType): boolean {
  return (
    isNumeric(t) ||
    t.kind === "day_time_interval" ||
    t.kind === "year_month_interval" ||
    t.kind === "calendar_interval"
  );
}

/** Offsets of a RANGE frame in a type that the ordering column can be moved by. */
function coerceRange(
  frame: Frame,
  order: SortExpr,
  spec: () => string,
  origin: Origin | undefined,
  state: AnalysisState,
): Frame {
  const ordered = order.child.type;
  const coerce = (b: WindowBound): WindowBound => {
    if (b.kind !== "offset") return b;
    const { offset } = b;
    const from = offset.type;
    if (ordered.kind === "date" || ordered.kind === "timestamp" || ordered.kind === "timestamp_ntz") {
      const isInterval =
        from.kind === "day_time_interval" ||
        from.kind === "year_month_interval" ||
        from.kind === "calendar_interval";
      const isDays = ordered.kind === "date" && from.kind === "integer";
      if (isInterval || isDays) return b;
      throw fail(
        "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
        { sqlExpr: spec(), orderSpecType: quotedSqlType(ordered), valueBoundaryType: quotedSqlType(from) },
        origin,
      );
    }
    if (isNumeric(ordered)) {
      const to = implicitCastType(from, T.of(ordered), state.conf);
      if (to !== undefined && (isNumeric(from) || from.kind === "string")) {
        return { kind: "offset", offset: castTo(offset, ordered, state.conf) };
      }
    }
    if (ordered.kind === from.kind && isRangeType(from)) return b;
    if (!isRangeType(ordered) && implicitCastType(from, T.of(ordered), state.conf) !== undefined) {
      return { kind: "offset", offset: castTo(offset, ordered, state.conf) };
    }
    throw fail(
      "DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE",
      { sqlExpr: spec(), orderSpecType: quotedSqlType(ordered), valueBoundaryType: quotedSqlType(from) },
      origin,
    );
  };
  return { ...frame, lower: coerce(frame.lower), upper: coerce(frame.upper) };
}

function sameFrame(a: Frame, b: Frame): boolean {
  return (
    a.frameType === b.frameType &&
    a.lower.kind === b.lower.kind &&
    a.upper.kind === b.upper.kind &&
    a.lower.kind !== "offset"
  );
}

function frameText(f: Frame): string {
  const bound = (b: WindowBound) => {
    if (b.kind !== "offset") return `${b.kind.toLowerCase()}$()`;
    const offset = b.offset.kind === "CastExpr" ? b.offset.child : b.offset;
    const [arg] = offset.kind === "Call" && offset.fn === "negative" ? offset.args : [];
    return arg === undefined ? prettyExpr(offset) : `-${prettyExpr(arg)}`;
  };
  return `specifiedwindowframe(${f.frameType === "row" ? "RowFrame" : "RangeFrame"}, ${bound(f.lower)}, ${bound(f.upper)})`;
}

function specText(partitionBy: readonly Expr[], orderBy: readonly SortExpr[], frame: Frame): string {
  return [
    ...(partitionBy.length === 0 ? [] : [`PARTITION BY ${partitionBy.map((p) => prettyExpr(p)).join(", ")}`]),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orderBy.map((o) => prettyExpr(o)).join(", ")}`]),
    frameSql(frame),
  ].join(" ");
}

/** The frame as the pretty printer shows it inside a window. */
function frameSql(frame: Frame): string {
  const one: Expr = { kind: "Lit", type: INTEGER, nullable: false, value: 1 };
  const fn: Call = { kind: "Call", fn: "count", args: [one], type: INTEGER, nullable: false };
  const text = prettyExpr({
    kind: "WindowExpr",
    fn,
    partitionBy: [],
    orderBy: [],
    frame,
    isDefaultFrame: false,
    type: INTEGER,
    nullable: false,
  });
  return /OVER \((.*)\)$/s.exec(text)?.[1] ?? "";
}

/** Window functions outside of OVER. */
export function checkBareWindowFunctions(e: Expr, origin: Origin | undefined): void {
  const windowed = new Set<Expr>();
  findExpr(e, (x) => {
    if (x.kind === "WindowExpr") windowed.add(x.fn);
    return false;
  });
  const bare = findExpr(e, (x) => x.kind === "Call" && !windowed.has(x) && kindOf(x) === "window");
  if (bare !== undefined)
    throw fail("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", { funcName: quotedExpr(bare) }, origin);
}
