import { unsupported } from "../errors/spark-error.ts";
import type { FunctionEntry } from "../functions/function-entry.ts";
import { isRegistered, registerFunctions } from "../functions/registry.ts";
import { LONG } from "../types/data-type.ts";

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
    pretty: (args, call) => {
      const names = (call.extra?.argumentNames ?? []) as readonly (string | null)[];
      const shown = args.map((arg, i) => (typeof names[i] === "string" ? `${names[i]} => ${arg}` : arg));
      return `${call.name}(${shown.join(", ")})`;
    },
    // Those that are left were not moved to a stage of their own.
    lower: () => {
      throw unsupported("user functions in a subquery");
    },
  }),
];

/** `zipWithIndex`: the rows counted from 0, in their order. */
const SEQUENCE: FunctionEntry = {
  name: "distributed_sequence_id",
  kind: "scalar",
  usage: "distributed_sequence_id() - The number of the row, counted from 0.",
  group: "misc_funcs",
  isNondeterministic: true,
  bind: (_, ctx) => ({
    kind: "Call",
    fn: "distributed_sequence_id",
    args: [],
    type: LONG,
    nullable: false,
    ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
  }),
  lower: () => "(row_number() OVER () - 1)",
};

registerFunctions([...OWN, SEQUENCE].filter((entry) => !isRegistered(entry.name)));
