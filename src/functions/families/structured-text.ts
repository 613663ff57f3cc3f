import { DateTimeException, ParseException, unsupported } from "../../errors/spark-error.ts";
import type { DataType, StructType } from "../../types/data-type.ts";
import { array, BOOLEAN, DOUBLE, FLOAT, INTEGER, LONG, NULL, SHORT, STRING } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { timeZone } from "../../types/time-zone.ts";
import { castTo } from "../coercion.ts";
import { type FunctionSpec, fromKernel, generator, opt, p, rest, scalar, viaKernel } from "../define.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { bindSql } from "../lambda-sql.ts";
import { asNestedText, ofNestedText, textSpec } from "../nested-sql.ts";
import { sqlText } from "../raise.ts";
import {
  bindError,
  nonFoldableInput,
  quotedExpr,
  typeMismatch,
  unexpectedInputType,
  unexpectedNull,
} from "../type-error.ts";

/** `map('key', 'value')` of texts, by names in lower case. */
function optionsOf(e: Expr | undefined, ctx: BindContext): Readonly<Record<string, string>> {
  if (e === undefined) return {};
  const refuse = (kind: string, parameters: Readonly<Record<string, string>> = {}): never => {
    throw bindError(kind, parameters, ctx.origin);
  };
  if (e.kind !== "Call" || e.fn !== "map") return refuse("INVALID_OPTIONS.NON_MAP_FUNCTION");
  const { type } = e;
  if (type.kind !== "map" || type.keyType.kind !== "string" || type.valueType.kind !== "string")
    return refuse("INVALID_OPTIONS.NON_STRING_TYPE", { mapType: quotedSqlType(type) });
  const texts = e.args.map((a) => evaluateLiteral(a));
  const options: Record<string, string> = {};
  for (let i = 0; i < texts.length; i += 2) {
    const [key, value] = [texts[i], texts[i + 1]];
    if (typeof key !== "string" || typeof value !== "string")
      throw unsupported(`options of ${ctx.name} that are computed`);
    options[key.toLowerCase()] = value;
  }
  if ("singlevariantcolumn" in options) throw unsupported(`the option singleVariantColumn of ${ctx.name}`);
  return options;
}

/** The schema argument's value: DDL, or a type in JSON. */
export function schemaOf(
  e: Expr,
  ctx: BindContext,
  index = 1,
): { readonly type: DataType; readonly text: string } {
  const literal = e.type.kind === "string" ? evaluateLiteral(e) : undefined;
  const text = literal === undefined ? ctx.constant?.(index) : literal;
  if (typeof text !== "string" || e.type.kind !== "string")
    throw bindError("INVALID_SCHEMA.NON_STRING_LITERAL", { inputSchema: quotedExpr(e) }, ctx.origin);
  if (ctx.parseSchema === undefined) throw new Error("no parser of schemas");
  try {
    const type = ctx.parseSchema(text);
    if (someType(type, (t) => t.kind === "char" || t.kind === "varchar"))
      throw bindError("UNSUPPORTED_CHAR_OR_VARCHAR_AS_STRING", {}, ctx.origin);
    return { type: asNullable(type), text };
  } catch (error) {
    if (!(error instanceof ParseException)) throw error;
    throw bindError(error.getCondition() ?? "", error.getMessageParameters(), ctx.origin);
  }
}

/** What comes from a text may be missing anywhere. */
function asNullable(type: DataType): DataType {
  switch (type.kind) {
    case "array":
      return array(asNullable(type.elementType));
    case "map":
      return {
        ...type,
        keyType: asNullable(type.keyType),
        valueType: asNullable(type.valueType),
        valueContainsNull: true,
      };
    case "struct":
      return {
        kind: "struct",
        fields: type.fields.map((f) => ({ ...f, dataType: asNullable(f.dataType), nullable: true })),
      };
    default:
      return type;
  }
}

const KERNEL_SPEC = "spec";

