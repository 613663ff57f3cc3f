import { SparkRuntimeException, UnknownException } from "../../errors/spark-error.ts";
import { array, STRING } from "../../types/data-type.ts";
import { sqlString } from "../../types/format.ts";
import type { Kernel } from "../kernel.ts";
import { memoize } from "../kernel.ts";
import { timesOf } from "../text/datetime-values.ts";
import { copyJson } from "../text/json-copy.ts";
import { JsonFormat } from "../text/json-format.ts";
import { JsonInference } from "../text/json-infer.ts";
import { jsonOptions } from "../text/json-options.ts";
import { type JsonFeatures, JsonScanner, JsonSyntaxError, type JsonToken } from "../text/json-scanner.ts";
import { jsonConverter, MISMATCH, structConverter } from "../text/json-values.ts";
import { nestedReader, nestedWriter } from "../text/nested-text.ts";
import { checkReading, forSpec, internalText, malformed, type TextSpec } from "../text/text-spec.ts";

/** What functions that take JSON apart let pass, for Hive's sake. */
const LENIENT: JsonFeatures = {
  comments: false,
  unquotedFieldNames: false,
  singleQuotes: true,
  leadingZeros: false,
  nonNumericNumbers: false,
  anyEscape: false,
  unquotedControls: true,
};

