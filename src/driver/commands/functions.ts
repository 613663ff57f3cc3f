import { CATALOG_NAME, type FunctionDefinition } from "../../catalog/catalog-entry.ts";
import { analysisError, ParseException } from "../../errors/spark-error.ts";
import { lookupFunction } from "../../functions/function-table.ts";
import type { Expression } from "../../plan/expression.ts";
import type { Relation } from "../../plan/relation.ts";
import type {
  CreateFunction,
  CreateJvmFunction,
  DescribeFunction,
  DropFunction,
  ShowFunctions,
} from "../../plan/statement.ts";
import { foreachNode } from "../../plan/traverse.ts";
import { type DataType, type StructType, struct } from "../../types/data-type.ts";
import { quoteIfNeeded, sqlString, toDdl } from "../../types/format.ts";
import { functionNames } from "../function-names.ts";
import type { SessionState } from "../session-state.ts";
import { type FoundFunction, findSqlFunction, parseFunction } from "../sql-functions.ts";
import { type CommandEnv, databaseName, quoteName, quoteParts, temporaryView } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT, showPattern, text } from "./command-output.ts";
import { javaDate } from "./table-information.ts";

/** Where a query looks names up, as messages show it. */
export function searchPath(session: SessionState): string {
  return `[\`system\`.\`builtin\`, \`system\`.\`session\`, ${quoteParts([CATALOG_NAME, session.currentDatabase])}]`;
}

/** `f` or `db.f`. */
export function functionIdentifier(
  nameParts: readonly string[],
  session: SessionState,
): { readonly database: string; readonly name: string } {
  const name = (nameParts.at(-1) as string).toLowerCase();
  if (nameParts.length === 1) return { database: session.currentDatabase, name };
  return { database: databaseName(nameParts.slice(0, -1)).toLowerCase(), name };
}

export async function findPersistentFunction(
  nameParts: readonly string[],
  env: CommandEnv,
): Promise<FoundFunction | undefined> {
  const found = await findSqlFunction(nameParts, env.session, {
    currentDatabase: env.session.currentDatabase,
    skipTemporary: true,
  });
  return found;
}

export async function createFunction(command: CreateFunction, env: CommandEnv): Promise<CommandOutput> {
  const name = (command.name.at(-1) as string).toLowerCase();
  const { session } = env;
  const id = functionIdentifier(command.isTemporary ? [name] : command.name, session);
  const identifier = command.isTemporary ? [name] : [CATALOG_NAME, id.database, name];
  checkParameters(command, name);
  if (!command.isTemporary) await env.warehouse.getDatabase(id.database);
  const existing = command.isTemporary
    ? session.sqlFunctions.get(name)
    : (await env.warehouse.findDatabase(id.database))?.functions?.[name];
  if (existing !== undefined && command.mode === "createIfNotExists") return NO_OUTPUT;
  if (existing !== undefined && command.mode === "create") {
    throw alreadyExists(command.isTemporary ? [name] : [id.database, name]);
  }
  if (!command.isTemporary)
    await refuseTemporaryObjects(bodyOf(command), "FUNCTION", [id.database, name], env);
  await refuseCycles(command, identifier, env);
  const readsData = await readsTables(bodyOf(command), env);
  if (command.containsSql === true && readsData) throw analysisError("INVALID_SQL_FUNCTION_DATA_ACCESS", {});
  const definition: FunctionDefinition = {
    name,
    parameters: command.parameters.map((p) => ({
      name: p.name,
      type: sqlString(p.dataType),
      ...(p.defaultSql === undefined ? {} : { default: p.defaultSql }),
      ...(p.comment === undefined ? {} : { comment: p.comment }),
    })),
    returns: await returnsOf(command, identifier, env),
    isQuery: command.body.type === "query",
    body: command.bodyText,
    ...(command.comment === undefined ? {} : { comment: command.comment }),
    isDeterministic: command.isDeterministic ?? !usesRandomness(bodyOf(command)),
    containsSql: command.containsSql ?? !readsData,
    currentDatabase: session.currentDatabase,
    settings: session.conf.textSettings(),
    createdMs: Date.now(),
  };
  if (command.isTemporary) session.sqlFunctions.set(name, definition);
  else await env.warehouse.alterDatabase(id.database, { functions: { [name]: definition } });
  return NO_OUTPUT;
}