function specOf(
  name: string,
  type: DataType,
  options: Readonly<Record<string, string>>,
  ctx: BindContext,
): Readonly<Record<string, unknown>> {
  // A zone among the options goes before the session's.
  const zone = options.timezone ?? ctx.conf.timeZone;
  try {
    timeZone(zone);
  } catch {
    throw new DateTimeException({ condition: "INVALID_TIMEZONE", messageParameters: { timeZone: zone } });
  }
  return { [KERNEL_SPEC]: textSpec(name, type, zone, options) };
}

const specSql = (ctx: LowerContext): string => sqlText(ctx.call.extra?.[KERNEL_SPEC] as string);

type Described = Pick<FunctionSpec, "usage" | "group"> & { readonly name: string };

/** A function whose further arguments are read when it is bound: only its first one is shown and computed. */
function ofConstants(
  described: Described,
  arity: number,
  bind: (args: readonly Expr[], ctx: BindContext) => Omit<FunctionSpec, keyof Described>,
  pretty?: FunctionEntry["pretty"],
): FunctionEntry {
  const params = [p("expr", T.any), ...(arity === 3 ? [p("schema", T.any)] : []), opt("options", T.any)];
  const whole = scalar({
    ...described,
    params,
    coerce: (args) => args,
    returns: STRING,
    lower: described.name,
  });
  return {
    ...whole,
    bind: (args, ctx) => {
      whole.bind(args, ctx);
      const spec = { ...described, ...bind(args, ctx) };
      return scalar(pretty === undefined ? spec : { ...spec, pretty }).bind(args.slice(0, 1), ctx);
    },
    lower: ([value], ctx) => lowerings[described.name]?.(value as string, ctx) as string,
    ...(pretty === undefined ? {} : { pretty }),
  };
}

const lowerings: Record<string, (value: string, ctx: LowerContext) => string> = {};

/** `from_json`, `from_csv`, `from_xml`. */
function reading(
  described: Described,
  check: (type: DataType, text: string, call: Call, ctx: BindContext, schema: Expr) => void,
  nullable: FunctionSpec["nullable"],
  pretty?: FunctionEntry["pretty"],
): FunctionEntry {
  const { name } = described;
  lowerings[name] = (value, ctx) => ofNestedText(ctx.kernel(name, value, specSql(ctx)), ctx.call.type);
  return ofConstants(
    described,
    3,
    ([, schema, options], ctx) => {
      const { type, text } = schemaOf(schema as Expr, ctx);
      const extra = specOf(name, type, optionsOf(options, ctx), ctx);
      return {
        params: [p("expr", T.string)],
        coerce: "expect",
        returns: type,
        ...(nullable === undefined ? {} : { nullable }),
        check: (_, __, call) => check(type, text, { ...call, type }, ctx, schema as Expr),
        extra: () => extra,
      };
    },
    pretty,
  );
}

/** `to_json`, `to_csv`, `to_xml`. */
function writing(
  described: Described,
  check: (call: Call, type: DataType) => void,
  concrete: DataType,
): FunctionEntry {
  const { name } = described;
  lowerings[name] = (value, ctx) => ctx.kernel(name, asNestedText(value), specSql(ctx));
  return ofConstants(described, 2, (args, ctx) => {
    const options = optionsOf(args[1], ctx);
    return {
      params: [p("expr", T.any)],
      coerce: ([e]) => [
        (e as Expr).type.kind === "null" ? castTo(e as Expr, concrete, ctx.conf) : (e as Expr),
      ],
      returns: STRING,
      nullable: "always",
      check: ([e], _, call) => check(call, (e as Expr).type),
      extra: ([e]) => specOf(name, (e as Expr).type, options, ctx),
    };
  });
}

/** `schema_of_json`, `schema_of_csv`, `schema_of_xml`. */
function inferring(described: Described, input: string): FunctionEntry {
  const { name } = described;
  lowerings[name] = (value, ctx) => ctx.kernel(name, value, specSql(ctx));
  return ofConstants(described, 2, (args, ctx) => {
    const options = optionsOf(args[1], ctx);
    return {
      params: [p(input, T.string)],
      coerce: "expect",
      returns: STRING,
      nullable: "never",
      check: ([e], _, call) => {
        const text = e as Expr;
        if (!isFoldable(text)) throw nonFoldableInput(call, input, '"STRING"', text);
        if (evaluateLiteral(text) === null) throw unexpectedNull(call, input);
      },
      extra: () => specOf(name, STRING, options, ctx),
    };
  });
}

