import { type Column, type ColumnOrName, toColumn } from "../column.ts";
import { flattenColumns } from "../column-arguments.ts";
import type { LiteralInput } from "../literal.ts";
import { call, callAll, numberOrColumn, randomSeed, textOrColumn, value } from "./invoke.ts";

/**
 * Code of the first character.
 *
 * @example
 * F.ascii(F.lit("Spark")); // 83
 */
export function ascii(col: ColumnOrName): Column {
  return call("ascii", col);
}

/**
 * Binary as Base64 text.
 *
 * @example
 * F.base64(F.lit("Spark")); // U3Bhcms=
 */
export function base64(col: ColumnOrName): Column {
  return call("base64", col);
}

/**
 * Length in bits.
 *
 * @example
 * F.bit_length(F.lit("cat")); // 24
 */
export function bit_length(col: ColumnOrName): Column {
  return call("bit_length", col);
}

/**
 * Without the given characters (spaces, if none are) at both ends.
 *
 * @example
 * F.btrim(F.lit("SSparkS"), F.lit("S")); // park
 */
export function btrim(str: ColumnOrName, trim?: ColumnOrName): Column {
  return call("btrim", str, trim);
}

/**
 * The character of a code.
 *
 * @example
 * F.char(F.lit(65)); // A
 */
export function char(col: ColumnOrName): Column {
  return call("char", col);
}

/**
 * The same as `char`.
 *
 * @example
 * F.chr(F.lit(65)); // A
 */
export function chr(n: ColumnOrName): Column {
  return call("chr", n);
}

/**
 * Number of characters, or bytes of binary.
 *
 * @example
 * F.char_length(F.lit("Spark SQL ")); // 10
 */
export function char_length(str: ColumnOrName): Column {
  return call("char_length", str);
}

/**
 * The same as `char_length`.
 *
 * @example
 * F.character_length(F.lit("Spark SQL ")); // 10
 */
export function character_length(str: ColumnOrName): Column {
  return call("character_length", str);
}

/**
 * The text with a collation.
 *
 * @example
 * F.collate(F.lit("a"), "UTF8_BINARY"); // a
 */
export function collate(col: ColumnOrName, collation: string): Column {
  return call("collate", col, toColumn(collation));
}

/**
 * The name of the collation of a column.
 *
 * @example
 * F.collation(F.lit("a")); // SYSTEM.BUILTIN.UTF8_BINARY
 */
export function collation(col: ColumnOrName): Column {
  return call("collation", col);
}

/**
 * Texts and arrays of text joined by a separator, nulls left out.
 *
 * @example
 * F.concat_ws("-", F.lit("a"), F.lit("b")); // a-b
 */
export function concat_ws(sep: string, ...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return call("concat_ws", toColumn(sep), ...flattenColumns(cols));
}

/**
 * Whether the left text holds the right one.
 *
 * @example
 * F.contains(F.lit("Spark"), F.lit("park")); // true
 */
export function contains(left: ColumnOrName, right: ColumnOrName): Column {
  return call("contains", left, right);
}

/**
 * Binary to text.
 *
 * @example
 * F.decode(F.lit("abc").cast("binary"), "UTF-8"); // abc
 */
export function decode(col: ColumnOrName, charset: string): Column {
  return call("decode", col, toColumn(charset));
}

/**
 * The input of that number: the first argument is the number, counted from 1.
 *
 * @example
 * F.elt(F.lit(2), F.lit("scala"), F.lit("java")); // java
 */
export function elt(...inputs: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return callAll("elt", inputs);
}

/**
 * Text to binary.
 *
 * @example
 * F.hex(F.encode(F.lit("abc"), "UTF-8")); // 616263
 */
export function encode(col: ColumnOrName, charset: string): Column {
  return call("encode", col, toColumn(charset));
}

/**
 * Whether the text ends so.
 *
 * @example
 * F.endswith(F.lit("Spark"), F.lit("ark")); // true
 */
export function endswith(str: ColumnOrName, suffix: ColumnOrName): Column {
  return call("endswith", str, suffix);
}

/**
 * Position, from 1, in a list of texts parted by commas; 0 if it is not there.
 *
 * @example
 * F.find_in_set(F.lit("ab"), F.lit("abc,b,ab,c,def")); // 3
 */
