import type { AliasExpr, Attr, Call, Expr, NamedExpr, SortExpr, WindowExpr } from "../../functions/expr.ts";
import { toAttr } from "../../functions/expr.ts";
import { windowType } from "../../functions/families/time-windows.ts";
import type { Expression } from "../../plan/expression.ts";
import { foreachNode } from "../../plan/traverse.ts";
import { INTEGER } from "../../types/data-type.ts";
import { fail } from "../errors.ts";
import { exprKey } from "../expr-key.ts";
import { resolveExpr, trim } from "../expressions.ts";
import { outputOf } from "../output.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";

const NAMES = new Set(["window", "session_window"]);
type Written = Extract<Expression, { kind: "UnresolvedFunction" }>;

/**
 * The input of a select list or a grouping with the windows of time that its expressions name as one more column, which
 * their calls then stand for. Rows without a time are left out.
 */
export function* withTimeWindows(
  input: Resolved,
  expressions: readonly Expression[],
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const calls: Written[] = [];
  for (const e of expressions) {
    foreachNode(e, (node) => {
      if (node.kind === "UnresolvedFunction" && NAMES.has(node.functionName.toLowerCase())) calls.push(node);
    });
  }
  let current = input;
  // The innermost first: a window may be made over another.
  for (const call of calls.reverse()) {
    const bound = trim((yield resolveExpr(call, { inputs: [current], scope }, state)) as Expr);
    if (bound.kind !== "Call" || !NAMES.has(bound.fn)) continue;
    const isNested = [...(current.timeWindows?.values() ?? [])].some((a) => usesAttr(bound, a));
    if (current.timeWindows !== undefined && !isNested)
      throw fail("_LEGACY_ERROR_TEMP_1039", {}, call.origin);
    current = extended(current, bound, state);
  }
  return current;
}

function usesAttr(call: Call, attr: Attr): boolean {
  return exprKey(call).includes(exprKey(attr));
}

function extended(input: Resolved, call: Call, state: AnalysisState): Resolved {
  const time = call.args[0] as Expr;
  const isSession = call.fn === "session_window";
  let plan = input.plan;
  if (time.nullable) plan = { kind: "RFilter", input: plan, condition: state.call("isnotnull", [time]) };
  const metadata = { [isSession ? "spark.sessionWindow" : "spark.timeWindow"]: true };
  const base = { name: call.fn, type: call.type, nullable: call.nullable, metadata };
  let attr: Attr;
  if (call.fn === "window" && call.extra?.size !== call.extra?.slide) {
    const windows: Call = { ...(state.call("sliding_windows", [time]) as Call), extra: call.extra ?? {} };
    attr = { kind: "Attr", id: state.nextId(), qualifier: [], ...base };
    plan = {
      kind: "RGenerate",
      input: plan,
      generator: state.call("explode", [windows]) as Call,
      isOuter: false,
      columns: [attr],
    };
  } else {
    const child: Expr = isSession
      ? session(time, call.args[1] as Expr, state)
      : { ...(state.call("tumbling_window", [time]) as Call), extra: call.extra ?? {} };
    const alias: AliasExpr = { kind: "AliasExpr", id: state.nextId(), child, ...base };
    attr = toAttr(alias);
    plan = { kind: "RProject", input: plan, columns: [...outputOf(plan), alias] };
    if (isSession) plan = { kind: "RFilter", input: plan, condition: isPositive(attr, state) };
  }
  const { below: _, ...rest } = input;
  return {
    ...rest,
    plan,
    hidden: [...input.hidden, attr],
    timeWindows: new Map([...(input.timeWindows ?? []), [exprKey(call), attr]]),
  };
}

/** A row's own session: from its time until the gap after it. */
function session(time: Expr, gap: Expr, state: AnalysisState): Expr {
  const type = windowType(time.type);
  const end = state.call("+", [time, gap]);
  const made = state.call("named_struct", [text("start"), time, text("end"), end]);
  return { ...made, type, nullable: false } as Expr;
}