function someType(type: DataType, test: (t: DataType) => boolean): boolean {
  if (test(type)) return true;
  if (type.kind === "array") return someType(type.elementType, test);
  if (type.kind === "map") return someType(type.keyType, test) || someType(type.valueType, test);
  return type.kind === "struct" && type.fields.some((f) => someType(f.dataType, test));
}

function checkFromJson(type: DataType, _: string, call: Call): void {
  const schema = quotedSqlType(type);
  if (!["struct", "array", "map", "variant"].includes(type.kind))
    throw typeMismatch("INVALID_JSON_SCHEMA", call, { schema });
  if (someType(type, (t) => t.kind === "map" && t.keyType.kind !== "string"))
    throw typeMismatch("INVALID_JSON_MAP_KEY_TYPE", call, { schema });
}

function checkToJson(call: Call, type: DataType): void {
  if (!["struct", "array", "map", "variant"].includes(type.kind))
    throw typeMismatch("INVALID_JSON_SCHEMA", call, { schema: quotedSqlType(type) });
}

function checkFromCsv(type: DataType, _: string, __: Call, ctx: BindContext, schema: Expr): void {
  if (type.kind !== "struct")
    throw bindError(
      "INVALID_SCHEMA.NON_STRUCT_TYPE",
      { inputSchema: quotedExpr(schema), dataType: quotedSqlType(type) },
      ctx.origin,
    );
}

function checkToCsv(call: Call, type: DataType): void {
  if (type.kind !== "struct" || someType(type, (t) => t.kind === "variant"))
    throw typeMismatch("UNSUPPORTED_INPUT_TYPE", call, {
      functionName: "`to_csv`",
      dataType: quotedSqlType(type),
    });
}

function checkFromXml(type: DataType, _: string, call: Call): void {
  const schema = quotedSqlType(type);
  if (type.kind !== "struct" && type.kind !== "variant")
    throw typeMismatch("INVALID_XML_SCHEMA", call, { schema });
  if (someType(type, (t) => t.kind === "map" && t.keyType.kind !== "string"))
    throw typeMismatch("INVALID_XML_MAP_KEY_TYPE", call, { schema });
  if (someType(type, (t) => t.kind === "variant")) throw unsupported("from_xml to a variant");
}

const XML_GROUP = "xml_funcs";
const CSV_GROUP = "csv_funcs";
const JSON_GROUP = "json_funcs";
const EMPTY: StructType = { kind: "struct", fields: [{ name: "a", dataType: NULL, nullable: true }] };

function strings(name: string, type: DataType, usage: string): FunctionEntry {
  return scalar({
    name,
    params: [p("jsonStr", T.string), ...(name === "get_json_object" ? [p("path", T.string)] : [])],
    coerce: "expect",
    returns: type,
    nullable: "always",
    lower:
      type.kind === "array" ? (args, ctx) => ofNestedText(ctx.kernel(name, ...args), type) : viaKernel(name),
    usage,
    group: JSON_GROUP,
  });
}

/** What `xpath` and its like return, and the kernel they share. */
const XPATH_RESULTS: readonly (readonly [name: string, type: DataType, kernel?: string])[] = [
  ["xpath", array(STRING)],
  ["xpath_boolean", BOOLEAN],
  ["xpath_double", DOUBLE],
  ["xpath_number", DOUBLE, "xpath_double"],
  ["xpath_float", FLOAT, "xpath_double"],
  ["xpath_int", INTEGER],
  ["xpath_long", LONG],
  ["xpath_short", SHORT],
  ["xpath_string", STRING],
];

