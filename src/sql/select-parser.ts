import type { Expression, GroupingAnalytics } from "../plan/expression.ts";
import type { Aggregate, Relation, WithWindowDefinition } from "../plan/relation.ts";
import { RelationParser } from "./relation-parser.ts";

type WindowDefinitions = WithWindowDefinition["definitions"];

interface HintStatement {
  readonly name: string;
  readonly parameters: readonly Expression[];
}

interface SelectClause {
  readonly hints: readonly HintStatement[];
  readonly isDistinct: boolean;
  readonly expressions: readonly Expression[];
}

/** SELECT and its clauses. */
export abstract class SelectParser extends RelationParser {
  /** Where the GROUP BY that is being read begins. */
  #groupAt = 0;

  protected windowClause(): WindowDefinitions | undefined {
    if (!this.at("WINDOW") || !this.isClauseWord(this.pos)) return undefined;
    const first = this.pos++;
    const definitions: Record<string, WindowDefinitions[string]> = {};
    const references: [name: string, base: string, at: number][] = [];
    do {
      const at = this.pos;
      const name = this.identifierNoMinus();
      this.expect("AS");
      const spec = this.windowSpec();
      if (name in definitions) {
        this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", {
          windowName: `\`${name}\``,
        });
      }
      if (typeof spec === "string") references.push([name, spec, at]);
      definitions[name] = typeof spec === "string" ? { partitionSpec: [], orderSpec: [], base: spec } : spec;
    } while (this.accept(","));
    for (const [, base] of references) {
      if (!(base in definitions))
        this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE", {
          windowName: `\`${base}\``,
        });
    }
    return definitions;
  }

  protected isTransform(): boolean {
    const after = this.kindAt(this.closingOf(this.pos + 2) + 1);
    return after === "USING" || after === "ROW" || after === "RECORDWRITER";
  }

  protected selectClause(): SelectClause {
    this.expect("SELECT");
    const hints: HintStatement[] = [];
    while (this.at("/*+")) hints.push(...this.#hint());
    let isDistinct = false;
    if ((this.at("DISTINCT") || this.at("ALL")) && this.canStartExpression(this.pos + 1)) {
      isDistinct = this.at("DISTINCT");
      this.pos++;
    }
    const expressions = this.list(() => this.namedExpression());
    return { hints, isDistinct, expressions };
  }

  /** What follows the select list and FROM. */
  protected selectRest(select: SelectClause, from: Relation | undefined, first: number): Relation {
    let plan: Relation | undefined = from;
    while (this.at("LATERAL") && this.peek(1) === "VIEW")
      plan = this.lateralView(plan ?? { kind: "OneRowRelation" });
    const where = this.accept("WHERE") ? this.expression() : undefined;
    const groupAt = this.pos;
    const group = this.aggregationClause();
    const groupOrigin = this.originFrom(groupAt);
    const having = this.accept("HAVING") ? this.expression() : undefined;
    const windowAt = this.pos;
    const definitions = this.windowClause();
    const windowOrigin = this.originFrom(windowAt);
    const qualify = this.accept("QUALIFY") ? this.expression() : undefined;
    const origin = this.originFrom(first);
    const expressions = select.expressions;
    const input: Relation = plan ?? { kind: "OneRowRelation", origin };
    let result: Relation = where === undefined ? input : { kind: "Filter", input, condition: where, origin };
    if (group === undefined && having !== undefined && this.options.havingAsWhere === true) {
      const project: Relation = { kind: "Project", input: result, expressions, origin };
      result = { kind: "Filter", input: project, condition: having, origin };
    } else if (group !== undefined || having !== undefined) {
      result = {
        kind: "Aggregate",
        input: result,
        groupType: "groupby",
        groupingExpressions: [],
        ...group,
        aggregateExpressions: expressions,
        isSelectList: true,
        origin: group === undefined ? origin : groupOrigin,
      };
      if (having !== undefined) result = { kind: "Having", input: result, condition: having, origin };
    } else {
      result = { kind: "Project", input: result, expressions, origin };
    }
    if (qualify !== undefined) result = { kind: "Qualify", input: result, condition: qualify, origin };
    if (select.isDistinct) {
      result = { kind: "Deduplicate", input: result, columnNames: [], allColumnsAsKeys: true, origin };
    }
    if (definitions !== undefined) {
      result = { kind: "WithWindowDefinition", input: result, definitions, origin: windowOrigin };
    }
    for (const { name, parameters } of select.hints.toReversed()) {
      result = { kind: "Hint", input: result, name, parameters, origin };
    }
    return result;
  }

  protected whereClause(input: Relation): Relation {
    const first = this.pos;
    this.expect("WHERE");
    const condition = this.expression();
    return { kind: "Filter", input, condition, origin: this.originFrom(first) };
  }

  #hint(): HintStatement[] {
    this.expect("/*+");
    const statements: HintStatement[] = [];
    do {
      const name = this.identifier();
      let parameters: Expression[] = [];
      if (this.accept("(")) {
        parameters = this.list(() => this.expression());
        this.expect(")");
      }
      statements.unshift({ name, parameters });
      this.accept(",");
    } while (!this.at("*/") && this.atIdentifier());
    this.expect("*/");
    return statements.reverse();
  }

  /** `inPipe`: grouping expressions may have aliases there. */
  protected aggregationClause(
    inPipe = false,
  ): Pick<Aggregate, "groupType" | "groupingExpressions" | "groupingSets"> | undefined {
    const first = this.pos;
    if (!this.acceptAll("GROUP", "BY")) return undefined;
    this.#groupAt = first;
    const groupingExpressions = this.list(() => this.#groupingItem());
    const aliased = inPipe ? undefined : groupingExpressions.find((e) => e.kind === "Alias");
    if (aliased?.kind === "Alias") {
      const error = `'${aliased.name.join(".")}'`;
      this.deferPlain("PARSE_SYNTAX_ERROR", { error, hint: `: extra input ${error}` });
    }
    if (this.acceptAll("WITH", "ROLLUP")) return { groupType: "rollup", groupingExpressions };
    if (this.acceptAll("WITH", "CUBE")) return { groupType: "cube", groupingExpressions };
    if (this.atAll("GROUPING", "SETS", "(")) {
      this.pos += 3;
      const groupingSets = this.list(() => this.#groupingSet());
      this.expect(")");
      return { groupType: "groupingSets", groupingExpressions, groupingSets };
    }
    const only = groupingExpressions.length === 1 ? groupingExpressions[0] : undefined;
    const isAll = only?.kind === "UnresolvedAttribute" && only.unparsedIdentifier.toLowerCase() === "all";
    return { groupType: isAll ? "all" : "groupby", groupingExpressions };
  }

  #groupingItem(): Expression {
    return this.#groupingAnalytics() ?? this.namedExpression();
  }

  #groupingAnalytics(): GroupingAnalytics | undefined {
    const first = this.pos;
    const isSets = this.atAll("GROUPING", "SETS", "(");
    if (!isSets && !((this.at("ROLLUP") || this.at("CUBE")) && this.peek(1) === "(")) return undefined;
    const type = isSets ? "groupingSets" : this.at("ROLLUP") ? "rollup" : "cube";
    this.pos += isSets ? 3 : 2;
    const sets = this.list((): readonly Expression[] => {
      const nested = isSets ? this.#groupingAnalytics() : undefined;
      return nested === undefined ? this.#groupingSet() : [nested];
    });
    this.expect(")");
    if (!isSets && sets.some((set) => set.length === 0)) {
      this.defer(this.#groupAt, this.pos - 1, "_LEGACY_ERROR_TEMP_0051", { element: type.toUpperCase() });
    }
    return { kind: "GroupingAnalytics", type, sets, origin: this.originFrom(first) };
  }

  #groupingSet(): readonly Expression[] {
    if (this.at("(") && !this.isQueryParen(this.pos)) {
      const after = this.kindAt(this.closingOf(this.pos) + 1);
      if (after === "," || after === ")") {
        this.pos++;
        const set = this.at(")") ? [] : this.list(() => this.expression());
        this.expect(")");
        return set;
      }
    }
    return [this.expression()];
  }

  /** A program run over the rows: never possible in a browser. */
  protected transform(from: Relation | undefined): Relation {
    const first = this.pos;
    const isSelect = this.accept("SELECT");
    this.pos++;
    if (isSelect) this.expect("(");
    if (this.at("DISTINCT") || this.at("ALL")) {
      if (this.canStartExpression(this.pos + 1)) {
        this.defer(this.pos, this.pos, "UNSUPPORTED_FEATURE.TRANSFORM_DISTINCT_ALL");
        this.pos++;
      }
    }
    this.list(() => this.expression());
    if (isSelect) this.expect(")");
    this.rowFormat();
    if (this.accept("RECORDWRITER")) this.stringLiteral();
    this.expect("USING");
    this.stringLiteral();
    if (this.accept("AS")) this.#transformColumns();
    this.rowFormat();
    if (this.accept("RECORDREADER")) this.stringLiteral();
    let input = from;
    if (from === undefined && this.at("FROM")) input = this.fromClause();
    while (this.at("LATERAL") && this.peek(1) === "VIEW")
      input = this.lateralView(input ?? { kind: "OneRowRelation" });
    if (this.at("WHERE")) this.whereClause(input ?? { kind: "OneRowRelation" });
    if (from === undefined) {
      this.aggregationClause();
      if (this.accept("HAVING")) this.expression();
      this.windowClause();
    }
    return {
      kind: "UnsupportedRelation",
      feature: "TRANSFORM with a program",
      origin: this.originFrom(first),
    };
  }

  #transformColumns(): void {
    const inBrackets = this.accept("(");
    this.list(() => {
      this.identifierNoMinus();
      if (
        !this.at(",") &&
        !this.at(")") &&
        this.atIdentifier() &&
        !this.isClauseWord(this.pos) &&
        !this.at("ROW")
      ) {
        this.pos--;
        this.columnType();
      }
    });
    if (inBrackets) this.expect(")");
  }
}
