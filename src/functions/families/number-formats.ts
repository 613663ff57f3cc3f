import { sparkError } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import { decimal, STRING } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { decimalText } from "../cast/to-text.ts";
import { p, scalar } from "../define.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";
import { formatFault, parseNumberFormat } from "../number-format.ts";
import { entryOf } from "../registry.ts";
import { bindError, nonFoldableArgument, nonFoldableInput, wrongNumArgs } from "../type-error.ts";

/** The format, known before the query runs; undefined for NULL. */
function knownFormat(format: Expr): string | undefined {
  const value = evaluateLiteral(format.kind === "CastExpr" ? format.child : format);
  return value === undefined || value === null ? undefined : `${value}`;
}

function checkFormat([, format]: readonly Expr[], ctx: BindContext, call: Call): void {
  const given = format as Expr;
  if (!isFoldable(given)) {
    throw nonFoldableInput(
      call,
      given.kind === "Attr" ? "attributereference" : "format",
      quotedSqlType(STRING),
      given,
    );
  }
  const text = knownFormat(given);
  if (text === undefined) return;
  const fault = formatFault(parseNumberFormat(text));
  if (fault === undefined) return;
  throw bindError(
    `INVALID_FORMAT.${fault.kind}`,
    { format: `'${text.toUpperCase()}'`, ...fault.parameters },
    ctx.origin,
  );
}

function numberType([, format]: readonly Expr[]): DataType {
  const text = knownFormat(format as Expr);
  if (text === undefined) return decimal(10, 0);
  const { precision, scale } = parseNumberFormat(text);
  if (precision > 38) {
    throw sparkError("ArithmeticException", {
      condition: "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
      messageParameters: { precision: `${precision}`, maxPrecision: "38" },
    });
  }
  return decimal(precision, scale);
}

function toNumber(name: string, isTry: boolean): FunctionEntry {
  return scalar({
    name,
    params: [p("expr", T.string), p("fmt", T.string)],
    check: checkFormat,
    returns: numberType,
    ...(isTry ? { nullable: "always" as const } : {}),
    lower: ([x, format], ctx) => {
      const type = ctx.call.type as { readonly precision: number; readonly scale: number };
      return `(${ctx.kernel("to_number", x as string, format as string, isTry ? "1" : "0")})::DECIMAL(${type.precision},${type.scale})`;
    },
    usage: `${name}(expr, fmt) - Returns the number that the text shows in the format${isTry ? "; NULL where it shows none" : ""}.`,
    group: "string_funcs",
  });
}

/** Numbers; other types are handed on to the function that formats them. */
function toChar(name: string): FunctionEntry {
  const numbers = scalar({
    name,
    shownName: "to_char",
    params: [p("expr", T.decimal), p("format", T.string)],
    check: checkFormat,
    returns: STRING,
    lower: ([x, format], ctx) =>
      ctx.kernel(
        "to_char",
        decimalText(x as string, (ctx.call.args[0] as Expr).type as never),
        format as string,
      ),
    usage: `${name}(expr, format) - Returns the number, time or bytes as text in the format.`,
    group: "string_funcs",
  });
  return {
    ...numbers,
    bind: (args, ctx) => {
      if (args.length !== 2) throw wrongNumArgs(name, "2", args.length, ctx.origin);
      const [x, format] = args as [Expr, Expr];
      const as = (fn: string, ...given: Expr[]): Expr => entryOf(fn).bind(given, { ...ctx, name: fn });
      switch (x.type.kind) {
        case "date":
        case "timestamp":
        case "timestamp_ntz":
          return as("date_format", x, format);
        case "binary": {
          const text = isFoldable(format) ? evaluateLiteral(format) : undefined;
          if (text === undefined || text === null)
            throw nonFoldableArgument(name, "format", format.type, ctx.origin);
          switch (`${text}`.toLowerCase().trim()) {
            case "base64":
              return as("base64", x);
            case "hex":
              return as("hex", x);
            case "utf-8":
              return as("decode", x, format);
            default:
              throw bindError(
                "INVALID_PARAMETER_VALUE.BINARY_FORMAT",
                { parameter: "`format`", functionName: `\`${name}\``, invalidFormat: `'${text}'` },
                ctx.origin,
              );
          }
        }
        default:
          return numbers.bind(args, ctx);
      }
    },
  };
}

/** Numbers by patterns of digits, commas and signs. */
export const NUMBER_FORMATS: readonly FunctionEntry[] = [
  toNumber("to_number", false),
  toNumber("try_to_number", true),
  toChar("to_char"),
  toChar("to_varchar"),
];
