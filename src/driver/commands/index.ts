import { rowsToArrow } from "../../engine/arrow/build.ts";
import { unsupported } from "../../errors/spark-error.ts";
import type { Command } from "../../plan/command.ts";
import type { Expression } from "../../plan/expression.ts";
import { parseMultipartIdentifier } from "../../sql/parse-data-type.ts";
import type { CommandEnv } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";
import { DELTA_HANDLERS } from "./delta/handlers.ts";
import { dropTable, dropView } from "./tables.ts";
import { createDataFrameView, createView } from "./views.ts";
import { writeOperation, writeOperationV2 } from "./write.ts";

type Handlers = {
  readonly [K in Command["kind"]]?: (
    command: Extract<Command, { kind: K }>,
    env: CommandEnv,
  ) => Promise<CommandOutput | undefined | void>;
};

// What a page does not need at first is loaded when it is asked for.
const namespaces = () => import("./namespaces.ts");
const config = () => import("./config.ts");
const show = () => import("./show.ts");
const functions = () => import("./functions.ts");
const describe = () => import("./describe.ts");
const maintenance = () => import("./maintenance.ts");
const variables = () => import("./variables.ts");

/** One entry a command. What has none is refused by name. */
const HANDLERS: Handlers = {
  WriteOperation: writeOperation,
  WriteOperationV2: writeOperationV2,
  CreateDataFrameViewCommand: createDataFrameView,
  CreateTable: async (c, env) => (await import("./create-table.ts")).createTable(c, env),
  CreateTableLike: async (c, env) => (await import("./create-table.ts")).createTableLike(c, env),
  DropTable: dropTable,
  DropView: dropView,
  CreateView: createView,
  AlterView: async (c, env) => (await import("./views.ts")).alterView(c, env),
  AlterTable: async (c, env) => (await import("./alter.ts")).alterTable(c, env),
  CommentOnTable: async (c, env) => (await import("./alter.ts")).commentOnTable(c, env),
  CommentOnColumns: async (c, env) => (await import("./alter.ts")).commentOnColumns(c, env),
  InsertInto: async (c, env) => (await import("./insert.ts")).insertInto(c, env),
  MultiInsert: async (c, env) => (await import("./insert.ts")).multiInsert(c, env),
  InsertOverwriteDirectory: async (c, env) => (await import("./insert.ts")).insertOverwriteDirectory(c, env),
  CreateNamespace: async (c, env) => (await namespaces()).createNamespace(c, env),
  DropNamespace: async (c, env) => (await namespaces()).dropNamespace(c, env),
  UseNamespace: async (c, env) => (await namespaces()).useNamespace(c, env),
  UseCatalog: async (c, env) => (await namespaces()).useCatalog(c, env),
  AlterNamespace: async (c, env) => (await namespaces()).alterNamespace(c, env),
  CommentOnNamespace: async (c, env) => (await namespaces()).commentOnNamespace(c, env),
  ShowNamespaces: async (c, env) => (await namespaces()).showNamespaces(c, env),
  ShowCatalogs: async (c) => (await namespaces()).showCatalogs(c),
  ShowCurrentNamespace: async (_, env) => (await namespaces()).showCurrentNamespace(env),
  DescribeNamespace: async (c, env) => (await namespaces()).describeNamespace(c, env),
  ShowTables: async (c, env) => (await show()).showTables(c, env),
  ShowViews: async (c, env) => (await show()).showViews(c, env),
  ShowColumns: async (c, env) => (await show()).showColumns(c, env),
  ShowTableExtended: async (c, env) => (await show()).showTableExtended(c, env),
  ShowTableProperties: async (c, env) => (await show()).showTableProperties(c, env),
  ShowPartitions: async (c, env) => (await show()).showPartitions(c, env),
  ShowCreateTable: async (c, env) => (await show()).showCreateTable(c, env),
  CreateFunction: async (c, env) => (await functions()).createFunction(c, env),
  CreateJvmFunction: async (c, env) => (await functions()).createJvmFunction(c, env),
  DropFunction: async (c, env) => (await functions()).dropFunction(c, env),
  ShowFunctions: async (c, env) => (await functions()).showFunctions(c, env),
  DescribeRelation: async (c, env) => (await describe()).describeRelation(c, env),
  DescribeQuery: async (c, env) => (await describe()).describeQuery(c, env),
  DescribeFunction: async (c, env) => (await functions()).describeFunction(c, env),
  SetConfig: async (c, env) => (await config()).setConfig(c, env),
  ResetConfig: async (c, env) => (await config()).resetConfig(c, env),
  SetPath: async () => (await config()).setPath(),
  Explain: async (c, env) => (await import("../explain.ts")).explainCommand(c, env),
  DeclareVariable: async (c, env) => (await variables()).declareVariable(c, env),
  DropVariable: async (c, env) => (await variables()).dropVariable(c, env),
  SetVariable: async (c, env) => (await variables()).setVariable(c, env),
  ExecuteImmediate: async (c, env) => (await variables()).executeImmediate(c, env),
  CacheTable: async (c, env) => (await maintenance()).cacheTable(c, env),
  UncacheTable: async (c, env) => (await maintenance()).uncacheTable(c, env),
  ClearCache: async (_, env) => (await maintenance()).clearCache(env),
  RefreshTable: async (c, env) => (await maintenance()).refreshTable(c, env),
  RefreshFunction: async (c, env) => (await maintenance()).refreshFunction(c, env),
  RefreshResource: async () => NO_OUTPUT,
  AnalyzeTable: async (c, env) => (await maintenance()).analyzeTable(c, env),
  AnalyzeTables: async (c, env) => (await maintenance()).analyzeTables(c, env),
  TruncateTable: async (c, env) => (await maintenance()).truncateTable(c, env),
  RepairTable: async (c, env) => (await maintenance()).repairTable(c, env),
  ManageResource: async (c) => (await maintenance()).manageResource(c),
  LoadData: async (c, env) => (await maintenance()).loadData(c, env),
  CreateIndex: async (c, env) => (await maintenance()).refuseIndex(c, env),
  DropIndex: async (c, env) => (await maintenance()).refuseIndex(c, env),
  CallProcedure: async (c, env) => (await maintenance()).callProcedure(c, env),
  ShowProcedures: async () => (await maintenance()).showProcedures(),
  CompoundStatement: async (c, env) => (await import("./script.ts")).runScript(c, env),
  ...DELTA_HANDLERS,
};

