import type { Attr, Call, Expr } from "../../functions/expr.ts";
import { lookupFunction } from "../../functions/function-table.ts";
import type { Expression } from "../../plan/expression.ts";
import type { LateralView, UnresolvedTableValuedFunction } from "../../plan/relation.ts";
import { ANSI_RESERVED, KEYWORDS, type Keyword, STRICT_NON_RESERVED } from "../../sql/tokens.ts";
import { BOOLEAN, field, LONG, STRING, struct } from "../../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../../types/format.ts";
import { fail } from "../errors.ts";
import { resolveExpr, trim } from "../expressions.ts";
import { resolveRelation } from "../relations.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { RelationScope, Resolved } from "../scope.ts";
import { isOuterGenerator } from "../select-items.ts";
import { type AnalysisState, isGenerator } from "../state.ts";
import type { Step } from "../steps.ts";
import { quoteParts } from "../suggestions.ts";
import { callTableFunction } from "../user-functions.ts";
import { leaf } from "./exact.ts";
import { generatedColumns } from "./project.ts";
import { literalRows } from "./tables.ts";

/** `LATERAL VIEW [OUTER] explode(...) t AS a, b`. */
export function* resolveLateralView(
  rel: LateralView,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const input = (yield resolveRelation(rel.input, scope, state)) as Resolved;
  const call = trim((yield resolveExpr(rel.generator, { inputs: [input], scope }, state)) as Expr);
  if (!isGenerator(call)) {
    throw fail(
      "UNSUPPORTED_GENERATOR.NOT_GENERATOR",
      {
        functionName: quoteIdentifier(
          rel.generator.kind === "UnresolvedFunction" ? rel.generator.functionName.toLowerCase() : "",
        ),
        classCanonicalName: call.kind,
      },
      rel.generator.origin,
    );
  }
  const isOuter = rel.isOuter || isOuterGenerator(call);
  const names = rel.columnAliases.length === 0 ? undefined : rel.columnAliases;
  const qualifier = rel.tableAlias === undefined ? [] : [rel.tableAlias];
  const columns = generatedColumns({ kind: "generator", call, names, isOuter }, state, qualifier);
  const build = (from: Resolved, more: readonly Attr[]): Resolved => ({
    plan: { kind: "RGenerate", input: from.plan, generator: call, isOuter, columns },
    output: [...from.output, ...columns, ...more.filter((a) => !from.output.some((b) => b.id === a.id))],
    hidden: from.hidden,
    planIds: from.planIds,
    below: { input: from, extend: (wider, extra) => build(wider, extra) },
  });
  return build(input, []);
}

/** A function in FROM: `range(5)`, `explode(...)`, a table function of the user. */
export function* resolveTableFunction(
  rel: UnresolvedTableValuedFunction,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const parts = rel.nameParts ?? [rel.functionName];
  const name = (parts[parts.length - 1] as string).toLowerCase();
  if (name === "range" && parts.length === 1) return rangeFunction(rel, scope, state);
  if (name === "sql_keywords" && rel.arguments.length === 0) return keywordRows(state);
  const entry = parts.length === 1 || parts[0]?.toLowerCase() === "system" ? lookupFunction(name) : undefined;
  if (entry === undefined || entry.kind !== "generator") {
    const own = callTableFunction(parts, rel, scope, state);
    if (own !== undefined) return (yield own) as Resolved;
    if (entry !== undefined)
      throw fail("NOT_A_TABLE_FUNCTION", { functionName: quoteParts(parts) }, rel.origin);
    throw fail("UNRESOLVABLE_TABLE_VALUED_FUNCTION", { name: quoteParts(parts) }, rel.origin);
  }
  const call = trim(
    (yield resolveExpr(
      {
        kind: "UnresolvedFunction",
        functionName: name,
        arguments: rel.arguments,
        ...(rel.origin === undefined ? {} : { origin: rel.origin }),
      },
      { inputs: [], scope, isTableFunction: true },
      state,
    )) as Expr,
  ) as Call;
  const isOuter = isOuterGenerator(call);
  const oneRow: ResolvedRelation = { kind: "ROneRow" };
  const columns = generatedColumns({ kind: "generator", call, names: undefined, isOuter }, state);
  return leaf({ kind: "RGenerate", input: oneRow, generator: call, isOuter, columns }, columns);
}

