import { DOUBLE, INTEGER, isNumeric, LONG, STRING } from "../../types/data-type.ts";
import { castTo, implicitCast } from "../coercion.ts";
import { opt, p, scalar, viaKernel } from "../define.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";

const NUMBER_OR_INTERVAL = T.oneOf(T.double, T.yearMonthInterval, T.dayTimeInterval);
const GROUP = "math_funcs";

/** One double in, one double out; Spark marks all of these as nullable and shows them in capitals. */
function unary(
  name: string,
  usage: string,
  lower: string | ((x: string) => string),
  options: {
    readonly plainAliases?: readonly string[];
    readonly aliases?: readonly string[];
    readonly shown?: string;
  } = {},
): FunctionEntry {
  return scalar({
    name,
    ...(options.aliases === undefined ? {} : { aliases: options.aliases }),
    shownName: options.shown ?? name.toUpperCase(),
    params: [p("expr", T.double)],
    returns: DOUBLE,
    nullable: "always",
    usage: `${name}(expr) - ${usage}`,
    group: GROUP,
    lower: typeof lower === "string" ? lower : ([x]) => lower(x as string),
  });
}

/** Java's functions give NaN outside their domain, where DuckDB raises an error. */
function within(name: string, inside: (x: string) => string) {
  return ([x]: readonly string[], ctx: LowerContext): string =>
    ctx.let(
      x as string,
      (v) => `CASE WHEN ${inside(v)} THEN ${name}(${v}) WHEN ${v} IS NULL THEN NULL ELSE 'nan'::DOUBLE END`,
    );
}

/** Logarithms are null at and below their lower limit. */
function logarithm(limit: string, kernel: string) {
  return ([x]: readonly string[], ctx: LowerContext): string =>
    ctx.let(x as string, (v) => `CASE WHEN ${v} > ${limit} THEN ${ctx.kernel(kernel, v)} END`);
}

/** As Java's StrictMath, to the last digit. */
function strict(name: string) {
  return ([x]: readonly string[], ctx: LowerContext): string => ctx.kernel(`strict_${name}`, x as string);
}

function guarded(
  name: string,
  usage: string,
  lower: FunctionEntry["lower"],
  shown = name.toUpperCase(),
  aliases: readonly string[] = [],
): FunctionEntry {
  return scalar({
    name,
    aliases,
    shownName: shown,
    params: [p("expr", T.double)],
    returns: DOUBLE,
    nullable: "always",
    usage: `${name}(expr) - ${usage}`,
    group: GROUP,
    ...(lower === undefined ? {} : { lower }),
  });
}

function binary(
  name: string,
  usage: string,
  lower: (x: string, y: string, ctx: LowerContext) => string,
  options: {
    readonly aliases?: readonly string[];
    readonly shown?: string;
    readonly names?: readonly [string, string];
  } = {},
): FunctionEntry {
  const [first, second] = options.names ?? ["expr1", "expr2"];
  return scalar({
    name,
    aliases: options.aliases ?? [],
    shownName: options.shown ?? name.toUpperCase(),
    params: [p(first, T.double), p(second, T.double)],
    returns: DOUBLE,
    usage: `${name}(${first}, ${second}) - ${usage}`,
    group: GROUP,
    lower: (args, ctx) => lower(args[0] as string, args[1] as string, ctx),
  });
}

/** `hex` of a number is that of its 64 bits. */
function lowerHex(args: readonly string[], ctx: LowerContext): string {
  const x = args[0] as string;
  switch (ctx.call.args[0]?.type.kind) {
    case "long":
      return `to_hex(${x})`;
    case "binary":
      return `hex(${x})`;
    default:
      return `hex(encode(${x}))`;
  }
}

