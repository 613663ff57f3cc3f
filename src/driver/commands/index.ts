import { rowsToArrow } from "../../engine/arrow/build.ts";
import { unsupported } from "../../errors/spark-error.ts";
import type { Command } from "../../plan/command.ts";
import { struct } from "../../types/data-type.ts";
import { explain } from "../explain.ts";
import type { CommandEnv } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT, text } from "./command-output.ts";
import { resetConfig, setConfig } from "./config.ts";
import { describeQuery, describeRelation } from "./describe.ts";
import {
  createNamespace,
  describeNamespace,
  dropNamespace,
  showNamespaces,
  useNamespace,
} from "./namespaces.ts";
import { describeFunction, showColumns, showFunctions, showTables, showViews } from "./show.ts";
import { createTable, dropTable, dropView, insertInto } from "./tables.ts";
import { createDataFrameView, createView } from "./views.ts";
import { writeOperation, writeOperationV2 } from "./write.ts";

type Handlers = {
  readonly [K in Command["kind"]]?: (
    command: Extract<Command, { kind: K }>,
    env: CommandEnv,
  ) => Promise<CommandOutput | undefined>;
};

/** One entry a command. What has none is refused by name. */
const HANDLERS: Handlers = {
  WriteOperation: async (c, env) => void (await writeOperation(c, env)),
  WriteOperationV2: async (c, env) => void (await writeOperationV2(c, env)),
  CreateDataFrameViewCommand: async (c, env) => void (await createDataFrameView(c, env)),
  CreateNamespace: createNamespace,
  DropNamespace: dropNamespace,
  UseNamespace: useNamespace,
  ShowNamespaces: showNamespaces,
  DescribeNamespace: describeNamespace,
  CreateTable: createTable,
  DropTable: dropTable,
  DropView: dropView,
  CreateView: async (c, env) => void (await createView(c, env)),
  InsertInto: insertInto,
  ShowTables: showTables,
  ShowViews: showViews,
  ShowColumns: showColumns,
  ShowFunctions: showFunctions,
  DescribeRelation: describeRelation,
  DescribeQuery: describeQuery,
  DescribeFunction: describeFunction,
  SetConfig: setConfig,
  ResetConfig: resetConfig,
  Explain: async (c, env) => ({
    schema: struct([text("plan")]),
    rows: [[await explain(c.statement, c.mode, env)]],
  }),
};

/** Runs a command to its end; the rows that it shows. */
export async function runCommand(command: Command, env: CommandEnv): Promise<CommandOutput> {
  const handler = HANDLERS[command.kind] as
    | ((command: Command, env: CommandEnv) => Promise<CommandOutput | undefined>)
    | undefined;
  if (handler === undefined) {
    throw unsupported(command.kind === "UnsupportedCommand" ? command.feature : statementName(command.kind));
  }
  return (await handler(command, env)) ?? NO_OUTPUT;
}

/** `AlterTableAddColumns` as `ALTER TABLE ADD COLUMNS`. */
function statementName(kind: string): string {
  return kind.replace(/([a-z])([A-Z])/g, "$1 $2").toUpperCase();
}

export function outputToArrow(output: CommandOutput): Uint8Array {
  return rowsToArrow(output.rows, output.schema);
}
