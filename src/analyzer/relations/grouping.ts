import type { AliasExpr, Attr, Call, Expr, NamedExpr } from "../../functions/expr.ts";
import { childrenOf } from "../../functions/expr-tree.ts";
import { prettyExpr } from "../../functions/pretty.ts";
import type { Origin } from "../../plan/origin.ts";
import { BYTE, INTEGER, LONG } from "../../types/data-type.ts";
import { isDeterministic } from "../checks.ts";
import { fail, quotedExpr } from "../errors.ts";
import { exprKey } from "../expr-key.ts";
import { findExpr, rewriteExpr, withChildren } from "../expr-rewrite.ts";
import type { ResolvedRelation } from "../resolved-relation.ts";
import type { Resolved } from "../scope.ts";
import { type AnalysisState, isAggregateCall } from "../state.ts";

export interface GroupingSets {
  readonly sets: readonly (readonly number[])[];
}

/**
 * What GROUP BY makes: grouping columns and aggregates as columns of their own. Expressions over the grouped rows are
 * rewritten in terms of these; every aggregate met on the way is added.
 */
export class Groups {
  readonly #input: Resolved;
  readonly #state: AnalysisState;
  readonly #sets: GroupingSets | undefined;
  readonly #origin: Origin | undefined;
  /** Grouping expressions as columns of the input, some of them computed in a projection below. */
  readonly #grouping: Attr[] = [];
  readonly #computed: AliasExpr[] = [];
  readonly #keys = new Map<string, Attr>();
  readonly #aggregates = new Map<string, AliasExpr>();
  /** Attributes that aliases of the same select list stand for. */
  readonly #known: Set<number>;
  readonly #conditions: Expr[] = [];

  constructor(
    input: Resolved,
    grouping: readonly Expr[],
    sets: GroupingSets | undefined,
    aliasIds: Iterable<number>,
    origin: Origin | undefined,
    state: AnalysisState,
  ) {
    this.#input = input;
    this.#state = state;
    this.#sets = sets;
    this.#origin = origin;
    this.#known = new Set(aliasIds);
    for (const e of grouping) this.#addGrouping(e);
  }

  #addGrouping(e: Expr): void {
    const key = exprKey(e);
    let attr: Attr;
    if (e.kind === "Attr") attr = e;
    else {
      const alias: AliasExpr = {
        kind: "AliasExpr",
        child: e.kind === "AliasExpr" ? e.child : e,
        id: this.#state.nextId(),
        name: e.kind === "AliasExpr" ? e.name : prettyExpr(e),
        type: e.type,
        nullable: e.nullable,
      };
      this.#computed.push(alias);
      attr = {
        kind: "Attr",
        id: alias.id,
        name: alias.name,
        type: e.type,
        nullable: e.nullable,
        qualifier: [],
      };
    }
    const isSometimesAbsent = this.#sets?.sets.some((set) => !set.includes(this.#grouping.length)) === true;
    this.#grouping.push(attr);
    if (!this.#keys.has(key)) this.#keys.set(key, isSometimesAbsent ? { ...attr, nullable: true } : attr);
  }

  get isGlobal(): boolean {
    return this.#grouping.length === 0;
  }

  /** Filters the groups. The condition is over the groups' own columns. */
  addCondition(condition: Expr): void {
    this.#conditions.push(condition);
  }

