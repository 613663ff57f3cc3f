import { array, BINARY, BOOLEAN, type DataType, INTEGER, LONG, STRING } from "../../types/data-type.ts";
import { implicitCast } from "../coercion.ts";
import { lit, opt, p, rest, scalar, viaKernel } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";

const GROUP = "string_funcs";
const TEXT_OR_BYTES = T.oneOf(T.string, T.binary);
const MAX_INT = lit(2147483647, INTEGER);

/** Text in, text out. */
function text(
  name: string,
  usage: string,
  lower: FunctionEntry["lower"] | string,
  options: { readonly aliases?: readonly string[] } = {},
): FunctionEntry {
  return scalar({
    name,
    ...(options.aliases === undefined ? {} : { aliases: options.aliases }),
    params: [p("str", T.string)],
    returns: STRING,
    usage: `${name}(str) - ${usage}`,
    group: GROUP,
    ...(lower === undefined ? {} : { lower }),
  });
}

/** Whether a text has only ASCII characters, for which DuckDB's own function is exact. */
function isAscii(x: string): string {
  return `(strlen(${x}) = length(${x}))`;
}

/** DuckDB's case mapping is one to one; Java's is not (`ß` becomes `SS`). */
function caseMapping(name: "upper" | "lower") {
  return ([x]: readonly string[], ctx: LowerContext): string =>
    ctx.let(
      x as string,
      (v) => `CASE WHEN ${isAscii(v)} THEN ${name}(${v}) ELSE ${ctx.kernel(`java_${name}`, v)} END`,
    );
}

const isBinary = (ctx: LowerContext): boolean => ctx.call.type.kind === "binary";
const argIsBinary = (ctx: LowerContext, index = 0): boolean => ctx.call.args[index]?.type.kind === "binary";

/** Bytes as text of two hexadecimal digits each, so that DuckDB's text functions can cut and pad them. */
const asHex = (x: string): string => `hex(${x})`;

/** Spark's substring of `length` units at `position` (1-based, negative from the end), before the start counted too. */
function substringSql(x: string, position: string, length: string, unit: 1 | 2, ctx: LowerContext): string {
  const size = unit === 1 ? `length(${x})` : `strlen(${x}) // 2`;
  return ctx.let(position, (pos) =>
    ctx.let(length, (len) => {
      const start = `(CASE WHEN ${pos} > 0 THEN ${pos}::BIGINT - 1 WHEN ${pos} < 0 THEN ${size} + ${pos} ELSE 0 END)`;
      return ctx.let(start, (from) => {
        const end = `(${from} + ${len}::BIGINT)`;
        const first = `greatest(${from}, 0)`;
        return `CASE WHEN ${len} <= 0 OR ${end} <= 0 THEN ${nullSafeEmpty(x, pos, len)} ELSE substring(${x}, (${first} * ${unit} + 1)::BIGINT, ((${end} - ${first}) * ${unit})::BIGINT) END`;
      });
    }),
  );
}

function nullSafeEmpty(...parts: readonly string[]): string {
  return `CASE WHEN ${parts.map((x) => `${x} IS NULL`).join(" OR ")} THEN NULL ELSE '' END`;
}

function lowerSubstring(args: readonly string[], ctx: LowerContext): string {
  const [x, position, length] = args as [string, string, string];
  return isBinary(ctx)
    ? ctx.let(asHex(x), (h) => `unhex(${substringSql(h, position, length, 2, ctx)})`)
    : ctx.let(x, (v) => substringSql(v, position, length, 1, ctx));
}

function pad(side: "lpad" | "rpad") {
  return scalar({
    name: side,
    params: [p("str", TEXT_OR_BYTES), p("len", T.int), opt("pad", TEXT_OR_BYTES)],
    coerce: (args, ctx) => coercePad(args, ctx),
    returns: (args) => (args[0] as Expr).type,
    usage: `${side}(str, len[, pad]) - str brought to len characters, filled up on the ${side === "lpad" ? "left" : "right"} with pad, or cut.`,
    group: GROUP,
    lower: (args, ctx) => {
      const [x, length, fill] = args as [string, string, string];
      if (!isBinary(ctx)) {
        return ctx.let(length, (len) =>
          ctx.let(fill, (f) =>
            ctx.let(
              x,
              (v) =>
                `CASE WHEN ${f} = '' OR length(${v}) >= ${len} THEN (${v})[:greatest(${len}, 0)] ELSE ${side}(${v}, greatest(${len}, 0), ${f}) END`,
            ),
          ),
        );
      }
      return ctx.let(length, (len) =>
        ctx.let(asHex(fill), (f) =>
          ctx.let(asHex(x), (v) => {
            const size = `(greatest(${len}, 0) * 2)`;
            return `unhex(CASE WHEN ${f} = '' OR length(${v}) >= ${size} THEN (${v})[:${size}] ELSE ${side === "lpad" ? `repeat(${f}, ${len})[:${size} - length(${v})] || ${v}` : `(${v} || repeat(${f}, ${len}))[:${size}]`} END)`;
          }),
        ),
      );
    },
  });
}

