import { analysisError, sparkError } from "../../errors/spark-error.ts";
import type { Expression, LiteralValue } from "../../plan/expression.ts";
import { isRelation } from "../../plan/kinds.ts";
import type { Relation } from "../../plan/relation.ts";
import type { DeclareVariable, DropVariable, ExecuteImmediate, SetVariable } from "../../plan/statement.ts";
import { foreachNode } from "../../plan/traverse.ts";
import { type ParseOptions, parseOptionsFromConf, parseStatement } from "../../sql/parse.ts";
import type { DataType } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { findVariable, isSessionName, type Variable } from "../session-variables.ts";
import { type CommandEnv, quoteName, quoteParts } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";

const SESSION_PATH = "[`system`.`session`]";

export async function declareVariable(command: DeclareVariable, env: CommandEnv): Promise<CommandOutput> {
  const { frames } = env.operation;
  const scope = frames?.[0]?.variables;
  const keys = command.names.map((parts) => {
    if (scope !== undefined) {
      if (parts.length > 1)
        throw analysisError("INVALID_VARIABLE_DECLARATION.QUALIFIED_LOCAL_VARIABLE", {
          varName: quoteParts(parts),
        });
      if (command.replace)
        throw analysisError("INVALID_VARIABLE_DECLARATION.REPLACE_LOCAL_VARIABLE", {
          varName: quoteParts(parts),
        });
    } else if (!isSessionName(parts)) throw unresolvedVariable(parts, SESSION_PATH);
    return (parts.at(-1) as string).toLowerCase();
  });
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) {
    throw analysisError("DUPLICATE_VARIABLE_NAME_INSIDE_DECLARE", { variableName: quoteName(twice) });
  }
  const variables = scope ?? env.session.variables;
  const qualifier = scope === undefined ? ["system", "session"] : [];
  const taken = command.replace ? undefined : keys.find((key) => variables.has(key));
  if (taken !== undefined) {
    const label = frames?.[0]?.label;
    const shown =
      scope === undefined ? [...qualifier, taken] : [...(label === undefined ? [] : [label]), taken];
    throw analysisError("VARIABLE_ALREADY_EXISTS", { variableName: quoteParts(shown) });
  }
  const first = quoteParts([...qualifier, keys[0] as string]);
  const { dataType, value } = await defaultValue(command, first, env);
  for (const [i, key] of keys.entries()) {
    variables.set(key, {
      identifier: [...qualifier, (command.names[i] as readonly string[]).at(-1) as string],
      dataType,
      value,
      ...(command.defaultExpression === undefined ? {} : { defaultExpression: command.defaultExpression }),
    });
  }
  return NO_OUTPUT;
}

async function defaultValue(
  command: DeclareVariable,
  name: string,
  env: CommandEnv,
): Promise<{ readonly dataType: DataType; readonly value: LiteralValue }> {
  const { defaultExpression, dataType } = command;
  if (defaultExpression === undefined) return { dataType: dataType as DataType, value: null };
  foreachNode(defaultExpression, (node) => {
    if (node.kind !== "SubqueryExpression") return;
    throw analysisError("INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION", {
      statement: "DECLARE VARIABLE",
      colName: name,
      defaultValue: command.defaultSql ?? "",
    });
  });
  const [found] = await evaluate([typed(defaultExpression, dataType)], env);
  return { dataType: dataType ?? (found as Evaluated).dataType, value: (found as Evaluated).value };
}

export async function dropVariable(command: DropVariable, env: CommandEnv): Promise<CommandOutput> {
  if (!isSessionName(command.name)) throw unresolvedVariable(command.name, SESSION_PATH);
  const name = command.name.at(-1) as string;
  if (!env.session.variables.delete(name.toLowerCase()) && !command.ifExists) {
    throw analysisError("VARIABLE_NOT_FOUND", { variableName: quoteParts(["system", "session", name]) });
  }
  return NO_OUTPUT;
}

export async function setVariable(command: SetVariable, env: CommandEnv): Promise<CommandOutput> {
  const targets = command.targets.map((parts) => requireVariable(parts, env));
  assertDistinct(command.targets);
  if (command.query !== undefined) {
    await assignQuery(targets, command.query, env);
    return NO_OUTPUT;
  }
  const values = (command.values ?? []).map((value, i) => {
    const target = targets[i] as Variable;
    const { dataType } = target;
    if (value.kind !== "UnresolvedAttribute" || value.unparsedIdentifier.toUpperCase() !== "DEFAULT") {
      return typed(value, dataType);
    }
    return typed(
      target.defaultExpression ?? { kind: "Literal", dataType: { kind: "null" }, value: null },
      dataType,
    );
  });
  const found = await evaluate(values, env);
  for (const [i, target] of targets.entries()) assign(target, (found[i] as Evaluated).value, env);
  return NO_OUTPUT;
}

/** The one row of a query, or NULLs where there is none. */
export async function assignQuery(
  targets: readonly Variable[],
  query: Relation,
  env: CommandEnv,
): Promise<void> {
  const { query: analyzed } = await env.runner.prepare(query, env.operation);
  const columns = analyzed.schema.fields.length;
  if (columns !== targets.length) {
    throw analysisError("ASSIGNMENT_ARITY_MISMATCH", {
      numTarget: `${targets.length}`,
      numExpr: `${columns}`,
    });
  }
  const names = targets.map((_, i) => `v${i}`);
  const { rows } = await env.runner.collect(
    {
      kind: "Project",
      input: { kind: "ToDF", columnNames: names, input: { kind: "Limit", input: query, limit: 2 } },
      expressions: targets.map((target, i) =>
        typed({ kind: "UnresolvedAttribute", unparsedIdentifier: `v${i}` }, target.dataType),
      ),
    },
    env.operation,
  );
  if (rows.length > 1) throw sparkError("SparkException", { condition: "ROW_SUBQUERY_TOO_MANY_ROWS" });
  for (const [i, target] of targets.entries()) assign(target, rows[0]?.[i] ?? null, env);
}

