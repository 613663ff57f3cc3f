import { BINARY, LONG } from "../../types/data-type.ts";
import { aggregate, p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { unexpectedInputType } from "../type-error.ts";

/** A bitmap has 4096 bytes, each shown by two digits. */
const BITS = 32768;
const DIGITS = 8192;

/** Bitmaps are taken as they are: not even an untyped NULL becomes one. */
const ONLY_BINARY = {
  coerce: (args: readonly Expr[]) => args,
  check: ([x]: readonly Expr[], _ctx: unknown, call: Expr) => {
    if ((x as Expr).type.kind !== "binary") throw unexpectedInputType(call, 0, T.binary, x as Expr);
  },
} as const;

function combine(
  name: string,
  duck: "bit_or" | "bit_and",
  whenNone: "0" | "F",
  usage: string,
): FunctionEntry {
  return aggregate({
    name,
    params: [p("child", T.any)],
    ...ONLY_BINARY,
    returns: BINARY,
    nullable: "never",
    lower: ([x], ctx) =>
      `coalesce((${ctx.agg(duck, [`unhex(rpad(hex(${x}), ${DIGITS}, '0'))::BIT`])})::BLOB, unhex(repeat('${whenNone}', ${DIGITS})))`,
    usage,
    group: "agg_funcs",
  });
}

function position(name: string, usage: string, lower: (v: string) => string): FunctionEntry {
  return scalar({
    name,
    params: [p("child", T.long)],
    returns: LONG,
    lower: ([x], ctx: LowerContext) => ctx.let(x as string, lower),
    usage,
    group: "misc_funcs",
  });
}

/** Bitmaps of 32768 numbers each, for counts of distinct numbers that can be added up. */
export const BITMAPS: readonly FunctionEntry[] = [
  position(
    "bitmap_bit_position",
    "bitmap_bit_position(child) - Returns the place of the number's bit in its bitmap.",
    (v) => `(CASE WHEN ${v} > 0 THEN (${v} - 1) % ${BITS} ELSE -(${v} % ${BITS}) END)`,
  ),
  position(
    "bitmap_bucket_number",
    "bitmap_bucket_number(child) - Returns the number of the bitmap that has the number's bit.",
    (v) => `(CASE WHEN ${v} > 0 THEN (${v} - 1) // ${BITS} + 1 ELSE ${v} // ${BITS} END)`,
  ),
  scalar({
    name: "bitmap_count",
    params: [p("child", T.any)],
    ...ONLY_BINARY,
    returns: LONG,
    lower: ([x], ctx) =>
      ctx.let(
        x as string,
        (v) => `(CASE WHEN octet_length(${v}) = 0 THEN 0 ELSE bit_count((${v})::BIT) END)::BIGINT`,
      ),
    usage: "bitmap_count(child) - Returns how many bits are set.",
    group: "misc_funcs",
  }),
  aggregate({
    name: "bitmap_construct_agg",
    params: [p("child", T.long)],
    returns: BINARY,
    nullable: "never",
    lower: ([x], ctx) => {
      const positions = ctx.agg("list", [x as string], { distinct: true, filter: `${x} IS NOT NULL` });
      return `unhex(${ctx.kernel("bitmap_build", `coalesce(array_to_string(${positions}, ','), '')`)})`;
    },
    usage: "bitmap_construct_agg(child) - Returns a bitmap with a bit set for each position.",
    group: "agg_funcs",
  }),
  combine("bitmap_or_agg", "bit_or", "0", "bitmap_or_agg(child) - Returns the bits that any bitmap has."),
  combine(
    "bitmap_and_agg",
    "bit_and",
    "F",
    "bitmap_and_agg(child) - Returns the bits that all bitmaps have.",
  ),
];