const text = (value: string): Expr => ({ kind: "Lit", type: { kind: "string" }, nullable: false, value });

const isEnd = ["start", "end"] as const;

function part(window: Expr, index: 0 | 1): Expr {
  const field = window.type.kind === "struct" ? window.type.fields[index] : undefined;
  return {
    kind: "Call",
    fn: "getstructfield",
    args: [window],
    type: field?.dataType ?? window.type,
    nullable: true,
    extra: { index, name: isEnd[index] },
  };
}

function isPositive(window: Attr, state: AnalysisState): Expr {
  return state.call(">", [part(window, 1), part(window, 0)]);
}

const BEFORE: WindowExpr["frame"] = {
  frameType: "row",
  lower: { kind: "unboundedPreceding" },
  upper: { kind: "offset", offset: { kind: "Lit", type: INTEGER, nullable: false, value: -1 } },
};
const SO_FAR: WindowExpr["frame"] = {
  frameType: "range",
  lower: { kind: "unboundedPreceding" },
  upper: { kind: "currentRow" },
};
const WHOLE: WindowExpr["frame"] = {
  frameType: "row",
  lower: { kind: "unboundedPreceding" },
  upper: { kind: "unboundedFollowing" },
};

/** Where rows are grouped by a session: those of the same other keys that touch are one session. */
export function withSessions(input: Resolved, grouping: readonly Expr[], state: AnalysisState): Resolved {
  const found = [...(input.timeWindows?.values() ?? [])].find(
    (a) => a.metadata?.["spark.sessionWindow"] === true && grouping.some((g) => isAttr(g, a)),
  );
  if (found === undefined) return input;
  const keys = grouping.filter((g) => !isAttr(g, found));
  const over = (
    fn: Expr,
    partitionBy: readonly Expr[],
    orderBy: readonly SortExpr[],
    frame: WindowExpr["frame"],
  ): WindowExpr => ({
    kind: "WindowExpr",
    fn: fn as Call,
    partitionBy,
    orderBy,
    frame,
    isDefaultFrame: false,
    type: fn.type,
    nullable: true,
  });
  const named = (name: string, child: Expr, id = state.nextId()): AliasExpr => ({
    kind: "AliasExpr",
    child,
    id,
    name,
    type: child.type,
    nullable: child.nullable,
  });
  const project = (plan: ResolvedRelation, columns: readonly NamedExpr[]): ResolvedRelation => ({
    kind: "RProject",
    input: plan,
    columns,
  });
  const columns = outputOf(input.plan);
  const [start, end] = [part(found, 0), part(found, 1)];
  const byStart: SortExpr = {
    kind: "SortExpr",
    child: start,
    direction: "ascending",
    nullsFirst: true,
    type: start.type,
    nullable: true,
  };
  const before = named("before", over(state.call("max", [end]), keys, [byStart], BEFORE));
  const one = (value: number): Expr => ({ kind: "Lit", type: INTEGER, nullable: false, value });
  const isFirst = state.call("if", [state.call(">", [start, toAttr(before)]), one(1), one(0)]);
  const session = named("session", over(state.call("sum", [isFirst]), keys, [byStart], SO_FAR));
  const within = [...keys, toAttr(session)];
  const made = state.call("named_struct", [
    text("start"),
    over(state.call("min", [start]), within, [], WHOLE),
    text("end"),
    over(state.call("max", [end]), within, [], WHOLE),
  ]);
  const merged: AliasExpr = {
    ...named(found.name, { ...made, type: found.type, nullable: false } as Expr, found.id),
    nullable: found.nullable,
    ...(found.metadata === undefined ? {} : { metadata: found.metadata }),
  };
  const first = project(input.plan, [...columns, before]);
  const second = project(first, [...columns, session]);
  const { below: _, ...rest } = input;
  return {
    ...rest,
    plan: project(
      second,
      columns.map((c) => (c.id === found.id ? merged : c)),
    ),
  };
}

const isAttr = (e: Expr, a: Attr): boolean => e.kind === "Attr" && e.id === a.id;
