import { unsupported } from "../errors/spark-error.ts";
import type { LiteralValue } from "../plan/expression.ts";
import type { DataType } from "../types/data-type.ts";
import { isStringLike, STRING } from "../types/data-type.ts";
import { castTo, implicitCast, toCommonType } from "./coercion.ts";
import type { Call, Expr, Lit } from "./expr.ts";
import { isFoldable } from "./fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "./function-entry.ts";
import type { InputType } from "./input-type.ts";
import { differentTypes, nonFoldableInput, unexpectedInputType, wrongNumArgs } from "./type-error.ts";

/** One parameter of a function. Made by `p`, `opt` and `rest`. */
export interface Param {
  readonly name: string;
  readonly type: InputType;
  readonly isOptional: boolean;
  /** Put in for an absent argument; absent itself when the function copes with fewer arguments. */
  readonly fallback?: Lit;
  readonly isRest: boolean;
  /** For `rest`: how many there must be. */
  readonly min: number;
  /** Must be known before the query runs. */
  readonly mustFold: boolean;
}

/** A required parameter. */
export function p(name: string, type: InputType, options: { readonly fold?: boolean } = {}): Param {
  return { name, type, isOptional: false, isRest: false, min: 1, mustFold: options.fold ?? false };
}

/** An optional parameter; with a fallback the call is shown with it, as Spark's constructors do. */
export function opt(
  name: string,
  type: InputType,
  fallback?: Lit,
  options: { readonly fold?: boolean } = {},
): Param {
  const param: Param = {
    name,
    type,
    isOptional: true,
    isRest: false,
    min: 0,
    mustFold: options.fold ?? false,
  };
  return fallback === undefined ? param : { ...param, fallback };
}

/** Any number of further arguments, at least `min`. */
export function rest(name: string, type: InputType, min = 0): Param {
  return { name, type, isOptional: min === 0, isRest: true, min, mustFold: false };
}

export function lit(value: LiteralValue, type: DataType): Lit {
  return { kind: "Lit", value, type, nullable: value === null };
}

export interface FunctionSpec {
  readonly name: string;
  /** Further names; a call under one shows that name. */
  readonly aliases?: readonly string[];
  readonly params: readonly Param[];
  /**
   * How arguments get the types asked for: `implicit` (Spark's ImplicitCastInputTypes, the default), `expect`
   * (ExpectsInputTypes: only untyped NULLs are cast), `common` (all are brought to one type), or a function.
   */
  readonly coerce?:
    | "implicit"
    | "expect"
    | "common"
    | ((args: readonly Expr[], ctx: BindContext) => readonly Expr[]);
  readonly returns: DataType | ((args: readonly Expr[], ctx: BindContext) => DataType);
  /** `any` (the default): when an argument is. */
  readonly nullable?: "any" | "always" | "never" | ((args: readonly Expr[], ctx: BindContext) => boolean);
  /** Further checks of the coerced arguments; `call` is for messages. */
  readonly check?: (args: readonly Expr[], ctx: BindContext, call: Call) => void;
  /** Fixed data of the call. */
  readonly extra?: (args: readonly Expr[], ctx: BindContext) => Readonly<Record<string, unknown>>;
  /** The name of a DuckDB function with the same arguments and result, or SQL made of the lowered arguments. */
  readonly lower?: string | ((args: readonly string[], ctx: LowerContext) => string);
  /** Instead of `lower`: another bound expression that computes the call, which keeps its own name. */
  readonly rewrite?: (args: readonly Expr[], ctx: BindContext) => Expr;
  readonly pretty?: FunctionEntry["pretty"];
  /** The name shown in columns where it is not the one written: `SIN`. Aliases keep theirs. */
  readonly shownName?: string;
  /** Names shown as `name` (or `shownName`) although written otherwise. */
  readonly plainAliases?: readonly string[];
  readonly lambda?: FunctionEntry["lambda"];
  readonly usage: string;
  readonly group: string;
  readonly isNondeterministic?: boolean;
  readonly isInternal?: boolean;
}

/** A scalar function. */
export function scalar(spec: FunctionSpec): FunctionEntry {
  return define(spec, "scalar");
}

/** An aggregate function; `lower` builds on `ctx.agg`. */
export function aggregate(
  spec: FunctionSpec & {
    /** Whether IGNORE NULLS may be written. */
    readonly ignoreNulls?: boolean;
  },
): FunctionEntry {
  return define(spec, "aggregate");
}

/** A function that exists in windows only. */
export function windowFunction(
  spec: FunctionSpec & { readonly windowOnly: NonNullable<FunctionEntry["windowOnly"]> },
): FunctionEntry {
  return { ...define(spec, "window"), windowOnly: spec.windowOnly };
}

