import type { ArrayType, DataType } from "../../types/data-type.ts";
import { array, BOOLEAN, INTEGER, LONG, STRING, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import {
  castIgnoringNullability,
  castTo,
  commonTypeWithoutStrings,
  implicitCast,
  mergeNullability,
  tightestCommonType,
} from "../coercion.ts";
import { type FunctionSpec, lit, opt, p, rest, scalar } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { bindSql } from "../lambda-sql.ts";
import { orderKey } from "../order-key.ts";
import { sqlText } from "../raise.ts";
import { nonFoldableInput, typeMismatch, unexpectedInputType } from "../type-error.ts";
import { isOrderable } from "./comparison.ts";
import { fieldName } from "./constructors.ts";

const GROUP = "array_funcs";
type Arg = Expr | undefined;

function arrayOf(e: Arg): ArrayType {
  if (e?.type.kind !== "array") throw new Error("an array is missing");
  return e.type;
}
const typeOf = (e: Arg): DataType => (e as Expr).type;
const holdsNull = (e: Arg): boolean => arrayOf(e).containsNull;

/** The SQL with every argument under a short name, NULL when one of them is NULL. */
function whenAll(args: readonly string[], ctx: LowerContext, use: (...names: string[]) => string): string {
  const names = args.map(() => ctx.fresh("x"));
  const test = names.map((n) => `${n} IS NOT NULL`).join(" AND ");
  return args.reduceRight(
    (inner, arg, i) => bindSql(arg, names[i] as string, inner),
    `CASE WHEN ${test} THEN ${use(...names)} END`,
  );
}

function checkOrderable(call: Call, name: string, type: DataType): void {
  if (!isOrderable(type))
    throw typeMismatch("INVALID_ORDERING_TYPE", call, {
      functionName: `\`${name}\``,
      dataType: quotedSqlType(type),
    });
}

/** The values of a list in Spark's order. */
function sorted(
  list: string,
  type: DataType,
  direction: "ASC" | "DESC",
  nulls: "FIRST" | "LAST",
  ctx: LowerContext,
): string {
  const e = ctx.fresh("e");
  const key = orderKey(e, type, ctx);
  if (key === e) return `list_sort(${list}, '${direction}', 'NULLS ${nulls}')`;
  const there = `list_transform(list_filter(${list}, lambda ${e}: ${e} IS NOT NULL), lambda ${e}: {'k': ${key}, 'v': ${e}})`;
  const values = `list_transform(list_sort(${there}, '${direction}'), lambda ${e}: ${e}.v)`;
  const gone = `list_filter(${list}, lambda ${e}: ${e} IS NULL)`;
  return nulls === "FIRST" ? `list_concat(${gone}, ${values})` : `list_concat(${values}, ${gone})`;
}

function size(name: string, usage: string): FunctionEntry {
  const isLegacy = (ctx: BindContext): boolean =>
    !ctx.conf.ansiEnabled && ctx.conf.get("spark.sql.legacy.sizeOfNull") !== "false";
  return scalar({
    name,
    params: [p("expr", T.oneOf(T.array, T.map))],
    coerce: (args, ctx) =>
      args.map((a) => (a.type.kind === "null" ? castTo(a, T.array.concrete, ctx.conf) : a)),
    returns: INTEGER,
    nullable: ([x], ctx) => !isLegacy(ctx) && (x as Expr).nullable,
    extra: (_, ctx) => ({ isLegacy: isLegacy(ctx) }),
    lower: ([x], ctx) => {
      const length = typeOf(ctx.call.args[0]).kind === "map" ? `cardinality(${x})` : `len(${x})`;
      return ctx.call.extra?.isLegacy === true ? `coalesce(${length}, -1)::INTEGER` : `${length}::INTEGER`;
    },
    usage,
    group: "collection_funcs",
  });
}

/** An array and a value of its elements' type, or Spark's errors. */
function withValue(
  name: string,
  at: number,
  options: { readonly isWide?: boolean; readonly allowsNull?: boolean } = {},
): Pick<FunctionSpec, "coerce" | "check"> {
  return {
    coerce: (args, ctx) => {
      const [list, value] = [args[0] as Expr, args[at] as Expr];
      if (list.type.kind !== "array") return args;
      if (value.type.kind === "null" && options.allowsNull !== true) return args;
      const { elementType, containsNull } = list.type;
      const rule = options.isWide === true ? commonTypeWithoutStrings : tightestCommonType;
      const type = rule(elementType, value.type, ctx.conf);
      if (type === undefined) return args;
      return args.map((a, i) =>
        i === 0
          ? castIgnoringNullability(a, array(type, containsNull), ctx.conf)
          : i === at
            ? castIgnoringNullability(a, type, ctx.conf)
            : i === 1
              ? implicitCast(a, T.int, ctx.conf)
              : a,
      );
    },
    check: (args, _ctx, call) => {
      const [list, value] = [args[0] as Expr, args[at] as Expr];
      if (value.type.kind === "null" && options.allowsNull !== true)
        throw typeMismatch("NULL_TYPE", call, { functionName: `\`${name}\`` });
      if (!sameTypeIgnoringNullability(arrayOf(list).elementType, value.type))
        throw typeMismatch("ARRAY_FUNCTION_DIFF_TYPES", call, {
          functionName: `\`${name}\``,
          dataType: '"ARRAY"',
          leftType: quotedSqlType(list.type),
          rightType: quotedSqlType(value.type),
        });
    },
  };
}

/** Two arrays of one element type. */
function twoArrays(
  name: string,
  containsNull: (a: Expr, b: Expr) => boolean,
  lower: NonNullable<FunctionEntry["lower"]>,
  usage: string,
): FunctionEntry {
  return scalar({
    name,
    params: [p("array1", T.any), p("array2", T.any)],
    ...pairOfArrays(name),
    returns: ([a, b]) =>
      array(
        mergeNullability([arrayOf(a).elementType, arrayOf(b).elementType]),
        containsNull(a as Expr, b as Expr),
      ),
    lower,
    usage,
    group: GROUP,
  });
}

function pairOfArrays(name: string): Pick<FunctionSpec, "coerce" | "check"> {
  return {
    coerce: (args, ctx) => {
      const [a, b] = args.map((e) => e.type) as [DataType, DataType];
      if (a.kind !== "array" || b.kind !== "array") return args;
      const type = tightestCommonType(a.elementType, b.elementType, ctx.conf);
      if (type === undefined) return args;
      return args.map((e) => castIgnoringNullability(e, array(type, holdsNull(e)), ctx.conf));
    },
    check: (args, _ctx, call) => {
      const [a, b] = args as [Expr, Expr];
      const isPair = a.type.kind === "array" && b.type.kind === "array";
      if (!isPair || !sameTypeIgnoringNullability(a.type, b.type))
        throw typeMismatch("BINARY_ARRAY_DIFF_TYPES", call, {
          functionName: `\`${name}\``,
          arrayType: '"ARRAY"',
          leftType: quotedSqlType(a.type),
          rightType: quotedSqlType(b.type),
        });
      checkOrderable(call, name, arrayOf(a).elementType);
    },
  };
}

/** The first of each of the list's values, in their order. */
function distinct(list: string, ctx: LowerContext): string {
  return ctx.let(list, (l) => {
    const [e, i] = [ctx.fresh("e"), ctx.fresh("i")];
    return `list_filter(${l}, lambda ${e}, ${i}: list_position(${l}, ${e}) = ${i})`;
  });
}

function extreme(name: "array_min" | "array_max", usage: string): FunctionEntry {
  return scalar({
    name,
    params: [p("array", T.array)],
    check: ([x], _ctx, call) => checkOrderable(call, name, arrayOf(x).elementType),
    returns: ([x]) => arrayOf(x).elementType,
    nullable: "always",
    lower: ([x], ctx) =>
      `${sorted(x as string, arrayOf(ctx.call.args[0]).elementType, name === "array_min" ? "ASC" : "DESC", "LAST", ctx)}[1]`,
    usage,
    group: GROUP,
  });
}

function elementNullable([base, index]: readonly Expr[], failOnError: boolean): boolean {
  const [b, i] = [base as Expr, index as Expr];
  if (b.type.kind === "map" || b.nullable) return true;
  // Spark does not ask whether the index may be NULL.
  if (!isFoldable(i) || i.nullable) return failOnError ? holdsNull(b) : true;
  const at = evaluateLiteral(i);
  if (b.kind !== "Call" || b.fn !== "array" || typeof at !== "number") return true;
  if (at === 0) return false;
  if (Math.abs(at) > b.args.length) return !failOnError;
  return (b.args[at < 0 ? b.args.length + at : at - 1] as Expr).nullable;
}

function elementAt(name: "element_at" | "try_element_at", usage: string): FunctionEntry {
  const fails = (ctx: BindContext): boolean => name === "element_at" && ctx.conf.ansiEnabled;
  return scalar({
    name,
    params: [p("collection", T.oneOf(T.array, T.map)), p("key", T.any)],
    coerce: (args, ctx) => {
      const [base, key] = [args[0] as Expr, args[1] as Expr];
      if (base.type.kind === "array") {
        const isSmall = key.type.kind === "byte" || key.type.kind === "short" || key.type.kind === "null";
        return isSmall ? [base, castTo(key, INTEGER, ctx.conf)] : args;
      }
      if (base.type.kind !== "map") return args;
      const { keyType, valueType, valueContainsNull } = base.type;
      const type = tightestCommonType(keyType, key.type, ctx.conf);
      if (type === undefined) return args;
      const whole: DataType = { kind: "map", keyType: type, valueType, valueContainsNull };
      return [castIgnoringNullability(base, whole, ctx.conf), castIgnoringNullability(key, type, ctx.conf)];
    },
    check: ([base, key], _ctx, call) => {
      const [b, k] = [base as Expr, key as Expr];
      if (b.type.kind === "array" && k.type.kind !== "integer") throw unexpectedInputType(call, 1, T.int, k);
      if (b.type.kind === "map" && !sameTypeIgnoringNullability(b.type.keyType, k.type))
        throw typeMismatch("MAP_FUNCTION_DIFF_TYPES", call, {
          functionName: `\`${name}\``,
          dataType: '"MAP"',
          leftType: quotedSqlType(b.type),
          rightType: quotedSqlType(k.type),
        });
    },
    returns: ([base]) => {
      const { type } = base as Expr;
      if (type.kind === "map") return type.valueType;
      return arrayOf(base).elementType;
    },
    nullable: (args, ctx) => elementNullable(args, fails(ctx)),
    extra: (_, ctx) => ({ fails: fails(ctx) }),
    lower: ([base, key], ctx) => {
      if (typeOf(ctx.call.args[0]).kind === "map") return `map_extract_value(${base}, ${key})`;
      return whenAll([base as string, key as string], ctx, (...[l, i]) => {
        const zero = ctx.raise("SparkRuntimeException", "INVALID_INDEX_OF_ZERO", {});
        const outside = ctx.raise("ArrayIndexOutOfBoundsException", "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", {
          indexValue: `${i}::VARCHAR`,
          arraySize: `len(${l})::VARCHAR`,
        });
        const checked = ctx.call.extra?.fails === true ? `WHEN abs(${i}) > len(${l}) THEN ${outside} ` : "";
        return `CASE WHEN ${i} = 0 THEN ${zero} ${checked}ELSE ${l}[${i}] END`;
      });
    },
    usage,
    group: "collection_funcs",
  });
}

/** `array_append` and `array_prepend`. */
function added(name: "array_append" | "array_prepend", usage: string): FunctionEntry {
  return scalar({
    name,
    params: [p("array", T.array), p("element", T.any)],
    ...withValue(name, 1, { allowsNull: true }),
    returns: ([l, v]) => array(arrayOf(l).elementType, holdsNull(l) || (v as Expr).nullable),
    nullable: ([l]) => (l as Expr).nullable,
    lower: ([l, v], ctx) => {
      const x = ctx.fresh("x");
      const parts = name === "array_append" ? `${x}, [${v}]` : `[${v}], ${x}`;
      return bindSql(l as string, x, `CASE WHEN ${x} IS NOT NULL THEN list_concat(${parts}) END`);
    },
    usage,
    group: GROUP,
  });
}

function arrayJoin(): FunctionEntry {
  return scalar({
    name: "array_join",
    params: [p("array", T.arrayOf(T.string)), p("delimiter", T.string), opt("nullReplacement", T.string)],
    returns: STRING,
    lower: (args, ctx) =>
      whenAll(args, ctx, (...[l, d, r]) => {
        const e = ctx.fresh("e");
        const a = ctx.fresh("a");
        const parts =
          r === undefined
            ? `list_filter(${l}, lambda ${e}: ${e} IS NOT NULL)`
            : `list_transform(${l}, lambda ${e}: coalesce(${e}, ${r}))`;
        const delimiter = ctx.call.args[1] as Expr;
        if (delimiter.kind === "Lit" && typeof delimiter.value === "string")
          return `array_to_string(${parts}, ${sqlText(delimiter.value)})`;
        const k = ctx.fresh("k");
        return bindSql(
          parts,
          k,
          `CASE WHEN len(${k}) = 0 THEN '' ELSE list_reduce(${k}, lambda ${a}, ${e}: ${a} || ${d} || ${e}) END`,
        );
      }),
    usage: "array_join(array, delimiter[, nullReplacement]) - Returns the elements as one string.",
    group: GROUP,
  });
}

const sortArray = scalar({
  name: "sort_array",
  params: [p("array", T.array), opt("ascendingOrder", T.boolean, lit(true, BOOLEAN))],
  coerce: "expect",
  check: ([l, order], _ctx, call) => {
    checkOrderable(call, "sort_array", arrayOf(l).elementType);
    if (!isFoldable(order as Expr))
      throw nonFoldableInput(call, "ascendingOrder", '"BOOLEAN"', order as Expr);
  },
  returns: ([l]) => typeOf(l),
  lower: (args, ctx) =>
    whenAll(args, ctx, (...[l, order]) => {
      const type = arrayOf(ctx.call.args[0]).elementType;
      const up = sorted(l as string, type, "ASC", "FIRST", ctx);
      const down = sorted(l as string, type, "DESC", "LAST", ctx);
      return `CASE WHEN ${order} THEN ${up} ELSE ${down} END`;
    }),
  usage: "sort_array(array[, ascendingOrder]) - Returns the array in order.",
  group: GROUP,
});

const slice = scalar({
  name: "slice",
  params: [p("x", T.array), p("start", T.int), p("length", T.int)],
  returns: ([l]) => typeOf(l),
  lower: (args, ctx) =>
    whenAll(args, ctx, (...[l, s, n]) => {
      const start = ctx.raise("SparkRuntimeException", "INVALID_PARAMETER_VALUE.START", {
        functionName: "'`slice`'",
        parameter: "'`start`'",
      });
      const length = ctx.raise("SparkRuntimeException", "INVALID_PARAMETER_VALUE.LENGTH", {
        functionName: "'`slice`'",
        parameter: "'`length`'",
        length: `${n}::VARCHAR`,
      });
      const from = `CASE WHEN ${s} < 0 THEN len(${l}) + ${s}::BIGINT + 1 ELSE ${s}::BIGINT END`;
      const f = ctx.fresh("f");
      const cut = bindSql(
        from,
        f,
        `CASE WHEN ${f} < 1 OR ${n} = 0 THEN list_slice(${l}, 1, 0) ELSE list_slice(${l}, ${f}, ${f} + ${n} - 1) END`,
      );
      return `CASE WHEN ${s} = 0 THEN ${start} WHEN ${n} < 0 THEN ${length} ELSE ${cut} END`;
    }),
  usage: "slice(x, start, length) - Returns a part of the array; start counts from 1, or from the end.",
  group: GROUP,
});

const arrayInsert = scalar({
  name: "array_insert",
  params: [p("x", T.array), p("pos", T.int), p("val", T.any)],
  ...withValue("array_insert", 2, { allowsNull: true }),
  returns: ([l]) => array(arrayOf(l).elementType, true),
  nullable: ([l, i]) => (l as Expr).nullable || (i as Expr).nullable,
  lower: ([list, position, value], ctx) =>
    whenAll([list as string, position as string], ctx, (...[l, i]) => {
      const zero = ctx.raise("SparkRuntimeException", "INVALID_INDEX_OF_ZERO", {});
      const v = `[${value}]`;
      const nulls = (count: string): string => {
        const e = ctx.fresh("e");
        return `list_transform(range(${count}), lambda ${e}: NULL::${duckType(arrayOf(ctx.call).elementType)})`;
      };
      const beyond = `list_concat(${l}, ${nulls(`${i} - len(${l}) - 1`)}, ${v})`;
      const inside = `list_concat(list_slice(${l}, 1, ${i} - 1), ${v}, list_slice(${l}, ${i}, len(${l})))`;
      const before = `list_concat(${v}, ${nulls(`-${i} - len(${l}) - 1`)}, ${l})`;
      const kept = `len(${l}) + ${i} + 1`;
      const fromEnd = `list_concat(list_slice(${l}, 1, ${kept}), ${v}, list_slice(${l}, ${kept} + 1, len(${l})))`;
      return `CASE WHEN ${i} = 0 THEN ${zero} WHEN ${i} > len(${l}) THEN ${beyond} WHEN ${i} = 1 THEN list_concat(${v}, ${l}) WHEN ${i} > 0 THEN ${inside} WHEN -${i} > len(${l}) THEN ${before} ELSE ${fromEnd} END`;
    }),
  usage: "array_insert(x, pos, val) - Returns the array with a value put in; pos counts from 1.",
  group: GROUP,
});

const arraysZip = scalar({
  name: "arrays_zip",
  params: [rest("array", T.array)],
  coerce: (args) => args,
  returns: (args) =>
    array(
      {
        kind: "struct",
        fields: args.map((a, i) => {
          const name = fieldName(a, i);
          const isNamed = name !== `col${i + 1}` || a.kind === "Attr" || a.kind === "AliasExpr";
          return { name: isNamed ? name : `${i}`, dataType: arrayOf(a).elementType, nullable: true };
        }),
      },
      false,
    ),
  lower: (args, ctx) =>
    whenAll(args, ctx, (...names) => {
      const z = ctx.fresh("z");
      const row = names.map((_, i) => `'f${i}': ${z}[${i + 1}]`).join(", ");
      return `list_transform(list_zip(${names.join(", ")}), lambda ${z}: {${row}})`;
    }),
  usage: "arrays_zip(array, ...) - Returns the arrays' elements side by side, as structs.",
  group: GROUP,
});

/** Functions of arrays. */
export const ARRAYS: readonly FunctionEntry[] = [
  size("size", "size(expr) - Returns how many elements an array or a map has."),
  size("cardinality", "cardinality(expr) - Returns how many elements an array or a map has."),
  scalar({
    name: "array_size",
    params: [p("expr", T.array)],
    returns: INTEGER,
    lower: ([x]) => `len(${x})::INTEGER`,
    usage: "array_size(expr) - Returns how many elements an array has.",
    group: GROUP,
  }),
  scalar({
    name: "array_contains",
    params: [p("array", T.array), p("value", T.any)],
    ...withValue("array_contains", 1, { isWide: true }),
    returns: BOOLEAN,
    nullable: ([l, v]) => (l as Expr).nullable || (v as Expr).nullable || holdsNull(l),
    lower: (args, ctx) =>
      whenAll(
        args,
        ctx,
        (...[l, v]) =>
          `CASE WHEN list_contains(${l}, ${v}) THEN true WHEN list_count(${l}) < len(${l}) THEN NULL ELSE false END`,
      ),
    usage: "array_contains(array, value) - Returns whether the array has the value.",
    group: GROUP,
  }),
  scalar({
    name: "array_position",
    params: [p("array", T.array), p("element", T.any)],
    ...withValue("array_position", 1, { allowsNull: true }),
    returns: LONG,
    lower: (args, ctx) => whenAll(args, ctx, (...[l, v]) => `coalesce(list_position(${l}, ${v}), 0)::BIGINT`),
    usage: "array_position(array, element) - Returns where the element is first, from 1, or 0.",
    group: GROUP,
  }),
  scalar({
    name: "array_remove",
    params: [p("array", T.array), p("element", T.any)],
    ...withValue("array_remove", 1, { allowsNull: true }),
    returns: ([l]) => typeOf(l),
    lower: (args, ctx) =>
      whenAll(args, ctx, (...[l, v]) => {
        const e = ctx.fresh("e");
        return `list_filter(${l}, lambda ${e}: ${e} IS DISTINCT FROM ${v})`;
      }),
    usage: "array_remove(array, element) - Returns the array without the elements that are equal.",
    group: GROUP,
  }),
  scalar({
    name: "arrays_overlap",
    params: [p("a1", T.any), p("a2", T.any)],
    ...pairOfArrays("arrays_overlap"),
    returns: BOOLEAN,
    nullable: ([a, b]) => (a as Expr).nullable || (b as Expr).nullable || holdsNull(a) || holdsNull(b),
    lower: (args, ctx) =>
      whenAll(
        args,
        ctx,
        (...[a, b]) =>
          `CASE WHEN list_has_any(${a}, ${b}) THEN true WHEN len(${a}) > 0 AND len(${b}) > 0 AND (list_count(${a}) < len(${a}) OR list_count(${b}) < len(${b})) THEN NULL ELSE false END`,
      ),
    usage: "arrays_overlap(a1, a2) - Returns whether the arrays have a common element.",
    group: GROUP,
  }),
  twoArrays(
    "array_intersect",
    (a, b) => holdsNull(a) && holdsNull(b),
    (args, ctx) =>
      whenAll(args, ctx, (...[a, b]) => {
        const e = ctx.fresh("e");
        return distinct(`list_filter(${a}, lambda ${e}: list_position(${b}, ${e}) IS NOT NULL)`, ctx);
      }),
    "array_intersect(array1, array2) - Returns what is in both arrays, once each.",
  ),
  twoArrays(
    "array_except",
    (a) => holdsNull(a),
    (args, ctx) =>
      whenAll(args, ctx, (...[a, b]) => {
        const e = ctx.fresh("e");
        return distinct(`list_filter(${a}, lambda ${e}: list_position(${b}, ${e}) IS NULL)`, ctx);
      }),
    "array_except(array1, array2) - Returns what is in the first array only, once each.",
  ),
  twoArrays(
    "array_union",
    (a, b) => holdsNull(a) || holdsNull(b),
    (args, ctx) =>
      whenAll(args, ctx, (...[a, b]) => {
        const u = ctx.fresh("u");
        return bindSql(`list_concat(${a}, ${b})`, u, distinct(u, ctx));
      }),
    "array_union(array1, array2) - Returns what is in one of the arrays, once each.",
  ),
  scalar({
    name: "array_distinct",
    params: [p("array", T.array)],
    check: ([l], _ctx, call) => checkOrderable(call, "array_distinct", arrayOf(l).elementType),
    returns: ([l]) => typeOf(l),
    lower: (args, ctx) => whenAll(args, ctx, (...[l]) => distinct(l as string, ctx)),
    usage: "array_distinct(array) - Returns each of the array's values once.",
    group: GROUP,
  }),
  scalar({
    name: "array_compact",
    params: [p("array", T.array)],
    returns: ([l]) => array(arrayOf(l).elementType, false),
    lower: ([l], ctx) => {
      const e = ctx.fresh("e");
      return `list_filter(${l}, lambda ${e}: ${e} IS NOT NULL)`;
    },
    usage: "array_compact(array) - Returns the elements that are not NULL.",
    group: GROUP,
  }),
  slice,
  arrayJoin(),
  elementAt("element_at", "element_at(array, index), element_at(map, key) - Returns an element; from 1."),
  elementAt("try_element_at", "try_element_at(array, index) - As element_at, NULL beyond the array's end."),
  scalar({
    name: "get",
    params: [p("array", T.array), p("index", T.int)],
    // Not even an untyped NULL stands for an array here.
    coerce: ([l, i], ctx) => [l as Expr, implicitCast(i as Expr, T.int, ctx.conf)],
    check: ([l], _ctx, call) => {
      if ((l as Expr).type.kind !== "array") throw unexpectedInputType(call, 0, T.array, l as Expr);
    },
    returns: ([l]) => ((l as Expr).type.kind === "array" ? arrayOf(l).elementType : (l as Expr).type),
    nullable: ([l, i]) => {
      const [base, at] = [l as Expr, evaluateLiteral(i as Expr)];
      if (base.kind !== "Call" || base.fn !== "array" || typeof at !== "number") return true;
      return base.args[at]?.nullable ?? true;
    },
    lower: (args, ctx) =>
      whenAll(args, ctx, (...[l, i]) => `CASE WHEN ${i} >= 0 THEN ${l}[${i}::BIGINT + 1] END`),
    usage: "get(array, index) - Returns an element, counted from 0, or NULL.",
    group: GROUP,
  }),
  added("array_append", "array_append(array, element) - Returns the array with an element more."),
  added("array_prepend", "array_prepend(array, element) - Returns the array with an element before."),
  arrayInsert,
  extreme("array_min", "array_min(array) - Returns the least element."),
  extreme("array_max", "array_max(array) - Returns the greatest element."),
  sortArray,
  scalar({
    name: "reverse",
    params: [p("expr", T.oneOf(T.string, T.binary, T.array))],
    coerce: (args, ctx) =>
      args.map((a) =>
        a.type.kind === "array" || a.type.kind === "binary" ? a : implicitCast(a, T.string, ctx.conf),
      ),
    returns: ([x]) => typeOf(x),
    lower: ([x], ctx) => {
      const { kind } = typeOf(ctx.call);
      if (kind === "binary")
        return `unhex(array_to_string(list_reverse(regexp_extract_all(hex(${x}), '..')), ''))`;
      return `${kind === "array" ? "list_reverse" : "reverse"}(${x})`;
    },
    usage: "reverse(expr) - Returns the string or the array backwards.",
    group: "collection_funcs",
  }),
  scalar({
    name: "flatten",
    params: [p("arrayOfArrays", { ...T.arrayOf(T.array), sql: '"ARRAY" of "ARRAY"' })],
    coerce: (args) => args,
    returns: ([l]) => arrayOf(l).elementType,
    nullable: ([l]) => (l as Expr).nullable || holdsNull(l),
    lower: (args, ctx) =>
      whenAll(args, ctx, (...[l]) => `CASE WHEN list_count(${l}) = len(${l}) THEN flatten(${l}) END`),
    usage: "flatten(arrayOfArrays) - Returns the arrays' elements in one array.",
    group: GROUP,
  }),
  scalar({
    name: "array_repeat",
    params: [p("element", T.any), p("count", T.int)],
    returns: ([x]) => array(typeOf(x), (x as Expr).nullable),
    nullable: ([, n]) => (n as Expr).nullable,
    lower: ([x, n], ctx) => {
      const [e, v] = [ctx.fresh("e"), ctx.fresh("v")];
      return bindSql(x as string, v, `list_transform(range(${n}), lambda ${e}: ${v})`);
    },
    usage: "array_repeat(element, count) - Returns an array that has the element that many times.",
    group: GROUP,
  }),
  arraysZip,
];