/** Runs a command to its end; the rows that it shows. */
export async function runCommand(command: Command, env: CommandEnv): Promise<CommandOutput> {
  const handler = HANDLERS[command.kind] as
    | ((command: Command, env: CommandEnv) => Promise<CommandOutput | undefined>)
    | undefined;
  if (handler === undefined) {
    throw unsupported(
      command.kind === "UnsupportedCommand" || command.kind === "UnsupportedStatement"
        ? command.feature
        : statementName(command.kind),
    );
  }
  return (await handler(await withName(command, env), env)) ?? NO_OUTPUT;
}

/** The command with the name that its `IDENTIFIER(...)` stands for. */
async function withName(command: Command, env: CommandEnv): Promise<Command> {
  const { nameClause } = command as { readonly nameClause?: Expression };
  if (nameClause === undefined) return command;
  const { evaluateName } = await variables();
  const parts = parseMultipartIdentifier(await evaluateName(nameClause, env));
  if (command.kind === "DeclareVariable") return { ...command, names: [parts] };
  return (
    command.kind === "DescribeRelation" ? { ...command, table: parts } : { ...command, name: parts }
  ) as Command;
}

/** `AlterTableAddColumns` as `ALTER TABLE ADD COLUMNS`. */
function statementName(kind: string): string {
  return kind.replace(/([a-z])([A-Z])/g, "$1 $2").toUpperCase();
}

export function outputToArrow(output: CommandOutput): Uint8Array {
  return rowsToArrow(output.rows, output.schema);
}
