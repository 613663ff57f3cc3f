import "../../../functions/function-table.ts";
import "../../../analyzer/own-functions.ts";
import "./guards.ts";
import { isDeterministic } from "../../../analyzer/checks.ts";
import { resolveNow, trim } from "../../../analyzer/expressions.ts";
import { extractField } from "../../../analyzer/extract-value.ts";
import type { AnalysisContext } from "../../../analyzer/index.ts";
import { resolveReferences } from "../../../analyzer/index.ts";
import { ReferenceTable } from "../../../analyzer/references.ts";
import { exact } from "../../../analyzer/relations/exact.ts";
import { qualified } from "../../../analyzer/relations/tables.ts";
import { resolveRelation } from "../../../analyzer/relations.ts";
import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import type { RelationScope, Resolved } from "../../../analyzer/scope.ts";
import { AnalysisState } from "../../../analyzer/state.ts";
import { runSteps } from "../../../analyzer/steps.ts";
import { analysisError, unsupported } from "../../../errors/spark-error.ts";
import { canCast } from "../../../functions/cast/can-cast.ts";
import { castTo } from "../../../functions/coercion.ts";
import type { AliasExpr, Attr, Expr, NamedExpr } from "../../../functions/expr.ts";
import { someExpr } from "../../../functions/expr-tree.ts";
import type { Expression } from "../../../plan/expression.ts";
import type { Relation } from "../../../plan/relation.ts";
import { parseExpression, parseOptionsFromConf } from "../../../sql/parse.ts";
import {
  BOOLEAN,
  type DataType,
  INTEGER,
  LONG,
  STRING,
  type StructField,
  type StructType,
  sameTypeIgnoringNullability,
} from "../../../types/data-type.ts";
import { quotedSqlType } from "../../../types/format.ts";
import type { PreparedQuery } from "../../query-runner.ts";
import type { RelationResolver } from "../../relation-resolver.ts";
import type { CommandEnv } from "../command-env.ts";
import type { TargetPin } from "./target.ts";

/**
 * The analysis of one statement that changes rows: its relations and expressions are resolved one by one, each against
 * what it may see, and put together into the plans of its queries.
 */
export class StatementAnalysis {
  readonly context: AnalysisContext;
  readonly resolver: RelationResolver;
  readonly #state: AnalysisState;
  readonly #scope: RelationScope;

