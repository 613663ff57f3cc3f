import { unsupported } from "../errors/spark-error.ts";
import type { FunctionEntry } from "../functions/function-entry.ts";
import { findEntry, registerFunctions } from "../functions/registry.ts";

/** Calls that the analyzer itself makes or takes apart; they are lowered with their relation, or are their argument. */
const same = (args: readonly string[]): string => args[0] as string;

function internal(name: string, options: Partial<FunctionEntry> = {}): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage: `${name}(...) - Made by the analyzer.`,
    group: "misc_funcs",
    isInternal: true,
    bind: () => {
      throw new Error(`${name} is made by the analyzer alone`);
    },
    lower: same,
    ...options,
  };
}

const OWN: readonly FunctionEntry[] = [
  internal("update_fields"),
  internal("with_field"),
  internal("sql_function"),
  internal("udf", {
    pretty: (args, call) => `${call.name}(${args.join(", ")})`,
    // Those that are left were not moved to a stage of their own.
    lower: () => {
      throw unsupported("user functions in a subquery");
    },
  }),
];

registerFunctions(OWN.filter((entry) => findEntry(entry.name) === undefined));
