import { PySparkException, SparkException, SparkRuntimeException } from "../../errors/spark-error.ts";
import { array, INTEGER, STRING, struct, VARIANT } from "../../types/data-type.ts";
import { quoteIdentifier } from "../../types/format.ts";
import { timeZone } from "../../types/time-zone.ts";
import type { VariantValue } from "../../types/values.ts";
import { variantKeys } from "../../types/variant-decode.ts";
import { type VariantNode, writeVariant } from "../../types/variant-node.ts";
import type { Kernel, KernelValue } from "../kernel.ts";
import { type JsonFeatures, JsonScanner, JsonSyntaxError } from "../text/json-scanner.ts";
import { nestedReader, nestedWriter } from "../text/nested-text.ts";
import { forSpec } from "../text/text-spec.ts";
import { nodeOf, variantCast, variantOf } from "../text/variant-cast.ts";
import {
  at,
  targetOf,
  variantAppend,
  variantDelete,
  variantInsert,
  variantPath,
  variantSet,
  withoutNulls,
} from "../text/variant-edit.ts";
import {
  mergeSchemas,
  schemaOfVariant,
  schemaText,
  type VariantSchema,
  variantOfJson,
  variantToJson,
} from "../text/variant-text.ts";

const STRICT: JsonFeatures = {
  comments: false,
  unquotedFieldNames: false,
  singleQuotes: false,
  leadingZeros: false,
  nonNumericNumbers: false,
  anyEscape: false,
  unquotedControls: false,
};

const read = nestedReader(VARIANT) as (text: string) => VariantValue | null;
const readAll = nestedReader(array(VARIANT)) as (text: string) => readonly (VariantValue | null)[];
const HEX = Array.from({ length: 256 }, (_, b) => b.toString(16).padStart(2, "0"));

/** A variant's bytes in hex, `value.metadata`. */
function write(node: VariantNode): string {
  const { value, metadata } = writeVariant(node);
  let text = "";
  for (const byte of value) text += HEX[byte];
  text += ".";
  for (const byte of metadata) text += HEX[byte];
  return text;
}
const writeRows = nestedWriter(
  array(
    struct([
      { name: "pos", dataType: INTEGER, nullable: false },
      { name: "key", dataType: STRING, nullable: true },
      { name: "value", dataType: VARIANT, nullable: false },
    ]),
  ),
);

function parseJson(text: string, strict: boolean): string | null {
  try {
    const scanner = new JsonScanner(text, STRICT);
    return write(variantOfJson(scanner, scanner.next()));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    if (!strict) return null;
    throw new SparkException({
      condition: "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
      messageParameters: { badRecord: text, failFastMode: "FAILFAST" },
    });
  }
}

/** The value of a variant, which is no NULL. */
const node = (text: KernelValue): VariantNode => nodeOf(read(text as string) as VariantValue);
const isNull = (text: KernelValue): boolean => text === null || text === "[NULL]";

/** A spec's name begins with `try_` where errors are to be nulls. */
const casting = forSpec(({ type, zone, name }) => {
  const isVariant = type.kind === "variant";
  const [cast, writer] = [variantCast(type, zone, !name.startsWith("try_")), nestedWriter(type)];
  return (value: VariantNode, path: string): string | null => {
    const steps = variantPath(path);
    if (steps === undefined)
      throw new SparkRuntimeException({
        condition: "INVALID_VARIANT_GET_PATH",
        messageParameters: { path, functionName: quoteIdentifier(name) },
      });
    const found = at(value, steps);
    if (found === undefined) return null;
    return isVariant ? write(found) : writer(cast(found));
  };
});

const making = forSpec(({ type }) => {
  const readValue = nestedReader(type);
  return (text: string): string | null => {
    const value = readValue(text);
    return value === null ? null : write(variantOf(value, type));
  };
});

function edit(
  name: string,
  value: KernelValue,
  path: KernelValue,
  change: KernelValue,
  creates: KernelValue,
): VariantNode {
  const plain = name.replace(/^try_/, "");
  const target = targetOf(name, path as string, plain === "variant_array_append");
  const [old, added] = [node(value), node(change)];
  if (plain === "variant_insert") return variantInsert(old, target, added);
  if (plain === "variant_array_append") return variantAppend(old, target, added);
  return variantSet(old, target, added, creates === 1);
}