/** A generator. */
export function generator(
  spec: FunctionSpec & { readonly generates: NonNullable<FunctionEntry["generates"]> },
): FunctionEntry {
  return { ...define(spec, "generator"), generates: spec.generates };
}

/** A name that is known and refused. */
export function refused(name: string, group: string, usage: string): FunctionEntry {
  return {
    name,
    kind: "scalar",
    group,
    usage,
    bind: () => {
      throw unsupported(`the function ${name}`);
    },
  };
}

function define(spec: FunctionSpec, kind: FunctionEntry["kind"]): FunctionEntry {
  const { lower, rewrite } = spec;
  const entry: FunctionEntry = {
    name: spec.name,
    kind,
    usage: spec.usage,
    group: spec.group,
    params: spec.params.map((param) => (param.isOptional ? `${param.name}?` : param.name)),
    bind: (args, ctx) => bindCall(spec, kind, args, ctx),
  };
  return {
    ...entry,
    ...(spec.aliases === undefined && spec.plainAliases === undefined
      ? {}
      : { aliases: [...(spec.aliases ?? []), ...(spec.plainAliases ?? [])] }),
    ...(spec.isInternal === true ? { isInternal: true } : {}),
    ...(spec.isNondeterministic === true ? { isNondeterministic: true } : {}),
    ...(spec.pretty === undefined ? {} : { pretty: spec.pretty }),
    ...(spec.lambda === undefined ? {} : { lambda: spec.lambda }),
    ...(rewrite !== undefined
      ? { lower: (args: readonly string[]) => args[0] as string }
      : lower === undefined
        ? {}
        : {
            lower:
              typeof lower === "string" ? (args: readonly string[]) => `${lower}(${args.join(", ")})` : lower,
          }),
  };
}

/** The name that a call shows: the alias it was written with, else the function's own. */
function shownName(spec: FunctionSpec, written: string): string {
  const name = written.toLowerCase();
  if (name !== spec.name && spec.aliases?.includes(name) === true) return name;
  return spec.shownName ?? spec.name;
}

function bindCall(
  spec: FunctionSpec,
  kind: FunctionEntry["kind"],
  written: readonly Expr[],
  ctx: BindContext,
): Expr {
  checkArity(spec, written.length, ctx);
  const name = shownName(spec, ctx.name);
  const filled = fillDefaults(spec.params, written);
  const provisional = (args: readonly Expr[]): Call => ({
    kind: "Call",
    fn: spec.name,
    name,
    args,
    type: STRING,
    nullable: true,
    ...(ctx.distinct ? { distinct: true } : {}),
    ...(ctx.origin === undefined ? {} : { origin: ctx.origin }),
  });
  const args = coerceArgs(spec, filled, ctx, provisional);
  const shown = provisional(args);
  checkTypes(spec, args, shown);
  spec.check?.(args, ctx, shown);
  if (spec.rewrite !== undefined) {
    const result = spec.rewrite(args, ctx);
    return { ...shown, args: [result], shown: args, type: result.type, nullable: result.nullable };
  }
  const extra = spec.extra?.(args, ctx);
  return {
    ...shown,
    type: typeof spec.returns === "function" ? spec.returns(args, ctx) : spec.returns,
    nullable: resultNullable(spec, args, ctx),
    ...(extra === undefined ? {} : { extra }),
    ...(kind !== "scalar" && ctx.ignoreNulls ? { ignoreNulls: true } : {}),
    ...(ctx.withinGroup.length === 0 ? {} : { withinGroup: ctx.withinGroup }),
  };
}

function resultNullable(spec: FunctionSpec, args: readonly Expr[], ctx: BindContext): boolean {
  const rule = spec.nullable ?? "any";
  if (typeof rule === "function") return rule(args, ctx);
  return rule === "any" ? args.some((a) => a.nullable) : rule === "always";
}

function checkArity(spec: FunctionSpec, actual: number, ctx: BindContext): void {
  const last = spec.params[spec.params.length - 1];
  const required = spec.params.filter((param) => !param.isOptional && !param.isRest).length;
  const name = aritySubject(spec, ctx.name);
  if (last?.isRest === true) {
    const min = required + last.min;
    if (actual < min) throw wrongNumArgs(name, `> ${min - 1}`, actual, ctx.origin);
    return;
  }
  const max = spec.params.length;
  if (actual >= required && actual <= max) return;
  const counts = Array.from({ length: max - required + 1 }, (_, i) => required + i);
  throw wrongNumArgs(name, counts.length === 1 ? `${max}` : `[${counts.join(", ")}]`, actual, ctx.origin);
}

function aritySubject(spec: FunctionSpec, written: string): string {
  const name = written.toLowerCase();
  return spec.aliases?.includes(name) === true || spec.plainAliases?.includes(name) === true
    ? name
    : spec.name;
}

