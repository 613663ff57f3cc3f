import { sparkError } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import { array, BINARY, DOUBLE, INTEGER, LONG, STRING } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { castTo, implicitCast } from "../coercion.ts";
import type { Param } from "../define.ts";
import { aggregate, lit, opt, p, scalar } from "../define.ts";
import type { Call, Expr } from "../expr.ts";
import { evaluateLiteral, isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import type { InputType } from "../input-type.ts";
import { T } from "../input-type.ts";
import { quotedExpr, typeMismatch, unexpectedInputType, unexpectedNull } from "../type-error.ts";

const GROUP = "sketch_funcs";
/** What keys may be. */
export const KEY: InputType = T.oneOf(
  T.of(array(INTEGER)),
  T.of(array(LONG)),
  T.binary,
  T.double,
  T.of({ kind: "float" }),
  T.int,
  T.long,
  T.string,
);

/** The value of an option that Spark reads before the query runs. */
export function knownOption(call: Call, name: string, e: Expr): unknown {
  if (!isFoldable(e)) {
    const shown = quotedExpr(e).slice(1, -1);
    throw typeMismatch("NON_FOLDABLE_INPUT", call, {
      inputName: name,
      inputType: simpleString(e.type),
      inputExpr: e.kind === "Attr" && e.qualifier.length > 0 ? `${e.qualifier.at(-1)}.${shown}` : shown,
    });
  }
  const value = evaluateLiteral(e);
  if (value === null) throw unexpectedNull(call, name);
  return value;
}

/** A key as text for the kernel. */
export function keyText(x: string, type: DataType): string {
  switch (type.kind) {
    case "float":
    case "double":
      return `'d' || ${x}::DOUBLE::VARCHAR`;
    case "string":
      return `'x' || hex(encode(${x}))`;
    case "binary":
      return `'x' || hex(${x})`;
    case "array":
      // A NULL among the elements counts as a zero.
      return `'${type.elementType.kind === "long" ? "L" : "I"}' || array_to_string(list_transform(${x}, lambda e: coalesce(e, 0)), ';')`;
    default:
      return `'l' || ${x}::VARCHAR`;
  }
}

const LG = opt("lgNomEntries", T.any, lit(12, INTEGER));
const MODE = opt("mode", T.any, lit("sum", STRING));
const MODES = ["sum", "min", "max", "alwaysone"];

type Role = "key" | "summary" | "sketch" | "lg" | "mode";
interface Spec {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly returns: DataType;
  readonly usage: string;
}

const PARAMS: Readonly<Record<Role, (i: number) => Param>> = {
  key: () => p("key", T.any),
  summary: () => p("summary", T.any),
  sketch: (i) => p(`sketch${i + 1}`, T.any),
  lg: () => LG,
  mode: () => MODE,
};

function coerce({ name, roles }: Spec, type: DataType) {
  const isTuple = name.startsWith("tuple");
  return (args: readonly Expr[], ctx: BindContext): readonly Expr[] =>
    args.map((arg, i) => {
      switch (roles[i]) {
        case "summary":
          return implicitCast(arg, T.of(type), ctx.conf);
        case "lg":
          if (isTuple) return implicitCast(arg, T.int, ctx.conf);
          return arg.type.kind === "null" ? castTo(arg, INTEGER, ctx.conf) : arg;
        case "mode":
          return implicitCast(arg, T.string, ctx.conf);
        case "key":
          if (arg.type.kind === "null") return castTo(arg, LONG, ctx.conf);
          return isTuple ? implicitCast(arg, KEY, ctx.conf) : arg;
        default:
          return arg.type.kind === "null" ? castTo(arg, BINARY, ctx.conf) : arg;
      }
    });
}

function check({ name, roles }: Spec, summary: DataType) {
  const types: Readonly<Record<Role, InputType>> = {
    key: KEY,
    summary: T.of(summary),
    sketch: T.binary,
    lg: T.int,
    mode: T.string,
  };
  return (args: readonly Expr[], _ctx: BindContext, call: Call): void => {
    for (const [i, arg] of args.entries()) {
      const role = roles[i] as Role;
      if (!types[role].accepts(arg.type)) throw unexpectedInputType(call, i, types[role], arg);
      if (name.startsWith("theta") && role === "lg" && name.endsWith("_agg") && !isFoldable(arg)) {
        throw sparkError("SparkRuntimeException", {
          condition: "THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT",
          messageParameters: { function: `\`${name}\`` },
        });
      }
      if (name.startsWith("theta") || (role !== "lg" && role !== "mode")) continue;
      const value = knownOption(call, role === "lg" ? "lgNomEntries" : "mode", arg);
      if (typeof value === "number" && (value < 4 || value > 26)) {
        const msg = `[SKETCH_INVALID_LG_NOM_ENTRIES] Invalid call to \`${name}\`; the \`lgNomEntries\` value must be between 4 and 26, inclusive: ${value}. SQLSTATE: 22003`;
        throw typeMismatch("TYPE_CHECK_FAILURE_WITH_HINT", call, { msg, hint: "" });
      }
      if (typeof value === "string" && !MODES.includes(value.toLowerCase())) {
        const msg = `[TUPLE_INVALID_SKETCH_MODE] Invalid call to \`${name}\`: mode '${value}' is not supported. Valid modes are: ${MODES.join(", ")}. SQLSTATE: 22023`;
        throw typeMismatch("TYPE_CHECK_FAILURE_WITH_HINT", call, { msg, hint: "" });
      }
    }
  };
}

function lowered({ name, roles, returns }: Spec) {
  return (args: readonly string[], ctx: LowerContext): string => {
    const at = (role: Role, n = 0): string | undefined =>
      args[roles.flatMap((r, i) => (r === role ? [i] : []))[n] ?? -1];
    const type = (ctx.call.args[0] as Expr).type;
    let first = `hex(${at("sketch")})`;
    if (/_agg(_|$)/.test(name)) {
      const key = at("key");
      const summary = at("summary");
      const item =
        key === undefined
          ? first
          : `${keyText(key, type)}${summary === undefined ? "" : ` || '=' || ${summary}::VARCHAR`}`;
      first = `coalesce(array_to_string(${ctx.agg("list", [item], { distinct: false, filter: `${args[0]} IS NOT NULL${summary === undefined ? "" : ` AND ${summary} IS NOT NULL`}` })}, ','), '')`;
    }
    const second = at("sketch", 1);
    const text = ctx.kernel(
      "set_sketch",
      `'${name}'`,
      first,
      second === undefined ? "''" : `hex(${second})`,
      at("lg") === undefined
        ? "12"
        : name.endsWith("_agg")
          ? `coalesce(${at("lg")}, 0)`
          : (at("lg") as string),
      at("mode") ?? "'sum'",
    );
    if (returns.kind === "binary") return `unhex(${text})`;
    return returns.kind === "long" ? `(${text})::DOUBLE::BIGINT` : `(${text})::DOUBLE`;
  };
}

function entry(spec: Spec): FunctionEntry {
  const summary = spec.name.endsWith("integer") ? INTEGER : DOUBLE;
  const isAggregate = /_agg(_|$)/.test(spec.name);
  const common = {
    name: spec.name,
    params: spec.roles.map((role, i) => PARAMS[role](i)),
    coerce: coerce(spec, summary),
    check: check(spec, summary),
    returns: spec.returns,
    lower: lowered(spec),
    usage: `${spec.name}(${spec.roles.join(", ")}) - ${spec.usage}`,
    group: GROUP,
  };
  return isAggregate ? aggregate({ ...common, nullable: "never" }) : scalar(common);
}

function family(prefix: string, suffix: string, isTuple: boolean): readonly Spec[] {
  const mode: readonly Role[] = isTuple ? ["mode"] : [];
  const spec = (name: string, roles: readonly Role[], returns: DataType, usage: string): Spec => ({
    name: `${prefix}_${name}${suffix}`,
    roles,
    returns,
    usage,
  });
  const both: readonly Role[] = ["sketch", "sketch"];
  return [
    spec(
      "sketch_agg",
      isTuple ? ["key", "summary", "lg", "mode"] : ["key", "lg"],
      BINARY,
      "Returns a sketch of the keys.",
    ),
    spec(
      "sketch_estimate",
      ["sketch"],
      isTuple ? DOUBLE : LONG,
      "Returns about how many keys the sketch has seen.",
    ),
    spec("union_agg", ["sketch", "lg", ...mode], BINARY, "Returns the union of the sketches."),
    spec("intersection_agg", ["sketch", ...mode], BINARY, "Returns what the sketches have in common."),
    ...(isTuple ? ["", "_theta"] : [""]).flatMap((w) => [
      spec(`union${w}`, [...both, "lg", ...mode], BINARY, "Returns the union of two sketches."),
      spec(`intersection${w}`, [...both, ...mode], BINARY, "Returns what two sketches have in common."),
      spec(`difference${w}`, both, BINARY, "Returns what the first sketch has and the second has not."),
    ]),
    ...(isTuple
      ? [
          spec(
            "sketch_summary",
            ["sketch", "mode"],
            suffix === "_double" ? DOUBLE : LONG,
            "Returns the summary of all keys.",
          ),
          spec("sketch_theta", ["sketch"], DOUBLE, "Returns which part of all hashes the sketch keeps."),
        ]
      : []),
  ];
}

/** Theta and tuple sketches. */
export const SET_SKETCHES: readonly FunctionEntry[] = [
  ...family("theta", "", false),
  ...family("tuple", "_double", true),
  ...family("tuple", "_integer", true),
].map(entry);
