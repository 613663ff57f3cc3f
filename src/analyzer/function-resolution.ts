import { unsupported } from "../errors/spark-error.ts";
import { lit } from "../functions/define.ts";
import type { Call, Expr, LambdaExpr, SortExpr } from "../functions/expr.ts";
import type { FunctionEntry } from "../functions/function-entry.ts";
import { lookupFunction } from "../functions/function-table.ts";
import type { AggregateFilter, Expression, NamedArgument, UnresolvedFunction } from "../plan/expression.ts";
import type { Origin } from "../plan/origin.ts";
import { STRING } from "../types/data-type.ts";
import { quoteIdentifier } from "../types/format.ts";
import { padCharComparison } from "./char-padding.ts";
import { fail, quotedExpr } from "./errors.ts";
import { exprKey } from "./expr-key.ts";
import { findExpr, rewriteExpr } from "./expr-rewrite.ts";
import { ONE, resolveExpr, resolveLambda, resolveSortOrder, trim } from "./expressions.ts";
import { extractField } from "./extract-value.ts";
import { visitPlan } from "./resolved-tree.ts";
import type { ExprEnv } from "./scope.ts";
import { expandRegex, expandStar } from "./star.ts";
import { type AnalysisState, isAggregateCall, kindOf } from "./state.ts";
import type { Step } from "./steps.ts";
import { quoteParts, suggest } from "./suggestions.ts";
import { callUserFunction } from "./user-functions.ts";

/** Functions whose arguments give names to fields. */
const NAMING = new Set(["struct", "named_struct", "arrays_zip"]);

/** Spark's names for operators where messages use them. */
const OPERATOR_NAMES: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "remainder",
  "=": "equalto",
  "==": "equalto",
  "<=>": "equalnullsafe",
  "<": "lessthan",
  "<=": "lessthanorequal",
  ">": "greaterthan",
  ">=": "greaterthanorequal",
  "&": "bitwiseand",
  "|": "bitwiseor",
  "^": "bitwisexor",
  "~": "bitwisenot",
  negative: "unaryminus",
  when: "casewhen",
  isnull: "isnull",
  isnotnull: "isnotnull",
};

const BUILT_IN = new Set([
  "+",
  "-",
  "*",
  "/",
  "%",
  "=",
  "==",
  "<=>",
  "<",
  "<=",
  ">",
  ">=",
  "&",
  "|",
  "^",
  "~",
  "and",
  "or",
  "not",
  "in",
  "like",
  "rlike",
  "ilike",
  "when",
  "between",
  "isnull",
  "isnotnull",
  "div",
  "<<",
  ">>",
  ">>>",
  "!",
]);

export function searchPath(state: AnalysisState): string {
  const { currentCatalog, currentDatabase } = state.context;
  return `[\`system\`.\`builtin\`, \`system\`.\`session\`, ${quoteParts([currentCatalog, currentDatabase])}]`;
}

