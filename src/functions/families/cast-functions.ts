import type { DataType } from "../../types/data-type.ts";
import {
  BINARY,
  BOOLEAN,
  BYTE,
  DATE,
  DOUBLE,
  decimal,
  FLOAT,
  INTEGER,
  isNumeric,
  LONG,
  SHORT,
  STRING,
  TIMESTAMP,
} from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import { canCast } from "../cast/can-cast.ts";
import { castTo } from "../coercion.ts";
import type { CastExpr, Expr } from "../expr.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { typeMismatch, wrongNumArgs } from "../type-error.ts";

function castFunction(name: string, type: DataType): FunctionEntry {
  return {
    name,
    kind: "scalar",
    usage: `${name}(expr) - Casts the value to ${name}.`,
    group: "conversion_funcs",
    params: ["expr"],
    bind: (args, ctx) => {
      if (args.length !== 1) throw wrongNumArgs(name, "1", args.length, ctx.origin);
      const arg = args[0] as Expr;
      const mode = ctx.conf.ansiEnabled ? "ansi" : "legacy";
      const cast = castTo(arg, type, ctx.conf, {
        implicit: false,
        mode,
        ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
      });
      // Shown as its argument alone, as Spark does.
      const plain = { ...(cast as CastExpr), implicit: true };
      if (canCast(arg.type, type, mode)) return plain;
      const types = { srcType: quotedSqlType(arg.type), targetType: quotedSqlType(type) };
      const instead = insteadOf(arg.type, type);
      if (mode === "ansi" && instead !== undefined) {
        throw typeMismatch("CAST_WITH_FUNC_SUGGESTION", plain, { ...types, functionNames: instead });
      }
      if (mode === "ansi" && canCast(arg.type, type, "legacy")) {
        throw typeMismatch("CAST_WITH_CONF_SUGGESTION", plain, {
          ...types,
          config: '"spark.sql.ansi.enabled"',
          configVal: "'false'",
        });
      }
      throw typeMismatch("CAST_WITHOUT_SUGGESTION", plain, types);
    },
  };
}

/** The function that does what a cast does not. */
function insteadOf(from: DataType, to: DataType): string | undefined {
  if (isNumeric(from) && to.kind === "date") return "`DATE_FROM_UNIX_DATE`";
  return from.kind === "date" && isNumeric(to) ? "`UNIX_DATE`" : undefined;
}

/** `int(x)`, `string(x)` and the like. */
export const CAST_FUNCTIONS: readonly FunctionEntry[] = [
  castFunction("boolean", BOOLEAN),
  castFunction("tinyint", BYTE),
  castFunction("smallint", SHORT),
  castFunction("int", INTEGER),
  castFunction("bigint", LONG),
  castFunction("float", FLOAT),
  castFunction("double", DOUBLE),
  castFunction("decimal", decimal(10, 0)),
  castFunction("date", DATE),
  castFunction("timestamp", TIMESTAMP),
  castFunction("binary", BINARY),
  castFunction("string", STRING),
];
