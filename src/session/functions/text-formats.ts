import { cannotBeEmpty, notExpectedType } from "../argument-errors.ts";
import { Column, type ColumnOrName, toColumn } from "../column.ts";
import { type DataTypeLike, isDataType } from "../types/data-type-class.ts";
import { asClass } from "../types/nested-types.ts";
import { call, type Options, optionsColumn, textOrColumn } from "./invoke.ts";

/**
 * A text in CSV to a struct of the given columns (DDL).
 *
 * @example
 * F.from_csv(F.lit("1,abc"), "a INT, b STRING"); // {1, abc}
 */
export function from_csv(col: ColumnOrName, schema: Column | string, options?: Options): Column {
  return call("from_csv", col, textOrColumn(schema), optionsColumn(options));
}

/**
 * The schema of a text in CSV, as DDL.
 *
 * @example
 * F.schema_of_csv("1,abc"); // STRUCT<_c0: INT, _c1: STRING>
 */
export function schema_of_csv(csv: Column | string, options?: Options): Column {
  return call("schema_of_csv", textOrColumn(csv), optionsColumn(options));
}

/**
 * A struct to a text in CSV.
 *
 * @example
 * F.to_csv(F.struct(F.lit(1), F.lit("a"))); // 1,a
 */
export function to_csv(col: ColumnOrName, options?: Options): Column {
  return call("to_csv", col, optionsColumn(options));
}

/**
 * A JSON text to a struct, array or map of the given schema: a type, or DDL.
 *
 * @example
 * F.from_json(F.lit('{"a":1}'), "a INT"); // {1}
 */
export function from_json(
  col: ColumnOrName,
  schema: DataTypeLike | Column | string,
  options?: Options,
): Column {
  return call("from_json", col, schemaColumn(schema, "Column, str or DataType"), optionsColumn(options));
}

/**
 * The part of a JSON text at a path such as `$.a.b[0]`, as text.
 *
 * @example
 * F.get_json_object(F.lit('{"a":1}'), "$.a"); // 1
 */
export function get_json_object(col: ColumnOrName, path: string): Column {
  return call("get_json_object", col, toColumn(path));
}

/**
 * Number of elements of the outermost JSON array.
 *
 * @example
 * F.json_array_length(F.lit("[1,2,3]")); // 3
 */
export function json_array_length(col: ColumnOrName): Column {
  return call("json_array_length", col);
}

/**
 * The keys of the outermost JSON object.
 *
 * @example
 * F.json_object_keys(F.lit('{"a":1}')); // [a]
 */
export function json_object_keys(col: ColumnOrName): Column {
  return call("json_object_keys", col);
}

/**
 * The values of several keys of a JSON object, as columns of text. Throws CANNOT_BE_EMPTY without a field.
 *
 * @example
 * F.json_tuple(F.lit('{"a":1,"b":2}'), "a", "b"); // 1 2
 */
export function json_tuple(col: ColumnOrName, ...fields: readonly string[]): Column {
  if (fields.length === 0) throw cannotBeEmpty("field");
  return call("json_tuple", col, ...fields.map(toColumn));
}

/**
 * The schema of a JSON text, as DDL.
 *
 * @example
 * F.schema_of_json('{"a":1}'); // STRUCT<a: BIGINT>
 */
export function schema_of_json(json: Column | string, options?: Options): Column {
  return call("schema_of_json", textOrColumn(json), optionsColumn(options));
}

/**
 * A struct, array or map to a JSON text.
 *
 * @example
 * F.to_json(F.struct(F.lit(1).alias("a"))); // {"a":1}
 */
export function to_json(col: ColumnOrName, options?: Options): Column {
  return call("to_json", col, optionsColumn(options));
}

/**
 * An XML text to a struct of the given schema: a type, or DDL.
 *
 * @example
 * F.from_xml(F.lit("<p><a>1</a></p>"), "a INT"); // {1}
 */
export function from_xml(
  col: ColumnOrName,
  schema: DataTypeLike | Column | string,
  options?: Options,
): Column {
  return call("from_xml", col, schemaColumn(schema, "StructType, Column or str"), optionsColumn(options));
}

/**
 * The schema of an XML text, as DDL.
 *
 * @example
 * F.schema_of_xml("<p><a>1</a></p>"); // STRUCT<a: BIGINT>
 */
export function schema_of_xml(xml: Column | string, options?: Options): Column {
  return call("schema_of_xml", textOrColumn(xml), optionsColumn(options));
}

/**
 * A struct to an XML text.
 *
 * @example
 * F.to_xml(F.struct(F.lit(1).alias("a"))); // <ROW>\n    <a>1</a>\n</ROW>
 */
export function to_xml(col: ColumnOrName, options?: Options): Column {
  return call("to_xml", col, optionsColumn(options));
}

/**
 * The texts that an XPath expression finds.
 *
 * @example
 * F.xpath(F.lit("<a><b>1</b></a>"), F.lit("a/b/text()")); // [1]
 */
export function xpath(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath", xml, path);
}

/**
 * Whether an XPath expression holds or finds something.
 *
 * @example
 * F.xpath_boolean(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // true
 */
export function xpath_boolean(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_boolean", xml, path);
}

/**
 * The number that an XPath expression finds, as a double.
 *
 * @example
 * F.xpath_double(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // 1.0
 */
export function xpath_double(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_double", xml, path);
}

/**
 * The number that an XPath expression finds, as a float.
 *
 * @example
 * F.xpath_float(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // 1.0
 */
export function xpath_float(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_float", xml, path);
}

/**
 * The number that an XPath expression finds, as an int.
 *
 * @example
 * F.xpath_int(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // 1
 */
export function xpath_int(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_int", xml, path);
}

/**
 * The number that an XPath expression finds, as a long.
 *
 * @example
 * F.xpath_long(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // 1
 */
export function xpath_long(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_long", xml, path);
}

/**
 * The same as `xpath_double`.
 *
 * @example
 * F.xpath_number(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // 1.0
 */
export function xpath_number(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_number", xml, path);
}

/**
 * The number that an XPath expression finds, as a short.
 *
 * @example
 * F.xpath_short(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // 1
 */
export function xpath_short(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_short", xml, path);
}

/**
 * The text of the first node that an XPath expression finds.
 *
 * @example
 * F.xpath_string(F.lit("<a><b>1</b></a>"), F.lit("a/b")); // 1
 */
export function xpath_string(xml: ColumnOrName, path: ColumnOrName): Column {
  return call("xpath_string", xml, path);
}

function schemaColumn(schema: DataTypeLike | Column | string, expected: string): Column {
  if (typeof schema === "string" || schema instanceof Column) return toColumn(schema);
  if (!isDataType(schema)) throw notExpectedType("schema", expected, schema);
  return toColumn(asClass(schema).json());
}