/** A class of the JVM is noted; calling it fails as in Spark where the class is missing. */
export async function createJvmFunction(command: CreateJvmFunction, env: CommandEnv): Promise<CommandOutput> {
  const { className } = command;
  if (command.isTemporary) {
    throw analysisError("CANNOT_LOAD_FUNCTION_CLASS", { className, functionName: quoteParts(command.name) });
  }
  const { database, name } = functionIdentifier(command.name, env.session);
  const existing = (await env.warehouse.getDatabase(database)).functions?.[name];
  if (existing !== undefined && command.mode === "createIfNotExists") return NO_OUTPUT;
  if (existing !== undefined && command.mode === "create") throw alreadyExists([database, name]);
  const definition: FunctionDefinition = {
    name,
    parameters: [],
    returns: { kind: "scalar", type: "STRING" },
    isQuery: false,
    body: "",
    className,
    isDeterministic: true,
    containsSql: true,
    currentDatabase: env.session.currentDatabase,
    settings: {},
    createdMs: Date.now(),
  };
  await env.warehouse.alterDatabase(database, { functions: { [name]: definition } });
  return NO_OUTPUT;
}

function alreadyExists(nameParts: readonly string[]): Error {
  return analysisError("ROUTINE_ALREADY_EXISTS", {
    routineName: quoteParts(nameParts),
    newRoutineType: "routine",
    existingRoutineType: "routine",
  });
}

type Body = Expression | Relation;

function bodyOf(command: CreateFunction): Body {
  return command.body.type === "query" ? command.body.query : command.body.expression;
}

function checkParameters(command: CreateFunction, name: string): void {
  const definition = command.parametersText ?? "";
  const columns = command.returns?.type === "table" ? command.returns.columns : [];
  const invalid = (input: string): Error =>
    new ParseException({
      condition: "USER_DEFINED_FUNCTIONS.NOT_NULL_ON_FUNCTION_PARAMETERS",
      messageParameters: { input },
    });
  if (command.parameters.some((p) => p.isNotNull === true)) throw invalid(definition);
  if (columns.some((c) => !c.nullable)) throw invalid(command.returnsText ?? "");
  const duplicated = (names: readonly string[]): string => {
    const lower = names.map((n) => n.toLowerCase());
    return [...new Set(lower.filter((n, i) => lower.indexOf(n) !== i))].map(quoteName).join(", ");
  };
  const twice = duplicated(command.parameters.map((p) => p.name));
  if (twice !== "") {
    throw analysisError("DUPLICATE_ROUTINE_PARAMETER_NAMES", { routineName: name, names: twice });
  }
  const columnsTwice = duplicated(columns.map((c) => c.name));
  if (columnsTwice !== "") {
    throw analysisError("DUPLICATE_ROUTINE_RETURNS_COLUMNS", { routineName: name, columns: columnsTwice });
  }
  for (const [i, p] of command.parameters.entries()) {
    const next = command.parameters[i + 1];
    if (p.defaultSql !== undefined && next !== undefined && next.defaultSql === undefined) {
      throw analysisError("USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION", {
        functionName: name,
        parameterName: p.name,
        nextParameterName: next.name,
      });
    }
    if (p.defaultExpression === undefined) continue;
    foreachNode(p.defaultExpression, (node) => {
      if (node.kind !== "SubqueryExpression") return;
      throw analysisError("USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_EXPRESSION", {
        functionName: name,
        parameterName: p.name,
      });
    });
  }
  const types: readonly DataType[] = [
    ...command.parameters.map((p) => p.dataType),
    ...(command.returns?.type === "scalar" ? [command.returns.dataType] : []),
  ];
  if (types.some((t) => t.kind === "char" || t.kind === "varchar")) {
    throw analysisError("UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING", {});
  }
  if (command.body.type === "expression") refuseComplex(command.body.expression, command.bodyText);
  if (command.returns?.type === "table" && command.body.type === "expression") {
    throw new ParseException({
      condition: "USER_DEFINED_FUNCTIONS.SQL_TABLE_UDF_BODY_MUST_BE_A_QUERY",
      messageParameters: { name },
    });
  }
}