/** A call of a built-in or a user's function. */
export function* resolveFunction(e: UnresolvedFunction, env: ExprEnv, state: AnalysisState): Step<Expr> {
  const parts = isMinusSign(e) ? ["-"] : (e.nameParts ?? [e.functionName]);
  const entry = findBuiltIn(parts);
  if (entry === undefined) {
    const own = callUserFunction(parts, e, env, state);
    if (own !== undefined) return (yield own) as Expr;
    throw unresolvedRoutine(parts, e.origin, state);
  }
  const name = parts[parts.length - 1] as string;
  checkSyntax(e, name, entry);
  if (entry.isTableFunction === true && env.isTableFunction !== true)
    throw fail("NOT_A_SCALAR_FUNCTION", { functionName: quoteParts(parts) }, e.origin);
  const given = padCharComparison(
    name,
    (yield resolveArguments(e, name, entry, env, state)) as readonly Expr[],
    state,
  );
  const args = given.length === 0 && isAboutFile(name) ? fileOfRow(name, env, state) : given;
  const withinGroup: SortExpr[] = [];
  for (const order of e.withinGroup ?? [])
    withinGroup.push((yield resolveSortOrder(order, env, state)) as SortExpr);
  const bound = entry.bind(
    args,
    state.bindContext(name, e.origin, {
      distinct: e.isDistinct === true,
      ignoreNulls: e.ignoreNulls === true,
      withinGroup,
      constant: (index) => {
        const written = e.arguments[index];
        return written === undefined ? undefined : state.references.constant(written);
      },
    }),
  );
  const windows = env.inputs.find((input) => input.timeWindows !== undefined)?.timeWindows;
  const window = windows?.get(exprKey(bound));
  if (window !== undefined) return window;
  if (isRow(e) && bound.kind === "Call" && bound.type.kind === "struct") {
    const shown = bound.type.fields.flatMap((f, i) => [lit(f.name, STRING), bound.args[i] as Expr]);
    return { ...bound, fn: "named_struct", name: "named_struct", shown };
  }
  return e.isDistinct === true &&
    bound.kind === "Call" &&
    bound.distinct !== true &&
    entry.kind === "aggregate"
    ? { ...bound, distinct: true }
    : bound;
}

const isAboutFile = (name: string): boolean => /^input_file_(name|block_start|block_length)$/i.test(name);

/** What is known of the file that the rows come from; nothing when they come from none. */
function fileOfRow(name: string, env: ExprEnv, state: AnalysisState): readonly Expr[] {
  const field = name.toLowerCase() === "input_file_name" ? "file_path" : name.toLowerCase().slice(6);
  const metadata = env.inputs.flatMap((input) => input.hidden.filter((a) => a.name === "_metadata"));
  const [first] = metadata;
  if (metadata.length === 1 && first !== undefined) return [extractField(first, field, state, undefined)];
  for (const { plan } of env.inputs) {
    visitPlan(plan, (p) => {
      if (p.kind === "RScan") throw unsupported(`${name} of rows that are not read directly`);
      return true;
    });
  }
  return [];
}

/** `-x` and `negative(x)` are one function that is printed in two ways; only the text tells them apart. */
function isMinusSign(e: UnresolvedFunction): boolean {
  return (
    e.functionName === "negative" && e.origin?.kind === "sql" && e.origin.source.text[e.origin.start] === "-"
  );
}

/** `(a, b)`, which is printed as `named_struct(a, a, b, b)`. */
function isRow(e: UnresolvedFunction): boolean {
  return (
    e.functionName === "struct" && e.origin?.kind === "sql" && e.origin.source.text[e.origin.start] === "("
  );
}

function findBuiltIn(parts: readonly string[]): FunctionEntry | undefined {
  const lower = parts.map((p) => p.toLowerCase());
  const isBuiltIn =
    parts.length === 1 ||
    (parts.length === 2 && lower[0] === "builtin") ||
    (parts.length === 3 && lower[0] === "system" && lower[1] === "builtin");
  return isBuiltIn ? lookupFunction(lower[lower.length - 1] as string) : undefined;
}

function unresolvedRoutine(
  parts: readonly string[],
  origin: Origin | undefined,
  state: AnalysisState,
): Error {
  if (parts.length > 2 && parts[0]?.toLowerCase() !== "system") {
    return fail(
      "REQUIRES_SINGLE_PART_NAMESPACE",
      { sessionCatalog: state.context.currentCatalog, identifier: quoteParts(parts) },
      undefined,
    );
  }
  return fail(
    "UNRESOLVED_ROUTINE",
    { routineName: quoteParts(parts), searchPath: searchPath(state) },
    origin,
  );
}

function checkSyntax(e: UnresolvedFunction, name: string, entry: FunctionEntry): void {
  const refuse = (syntax: string) =>
    fail(
      "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
      { prettyName: quoteIdentifier(name.toLowerCase()), syntax },
      e.origin,
    );
  if (entry.kind === "aggregate") return;
  if (e.isDistinct === true) throw refuse("DISTINCT");
  if (e.withinGroup !== undefined && e.withinGroup.length > 0) throw refuse("WITHIN GROUP (ORDER BY ...)");
  if ((e.ignoreNulls === true || e.respectNulls === true) && entry.kind !== "window") {
    throw refuse(e.ignoreNulls === true ? "IGNORE NULLS" : "RESPECT NULLS");
  }
}