/** `sql_keywords()`: every word of the language, and whether it may not be a name as things are set. */
function keywordRows(state: AnalysisState): Resolved {
  const schema = struct([field("keyword", STRING, false), field("reserved", BOOLEAN, false)]);
  const isEnforced =
    state.conf.ansiEnabled && state.conf.get("spark.sql.ansi.enforceReservedKeywords") === "true";
  // Words that have another spelling are not listed.
  const words = KEYWORDS.filter((word) => word !== "RLIKE" && word !== "TEMPORARY");
  return literalRows(
    schema,
    words.map((word) => [word, isEnforced && isReserved(word)]),
    state,
  );
}

/** Words between two sides of a join or of a set operation; some of them are not in Spark's list. */
function isReserved(word: Keyword): boolean {
  return ANSI_RESERVED.has(word) || (STRICT_NON_RESERVED.has(word) && !/^(ANTI|MINUS|SEMI)$/.test(word));
}

function rangeFunction(
  rel: UnresolvedTableValuedFunction,
  _scope: RelationScope,
  state: AnalysisState,
): Resolved {
  const byName: Record<string, Expression> = {};
  const names = ["start", "end", "step", "numPartitions"];
  const positional: Expression[] = [];
  for (const arg of rel.arguments) {
    if (arg.kind === "NamedArgument")
      byName[names.find((n) => n.toLowerCase() === arg.key.toLowerCase()) ?? arg.key] = arg.value;
    else positional.push(arg);
  }
  if (positional.length === 1 && byName.end === undefined) byName.end = positional[0] as Expression;
  else for (const [i, arg] of positional.entries()) byName[names[i] as string] = arg;
  if (rel.arguments.length === 0 || rel.arguments.length > 4) {
    throw fail(
      "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
      {
        functionName: "`range`",
        expectedNum: "[1, 2, 3, 4]",
        actualNum: `${rel.arguments.length}`,
        docroot: "https://spark.apache.org/docs/latest",
      },
      rel.origin,
    );
  }
  const value = (key: string, otherwise: bigint): bigint => {
    const e = byName[key];
    if (e === undefined) return otherwise;
    const known = state.references.constant(e);
    if (typeof known === "number" || typeof known === "bigint") return BigInt(known);
    if (typeof known === "string" && /^[+-]?\d+(\.\d*)?$/.test(known.trim()))
      return BigInt(known.trim().replace(/\..*/, ""));
    const paramIndex = ["first", "second", "third", "fourth"][positional.indexOf(e)] ?? "first";
    if (known === null) {
      throw fail(
        "UNEXPECTED_INPUT_TYPE",
        {
          functionName: "`range`",
          paramIndex,
          requiredType: '"BIGINT"',
          inputSql: '"NULL"',
          inputType: '"VOID"',
        },
        rel.origin,
      );
    }
    throw fail(
      "UNEXPECTED_INPUT_TYPE",
      {
        functionName: "`range`",
        paramIndex,
        requiredType: quotedSqlType(LONG),
        inputSql: `"${typeof known === "string" ? known : key}"`,
        inputType: '"STRING"',
      },
      rel.origin,
    );
  };
  const start = value("start", 0n);
  const end = value("end", 0n);
  const step = value("step", 1n);
  const slices =
    byName.numPartitions === undefined ? {} : { numPartitions: Number(value("numPartitions", 1n)) };
  if (step === 0n) throw fail("FAILED_FUNCTION_CALL", { funcName: "`range`" }, rel.origin);
  const column: Attr = {
    kind: "Attr",
    id: state.nextId(),
    name: "id",
    type: LONG,
    nullable: false,
    qualifier: [],
  };
  return leaf({ kind: "RRange", start, end, step, column, ...slices }, [column]);
}