export const MATH: readonly FunctionEntry[] = [
  unary(
    "sin",
    "Sine of an angle in radians.",
    (x) => `CASE WHEN isinf(${x}) THEN 'nan'::DOUBLE ELSE sin(${x}) END`,
  ),
  unary(
    "cos",
    "Cosine of an angle in radians.",
    (x) => `CASE WHEN isinf(${x}) THEN 'nan'::DOUBLE ELSE cos(${x}) END`,
  ),
  unary(
    "tan",
    "Tangent of an angle in radians.",
    (x) => `CASE WHEN isinf(${x}) THEN 'nan'::DOUBLE ELSE tan(${x}) END`,
  ),
  unary(
    "cot",
    "Cotangent of an angle in radians.",
    (x) => `CASE WHEN isinf(${x}) THEN 'nan'::DOUBLE ELSE (1::DOUBLE / tan(${x})) END`,
  ),
  unary(
    "sec",
    "Secant of an angle in radians.",
    (x) => `CASE WHEN isinf(${x}) THEN 'nan'::DOUBLE ELSE (1::DOUBLE / cos(${x})) END`,
  ),
  unary(
    "csc",
    "Cosecant of an angle in radians.",
    (x) => `CASE WHEN isinf(${x}) THEN 'nan'::DOUBLE ELSE (1::DOUBLE / sin(${x})) END`,
  ),
  guarded(
    "asin",
    "Angle in radians whose sine is expr; NaN outside -1 to 1.",
    within("asin", (v) => `${v} BETWEEN -1 AND 1`),
  ),
  guarded(
    "acos",
    "Angle in radians whose cosine is expr; NaN outside -1 to 1.",
    within("acos", (v) => `${v} BETWEEN -1 AND 1`),
  ),
  unary("atan", "Angle in radians whose tangent is expr.", "atan"),
  guarded("sinh", "Hyperbolic sine.", strict("sinh")),
  guarded("cosh", "Hyperbolic cosine.", strict("cosh")),
  guarded("tanh", "Hyperbolic tangent.", strict("tanh")),
  unary("asinh", "Inverse hyperbolic sine.", "asinh"),
  guarded(
    "acosh",
    "Inverse hyperbolic cosine; NaN below 1.",
    within("acosh", (v) => `${v} >= 1`),
  ),
  guarded("atanh", "Inverse hyperbolic tangent; infinite at -1 and 1, NaN beyond.", ([x], ctx) =>
    ctx.let(
      x as string,
      (v) =>
        `CASE WHEN ${v} > -1 AND ${v} < 1 THEN atanh(${v}) WHEN ${v} = 1 THEN 'inf'::DOUBLE WHEN ${v} = -1 THEN '-inf'::DOUBLE WHEN ${v} IS NULL THEN NULL ELSE 'nan'::DOUBLE END`,
    ),
  ),
  guarded("exp", "E to the power of expr.", strict("exp")),
  guarded("expm1", "E to the power of expr, minus 1, exact for small numbers.", strict("expm1")),
  guarded("ln", "Natural logarithm; null for numbers not above 0.", logarithm("0", "strict_log"), "ln"),
  guarded("log10", "Logarithm to base 10; null for numbers not above 0.", logarithm("0", "strict_log10")),
  guarded("log2", "Logarithm to base 2; null for numbers not above 0.", logarithm("0", "strict_log2")),
  guarded(
    "log1p",
    "Natural logarithm of 1 + expr, exact for small numbers; null for numbers not above -1.",
    logarithm("-1", "strict_log1p"),
  ),
  scalar({
    name: "log",
    shownName: "LOG",
    params: [p("base", T.double), opt("expr", T.double)],
    returns: DOUBLE,
    nullable: "always",
    usage: "log([base,] expr) - Logarithm of expr, natural without a base; null where it is not defined.",
    group: GROUP,
    pretty: (args) => (args.length === 1 ? `LOG(E(), ${args[0]})` : `LOG(${args.join(", ")})`),
    lower: (args, ctx) =>
      args.length === 1
        ? ctx.let(args[0] as string, (v) => `CASE WHEN ${v} > 0 THEN ${ctx.kernel("strict_log", v)} END`)
        : ctx.let(args[0] as string, (b) =>
            ctx.let(
              args[1] as string,
              (v) =>
                `CASE WHEN ${b} > 0 AND ${v} > 0 THEN ${ctx.kernel("strict_log", v)} / ${ctx.kernel("strict_log", b)} END`,
            ),
          ),
  }),
  guarded(
    "sqrt",
    "Square root; NaN below 0.",
    within("sqrt", (v) => `${v} >= 0`),
  ),
  unary("cbrt", "Cube root.", "cbrt"),
  unary(
    "rint",
    "The nearest whole number, ties to the even one, as a double.",
    (x) => `round_even(${x}, 0)`,
    { shown: "rint" },
  ),
  unary("degrees", "Radians as degrees.", (x) => `(${x} * 57.29577951308232::DOUBLE)`),
  unary("radians", "Degrees as radians.", (x) => `(${x} * 0.017453292519943295::DOUBLE)`),
  scalar({
    name: "e",
    shownName: "E",
    params: [],
    returns: DOUBLE,
    nullable: "never",
    usage: "e() - Euler's number.",
    group: GROUP,
    lower: () => `${Math.E}::DOUBLE`,
  }),
  scalar({
    name: "pi",
    shownName: "PI",
    params: [],
    returns: DOUBLE,
    nullable: "never",
    usage: "pi() - The ratio of a circle's circumference to its diameter.",
    group: GROUP,
    lower: () => `${Math.PI}::DOUBLE`,
  }),
  binary("power", "expr1 to the power of expr2.", (x, y) => `pow(${x}, ${y})`, { aliases: ["pow"] }),
  scalar({
    name: "sign",
    aliases: ["signum"],
    coerce: (args, ctx) =>
      args.map((a) =>
        a.type.kind === "null" || isNumeric(a.type) || a.type.kind === "string"
          ? castTo(a, DOUBLE, ctx.conf)
          : a,
      ),
    params: [p("expr", T.oneOf(T.double, T.yearMonthInterval, T.dayTimeInterval))],
    returns: DOUBLE,
    nullable: "always",
    pretty: ([x], call) => `${call.name === "sign" ? "sign" : "SIGNUM"}(${x})`,
    usage: "sign(expr) - -1, 0 or 1 for a negative number, zero or a positive one.",
    group: GROUP,
    lower: ([x], ctx) =>
      ctx.let(
        `(${x})::DOUBLE`,
        (v) => `CASE WHEN ${v} = 0 OR isnan(${v}) THEN ${v} ELSE sign(${v})::DOUBLE END`,
      ),
  }),
  binary("atan2", "Angle in radians of the point (exprX, exprY).", (y, x) => `atan2(${y}, ${x})`, {
    names: ["exprY", "exprX"],
  }),
  binary("hypot", "Length of the hypotenuse of a right triangle with these legs.", (x, y, ctx) =>
    ctx.let(`abs(${x})`, (a) =>
      ctx.let(
        `abs(${y})`,
        (b) =>
          `(CASE WHEN isinf(${a}) OR isinf(${b}) THEN 'inf'::DOUBLE WHEN greatest(${a}, ${b}) = 0 THEN 0::DOUBLE ELSE greatest(${a}, ${b}) * sqrt(1 + pow(least(${a}, ${b}) / greatest(${a}, ${b}), 2)) END)`,
      ),
    ),
  ),
  scalar({
    name: "bin",
    params: [p("expr", T.long)],
    returns: STRING,
    usage: "bin(expr) - The binary digits of a whole number, negative ones as 64 bits.",
    group: GROUP,
    lower: "to_binary",
  }),
  scalar({
    name: "hex",
    params: [p("expr", T.oneOf(T.long, T.binary, T.string))],
    returns: STRING,
    usage: "hex(expr) - Hexadecimal digits of a number, a text (in UTF-8) or bytes.",
    group: GROUP,
    lower: lowerHex,
  }),
  scalar({
    name: "factorial",
    params: [p("expr", T.int)],
    returns: LONG,
    nullable: "always",
    usage: "factorial(expr) - The product of 1 to expr; null outside 0 to 20.",
    group: GROUP,
    lower: ([x], ctx) =>
      ctx.let(x as string, (v) => `CASE WHEN ${v} BETWEEN 0 AND 20 THEN factorial(${v})::BIGINT END`),
  }),
  scalar({
    name: "conv",
    params: [p("num", T.string), p("from_base", T.int), p("to_base", T.int)],
    returns: STRING,
    nullable: "always",
    usage:
      "conv(num, from_base, to_base) - A number written in one base (2 to 36) in another; signed when to_base is negative.",
    group: GROUP,
    lower: viaKernel("conv"),
  }),
  scalar({
    name: "bit_count",
    params: [p("expr", T.oneOf(T.integral, T.boolean))],
    returns: INTEGER,
    usage: "bit_count(expr) - How many bits of the number's 64 are set.",
    group: "bitwise_funcs",
    lower: ([x], ctx) =>
      ctx.call.args[0]?.type.kind === "boolean" ? `(${x})::INTEGER` : `bit_count((${x})::BIGINT)::INTEGER`,
  }),
  scalar({
    name: "bit_get",
    aliases: ["getbit"],
    params: [p("expr", T.integral), p("pos", T.int)],
    returns: { kind: "byte" },
    usage: "bit_get(expr, pos) - The bit (0 or 1) at a position, counted from the right from 0.",
    group: "bitwise_funcs",
    lower: ([value, position], ctx) => {
      const bits = { byte: 8, short: 16, integer: 32, long: 64 }[ctx.call.args[0]?.type.kind as "byte"] ?? 64;
      return ctx.let(
        position as string,
        (at) =>
          `CASE WHEN ${at} < 0 OR ${at} >= ${bits} THEN ${ctx.raise(
            "IllegalArgumentException",
            "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE",
            {
              functionName: "'`bit_get`'",
              parameter: "'`pos`'",
              upper: `'${bits}'`,
              invalidValue: `${at}::VARCHAR`,
            },
          )} ELSE (((${value})::BIGINT >> ${at}) & 1)::TINYINT END`,
      );
    },
  }),
  scalar({
    name: "isnan",
    params: [p("expr", T.oneOf(T.double, T.of({ kind: "float" })))],
    returns: { kind: "boolean" },
    nullable: "never",
    usage: "isnan(expr) - Whether a number is NaN; false for null.",
    group: "predicate_funcs",
    lower: ([x]) => `coalesce(isnan(${x}), false)`,
  }),
  scalar({
    name: "width_bucket",
    params: [
      p("value", NUMBER_OR_INTERVAL),
      p("min_value", NUMBER_OR_INTERVAL),
      p("max_value", NUMBER_OR_INTERVAL),
      p("num_bucket", T.long),
    ],
    // Intervals count by their months or microseconds.
    coerce: (args, ctx) => {
      const kinds = new Set(args.slice(0, 3).map((a) => a.type.kind));
      const isInterval =
        kinds.size === 1 && (kinds.has("year_month_interval") || kinds.has("day_time_interval"));
      return args.map((a, i) =>
        isInterval && i < 3 ? a : implicitCast(a, i < 3 ? T.double : T.long, ctx.conf),
      );
    },
    returns: LONG,
    nullable: "always",
    usage:
      "width_bucket(value, min_value, max_value, num_bucket) - The number of the equally wide bucket that value falls into.",
    group: GROUP,
    lower: ([v, lo, hi, n], ctx) =>
      ctx.let(`${v}::DOUBLE`, (value) =>
        ctx.let(`${lo}::DOUBLE`, (low) =>
          ctx.let(`${hi}::DOUBLE`, (high) =>
            ctx.let(n as string, (count) => {
              const inside = (from: string, to: string, distance: string) =>
                `CASE WHEN ${distance} < 0 THEN 0 WHEN ${value} = ${high} OR ${distance} >= abs(${to} - ${from}) THEN ${count} + 1 ELSE floor(${count} * ${distance} / abs(${to} - ${from}))::BIGINT + 1 END`;
              const wrong = [value, low, high].map((x) => `isnan(${x})`).join(" OR ");
              return (
                `CASE WHEN ${count} <= 0 OR ${count} = 9223372036854775807 OR ${wrong} OR ${low} = ${high} OR isinf(${low}) OR isinf(${high}) THEN NULL ` +
                `WHEN ${low} < ${high} THEN ${inside(low, high, `(${value} - ${low})`)} ELSE ${inside(low, high, `(${low} - ${value})`)} END`
              );
            }),
          ),
        ),
      ),
  }),
];
