import { unsupported } from "../errors/spark-error.ts";
import type { Expr, LambdaVar, SortExpr, SubqueryExpr } from "../functions/expr.ts";
import { evaluateLiteral } from "../functions/fold.ts";
import type {
  Expression,
  LambdaFunction,
  SortOrder,
  SubqueryExpression,
  UnresolvedNamedLambdaVariable,
} from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import { INTEGER } from "../types/data-type.ts";
import { quoteIdentifier } from "../types/format.ts";
import { bindCast } from "./bind-cast.ts";
import { lookUp, nameParts, resolveColumn } from "./column-resolution.ts";
import { fail, unresolvedColumn } from "./errors.ts";
import { extractField, extractValue } from "./extract-value.ts";
import { resolveAggregateFilter, resolveFunction } from "./function-resolution.ts";
import { splitName } from "./names.ts";
import type { ExprEnv, LambdaScope } from "./scope.ts";
import type { AnalysisState } from "./state.ts";
import { runSteps, type Step } from "./steps.ts";
import { resolveSubquery } from "./subqueries.ts";
import { quoteParts } from "./suggestions.ts";
import { resolveUpdateFields } from "./update-fields.ts";
import { resolveWindow, resolveWindowReference } from "./windows.ts";

/** Resolves one expression to its end. */
export function resolveNow(e: Expression, env: ExprEnv, state: AnalysisState): Expr {
  return runSteps(resolveExpr(e, env, state));
}

/**
 * Names, types and casts of one expression. Aliases inside are kept for the caller to trim: functions that make structs
 * take names from them.
 */
export function* resolveExpr(e: Expression, env: ExprEnv, state: AnalysisState): Step<Expr> {
  switch (e.kind) {
    case "Literal":
      return {
        kind: "Lit",
        type: e.dataType,
        nullable: e.value === null,
        value: e.value,
        ...(e.origin === undefined ? {} : { origin: e.origin }),
      };
    case "UnresolvedAttribute": {
      const local = env.lambdas === undefined ? undefined : lambdaVariable(nameParts(e), env, state, e);
      return local ?? resolveColumn(e, env, state);
    }
    case "UnresolvedNamedLambdaVariable":
      return resolveLambdaVariable(e, env, state);
    case "UnresolvedFunction":
      return (yield resolveFunction(e, env, state)) as Expr;
    case "CallFunction":
      return (yield resolveFunction(
        {
          kind: "UnresolvedFunction",
          functionName: e.functionName,
          nameParts: splitName(e.functionName, e.origin),
          arguments: e.arguments,
          ...(e.origin === undefined ? {} : { origin: e.origin }),
        },
        env,
        state,
      )) as Expr;
    case "ExpressionString":
      return (yield resolveExpr(state.references.parsedExpression(e.expression), env, state)) as Expr;
    case "Alias": {
      const child = (yield resolveExpr(e.expr, env, state)) as Expr;
      if (e.name.length !== 1) {
        throw fail(
          "MULTI_ALIAS_WITHOUT_GENERATOR",
          { expr: `"${state.pretty(child)}"`, names: e.name.join(", ") },
          e.origin,
        );
      }
      return {
        kind: "AliasExpr",
        child,
        id: state.nextId(),
        name: e.name[0] as string,
        type: child.type,
        nullable: child.nullable,
        ...(e.metadata === undefined ? {} : { metadata: e.metadata }),
        ...(e.origin === undefined ? {} : { origin: e.origin }),
      };
    }
    case "Cast": {
      const child = trim((yield resolveExpr(e.expr, env, state)) as Expr);
      return bindCast(child, e, state);
    }
    case "SortOrder":
      return (yield resolveSortOrder(e, env, state)) as SortExpr;
    case "Window":
      return (yield resolveWindow(e, env, state)) as Expr;
    case "WindowReference":
      return (yield resolveWindowReference(e, env, state)) as Expr;
    case "UnresolvedExtractValue": {
      const child = trim((yield resolveExpr(e.child, env, state)) as Expr);
      const extraction = trim((yield resolveExpr(e.extraction, env, state)) as Expr);
      return extractValue(child, extraction, state, e.origin);
    }
    case "UpdateFields":
      return (yield resolveUpdateFields(e, env, state)) as Expr;
    case "SubqueryExpression":
      return (yield resolveSubqueryExpression(e, env, state)) as Expr;
    case "AggregateFilter":
      return (yield resolveAggregateFilter(e, env, state)) as Expr;
    case "UserDefinedFunction":
      return (yield resolveUserFunction(e, env, state)) as Expr;
    case "IdentifierClause":
      return (yield resolveIdentifierClause(e, env, state)) as Expr;
    case "ParameterMarker":
      throw fail("UNBOUND_SQL_PARAMETER", { name: e.name ?? `_${e.position ?? 0}` }, e.origin);
    case "UnresolvedStar":
      throw fail(
        "INVALID_USAGE_OF_STAR_OR_REGEX",
        { elem: "'*'", prettyName: "expression `unresolvedstar`" },
        e.origin,
      );
    case "UnresolvedRegex":
      throw fail(
        "INVALID_USAGE_OF_STAR_OR_REGEX",
        { elem: `regular expression '${e.colName}'`, prettyName: "expression `unresolvedregex`" },
        e.origin,
      );
    case "LambdaFunction":
      throw fail(
        "INTERNAL_ERROR",
        { message: "Found an unresolved lambda function outside of a higher order function" },
        e.origin,
      );
    case "NamedArgument":
      throw fail("NAMED_PARAMETERS_NOT_SUPPORTED", { functionName: quoteIdentifier(e.key) }, e.origin);
    case "GroupingAnalytics":
      throw fail("UNSUPPORTED_GROUPING_EXPRESSION", {}, e.origin);
    case "MergeAction":
      throw unsupported("MERGE actions outside of MERGE");
    case "DirectShufflePartitionId":
      throw unsupported("direct shuffle partition ids");
  }
}