export function find_in_set(str: ColumnOrName, str_array: ColumnOrName): Column {
  return call("find_in_set", str, str_array);
}

/**
 * A number as `#,###,###.##` with `d` decimal places.
 *
 * @example
 * F.format_number(F.lit(12345.678), 2); // 12,345.68
 */
export function format_number(col: ColumnOrName, d: number): Column {
  return call("format_number", col, toColumn(d));
}

/**
 * Values in a format of the printf kind.
 *
 * @example
 * F.format_string("%d %s", F.lit(5), F.lit("hello")); // 5 hello
 */
export function format_string(
  format: string,
  ...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]
): Column {
  return call("format_string", toColumn(format), ...flattenColumns(cols));
}

/**
 * Base32 text to binary.
 *
 * @example
 * F.from_base32(F.lit("MZXW6===")).cast("string"); // foo
 */
export function from_base32(col: ColumnOrName): Column {
  return call("from_base32", col);
}

/**
 * The first letter of each word in upper case, the others in lower case.
 *
 * @example
 * F.initcap(F.lit("ab cd")); // Ab Cd
 */
export function initcap(col: ColumnOrName): Column {
  return call("initcap", col);
}

/**
 * Position, from 1, of a text in another, from `start` on and for the `occurrence`-th time; 0 if it is not
 * there.
 *
 * @example
 * F.instr(F.lit("SparkSQL"), "SQL"); // 6
 */
export function instr(
  str: ColumnOrName,
  substr: Column | string,
  start?: Column | number,
  occurrence?: Column | number,
): Column {
  const from = start === undefined && occurrence !== undefined ? 1 : start;
  return call("instr", str, textOrColumn(substr), value(from), value(occurrence));
}

/**
 * Whether the text is valid UTF-8.
 *
 * @example
 * F.is_valid_utf8(F.lit("a")); // true
 */
export function is_valid_utf8(str: ColumnOrName): Column {
  return call("is_valid_utf8", str);
}

/**
 * Similarity of two texts by Jaro and Winkler, from 0 to 1.
 *
 * @example
 * F.jaro_winkler_similarity(F.lit("Spark"), F.lit("Spark")); // 1.0
 */
export function jaro_winkler_similarity(left: ColumnOrName, right: ColumnOrName): Column {
  return call("jaro_winkler_similarity", left, right);
}

/**
 * In lower case.
 *
 * @example
 * F.lcase(F.lit("Spark")); // spark
 */
export function lcase(str: ColumnOrName): Column {
  return call("lcase", str);
}

/**
 * The leftmost characters.
 *
 * @example
 * F.left(F.lit("Spark SQL"), F.lit(3)); // Spa
 */
export function left(str: ColumnOrName, len: ColumnOrName): Column {
  return call("left", str, len);
}

/**
 * Number of characters, or bytes of binary.
 *
 * @example
 * F.length(F.lit("ABC ")); // 4
 */
export function length(col: ColumnOrName): Column {
  return call("length", col);
}

/**
 * Edits that lead from one text to the other; -1 when there are more than `threshold`.
 *
 * @example
 * F.levenshtein(F.lit("kitten"), F.lit("sitting")); // 3
 */
export function levenshtein(left: ColumnOrName, right: ColumnOrName, threshold?: number): Column {
  return call("levenshtein", left, right, value(threshold));
}

/**
 * Position, from 1, of a text in another from `pos` on; 0 if it is not there.
 *
 * @example
 * F.locate("b", F.lit("abcb"), 3); // 4
 */
export function locate(substr: string, str: ColumnOrName, pos = 1): Column {
  return call("locate", toColumn(substr), str, toColumn(pos));
}

/**
 * In lower case.
 *
 * @example
 * F.lower(F.lit("Spark")); // spark
 */
export function lower(col: ColumnOrName): Column {
  return call("lower", col);
}

/**
 * Filled on the left to that length, or cut to it.
 *
 * @example
 * F.lpad(F.lit("abcd"), 6, "#"); // ##abcd
 */
export function lpad(col: ColumnOrName, len: LiteralInput, pad: LiteralInput): Column {
  return call("lpad", col, toColumn(len), toColumn(pad));
}

/**
 * Without the given characters (spaces, if none are) at the left.
 *
 * @example
 * F.ltrim(F.lit("  Spark")); // Spark
 */
