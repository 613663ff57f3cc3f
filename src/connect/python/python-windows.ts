import { unsupported } from "../../errors/spark-error.ts";
import type { Alias, Expression, UserDefinedFunction, Window } from "../../plan/expression.ts";
import type { Aggregate, Join, Project, Relation, WithColumns } from "../../plan/relation.ts";
import { foreachNode, type PlanNode, transformUp } from "../../plan/traverse.ts";
import { isPythonAggregate } from "./python-aggregate.ts";

type PythonWindow = Window & { readonly windowFunction: UserDefinedFunction };

/** A Python aggregate over the rows of each partition, or over those from so many before to so many after each row. */
function isPythonWindow(e: Expression): e is PythonWindow {
  if (e.kind !== "Window" || !isPythonAggregate(e.windowFunction)) return false;
  if (!isWhole(e) && boundsOf(e) === undefined)
    throw unsupported("Python aggregate functions over windows of this frame");
  return true;
}

function isWhole({ frameSpec: frame, orderSpec }: Window): boolean {
  if (frame === undefined) return orderSpec.length === 0;
  return frame.lower.kind === "unbounded" && frame.upper.kind === "unbounded";
}

/** Rows before (negative) and after; a frame without the row itself may be empty, which a group never is. */
function boundsOf({ frameSpec: frame, orderSpec }: Window): readonly [number, number] | undefined {
  if (frame?.frameType !== "row" || orderSpec.length === 0) return undefined;
  const [lower, upper] = [frame.lower, frame.upper].map((bound, i) => {
    if (bound.kind === "currentRow") return 0;
    if (bound.kind === "unbounded") return i === 0 ? -Infinity : Infinity;
    return bound.value.kind === "Literal" ? Number(bound.value.value) : Number.NaN;
  }) as [number, number];
  return lower <= 0 && upper >= 0 ? [lower, upper] : undefined;
}

function windowsIn(expressions: readonly Expression[]): readonly PythonWindow[] {
  const found: PythonWindow[] = [];
  for (const e of expressions) {
    foreachNode(e, (node) => {
      if (isPythonWindow(node as Expression)) found.push(node as PythonWindow);
    });
  }
  return found;
}

/** Selections with Python aggregates over windows, as selections from a join with the groups. */
export function groupedWindows<T extends PlanNode>(plan: T): T {
  return transformUp(plan, (node) => {
    if (node.kind === "Project" && node.input !== undefined) return project(node, node.input);
    return node.kind === "WithColumns" ? withColumns(node) : node;
  });
}

function project(node: Project, input: Relation): Relation {
  const windows = windowsIn(node.expressions);
  if (windows.length === 0) return node;
  const { joined, names, replaced } = joinGroups(input, windows);
  const expressions = node.expressions.map((e): Expression => {
    if (e.kind === "UnresolvedStar" && e.unparsedTarget === undefined && e.planId === undefined)
      return { ...e, except: [...(e.except ?? []), ...names.map((name) => [name])] };
    if (isPythonWindow(e)) throw unsupported("Python aggregate functions over windows without an alias");
    return replaced(e);
  });
  return { ...node, input: joined, expressions };
}

function withColumns(node: WithColumns): Relation {
  const windows = windowsIn(node.aliases);
  if (windows.length === 0) return node;
  const { joined, names, replaced } = joinGroups(node.input, windows);
  const { planId, ...rest } = node;
  return {
    kind: "Drop",
    input: { ...rest, input: joined, aliases: node.aliases.map((a) => replaced(a) as Alias) },
    columns: [],
    columnNames: names,
    ...(planId === undefined ? {} : { planId }),
  };
}