export function assign(target: Variable, value: LiteralValue, env: CommandEnv): void {
  const key = (target.identifier.at(-1) as string).toLowerCase();
  const local = env.operation.frames?.find((frame) => frame.variables.get(key) === target)?.variables;
  (local ?? env.session.variables).set(key, { ...target, value });
}

export function requireVariable(parts: readonly string[], env: CommandEnv): Variable {
  const found = findVariable(parts, env.session.variables, env.operation.frames);
  if (found !== undefined) return found;
  throw unresolvedVariable(
    parts,
    `[\`system\`.\`builtin\`, \`system\`.\`session\`, ${quoteParts(["spark_catalog", env.session.currentDatabase])}]`,
  );
}

function assertDistinct(targets: readonly (readonly string[])[]): void {
  const names = targets.map((parts) => (parts.at(-1) as string).toLowerCase());
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (twice.length > 0) {
    throw analysisError("DUPLICATE_ASSIGNMENTS", { nameList: twice.map(quoteName).join(", ") });
  }
}

function unresolvedVariable(parts: readonly string[], searchPath: string): Error {
  return analysisError("UNRESOLVED_VARIABLE", { variableName: quoteParts(parts), searchPath });
}

function typed(expr: Expression, type: DataType | undefined): Expression {
  return type === undefined ? expr : { kind: "Cast", expr, type };
}

export interface Evaluated {
  /** The column name that Spark gives the expression. */
  readonly name: string;
  readonly dataType: DataType;
  readonly value: LiteralValue;
}

/** Values of expressions that name no columns. */
export async function evaluate(
  expressions: readonly Expression[],
  env: CommandEnv,
): Promise<readonly Evaluated[]> {
  const { schema, rows } = await env.runner.collect({ kind: "Project", expressions }, env.operation);
  return schema.fields.map((f, i) => ({ name: f.name, dataType: f.dataType, value: rows[0]?.[i] ?? null }));
}

/** Runs a text that an expression gives. */
export async function executeImmediate(command: ExecuteImmediate, env: CommandEnv): Promise<CommandOutput> {
  const text = await queryText(command.query, env);
  const targets = command.targets.map((parts) => requireVariable(parts, env));
  assertDistinct(command.targets);
  const options: ParseOptions = {
    ...parseOptionsFromConf((key) => env.session.conf.get(key)),
    nowMicros: BigInt(Date.now()) * 1000n,
  };
  const parsed = parseStatement(text, { ...options, ...(await parametersOf(command, text, options, env)) });
  if (parsed.kind === "CompoundStatement") {
    throw analysisError("SQL_SCRIPT_IN_EXECUTE_IMMEDIATE", { sqlString: text.toUpperCase() });
  }
  if (!isRelation(parsed)) {
    if (targets.length === 0) return env.run(parsed);
    throw analysisError("INVALID_STATEMENT_FOR_EXECUTE_INTO", { sqlString: text.toUpperCase() });
  }
  if (targets.length > 0) {
    await assignQuery(targets, parsed, env);
    return NO_OUTPUT;
  }
  const { query } = await env.runner.prepare(parsed, env.operation);
  return { schema: query.schema, rows: [], relation: parsed };
}

async function queryText(query: Expression, env: CommandEnv): Promise<string> {
  const [found] = await evaluate([query], env);
  const { name, dataType, value } = found as Evaluated;
  if (dataType.kind !== "string") {
    throw analysisError("INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE", {
      exprType: quotedSqlType(dataType),
    });
  }
  if (typeof value === "string") return value;
  throw analysisError("NULL_QUERY_STRING_EXECUTE_IMMEDIATE", { varName: quoteName(name) });
}

async function parametersOf(
  command: ExecuteImmediate,
  text: string,
  options: ParseOptions,
  env: CommandEnv,
): Promise<ParseOptions> {
  const given = command.arguments;
  if (given.length === 0) return {};
  const values = await evaluate(
    given.map((e) => (e.kind === "Alias" ? e.expr : e)),
    env,
  );
  const literals = values.map(({ dataType, value }): Expression => ({ kind: "Literal", dataType, value }));
  const names = given.map((e) => (e.kind === "Alias" ? e.name[0] : undefined));
  let usesNames = false;
  foreachNode(parseStatement(text, options), (node) => {
    if (node.kind === "ParameterMarker" && node.name !== undefined && !/^_\d+$/.test(node.name))
      usesNames = true;
  });
  if (!usesNames) return { positionalParameters: literals };
  const unnamed = values.filter((_, i) => names[i] === undefined);
  if (unnamed.length > 0) {
    const exprs = unnamed.map(({ name }) => `"${name}"`).join(", ");
    throw analysisError("ALL_PARAMETERS_MUST_BE_NAMED", { exprs });
  }
  return { namedParameters: Object.fromEntries(literals.map((literal, i) => [names[i] as string, literal])) };
}

/** The name that `IDENTIFIER(expression)` stands for. */
export async function evaluateName(expression: Expression, env: CommandEnv): Promise<string> {
  const [found] = await evaluate([expression], env);
  const { name, dataType, value } = found as Evaluated;
  if (typeof value === "string") return value;
  throw analysisError(value === null ? "NOT_A_CONSTANT_STRING.NULL" : "NOT_A_CONSTANT_STRING.WRONG_TYPE", {
    name: "IDENTIFIER",
    expr: `"${name}"`,
    ...(value === null ? {} : { dataType: quotedSqlType(dataType) }),
  });
}