/** A body that is an expression computes from one row. */
function refuseComplex(body: Expression, queryText: string): void {
  foreachNode(body, (node) => {
    if (node.kind === "SubqueryExpression") return;
    const isComplex =
      node.kind === "Window" ||
      (node.kind === "UnresolvedFunction" &&
        ["aggregate", "window", "generator"].includes(lookupFunction(node.functionName)?.kind ?? ""));
    if (isComplex && !isInSubquery(body, node)) {
      throw analysisError("USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS", { queryText });
    }
  });
}

function isInSubquery(body: Expression, wanted: unknown): boolean {
  let found = false;
  foreachNode(body, (node) => {
    if (node.kind !== "SubqueryExpression" || node.plan === undefined) return;
    foreachNode(node.plan, (inner) => {
      if (inner === wanted) found = true;
    });
  });
  return found;
}

/** The type of the answer, found by analysing the body over a row of parameters. */
async function returnsOf(
  command: CreateFunction,
  identifier: readonly string[],
  env: CommandEnv,
): Promise<FunctionDefinition["returns"]> {
  const name = identifier.at(-1) as string;
  for (const p of command.parameters) {
    if (p.defaultExpression !== undefined)
      await analyzed(project([cast(p.defaultExpression, p.dataType)]), env);
  }
  const parameters: Relation = {
    kind: "SubqueryAlias",
    alias: name,
    input: project(
      command.parameters.map((p) => ({
        kind: "Alias",
        name: [p.name],
        expr: cast({ kind: "Literal", dataType: { kind: "null" }, value: null }, p.dataType),
      })),
    ),
  };
  const input = command.parameters.length === 0 ? undefined : parameters;
  if (command.body.type === "query" && command.returns?.type === "table") {
    const query = command.body.query;
    const all: Relation =
      input === undefined
        ? query
        : ({ kind: "LateralJoin", left: input, right: query, joinType: "inner" } as Relation);
    const found = await analyzed(all, env);
    const schema = struct(found.fields.slice(command.parameters.length));
    const { columns } = command.returns;
    if (columns.length === 0) return { kind: "table", type: toDdl(nullable(schema)) };
    if (columns.length !== schema.fields.length) {
      throw analysisError("USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH", {
        name: identifier.join("."),
        outputSize: `${schema.fields.length}`,
        returnParamSize: `${columns.length}`,
      });
    }
    return { kind: "table", type: toDdl(struct(columns)) };
  }
  const body: Expression =
    command.body.type === "query"
      ? { kind: "SubqueryExpression", subqueryType: "scalar", plan: command.body.query }
      : command.body.expression;
  const declared = command.returns?.type === "scalar" ? command.returns.dataType : undefined;
  const found = await analyzed(project([declared === undefined ? body : cast(body, declared)], input), env);
  const type = declared ?? (found.fields[0]?.dataType as DataType);
  return { kind: "scalar", type: sqlString(type) };
}

function nullable(schema: StructType): StructType {
  return struct(schema.fields.map(({ name, dataType }) => ({ name, dataType, nullable: true })));
}

function project(expressions: readonly Expression[], input?: Relation): Relation {
  return { kind: "Project", expressions, ...(input === undefined ? {} : { input }) };
}

function cast(expr: Expression, type: DataType): Expression {
  return { kind: "Cast", expr, type };
}

async function analyzed(plan: Relation, env: CommandEnv): Promise<StructType> {
  return (await env.runner.prepare(plan, env.operation)).query.schema;
}

/** Names of functions that a body calls. */
function calledFunctions(body: Body): readonly (readonly string[])[] {
  const names: (readonly string[])[] = [];
  foreachNode(body, (node) => {
    if (node.kind === "UnresolvedFunction" || node.kind === "UnresolvedTableValuedFunction") {
      names.push(node.nameParts ?? [node.functionName]);
    }
  });
  return names;
}

/** Names of tables and views that a body reads; common tables are none. */
export function readRelations(body: Body): readonly (readonly string[])[] {
  const names: (readonly string[])[] = [];
  const common = new Set<string>();
  foreachNode(body, (node) => {
    if (node.kind === "With") for (const { name } of node.relations) common.add(name.toLowerCase());
    if (node.kind === "ReadTable") names.push(node.nameParts ?? [node.unparsedIdentifier]);
  });
  return names.filter((parts) => parts.length > 1 || !common.has((parts[0] as string).toLowerCase()));
}

