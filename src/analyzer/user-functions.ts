import { unsupported } from "../errors/spark-error.ts";
import { castTo } from "../functions/coercion.ts";
import type { Expr } from "../functions/expr.ts";
import type { UnresolvedFunction } from "../plan/expression.ts";
import type { UnresolvedTableValuedFunction } from "../plan/relation.ts";
import { fail } from "./errors.ts";
import { resolveAll, resolveExpr, trim } from "./expressions.ts";
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
  const found = state.references.userFunction(parts);
  if (found === undefined) return undefined;
  if (found.returns.kind !== "scalar") {
    throw fail("NOT_A_SCALAR_FUNCTION", { functionName: quoteParts(parts) }, e.origin);
  }
  const { body, returns } = found;
  if (body.kind === "registered") {
    const { origin } = e;
    const call = { ...body.function, arguments: e.arguments, ...(origin === undefined ? {} : { origin }) };
    return resolveExpr(call, env, state);
  }
  if (body.kind !== "expression") throw unsupported("SQL functions whose body is a query");
  return (function* (): Step<Expr> {
    const args = (yield resolveAll(e.arguments, env, state)) as readonly Expr[];
    if (
      args.length > found.parameters.length ||
      found.parameters.slice(args.length).some((p) => p.default === undefined)
    ) {
      throw fail(
        "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
        {
          functionName: quoteParts(found.identifier),
          expectedNum: `${found.parameters.length}`,
          actualNum: `${args.length}`,
          docroot: "https://spark.apache.org/docs/latest",
        },
        e.origin,
      );
    }
    const parameters = new Map<string, Expr>();
    for (const [i, p] of found.parameters.entries()) {
      const given =
        args[i] ??
        trim(
          (yield resolveExpr(
            p.default as NonNullable<typeof p.default>,
            { ...env, inputs: [] },
            state,
          )) as Expr,
        );
      parameters.set(p.name.toLowerCase(), castTo(given, p.dataType, state.conf));
    }
    const { lambdas: _, lateral: __, ...rest } = env;
    const value = trim(
      (yield resolveExpr(body.expression, { ...rest, inputs: [], parameters }, state)) as Expr,
    );
    const result = returns.dataType === undefined ? value : castTo(value, returns.dataType, state.conf);
    return {
      kind: "Call",
      fn: "sql_function",
      name: quoteParts(found.identifier).replace(/`/g, ""),
      args: [result],
      shown: args,
      type: result.type,
      nullable: true,
    };
  })();
}

/** A call of a table function that the user created. */
export function callTableFunction(
  parts: readonly string[],
  _rel: UnresolvedTableValuedFunction,
  _scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> | undefined {
  const found = state.references.userFunction(parts);
  if (found === undefined) return undefined;
  throw unsupported("table functions written in SQL");
}