/** Without `pad`, text is filled with spaces and bytes with zeros. */
function coercePad(args: readonly Expr[], ctx: Parameters<FunctionEntry["bind"]>[1]): readonly Expr[] {
  const [value, length, fill] = args as [Expr, Expr, Expr | undefined];
  const bytes = value.type.kind === "binary" && (fill === undefined || fill.type.kind === "binary");
  const as = (e: Expr, type: DataType) => implicitCastTo(e, type, ctx);
  const type = bytes ? BINARY : STRING;
  const standard = bytes ? lit(new Uint8Array([0]), BINARY) : lit(" ", STRING);
  return [as(value, type), as(length, INTEGER), fill === undefined ? standard : as(fill, type)];
}

function implicitCastTo(e: Expr, type: DataType, ctx: Parameters<FunctionEntry["bind"]>[1]): Expr {
  return implicitCast(e, T.of(type), ctx.conf);
}

/** A yes-or-no question about two texts, or two byte strings. */
function textTest(name: string, usage: string, lower: (x: string, y: string) => string): FunctionEntry {
  return scalar({
    name,
    params: [p("left", TEXT_OR_BYTES), p("right", TEXT_OR_BYTES)],
    coerce: (args, ctx) => {
      const bytes = args.every((a) => a.type.kind === "binary");
      return args.map((a) => implicitCastTo(a, bytes ? BINARY : STRING, ctx));
    },
    returns: BOOLEAN,
    nullable: (args) => args.some((a) => a.nullable || a.type.kind === "binary"),
    usage: `${name}(left, right) - ${usage}`,
    group: GROUP,
    lower: ([x, y], ctx) =>
      argIsBinary(ctx)
        ? byteAligned(name, asHex(x as string), asHex(y as string))
        : lower(x as string, y as string),
  });
}

function byteAligned(name: string, x: string, y: string): string {
  if (name === "startswith") return `starts_with(${x}, ${y})`;
  if (name === "endswith") return `ends_with(${x}, ${y})`;
  // A match that begins in the middle of a byte is none.
  return `regexp_matches(${x}, '^(..)*' || ${y})`;
}

function trim(
  name: string,
  plain: string,
  side: "BOTH" | "LEADING" | "TRAILING",
  duck: string,
): FunctionEntry {
  const entry = scalar({
    name,
    params: [p(plain === "btrim" ? "str" : "srcStr", T.string), opt("trimStr", T.string)],
    returns: STRING,
    usage: `${name}(str[, trimStr]) - str without spaces, or the characters of trimStr, at ${side === "BOTH" ? "both ends" : side === "LEADING" ? "its start" : "its end"}.`,
    group: GROUP,
    pretty: (args, call) =>
      args.length === 1 || call.name === "btrim"
        ? `${call.name ?? name}(${args.join(", ")})`
        : `TRIM(${side} ${args[1]} FROM ${args[0]})`,
    lower: ([x, characters]) =>
      characters === undefined ? `${duck}(${x}, ' ')` : `${duck}(${x}, ${characters})`,
  });
  if (plain === "btrim") return entry;
  // Two arguments come as SQL says them: what to trim, then from what.
  const swap = ([a, b, ...more]: readonly Expr[]): readonly Expr[] =>
    a === undefined || b === undefined ? (a === undefined ? [] : [a]) : [b, a, ...more];
  return { ...entry, bind: (args, ctx) => entry.bind(swap(args), ctx) };
}

/** Position of `part` in `x`, counted in characters from 1; 0 when it is not there. */
function positionSql(part: string, x: string): string {
  return `instr(${x}, ${part})::INTEGER`;
}

