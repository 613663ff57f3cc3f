import type { DataType } from "../../types/data-type.ts";
import { BOOLEAN, INTEGER, NULL, STRING, VARIANT } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { canBecomeVariantObject, canCast } from "../cast/can-cast.ts";
import { castTo } from "../coercion.ts";
import { aggregate, generator, lit, opt, p, rest, scalar } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { bindSql } from "../lambda-sql.ts";
import { asNestedText, ofNestedText, ofVariantText, textSpecSql } from "../nested-sql.ts";
import { sqlText } from "../raise.ts";
import { bindError, nonFoldableInput, typeMismatch } from "../type-error.ts";
import { schemaOf } from "./structured-text.ts";

const GROUP = "variant_funcs";
const V = p("v", T.variant);

/** A call whose kernel gives a variant's text. */
const asVariant = ofVariantText;

function cannotCast(call: Call, from: DataType, to: DataType): Error {
  return typeMismatch("CAST_WITHOUT_SUGGESTION", call, {
    srcType: quotedSqlType(from),
    targetType: quotedSqlType(to),
  });
}

function parsing(name: string, usage: string): FunctionEntry {
  const strict = name === "parse_json";
  return scalar({
    name,
    params: [p("jsonStr", T.string)],
    coerce: "expect",
    returns: VARIANT,
    nullable: strict ? "any" : "always",
    lower: ([text], ctx) => asVariant(ctx.kernel("parse_json", text as string, strict ? "1" : "0"), ctx),
    usage,
    group: GROUP,
  });
}

/** `variant_get(v, path[, type])`: the type is read when it is bound. */
function getting(name: string, usage: string): FunctionEntry {
  const params = [V, p("path", T.string), opt("type", T.any)];
  const whole = scalar({
    name,
    params,
    coerce: (a) => a,
    returns: VARIANT,
    lower: name,
    usage,
    group: GROUP,
  });
  return {
    ...whole,
    // What `v:a` makes shows its name inside of other expressions.
    pretty: (args, { extra }) =>
      `${name}(${args.join(", ")})${extra?.columnName === undefined ? "" : ` AS ${extra.columnName}`}`,
    bind: (args, ctx) => {
      // Numbers of arguments; types are looked at below, without the third.
      scalar({
        name,
        params: params.map((param) => ({ ...param, type: T.any })),
        coerce: (a) => a,
        returns: VARIANT,
        usage,
        group: GROUP,
      }).bind(args, ctx);
      const type = args[2] === undefined ? VARIANT : schemaOf(args[2], ctx, 2).type;
      return scalar({
        name,
        params: params.slice(0, 2),
        coerce: "expect",
        check: (_, __, call) => {
          if (!canCast(VARIANT, type, "ansi")) throw cannotCast(call, VARIANT, type);
        },
        returns: type,
        nullable: "always",
        usage,
        group: GROUP,
      }).bind(args.slice(0, 2), ctx);
    },
    lower: ([v, path], ctx) => {
      const { type } = ctx.call;
      const spec = textSpecSql(name, type, ctx.timeZone);
      const sql = ctx.kernel("variant_cast", asNestedText(v as string), path as string, spec);
      return type.kind === "variant" ? asVariant(sql, ctx) : ofNestedText(sql, type);
    },
  };
}

/** A function of one variant. */
function ofVariant(
  name: string,
  returns: DataType,
  nullable: "any" | "never",
  usage: string,
  kernel = name,
): FunctionEntry {
  return scalar({
    name,
    params: [V],
    coerce: "expect",
    returns,
    nullable,
    lower: ([v], ctx) => {
      const sql = ctx.kernel(kernel, asNestedText(v as string));
      return returns.kind === "boolean" ? `(${sql})::BOOLEAN` : sql;
    },
    usage,
    group: GROUP,
  });
}

/** What is put into a variant: anything that a cast makes one of. */
function toVariant(e: Expr, ctx: BindContext): Expr {
  return e.type.kind === "variant" || !canCast(e.type, VARIANT, "ansi") ? e : castTo(e, VARIANT, ctx.conf);
}

function mustFold(e: Expr, name: string, call: Call): void {
  if (!isFoldable(e)) throw nonFoldableInput(call, name, '"BOOLEAN"', e);
}

function editing(plain: string, isTry: boolean, usage: string): FunctionEntry {
  const name = isTry ? `try_${plain}` : plain;
  const isSet = plain === "variant_set";
  return scalar({
    name,
    params: [
      V,
      p("path", T.string),
      p("val", T.any),
      ...(isSet ? [opt("create_if_missing", T.boolean, lit(true, BOOLEAN))] : []),
    ],
    coerce: (args, ctx) =>
      args.map((a, i) => {
        if (i === 2) return toVariant(a, ctx);
        const wanted = [VARIANT, STRING, VARIANT, BOOLEAN][i] as DataType;
        return a.type.kind === "null" ? castTo(a, wanted, ctx.conf) : a;
      }),
    check: ([, , value, creates], _, call) => {
      const { type } = value as Expr;
      if (type.kind !== "variant") throw cannotCast(call, type, VARIANT);
      if (creates !== undefined) mustFold(creates, "create_if_missing", call);
    },
    returns: VARIANT,
    nullable: isTry ? "always" : "any",
    lower: ([v, path, value, creates = "true"], ctx) =>
      asVariant(
        ctx.kernel(
          "variant_edit",
          sqlText(name),
          asNestedText(v as string),
          path as string,
          asNestedText(value as string),
          `(${creates})::INTEGER`,
        ),
        ctx,
      ),
    usage,
    group: GROUP,
  });
}

