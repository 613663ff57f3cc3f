import { BOOLEAN } from "../../types/data-type.ts";
import { opt, p, rest, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { isPlainRegex } from "../java-regex.ts";
import { sqlText } from "../raise.ts";
import { entryOf } from "../registry.ts";
import { bindError, quotedExpr } from "../type-error.ts";

/** The escape character of a LIKE, checked. */
function escapeOf(arg: Expr | undefined, ctx: { readonly origin?: Expr["origin"] }): string {
  if (arg === undefined) return "\\";
  const value = evaluateLiteral(arg);
  if (typeof value !== "string" || value.length !== 1) {
    throw bindError("INVALID_ESCAPE_CHAR", { sqlExpr: quotedExpr(arg) }, ctx.origin);
  }
  return value;
}

/** Why Spark refuses a pattern, with the character after the escape; undefined when it is fine. */
function likeProblem(
  pattern: string,
  escapeChar: string,
): { readonly kind: "middle" | "end"; readonly char: string } | undefined {
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== escapeChar) continue;
    const next = pattern[i + 1];
    if (next === undefined) return { kind: "end", char: "" };
    if (next !== "_" && next !== "%" && next !== escapeChar) return { kind: "middle", char: next };
    i++;
  }
  return undefined;
}

function quotedValue(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
}

/** LIKE with the pattern's escapes checked as Spark does, when it is used. */
function likeSql(
  x: string,
  pattern: string,
  escapeChar: string,
  literal: string | undefined,
  ctx: LowerContext,
): string {
  const e = sqlText(escapeChar);
  const matched = (q: string): string => `(${x} LIKE ${q} ESCAPE ${e})`;
  const middle = (char: string, format: string): string =>
    ctx.raise("AnalysisException", "INVALID_FORMAT.ESC_IN_THE_MIDDLE", { format, char });
  const end = (format: string): string =>
    ctx.raise("AnalysisException", "INVALID_FORMAT.ESC_AT_THE_END", { format });
  if (literal !== undefined) {
    const problem = likeProblem(literal, escapeChar);
    if (problem === undefined) return matched(pattern);
    const format = sqlText(quotedValue(literal));
    const error = problem.kind === "end" ? end(format) : middle(sqlText(quotedValue(problem.char)), format);
    return `CASE WHEN ${x} IS NOT NULL THEN ${error} END`;
  }
  return ctx.let(pattern, (q) => {
    // What is left when all good escapes are gone must hold no escapeChar.
    const rest = `replace(replace(replace(${q}, ${sqlText(escapeChar + escapeChar)}, ''), ${sqlText(`${escapeChar}_`)}, ''), ${sqlText(`${escapeChar}%`)}, '')`;
    const format = `'''' || replace(${q}, '\\', '\\\\') || ''''`;
    const char = `'''' || ${rest}[position(${e} IN ${rest}) + 1] || ''''`;
    return `CASE WHEN coalesce(position(${e} IN ${rest}), 0) = 0 OR ${x} IS NULL THEN ${matched(q)} WHEN ends_with(${rest}, ${e}) THEN ${end(format)} ELSE ${middle(char, format)} END`;
  });
}

function literalText(e: Expr | undefined): string | undefined {
  const value = e === undefined ? undefined : evaluateLiteral(e);
  return typeof value === "string" ? value : undefined;
}

function like(name: "like" | "ilike", usage: string): FunctionEntry {
  const fold = name === "ilike";
  return scalar({
    name,
    params: [p("str", T.string), p("pattern", T.string), opt("escape", T.string)],
    returns: BOOLEAN,
    nullable: (args) => args.slice(0, 2).some((a) => a.nullable),
    extra: (args, ctx) => ({ escape: escapeOf(args[2], ctx) }),
    lower: ([x, pattern], ctx) => {
      const literal = literalText(ctx.call.args[1]);
      const escapeChar = ctx.call.extra?.escape as string;
      if (!fold) return likeSql(x as string, pattern as string, escapeChar, literal, ctx);
      return likeSql(`lower(${x})`, `lower(${pattern})`, escapeChar, literal?.toLowerCase(), ctx);
    },
    pretty: ([x, q, e], call) => {
      const escapeChar = (call.extra?.escape ?? e) as string | undefined;
      if (fold) return `ilike(${x}, ${q})`;
      return escapeChar === undefined || escapeChar === "\\"
        ? `${x} LIKE ${q}`
        : `${x} LIKE ${q} ESCAPE '${escapeChar}'`;
    },
    usage,
    group: "predicate_funcs",
  });
}

