import type { UserFunction } from "../analyzer/catalog-resolver.ts";
import { CATALOG_NAME, type FunctionDefinition } from "../catalog/catalog-entry.ts";
import { analysisError } from "../errors/spark-error.ts";
import { isRelation } from "../plan/kinds.ts";
import {
  type ParseOptions,
  parseDataType,
  parseExpression,
  parseOptionsFromConf,
  parseStatement,
  parseTableSchema,
} from "../sql/parse.ts";
import { quoteIdentifier } from "../types/format.ts";
import type { SessionState } from "./session-state.ts";
import { isSessionName } from "./session-variables.ts";

/** A function that somebody created in SQL, with the name under which messages show it. */
export interface FoundFunction {
  readonly definition: FunctionDefinition;
  /** `["f"]` for a temporary one, `["spark_catalog", "db", "f"]`. */
  readonly identifier: readonly string[];
}

/** Temporary functions come first; then those of the current database, or of the one that is named. */
export async function findSqlFunction(
  nameParts: readonly string[],
  session: SessionState,
  lookup: { readonly currentDatabase: string; readonly skipTemporary?: boolean } = session,
): Promise<FoundFunction | undefined> {
  const key = (nameParts.at(-1) as string).toLowerCase();
  if (isSessionName(nameParts) && lookup.skipTemporary !== true) {
    const definition = session.sqlFunctions.get(key);
    if (definition !== undefined) return { definition, identifier: [definition.name] };
  }
  const parts = nameParts[0]?.toLowerCase() === CATALOG_NAME ? nameParts.slice(1) : nameParts;
  if (parts.length > 2) return undefined;
  const name = parts.length === 2 ? (parts[0] as string) : lookup.currentDatabase;
  const database = await (await session.warehouse()).findDatabase(name);
  const definition = database?.functions?.[key];
  if (database === undefined || definition === undefined) return undefined;
  return { definition, identifier: [CATALOG_NAME, database.name, key] };
}

/** A function's text, read: what the analyzer calls. */
export function parseFunction({ definition, identifier }: FoundFunction): UserFunction {
  const { returns, body, isQuery, currentDatabase, className } = definition;
  if (className !== undefined) {
    throw analysisError("CANNOT_LOAD_FUNCTION_CLASS", {
      className,
      functionName: identifier.map(quoteIdentifier).join("."),
    });
  }
  const options: ParseOptions = parseOptionsFromConf((key) => definition.settings[key]);
  const isTemporary = identifier.length === 1;
  const statement = isQuery ? parseStatement(body, options) : undefined;
  return {
    identifier,
    parameters: definition.parameters.map((p) => ({
      name: p.name,
      dataType: parseDataType(p.type, options),
      ...(p.default === undefined ? {} : { default: parseExpression(p.default, options) }),
    })),
    returns:
      returns.kind === "scalar"
        ? { kind: "scalar", dataType: parseDataType(returns.type, options) }
        : { kind: "table", schema: parseTableSchema(returns.type, options) },
    body:
      statement === undefined || !isRelation(statement)
        ? { kind: "expression", expression: parseExpression(body, options) }
        : { kind: "query", query: statement },
    currentDatabase,
    ...(isTemporary ? {} : { isPersistent: true }),
  };
}
