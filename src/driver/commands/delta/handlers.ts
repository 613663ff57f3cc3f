import type { Command } from "../../../plan/command.ts";
import type { CommandEnv } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";

type Handler<K extends Command["kind"]> = (
  command: Extract<Command, { kind: K }>,
  env: CommandEnv,
) => Promise<CommandOutput>;

/** Statements over Delta tables, each loaded when it is first run. */
export const DELTA_HANDLERS: {
  readonly DeleteFrom: Handler<"DeleteFrom">;
  readonly UpdateTable: Handler<"UpdateTable">;
  readonly MergeInto: Handler<"MergeInto">;
  readonly MergeIntoTableCommand: Handler<"MergeIntoTableCommand">;
  readonly OptimizeTable: Handler<"OptimizeTable">;
  readonly VacuumTable: Handler<"VacuumTable">;
  readonly RestoreTable: Handler<"RestoreTable">;
  readonly CloneTable: Handler<"CloneTable">;
  readonly ConvertToDelta: Handler<"ConvertToDelta">;
  readonly DescribeHistory: Handler<"DescribeHistory">;
  readonly DescribeDetail: Handler<"DescribeDetail">;
} = {
  DeleteFrom: async (c, env) => (await import("./delete.ts")).deleteFrom(c, env),
  UpdateTable: async (c, env) => (await import("./update.ts")).updateTable(c, env),
  MergeInto: async (c, env) => (await import("./merge.ts")).mergeInto(c, env),
  MergeIntoTableCommand: async (c, env) => {
    const { mergeCommand, mergeInto } = await import("./merge.ts");
    return mergeInto(mergeCommand(c), env);
  },
  OptimizeTable: async (c, env) => (await import("./optimize.ts")).optimizeTable(c, env),
  VacuumTable: async (c, env) => (await import("./maintenance.ts")).vacuumTable(c, env),
  RestoreTable: async (c, env) => (await import("./maintenance.ts")).restoreTable(c, env),
  CloneTable: async (c, env) => (await import("./clone.ts")).cloneTable(c, env),
  ConvertToDelta: async (c, env) => (await import("./convert.ts")).convertToDelta(c, env),
  DescribeHistory: async (c, env) => (await import("./history.ts")).describeHistory(c, env),
  DescribeDetail: async (c, env) => (await import("./history.ts")).describeDetail(c, env),
};
