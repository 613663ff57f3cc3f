import { isIntegral } from "../../types/data-type.ts";
import { lowBits } from "../arithmetic-sql.ts";
import { wrap } from "../cast/to-number.ts";
import { p, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import type { FunctionEntry, LowerContext } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { checkOperands, coerceOperands, operatorCall } from "../operands.ts";
import { wrongNumArgs } from "../type-error.ts";

function binary(name: "&" | "|" | "^", usage: string): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage,
    group: "bitwise_funcs",
    bind: (args, ctx) => {
      if (args.length !== 2) throw wrongNumArgs(name, "2", args.length, ctx.origin);
      const pair = coerceOperands(
        args[0] as Expr,
        args[1] as Expr,
        { accepts: T.integral, isComparison: false },
        ctx.conf,
      );
      const bound = operatorCall(name, pair, pair[0].type, ctx);
      checkOperands(bound, pair, T.integral);
      return bound;
    },
    lower: ([a, b]) => (name === "^" ? `xor(${a}, ${b})` : `(${a} ${name} ${b})`),
    pretty: ([a, b]) => `(${a} ${name} ${b})`,
  };
}

function shift(
  name: string,
  sign: string,
  usage: string,
  lower: (x: string, n: string, isLong: boolean) => string,
): FunctionEntry {
  return scalar({
    name,
    aliases: [sign],
    params: [p("base", T.oneOf(T.int, T.long)), p("expr", T.int)],
    returns: ([x]) => (x as Expr).type,
    lower: ([x, n], ctx: LowerContext) => {
      const isLong = ctx.call.type.kind === "long";
      // As Java does, only the low bits of the distance count.
      return ctx.let(x as string, (v) => lower(v, `(${n} & ${isLong ? 63 : 31})`, isLong));
    },
    pretty: ([a, b], call) => (call.name === sign ? `(${a} ${sign} ${b})` : `${name}(${a}, ${b})`),
    usage,
    group: "bitwise_funcs",
  });
}

/** Operators on bits. */
export const BITWISE: readonly FunctionEntry[] = [
  binary("&", "expr1 & expr2 - Returns the bits set in both."),
  binary("|", "expr1 | expr2 - Returns the bits set in one of both."),
  binary("^", "expr1 ^ expr2 - Returns the bits set in just one of both."),
  scalar({
    name: "~",
    plainAliases: ["bitwise_not", "bitwisenot"],
    params: [p("expr", T.integral)],
    coerce: "expect",
    returns: ([x]) => (isIntegral((x as Expr).type) ? (x as Expr).type : { kind: "integer" }),
    lower: ([x]) => `(~${x})`,
    pretty: ([x]) => `~${x}`,
    usage: "~ expr - Returns the bits turned over.",
    group: "bitwise_funcs",
  }),
  shift("shiftleft", "<<", "shiftleft(base, expr) - Returns the bits moved to the left.", (x, n, isLong) =>
    isLong
      ? lowBits(`(${x}::HUGEINT * (1::HUGEINT << ${n}))`)
      : wrap(`(${x}::BIGINT * (1::BIGINT << ${n}))`, 32, "INTEGER"),
  ),
  shift(
    "shiftright",
    ">>",
    "shiftright(base, expr) - Returns the bits moved to the right, the sign kept.",
    (x, n) => `(${x} >> ${n})`,
  ),
  shift(
    "shiftrightunsigned",
    ">>>",
    "shiftrightunsigned(base, expr) - Returns the bits moved to the right, zeros put in.",
    (x, n, isLong) =>
      isLong
        ? lowBits(
            `((${x}::HUGEINT + CASE WHEN ${x} < 0 THEN 18446744073709551616::HUGEINT ELSE 0 END) // (1::HUGEINT << ${n}))`,
          )
        : wrap(`((${x}::BIGINT & 4294967295) >> ${n})`, 32, "INTEGER"),
  ),
];