function* resolveArguments(
  e: UnresolvedFunction,
  name: string,
  entry: FunctionEntry,
  env: ExprEnv,
  state: AnalysisState,
): Step<readonly Expr[]> {
  const inner: ExprEnv =
    entry.kind === "aggregate" && env.isInAggregate !== true ? { ...env, isInAggregate: true } : env;
  const written = orderByName(e, name, entry);
  const lower = name.toLowerCase();
  const args: (Expr | undefined)[] = [];
  for (const each of written) {
    // `expr("*")`
    const arg =
      each.kind === "ExpressionString" && each.expression.trim() === "*"
        ? state.references.parsedExpression(each.expression)
        : each;
    if (arg.kind === "UnresolvedStar") {
      if (BUILT_IN.has(lower)) throw starInExpression(lower);
      args.push(...starArguments(arg, lower, e, inner, state));
    } else if (arg.kind === "UnresolvedRegex") args.push(...expandRegex(arg, inner, state));
    else if (arg.kind === "LambdaFunction") args.push(undefined);
    else {
      const resolved = (yield resolveExpr(arg, inner, state)) as Expr;
      args.push(NAMING.has(lower) ? keepName(arg, resolved, state) : trim(resolved));
    }
  }
  for (const [i, arg] of written.entries()) {
    if (arg.kind !== "LambdaFunction") continue;
    if (entry.lambda === undefined) {
      throw fail("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", { class: lower }, e.origin);
    }
    const arity = arg.arguments.length;
    const types = entry.lambda(args, i, arity, state.bindContext(name, e.origin));
    if (types.length !== arity) {
      throw fail(
        "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
        { expectedNumArgs: `${arity}`, actualNumArgs: `${types.length}` },
        arg.origin,
      );
    }
    args[i] = (yield resolveLambda(arg, types, inner, state)) as LambdaExpr;
  }
  return args as readonly Expr[];
}

/** An argument of `struct` takes its field's name from an alias or from the last part of a column's name. */
function keepName(written: Expression, resolved: Expr, state: AnalysisState): Expr {
  if (resolved.kind === "AliasExpr" || resolved.kind === "Attr") return resolved;
  if (written.kind !== "UnresolvedAttribute" || resolved.kind !== "Call") return resolved;
  const name = resolved.extra?.written;
  if (typeof name !== "string") return resolved;
  return {
    kind: "AliasExpr",
    child: resolved,
    id: state.nextId(),
    name,
    type: resolved.type,
    nullable: resolved.nullable,
    isAuto: true,
  };
}

function starArguments(
  star: Extract<Expression, { kind: "UnresolvedStar" }>,
  name: string,
  e: UnresolvedFunction,
  env: ExprEnv,
  state: AnalysisState,
): readonly Expr[] {
  if (name === "count" && e.arguments.length === 1 && e.isDistinct !== true) {
    if (star.unparsedTarget === undefined) return [ONE];
    if (!state.isOn("spark.sql.legacy.allowStarWithSingleTableIdentifierInCount", false)) {
      const target = star.unparsedTarget.replace(/\.\*$/, "");
      throw fail("INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT", {
        tableName: quoteIdentifier(target),
      });
    }
  }
  return expandStar(star, env, state);
}

export function starInExpression(operator: string): Error {
  const name = OPERATOR_NAMES[operator] ?? operator;
  return fail("INVALID_USAGE_OF_STAR_OR_REGEX", { elem: "'*'", prettyName: `expression \`${name}\`` });
}