async function readsTables(body: Body, env: CommandEnv): Promise<boolean> {
  if (readRelations(body).length > 0) return true;
  for (const parts of calledFunctions(body)) {
    if (parts.length === 1 && lookupFunction(parts[0] as string) !== undefined) continue;
    if ((await findSqlFunction(parts, env.session))?.definition.containsSql === false) return true;
  }
  return false;
}

function usesRandomness(body: Body): boolean {
  return calledFunctions(body).some(
    (parts) => parts.length === 1 && lookupFunction(parts[0] as string)?.isNondeterministic === true,
  );
}

/** A view or function that stays cannot use what goes with the session. */
export async function refuseTemporaryObjects(
  body: Body,
  obj: string,
  objName: readonly string[],
  env: CommandEnv,
): Promise<void> {
  const refuse = (tempObj: string, tempObjName: string): Error =>
    analysisError("INVALID_TEMP_OBJ_REFERENCE", { obj, objName: quoteParts(objName), tempObj, tempObjName });
  for (const parts of readRelations(body)) {
    const temporary = temporaryView(parts, env.session);
    if (temporary !== undefined) throw refuse("VIEW", quoteParts(temporary.nameParts));
  }
  for (const parts of calledFunctions(body)) {
    const key = (parts.at(-1) as string).toLowerCase();
    if (parts.length > 1 || lookupFunction(key) !== undefined) continue;
    const { sqlFunctions, registeredFunctions } = env.session;
    if (sqlFunctions.has(key) || registeredFunctions.has(key)) throw refuse("FUNCTION", quoteName(key));
  }
}

/** Throws when a function would come to call itself. */
async function refuseCycles(
  command: CreateFunction,
  identifier: readonly string[],
  env: CommandEnv,
): Promise<void> {
  const own = identifier.join(".");
  const seen = new Set<string>();
  const open: { readonly body: Body; readonly path: readonly string[] }[] = [
    { body: bodyOf(command), path: [own] },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const parts of calledFunctions(next.body)) {
      if (parts.length === 1 && lookupFunction(parts[0] as string) !== undefined) continue;
      const found = await findSqlFunction(parts, env.session);
      if (found === undefined) {
        if (parts.length > 1 || parts[0]?.toLowerCase() !== identifier.at(-1)) continue;
        throw analysisError("ROUTINE_NOT_FOUND", { routineName: quoteParts(identifier.slice(-2)) });
      }
      const name = found.identifier.join(".");
      const path = [...next.path, name];
      if (name === own) throw analysisError("CYCLIC_FUNCTION_REFERENCE", { path: path.join(" -> ") });
      if (seen.has(name)) continue;
      seen.add(name);
      const { body } = parseFunction(found);
      if (body.kind === "expression") open.push({ body: body.expression, path });
      else if (body.kind === "query") open.push({ body: body.query, path });
    }
  }
}

export async function dropFunction(command: DropFunction, env: CommandEnv): Promise<CommandOutput> {
  const name = (command.name.at(-1) as string).toLowerCase();
  const { session } = env;
  const isTemporary = command.isTemporary;
  const found = isTemporary
    ? session.sqlFunctions.has(name) || session.registeredFunctions.has(name)
    : (await findPersistentFunction(command.name, env)) !== undefined;
  if (found && isTemporary) {
    session.sqlFunctions.delete(name);
    session.registeredFunctions.delete(name);
    return NO_OUTPUT;
  }
  // What hides behind a built-in function of its name cannot be reached.
  const isBuiltIn = command.name.length === 1 && lookupFunction(name) !== undefined;
  if (isBuiltIn) {
    throw analysisError("FORBIDDEN_OPERATION", {
      statement: "DROP",
      objectType: "FUNCTION",
      objectName: quoteName(name),
    });
  }
  const { database } = isTemporary ? { database: "" } : functionIdentifier(command.name, session);
  if (!isTemporary) await env.warehouse.getDatabase(database);
  if (!found) {
    if (command.ifExists) return NO_OUTPUT;
    throw analysisError("ROUTINE_NOT_FOUND", {
      routineName: quoteParts(isTemporary ? [name] : [database, name]),
    });
  }
  await env.warehouse.alterDatabase(database, { functions: { [name]: undefined } });
  return NO_OUTPUT;
}

