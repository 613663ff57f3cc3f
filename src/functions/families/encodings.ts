import { BINARY, BOOLEAN, type DataType, STRING } from "../../types/data-type.ts";
import { opt, p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";

/** A kernel's bytes, given in hexadecimal. */
const bytes = (hex: string): string => `unhex(${hex})`;

function viaText(name: string, ...more: readonly string[]) {
  return (args: readonly string[], ctx: LowerContext): string => ctx.kernel(name, ...args, ...more);
}

export const ENCODINGS: readonly FunctionEntry[] = [
  scalar({
    name: "encode",
    params: [p("str", T.string), p("charset", T.string)],
    returns: BINARY,
    nullable: "always",
    usage: "encode(str, charset) - The text as bytes of a character set.",
    group: "string_funcs",
    lower: (args, ctx) => bytes(ctx.kernel("encode_text", ...args)),
  }),
  scalar({
    name: "decode",
    params: [p("bin", T.binary), p("charset", T.string)],
    returns: STRING,
    nullable: "always",
    usage: "decode(bin, charset) - Bytes of a character set as text.",
    group: "string_funcs",
    lower: ([x, charset], ctx) => ctx.kernel("decode_text", `hex(${x})`, charset as string),
  }),
  scalar({
    name: "unbase64",
    params: [p("str", T.string)],
    returns: BINARY,
    usage: "unbase64(str) - The bytes of a text in base 64.",
    group: "string_funcs",
    lower: ([x], ctx) => bytes(ctx.kernel("base64_bytes", x as string, "0")),
  }),
  scalar({
    name: "unhex",
    params: [p("expr", T.string)],
    returns: BINARY,
    nullable: "always",
    usage: "unhex(expr) - The bytes of hexadecimal digits; null when there are others.",
    group: "math_funcs",
    lower: ([x], ctx) =>
      ctx.let(
        x as string,
        (v) =>
          `CASE WHEN regexp_full_match(${v}, '[0-9a-fA-F]*') THEN unhex(CASE WHEN length(${v}) % 2 = 1 THEN '0' || ${v} ELSE ${v} END) END`,
      ),
  }),
  toBinary("to_binary", false),
  toBinary("try_to_binary", true),
  scalar({
    name: "url_encode",
    params: [p("str", T.string)],
    returns: STRING,
    nullable: "always",
    usage: "url_encode(str) - The text in the form of a URL's query.",
    group: "url_funcs",
    lower: viaText("url_encode"),
  }),
  scalar({
    name: "url_decode",
    params: [p("str", T.string)],
    returns: STRING,
    nullable: "always",
    usage: "url_decode(str) - The text behind the form of a URL's query.",
    group: "url_funcs",
    lower: viaText("url_decode", "0"),
  }),
  scalar({
    name: "try_url_decode",
    params: [p("str", T.string)],
    returns: STRING,
    nullable: "always",
    usage: "try_url_decode(str) - As url_decode; null for a text that is not of that form.",
    group: "url_funcs",
    lower: viaText("url_decode", "1"),
  }),
  parseUrl("parse_url", false),
  parseUrl("try_parse_url", true),
  scalar({
    name: "to_base32",
    params: [p("bin", T.binary)],
    returns: STRING,
    usage: "to_base32(bin) - Bytes as text in base 32.",
    group: "string_funcs",
    lower: ([x], ctx) => ctx.kernel("base32_text", `hex(${x})`),
  }),
  scalar({
    name: "from_base32",
    params: [p("str", T.string)],
    returns: BINARY,
    usage: "from_base32(str) - The bytes of a text in base 32.",
    group: "string_funcs",
    lower: ([x], ctx) => bytes(ctx.kernel("base32_bytes", x as string)),
  }),
  utf8("is_valid_utf8", BOOLEAN, "Whether the text is valid UTF-8.", (_x, isValid) => isValid),
  utf8("make_valid_utf8", STRING, "The text, what is not UTF-8 put as U+FFFD.", (x) => x),
  utf8("validate_utf8", STRING, "The text; an error when it is not UTF-8.", (x, isValid, raw, ctx) => {
    const shown = `regexp_replace(lower(hex(${raw})), '(..)', '\\\\x\\1', 'g')`;
    const failure = ctx.raise("IllegalArgumentException", "INVALID_UTF8_STRING", { str: shown });
    return `CASE WHEN ${isValid} THEN ${x} ELSE ${failure} END`;
  }),
  utf8(
    "try_validate_utf8",
    STRING,
    "The text; NULL when it is not UTF-8.",
    (x, isValid) => `CASE WHEN ${isValid} THEN ${x} END`,
  ),
];

function toBinary(name: string, isTry: boolean): FunctionEntry {
  return scalar({
    name,
    params: [p("str", T.string), opt("fmt", T.string)],
    returns: BINARY,
    nullable: (args) => {
      const format = args[1];
      const isPlain = format?.kind === "Lit" && format.value === "base64" && !isTry;
      return !isPlain || (args[0] as Expr).nullable;
    },
    usage: `${name}(str[, fmt]) - The text as bytes: hex, base64 or utf-8.`,
    group: "string_funcs",
    lower: ([x, format], ctx) =>
      bytes(ctx.kernel("to_binary", x as string, format ?? "'hex'", isTry ? "1" : "0")),
  });
}

function parseUrl(name: string, isTry: boolean): FunctionEntry {
  return scalar({
    name,
    params: [p("url", T.string), p("partToExtract", T.string), opt("key", T.string, undefined)],
    returns: STRING,
    nullable: "always",
    usage: `${name}(url, partToExtract[, key]) - A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY or USERINFO.`,
    group: "url_funcs",
    lower: ([url, part, key], ctx) =>
      ctx.kernel(
        "parse_url",
        url as string,
        part as string,
        key ?? "''",
        key === undefined ? "0" : "1",
        isTry ? "1" : "0",
      ),
  });
}

/**
 * Only bytes that are cast to text may be other than UTF-8, and the cast puts U+FFFD for what is: so the question is put
 * to the bytes.
 */
function utf8(
  name: string,
  type: DataType,
  usage: string,
  lower: (x: string, isValid: string, raw: string, ctx: LowerContext) => string,
): FunctionEntry {
  return scalar({
    name,
    params: [p("str", T.string)],
    returns: type,
    nullable: "always",
    usage: `${name}(str) - ${usage}`,
    group: "string_funcs",
    lower: ([x], ctx) => {
      const [arg] = ctx.call.args;
      const raw =
        arg?.kind === "CastExpr" && arg.child.type.kind === "binary" ? ctx.lower(arg.child) : undefined;
      return raw === undefined
        ? ctx.let(
            x as string,
            (v) => `CASE WHEN ${v} IS NOT NULL THEN ${lower(v, "true", "''::BLOB", ctx)} END`,
          )
        : ctx.let(
            raw,
            (b) =>
              `CASE WHEN ${b} IS NOT NULL THEN ${lower(x as string, `(TRY(decode(${b})) IS NOT NULL)`, b, ctx)} END`,
          );
    },
  });
}