/** Puts named arguments where their parameters stand. */
function orderByName(e: UnresolvedFunction, name: string, entry: FunctionEntry): readonly Expression[] {
  const firstNamed = e.arguments.findIndex((a) => a.kind === "NamedArgument");
  if (firstNamed < 0) return e.arguments;
  const params = entry.params?.map((p) => p.replace(/\?$/, ""));
  const routineName = quoteIdentifier(name.toLowerCase());
  if (params === undefined) {
    throw fail("NAMED_PARAMETERS_NOT_SUPPORTED", { functionName: routineName }, e.origin);
  }
  const out: (Expression | undefined)[] = [];
  for (const [i, arg] of e.arguments.entries()) {
    if (arg.kind !== "NamedArgument") {
      if (i > firstNamed) {
        throw fail(
          "UNEXPECTED_POSITIONAL_ARGUMENT",
          { routineName, parameterName: quoteIdentifier((e.arguments[i - 1] as NamedArgument).key) },
          e.origin,
        );
      }
      out[i] = arg;
      continue;
    }
    const at = params.findIndex((p) => p.toLowerCase() === arg.key.toLowerCase());
    if (at < 0) {
      throw fail(
        "UNRECOGNIZED_PARAMETER_NAME",
        {
          routineName,
          argumentName: quoteIdentifier(arg.key),
          proposal: suggest(
            [arg.key],
            params.map((p) => [p]),
            3,
          ).join(" "),
        },
        e.origin,
      );
    }
    if (out[at] !== undefined) {
      const condition = at < firstNamed ? "BOTH_POSITIONAL_AND_NAMED" : "DOUBLE_NAMED_ARGUMENT_REFERENCE";
      throw fail(
        `DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.${condition}`,
        { routineName, parameterName: quoteIdentifier(arg.key) },
        e.origin,
      );
    }
    out[at] = arg.value;
  }
  for (let i = 0; i < out.length; i++) {
    if (out[i] === undefined) {
      throw fail(
        "REQUIRED_PARAMETER_NOT_FOUND",
        { routineName, parameterName: quoteIdentifier(params[i] as string), index: `${i}` },
        e.origin,
      );
    }
  }
  return out as Expression[];
}

/** `agg(...) FILTER (WHERE condition)`. */
export function* resolveAggregateFilter(e: AggregateFilter, env: ExprEnv, state: AnalysisState): Step<Expr> {
  const aggregate = trim((yield resolveExpr(e.aggregate, env, state)) as Expr);
  const filter = trim((yield resolveExpr(e.condition, { ...env, isInAggregate: true }, state)) as Expr);
  const origin = e.origin ?? e.aggregate.origin;
  if (findExpr(aggregate, isAggregateCall) === undefined) {
    const name =
      e.aggregate.kind === "UnresolvedFunction" ? e.aggregate.functionName.toLowerCase() : "expression";
    throw fail(
      "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
      { prettyName: quoteIdentifier(name), syntax: "FILTER CLAUSE" },
      origin,
    );
  }
  if (filter.type.kind !== "boolean") {
    throw fail("INVALID_AGGREGATE_FILTER.NOT_BOOLEAN", { filterExpr: quotedExpr(filter) }, origin);
  }
  const nested = findExpr(filter, isAggregateCall);
  if (nested !== undefined) {
    throw fail(
      "INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE",
      { filterExpr: quotedExpr(filter), aggExpr: quotedExpr(nested) },
      origin,
    );
  }
  const window = findExpr(filter, (x) => x.kind === "WindowExpr");
  if (window !== undefined) {
    throw fail(
      "INVALID_AGGREGATE_FILTER.CONTAINS_WINDOW_FUNCTION",
      { filterExpr: quotedExpr(filter), windowExpr: quotedExpr(window) },
      origin,
    );
  }
  return withFilter(aggregate, filter);
}

/** The filter goes to every aggregate that computes, and to the one that shows its name. */
function withFilter(root: Expr, filter: Expr): Expr {
  return rewriteExpr(
    root,
    (x) => (isAggregateCall(x) ? ({ ...x, filter } satisfies Call) : undefined),
    (x) => (x.kind === "Call" && x.filter === undefined && kindOf(x) === "aggregate" ? { ...x, filter } : x),
  );
}
