import type { Expression, UnresolvedStar } from "../plan/expression.ts";
import type { Aggregate, Relation } from "../plan/relation.ts";
import { foreachNode } from "../plan/traverse.ts";
import { QueryParser } from "./query-parser.ts";

/** Queries written as pipes. */
export abstract class PipeParser extends QueryParser {
  /** One operator of a pipe, after `|>`. `first` is where the whole pipe begins. */
  protected pipe(input: Relation, first: number): Relation {
    const at = this.pos;
    switch (this.peek()) {
      case "SELECT":
        return this.#pipeSelect(input, first);
      case "EXTEND": {
        this.pos++;
        const list = this.list(() => this.namedExpression());
        const origin = this.originFrom(first);
        const star: UnresolvedStar = { kind: "UnresolvedStar", origin };
        return { kind: "Project", input, expressions: [star, ...list], pipeClause: "EXTEND", origin };
      }
      case "SET":
        return this.#pipeSet(input, first);
      case "DROP": {
        this.pos++;
        const except = this.list(() => this.multipartIdentifier());
        const origin = this.originFrom(first);
        const star: UnresolvedStar = { kind: "UnresolvedStar", except, origin };
        return { kind: "Project", input, expressions: [star], pipeClause: "DROP", origin };
      }
      case "AS": {
        this.pos++;
        const alias = this.identifierNoMinus();
        return { kind: "SubqueryAlias", input, alias, origin: this.originFrom(first) };
      }
      case "WHERE": {
        this.pos++;
        const condition = this.expression();
        const hasWindow = this.windowClause() !== undefined;
        if (hasWindow) this.defer(first, this.pos - 1, "NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE.WINDOW_CLAUSE");
        return { kind: "Filter", input, condition, isPipe: true, origin: this.originFrom(first) };
      }
      case "PIVOT":
      case "UNPIVOT":
        if (this.isClauseWord(at)) {
          const isPivot = this.at("PIVOT");
          const plan = isPivot ? this.pivot(input) : this.unpivot(input);
          if (this.at(isPivot ? "UNPIVOT" : "PIVOT") && this.isClauseWord(this.pos)) {
            if (isPivot) this.unpivot(plan);
            else this.pivot(plan);
            this.defer(first, this.pos - 1, "NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT");
          }
          return plan;
        }
        break;
      case "BIN":
        return this.binBy();
      case "TABLESAMPLE":
        return this.sample(input);
      case "AGGREGATE":
        return this.#pipeAggregate(input, first);
      case "UNION":
      case "EXCEPT":
      case "MINUS":
      case "INTERSECT": {
        const operator = this.peek();
        this.pos++;
        const isAll = this.isAll();
        return this.setOperation(input, this.queryPrimary(), operator, isAll, first);
      }
    }
    return this.joinRelation(input) ?? this.organization(input, true);
  }

  #pipeSelect(input: Relation, first: number): Relation {
    const select = this.selectClause();
    const groupAt = this.pos;
    const group = this.aggregationClause();
    const groupOrigin = this.originFrom(groupAt);
    const definitions = this.windowClause();
    const origin = this.originFrom(first);
    const { expressions } = select;
    let plan: Relation =
      group === undefined
        ? { kind: "Project", input, expressions, pipeClause: "SELECT", origin }
        : {
            kind: "Aggregate",
            input,
            ...group,
            aggregateExpressions: expressions,
            isSelectList: true,
            origin: groupOrigin,
          };
    if (select.isDistinct) {
      plan = { kind: "Deduplicate", input: plan, columnNames: [], allColumnsAsKeys: true, origin };
    }
    if (definitions !== undefined) plan = { kind: "WithWindowDefinition", input: plan, definitions, origin };
    for (const { name, parameters } of select.hints.toReversed()) {
      plan = { kind: "Hint", input: plan, name, parameters, origin };
    }
    return plan;
  }

  #pipeSet(input: Relation, first: number): Relation {
    this.pos++;
    const assignments = this.list(() => {
      const at = this.pos;
      const nameParts = this.multipartIdentifier();
      this.expect("=");
      const expr = this.expression();
      if (nameParts.length > 1) {
        this.defer(at, this.pos - 1, "_LEGACY_ERROR_TEMP_0035", {
          message:
            "SQL pipe syntax |> SET operator with multi-part assignment key (only single-part keys are allowed)",
        });
      }
      return { name: nameParts.at(-1) as string, expr };
    });
    const origin = this.originFrom(first);
    return assignments.reduce((plan, { name, expr }): Relation => {
      const replace = [{ kind: "Alias", expr, name: [name], origin } as const];
      const star: UnresolvedStar = { kind: "UnresolvedStar", except: [[name]], replace, origin };
      return { kind: "Project", input: plan, expressions: [star], pipeClause: "SET", origin };
    }, input);
  }

  #pipeAggregate(input: Relation, first: number): Relation {
    this.pos++;
    const hasList =
      !this.isClauseWord(this.pos) && !this.isPipeStart(this.pos) && this.canStartExpression(this.pos);
    const aggregateExpressions = hasList ? this.list(() => this.namedExpression()) : [];
    const group = this.aggregationClause(true);
    if (group === undefined && !hasList) {
      this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0035", {
        message:
          "The AGGREGATE clause requires a list of aggregate expressions or a list of grouping expressions, or both",
      });
    }
    this.#checkPipeAggregate(first, group, aggregateExpressions);
    const origin = this.originFrom(first);
    return {
      kind: "Aggregate",
      input,
      groupType: "groupby",
      groupingExpressions: [],
      ...group,
      aggregateExpressions,
      pipeClause: "AGGREGATE",
      origin,
    };
  }

  #checkPipeAggregate(
    first: number,
    group: Pick<Aggregate, "groupType" | "groupingExpressions"> | undefined,
    aggregates: readonly Expression[],
  ): void {
    const refuse = (what: string): void =>
      this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE", {
        case: what,
      });
    const analytics = group?.groupingExpressions.find((e) => e.kind === "GroupingAnalytics");
    const kind = analytics?.kind === "GroupingAnalytics" ? analytics.type : group?.groupType;
    if (kind === "all") refuse("GROUP BY ALL");
    if (kind === "rollup") refuse("GROUP BY ROLLUP");
    if (kind === "cube") refuse("GROUP BY CUBE");
    if (kind === "groupingSets") refuse("GROUPING SETS");
    for (const aggregate of aggregates) {
      foreachNode(aggregate, (node) => {
        if (node.kind === "Window" || node.kind === "WindowReference") {
          refuse(
            "window functions; please update the query to move the window functions to a subsequent |> SELECT operator instead",
          );
        }
        if (node.kind !== "UnresolvedFunction") return;
        const name = node.functionName.toUpperCase();
        if (name === "GROUPING" || name === "GROUPING_ID") refuse(name);
      });
    }
  }
}