export const STRINGS: readonly FunctionEntry[] = [
  scalar({
    name: "ascii",
    params: [p("str", T.string)],
    returns: INTEGER,
    usage: "ascii(str) - The code of the first character; 0 for an empty text.",
    group: GROUP,
    lower: ([x]) => `CASE WHEN ${x} = '' THEN 0 ELSE unicode(${x}) END::INTEGER`,
  }),
  scalar({
    name: "base64",
    params: [p("bin", T.binary)],
    returns: STRING,
    usage: "base64(bin) - Bytes as text in base 64.",
    group: GROUP,
    lower: "to_base64",
  }),
  scalar({
    name: "bit_length",
    params: [p("expr", TEXT_OR_BYTES)],
    returns: INTEGER,
    usage: "bit_length(expr) - How many bits a text (in UTF-8) or bytes take.",
    group: GROUP,
    lower: ([x], ctx) => `(8 * ${argIsBinary(ctx) ? `octet_length(${x})` : `strlen(${x})`})::INTEGER`,
  }),
  scalar({
    name: "octet_length",
    params: [p("expr", TEXT_OR_BYTES)],
    returns: INTEGER,
    usage: "octet_length(expr) - How many bytes a text (in UTF-8) or bytes take.",
    group: GROUP,
    lower: ([x], ctx) => `${argIsBinary(ctx) ? `octet_length(${x})` : `strlen(${x})`}::INTEGER`,
  }),
  scalar({
    name: "length",
    aliases: ["char_length", "character_length", "len"],
    params: [p("expr", TEXT_OR_BYTES)],
    returns: INTEGER,
    usage: "length(expr) - How many characters a text has, or bytes a byte string.",
    group: GROUP,
    lower: ([x], ctx) => `${argIsBinary(ctx) ? `octet_length(${x})` : `length(${x})`}::INTEGER`,
  }),
  scalar({
    name: "chr",
    aliases: ["char"],
    params: [p("expr", T.long)],
    returns: STRING,
    usage: "chr(expr) - The character with that code, modulo 256; empty for negative ones.",
    group: GROUP,
    lower: ([x], ctx) =>
      ctx.let(
        x as string,
        (v) => `CASE WHEN ${v} < 0 THEN '' WHEN ${v} IS NOT NULL THEN chr((${v} % 256)::INTEGER) END`,
      ),
  }),
  text("upper", "str in capitals.", caseMapping("upper"), { aliases: ["ucase"] }),
  text("lower", "str in small letters.", caseMapping("lower"), { aliases: ["lcase"] }),
  text("initcap", "str with each word's first letter a capital and the rest small.", viaKernel("initcap")),
  text("soundex", "A code of how str sounds in English.", viaKernel("soundex")),
  trim("trim", "trim", "BOTH", "trim"),
  trim("btrim", "btrim", "BOTH", "trim"),
  trim("ltrim", "ltrim", "LEADING", "ltrim"),
  trim("rtrim", "rtrim", "TRAILING", "rtrim"),
  textTest("contains", "Whether right stands somewhere in left.", (x, y) => `contains(${x}, ${y})`),
  textTest("startswith", "Whether left begins with right.", (x, y) => `starts_with(${x}, ${y})`),
  textTest("endswith", "Whether left ends with right.", (x, y) => `ends_with(${x}, ${y})`),
  scalar({
    name: "substring",
    aliases: ["substr"],
    params: [p("str", TEXT_OR_BYTES), p("pos", T.int), opt("len", T.int, MAX_INT)],
    returns: (args) => (args[0] as Expr).type,
    usage:
      "substring(str, pos[, len]) - The len characters of str from pos on, counted from 1, or from the end when negative.",
    group: GROUP,
    lower: lowerSubstring,
  }),
  scalar({
    name: "left",
    params: [p("str", TEXT_OR_BYTES), p("len", T.int)],
    returns: (args) => (args[0] as Expr).type,
    usage: "left(str, len) - The first len characters.",
    group: GROUP,
    lower: ([x, n], ctx) => lowerSubstring([x as string, "1", n as string], ctx),
  }),
  scalar({
    name: "right",
    params: [p("str", T.string), p("len", T.int)],
    returns: STRING,
    nullable: "always",
    usage: "right(str, len) - The last len characters.",
    group: GROUP,
    lower: ([x, n], ctx) =>
      ctx.let(
        n as string,
        (len) => `CASE WHEN ${len} <= 0 THEN ${nullSafeEmpty(x as string)} ELSE right(${x}, ${len}) END`,
      ),
  }),
  pad("lpad"),
  pad("rpad"),
  scalar({
    name: "repeat",
    params: [p("str", T.string), p("n", T.int)],
    returns: STRING,
    usage: "repeat(str, n) - str n times.",
    group: GROUP,
    lower: ([x, n]) => `repeat(${x}, greatest(${n}, 0))`,
  }),
  scalar({
    name: "space",
    params: [p("n", T.int)],
    returns: STRING,
    usage: "space(n) - n spaces.",
    group: GROUP,
    lower: ([n]) => `repeat(' ', greatest(${n}, 0))`,
  }),
  scalar({
    name: "replace",
    params: [p("str", T.string), p("search", T.string), opt("replace", T.string, lit("", STRING))],
    returns: STRING,
    usage: "replace(str, search[, replace]) - str with every search put as replace.",
    group: GROUP,
    lower: ([x, search, by]) => `CASE WHEN ${search} = '' THEN ${x} ELSE replace(${x}, ${search}, ${by}) END`,
  }),
  scalar({
    name: "translate",
    params: [p("input", T.string), p("from", T.string), p("to", T.string)],
    returns: STRING,
    usage:
      "translate(input, from, to) - input with each character of from put as the one at its place in to, or left out.",
    group: GROUP,
    lower: viaKernel("translate"),
  }),
  scalar({
    name: "instr",
    params: [p("str", T.string), p("substr", T.string), opt("start", T.int), opt("occurrence", T.int)],
    coerce: (args, ctx) =>
      (args.length === 3 ? [...args, lit(1, INTEGER)] : args).map((a, i) =>
        implicitCast(a, i < 2 ? T.string : T.int, ctx.conf),
      ),
    returns: INTEGER,
    usage:
      "instr(str, substr[, start[, occurrence]]) - Where substr stands in str, counted from 1; 0 when nowhere. Searches from start on, from the end back when it is negative.",
    group: GROUP,
    lower: ([x, part, start, occurrence], ctx) =>
      start === undefined
        ? `CASE WHEN ${part} = '' THEN 1 ELSE ${positionSql(part as string, x as string)} END`
        : ctx.kernel("find_occurrence", x as string, part as string, start, occurrence as string),
  }),
  scalar({
    name: "locate",
    aliases: ["position"],
    params: [p("substr", T.string), p("str", T.string), opt("pos", T.int, lit(1, INTEGER))],
    returns: INTEGER,
    usage:
      "locate(substr, str[, pos]) - Where substr first stands in str at or after pos, counted from 1; 0 when nowhere.",
    group: GROUP,
    lower: ([part, x, from], ctx) =>
      ctx.let(part as string, (needle) =>
        ctx.let(x as string, (v) =>
          ctx.let(from as string, (pos) => {
            const at = `instr(substring(${v}, ${pos}), ${needle})`;
            return `CASE WHEN ${needle} IS NULL OR ${v} IS NULL THEN NULL WHEN ${pos} IS NULL OR ${pos} <= 0 THEN 0 WHEN ${needle} = '' THEN CASE WHEN ${pos} > length(${v}) + 1 THEN 0 ELSE ${pos} END WHEN ${at} = 0 THEN 0 ELSE ${at} + ${pos} - 1 END::INTEGER`;
          }),
        ),
      ),
  }),
  scalar({
    name: "substring_index",
    params: [p("str", T.string), p("delim", T.string), p("count", T.int)],
    returns: STRING,
    usage:
      "substring_index(str, delim, count) - What stands before the count-th delim, or after it from the end when negative.",
    group: GROUP,
    lower: ([x, delimiter, count], ctx) =>
      ctx.let(x as string, (v) =>
        ctx.let(delimiter as string, (d) =>
          ctx.let(count as string, (n) =>
            ctx.let(
              `string_split(${v}, ${d})`,
              (parts) =>
                `CASE WHEN ${n} = 0 OR ${d} = '' THEN ${nullSafeEmpty(v, d, n)} WHEN abs(${n}::BIGINT) >= len(${parts}) THEN ${v} WHEN ${n} > 0 THEN array_to_string(${parts}[1:${n}], ${d}) ELSE array_to_string(${parts}[${n}:], ${d}) END`,
            ),
          ),
        ),
      ),
  }),
  scalar({
    name: "split_part",
    params: [p("str", T.string), p("delimiter", T.string), p("partNum", T.int)],
    returns: STRING,
    nullable: "always",
    usage:
      "split_part(str, delimiter, partNum) - The part at that place, counted from 1 or from the end when negative; empty beyond.",
    group: GROUP,
    lower: ([x, delimiter, n], ctx) =>
      ctx.let(delimiter as string, (d) =>
        ctx.let(n as string, (at) => {
          const parts = `(CASE WHEN ${d} = '' THEN [${x}] ELSE string_split(${x}, ${d}) END)`;
          return `CASE WHEN ${x} IS NULL OR ${d} IS NULL OR ${at} IS NULL THEN NULL WHEN ${at} = 0 THEN ${ctx.raise("SparkRuntimeException", "INVALID_INDEX_OF_ZERO", {})} ELSE coalesce(${parts}[${at}], '') END`;
        }),
      ),
  }),
  scalar({
    name: "find_in_set",
    params: [p("str", T.string), p("str_array", T.string)],
    returns: INTEGER,
    usage:
      "find_in_set(str, str_array) - The place of str in a list with commas between, counted from 1; 0 when it is not there.",
    group: GROUP,
    lower: ([x, list]) =>
      `CASE WHEN ${x} IS NULL OR ${list} IS NULL THEN NULL WHEN contains(${x}, ',') THEN 0 ELSE coalesce(list_position(string_split(${list}, ','), ${x}), 0) END::INTEGER`,
  }),
  scalar({
    name: "concat_ws",
    params: [p("sep", T.string), rest("str", T.oneOf(T.arrayOf(T.string), T.string))],
    coerce: ([separator, ...values], ctx) => {
      const either = T.oneOf(T.arrayOf(T.string), T.string);
      const cast = (e: Expr) => implicitCast(e, e.type.kind === "null" ? T.string : either, ctx.conf);
      return [implicitCast(separator as Expr, T.string, ctx.conf), ...values.map(cast)];
    },
    returns: STRING,
    nullable: (args) => (args[0] as Expr).nullable,
    usage: "concat_ws(sep, str...) - Texts and arrays of texts joined with sep between; nulls are left out.",
    group: GROUP,
    lower: (args, ctx) => {
      const [separator, ...values] = args as [string, ...string[]];
      const lists = values.map((v, i) =>
        ctx.call.args[i + 1]?.type.kind === "array" ? `coalesce(${v}, [])` : `[${v}]`,
      );
      if (lists.length === 0) return `CASE WHEN ${separator} IS NOT NULL THEN '' END`;
      const all = lists.length === 1 ? (lists[0] as string) : `list_concat(${lists.join(", ")})`;
      return `CASE WHEN ${separator} IS NOT NULL THEN coalesce(array_to_string(list_filter(${all}, lambda x: x IS NOT NULL), ${separator}), '') END`;
    },
  }),
  scalar({
    name: "elt",
    params: [p("n", T.int), rest("input", TEXT_OR_BYTES, 1)],
    coerce: (args, ctx) => {
      const values = args.slice(1);
      const bytes = values.every((a) => a.type.kind === "binary");
      return [
        implicitCastTo(args[0] as Expr, INTEGER, ctx),
        ...values.map((a) => implicitCastTo(a, bytes ? BINARY : STRING, ctx)),
      ];
    },
    returns: (args) => (args[1] as Expr).type,
    nullable: "always",
    usage: "elt(n, input...) - The n-th of the inputs.",
    group: GROUP,
    lower: ([n, ...values], ctx) =>
      ctx.let(n as string, (at) => {
        const missing = ctx.ansiEnabled
          ? `WHEN ${at} < 1 OR ${at} > ${values.length} THEN ${ctx.raise(
              "ArrayIndexOutOfBoundsException",
              "INVALID_ARRAY_INDEX",
              {
                indexValue: `${at}::VARCHAR`,
                arraySize: `'${values.length}'`,
              },
            )}`
          : "";
        return `CASE ${missing} ${values.map((v, i) => `WHEN ${at} = ${i + 1} THEN ${v}`).join(" ")} END`;
      }),
  }),
  scalar({
    name: "levenshtein",
    params: [p("str1", T.string), p("str2", T.string), opt("threshold", T.int)],
    returns: INTEGER,
    usage:
      "levenshtein(str1, str2[, threshold]) - How many letters must change to make one text the other; -1 above the threshold.",
    group: GROUP,
    lower: ([x, y, limit], ctx) => {
      const distance = ctx.kernel("levenshtein", x as string, y as string);
      return limit === undefined
        ? distance
        : ctx.let(
            distance,
            (d) => `CASE WHEN ${limit} IS NULL THEN NULL WHEN ${d} > ${limit} THEN -1 ELSE ${d} END`,
          );
    },
  }),
  scalar({
    name: "overlay",
    params: [
      p("input", TEXT_OR_BYTES),
      p("replace", TEXT_OR_BYTES),
      p("pos", T.int),
      opt("len", T.int, lit(-1, INTEGER)),
    ],
    coerce: (args, ctx) => {
      const bytes = args.slice(0, 2).every((a) => a.type.kind === "binary");
      return args.map((a, i) => implicitCastTo(a, i > 1 ? INTEGER : bytes ? BINARY : STRING, ctx));
    },
    returns: (args) => (args[0] as Expr).type,
    usage: "overlay(input, replace, pos[, len]) - input with len characters from pos on put as replace.",
    group: GROUP,
    lower: (args, ctx) => {
      const [input, by, position, length] = args as [string, string, string, string];
      const unit = isBinary(ctx) ? 2 : 1;
      const sizeOf = (x: string) => (unit === 1 ? `length(${x})` : `strlen(${x}) // 2`);
      const sql = ctx.let(unit === 2 ? asHex(input) : input, (x) =>
        ctx.let(unit === 2 ? asHex(by) : by, (y) =>
          ctx.let(position, (pos) => {
            const cut = `(CASE WHEN ${length} >= 0 THEN ${length} ELSE ${sizeOf(y)} END)::BIGINT`;
            const head = substringSql(x, "1", `(${pos}::BIGINT - 1)`, unit, ctx);
            const tail = substringSql(x, `(${pos}::BIGINT + ${cut})`, "2147483647", unit, ctx);
            return `(${head} || ${y} || ${tail})`;
          }),
        ),
      );
      return unit === 2 ? `unhex(${sql})` : sql;
    },
  }),
  scalar({
    name: "luhn_check",
    params: [p("str", T.string)],
    returns: BOOLEAN,
    nullable: "always",
    usage: "luhn_check(str) - Whether the digits pass Luhn's check, as card numbers do.",
    group: GROUP,
    lower: viaKernel("luhn_check"),
  }),
  scalar({
    name: "mask",
    params: [
      p("input", T.string),
      opt("upperChar", T.string, lit("X", STRING)),
      opt("lowerChar", T.string, lit("x", STRING)),
      opt("digitChar", T.string, lit("n", STRING)),
      opt("otherChar", T.string, lit(null, STRING)),
    ],
    returns: STRING,
    nullable: "always",
    usage:
      "mask(input[, upperChar, lowerChar, digitChar, otherChar]) - input with its characters hidden by kind; null keeps a kind.",
    group: GROUP,
    lower: viaKernel("mask"),
  }),
  scalar({
    name: "quote",
    params: [p("str", T.string)],
    returns: STRING,
    nullable: "always",
    usage: "quote(str) - str in single quotes, those inside escaped.",
    group: GROUP,
    lower: ([x]) => `('''' || replace(replace(${x}, '\\', '\\\\'), '''', '\\''') || '''')`,
  }),
  scalar({
    name: "sentences",
    params: [
      p("str", T.string),
      opt("lang", T.string, lit("", STRING)),
      opt("country", T.string, lit("", STRING)),
    ],
    returns: array(array(STRING, false), false),
    nullable: "always",
    usage: "sentences(str[, lang, country]) - The words of each sentence.",
    group: GROUP,
    lower: ([x, lang, country], ctx) =>
      `CAST(${ctx.kernel("sentences", x as string, lang as string, country as string)} AS VARCHAR[][])`,
  }),
  scalar({
    name: "crc32",
    params: [p("expr", T.binary)],
    returns: LONG,
    usage: "crc32(expr) - The CRC-32 checksum.",
    group: "hash_funcs",
    lower: viaKernel("crc32"),
  }),
  scalar({
    name: "md5",
    params: [p("expr", T.binary)],
    returns: STRING,
    usage: "md5(expr) - The MD5 digest in hexadecimal.",
    group: "hash_funcs",
    lower: "md5",
  }),
  scalar({
    name: "sha1",
    aliases: ["sha"],
    params: [p("expr", T.binary)],
    returns: STRING,
    usage: "sha1(expr) - The SHA-1 digest in hexadecimal.",
    group: "hash_funcs",
    lower: "sha1",
  }),
  scalar({
    name: "jaro_winkler_similarity",
    params: [p("str1", T.string), p("str2", T.string)],
    returns: { kind: "double" },
    nullable: "always",
    usage:
      "jaro_winkler_similarity(str1, str2) - How alike two texts are, from 0 to 1; a common beginning counts more.",
    group: GROUP,
    lower: viaKernel("jaro_winkler"),
  }),
];
