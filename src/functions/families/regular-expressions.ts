import { array, INTEGER, STRING } from "../../types/data-type.ts";
import { lit, opt, p, scalar } from "../define.ts";
import { evaluateLiteral } from "../fold.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";

const GROUP = "string_funcs";
const ONE = lit(1, INTEGER);

/** A kernel's list of texts: each in hexadecimal behind an `x`, with commas between. */
export function listOf(encoded: string, ctx: LowerContext): string {
  return ctx.let(
    encoded,
    (v) =>
      `CASE WHEN ${v} IS NULL THEN NULL WHEN ${v} = '' THEN []::VARCHAR[] ELSE list_transform(string_split(${v}, ','), lambda part: decode(unhex(part[2:]))) END`,
  );
}

export const REGULAR_EXPRESSIONS: readonly FunctionEntry[] = [
  scalar({
    name: "regexp_extract",
    params: [p("str", T.string), p("regexp", T.string), opt("idx", T.int, ONE)],
    returns: STRING,
    usage:
      "regexp_extract(str, regexp[, idx]) - The idx-th group of the first match; empty when nothing matches.",
    group: GROUP,
    lower: (args, ctx) => ctx.kernel("regexp_extract", ...args),
  }),
  scalar({
    name: "regexp_extract_all",
    params: [p("str", T.string), p("regexp", T.string), opt("idx", T.int, ONE)],
    returns: array(STRING, true),
    usage: "regexp_extract_all(str, regexp[, idx]) - The idx-th group of every match.",
    group: GROUP,
    lower: (args, ctx) => listOf(ctx.kernel("regexp_extract_all", ...args), ctx),
  }),
  scalar({
    name: "regexp_replace",
    params: [p("str", T.string), p("regexp", T.string), p("rep", T.string), opt("position", T.int, ONE)],
    returns: STRING,
    usage:
      "regexp_replace(str, regexp, rep[, position]) - str with every match from position on put as rep; $1 is the first group.",
    group: GROUP,
    lower: (args, ctx) => ctx.kernel("regexp_replace", ...args),
  }),
  scalar({
    name: "regexp_count",
    params: [p("str", T.string), p("regexp", T.string)],
    returns: INTEGER,
    usage: "regexp_count(str, regexp) - How often the pattern matches.",
    group: GROUP,
    lower: (args, ctx) => ctx.kernel("regexp_count", ...args),
  }),
  scalar({
    name: "regexp_instr",
    params: [p("str", T.string), p("regexp", T.string), opt("idx", T.int, lit(0, INTEGER))],
    returns: INTEGER,
    usage: "regexp_instr(str, regexp) - Where the first match begins, counted from 1; 0 without one.",
    group: GROUP,
    lower: ([x, pattern], ctx) => ctx.kernel("regexp_instr", x as string, pattern as string),
  }),
  scalar({
    name: "regexp_substr",
    params: [p("str", T.string), p("regexp", T.string)],
    returns: STRING,
    nullable: "always",
    usage: "regexp_substr(str, regexp) - The first match; null without one.",
    group: GROUP,
    lower: (args, ctx) => ctx.kernel("regexp_substr", ...args),
  }),
  scalar({
    name: "split",
    params: [p("str", T.string), p("regex", T.string), opt("limit", T.int, lit(-1, INTEGER))],
    returns: array(STRING, false),
    usage: "split(str, regex[, limit]) - The parts of str between the matches of a pattern.",
    group: GROUP,
    lower: ([x, pattern, limit], ctx) => {
      const written = ctx.call.args[1];
      const text = written === undefined ? undefined : evaluateLiteral(written);
      // A pattern without special characters is its own text.
      if (limit === "-1::INTEGER" || ctx.call.args[2]?.kind === "Lit") {
        const all = evaluateLiteral(ctx.call.args[2] as NonNullable<typeof written>) === -1;
        if (all && typeof text === "string" && /^[\w ,;:@#%&=<>/~!'"-]+$/.test(text)) {
          return `string_split(${x}, ${pattern})`;
        }
      }
      return listOf(ctx.kernel("regexp_split", x as string, pattern as string, limit as string), ctx);
    },
  }),
];
