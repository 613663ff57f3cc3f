import type { ArrayType, DataType, MapType } from "../../types/data-type.ts";
import { array, BOOLEAN, INTEGER, map, NULL, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { castIgnoringNullability, castTo, mergeNullability, widestType } from "../coercion.ts";
import { lit } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr, LambdaExpr, LambdaVar } from "../expr.ts";
import type { BindContext, FunctionEntry, LambdaParam, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { applyLambda, asLambda, bindSql, elementLambda, foldList } from "../lambda-sql.ts";
import { type DedupPolicy, dedupPolicy, mapFromLists } from "../map-sql.ts";
import { operatorCall } from "../operands.ts";
import { orderKey } from "../order-key.ts";
import { quotedName, typeMismatch, unexpectedInputType, wrongNumArgs } from "../type-error.ts";
import { isOrderable } from "./comparison.ts";
import { checkMapKey, keyText } from "./constructors.ts";

interface HigherOrder {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly group: string;
  readonly params: readonly string[];
  /** How many arguments come before the lambdas, and what they are. */
  readonly inputs: readonly InputType[];
  /** Types of a lambda's parameters. */
  readonly lambda: (
    args: readonly Expr[],
    index: number,
    arity: number,
    ctx: BindContext,
  ) => readonly LambdaParam[];
  readonly bind: (args: readonly Expr[], call: Call, ctx: BindContext) => Expr;
  readonly lower: NonNullable<FunctionEntry["lower"]>;
}

function checkInputs(spec: HigherOrder, call: Call, args: readonly (Expr | undefined)[]): void {
  for (const [i, input] of spec.inputs.entries()) {
    const arg = args[i];
    if (arg !== undefined && !input.accepts(arg.type)) throw unexpectedInputType(call, i, input, arg);
  }
}

function higherOrder(spec: HigherOrder): FunctionEntry {
  const bare = (ctx: BindContext, args: readonly Expr[]): Call => ({
    ...operatorCall(spec.name, args, NULL, ctx),
    name: ctx.name.toLowerCase(),
  });
  return {
    name: spec.name,
    ...(spec.aliases === undefined ? {} : { aliases: spec.aliases }),
    kind: "scalar",
    usage: spec.usage,
    group: spec.group,
    params: spec.params,
    lambda: (args, index, arity, ctx) => {
      checkInputs(
        spec,
        bare(
          ctx,
          args.filter((a) => a !== undefined),
        ),
        args,
      );
      return spec.lambda(args as readonly Expr[], index, arity, ctx);
    },
    bind: (args, ctx) => {
      const required = spec.params.filter((name) => !name.endsWith("?")).length;
      if (args.length < required || args.length > spec.params.length) {
        const counts = Array.from({ length: spec.params.length - required + 1 }, (_, i) => required + i);
        const expected = counts.length === 1 ? `${required}` : `[${counts.join(", ")}]`;
        throw wrongNumArgs(ctx.name.toLowerCase(), expected, args.length, ctx.origin);
      }
      checkInputs(spec, bare(ctx, args), args);
      const bound = args.map((arg, i) => (i < spec.inputs.length ? arg : toLambda(arg, spec, args, i, ctx)));
      return spec.bind(bound, bare(ctx, bound), ctx);
    },
    lower: spec.lower,
  };
}

/** A value where a lambda is asked for is a lambda that does not look at its parameters. */
function toLambda(
  arg: Expr,
  spec: HigherOrder,
  args: readonly Expr[],
  index: number,
  ctx: BindContext,
): LambdaExpr {
  if (arg.kind === "LambdaExpr") return arg;
  const params = spec.lambda(args, index, 1, ctx).map<LambdaVar>((param, i) => ({
    kind: "LambdaVar",
    id: ctx.nextId(),
    name: `col${i}`,
    ...param,
  }));
  return { kind: "LambdaExpr", params, body: arg, type: arg.type, nullable: arg.nullable };
}

const arrayOf = (e: Expr | undefined): ArrayType => {
  if (e?.type.kind !== "array") throw new Error("an array is missing");
  return e.type;
};
const mapOf = (e: Expr | undefined): MapType => {
  if (e?.type.kind !== "map") throw new Error("a map is missing");
  return e.type;
};
const elementOf = (e: Expr | undefined): LambdaParam => {
  const { elementType, containsNull } = arrayOf(e);
  return { type: elementType, nullable: containsNull };
};
const elementAndIndex = (args: readonly Expr[], _: number, arity: number): readonly LambdaParam[] =>
  arity === 2 ? [elementOf(args[0]), { type: INTEGER, nullable: false }] : [elementOf(args[0])];
const keyAndValue = (args: readonly Expr[]): readonly LambdaParam[] => {
  const { keyType, valueType, valueContainsNull } = mapOf(args[0]);
  return [
    { type: keyType, nullable: false },
    { type: valueType, nullable: valueContainsNull },
  ];
};

/** A lambda that must give a boolean. */
function predicate(call: Call, index: number, lambda: Expr, ctx: BindContext): LambdaExpr {
  const f = asLambda(lambda);
  if (f.type.kind === "null") return { ...f, body: castTo(f.body, BOOLEAN, ctx.conf), type: BOOLEAN };
  if (f.type.kind !== "boolean") throw unexpectedInputType(call, index, T.boolean, f);
  return f;
}

/** `exists` (any is true) and `forall` (none is false), with SQL's three values. */
function quantifier(name: "exists" | "forall", usage: string): FunctionEntry {
  const decisive = name === "exists";
  return higherOrder({
    name,
    usage,
    group: "lambda_funcs",
    params: ["expr", "pred"],
    inputs: [T.array],
    lambda: (args) => [elementOf(args[0])],
    bind: (args, call, ctx) => {
      const f = predicate(call, 1, args[1] as Expr, ctx);
      const list = args[0] as Expr;
      return { ...call, args: [list, f], type: BOOLEAN, nullable: list.nullable || f.nullable };
    },
    lower: ([list], ctx) => {
      const r = ctx.fresh("r");
      const results = `list_transform(${list}, ${elementLambda(ctx.call.args[1] as Expr, ctx)})`;
      return bindSql(
        results,
        r,
        `CASE WHEN ${r} IS NULL THEN NULL WHEN list_contains(${r}, ${decisive}) THEN ${decisive} WHEN list_count(${r}) < len(${r}) THEN NULL ELSE ${!decisive} END`,
      );
    },
  });
}

function identity(type: DataType, ctx: BindContext): LambdaExpr {
  const v: LambdaVar = { kind: "LambdaVar", id: ctx.nextId(), name: "id", type, nullable: true };
  return { kind: "LambdaExpr", params: [v], body: v, type, nullable: true };
}

const fold = higherOrder({
  name: "aggregate",
  aliases: ["reduce"],
  usage: "aggregate(expr, start, merge[, finish]) - Folds an array from the left.",
  group: "lambda_funcs",
  params: ["expr", "start", "merge", "finish?"],
  inputs: [T.array, T.any],
  lambda: (args, index) => {
    const acc = { type: (args[1] as Expr).type, nullable: true };
    return index === 2 ? [acc, elementOf(args[0])] : [acc];
  },
  bind: (args, call, ctx) => {
    const [list, zero] = [args[0] as Expr, args[1] as Expr];
    const merge = asLambda(args[2] as Expr);
    const finish = asLambda(args[3] ?? identity(zero.type, ctx));
    const bound = { ...call, args: [list, zero, merge, finish] };
    if (!sameTypeIgnoringNullability(zero.type, merge.type))
      throw unexpectedInputType(bound, 2, T.of(zero.type), merge);
    return { ...bound, type: finish.type, nullable: list.nullable || finish.nullable };
  },
  lower: ([list, zero], ctx) => {
    const [, , merge, finish] = ctx.call.args as readonly [Expr, Expr, Expr, Expr];
    const l = ctx.fresh("l");
    const folded = applyLambda(finish, [foldList(l, zero as string, merge, ctx)], ctx);
    return bindSql(list as string, l, `CASE WHEN ${l} IS NOT NULL THEN ${folded} END`);
  },
});

const zipWith = higherOrder({
  name: "zip_with",
  usage: "zip_with(left, right, func) - Returns the function's values for the pairs of elements.",
  group: "lambda_funcs",
  params: ["left", "right", "func"],
  inputs: [T.array, T.array],
  lambda: (args) => [
    { type: arrayOf(args[0]).elementType, nullable: true },
    { type: arrayOf(args[1]).elementType, nullable: true },
  ],
  bind: (args, call) => {
    const [a, b] = [args[0] as Expr, args[1] as Expr];
    const f = asLambda(args[2] as Expr);
    return { ...call, type: array(f.type, f.nullable), nullable: a.nullable || b.nullable };
  },
  lower: ([a, b], ctx) => {
    const [l, r, z] = [ctx.fresh("l"), ctx.fresh("r"), ctx.fresh("z")];
    const body = applyLambda(ctx.call.args[2] as Expr, [`${z}[1]`, `${z}[2]`], ctx);
    const zipped = `list_transform(list_zip(${l}, ${r}), lambda ${z}: ${body})`;
    return bindSql(
      a as string,
      l,
      bindSql(b as string, r, `CASE WHEN ${l} IS NOT NULL AND ${r} IS NOT NULL THEN ${zipped} END`),
    );
  },
});

/** The lambda's values for a map's entries, as a list. */
function overEntries(entries: string, lambda: Expr, ctx: LowerContext): string {
  const e = ctx.fresh("e");
  return `list_transform(${entries}, lambda ${e}: ${applyLambda(lambda, [`${e}.key`, `${e}.value`], ctx)})`;
}

const transformKeys = higherOrder({
  name: "transform_keys",
  usage: "transform_keys(expr, func) - Returns the map with the keys that the function gives.",
  group: "lambda_funcs",
  params: ["expr", "func"],
  inputs: [T.map],
  lambda: keyAndValue,
  bind: (args, call, ctx) => {
    const input = args[0] as Expr;
    const { valueType, valueContainsNull } = mapOf(input);
    const { type } = args[1] as Expr;
    checkMapKey(call, type);
    return {
      ...call,
      type: map(type, valueType, valueContainsNull),
      nullable: input.nullable,
      extra: { policy: dedupPolicy(ctx.conf) },
    };
  },
  lower: ([m], ctx) => {
    const { keyType, valueType } = mapOf(ctx.call);
    const x = ctx.fresh("m");
    const keys = overEntries(`map_entries(${x})`, ctx.call.args[1] as Expr, ctx);
    const made = mapFromLists(
      keys,
      `map_values(${x})`,
      keyType,
      valueType,
      ctx.call.extra?.policy as DedupPolicy,
      ctx,
      keyText(keyType, ctx),
    );
    return bindSql(m as string, x, `CASE WHEN ${x} IS NOT NULL THEN ${made} END`);
  },
});

const transformValues = higherOrder({
  name: "transform_values",
  usage: "transform_values(expr, func) - Returns the map with the values that the function gives.",
  group: "lambda_funcs",
  params: ["expr", "func"],
  inputs: [T.map],
  lambda: keyAndValue,
  bind: (args, call) => {
    const input = args[0] as Expr;
    const { type, nullable } = args[1] as Expr;
    return { ...call, type: map(mapOf(input).keyType, type, nullable), nullable: input.nullable };
  },
  lower: ([m], ctx) => {
    const x = ctx.fresh("m");
    const values = overEntries(`map_entries(${x})`, ctx.call.args[1] as Expr, ctx);
    return bindSql(m as string, x, `CASE WHEN ${x} IS NOT NULL THEN MAP(map_keys(${x}), ${values}) END`);
  },
});

const mapFilter = higherOrder({
  name: "map_filter",
  usage: "map_filter(expr, func) - Returns the entries of the map for which the function is true.",
  group: "lambda_funcs",
  params: ["expr", "func"],
  inputs: [T.map],
  lambda: keyAndValue,
  bind: (args, call, ctx) => {
    const input = args[0] as Expr;
    const f = predicate(call, 1, args[1] as Expr, ctx);
    return { ...call, args: [input, f], type: input.type, nullable: input.nullable };
  },
  lower: ([m], ctx) => {
    const [x, e] = [ctx.fresh("m"), ctx.fresh("e")];
    const test = applyLambda(ctx.call.args[1] as Expr, [`${e}.key`, `${e}.value`], ctx);
    const kept = `map_from_entries(list_filter(map_entries(${x}), lambda ${e}: ${test}))`;
    return bindSql(m as string, x, `CASE WHEN ${x} IS NOT NULL THEN ${kept} END`);
  },
});

function zipKeyType(args: readonly Expr[], call: Call, ctx: BindContext): DataType {
  const [a, b] = [mapOf(args[0]).keyType, mapOf(args[1]).keyType];
  const type = sameTypeIgnoringNullability(a, b) ? mergeNullability([a, b]) : widestType([a, b], ctx.conf);
  if (type === undefined)
    throw typeMismatch("MAP_ZIP_WITH_DIFF_TYPES", call, {
      functionName: "`map_zip_with`",
      leftType: quotedSqlType(a),
      rightType: quotedSqlType(b),
    });
  return type;
}

const mapZipWith = higherOrder({
  name: "map_zip_with",
  usage: "map_zip_with(map1, map2, function) - Returns the function's values for the keys of two maps.",
  group: "lambda_funcs",
  params: ["map1", "map2", "function"],
  inputs: [T.map, T.map],
  lambda: (args, _, __, ctx) => {
    const call = operatorCall(
      "map_zip_with",
      args.filter((a) => a !== undefined),
      NULL,
      ctx,
    );
    return [
      { type: zipKeyType(args, call, ctx), nullable: false },
      { type: mapOf(args[0]).valueType, nullable: true },
      { type: mapOf(args[1]).valueType, nullable: true },
    ];
  },
  bind: (args, call, ctx) => {
    const keyType = zipKeyType(args, call, ctx);
    const inputs = args.slice(0, 2).map((m) => {
      const { valueType, valueContainsNull } = mapOf(m);
      return castIgnoringNullability(m, map(keyType, valueType, valueContainsNull), ctx.conf);
    });
    const f = asLambda(args[2] as Expr);
    return {
      ...call,
      args: [...inputs, f],
      type: map(keyType, f.type, f.nullable),
      nullable: inputs.some((m) => m.nullable),
    };
  },
  lower: ([a, b], ctx) => {
    const [l, r, ks, k, e] = ["l", "r", "ks", "k", "e"].map((prefix) => ctx.fresh(prefix)) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const body = applyLambda(
      ctx.call.args[2] as Expr,
      [k, `map_extract_value(${l}, ${k})`, `map_extract_value(${r}, ${k})`],
      ctx,
    );
    const keys = `list_concat(map_keys(${l}), list_filter(map_keys(${r}), lambda ${e}: NOT list_contains(map_keys(${l}), ${e})))`;
    const made = bindSql(keys, ks, `MAP(${ks}, list_transform(${ks}, lambda ${k}: ${body}))`);
    return bindSql(
      a as string,
      l,
      bindSql(b as string, r, `CASE WHEN ${l} IS NOT NULL AND ${r} IS NOT NULL THEN ${made} END`),
    );
  },
});

/** Ascending order with NULLs at the end, as `array_sort` has it without a comparator. */
function sortedByOrder(list: string, type: ArrayType, ctx: LowerContext): string {
  const e = ctx.fresh("e");
  const key = orderKey(e, type.elementType, ctx);
  if (key === e) return `list_sort(${list}, 'ASC', 'NULLS LAST')`;
  const there = `list_filter(${list}, lambda ${e}: ${e} IS NOT NULL)`;
  const gone = `list_filter(${list}, lambda ${e}: ${e} IS NULL)`;
  const keyed = `list_transform(${there}, lambda ${e}: {'k': ${key}, 'v': ${e}})`;
  return `list_concat(list_transform(list_sort(${keyed}), lambda ${e}: ${e}.v), ${gone})`;
}

/** A stable insertion sort: the comparator is any SQL. */
function sortedBy(list: string, comparator: Expr, type: ArrayType, ctx: LowerContext): string {
  const [a, x, e, n] = [ctx.fresh("a"), ctx.fresh("x"), ctx.fresh("e"), ctx.fresh("n")];
  const comparison = applyLambda(comparator, [n, e], ctx);
  const text = (v: string): string => `CAST(${v} AS VARCHAR)`;
  const isNull = ctx.raise("SparkRuntimeException", "COMPARATOR_RETURNS_NULL", {
    firstValue: text(n),
    secondValue: text(e),
  });
  const compared = asLambda(comparator).nullable ? `coalesce(${comparison}, ${isNull})` : comparison;
  const inserted = `list_concat(list_filter(${a}, lambda ${e}: ${compared} >= 0), ${x}, list_filter(${a}, lambda ${e}: ${compared} < 0))`;
  const singles = `list_transform(${list}, lambda ${e}: [${e}])`;
  const sorted = `list_reduce(${singles}, lambda ${a}, ${x}: ${bindSql(`${x}[1]`, n, inserted)})`;
  return `CASE WHEN len(${list}) < 2 THEN ${list} ELSE CAST(${sorted} AS ${duckType(type)}) END`;
}

const DEFAULT_COMPARATOR = (() => {
  const v = "namedlambdavariable()";
  const inner = `(IF((${v} IS NULL), -1, (IF((${v} < ${v}), -1, (IF((${v} > ${v}), 1, 0))))))`;
  return `lambdafunction((IF(((${v} IS NULL) AND (${v} IS NULL)), 0, (IF((${v} IS NULL), 1, ${inner})))), ${v}, ${v})`;
})();

const arraySort = higherOrder({
  name: "array_sort",
  usage: "array_sort(expr[, func]) - Returns the array in order, as the comparator says.",
  group: "lambda_funcs",
  params: ["expr", "func?"],
  inputs: [T.array],
  lambda: (args) => [elementOf(args[0]), elementOf(args[0])],
  bind: (args, call) => {
    const list = args[0] as Expr;
    const result = { ...call, type: list.type, nullable: list.nullable };
    if (args.length === 1) {
      const { elementType } = arrayOf(list);
      if (!isOrderable(elementType)) {
        const v: LambdaVar = { kind: "LambdaVar", id: 0, name: "left", type: elementType, nullable: true };
        throw typeMismatch(
          "INVALID_ORDERING_TYPE",
          { ...call, fn: "<", args: [v, v], name: undefined } as never,
          {
            functionName: "`<`",
            dataType: quotedSqlType(elementType),
          },
        );
      }
      const shown = { ...lit(DEFAULT_COMPARATOR, { kind: "string" }), pretty: DEFAULT_COMPARATOR };
      return { ...result, shown: [list, shown] };
    }
    const f = asLambda(args[1] as Expr);
    if (f.type.kind !== "integer")
      throw typeMismatch("UNEXPECTED_RETURN_TYPE", call, {
        functionName: quotedName("lambdafunction"),
        expectedType: '"INT"',
        actualType: quotedSqlType(f.type),
      });
    return result;
  },
  lower: ([list], ctx) => {
    const l = ctx.fresh("l");
    const type = arrayOf(ctx.call);
    const comparator = ctx.call.args[1];
    const sorted =
      comparator === undefined ? sortedByOrder(l, type, ctx) : sortedBy(l, comparator, type, ctx);
    return bindSql(list as string, l, sorted);
  },
});

/** Functions that take a lambda. */
export const LAMBDAS: readonly FunctionEntry[] = [
  higherOrder({
    name: "transform",
    usage: "transform(expr, func) - Returns the function's values for the elements of the array.",
    group: "lambda_funcs",
    params: ["expr", "func"],
    inputs: [T.array],
    lambda: elementAndIndex,
    bind: (args, call) => {
      const [list, f] = [args[0] as Expr, args[1] as Expr];
      return { ...call, type: array(f.type, f.nullable), nullable: list.nullable };
    },
    lower: ([list], ctx) => `list_transform(${list}, ${elementLambda(ctx.call.args[1] as Expr, ctx)})`,
  }),
  higherOrder({
    name: "filter",
    usage: "filter(expr, func) - Returns the elements of the array for which the function is true.",
    group: "lambda_funcs",
    params: ["expr", "func"],
    inputs: [T.array],
    lambda: elementAndIndex,
    bind: (args, call, ctx) => {
      const list = args[0] as Expr;
      const f = predicate(call, 1, args[1] as Expr, ctx);
      return { ...call, args: [list, f], type: list.type, nullable: list.nullable };
    },
    lower: ([list], ctx) => `list_filter(${list}, ${elementLambda(ctx.call.args[1] as Expr, ctx)})`,
  }),
  quantifier("exists", "exists(expr, pred) - Returns true if the predicate is true for an element."),
  quantifier("forall", "forall(expr, pred) - Returns true if the predicate is true for all elements."),
  fold,
  zipWith,
  transformKeys,
  transformValues,
  mapFilter,
  mapZipWith,
  arraySort,
];