/** The expression without an alias around it: names mean nothing inside others. */
export function trim(e: Expr): Expr {
  let inner = e;
  while (inner.kind === "AliasExpr") inner = inner.child;
  return inner;
}

export function* resolveAll(
  list: readonly Expression[],
  env: ExprEnv,
  state: AnalysisState,
): Step<readonly Expr[]> {
  const out: Expr[] = [];
  for (const e of list) out.push(trim((yield resolveExpr(e, env, state)) as Expr));
  return out;
}

export function* resolveSortOrder(e: SortOrder, env: ExprEnv, state: AnalysisState): Step<SortExpr> {
  const child = trim((yield resolveExpr(e.child, env, state)) as Expr);
  return sortExpr(child, e);
}

export function sortExpr(child: Expr, e: Pick<SortOrder, "direction" | "nullOrdering" | "origin">): SortExpr {
  const isAscending = e.direction === "ascending";
  return {
    kind: "SortExpr",
    child,
    type: child.type,
    nullable: child.nullable,
    direction: e.direction,
    nullsFirst: e.nullOrdering === undefined ? isAscending : e.nullOrdering === "first",
    ...(e.origin === undefined ? {} : { origin: e.origin }),
  };
}

function lambdaVariable(
  parts: readonly string[],
  env: ExprEnv,
  state: AnalysisState,
  e: Expression,
): Expr | undefined {
  const name = state.conf.caseSensitive ? (parts[0] as string) : (parts[0] as string).toLowerCase();
  for (let scope: LambdaScope | undefined = env.lambdas; scope !== undefined; scope = scope.outer) {
    const variable = scope.variables.get(name);
    if (variable !== undefined) {
      return parts
        .slice(1)
        .reduce<Expr>((inner, field) => extractField(inner, field, state, e.origin), variable);
    }
  }
  return undefined;
}

function resolveLambdaVariable(e: UnresolvedNamedLambdaVariable, env: ExprEnv, state: AnalysisState): Expr {
  const variable = lambdaVariable(e.nameParts, env, state, e);
  if (variable !== undefined) return variable;
  const column = lookUp(e.nameParts, env, state, e.origin);
  if (column !== undefined) return column;
  throw unresolvedColumn(
    e.nameParts,
    env.inputs.flatMap((i) => i.output),
    e.origin,
  );
}