const rlike = scalar({
  name: "rlike",
  aliases: ["regexp", "regexp_like"],
  params: [p("str", T.string), p("regexp", T.string)],
  returns: BOOLEAN,
  lower: ([x, pattern], ctx) => {
    const literal = literalText(ctx.call.args[1]);
    if (literal !== undefined && isPlainRegex(literal)) return `regexp_matches(${x}, ${pattern})`;
    return `(${ctx.kernel("rlike", x as string, pattern as string)} = 1)`;
  },
  pretty: ([x, q], call) => `${(call.name ?? "rlike").toUpperCase()}(${x}, ${q})`,
  usage: "rlike(str, regexp) - Returns true if a part of str matches the Java regular expression.",
  group: "predicate_funcs",
});

/** `x LIKE ANY ('a', 'b')` and its kin. */
function quantified(
  name: string,
  shown: string,
  base: "like" | "ilike",
  isNegated: boolean,
  isAll: boolean,
): FunctionEntry {
  const entry = quantifiedLiterals(name, shown, base, isNegated, isAll);
  return {
    ...entry,
    // Patterns that are no literals are matched one by one, as Spark spells it out.
    bind: (args, ctx) => {
      const patterns = args.slice(1);
      if (args.length < 2 || patterns.every((q) => q.type.kind === "string" && isFoldable(q)))
        return entry.bind(args, ctx);
      const parts = patterns.map((q) => {
        const one = entryOf(base).bind([args[0] as Expr, q], { ...ctx, name: base });
        return isNegated ? entryOf("not").bind([one], { ...ctx, name: "not" }) : one;
      });
      const connective = isAll ? "and" : "or";
      return parts.reduce((a, b) => entryOf(connective).bind([a, b], { ...ctx, name: connective }));
    },
  };
}

function quantifiedLiterals(
  name: string,
  shown: string,
  base: "like" | "ilike",
  isNegated: boolean,
  isAll: boolean,
): FunctionEntry {
  return scalar({
    name,
    params: [p("str", T.string), rest("patterns", T.string, 1)],
    returns: BOOLEAN,
    nullable: "always",
    lower: ([x, ...patterns], ctx) =>
      ctx.let(x as string, (v) => {
        const parts = patterns.map((q, i) => {
          const literal = literalText(ctx.call.args[i + 1]);
          const one =
            base === "like"
              ? likeSql(v, q, "\\", literal, ctx)
              : likeSql(`lower(${v})`, `lower(${q})`, "\\", literal?.toLowerCase(), ctx);
          return isNegated ? `(NOT ${one})` : one;
        });
        return `(${parts.join(isAll ? " AND " : " OR ")})`;
      }),
    pretty: ([x]) => `${shown}(${base === "ilike" ? `lower(${x})` : x})`,
    usage: `${name}(str, pattern, ...) - Returns true if str ${isNegated ? "does not match" : "matches"} ${isAll ? "all" : "any"} of the patterns.`,
    group: "predicate_funcs",
  });
}

/** Matching of texts with patterns. */
export const MATCHING: readonly FunctionEntry[] = [
  like(
    "like",
    "like(str, pattern[, escape]) - Returns true if str matches pattern, where % is any text and _ any character.",
  ),
  like("ilike", "ilike(str, pattern[, escape]) - As like, whatever the case."),
  rlike,
  quantified("like_any", "likeany", "like", false, false),
  quantified("like_all", "likeall", "like", false, true),
  quantified("not_like_any", "notlikeany", "like", true, false),
  quantified("not_like_all", "notlikeall", "like", true, true),
  quantified("ilike_any", "likeany", "ilike", false, false),
  quantified("ilike_all", "likeall", "ilike", false, true),
  quantified("not_ilike_any", "notlikeany", "ilike", true, false),
  quantified("not_ilike_all", "notlikeall", "ilike", true, true),
];