/** The rows, sorted as windows leave them, each beside the values of its groups. */
function joinGroups(
  input: Relation,
  windows: readonly PythonWindow[],
): {
  readonly joined: Relation;
  readonly names: readonly string[];
  readonly replaced: (e: Expression) => Expression;
} {
  foreachNode(input, (node) => {
    if ((node.kind === "UnresolvedFunction" && RANDOM.test(node.functionName)) || node.kind === "Sample")
      throw unsupported("Python aggregate functions over windows of random rows");
  });
  const names: string[] = [];
  const results = new Map<Expression, Expression>();
  let joined: Relation = input;
  for (const [i, window] of windows.entries()) {
    const keys = window.partitionSpec;
    const keyNames = keys.map((_, j) => `__window${i}_key${j}`);
    const value = `__window${i}`;
    if (i === 0 && keys.length > 0 && isWhole(window)) {
      joined = {
        kind: "Sort",
        input: joined,
        isGlobal: true,
        order: keys.map((child) => ({
          kind: "SortOrder",
          child,
          direction: "ascending",
          nullOrdering: "first",
        })),
      };
    }
    const bounds = isWhole(window) ? undefined : boundsOf(window);
    const number = `${value}_row`;
    const grouped = bounds === undefined ? input : frames(input, window, bounds, value);
    const inFrames = [...keys.map((_, j) => column(`${value}_of${j}`)), column(`${value}_of`)];
    const groupKeys = bounds === undefined ? keys : inFrames;
    const groupNames = bounds === undefined ? keyNames : [...keyNames, number];
    const groups: Aggregate = {
      kind: "Aggregate",
      input: grouped,
      groupType: "groupby",
      groupingExpressions: groupKeys.map((expr, j) => alias(expr, groupNames[j] as string)),
      aggregateExpressions: [alias(window.windowFunction, value)],
    };
    const counted = `${value}_n`;
    if (bounds !== undefined) {
      const star: Expression = { kind: "UnresolvedStar" };
      joined = { kind: "Project", input: joined, expressions: [star, alias(rowNumber(window), counted)] };
      names.push(counted, number);
    }
    const own = bounds === undefined ? keys : [...keys, column(counted)];
    const equal = own.map((key, j) => call("<=>", key, column(groupNames[j] as string)));
    const join: Join = {
      kind: "Join",
      left: joined,
      right: groups,
      joinType: equal.length === 0 ? "cross" : "leftOuter",
      usingColumns: [],
      ...(equal.length === 0 ? {} : { joinCondition: equal.reduce((a, b) => call("and", a, b)) }),
    };
    joined = join;
    names.push(...keyNames, value);
    results.set(window, column(value));
  }
  return {
    joined,
    names,
    replaced: (e) => transformUpOnce(e, (node) => results.get(node)),
  };
}

const column = (name: string): Expression => ({ kind: "UnresolvedAttribute", unparsedIdentifier: name });
const alias = (expr: Expression, name: string): Alias => ({ kind: "Alias", expr, name: [name] });
const call = (functionName: string, ...args: readonly Expression[]): Expression => ({
  kind: "UnresolvedFunction",
  functionName,
  arguments: args,
});

function rowNumber({ partitionSpec, orderSpec }: Window): Expression {
  return { kind: "Window", windowFunction: call("row_number"), partitionSpec, orderSpec };
}

/** For each row, named by its keys and number, the rows of its frame in their order. */
function frames(
  input: Relation,
  window: Window,
  [lower, upper]: readonly [number, number],
  name: string,
): Relation {
  const keys = window.partitionSpec;
  const rows: Relation = {
    kind: "Project",
    input,
    expressions: [
      ...keys.map((key, j) => alias(key, `${name}_of${j}`)),
      alias(rowNumber(window), `${name}_of`),
    ],
  };
  const candidates: Relation = {
    kind: "Project",
    input,
    expressions: [
      { kind: "UnresolvedStar" },
      ...keys.map((key, j) => alias(key, `${name}_in${j}`)),
      alias(rowNumber(window), `${name}_in`),
    ],
  };
  const [row, candidate] = [column(`${name}_of`), column(`${name}_in`)];
  const offset = (n: number): Expression =>
    call("+", row, { kind: "Literal", dataType: { kind: "integer" }, value: n });
  const conditions = [
    ...keys.map((_, j) => call("<=>", column(`${name}_of${j}`), column(`${name}_in${j}`))),
    ...(lower === -Infinity ? [] : [call(">=", candidate, offset(lower))]),
    ...(upper === Infinity ? [] : [call("<=", candidate, offset(upper))]),
  ];
  const joined: Relation = {
    kind: "Join",
    left: rows,
    right: candidates,
    joinType: conditions.length === 0 ? "cross" : "inner",
    usingColumns: [],
    ...(conditions.length === 0 ? {} : { joinCondition: conditions.reduce((a, b) => call("and", a, b)) }),
  };
  const order = [{ kind: "SortOrder" as const, child: candidate, direction: "ascending" as const }];
  return { kind: "Sort", input: joined, isGlobal: true, order };
}

const RANDOM =
  /^(rand|random|randn|uuid|shuffle|randstr|uniform|monotonically_increasing_id|spark_partition_id)$/i;

/** Replaces nodes from the top, so that those inside a replaced one are not looked at. */
function transformUpOnce(e: Expression, replacement: (e: Expression) => Expression | undefined): Expression {
  const own = replacement(e);
  if (own !== undefined) return own;
  if (e.kind === "Alias") return { ...e, expr: transformUpOnce(e.expr, replacement) };
  if (e.kind === "Cast") return { ...e, expr: transformUpOnce(e.expr, replacement) };
  if (e.kind === "UnresolvedFunction")
    return { ...e, arguments: e.arguments.map((a) => transformUpOnce(a, replacement)) };
  return e;
}
