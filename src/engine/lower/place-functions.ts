import type { FunctionEntry, LowerContext } from "../../functions/function-entry.ts";
import { isRegistered, registerFunctions } from "../../functions/registry.ts";

/** Functions that say in which partition a row is; the planning of partitions alone makes their calls. */
function entry(
  name: string,
  lower: (args: readonly string[], extra: Record<string, string>, ctx: LowerContext) => string,
): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage: `${name}(...) - Made by the planner.`,
    group: "misc_funcs",
    isInternal: true,
    isNondeterministic: true,
    bind: () => {
      throw new Error(`${name} is made by the planner alone`);
    },
    lower: (args, ctx) => lower(args, (ctx.call.extra ?? {}) as Record<string, string>, ctx),
  };
}

/** Each lowered call counts for itself. */
let calls = 0;
const int = (sql: string): string => `(${sql})::INTEGER`;
/** The i-th of `total` rows is in this one of so many even slices; `i` counts from 1. */
const slice = (i: string, slices: string | undefined, total: string | undefined): string =>
  int(`(${i} * ${slices} - 1) // ${total}`);

const ENTRIES: readonly FunctionEntry[] = [
  entry("place_of_range", ([column], { start, step, total, slices }) =>
    slice(`((${column}::HUGEINT - (${start})) // (${step}) + 1)`, slices, `${total}::HUGEINT`),
  ),
  entry("place_of_row", (_, { slices }) =>
    slice("row_number() OVER ()", `least(${slices}, count(*) OVER ())`, "count(*) OVER ()"),
  ),
  entry("row_in_order", () => "row_number() OVER ()"),
  entry("place_in_fewer", ([place], { before, count }) => slice(`(${place} + 1)`, count, before)),
  entry("place_after", ([place], { offset }) => int(`${place} + ${offset}`)),
  entry("place_by_id", ([id], { count }) => int(`((coalesce(${id}, 0) % ${count}) + ${count}) % ${count}`)),
  entry("place_round_robin", ([place], { count, starts }, ctx) => {
    calls += 1;
    const key = place === undefined ? `'p${calls}'` : `concat('p${calls}/', ${place})`;
    const list = starts as unknown as readonly number[];
    const start = place === undefined ? list[0] : `[${list.join(", ")}][${place} + 1]`;
    return int(`(${start} + 1 + ${ctx.kernel("rows_seen", key, "random()")}::BIGINT) % ${count}`);
  }),
  // A bound is drawn after a key when so many rows have come that another range is full, but after each key one at most.
  entry("range_slack", (keys, { count }) => {
    const order = keys.join(", ");
    const rows = "count(*) OVER ()";
    return `((count(*) OVER (ORDER BY ${order}) * least(${count}, ${rows})) // ${rows} - dense_rank() OVER (ORDER BY ${order}))`;
  }),
  entry("place_in_ranges", ([slack, ...keys], { count }) => {
    const order = keys.join(", ");
    const before = `min(${slack}) OVER (ORDER BY ${order} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP)`;
    const bounds = `dense_rank() OVER (ORDER BY ${order}) - 1 + least(0, coalesce(${before}, 0))`;
    return int(`least(${bounds}, least(${count}, count(*) OVER ()) - 1)`);
  }),
  entry("poisson_count", ([place], { mean, seed }, ctx) => {
    calls += 1;
    const key = `'${seed}/${mean}/${calls}/'`;
    return ctx.kernel(
      "poisson_count",
      place === undefined ? `${key.slice(0, -1)}0'` : `concat(${key}, ${place})`,
      "random()",
    );
  }),
  entry("repeat_row", ([times]) => `range(${times})`),
];

registerFunctions(ENTRIES.filter((e) => !isRegistered(e.name)));
