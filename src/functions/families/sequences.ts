import { unsupported } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import { array, isIntegral, sameTypeIgnoringNullability } from "../../types/data-type.ts";
import { castIgnoringNullability, toCommonType } from "../coercion.ts";
import { opt, p, scalar } from "../define.ts";
import { duckType } from "../duck-type.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { bindSql } from "../lambda-sql.ts";
import { typeMismatch } from "../type-error.ts";

const isInterval = (t: DataType): boolean =>
  t.kind === "year_month_interval" || t.kind === "day_time_interval" || t.kind === "calendar_interval";
const isDatetime = (t: DataType): boolean =>
  t.kind === "date" || t.kind === "timestamp" || t.kind === "timestamp_ntz";

/** Spark raises this without a condition of its own. */
function illegal(start: string, stop: string, step: string, ctx: LowerContext): string {
  return ctx.raise("IllegalArgumentException", "INTERNAL_ERROR", {
    message: `'requirement failed: Illegal sequence boundaries: ' || ${start}::VARCHAR || ' to ' || ${stop}::VARCHAR || ' by ' || ${step}::VARCHAR`,
  });
}

function wholeNumbers(args: readonly string[], type: DataType, ctx: LowerContext): string {
  const [a, b, s] = [ctx.fresh("a"), ctx.fresh("b"), ctx.fresh("s")];
  const step = args[2] === undefined ? `CASE WHEN ${a} <= ${b} THEN 1 ELSE -1 END` : `${args[2]}::BIGINT`;
  const fits = `(${s} > 0 AND ${a} <= ${b}) OR (${s} < 0 AND ${a} >= ${b}) OR (${s} = 0 AND ${a} = ${b})`;
  const numbers = `CASE WHEN ${s} = 0 THEN [${a}] ELSE generate_series(${a}, ${b}, ${s}) END`;
  const made = `CASE WHEN ${a} IS NULL OR ${b} IS NULL OR ${s} IS NULL THEN NULL WHEN ${fits} THEN CAST(${numbers} AS ${duckType(type)}[]) ELSE ${illegal(a, b, s, ctx)} END`;
  return bindSql(`${args[0]}::BIGINT`, a, bindSql(`${args[1]}::BIGINT`, b, bindSql(step, s, made)));
}

/** Months and microseconds of an interval, as SQL. */
function stepParts(sql: string, type: DataType): readonly [months: string, micros: string] {
  switch (type.kind) {
    case "year_month_interval":
      return [`${sql}::BIGINT`, "0::BIGINT"];
    case "day_time_interval":
      return ["0::BIGINT", `${sql}::BIGINT`];
    default:
      return [`${sql}.f0::BIGINT`, `(${sql}.f1::BIGINT * 86400000000 + ${sql}.f2)`];
  }
}

function instants(
  args: readonly string[],
  type: DataType,
  stepType: DataType | undefined,
  ctx: LowerContext,
): string {
  const [a, b, m, u, n, i, x] = ["a", "b", "m", "u", "n", "i", "x"].map((name) => ctx.fresh(name)) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const day = `CASE WHEN ${a} <= ${b} THEN 86400000000 ELSE -86400000000 END`;
  const [months, micros] =
    args[2] === undefined || stepType === undefined ? ["0::BIGINT", day] : stepParts(args[2], stepType);
  // A month has at least 28 days: no more steps than this are needed.
  const length = `(abs(${m} * 28 * 86400000000 + ${u}))`;
  const count = `(abs(epoch_us(${b}) - epoch_us(${a})) // ${length}) + 1`;
  const at = `(${a} + to_months((${i} * ${m})::INTEGER) + to_microseconds(${i} * ${u}))`;
  const isUp = `(${m} * 28 * 86400000000 + ${u} > 0)`;
  const within = `CASE WHEN ${isUp} THEN ${x} <= ${b} ELSE ${x} >= ${b} END`;
  const list = `list_filter(list_transform(range(${n} + 1), lambda ${i}: ${at}), lambda ${x}: ${within})`;
  const fits = `(${isUp} AND ${a} <= ${b}) OR (${length} > 0 AND NOT ${isUp} AND ${a} >= ${b})`;
  const made = `CASE WHEN ${a} IS NULL OR ${b} IS NULL OR ${m} IS NULL OR ${u} IS NULL THEN NULL WHEN ${length} = 0 AND ${a} = ${b} THEN CAST([${a}] AS ${duckType(type)}[]) WHEN ${fits} THEN CAST(${bindSql(count, n, list)} AS ${duckType(type)}[]) ELSE ${illegal(`epoch_us(${a})`, `epoch_us(${b})`, `(${m} * 28 * 86400000000 + ${u})`, ctx)} END`;
  return bindSql(
    `${args[0]}::TIMESTAMP`,
    a,
    bindSql(`${args[1]}::TIMESTAMP`, b, bindSql(months, m, bindSql(micros, u, made))),
  );
}

/** Sequences of numbers, dates and timestamps. */
export const SEQUENCES: readonly FunctionEntry[] = [
  scalar({
    name: "sequence",
    params: [p("start", T.any), p("stop", T.any), opt("step", T.any)],
    coerce: (args, ctx) => {
      const step = args[2];
      const isNumber = step === undefined || !isInterval(step.type);
      const shared = isNumber && step !== undefined ? args : args.slice(0, 2);
      const cast = toCommonType(shared, ctx.conf);
      if (cast === undefined) return args;
      return step !== undefined && !isNumber
        ? [...cast, castIgnoringNullability(step, step.type, ctx.conf)]
        : cast;
    },
    check: ([start, stop, step], _ctx, call) => {
      const [a, b] = [(start as Expr).type, (stop as Expr).type];
      const isSame = sameTypeIgnoringNullability(a, b);
      const fits =
        isSame &&
        ((isIntegral(a) && (step === undefined || sameTypeIgnoringNullability(a, step.type))) ||
          (isDatetime(a) && (step === undefined || isInterval(step.type))));
      if (!fits)
        throw typeMismatch("SEQUENCE_WRONG_INPUT_TYPES", call, {
          functionName: "`sequence`",
          startType: '("TIMESTAMP" or "TIMESTAMP_NTZ" or "DATE")',
          stepType: '("INTERVAL" or "INTERVAL YEAR TO MONTH" or "INTERVAL DAY TO SECOND")',
          otherStartType: '"INTEGRAL"',
        });
    },
    returns: ([start]) => array((start as Expr).type, false),
    lower: (args, ctx) => {
      const { type } = ctx.call.args[0] as Expr;
      if (isIntegral(type)) return wholeNumbers(args, type, ctx);
      if (type.kind === "timestamp" && !["UTC", "Etc/UTC", "GMT", "Z"].includes(ctx.timeZone))
        throw unsupported("sequences of timestamps in a session time zone other than UTC");
      return instants(args, type, ctx.call.args[2]?.type, ctx);
    },
    usage: "sequence(start, stop[, step]) - Returns the values from start to stop, both included.",
    group: "array_funcs",
  }),
];