export function ltrim(col: ColumnOrName, trim?: ColumnOrName): Column {
  return trim === undefined ? call("ltrim", col) : call("ltrim", trim, col);
}

/**
 * The text with invalid bytes replaced by U+FFFD.
 *
 * @example
 * F.make_valid_utf8(F.lit("a")); // a
 */
export function make_valid_utf8(str: ColumnOrName): Column {
  return call("make_valid_utf8", str);
}

/**
 * Letters and digits covered: upper case by `X`, lower case by `x`, digits by `n`, unless other characters
 * are given.
 *
 * @example
 * F.mask(F.lit("AbCD123-@$#")); // XxXXnnn-@$#
 */
export function mask(
  col: ColumnOrName,
  upperChar?: ColumnOrName,
  lowerChar?: ColumnOrName,
  digitChar?: ColumnOrName,
  otherChar?: ColumnOrName,
): Column {
  return call(
    "mask",
    col,
    upperChar ?? toColumn("X"),
    lowerChar ?? toColumn("x"),
    digitChar ?? toColumn("n"),
    otherChar ?? toColumn(null),
  );
}

/**
 * Length in bytes.
 *
 * @example
 * F.octet_length(F.lit("cat")); // 3
 */
export function octet_length(col: ColumnOrName): Column {
  return call("octet_length", col);
}

/**
 * The text with `len` characters from `pos` replaced; by default as many as `replace` has.
 *
 * @example
 * F.overlay(F.lit("SPARK_SQL"), F.lit("CORE"), 7); // SPARK_CORE
 */
export function overlay(
  src: ColumnOrName,
  replace: ColumnOrName,
  pos: ColumnOrName | number,
  len: ColumnOrName | number = -1,
): Column {
  return call("overlay", src, replace, numberOrColumn(pos), numberOrColumn(len));
}

/**
 * Position, from 1, of a text in another; 0 if it is not there.
 *
 * @example
 * F.position(F.lit("bar"), F.lit("foobarbar")); // 4
 */
export function position(substr: ColumnOrName, str: ColumnOrName, start?: ColumnOrName): Column {
  return call("position", substr, str, start);
}

/**
 * Values in a format of the printf kind, itself a column.
 *
 * @example
 * F.printf(F.lit("%d %s"), F.lit(5), F.lit("x")); // 5 x
 */
export function printf(
  format: ColumnOrName,
  ...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]
): Column {
  return call("printf", format, ...flattenColumns(cols));
}

/**
 * The text in single quotes, those inside escaped.
 *
 * @example
 * F.quote(F.lit("Don't")); // 'Don\'t'
 */
export function quote(col: ColumnOrName): Column {
  return call("quote", col);
}

/**
 * Random text of letters and digits.
 *
 * @example
 * F.length(F.randstr(5, 0)); // 5
 */
export function randstr(length: LiteralInput, seed?: LiteralInput): Column {
  return call("randstr", toColumn(length), value(seed ?? randomSeed()));
}

/**
 * How often a regular expression matches.
 *
 * @example
 * F.regexp_count(F.lit("1a 2b 14m"), F.lit("\\d+")); // 3
 */
export function regexp_count(str: ColumnOrName, regexp: ColumnOrName): Column {
  return call("regexp_count", str, regexp);
}

/**
 * Group `idx` of the first match; empty text when there is none.
 *
 * @example
 * F.regexp_extract(F.lit("100-200"), "(\\d+)-(\\d+)", 1); // 100
 */
export function regexp_extract(str: ColumnOrName, pattern: string, idx: number): Column {
  return call("regexp_extract", str, toColumn(pattern), toColumn(idx));
}

/**
 * Group `idx` (1 by default) of all matches.
 *
 * @example
 * F.regexp_extract_all(F.lit("100-200, 300-400"), F.lit("(\\d+)-(\\d+)")); // [100, 300]
 */
export function regexp_extract_all(str: ColumnOrName, regexp: ColumnOrName, idx?: LiteralInput): Column {
  return call("regexp_extract_all", str, regexp, value(idx));
}

/**
 * Position of the first match, from 1; 0 when there is none.
 *
 * @example
 * F.regexp_instr(F.lit("1a 2b 14m"), F.lit("\\d+b")); // 4
 */
export function regexp_instr(str: ColumnOrName, regexp: ColumnOrName, idx?: LiteralInput): Column {
  return call("regexp_instr", str, regexp, value(idx));
}

