import { quotedTableName } from "../../catalog/catalog-entry.ts";
import { analysisError, unsupported } from "../../errors/spark-error.ts";
import type { InsertInto } from "../../plan/statement.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { type CommandEnv, tableIdentifier, tableNotFound } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";
import { writeTable } from "./write.ts";

/** `INSERT INTO | OVERWRITE`. */
export async function insertInto(command: InsertInto, env: CommandEnv): Promise<CommandOutput> {
  if (command.table.kind !== "ReadTable") throw unsupported("INSERT into something that is not a table");
  if (command.replaceWhere !== undefined) throw unsupported("INSERT ... REPLACE WHERE");
  if (Object.keys(command.partition).length > 0) throw unsupported("INSERT with a PARTITION clause");
  const nameParts = command.table.nameParts ?? command.table.unparsedIdentifier.split(".");
  const name = tableIdentifier(nameParts, env.session);
  const found = await env.warehouse.findTable(name);
  if (found === undefined) throw tableNotFound(nameParts, env.session);
  const named = command.columns.length > 0;
  const input = named
    ? ({ kind: "ToDF", input: command.query, columnNames: command.columns } as const)
    : command.query;
  if (named) await checkColumnList(command, nameParts, env);
  await writeTable(input, env, {
    target: { kind: "table", name },
    mode: command.overwrite ? "overwrite" : "append",
    requireExisting: true,
    byPosition: !(command.byName || named),
    operation: "WRITE",
  });
  return NO_OUTPUT;
}

async function checkColumnList(
  command: InsertInto,
  nameParts: readonly string[],
  env: CommandEnv,
): Promise<void> {
  const { query } = await env.runner.prepare(command.query, env.operation);
  const given = query.schema.fields.length;
  if (given === command.columns.length) return;
  const name = quotedTableName(tableIdentifier(nameParts, env.session));
  throw analysisError(
    given > command.columns.length
      ? "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS"
      : "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS",
    {
      tableName: name,
      tableColumns: command.columns.map(quoteIdentifier).join(", "),
      dataColumns: query.schema.fields.map((f) => quoteIdentifier(f.name)).join(", "),
    },
  );
}