/** Functions that fail where a path does not fit, and give NULL under `try_`. */
const TRIED = new Set(["VARIANT_PATH_TYPE_MISMATCH", "VARIANT_DUPLICATE_KEY"]);

export const VARIANT_KERNELS: readonly Kernel[] = [
  {
    name: "parse_json",
    args: ["string", "int32"],
    result: "string",
    call: (text, strict) => parseJson(text as string, strict === 1),
  },
  {
    name: "variant_cast",
    args: ["string", "string", "string"],
    result: "string",
    call: (text, path, spec) => (isNull(text) ? null : casting(spec as string)(node(text), path as string)),
  },
  {
    name: "to_variant",
    args: ["string", "string"],
    result: "string",
    call: (text, spec) => making(spec as string)(text as string),
  },
  {
    name: "variant_json",
    args: ["string", "string"],
    result: "string",
    call: (text, zone) => (isNull(text) ? null : variantToJson(node(text), timeZone(zone as string))),
  },
  {
    name: "is_variant_null",
    args: ["string"],
    result: "int32",
    nulls: "pass",
    call: (text) => (!isNull(text) && node(text).kind === "null" ? 1 : 0),
  },
  {
    name: "is_valid_variant",
    args: ["string"],
    result: "int32",
    call: (text) => {
      if (isNull(text)) return null;
      try {
        node(text);
        return 1;
      } catch {
        return 0;
      }
    },
  },
  {
    name: "schema_of_variant",
    args: ["string"],
    result: "string",
    call: (text) => (isNull(text) ? null : schemaText(schemaOfVariant(node(text)))),
  },
  {
    // Of a list of variants, or NULL.
    name: "schema_of_variants",
    args: ["string"],
    result: "string",
    call: (text) => {
      const all = isNull(text) ? [] : readAll(text as string);
      const none: VariantSchema = { kind: "null" };
      return schemaText(
        all.reduce(
          (sum: VariantSchema, v) => (v === null ? sum : mergeSchemas(sum, schemaOfVariant(nodeOf(v)))),
          none,
        ),
      );
    },
  },
  {
    name: "variant_explode",
    args: ["string"],
    result: "string",
    call: (text) => {
      const variant = read(text as string);
      if (variant === null) return null;
      const whole = nodeOf(variant);
      // The values refer to the dictionary of the whole.
      const known = { keys: variantKeys(variant.metadata), metadata: variant.metadata };
      if (whole.kind === "array")
        return writeRows(whole.items.map((v, i) => [i, null, writeVariant(v, known)]));
      if (whole.kind !== "object") return null;
      return writeRows(whole.entries.map(([key, v], i) => [i, key, writeVariant(v, known)]));
    },
  },
  {
    // name, v, path, value, whether what is missing is made
    name: "variant_edit",
    args: ["string", "string", "string", "string", "int32"],
    result: "string",
    call: (name, v, path, value, creates) => {
      if (isNull(v) || isNull(value)) return null;
      try {
        return write(
          edit(
            name as string,
            v as KernelValue,
            path as KernelValue,
            value as KernelValue,
            creates as KernelValue,
          ),
        );
      } catch (error) {
        const condition = error instanceof PySparkException ? error.getCondition() : undefined;
        if ((name as string).startsWith("try_") && TRIED.has(condition ?? "")) return null;
        throw error;
      }
    },
  },
  {
    // v, paths
    name: "variant_delete",
    args: ["string", "string"],
    variadic: true,
    nulls: "pass",
    result: "string",
    call: (v, ...paths) => {
      if (isNull(v as KernelValue)) return null;
      let value = node(v as KernelValue);
      for (const path of paths) {
        if (path !== null) value = variantDelete(value, targetOf("variant_delete", path as string));
      }
      return write(value);
    },
  },
  {
    name: "variant_strip_nulls",
    args: ["string", "int32"],
    result: "string",
    call: (v, inArrays) => (isNull(v) ? null : write(withoutNulls(node(v), inArrays === 1))),
  },
];
