import type { DataType } from "../../types/data-type.ts";
import { DOUBLE, INTEGER, LONG, NULL, STRING } from "../../types/data-type.ts";
import { simpleString } from "../../types/format.ts";
import { implicitCast } from "../coercion.ts";
import { lit, opt, p, refused, rest, scalar } from "../define.ts";
import type { Expr } from "../expr.ts";
import { isFoldable } from "../fold.ts";
import type { BindContext, FunctionEntry, LowerContext } from "../function-entry.ts";
import { hashSql } from "../hash-sql.ts";
import { T } from "../input-type.ts";
import { prettyExpr } from "../pretty.ts";
import { sqlText } from "../raise.ts";
import { bindError, quotedExpr, typeMismatch } from "../type-error.ts";
import { knownSeed, nextRandomCall, randomKey } from "./random.ts";

const GROUP = "misc_funcs";

/** A text known when the query is analyzed. */
function constant(
  name: string,
  aliases: readonly string[],
  plainAliases: readonly string[],
  value: (ctx: BindContext) => string,
  usage: string,
): FunctionEntry {
  return scalar({
    name,
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(plainAliases.length === 0 ? {} : { plainAliases }),
    params: [],
    returns: STRING,
    nullable: "never",
    extra: (_, ctx) => ({ value: value(ctx) }),
    lower: (_, ctx) => sqlText(ctx.call.extra?.value as string),
    usage,
    group: GROUP,
  });
}

function holds(type: DataType, kind: DataType["kind"]): boolean {
  if (type.kind === kind) return true;
  if (type.kind === "array") return holds(type.elementType, kind);
  if (type.kind === "struct") return type.fields.some((f) => holds(f.dataType, kind));
  return false;
}

function hash(name: "hash" | "xxhash64", type: DataType, usage: string): FunctionEntry {
  return scalar({
    name,
    params: [rest("expr", T.any, 1)],
    coerce: (args) => args,
    check: (args, _ctx, call) => {
      for (const [kind, condition] of [
        ["map", "HASH_MAP_TYPE"],
        ["variant", "HASH_VARIANT_TYPE"],
      ] as const) {
        if (args.some((a) => holds(a.type, kind)))
          throw typeMismatch(condition, call, { functionName: `\`${name}\`` });
      }
    },
    returns: type,
    nullable: "never",
    lower: (args, ctx) =>
      args.reduce(
        (seed, value, i) =>
          hashSql(value, (ctx.call.args[i] as Expr).type, seed, name === "hash" ? "murmur3" : name, ctx),
        name === "hash" ? "42::INTEGER" : "42::BIGINT",
      ),
    usage,
    group: "hash_funcs",
  });
}

function random(name: "rand" | "randn", aliases: readonly string[], usage: string): FunctionEntry {
  return {
    name,
    aliases,
    kind: "scalar",
    isNondeterministic: true,
    usage,
    group: "math_funcs",
    params: ["seed?"],
    bind: (args, ctx) => {
      const entry = scalar({
        name,
        plainAliases: aliases,
        params: [opt("seed", T.oneOf(T.int, T.long))],
        coerce: (given) => given.map((a) => (a.type.kind === "null" ? implicitCast(a, T.int, ctx.conf) : a)),
        check: ([seed], _ctx, call) => {
          if (seed !== undefined && !isFoldable(seed))
            throw bindError(
              "SEED_EXPRESSION_IS_UNFOLDABLE",
              { seedExpr: quotedExpr(seed), exprWithSeed: quotedExpr(call) },
              ctx.origin,
            );
        },
        returns: DOUBLE,
        nullable: "never",
        extra: ([seed]) => ({
          seed: `${seed === undefined ? ctx.nextSeed() : knownSeed(seed)}`,
        }),
        usage,
        group: "math_funcs",
      });
      return entry.bind(args, ctx);
    },
    lower: (args, ctx) => ctx.kernel(name, randomKey(args, ctx), "random()"),
  };
}

const raised = (message: string, ctx: LowerContext): string =>
  ctx.raise("SparkRuntimeException", "USER_RAISED_EXCEPTION", { errorMessage: message });

const REFUSED = [
  ...["java_method", "reflect", "try_reflect"],
  ...["timestamp_nanos", "unix_nanos", "measure"],
  ...["approx_top_k", "approx_top_k_accumulate", "approx_top_k_combine", "approx_top_k_estimate"],
  ...["current_time", "localtime", "make_time", "time", "time_diff", "time_trunc", "to_time", "try_to_time"],
  ...["seconds", "millis", "micros"].flatMap((unit) => [`time_from_${unit}`, `time_to_${unit}`]),
  ...["from_avro", "to_avro", "schema_of_avro", "from_protobuf", "to_protobuf"],
  ...["st_asbinary", "st_geogfromwkb", "st_geomfromwkb", "st_setsrid", "st_srid"],
  ...["shuffle"],
];