/**
 * All matches replaced; `$1` stands for a group.
 *
 * @example
 * F.regexp_replace(F.lit("100-200"), "(\\d+)", "--"); // -----
 */
export function regexp_replace(
  string: ColumnOrName,
  pattern: Column | string,
  replacement: Column | string,
  position?: LiteralInput,
): Column {
  return call("regexp_replace", string, textOrColumn(pattern), textOrColumn(replacement), value(position));
}

/**
 * The first match, or null.
 *
 * @example
 * F.regexp_substr(F.lit("1a 2b 14m"), F.lit("\\d+b")); // 2b
 */
export function regexp_substr(str: ColumnOrName, regexp: ColumnOrName): Column {
  return call("regexp_substr", str, regexp);
}

/**
 * The text that many times.
 *
 * @example
 * F.repeat(F.lit("ab"), 3); // ababab
 */
export function repeat(col: ColumnOrName, n: ColumnOrName | number): Column {
  return call("repeat", col, numberOrColumn(n));
}

/**
 * Every occurrence replaced, or removed when no replacement is given.
 *
 * @example
 * F.replace(F.lit("ABCabc"), F.lit("abc"), F.lit("DEF")); // ABCDEF
 */
export function replace(src: ColumnOrName, search: ColumnOrName, replace?: ColumnOrName): Column {
  return call("replace", src, search, replace);
}

/**
 * The rightmost characters.
 *
 * @example
 * F.right(F.lit("Spark SQL"), F.lit(3)); // SQL
 */
export function right(str: ColumnOrName, len: ColumnOrName): Column {
  return call("right", str, len);
}

/**
 * Filled on the right to that length, or cut to it.
 *
 * @example
 * F.rpad(F.lit("abcd"), 6, "#"); // abcd##
 */
export function rpad(col: ColumnOrName, len: LiteralInput, pad: LiteralInput): Column {
  return call("rpad", col, toColumn(len), toColumn(pad));
}

/**
 * Without the given characters (spaces, if none are) at the right.
 *
 * @example
 * F.rtrim(F.lit("Spark  ")); // Spark
 */
export function rtrim(col: ColumnOrName, trim?: ColumnOrName): Column {
  return trim === undefined ? call("rtrim", col) : call("rtrim", trim, col);
}

/**
 * Text as an array of sentences, each an array of words.
 *
 * @example
 * F.sentences(F.lit("Hi there! Good morning.")); // [[Hi, there], [Good, morning]]
 */
export function sentences(string: ColumnOrName, language?: ColumnOrName, country?: ColumnOrName): Column {
  return call("sentences", string, language ?? toColumn(""), country ?? toColumn(""));
}

/**
 * How an English word sounds, as a letter and three digits.
 *
 * @example
 * F.soundex(F.lit("Peters")); // P362
 */
export function soundex(col: ColumnOrName): Column {
  return call("soundex", col);
}

/**
 * Parts around the matches of a regular expression; at most `limit` when that is positive.
 *
 * @example
 * F.split(F.lit("oneAtwoBthree"), "[AB]"); // [one, two, three]
 */
export function split(
  str: ColumnOrName,
  pattern: Column | string,
  limit: ColumnOrName | number = -1,
): Column {
  return call("split", str, textOrColumn(pattern), numberOrColumn(limit));
}

/**
 * One part, counted from 1, or from the end when negative.
 *
 * @example
 * F.split_part(F.lit("11.12.13"), F.lit("."), F.lit(3)); // 13
 */
export function split_part(src: ColumnOrName, delimiter: ColumnOrName, partNum: ColumnOrName): Column {
  return call("split_part", src, delimiter, partNum);
}

/**
 * Whether the text starts so.
 *
 * @example
 * F.startswith(F.lit("Spark"), F.lit("Sp")); // true
 */
export function startswith(str: ColumnOrName, prefix: ColumnOrName): Column {
  return call("startswith", str, prefix);
}

/**
 * Characters from `pos`, which counts from 1.
 *
 * @example
 * F.substr(F.lit("Spark SQL"), F.lit(5)); // k SQL
 */
export function substr(str: ColumnOrName, pos: ColumnOrName, len?: ColumnOrName): Column {
  return call("substr", str, pos, len);
}