  private constructor(
    context: AnalysisContext,
    resolver: RelationResolver,
    references: ReferenceTable,
    firstId = 1,
  ) {
    this.context = context;
    this.resolver = resolver;
    this.#state = new NumberedState(context, references, firstId);
    this.#scope = {
      commonTables: undefined,
      outer: undefined,
      currentDatabase: context.currentDatabase,
      isInView: false,
      viewDepth: 0,
      references: undefined,
      windows: undefined,
    };
  }

  /** `relations` and `expressions` are all that the statement will have resolved. */
  static async begin(
    env: CommandEnv,
    pins: readonly TargetPin[],
    relations: readonly Relation[],
    expressions: readonly Expression[],
  ): Promise<StatementAnalysis> {
    const pinned = new Map(pins.map((pin) => [pin.name, pin]));
    const empty: Relation = { kind: "OneRowRelation" };
    const [first = empty, ...others] = relations;
    const input = others.reduce<Relation>(
      (left, right) => ({ kind: "Join", left, right, joinType: "cross", usingColumns: [] }),
      first,
    );
    const whole: Relation = { kind: "Project", input, expressions };
    const { context, resolver } = env.runner.surroundings(env.operation, pinned);
    return new StatementAnalysis(context, resolver, await resolveReferences(whole, resolver, context));
  }

  /** More on top of a query that is analysed; new columns are numbered from `firstId`. */
  static over({ context, resolver }: PreparedQuery, firstId: number): StatementAnalysis {
    return new StatementAnalysis(context, resolver, new ReferenceTable(context), firstId);
  }

  relation(relation: Relation): Resolved {
    return exact(runSteps(resolveRelation(relation, this.#scope, this.#state)));
  }

  /** The table behind a pin, under its own names or an alias; and where each row is. */
  target(pin: TargetPin): { readonly table: Resolved; readonly file: Attr; readonly row: Attr } {
    const read = runSteps(resolveRelation(pin.relation, this.#scope, this.#state));
    const named = pin.alias === undefined ? read : qualified(read, [pin.alias]);
    const place = (name: string): AliasExpr => {
      const child = this.expression(
        { kind: "UnresolvedAttribute", unparsedIdentifier: "", nameParts: ["_metadata", name] },
        [named],
      );
      return this.alias(child, name);
    };
    const [file, row] = [place("file_path"), place("row_index")];
    const columns: NamedExpr[] = [...named.output, file, row];
    return {
      table: {
        plan: { kind: "RProject", input: named.plan, columns },
        output: named.output,
        hidden: [],
        planIds: named.planIds,
      },
      file: attrOf(file),
      row: attrOf(row),
    };
  }

  expression(e: Expression, inputs: readonly Resolved[]): Expr {
    const resolved = trim(resolveNow(e, { inputs, scope: this.#scope }, this.#state));
    if (someExpr(resolved, (x) => x.kind === "Call" && x.fn === "udf")) {
      throw unsupported("user functions in statements that change tables");
    }
    return resolved;
  }

  /** SQL text over columns: a constraint, a generated column. */
  text(sql: string, columns: readonly Attr[]): Expr {
    const { conf } = this.context;
    const input: Resolved = {
      plan: { kind: "ROneRow" },
      output: columns.map((c) => ({ ...c, qualifier: [] })),
      hidden: [],
      planIds: undefined,
    };
    return this.expression(parseExpression(sql, parseOptionsFromConf(conf.get)), [input]);
  }

  /** A condition of a statement: boolean, the same for the same row, without queries in it. */
  condition(e: Expression, inputs: readonly Resolved[], operation: string): Expr {
    const resolved = this.expression(e, inputs);
    if (someExpr(resolved, (x) => x.kind === "SubqueryExpr")) {
      throw analysisError("DELTA_UNSUPPORTED_SUBQUERY", { operation, cond: this.pretty(resolved) });
    }
    const isPlain = operation === "DELETE" || operation === "UPDATE";
    if (resolved.type.kind === "null" && !isPlain) return castTo(resolved, BOOLEAN, this.context.conf);
    if (resolved.type.kind !== "boolean") {
      throw analysisError("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", {
        sqlExpr: `"${this.pretty(resolved)}"`,
        filter: `"${this.pretty(resolved)}"`,
        type: quotedSqlType(resolved.type),
      });
    }
    return resolved;
  }

  isDeterministic(e: Expr): boolean {
    return isDeterministic(e);
  }

  call(fn: string, ...args: readonly Expr[]): Expr {
    return this.#state.call(fn, args);
  }

  /** `cases` in order, each a condition and a value of the type; the first whose condition is true. */
  choose(cases: readonly (readonly [Expr, Expr])[], otherwise: Expr, type: DataType): Expr {
    if (cases.length === 0) return otherwise;
    const values = [...cases.map(([, value]) => value), otherwise];
    return {
      kind: "Call",
      fn: "when",
      args: [...cases.flat(), otherwise],
      type,
      nullable: values.some((value) => value.nullable),
    };
  }

  /** A value in a column's type, as Delta's UPDATE and MERGE cast it: by name inside structs, overflow is an error. */
  cast(value: Expr, type: DataType): Expr {
    if (sameTypeIgnoringNullability(value.type, type)) return value;
    if (value.type.kind === "struct" && type.kind === "struct") {
      const built = this.#castStruct(value, value.type, type);
      if (built !== undefined) return built;
    }
    if (!canCast(value.type, type, "ansi")) {
      throw analysisError("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", {
        sqlExpr: `"CAST(${this.pretty(value)} AS ${quotedSqlType(type).slice(1, -1)})"`,
        srcType: quotedSqlType(value.type),
        targetType: quotedSqlType(type),
      });
    }
    return castTo(value, type, { ...this.context.conf, ansiEnabled: true });
  }

  #castStruct(value: Expr, from: StructType, to: StructType): Expr | undefined {
    const args: Expr[] = [];
    for (const f of to.fields) {
      const at = from.fields.findIndex((g) => g.name.toLowerCase() === f.name.toLowerCase());
      if (at < 0) return undefined;
      const field = this.field(value, (from.fields[at] as StructField).name);
      args.push(this.string(f.name), this.cast(field, f.dataType));
    }
    const built = this.call("named_struct", ...args);
    if (!value.nullable) return built;
    return this.choose([[this.call("isnull", value), this.nothing(built.type)]], built, built.type);
  }

  /** A field of a struct. */
  field(struct: Expr, name: string): Expr {
    return extractField(struct, name, this.#state, undefined);
  }

  string(value: string): Expr {
    return this.literal(value, STRING);
  }

  literal(value: string | number | boolean, type: DataType): Expr {
    return { kind: "Lit", value, type, nullable: false };
  }

  int(value: number): Expr {
    return this.literal(value, INTEGER);
  }

  long(value: bigint): Expr {
    return { kind: "Lit", value, type: LONG, nullable: false };
  }

  nothing(type: DataType): Expr {
    return { kind: "Lit", value: null, type, nullable: true };
  }

  alias(child: Expr, name: string): AliasExpr {
    return {
      kind: "AliasExpr",
      child,
      id: this.#state.nextId(),
      name,
      type: child.type,
      nullable: child.nullable,
    };
  }

  pretty(e: Expr): string {
    return this.#state.pretty(e);
  }

  /** A plan ready to run. */
  query(plan: ResolvedRelation, schema: StructType): PreparedQuery {
    return {
      query: {
        plan,
        schema,
        autoAliased: schema.fields.map(() => false),
        observations: [],
        warnings: [],
      },
      context: this.context,
      resolver: this.resolver,
    };
  }
}

class NumberedState extends AnalysisState {
  override readonly nextId: () => number;

  constructor(context: AnalysisContext, references: ReferenceTable, firstId: number) {
    super(context, references);
    let id = firstId;
    this.nextId = () => id++;
  }
}

export function attrOf(e: AliasExpr): Attr {
  return { kind: "Attr", id: e.id, name: e.name, type: e.type, nullable: e.nullable, qualifier: [] };
}