/** Functions about the session, of chance, and those that are known and not here. */
export const MISC: readonly FunctionEntry[] = [
  scalar({
    name: "typeof",
    params: [p("expr", T.any)],
    coerce: (args) => args,
    returns: STRING,
    nullable: "never",
    lower: (_, ctx) => sqlText(simpleString((ctx.call.args[0] as Expr).type)),
    usage: "typeof(expr) - Returns the name of the value's type.",
    group: GROUP,
  }),
  constant(
    "version",
    [],
    [],
    () => "4.3.0 98bc0212c94705434471627068f41e374ccab143",
    "version() - Returns Spark's version.",
  ),
  constant(
    "current_schema",
    [],
    ["current_database"],
    (c) => c.currentDatabase,
    "current_schema() - Returns the current schema.",
  ),
  constant(
    "current_catalog",
    [],
    [],
    (c) => c.conf.get("spark.sql.defaultCatalog") ?? "spark_catalog",
    "current_catalog() - Returns the current catalog.",
  ),
  constant(
    "current_path",
    [],
    [],
    (c) =>
      `system.builtin,system.session,${c.conf.get("spark.sql.defaultCatalog") ?? "spark_catalog"}.${c.currentDatabase}`,
    "current_path() - Returns where functions are looked for.",
  ),
  constant(
    "current_user",
    ["user", "session_user"],
    [],
    (c) => c.currentUser,
    "current_user() - Returns the user's name.",
  ),
  scalar({
    name: "assert_true",
    params: [p("expr", T.boolean), opt("message", T.string)],
    coerce: ([test, message], ctx) => {
      const text = message ?? lit(`'${prettyExpr(test as Expr)}' is not true!`, STRING);
      return [implicitCast(test as Expr, T.boolean, ctx.conf), implicitCast(text, T.string, ctx.conf)];
    },
    returns: NULL,
    nullable: "always",
    isNondeterministic: true,
    lower: ([test, message], ctx) =>
      `CASE WHEN coalesce(${test}, false) THEN NULL::INTEGER ELSE ${raised(message as string, ctx)}::INTEGER END`,
    usage: "assert_true(expr[, message]) - Raises an error if the condition is not true.",
    group: GROUP,
  }),
  scalar({
    name: "raise_error",
    params: [p("message", T.string)],
    returns: NULL,
    nullable: "always",
    isNondeterministic: true,
    lower: ([message], ctx) => `${raised(message as string, ctx)}::INTEGER`,
    pretty: ([message]) => `raise_error(USER_RAISED_EXCEPTION, map(errorMessage, ${message}))`,
    usage: "raise_error(message) - Raises an error.",
    group: GROUP,
  }),
  hash("hash", INTEGER, "hash(expr, ...) - Returns a hash of the values."),
  hash("xxhash64", LONG, "xxhash64(expr, ...) - Returns a 64-bit hash of the values."),
  random("rand", ["random"], "rand([seed]) - Returns a random number between 0 and 1."),
  random("randn", [], "randn([seed]) - Returns a random number of the standard normal distribution."),
  scalar({
    name: "monotonically_increasing_id",
    params: [],
    returns: LONG,
    nullable: "never",
    isNondeterministic: true,
    lower: ([place], ctx) => {
      const key = place === undefined ? `'${nextRandomCall()}'` : `concat('${nextRandomCall()}/', ${place})`;
      const seen = `${ctx.kernel("rows_seen", key, "random()")}::BIGINT`;
      return place === undefined ? seen : `((${place}::BIGINT << 33) + ${seen})`;
    },
    usage: "monotonically_increasing_id() - Returns a number that grows with each row.",
    group: GROUP,
  }),
  scalar({
    name: "spark_partition_id",
    shownName: "SPARK_PARTITION_ID",
    params: [],
    returns: INTEGER,
    nullable: "never",
    isNondeterministic: true,
    lower: ([place]) => `${place ?? 0}::INTEGER`,
    usage: "spark_partition_id() - Returns the partition's number.",
    group: GROUP,
  }),
  ...REFUSED.map((name) => refused(name, GROUP, `${name} - Not available.`)),
];