const XPATHS = XPATH_RESULTS.map(([name, type, kernel = name]) =>
  scalar({
    name,
    params: [p("xml", T.string), p("path", T.string, { fold: true })],
    coerce: "expect",
    returns: type,
    nullable: "always",
    lower: (args, ctx) => {
      const sql = ctx.kernel(kernel, ...args);
      return type.kind === "array" ? ofNestedText(sql, type) : fromKernel(sql, type);
    },
    usage: `${name}(xml, xpath) - Returns what the path finds in the XML.`,
    group: XML_GROUP,
  }),
);

/** Functions over texts of JSON, CSV and XML. */
export const STRUCTURED_TEXT: readonly FunctionEntry[] = [
  strings(
    "get_json_object",
    STRING,
    "get_json_object(jsonStr, path) - Returns what the path finds in the JSON.",
  ),
  strings("json_array_length", INTEGER, "json_array_length(jsonArray) - Returns how many elements it has."),
  strings(
    "json_object_keys",
    array(STRING),
    "json_object_keys(jsonObject) - Returns the names of its fields.",
  ),
  generator({
    name: "json_tuple",
    params: [p("jsonStr", T.any), rest("p", T.any, 1)],
    coerce: (args) => args,
    check: (args, _, call) => {
      if (args.some((a) => a.type.kind !== "string"))
        throw typeMismatch("NON_STRING_TYPE", call, { funcName: "`json_tuple`" });
    },
    returns: NULL,
    generates: (call) => call.args.slice(1).map((_, i) => ({ name: `c${i}`, type: STRING, nullable: true })),
    lower: (args, ctx) => {
      const t = ctx.fresh("t");
      const row = args.slice(1).map((_, i) => `'f${i}': ${t}[${i + 1}]`);
      return `[${bindSql(ofNestedText(ctx.kernel("json_tuple", ...args), array(STRING)), t, `{${row.join(", ")}}`)}]`;
    },
    usage: "json_tuple(jsonStr, p1, p2, ...) - Makes a row of the fields of that name.",
    group: JSON_GROUP,
  }),
  reading(
    {
      name: "from_json",
      usage: "from_json(jsonStr, schema[, options]) - Returns the value that the JSON holds.",
      group: JSON_GROUP,
    },
    checkFromJson,
    "always",
    (args, call) => (call.type.kind === "map" ? "entries" : `from_json(${args[0]})`),
  ),
  writing(
    {
      name: "to_json",
      usage: "to_json(expr[, options]) - Returns a nested value as JSON.",
      group: JSON_GROUP,
    },
    checkToJson,
    EMPTY,
  ),
  inferring(
    {
      name: "schema_of_json",
      usage: "schema_of_json(json[, options]) - Returns the schema of the JSON as DDL.",
      group: JSON_GROUP,
    },
    "json",
  ),
  reading(
    {
      name: "from_csv",
      usage: "from_csv(csvStr, schema[, options]) - Returns the struct that the line of CSV holds.",
      group: CSV_GROUP,
    },
    checkFromCsv,
    undefined,
  ),
  writing(
    {
      name: "to_csv",
      usage: "to_csv(expr[, options]) - Returns a struct as a line of CSV.",
      group: CSV_GROUP,
    },
    checkToCsv,
    EMPTY,
  ),
  inferring(
    {
      name: "schema_of_csv",
      usage: "schema_of_csv(csv[, options]) - Returns the schema of the line of CSV as DDL.",
      group: CSV_GROUP,
    },
    "csv",
  ),
  reading(
    {
      name: "from_xml",
      usage: "from_xml(xmlStr, schema[, options]) - Returns the struct that the XML holds.",
      group: XML_GROUP,
    },
    checkFromXml,
    "always",
  ),
  writing(
    { name: "to_xml", usage: "to_xml(expr[, options]) - Returns a struct as XML.", group: XML_GROUP },
    (call, type) => {
      if (type.kind !== "struct") throw unexpectedInputType(call, 0, T.struct, call.args[0] as Expr);
    },
    EMPTY,
  ),
  inferring(
    {
      name: "schema_of_xml",
      usage: "schema_of_xml(xml[, options]) - Returns the schema of the XML as DDL.",
      group: XML_GROUP,
    },
    "xml",
  ),
  ...XPATHS,
];