/** What `read` makes of a text; undefined where that is no JSON. */
function scanned<T>(text: string, read: (scanner: JsonScanner) => T): T | undefined {
  try {
    return read(new JsonScanner(text, LENIENT));
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

type Step = string | number | typeof ANY | typeof ALL;
/** `[*]` and `.*` */
const ALL: unique symbol = Symbol("[*]");
const ANY: unique symbol = Symbol("*");

/** The steps of `$.a['b'][0][*]`; undefined for what is no path. */
const pathSteps = memoize((path: string): readonly Step[] | undefined => {
  if (!path.startsWith("$")) return undefined;
  const step = /(\s*\.\*|\s*\['\*'\])|\.\s*([^.[]+)|\s*\['\s*([^'?]+)'\]|\[(?:(\*)|\s*(\d+))\]/y;
  const steps: Step[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const m = step.exec(path);
    if (m === null) return undefined;
    if (m[1] !== undefined) steps.push(ANY);
    else if (m[4] !== undefined) steps.push(ALL);
    else if (m[5] !== undefined) steps.push(Number(m[5]));
    else steps.push((m[2] ?? m[3]) as string);
  }
  return steps;
});

type Style = "raw" | "quoted" | "flatten";
/** Values found, as they are to be joined by commas. */
type Found = string[];

/** Writes what a path finds in the value whose beginning was read; whether it found something. */
function find(
  s: JsonScanner,
  token: JsonToken,
  steps: readonly Step[],
  at: number,
  style: Style,
  out: Found,
): boolean {
  if (at === steps.length) {
    if (token === "string" && style === "raw") out.push(s.value);
    else if (token === "array" && style === "flatten") {
      let dirty = false;
      for (let first = true; s.element(first); first = false) {
        if (find(s, s.next(), steps, at, style, out)) dirty = true;
      }
      return dirty;
    } else out.push(copyJson(s, token));
    return true;
  }
  const step = steps[at] as Step;
  if (token === "object" && typeof step === "string") {
    let dirty = false;
    for (let name = s.field(true); name !== undefined; name = s.field(false)) {
      const inner = s.next();
      if (dirty || name !== step || inner === "null") s.skip(inner);
      else dirty = find(s, inner, steps, at + 1, style, out);
    }
    return dirty;
  }
  if (token === "array" && step === ALL) {
    if (steps[at + 1] === ALL) {
      const [dirty, items] = findAll(s, steps, at + 2, "flatten");
      out.push(`[${items.join(",")}]`);
      return dirty > 0;
    }
    const [dirty, items] = findAll(s, steps, at + 1, style === "raw" ? "quoted" : style);
    if (style === "quoted") {
      out.push(`[${items.join(",")}]`);
      return dirty > 0;
    }
    // A single match stands alone.
    if (dirty > 0) out.push(dirty > 1 ? `[${items.join(",")}]` : items.join(","));
    return dirty > 0;
  }
  if (token === "array" && typeof step === "number") {
    let dirty = false;
    let index = 0;
    for (let first = true; s.element(first); first = false) {
      const inner = s.next();
      if (index++ === step)
        dirty = find(s, inner, steps, at + 1, steps[at + 1] === ALL ? "quoted" : style, out);
      else s.skip(inner);
    }
    return dirty;
  }
  s.skip(token);
  return false;
}

function findAll(s: JsonScanner, steps: readonly Step[], at: number, style: Style): readonly [number, Found] {
  const items: Found = [];
  let dirty = 0;
  for (let first = true; s.element(first); first = false) {
    if (find(s, s.next(), steps, at, style, items)) dirty++;
  }
  return [dirty, items];
}

function getJsonObject(text: string, path: string): string | null {
  const steps = pathSteps(path);
  if (steps === undefined) return null;
  const found = scanned(text, (s) => {
    const out: Found = [];
    if (s.atEnd()) return undefined;
    return find(s, s.next(), steps, 0, "raw", out) ? out.join(",") : undefined;
  });
  return found ?? null;
}

function jsonTuple(text: string, fields: readonly (string | null)[]): readonly (string | null)[] {
  const nothing = fields.map(() => null);
  return (
    scanned(text, (s) => {
      if (s.atEnd() || s.next() !== "object") return nothing;
      const values = new Map<string, string | null>();
      for (let name = s.field(true); name !== undefined; name = s.field(false)) {
        const inner = s.next();
        if (!fields.includes(name)) s.skip(inner);
        else values.set(name, inner === "null" ? null : inner === "string" ? s.value : copyJson(s, inner));
      }
      return fields.map((f) => (f === null ? null : (values.get(f) ?? null)));
    }) ?? nothing
  );
}

const stringsText = nestedWriter(array(STRING));

function fromJson(spec: TextSpec): (text: string) => string | null {
  const { type, zone } = spec;
  const options = jsonOptions(spec.options);
  const { fields, corruptAt } = checkReading(spec, options.mode, options.corruptColumn);
  const times = timesOf(options, zone);
  const known = fields.filter((_, i) => i !== corruptAt);
  const isStruct = type.kind === "struct";
  const convert = isStruct ? structConverter(known, times, copyJson) : jsonConverter(type, times, copyJson);
  // An object is an array of one, and that only at the top.
  const single =
    type.kind === "array" && type.elementType.kind === "struct"
      ? jsonConverter(type.elementType, times, copyJson)
      : undefined;
  const write = nestedWriter(type);
  const nothing = known.map(() => null);
  const fail = options.mode === "FAILFAST";
  const rowOf = (row: readonly unknown[], text: string, flawed: boolean): string | null => {
    if (flawed && fail) throw malformed(internalText(row));
    if (corruptAt < 0) return write(row);
    return write([...row.slice(0, corruptAt), flawed ? text : null, ...row.slice(corruptAt)]);
  };
  const broken = (text: string): string | null => {
    if (isStruct) return rowOf(nothing, text, true);
    if (fail) throw malformed("[null]");
    return null;
  };
  return (text) => {
    const scanner = new JsonScanner(text, options.features);
    const flaws = { count: 0 };
    let value: unknown;
    try {
      if (scanner.atEnd()) return null;
      const token = scanner.next();
      if (token === "null") return broken(text);
      if (token === "array" && isStruct && fail)
        throw new SparkRuntimeException({
          condition: "MALFORMED_RECORD_IN_PARSING.CANNOT_PARSE_JSON_ARRAYS_AS_STRUCTS",
          messageParameters: { badRecord: text, failFastMode: "FAILFAST" },
        });
      if (token === "object" && single !== undefined) {
        const only = single(scanner, token, flaws);
        value = only === MISMATCH ? MISMATCH : [only];
      } else value = convert(scanner, token, flaws);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      return broken(text);
    }
    if (value === MISMATCH) return broken(text);
    if (isStruct) return rowOf(value as readonly unknown[], text, flaws.count > 0);
    if (fail && flaws.count > 0) throw malformed(internalText([value]));
    return write(value);
  };
}

function schemaOfJson(spec: TextSpec): (text: string) => string {
  const options = jsonOptions(spec.options);
  return (text) => {
    try {
      return sqlString(new JsonInference(options, timesOf(options, spec.zone)).single(text));
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      throw new UnknownException({
        condition: "",
        message: `(com.fasterxml.jackson.core.JsonParseException) ${error.message}`,
      });
    }
  };
}

function toJson(spec: TextSpec): (text: string) => string | null {
  const read = nestedReader(spec.type);
  const format = new JsonFormat(spec.options, spec.zoneId);
  return (text) => {
    const value = read(text);
    return value === null ? null : format.text(value, spec.type);
  };
}

const reading = forSpec(fromJson);
const writing = forSpec(toJson);
const inferring = forSpec(schemaOfJson);

export const JSON_KERNELS: readonly Kernel[] = [
  {
    name: "get_json_object",
    args: ["string", "string"],
    result: "string",
    call: (text, path) => getJsonObject(text as string, path as string),
  },
  {
    // The fields; NULL fields give NULL. The result is a list's text.
    name: "json_tuple",
    args: ["string", "string"],
    variadic: true,
    result: "string",
    nulls: "pass",
    call: (text, ...fields) =>
      stringsText(
        text === null
          ? fields.map(() => null)
          : jsonTuple(text as string, fields as readonly (string | null)[]),
      ),
  },
  {
    name: "json_array_length",
    args: ["string"],
    result: "int32",
    call: (text) =>
      scanned(text as string, (s) => {
        if (s.atEnd() || s.next() !== "array") return null;
        let count = 0;
        for (; s.element(count === 0); count++) s.skip(s.next());
        return count;
      }) ?? null,
  },
  {
    name: "json_object_keys",
    args: ["string"],
    result: "string",
    call: (text) =>
      scanned(text as string, (s) => {
        if (s.atEnd() || s.next() !== "object") return null;
        const keys: string[] = [];
        for (let name = s.field(true); name !== undefined; name = s.field(false)) {
          keys.push(name);
          s.skip(s.next());
        }
        return stringsText(keys);
      }) ?? null,
  },
  {
    name: "from_json",
    args: ["string", "string"],
    result: "string",
    call: (text, spec) => reading(spec as string)(text as string),
  },
  {
    name: "to_json",
    args: ["string", "string"],
    result: "string",
    call: (text, spec) => writing(spec as string)(text as string),
  },
  {
    name: "schema_of_json",
    args: ["string", "string"],
    result: "string",
    call: (text, spec) => inferring(spec as string)(text as string),
  },
];
