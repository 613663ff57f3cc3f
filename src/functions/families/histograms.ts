import type { ArrayType, DataType, StructField, StructType } from "../../types/data-type.ts";
import { array, DOUBLE, struct } from "../../types/data-type.ts";
import { castTo, implicitCast } from "../coercion.ts";
import { aggregate, p } from "../define.ts";
import { duckType, nullOfType } from "../duck-type.ts";
import type { Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { nonFoldableInput, unexpectedNull, valueOutOfRange } from "../type-error.ts";

const BINNED: InputType = {
  ...T.oneOf(T.numeric, T.date, T.timestamp, T.timestampNtz, T.yearMonthInterval, T.dayTimeInterval),
  sql: '("NUMERIC" or "DATE" or "TIMESTAMP" or "TIMESTAMP_NTZ" or "INTERVAL YEAR TO MONTH" or "INTERVAL DAY TO SECOND" or "TIME")',
};

/** A value as a number that a histogram can average. */
function asDouble(x: string, type: DataType): string {
  if (type.kind === "date") return `(${x} - DATE '1970-01-01')::DOUBLE`;
  return type.kind === "timestamp" || type.kind === "timestamp_ntz"
    ? `epoch_us(${x})::DOUBLE`
    : `${x}::DOUBLE`;
}

/** A bin's centre, cut to what the type holds. */
function fromDouble(x: string, type: DataType): string {
  switch (type.kind) {
    case "date":
      return `(DATE '1970-01-01' + trunc(${x})::INTEGER)`;
    case "timestamp":
    case "timestamp_ntz":
      return `make_timestamp(trunc(${x})::BIGINT)`;
    case "float":
    case "double":
    case "decimal":
      return `${x}::${duckType(type)}`;
    default:
      return `trunc(${x})::${duckType(type)}`;
  }
}

function lowerHistogram([x, bins]: readonly string[], ctx: LowerContext): string {
  const type = (ctx.call.args[0] as Expr).type;
  const centre = (((ctx.call.type as ArrayType).elementType as StructType).fields[0] as StructField).dataType;
  const values = ctx.agg("list", [`${asDouble(x as string, type)}::VARCHAR`], { filter: `${x} IS NOT NULL` });
  const [l, b, s] = [ctx.fresh("l"), ctx.fresh("b"), ctx.fresh("s")];
  const text = ctx.kernel("histogram_numeric", `array_to_string(${l}, ';')`, bins as string);
  const bin = `{'f0': ${fromDouble(`${s}[1]::DOUBLE`, centre)}, 'f1': ${s}[2]::DOUBLE}`;
  const list = `list_transform(list_transform(string_split(${text}, ';'), lambda ${b}: string_split(${b}, ',')), lambda ${s}: ${bin})`;
  return `list_transform([${values}], lambda ${l}: CASE WHEN len(${l}) > 0 THEN ${list} ELSE ${nullOfType(ctx.call.type)} END)[1]`;
}

/** Histograms. */
export const HISTOGRAMS: readonly FunctionEntry[] = [
  aggregate({
    name: "histogram_numeric",
    params: [p("col", BINNED), p("nb", T.int)],
    coerce: ([x, n], ctx) => {
      const [col, bins] = [x as Expr, n as Expr];
      const isText = col.type.kind === "string" || col.type.kind === "null";
      return [isText ? castTo(col, DOUBLE, ctx.conf) : col, implicitCast(bins, T.int, ctx.conf)];
    },
    check: ([, n], _ctx, call) => {
      const bins = n as Expr;
      if (!isFoldable(bins)) throw nonFoldableInput(call, "nb", '"INT"', bins);
      const value = evaluateLiteral(bins);
      if (value === null) throw unexpectedNull(call, "nb");
      if (value !== undefined && Number(value) < 2)
        throw valueOutOfRange(call, "nb", "[2, 2147483647]", `${value}`);
    },
    returns: ([x]) =>
      array(
        struct([
          { name: "x", dataType: (x as Expr).type, nullable: true },
          { name: "y", dataType: DOUBLE, nullable: true },
        ]),
        true,
      ),
    nullable: "always",
    lower: lowerHistogram,
    usage:
      "histogram_numeric(col, nb) - Returns a histogram of at most nb bins, each with its centre and height.",
    group: "agg_funcs",
  }),
];
