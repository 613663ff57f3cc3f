import type { DataType, MapType } from "../../types/data-type.ts";
import { array, BOOLEAN, map, NULL, STRING, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { castIgnoringNullability, mergeNullability, tightestCommonType, toCommonType } from "../coercion.ts";
import { lit, opt, p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { bindSql } from "../lambda-sql.ts";
import { type DedupPolicy, dedupPolicy, mapFromLists } from "../map-sql.ts";
import { operatorCall } from "../operands.ts";
import { differentTypes, typeMismatch } from "../type-error.ts";
import { checkMapKey, keyText } from "./constructors.ts";
import { listOf } from "./regular-expressions.ts";

const GROUP = "map_funcs";

function mapOf(e: Expr | undefined): MapType {
  if (e?.type.kind !== "map") throw new Error("a map is missing");
  return e.type;
}

/** Keys and values that are lists, as the map that the call returns. */
function built(keys: string, values: string, ctx: LowerContext): string {
  const { keyType, valueType } = mapOf(ctx.call);
  const policy = ctx.call.extra?.policy as DedupPolicy;
  return mapFromLists(keys, values, keyType, valueType, policy, ctx, keyText(keyType, ctx));
}

function pairOf(
  type: DataType,
): { readonly key: DataType; readonly value: DataType; readonly valueNullable: boolean } | undefined {
  if (type.kind !== "array" || type.elementType.kind !== "struct") return undefined;
  const [key, value, ...more] = type.elementType.fields;
  if (key === undefined || value === undefined || more.length > 0) return undefined;
  return { key: key.dataType, value: value.dataType, valueNullable: value.nullable };
}

const mapConcat: FunctionEntry = {
  name: "map_concat",
  kind: "scalar",
  usage: "map_concat(map, ...) - Returns the entries of all maps.",
  group: GROUP,
  bind: (args, ctx) => {
    const bare = operatorCall("map_concat", args, NULL, ctx);
    if (args.some((a) => a.type.kind !== "map"))
      throw typeMismatch("MAP_CONCAT_DIFF_TYPES", bare, {
        functionName: "`map_concat`",
        dataType: `[${args.map((a) => quotedSqlType(a.type)).join(", ")}]`,
      });
    const isOne = args.every((a) => sameTypeIgnoringNullability(a.type, (args[0] as Expr).type));
    const cast = isOne ? args : toCommonType(args, ctx.conf);
    if (cast === undefined || cast.some((a) => a.type.kind !== "map"))
      throw differentTypes(bare, "map_concat", args);
    const type = cast.length === 0 ? map(STRING, STRING, false) : mergeNullability(cast.map((a) => a.type));
    return {
      ...operatorCall("map_concat", cast, type, ctx),
      extra: { policy: dedupPolicy(ctx.conf) },
    };
  },
  lower: (args, ctx) => {
    if (args.length === 0) return "MAP(CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[]))";
    const names = args.map(() => ctx.fresh("m"));
    const lists = (f: string): string => `list_concat(${names.map((m) => `${f}(${m})`).join(", ")})`;
    const there = names.map((m) => `${m} IS NOT NULL`).join(" AND ");
    return args.reduceRight(
      (inner, arg, i) => bindSql(arg, names[i] as string, inner),
      `CASE WHEN ${there} THEN ${built(lists("map_keys"), lists("map_values"), ctx)} END`,
    );
  },
};

/** Functions of maps. */
export const MAPS: readonly FunctionEntry[] = [
  scalar({
    name: "map_contains_key",
    params: [p("map", T.map), p("key", T.any)],
    coerce: (args, ctx) => {
      const [m, k] = [args[0] as Expr, args[1] as Expr];
      if (m.type.kind !== "map" || k.type.kind === "null") return args;
      const { keyType, valueType, valueContainsNull } = m.type;
      const type = tightestCommonType(keyType, k.type, ctx.conf);
      if (type === undefined) return args;
      return [
        castIgnoringNullability(m, map(type, valueType, valueContainsNull), ctx.conf),
        castIgnoringNullability(k, type, ctx.conf),
      ];
    },
    check: ([m, k], _ctx, call) => {
      const key = k as Expr;
      if (key.type.kind === "null")
        throw typeMismatch("NULL_TYPE", call, { functionName: "`map_contains_key`" });
      if (!sameTypeIgnoringNullability(mapOf(m).keyType, key.type))
        throw typeMismatch("MAP_FUNCTION_DIFF_TYPES", call, {
          functionName: "`map_contains_key`",
          dataType: '"MAP"',
          leftType: quotedSqlType(mapOf(m)),
          rightType: quotedSqlType(key.type),
        });
    },
    returns: BOOLEAN,
    nullable: "always",
    lower: ([m, k]) => `list_contains(map_keys(${m}), ${k})`,
    usage: "map_contains_key(map, key) - Returns whether the map has the key.",
    group: GROUP,
  }),
  scalar({
    name: "map_keys",
    params: [p("map", T.map)],
    returns: ([m]) => array(mapOf(m).keyType, false),
    lower: "map_keys",
    usage: "map_keys(map) - Returns the keys of the map.",
    group: GROUP,
  }),
  scalar({
    name: "map_values",
    params: [p("map", T.map)],
    returns: ([m]) => array(mapOf(m).valueType, mapOf(m).valueContainsNull),
    lower: "map_values",
    usage: "map_values(map) - Returns the values of the map.",
    group: GROUP,
  }),
  scalar({
    name: "map_entries",
    params: [p("map", T.map)],
    returns: ([m]) => {
      const { keyType, valueType, valueContainsNull } = mapOf(m);
      const fields = [
        { name: "key", dataType: keyType, nullable: false },
        { name: "value", dataType: valueType, nullable: valueContainsNull },
      ];
      return array({ kind: "struct", fields }, false);
    },
    lower: ([m], ctx) => {
      const e = ctx.fresh("e");
      return `list_transform(map_entries(${m}), lambda ${e}: {'f0': ${e}.key, 'f1': ${e}.value})`;
    },
    usage: "map_entries(map) - Returns the entries of the map as structs.",
    group: GROUP,
  }),
  scalar({
    name: "map_from_entries",
    params: [
      p("arrayOfEntries", {
        ...T.array,
        sql: '"ARRAY" of pair "STRUCT"',
        accepts: (t) => pairOf(t) !== undefined,
      }),
    ],
    coerce: (args) => args,
    check: ([l], _ctx, call) => checkMapKey(call, (pairOf((l as Expr).type) as { key: DataType }).key),
    returns: ([l]) => {
      const pair = pairOf((l as Expr).type);
      if (pair === undefined) throw new Error("no array of pairs");
      return map(pair.key, pair.value, pair.valueNullable);
    },
    nullable: ([l]) => {
      const { type, nullable } = l as Expr;
      return nullable || (type.kind === "array" && type.containsNull);
    },
    extra: (_, ctx) => ({ policy: dedupPolicy(ctx.conf) }),
    lower: ([l], ctx) => {
      const [x, e] = [ctx.fresh("x"), ctx.fresh("e")];
      const field = (i: number): string => `list_transform(${x}, lambda ${e}: struct_extract(${e}, 'f${i}'))`;
      return bindSql(
        l as string,
        x,
        `CASE WHEN ${x} IS NOT NULL AND list_count(${x}) = len(${x}) THEN ${built(field(0), field(1), ctx)} END`,
      );
    },
    usage: "map_from_entries(arrayOfEntries) - Returns the map of the pairs.",
    group: GROUP,
  }),
  scalar({
    name: "map_from_arrays",
    params: [p("keys", T.array), p("values", T.array)],
    check: ([k], _ctx, call) => {
      const { type } = k as Expr;
      if (type.kind === "array") checkMapKey(call, type.elementType);
    },
    returns: ([k, v]) => {
      const [keys, values] = [(k as Expr).type, (v as Expr).type];
      if (keys.kind !== "array" || values.kind !== "array") throw new Error("an array is missing");
      return map(keys.elementType, values.elementType, values.containsNull);
    },
    extra: (_, ctx) => ({ policy: dedupPolicy(ctx.conf) }),
    lower: ([k, v], ctx) => {
      const [a, b] = [ctx.fresh("a"), ctx.fresh("b")];
      const unequal = ctx.raise("SparkRuntimeException", "_LEGACY_ERROR_TEMP_2128", {});
      const made = `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL WHEN len(${a}) <> len(${b}) THEN ${unequal} ELSE ${built(a, b, ctx)} END`;
      return bindSql(k as string, a, bindSql(v as string, b, made));
    },
    usage: "map_from_arrays(keys, values) - Returns the map of the keys and values.",
    group: GROUP,
  }),
  mapConcat,
  scalar({
    name: "str_to_map",
    params: [
      p("text", T.string),
      opt("pairDelim", T.string, lit(",", STRING)),
      opt("keyValueDelim", T.string, lit(":", STRING)),
    ],
    coerce: "expect",
    returns: map(STRING, STRING, true),
    extra: (_, ctx) => ({ policy: dedupPolicy(ctx.conf) }),
    // Delimiters are patterns.
    lower: ([text, pairs, between], ctx) => {
      const [l, e] = [ctx.fresh("l"), ctx.fresh("e")];
      const split = (x: string, pattern: string | undefined, limit: number): string =>
        listOf(ctx.kernel("regexp_split", x, pattern as string, `${limit}`), ctx);
      const parts = `list_transform(${split(text as string, pairs, -1)}, lambda ${e}: ${split(e, between, 2)})`;
      const keys = `list_transform(${l}, lambda ${e}: ${e}[1])`;
      const values = `list_transform(${l}, lambda ${e}: ${e}[2])`;
      return bindSql(parts, l, built(keys, values, ctx));
    },
    usage: "str_to_map(text[, pairDelim[, keyValueDelim]]) - Returns the map that a text lists.",
    group: GROUP,
  }),
];
