import { castTo } from "../functions/coercion.ts";
import type { Expr, NamedExpr } from "../functions/expr.ts";
import type { Expression, UnresolvedFunction } from "../plan/expression.ts";
import type { Origin } from "../plan/origin.ts";
import type { UnresolvedTableValuedFunction } from "../plan/relation.ts";
import type { UserFunction } from "./catalog-resolver.ts";
import { fail } from "./errors.ts";
import { resolveAll, resolveExpr, trim } from "./expressions.ts";
import { exact } from "./relations/exact.ts";
import { projection, qualified } from "./relations/tables.ts";
import { resolveRelation } from "./relations.ts";
import type { ExprEnv, RelationScope, Resolved } from "./scope.ts";
import type { AnalysisState } from "./state.ts";
import type { Step } from "./steps.ts";
import { quoteParts } from "./suggestions.ts";

/** A call of a function that the user created in SQL; undefined when there is none of that name. */
export function callUserFunction(
  parts: readonly string[],
  e: UnresolvedFunction,
  env: ExprEnv,
  state: AnalysisState,
): Step<Expr> | undefined {
  const found = state.references.userFunction(parts, env.scope);
  if (found === undefined) return undefined;
  if (found.returns.kind !== "scalar") {
    throw fail("NOT_A_SCALAR_FUNCTION", { functionName: quoteParts(found.identifier) }, e.origin);
  }
  const { body, returns } = found;
  if (body.kind === "registered") {
    const { origin } = e;
    const call = { ...body.function, arguments: e.arguments, ...(origin === undefined ? {} : { origin }) };
    return resolveExpr(call, env, state);
  }
  const expression: Expression =
    body.kind === "query"
      ? { kind: "SubqueryExpression", subqueryType: "scalar", plan: body.query }
      : body.expression;
  return (function* (): Step<Expr> {
    const bound = (yield bindParameters(found, e.arguments, env, state, e.origin)) as BoundParameters;
    const { lambdas: _, lateral: __, ...rest } = env;
    const inner: ExprEnv = {
      ...rest,
      inputs: [],
      parameters: bound.parameters,
      scope: bodyScope(found, env.scope),
    };
    const value = trim((yield resolveExpr(expression, inner, state)) as Expr);
    const result = returns.dataType === undefined ? value : castTo(value, returns.dataType, state.conf);
    return {
      kind: "Call",
      fn: "sql_function",
      name: found.identifier.join("."),
      args: [result],
      shown: bound.shown,
      type: result.type,
      nullable: result.nullable,
    };
  })();
}

/** A body sees its parameters, and nothing of the query around the call. */
function bodyScope(found: UserFunction, scope: RelationScope): RelationScope {
  return {
    ...scope,
    commonTables: undefined,
    outer: undefined,
    windows: undefined,
    ...(found.isPersistent === true ? { currentDatabase: found.currentDatabase, isInView: true } : {}),
    viewDepth: scope.viewDepth + 1,
  };
}

interface BoundParameters {
  readonly parameters: ReadonlyMap<string, Expr>;
  /** The arguments as they were written, in the order of the parameters. */
  readonly shown: readonly Expr[];
}

/** The arguments of a call by the names of the parameters, cast to their types. */
function* bindParameters(
  found: UserFunction,
  written: readonly Expression[],
  env: ExprEnv,
  state: AnalysisState,
  origin: Origin | undefined,
): Step<BoundParameters> {
  const { parameters } = found;
  const functionName = quoteParts(found.identifier);
  const wrongCount = (): Error =>
    fail(
      "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
      {
        functionName,
        expectedNum: `${parameters.length}`,
        actualNum: `${written.length}`,
        docroot: "https://spark.apache.org/docs/latest",
      },
      origin,
    );
  if (written.length > parameters.length) throw wrongCount();
  const given: (Expression | undefined)[] = parameters.map(() => undefined);
  for (const [i, arg] of written.entries()) {
    if (arg.kind !== "NamedArgument") {
      given[i] = arg;
      continue;
    }
    const index = parameters.findIndex((p) => p.name.toLowerCase() === arg.key.toLowerCase());
    if (index < 0) {
      throw fail(
        "UNRECOGNIZED_PARAMETER_NAME",
        {
          routineName: functionName,
          argumentName: quoteParts([arg.key]),
          proposal: parameters.map((p) => quoteParts([p.name])).join(" "),
        },
        origin,
      );
    }
    if (given[index] !== undefined) {
      throw fail(
        "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE",
        { routineName: functionName, parameterName: quoteParts([arg.key]) },
        origin,
      );
    }
    given[index] = arg.value;
  }
  if (parameters.some((p, i) => given[i] === undefined && p.default === undefined)) throw wrongCount();
  const shown = (yield resolveAll(
    given.filter((arg) => arg !== undefined),
    env,
    state,
  )) as readonly Expr[];
  const bound = new Map<string, Expr>();
  let next = 0;
  for (const [i, p] of parameters.entries()) {
    const value =
      given[i] !== undefined
        ? (shown[next++] as Expr)
        : trim((yield resolveExpr(p.default as Expression, { inputs: [], scope: env.scope }, state)) as Expr);
    bound.set(p.name.toLowerCase(), castTo(value, p.dataType, state.conf));
  }
  return { parameters: bound, shown };
}

/** A call of a table function that the user created. */
export function callTableFunction(
  parts: readonly string[],
  rel: UnresolvedTableValuedFunction,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> | undefined {
  const found = state.references.userFunction(parts, scope);
  if (found === undefined) return undefined;
  const { body, returns } = found;
  if (returns.kind !== "table" || body.kind !== "query") {
    throw fail("NOT_A_TABLE_FUNCTION", { functionName: quoteParts(found.identifier) }, rel.origin);
  }
  return (function* (): Step<Resolved> {
    const env: ExprEnv = { inputs: [], scope };
    const bound = (yield bindParameters(found, rel.arguments, env, state, rel.origin)) as BoundParameters;
    const inside = bodyScope(found, scope);
    const around: ExprEnv = { inputs: [], scope: inside, parameters: bound.parameters };
    const inner = exact(
      (yield resolveRelation(body.query, { ...inside, outer: { env: around } }, state)) as Resolved,
    );
    const columns = (returns.schema?.fields ?? []).map((f, i): NamedExpr => {
      const child = castTo(inner.output[i] as Expr, f.dataType, state.conf);
      return {
        kind: "AliasExpr",
        child,
        id: state.nextId(),
        name: f.name,
        type: child.type,
        nullable: child.nullable,
        ...(f.metadata === undefined ? {} : { metadata: f.metadata }),
      };
    });
    return qualified(projection(inner, columns), found.identifier);
  })();
}