export async function showFunctions(command: ShowFunctions, env: CommandEnv): Promise<CommandOutput> {
  const matches = showPattern(command.pattern);
  const { session } = env;
  const name = command.namespace === undefined ? session.currentDatabase : databaseName(command.namespace);
  const database = await env.warehouse.getDatabase(name);
  const names: string[] = [];
  if (command.scope !== "user") names.push(...functionNames().filter(matches));
  if (command.scope !== "system") {
    names.push(
      ...[...session.sqlFunctions.keys(), ...session.registeredFunctions.keys()].filter(matches),
      ...Object.keys(database.functions ?? {})
        .filter(matches)
        .map((f) => `${CATALOG_NAME}.${database.name}.${f}`),
    );
  }
  const sorted = [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
  return { schema: struct([text("function")]), rows: sorted.map((f) => [f]) };
}

export async function describeFunction(command: DescribeFunction, env: CommandEnv): Promise<CommandOutput> {
  const schema = struct([text("function_desc")]);
  const name = command.name.at(-1) as string;
  const entry =
    command.name.length === 1 || /^(system\.)?builtin$/i.test(command.name.slice(0, -1).join("."))
      ? lookupFunction(name)
      : undefined;
  if (entry !== undefined) {
    const rows = [[`Function: ${entry.name}`], [`Usage: ${entry.usage}`]];
    return { schema, rows };
  }
  const found = await findSqlFunction(command.name, env.session);
  if (found !== undefined) return { schema, rows: describeSql(found, command.extended, env) };
  const registered = env.session.registeredFunctions.get(name.toLowerCase());
  if (command.name.length === 1 && registered !== undefined) {
    return { schema, rows: [[`Function: ${registered.functionName}`], ["Usage: N/A."]] };
  }
  throw analysisError("UNRESOLVED_ROUTINE", {
    routineName: quoteParts(command.name),
    searchPath: searchPath(env.session),
  });
}

function describeSql(
  { definition, identifier }: FoundFunction,
  extended: boolean,
  env: CommandEnv,
): readonly (readonly string[])[] {
  const { parameters, returns, className } = definition;
  if (className !== undefined) {
    return [[`Function: ${identifier.join(".")}`], [`Class: ${className}`], ["Usage: N/A."]];
  }
  const lines: [string, readonly string[]][] = [
    ["Function:", [identifier.map(quoteIfNeeded).join(".")]],
    ["Type:", [returns.kind.toUpperCase()]],
    ["Input:", parameters.length === 0 ? ["()"] : aligned(parameters, extended)],
    ["Returns:", returns.kind === "scalar" ? [returns.type] : aligned(columnsOf(definition), extended)],
  ];
  if (extended) {
    if (definition.comment !== undefined) lines.push(["Comment:", [definition.comment]]);
    lines.push(
      ["Deterministic:", [`${definition.isDeterministic}`]],
      ["Data Access:", [definition.containsSql ? "CONTAINS SQL" : "READS SQL DATA"]],
      [
        "Configs:",
        Object.entries(definition.settings)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${key}=${value}`),
      ],
      ["Create Time:", [javaDate(definition.createdMs, env)]],
      ["Body:", [definition.body]],
    );
  }
  const width = extended ? 15 : 10;
  return lines.flatMap(([head, values]) =>
    values.map((value, i) => [`${(i === 0 ? head : "").padEnd(width)}${value}`]),
  );
}

interface ShownColumn {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
  readonly default?: string;
}

function columnsOf(definition: FunctionDefinition): readonly ShownColumn[] {
  const { returns } = parseFunction({ definition, identifier: [definition.name] });
  const fields = returns.kind === "table" ? (returns.schema?.fields ?? []) : [];
  return fields.map((f) => {
    const comment = f.metadata?.comment;
    return {
      name: f.name,
      type: sqlString(f.dataType),
      ...(typeof comment === "string" ? { comment } : {}),
    };
  });
}

function aligned(columns: readonly ShownColumn[], extended: boolean): readonly string[] {
  const name = Math.max(...columns.map((c) => c.name.length));
  const type = Math.max(...columns.map((c) => c.type.length));
  return columns.map((c) => {
    const shown = `${c.name.padEnd(name)} ${c.type.padEnd(type)}`;
    if (!extended) return shown.trimEnd();
    const value = c.default === undefined ? "" : ` DEFAULT ${c.default}`;
    const comment = c.comment === undefined ? "" : ` '${c.comment}'`;
    return `${shown}${value}${comment}`.trimEnd();
  });
}