/**
 * `len` characters from `pos`, which counts from 1, or from the end when negative.
 *
 * @example
 * F.substring(F.lit("abcd"), 1, 2); // ab
 */
export function substring(str: ColumnOrName, pos: ColumnOrName | number, len: ColumnOrName | number): Column {
  return call("substring", str, numberOrColumn(pos), numberOrColumn(len));
}

/**
 * What stands before the `count`-th delimiter, or after it, from the right, when negative.
 *
 * @example
 * F.substring_index(F.lit("a.b.c.d"), ".", 2); // a.b
 */
export function substring_index(str: ColumnOrName, delim: string, count: number): Column {
  return call("substring_index", str, toColumn(delim), toColumn(count));
}

/**
 * Binary as Base32 text.
 *
 * @example
 * F.to_base32(F.lit("foo")); // MZXW6===
 */
export function to_base32(col: ColumnOrName): Column {
  return call("to_base32", col);
}

/**
 * Text to binary, by `hex` (the default), `utf-8` or `base64`.
 *
 * @example
 * F.to_binary(F.lit("abc"), F.lit("utf-8")).cast("string"); // abc
 */
export function to_binary(col: ColumnOrName, format?: ColumnOrName): Column {
  return call("to_binary", col, format);
}

/**
 * A number, date or binary as text in a format.
 *
 * @example
 * F.to_char(F.lit(454), F.lit("999")); // 454
 */
export function to_char(col: ColumnOrName, format: ColumnOrName): Column {
  return call("to_char", col, format);
}

/**
 * Text in a format to a decimal.
 *
 * @example
 * F.to_number(F.lit("454"), F.lit("999")); // 454
 */
export function to_number(col: ColumnOrName, format: ColumnOrName): Column {
  return call("to_number", col, format);
}

/**
 * The same as `to_char`.
 *
 * @example
 * F.to_varchar(F.lit(454), F.lit("999")); // 454
 */
export function to_varchar(col: ColumnOrName, format: ColumnOrName): Column {
  return call("to_varchar", col, format);
}

/**
 * Each character of `matching` replaced by that at the same place of `replace`.
 *
 * @example
 * F.translate(F.lit("translate"), "rnlt", "123"); // 1a2s3ae
 */
export function translate(srcCol: ColumnOrName, matching: string, replace: string): Column {
  return call("translate", srcCol, toColumn(matching), toColumn(replace));
}

/**
 * Without the given characters (spaces, if none are) at both ends.
 *
 * @example
 * F.trim(F.lit("  Spark  ")); // Spark
 */
export function trim(col: ColumnOrName, trim?: ColumnOrName): Column {
  return trim === undefined ? call("trim", col) : call("trim", trim, col);
}

/**
 * As `to_binary`, with null where the text has not that format.
 *
 * @example
 * F.try_to_binary(F.lit("!"), F.lit("base64")); // NULL
 */
export function try_to_binary(col: ColumnOrName, format?: ColumnOrName): Column {
  return call("try_to_binary", col, format);
}

/**
 * As `to_number`, with null where the text has not that format.
 *
 * @example
 * F.try_to_number(F.lit("x"), F.lit("999")); // NULL
 */
export function try_to_number(col: ColumnOrName, format: ColumnOrName): Column {
  return call("try_to_number", col, format);
}

/**
 * The text if it is valid UTF-8, else null.
 *
 * @example
 * F.try_validate_utf8(F.lit("a")); // a
 */
export function try_validate_utf8(str: ColumnOrName): Column {
  return call("try_validate_utf8", str);
}

/**
 * In upper case.
 *
 * @example
 * F.ucase(F.lit("Spark")); // SPARK
 */
export function ucase(str: ColumnOrName): Column {
  return call("ucase", str);
}

/**
 * Base64 text to binary.
 *
 * @example
 * F.unbase64(F.lit("U3Bhcms=")).cast("string"); // Spark
 */
export function unbase64(col: ColumnOrName): Column {
  return call("unbase64", col);
}

/**
 * In upper case.
 *
 * @example
 * F.upper(F.lit("Spark")); // SPARK
 */
export function upper(col: ColumnOrName): Column {
  return call("upper", col);
}

/**
 * The text; an error if it is not valid UTF-8.
 *
 * @example
 * F.validate_utf8(F.lit("a")); // a
 */
export function validate_utf8(str: ColumnOrName): Column {
  return call("validate_utf8", str);
}