  /** The groups as a relation: their columns are those that `rewrite` refers to. */
  relation(): Resolved {
    const computed = this.#computed.length > 0;
    const input: ResolvedRelation = computed
      ? {
          kind: "RProject",
          input: this.#input.plan,
          columns: [...this.#input.output, ...this.#input.hidden, ...this.#computed],
        }
      : this.#input.plan;
    const columns: NamedExpr[] = [...this.#keys.values(), ...this.#aggregates.values()];
    let plan: ResolvedRelation = {
      kind: "RAggregate",
      input,
      grouping: this.#grouping,
      columns,
      ...(this.#sets === undefined ? {} : { groupingSets: this.#sets.sets }),
    };
    for (const condition of this.#conditions) plan = { kind: "RFilter", input: plan, condition };
    const output = columns.map((c): Attr => (c.kind === "Attr" ? c : attrOf(c)));
    return { plan, output, hidden: [], planIds: this.#input.planIds };
  }

  /** The groups with their grouping columns alone: those that are columns of the input. */
  groupingRelation(): Resolved {
    const relation = this.relation();
    const names = new Map(
      this.#grouping.filter((g) => !this.#computed.some((c) => c.id === g.id)).map((g) => [g.id, g]),
    );
    const output = relation.output.flatMap((a) => {
      const own = names.get(a.id);
      return own === undefined ? [] : [{ ...a, name: own.name, qualifier: own.qualifier }];
    });
    return { ...relation, output, planIds: undefined };
  }

  /** An aggregate under a number that something already refers to. */
  addAggregate(alias: AliasExpr): void {
    this.#aggregates.set(`${exprKey(alias.child)} as ${alias.id}`, alias);
  }

  /** The expression in terms of the groups' columns. Aliases of the select list stay; so do subqueries in HAVING. */
  rewrite(root: Expr, keepsSubqueries = false): Expr {
    const replace = (e: Expr) => this.#replace(e, keepsSubqueries);
    if (this.#sets === undefined) return rewriteExpr(root, replace);
    return rewriteExpr(root, replace, nullableByArguments);
  }

  #replace(e: Expr, keepsSubqueries: boolean): Expr | undefined {
    if (e.kind === "Lit" || e.kind === "LambdaVar" || e.kind === "OuterAttr") return e;
    if (e.kind === "AliasExpr") return undefined;
    const grouped = this.#keys.size === 0 ? undefined : this.#keys.get(exprKey(e));
    if (grouped !== undefined)
      return e.kind === "Attr" ? { ...grouped, name: e.name, qualifier: e.qualifier } : grouped;
    if (e.kind === "WindowExpr") return this.#window(e);
    if (e.kind === "Call") {
      if (e.fn === "grouping" || e.fn === "grouping_id") return this.#groupingFunction(e);
      if (isAggregateCall(e)) return this.#aggregate(e);
    }
    if (
      !keepsSubqueries &&
      e.kind === "SubqueryExpr" &&
      e.subqueryType === "scalar" &&
      (e.outer?.length ?? 0) > 0
    ) {
      throw fail(
        "SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION",
        { sqlExpr: quotedExpr(e) },
        e.origin,
      );
    }
    if (e.kind === "Attr") {
      if (this.#known.has(e.id)) return e;
      throw this.#notGrouped(e);
    }
    return undefined;
  }

  /** A window's function stays where it is; what it computes over is made of groups. */
  #window(e: Extract<Expr, { kind: "WindowExpr" }>): Expr {
    const fn = withChildren(
      e.fn,
      childrenOf(e.fn).map((c) => this.rewrite(c)),
    ) as Call;
    const children = childrenOf(e)
      .slice(1)
      .map((c) => this.rewrite(c));
    return withChildren(e, [fn, ...children]);
  }

  #aggregate(e: Call): Expr {
    checkAggregate(e, this.#origin);
    const key = exprKey(e);
    let alias = this.#aggregates.get(key);
    if (alias === undefined) {
      alias = {
        kind: "AliasExpr",
        child: e,
        id: this.#state.nextId(),
        name: prettyExpr(e, this.#state.conf.timeZone),
        type: e.type,
        nullable: e.nullable,
      };
      this.#aggregates.set(key, alias);
    }
    return attrOf(alias);
  }

  #groupingFunction(e: Call): Expr {
    if (this.#sets === undefined) throw fail("UNSUPPORTED_GROUPING_EXPRESSION", {}, e.origin);
    const columns = e.args.map((a) => this.#keys.get(exprKey(a)));
    const shown = (list: readonly Expr[]) =>
      list.map((x) => (x.kind === "Attr" ? `${x.name}#${x.id}` : prettyExpr(x))).join(", ");
    const all = [...this.#keys.values()];
    if (e.fn === "grouping") {
      if (columns[0] === undefined) {
        throw fail("GROUPING_COLUMN_MISMATCH", { grouping: shown(e.args), groupingColumns: shown(all) });
      }
    } else if (
      e.args.length > 0 &&
      (columns.length !== all.length || columns.some((c, i) => c?.id !== all[i]?.id))
    ) {
      throw fail("GROUPING_ID_COLUMN_MISMATCH", {
        groupingIdColumn: shown(e.args),
        groupByColumns: shown(all),
      });
    }
    const args = e.args.length === 0 ? all : (columns as Attr[]);
    const isLong = this.#state.isOn("spark.sql.legacy.integerGroupingId", false) === false;
    const type = e.fn === "grouping" ? BYTE : isLong ? LONG : INTEGER;
    const bound: Call = { ...e, args, type, nullable: false };
    const key = exprKey(bound);
    let alias = this.#aggregates.get(key);
    if (alias === undefined) {
      alias = {
        kind: "AliasExpr",
        child: bound,
        id: this.#state.nextId(),
        name: prettyExpr(e),
        type,
        nullable: false,
      };
      this.#aggregates.set(key, alias);
    }
    return attrOf(alias);
  }

  #notGrouped(e: Attr): Error {
    if (this.isGlobal && this.#sets === undefined) return fail("MISSING_GROUP_BY", {}, this.#origin);
    const name = prettyExpr(e);
    return fail("MISSING_AGGREGATION", {
      expression: `"${name}"`,
      expressionAnyValue: `"any_value(${name})"`,
    });
  }
}

const STRICT = new Set([
  ..."+ - * / % = == < <= > >= and or not || & | ^ ~".split(" "),
  ...["concat", "upper", "lower", "length", "negative", "substring", "year", "month", "day"],
]);

/** A grouping column that some sets leave out is NULL there, and so is what is computed of it. */
function nullableByArguments(e: Expr): Expr {
  if (e.nullable) return e;
  const isStrict = e.kind === "CastExpr" || (e.kind === "Call" && STRICT.has(e.fn));
  return isStrict && childrenOf(e).some((c) => c.nullable) ? { ...e, nullable: true } : e;
}

function attrOf(a: AliasExpr): Attr {
  return { kind: "Attr", id: a.id, name: a.name, type: a.type, nullable: a.nullable, qualifier: [] };
}

function checkAggregate(e: Call, _origin: Origin | undefined): void {
  for (const child of childrenOf(e)) {
    const window = findExpr(child, (x) => x.kind === "WindowExpr");
    if (window !== undefined) throw fail("_LEGACY_ERROR_TEMP_1031", {});
    const nested = findExpr(child, isAggregateCall);
    if (nested !== undefined) throw fail("NESTED_AGGREGATE_FUNCTION", {}, nested.origin);
    const generator = findExpr(child, (x) => x.kind === "Call" && x.fn === "explode");
    if (generator !== undefined)
      throw fail("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", { expression: quotedExpr(e) });
    if (!isDeterministic(child)) {
      throw fail("AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION", { sqlExpr: quotedExpr(e) }, e.origin);
    }
  }
}