function fillDefaults(params: readonly Param[], args: readonly Expr[]): readonly Expr[] {
  if (args.length >= params.length) return args;
  const filled = [...args];
  for (const param of params.slice(args.length)) {
    if (param.fallback === undefined) break;
    filled.push(param.fallback);
  }
  return filled;
}

/** The parameter for the argument at that position. */
function paramAt(params: readonly Param[], index: number): Param {
  return params[Math.min(index, params.length - 1)] as Param;
}

function coerceArgs(
  spec: FunctionSpec,
  args: readonly Expr[],
  ctx: BindContext,
  provisional: (args: readonly Expr[]) => Call,
): readonly Expr[] {
  const rule = spec.coerce ?? "implicit";
  if (typeof rule === "function") return rule(args, ctx);
  if (rule === "common") {
    const cast = toCommonType(args, ctx.conf);
    if (cast === undefined) throw differentTypes(provisional(args), spec.name, args);
    return cast;
  }
  return args.map((arg, i) => {
    const { type } = paramAt(spec.params, i);
    if (arg.kind === "LambdaExpr") return arg;
    if (rule === "implicit") return implicitCast(arg, type, ctx.conf);
    return arg.type.kind === "null" && !type.accepts(arg.type) ? castTo(arg, type.concrete, ctx.conf) : arg;
  });
}

function checkTypes(spec: FunctionSpec, args: readonly Expr[], call: Call): void {
  for (const [i, arg] of args.entries()) {
    const { type } = paramAt(spec.params, i);
    if (arg.kind !== "LambdaExpr" && !type.accepts(arg.type)) throw unexpectedInputType(call, i, type, arg);
  }
  for (const [i, arg] of args.entries()) {
    const param = paramAt(spec.params, i);
    if (param.mustFold && !isFoldable(arg)) throw nonFoldableInput(call, param.name, param.type.sql, arg);
  }
}

/** A bound call of another function of the table, for rewrites; its name shows nowhere. */
export function call(
  fn: string,
  args: readonly Expr[],
  type: DataType,
  options: {
    readonly nullable?: boolean;
    readonly extra?: Readonly<Record<string, unknown>>;
    readonly ctx?: Pick<BindContext, "origin">;
  } = {},
): Call {
  return {
    kind: "Call",
    fn,
    args,
    type,
    nullable: options.nullable ?? args.some((a) => a.nullable),
    ...(options.extra === undefined ? {} : { extra: options.extra }),
    ...(options.ctx?.origin === undefined ? {} : { origin: options.ctx.origin }),
  };
}

/**
 * The lowering of a function that is a kernel: arguments are cast to what the kernel takes, the result to what Spark
 * returns. Strings for long, decimal, timestamp (microseconds) and binary (hex); int32 for boolean and date (days).
 */
export function viaKernel(name: string): (args: readonly string[], ctx: LowerContext) => string {
  return (args, ctx) =>
    fromKernel(ctx.kernel(name, ...args.map((a, i) => kernelArg(a, ctx.call.args[i]?.type))), ctx.call.type);
}

/** An argument in a form that crosses into a kernel; a kernel declares `string` for what is not a small number. */
export function kernelArg(sql: string, type: DataType | undefined): string {
  if (type === undefined || isStringLike(type)) return sql;
  switch (type.kind) {
    case "boolean":
    case "integer":
    case "double":
      return sql;
    case "byte":
    case "short":
      return `${sql}::INTEGER`;
    case "float":
      return `${sql}::DOUBLE`;
    case "date":
      return `(${sql} - DATE '1970-01-01')::INTEGER`;
    case "timestamp":
    case "timestamp_ntz":
      return `epoch_us(${sql})::VARCHAR`;
    case "binary":
      return `hex(${sql})`;
    case "null":
      return "NULL::VARCHAR";
    default:
      return `${sql}::VARCHAR`;
  }
}

/** A kernel's result as a value of the Spark type. */
export function fromKernel(sql: string, type: DataType): string {
  switch (type.kind) {
    case "string":
    case "integer":
    case "double":
      return sql;
    case "boolean":
      return `(${sql})::BOOLEAN`;
    case "date":
      return `(DATE '1970-01-01' + ${sql})`;
    case "timestamp":
    case "timestamp_ntz":
      return `make_timestamp((${sql})::BIGINT)`;
    case "binary":
      return `unhex(${sql})`;
    case "long":
    case "day_time_interval":
    case "time":
      return `(${sql})::BIGINT`;
    case "year_month_interval":
      return `(${sql})::INTEGER`;
    case "byte":
      return `(${sql})::TINYINT`;
    case "short":
      return `(${sql})::SMALLINT`;
    case "float":
      return `(${sql})::FLOAT`;
    case "decimal":
      return `(${sql})::DECIMAL(${type.precision},${type.scale})`;
    default:
      throw new Error(`a kernel cannot return ${type.kind}`);
  }
}