const ROW = [
  { name: "pos", type: INTEGER, nullable: false },
  { name: "key", type: STRING, nullable: true },
  { name: "value", type: VARIANT, nullable: false },
];

function exploding(name: string, usage: string): FunctionEntry {
  const isOuter = name.endsWith("_outer");
  const columns = isOuter ? ROW.map((c) => ({ ...c, nullable: true })) : ROW;
  const row = `STRUCT(${ROW.map((c, i) => `f${i} ${duckType(c.type)}`).join(", ")})`;
  return {
    ...generator({
      name,
      params: [p("input", T.variant)],
      coerce: "expect",
      returns: NULL,
      generates: () => columns,
      lower: ([v], ctx) => {
        const rows = `CAST(${ctx.kernel("variant_explode", asNestedText(v as string))} AS ${row}[])`;
        if (!isOuter) return rows;
        const r = ctx.fresh("r");
        return bindSql(rows, r, `CASE WHEN len(${r}) > 0 THEN ${r} ELSE [NULL::${row}] END`);
      },
      usage,
      group: GROUP,
    }),
    isTableFunction: true,
  };
}

const variantGet = getting(
  "variant_get",
  "variant_get(v, path[, type]) - Returns what the path leads to, cast to the type.",
);

/** Functions of variants. */
export const VARIANTS: readonly FunctionEntry[] = [
  parsing("parse_json", "parse_json(jsonStr) - Returns the JSON as a variant."),
  parsing(
    "try_parse_json",
    "try_parse_json(jsonStr) - Returns the JSON as a variant, NULL for what is none.",
  ),
  variantGet,
  getting(
    "try_variant_get",
    "try_variant_get(v, path[, type]) - As variant_get, with NULL for failed casts.",
  ),
  ofVariant("is_variant_null", BOOLEAN, "never", "is_variant_null(v) - Whether it holds JSON's null."),
  ofVariant("is_valid_variant", BOOLEAN, "any", "is_valid_variant(v) - Whether its bytes are well formed."),
  ofVariant("schema_of_variant", STRING, "any", "schema_of_variant(v) - Returns its schema as text."),
  aggregate({
    name: "schema_of_variant_agg",
    params: [V],
    coerce: "expect",
    returns: STRING,
    nullable: "never",
    lower: ([v], ctx) => ctx.kernel("schema_of_variants", asNestedText(ctx.agg("list", [v as string]))),
    usage: "schema_of_variant_agg(v) - Returns the schema that fits all variants.",
    group: "agg_funcs",
  }),
  scalar({
    name: "to_variant_object",
    params: [p("expr", T.any)],
    coerce: (args) => args,
    check: ([e], _, call) => {
      const { type } = e as Expr;
      if (!canBecomeVariantObject(type)) throw cannotCast(call, type, VARIANT);
    },
    returns: VARIANT,
    lower: ([value], ctx) => {
      const spec = textSpecSql("to_variant", (ctx.call.args[0] as Expr).type, ctx.timeZone);
      return asVariant(ctx.kernel("to_variant", asNestedText(value as string), spec), ctx);
    },
    usage: "to_variant_object(expr) - Returns a nested value as a variant, structs and maps as objects.",
    group: GROUP,
  }),
  ...["variant_insert", "variant_set", "variant_array_append"].flatMap((name) => [
    editing(name, false, `${name}(v, path, val) - Returns the variant with the value in that place.`),
    editing(name, true, `try_${name}(v, path, val) - As ${name}, NULL where that cannot be.`),
  ]),
  scalar({
    name: "variant_delete",
    params: [V, rest("path", T.string, 1)],
    coerce: "expect",
    returns: VARIANT,
    nullable: ([v]) => (v as Expr).nullable,
    lower: ([v, ...paths], ctx) =>
      asVariant(ctx.kernel("variant_delete", asNestedText(v as string), ...paths), ctx),
    usage: "variant_delete(v, path, ...) - Returns the variant without what the paths lead to.",
    group: GROUP,
  }),
  scalar({
    name: "variant_strip_nulls",
    params: [V, opt("include_arrays", T.boolean, lit(true, BOOLEAN))],
    coerce: "expect",
    check: ([, inArrays], _, call) => {
      if (inArrays !== undefined) mustFold(inArrays, "include_arrays", call);
    },
    returns: VARIANT,
    lower: ([v, inArrays = "true"], ctx) =>
      asVariant(ctx.kernel("variant_strip_nulls", asNestedText(v as string), `(${inArrays})::INTEGER`), ctx),
    usage: "variant_strip_nulls(v[, include_arrays]) - Returns the variant without JSON's nulls.",
    group: GROUP,
  }),
  exploding("variant_explode", "variant_explode(input) - Makes a row of each element or field."),
  exploding("variant_explode_outer", "variant_explode_outer(input) - The same, or one row of NULLs."),
  {
    name: "semi_structured_extract",
    kind: "scalar",
    usage: "v:a.b - Returns what the path leads to.",
    group: GROUP,
    bind: (args, ctx) => {
      const [v, path] = args as readonly [Expr, Expr];
      if (v.type.kind !== "variant") throw bindError("COLUMN_IS_NOT_VARIANT_TYPE", {}, undefined);
      const get = variantGet.bind([v, path], { ...ctx, name: "variant_get" }) as Call;
      const keys = [...String(evaluateLiteral(path)).matchAll(/\.([^.[]+)|\["((?:[^"])*)"\]/g)];
      const last = keys.at(-1);
      return { ...get, extra: { columnName: last?.[1] ?? last?.[2] ?? "" } };
    },
  },
];
