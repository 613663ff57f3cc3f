import { unsupported } from "../../errors/spark-error.ts";
import type { DataType, StructField } from "../../types/data-type.ts";
import { array, map, NULL, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { lowerCast } from "../cast/lower-cast.ts";
import { mergeNullability, toCommonType } from "../coercion.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { type DedupPolicy, dedupPolicy, mapFromLists } from "../map-sql.ts";
import { operatorCall } from "../operands.ts";
import { differentTypes, quotedExpr, typeMismatch, unexpectedNull, wrongNumArgs } from "../type-error.ts";

function sameTypes(args: readonly Expr[]): boolean {
  return args.every((a) => sameTypeIgnoringNullability(a.type, (args[0] as Expr).type));
}

/** Values brought to one type; undefined when there is none. */
function unify(
  args: readonly Expr[],
  ctx: BindContext,
): { readonly args: readonly Expr[]; readonly type: DataType } | undefined {
  if (args.length === 0) return { args, type: NULL };
  const cast = sameTypes(args) ? args : toCommonType(args, ctx.conf);
  return cast === undefined ? undefined : { args: cast, type: mergeNullability(cast.map((a) => a.type)) };
}

const arrayEntry: FunctionEntry = {
  name: "array",
  kind: "scalar",
  usage: "array(expr, ...) - Returns an array of the values.",
  group: "array_funcs",
  bind: (args, ctx) => {
    const unified = unify(args, ctx);
    if (unified === undefined) throw differentTypes(operatorCall("array", args, NULL, ctx), "array", args);
    const type = array(
      unified.type,
      unified.args.some((a) => a.nullable),
    );
    return { ...operatorCall("array", unified.args, type, ctx), nullable: false };
  },
  lower: (args, ctx) => `CAST([${args.join(", ")}] AS ${duckType(ctx.call.type)})`,
};

/** Whether a map's key is, or holds, a map. */
function holdsMap(t: DataType): boolean {
  switch (t.kind) {
    case "map":
    case "variant":
      return true;
    case "array":
      return holdsMap(t.elementType);
    case "struct":
      return t.fields.some((f) => holdsMap(f.dataType));
    default:
      return false;
  }
}

/** Spark's error for a key type that maps do not take. */
export function checkMapKey(call: Expr, keyType: DataType): void {
  if (holdsMap(keyType))
    throw typeMismatch("INVALID_MAP_KEY_TYPE", call, { keyType: quotedSqlType(keyType) });
}

const mapEntry: FunctionEntry = {
  name: "map",
  kind: "scalar",
  usage: "map(key, value, ...) - Returns a map of the pairs.",
  group: "map_funcs",
  bind: (args, ctx) => {
    if (args.length % 2 === 1) throw wrongNumArgs("map", "2n (n > 0)", args.length, ctx.origin);
    const [keys, values] = [args.filter((_, i) => i % 2 === 0), args.filter((_, i) => i % 2 === 1)];
    const [k, v] = [unify(keys, ctx), unify(values, ctx)];
    const bare = operatorCall("map", args, NULL, ctx);
    const listed = (list: readonly Expr[]): string =>
      `[${list.map((e) => quotedSqlType(e.type)).join(", ")}]`;
    if (k === undefined)
      throw typeMismatch("CREATE_MAP_KEY_DIFF_TYPES", bare, {
        functionName: "`map`",
        dataType: listed(keys),
      });
    if (v === undefined)
      throw typeMismatch("CREATE_MAP_VALUE_DIFF_TYPES", bare, {
        functionName: "`map`",
        dataType: listed(values),
      });
    checkMapKey(bare, k.type);
    const cast = k.args.flatMap((key, i) => [key, v.args[i] as Expr]);
    const type = map(
      k.type,
      v.type,
      v.args.some((e) => e.nullable),
    );
    return {
      ...operatorCall("map", cast, type, ctx),
      nullable: false,
      extra: { policy: dedupPolicy(ctx.conf) },
    };
  },
  lower: (args, ctx) => {
    const { call } = ctx;
    if (call.type.kind !== "map") throw new Error("a map has another type");
    const { keyType, valueType } = call.type;
    const keys = args.filter((_, i) => i % 2 === 0);
    const values = args.filter((_, i) => i % 2 === 1);
    if (areDistinctLiterals(call.args.filter((_, i) => i % 2 === 0))) {
      return `MAP(CAST([${keys.join(", ")}] AS ${duckType(keyType)}[]), CAST([${values.join(", ")}] AS ${duckType(valueType)}[]))`;
    }
    return mapFromLists(
      `[${keys.join(", ")}]`,
      `[${values.join(", ")}]`,
      keyType,
      valueType,
      call.extra?.policy as DedupPolicy,
      ctx,
      keyText(keyType, ctx),
    );
  },
};

/** The text of a key in the message about its second coming. */
export function keyText(type: DataType, ctx: LowerContext): (key: string) => string {
  return (key) => lowerCast(key, type, { kind: "string" }, { ...ctx, mode: "legacy" });
}

function areDistinctLiterals(keys: readonly Expr[]): boolean {
  const values = keys.map((k) => (k.kind === "Lit" && typeof k.value === "string" ? k.value : undefined));
  return values.every((v) => v !== undefined) && new Set(values).size === values.length;
}

/** The name of a struct's field made of an expression. */
export function fieldName(e: Expr, index: number): string {
  if (e.kind === "Attr" || e.kind === "AliasExpr" || e.kind === "LambdaVar") return e.name;
  if (e.kind === "OuterAttr") return e.attr.name;
  if (e.kind === "Call" && e.fn === "getstructfield") return (e.extra?.written ?? e.extra?.name) as string;
  return `col${index + 1}`;
}

function structField(name: string, e: Expr): StructField {
  const metadata = e.kind === "Attr" || e.kind === "AliasExpr" ? e.metadata : undefined;
  return { name, dataType: e.type, nullable: e.nullable, ...(metadata === undefined ? {} : { metadata }) };
}

function structSql(args: readonly string[]): string {
  if (args.length === 0) throw unsupported("a struct without fields");
  return `{${args.map((a, i) => `'f${i}': ${a}`).join(", ")}}`;
}

const struct: FunctionEntry = {
  name: "struct",
  kind: "scalar",
  usage: "struct(expr, ...) - Returns a struct of the values.",
  group: "struct_funcs",
  bind: (args, ctx) => {
    const fields = args.map((e, i) => structField(fieldName(e, i), e));
    return { ...operatorCall("struct", args, { kind: "struct", fields }, ctx), nullable: false };
  },
  lower: structSql,
};

const namedStruct: FunctionEntry = {
  name: "named_struct",
  kind: "scalar",
  usage: "named_struct(name, value, ...) - Returns a struct of the values under the names.",
  group: "struct_funcs",
  bind: (args, ctx) => {
    if (args.length % 2 === 1) throw wrongNumArgs("named_struct", "2n (n > 0)", args.length, ctx.origin);
    const names = args.filter((_, i) => i % 2 === 0);
    const values = args.filter((_, i) => i % 2 === 1);
    const bare = operatorCall("named_struct", args, NULL, ctx);
    const wrong = names.filter((n) => n.type.kind !== "string" || !isFoldable(n));
    if (wrong.length > 0) {
      throw typeMismatch("CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING", bare, {
        inputExprs: `[${wrong.map((n) => quotedExpr(n)).join(", ")}]`,
      });
    }
    const fields = values.map((e, i) => {
      const name = evaluateLiteral(names[i] as Expr);
      if (name === null) throw unexpectedNull(bare, `[${names.map((n) => quotedExpr(n)).join(", ")}]`);
      if (typeof name !== "string") throw unsupported("field names of named_struct that are computed");
      return structField(name, e);
    });
    return {
      ...operatorCall("named_struct", values, { kind: "struct", fields }, ctx),
      shown: args,
      nullable: false,
    };
  },
  lower: structSql,
};

function internal(entry: Pick<FunctionEntry, "name" | "lower" | "pretty">): FunctionEntry {
  return {
    ...entry,
    kind: "scalar",
    isInternal: true,
    usage: `${entry.name} - Made by the analyzer.`,
    group: "struct_funcs",
    bind: () => {
      throw new Error(`${entry.name} is made by the analyzer only`);
    },
  };
}

/** Whether `array[index]` may be NULL. */
export function arrayItemNullable(base: Expr, index: Expr, failOnError: boolean): boolean {
  if (!failOnError || base.nullable) return true;
  const containsNull = base.type.kind === "array" && base.type.containsNull;
  if (!isFoldable(index) || index.nullable) return containsNull;
  const at = evaluateLiteral(index);
  if (base.kind !== "Call" || base.fn !== "array" || at === undefined) return true;
  return base.args[Number(at)]?.nullable ?? false;
}

function lowerArrayItem([base, index]: readonly string[], ctx: LowerContext): string {
  return ctx.let(base as string, (a) =>
    ctx.let(index as string, (i) => {
      const inside = `${a}[${i} + 1]`;
      if (ctx.call.extra?.failOnError !== true) return `CASE WHEN ${i} >= 0 THEN ${inside} END`;
      const raise = ctx.raise("ArrayIndexOutOfBoundsException", "INVALID_ARRAY_INDEX", {
        indexValue: `${i}::VARCHAR`,
        arraySize: `len(${a})::VARCHAR`,
      });
      return `CASE WHEN ${i} < 0 OR ${i} >= len(${a}) THEN CASE WHEN ${a} IS NOT NULL THEN ${raise} END ELSE ${inside} END`;
    }),
  );
}

const fieldPretty = ([x]: readonly string[], call: Call): string =>
  `${x}.${call.extra?.written ?? call.extra?.name}`;

/** Arrays, maps and structs made and taken apart. */
export const CONSTRUCTORS: readonly FunctionEntry[] = [
  arrayEntry,
  mapEntry,
  struct,
  namedStruct,
  internal({
    name: "getstructfield",
    lower: ([x], ctx) => `struct_extract(${x}, 'f${ctx.call.extra?.index}')`,
    pretty: fieldPretty,
  }),
  internal({
    name: "getarraystructfields",
    lower: ([x], ctx) => {
      const e = ctx.fresh("e");
      return `list_transform(${x}, lambda ${e}: struct_extract(${e}, 'f${ctx.call.extra?.index}'))`;
    },
    pretty: fieldPretty,
  }),
  internal({ name: "getarrayitem", lower: lowerArrayItem, pretty: ([a, i]) => `${a}[${i}]` }),
  internal({
    name: "getmapvalue",
    lower: ([m, k]) => `map_extract_value(${m}, ${k})`,
    pretty: ([m, k]) => `${m}[${k}]`,
  }),
];
