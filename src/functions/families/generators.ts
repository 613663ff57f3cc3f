import type { DataType } from "../../types/data-type.ts";
import { INTEGER, NULL, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { mergeNullability } from "../coercion.ts";
import { generator, p, rest } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral } from "../fold.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { bindSql } from "../lambda-sql.ts";
import { typeMismatch, valueOutOfRange } from "../type-error.ts";

interface Generated {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

const COLLECTION = T.oneOf(T.array, T.map);
const POSITION: Generated = { name: "pos", type: INTEGER, nullable: false };

function asNullable(columns: readonly Generated[], isOuter: boolean): readonly Generated[] {
  return isOuter ? columns.map((c) => ({ ...c, nullable: true })) : columns;
}

/** The columns of the elements of an array or of the entries of a map. */
function elements(call: Call): readonly Generated[] {
  const { type } = call.args[0] as Expr;
  if (type.kind === "array") return [{ name: "col", type: type.elementType, nullable: type.containsNull }];
  if (type.kind === "map")
    return [
      { name: "key", type: type.keyType, nullable: false },
      { name: "value", type: type.valueType, nullable: type.valueContainsNull },
    ];
  throw new Error("neither an array nor a map");
}

/** A list of rows; an outer generator makes one row of NULLs where there would be none. */
function orOneRow(rows: string, isOuter: boolean, columns: readonly Generated[], fresh: string): string {
  if (!isOuter) return rows;
  const nulls = columns.map((c, i) => `'f${i}': NULL::${duckType(c.type)}`).join(", ");
  return bindSql(rows, fresh, `CASE WHEN len(${fresh}) > 0 THEN ${fresh} ELSE [{${nulls}}] END`);
}

function explode(name: string, usage: string): FunctionEntry {
  const hasPosition = name.startsWith("pos");
  const isOuter = name.endsWith("_outer");
  const generates = (call: Call): readonly Generated[] =>
    asNullable([...(hasPosition ? [POSITION] : []), ...elements(call)], isOuter);
  return generator({
    name,
    params: [p("collection", COLLECTION)],
    coerce: (args) => args,
    returns: NULL,
    generates,
    lower: ([collection], ctx) => {
      const isMap = (ctx.call.args[0] as Expr).type.kind === "map";
      const [e, i] = [ctx.fresh("e"), ctx.fresh("i")];
      const values = isMap ? [`${e}.key`, `${e}.value`] : [e];
      const fields = [...(hasPosition ? [`(${i} - 1)::INTEGER`] : []), ...values];
      const row = `{${fields.map((f, at) => `'f${at}': ${f}`).join(", ")}}`;
      const list = isMap ? `map_entries(${collection})` : collection;
      const rows = `list_transform(${list}, lambda ${e}${hasPosition ? `, ${i}` : ""}: ${row})`;
      return orOneRow(rows, isOuter, generates(ctx.call), ctx.fresh("r"));
    },
    usage,
    group: "generator_funcs",
  });
}

function inline(name: string, usage: string): FunctionEntry {
  const isOuter = name.endsWith("_outer");
  const generates = (call: Call): readonly Generated[] => {
    const { type } = call.args[0] as Expr;
    if (type.kind !== "array" || type.elementType.kind !== "struct") throw new Error("no array of structs");
    const { containsNull } = type;
    const fields = type.elementType.fields.map((f) => ({
      name: f.name,
      type: f.dataType,
      nullable: containsNull || f.nullable,
    }));
    return asNullable(fields, isOuter);
  };
  return generator({
    name,
    params: [p("input", { ...T.arrayOf(T.struct), sql: '"ARRAY<STRUCT>"' })],
    coerce: (args) => args,
    returns: NULL,
    generates,
    lower: ([list], ctx) => {
      // A NULL struct is a row of NULLs.
      const e = ctx.fresh("e");
      const columns = generates(ctx.call);
      const row = `{${columns.map((_, i) => `'f${i}': struct_extract(${e}, 'f${i}')`).join(", ")}}`;
      return orOneRow(`list_transform(${list}, lambda ${e}: ${row})`, isOuter, columns, ctx.fresh("r"));
    },
    usage,
    group: "generator_funcs",
  });
}

function stackShape(call: Call): { readonly rows: number; readonly columns: number } {
  const rows = Number(evaluateLiteral(call.args[0] as Expr));
  return { rows, columns: Math.ceil((call.args.length - 1) / rows) };
}

/** The type of a stacked column: that of the first value that is not an untyped NULL. */
function stackedColumns(call: Call): readonly Generated[] {
  const { rows, columns } = stackShape(call);
  return Array.from({ length: columns }, (_, c) => {
    const values = Array.from({ length: rows }, (_, r) => call.args[1 + r * columns + c]);
    const types = values.flatMap((v) => (v === undefined || v.type.kind === "null" ? [] : [v.type]));
    return { name: `col${c}`, type: types.length === 0 ? NULL : mergeNullability(types), nullable: true };
  });
}

const stack = generator({
  name: "stack",
  params: [p("n", T.int, { fold: true }), rest("expr", T.any, 1)],
  coerce: (args) => args,
  check: (_args, _ctx, call) => {
    const rows = evaluateLiteral(call.args[0] as Expr);
    if (typeof rows !== "number" || rows <= 0)
      throw valueOutOfRange(call, "`n`", "(0, 2147483647]", `${rows ?? "null"}`);
    const { columns } = stackShape(call);
    for (let i = 1; i < call.args.length; i++) {
      const column = (i - 1) % columns;
      const value = call.args[i] as Expr;
      if (value.type.kind === "null") continue;
      const at = call.args.findIndex(
        (v, j) => j > 0 && (j - 1) % columns === column && v.type.kind !== "null",
      );
      const first = call.args[at] as Expr;
      if (sameTypeIgnoringNullability(first.type, value.type)) continue;
      throw typeMismatch("STACK_COLUMN_DIFF_TYPES", call, {
        columnIndex: `${column}`,
        leftParamIndex: `${at}`,
        leftType: quotedSqlType(first.type),
        rightParamIndex: `${i}`,
        rightType: quotedSqlType(value.type),
      });
    }
  },
  returns: NULL,
  generates: stackedColumns,
  lower: (args, ctx) => {
    const { rows, columns } = stackShape(ctx.call);
    const types = stackedColumns(ctx.call);
    const row = (r: number): string =>
      `{${types.map((c, i) => `'f${i}': CAST(${args[1 + r * columns + i] ?? "NULL"} AS ${duckType(c.type)})`).join(", ")}}`;
    return `[${Array.from({ length: rows }, (_, r) => row(r)).join(", ")}]`;
  },
  usage: "stack(n, expr, ...) - Spreads the values over n rows.",
  group: "generator_funcs",
});

/** Functions that make rows. */
export const GENERATORS: readonly FunctionEntry[] = [
  explode("explode", "explode(collection) - Makes a row of each element."),
  explode("explode_outer", "explode_outer(collection) - Makes a row of each element, or one of NULLs."),
  explode("posexplode", "posexplode(collection) - Makes a row of each element and its position."),
  explode("posexplode_outer", "posexplode_outer(collection) - As posexplode, or one row of NULLs."),
  inline("inline", "inline(input) - Makes a row of each struct."),
  inline("inline_outer", "inline_outer(input) - Makes a row of each struct, or one of NULLs."),
  stack,
];