/** A lambda with its parameters' types decided. */
export function* resolveLambda(
  e: LambdaFunction,
  types: readonly { readonly type: Expr["type"]; readonly nullable: boolean }[],
  env: ExprEnv,
  state: AnalysisState,
): Step<Expr> {
  const names = e.arguments.map((a) => a.nameParts.join("."));
  const keys = names.map((n) => (state.conf.caseSensitive ? n : n.toLowerCase()));
  if (new Set(keys).size < keys.length) {
    throw fail(
      "INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES",
      { args: keys.map(quoteIdentifier).join(", "), caseSensitiveConfig: '"spark.sql.caseSensitive"' },
      e.origin,
    );
  }
  const params: LambdaVar[] = types.map((t, i) => ({
    kind: "LambdaVar",
    id: state.nextId(),
    name: names[i] as string,
    type: t.type,
    nullable: t.nullable,
  }));
  const lambdas: LambdaScope = {
    variables: new Map(params.map((p, i) => [keys[i] as string, p])),
    outer: env.lambdas,
  };
  const body = trim((yield resolveExpr(e.function, { ...env, lambdas }, state)) as Expr);
  return {
    kind: "LambdaExpr",
    params,
    body,
    type: body.type,
    nullable: body.nullable,
    ...(e.origin === undefined ? {} : { origin: e.origin }),
  };
}

function* resolveSubqueryExpression(e: SubqueryExpression, env: ExprEnv, state: AnalysisState): Step<Expr> {
  if (e.subqueryType === "table_arg") throw unsupported("table arguments");
  const plan = e.plan ?? (e.planId === undefined ? undefined : env.scope.references?.get(e.planId));
  if (plan === undefined) {
    throw fail("INTERNAL_ERROR", { message: `no relation has the plan id ${e.planId}` }, e.origin);
  }
  const values =
    e.inSubqueryValues === undefined
      ? undefined
      : ((yield resolveAll(e.inSubqueryValues, env, state)) as Expr[]);
  return (yield resolveSubquery(e, plan as Relation, values, env, state)) as SubqueryExpr;
}

function* resolveUserFunction(
  e: Extract<Expression, { kind: "UserDefinedFunction" }>,
  env: ExprEnv,
  state: AnalysisState,
): Step<Expr> {
  const { function: body } = e;
  if (body.language !== "javascript") throw unsupported(`user functions in ${body.language}`);
  const given = e.arguments.map((a) => (a.kind === "NamedArgument" ? a.value : a));
  const args = (yield resolveAll(given, env, state)) as readonly Expr[];
  const argumentNames = e.arguments.map((a) => (a.kind === "NamedArgument" ? a.key : null));
  return {
    kind: "Call",
    fn: "udf",
    name: e.functionName,
    args,
    type: body.outputType,
    nullable: true,
    extra: { id: body.id, deterministic: e.deterministic, argumentNames },
    ...(e.origin === undefined ? {} : { origin: e.origin }),
  };
}

function* resolveIdentifierClause(
  e: Extract<Expression, { kind: "IdentifierClause" }>,
  env: ExprEnv,
  state: AnalysisState,
): Step<Expr> {
  const name = trim((yield resolveExpr(e.expression, { ...env, inputs: [] }, state)) as Expr);
  const parts = identifierParts(name, e, state);
  const origin = e.origin === undefined ? {} : { origin: e.origin };
  if (e.arguments === undefined) {
    return (yield resolveExpr(
      { kind: "UnresolvedAttribute", unparsedIdentifier: quoteParts(parts), nameParts: parts, ...origin },
      env,
      state,
    )) as Expr;
  }
  return (yield resolveFunction(
    {
      kind: "UnresolvedFunction",
      functionName: parts[parts.length - 1] as string,
      nameParts: parts,
      arguments: e.arguments,
      ...origin,
    },
    env,
    state,
  )) as Expr;
}

function identifierParts(name: Expr, e: Expression, state: AnalysisState): readonly string[] {
  const value = state.references.constant(name) ?? evaluateLiteral(name);
  if (name.type.kind !== "string") {
    throw fail(
      "NOT_A_CONSTANT_STRING.WRONG_TYPE",
      { name: "IDENTIFIER", expr: `"${state.pretty(name)}"`, dataType: name.type.kind },
      e.origin,
    );
  }
  if (value === null)
    throw fail(
      "NOT_A_CONSTANT_STRING.NULL",
      { name: "IDENTIFIER", expr: `"${state.pretty(name)}"` },
      e.origin,
    );
  if (typeof value !== "string") {
    throw fail(
      "NOT_A_CONSTANT_STRING.NOT_CONSTANT",
      { name: "IDENTIFIER", expr: `"${state.pretty(name)}"` },
      e.origin,
    );
  }
  return state.references.parsedIdentifier(value);
}

export const ONE: Expr = { kind: "Lit", type: INTEGER, nullable: false, value: 1 };
