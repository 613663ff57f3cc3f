import type { Expression, SortOrder, SubqueryExpression } from "../plan/expression.ts";
import type { JoinType, Relation } from "../plan/relation.ts";
import { INTEGER, STRING } from "../types/data-type.ts";
import { unparsed } from "./name-text.ts";
import { SourceParser } from "./source-parser.ts";

/** The name that Spark gives to a subquery in FROM without one. */
const UNNAMED_SUBQUERY = "__auto_generated_subquery_name";

/** FROM: tables, subqueries, functions and their joins. */
export abstract class RelationParser extends SourceParser {
  protected fromClause(): Relation {
    const first = this.pos;
    this.expect("FROM");
    const start = this.relation();
    const others: { readonly right: Relation; readonly isLateral: boolean }[] = [];
    while (this.accept(",")) {
      const isLateral = this.at("LATERAL") && this.peek(1) !== "VIEW";
      others.push({ right: this.relation(), isLateral });
    }
    const views: (readonly [at: number, view: (input: Relation) => Relation])[] = [];
    while (this.at("LATERAL") && this.peek(1) === "VIEW") views.push([this.pos, this.lateralViewOver()]);
    const hasPivot = this.at("PIVOT") && this.peek(1) === "(";
    const pivot = hasPivot ? this.pivotOver() : undefined;
    const hasUnpivot = this.at("UNPIVOT") && this.isClauseWord(this.pos);
    const unpivot = hasUnpivot ? this.unpivotOver() : undefined;
    const origin = this.originFrom(first);
    let plan = start;
    for (const { right, isLateral } of others) {
      plan = isLateral
        ? { kind: "LateralJoin", left: plan, right, joinType: "inner", origin }
        : { kind: "Join", left: plan, right, joinType: "inner", usingColumns: [], origin };
    }
    for (const [, view] of views) plan = view(plan);
    if (pivot !== undefined) plan = pivot(plan);
    if (unpivot !== undefined) plan = unpivot(plan);
    if (pivot !== undefined || unpivot !== undefined) {
      const isLateral = others.some((other) => other.isLateral);
      if (pivot !== undefined && unpivot !== undefined)
        this.defer(first, this.pos - 1, "NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT");
      else if (isLateral)
        this.defer(
          first,
          this.pos - 1,
          `NOT_ALLOWED_IN_FROM.${pivot === undefined ? "LATERAL_WITH_UNPIVOT" : "LATERAL_WITH_PIVOT"}`,
        );
    }
    return plan;
  }

  /** A relation and the joins, pivots and unpivots after it. LATERAL before it is the caller's business. */
  protected relation(): Relation {
    if (this.at("LATERAL") && this.peek(1) !== "VIEW") this.pos++;
    let plan = this.relationPrimary();
    for (;;) {
      const kind = this.peek();
      if (kind === "PIVOT" && this.peek(1) === "(") plan = this.pivot(plan);
      else if (kind === "UNPIVOT" && this.isClauseWord(this.pos)) plan = this.unpivot(plan);
      else if (kind === "BIN" && this.peek(1) === "BY") plan = this.binBy();
      else {
        const joined = this.joinRelation(plan);
        if (joined === undefined) return plan;
        plan = joined;
      }
    }
  }

  protected joinRelation(left: Relation): Relation | undefined {
    const first = this.pos;
    const join = this.joinAt(first);
    if (join === undefined) return undefined;
    this.pos += join.length;
    const { joinType, isNatural } = join;
    const isLateral = this.accept("LATERAL");
    const right = this.relationPrimary();
    if (join.isAsOf) return this.#asOfJoin(first);
    if (this.#atNearest()) return this.#nearestBy(left, right, joinType, first);
    let joinCondition: Expression | undefined;
    let usingColumns: readonly string[] = [];
    if (!isNatural && this.accept("ON")) joinCondition = this.expression();
    else if (!isNatural && this.at("USING") && this.peek(1) === "(") {
      this.pos++;
      usingColumns = this.identifierList();
    }
    const condition = joinCondition === undefined ? {} : { joinCondition };
    const origin = this.originFrom(first);
    if (isLateral) {
      if (isNatural) {
        this.defer(first, this.pos - 1, "INCOMPATIBLE_JOIN_TYPES", {
          joinType1: "LATERAL",
          joinType2: "NATURAL",
        });
      } else if (usingColumns.length > 0) {
        this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.LATERAL_JOIN_USING");
      } else if (joinType !== "inner" && joinType !== "cross" && joinType !== "leftOuter") {
        this.defer(first, this.pos - 1, "INVALID_LATERAL_JOIN_TYPE", { joinType: joinTypeSql(joinType) });
      }
      return { kind: "LateralJoin", left, right, joinType, ...condition, origin };
    }
    if (isNatural && joinType === "cross") {
      this.defer(first, this.pos - 1, "INCOMPATIBLE_JOIN_TYPES", {
        joinType1: "NATURAL",
        joinType2: "CROSS",
      });
    }
    return {
      kind: "Join",
      left,
      right,
      joinType,
      usingColumns,
      ...condition,
      ...(isNatural ? { isNatural } : {}),
      origin,
    };
  }

  #atNearest(): boolean {
    return (this.at("APPROX") || this.at("EXACT")) && this.peek(1) === "NEAREST";
  }

  #nearestBy(left: Relation, right: Relation, joinType: JoinType, first: number): Relation {
    const mode = this.at("APPROX") ? "approx" : "exact";
    this.pos += 2;
    const numResults = this.at("integer") ? this.integerValue() : 1;
    this.expect("BY");
    const direction = this.at("SIMILARITY") ? "similarity" : "distance";
    if (!this.accept("SIMILARITY")) this.expect("DISTANCE");
    const rankingExpression = this.expression();
    return {
      kind: "NearestByJoin",
      left,
      right,
      rankingExpression,
      numResults,
      joinType,
      mode,
      direction,
      origin: this.originFrom(first),
    };
  }

  #asOfJoin(first: number): Relation {
    this.expectAll("MATCH_CONDITION", "(");
    this.expression();
    this.expect(")");
    if (this.accept("ON")) this.expression();
    else if (this.accept("USING")) this.identifierList();
    return { kind: "UnsupportedRelation", feature: "ASOF JOIN", origin: this.originFrom(first) };
  }

  protected relationPrimary(): Relation {
    const first = this.pos;
    switch (this.peek()) {
      case "(":
        return this.#parenRelation();
      case "VALUES":
        if (this.canStartExpression(this.pos + 1) && !this.isClauseWord(this.pos + 1))
          return this.inlineTable();
        break;
      case "STREAM":
        if (this.isIdentifier(this.pos + 1) && !this.isClauseWord(this.pos + 1)) {
          this.pos++;
          return this.#streamRelation(first);
        }
        break;
      case "JSON_TABLE":
        if (this.peek(1) === "(") return this.#jsonTable();
        break;
      case "UNNEST":
        if (this.peek(1) === "(") return this.#unnest();
    }
    if (this.at("IDENTIFIER") && this.peek(1) === "(") {
      if (this.kindAt(this.closingOf(this.pos + 1) + 1) === "(") return this.#tableFunction(first);
      return this.#namedRelation(first);
    }
    if (!this.atIdentifier()) {
      if ((this.at("LEFT") || this.at("RIGHT") || this.at("FILTER")) && this.peek(1) === "(")
        return this.#tableFunction(first);
      throw this.unexpected();
    }
    if (this.#isFunctionAhead()) return this.#tableFunction(first);
    return this.#namedRelation(first);
  }

  /** Whether a dotted name and a bracket come next. */
  #isFunctionAhead(): boolean {
    let at = this.pos + 1;
    while (this.kindAt(at) === "." && this.isIdentifier(at + 1)) at += 2;
    return this.kindAt(at) === "(";
  }

  #streamRelation(first: number): Relation {
    const inBrackets = this.accept("(");
    const table = this.tableReference(first);
    if (inBrackets) this.expect(")");
    return this.aliasedRelation(table.kind === "ReadTable" ? { ...table, isStreaming: true } : table, first);
  }

  #namedRelation(first: number): Relation {
    let table = this.tableReference(first);
    if (table.kind !== "ReadTable") return table;
    table = { ...table, ...(this.at("@") || this.at("@v") ? this.#atClause(first) : this.#temporalClause()) };
    if (this.atAll("CHANGES", "FROM")) return this.#changes(first);
    const options = this.optionsClause();
    if (options !== undefined) table = { ...table, options, origin: this.originFrom(first) };
    const sample = this.at("TABLESAMPLE") && this.isClauseWord(this.pos) ? this.sampleOver() : undefined;
    const aliased = this.aliasedRelation(table, first);
    return sample === undefined ? aliased : sample(aliased);
  }

  /** `t@v5` and `t@20240131120000000`: Delta's short forms of time travel. */
  #atClause(first: number): { readonly version?: Expression; readonly timestamp?: Expression } {
    const isVersion = this.at("@v");
    const at = ++this.pos;
    if (isVersion) {
      const value = this.atString() ? this.stringLiteral() : this.integerValue();
      const dataType = typeof value === "number" ? INTEGER : STRING;
      return { version: { kind: "Literal", dataType, value, origin: this.originFrom(at) } };
    }
    const text = this.at("integer") ? this.textOf(at) : "";
    this.integerValue();
    const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(text);
    if (parts === null) {
      this.defer(first, this.pos - 1, "INVALID_TIME_TRAVEL_TIMESTAMP_FORMAT", {
        timestamp: text,
        format: "yyyyMMddHHmmssSSS",
      });
      return {};
    }
    const [, year, month, day, hour, minute, second, millis] = parts;
    const value = `${year}-${month}-${day} ${hour}:${minute}:${second}.${millis}`;
    return { timestamp: { kind: "Literal", dataType: STRING, value, origin: this.originFrom(at) } };
  }

  #temporalClause(): { readonly version?: Expression; readonly timestamp?: Expression } {
    const offset = this.at("FOR") ? 1 : 0;
    const word = this.peek(offset);
    const isVersion = word === "VERSION" || word === "SYSTEM_VERSION";
    const isTimestamp = word === "TIMESTAMP" || word === "SYSTEM_TIME";
    if (!(isVersion || isTimestamp) || this.peek(offset + 1) !== "AS" || this.peek(offset + 2) !== "OF")
      return {};
    this.pos += offset + 3;
    if (isTimestamp) return { timestamp: this.valueExpression() };
    const first = this.pos;
    if (this.atString()) {
      const value = this.stringLiteral();
      return {
        version: { kind: "Literal", dataType: { kind: "string" }, value, origin: this.originFrom(first) },
      };
    }
    const value = this.integerValue();
    return {
      version: { kind: "Literal", dataType: { kind: "long" }, value, origin: this.originFrom(first) },
    };
  }

  #changes(first: number): Relation {
    this.pos += 2;
    const version = (): void => {
      if (this.accept("VERSION") || this.accept("SYSTEM_VERSION")) {
        if (this.atString()) this.stringLiteral();
        else this.integerValue();
      } else {
        if (!this.accept("TIMESTAMP")) this.expect("SYSTEM_TIME");
        this.valueExpression();
      }
      if (!this.accept("INCLUSIVE")) this.accept("EXCLUSIVE");
    };
    version();
    if (this.accept("TO")) version();
    this.optionsClause();
    this.aliasedRelation({ kind: "OneRowRelation" }, first);
    return { kind: "UnsupportedRelation", feature: "CHANGES", origin: this.originFrom(first) };
  }

  #parenRelation(): Relation {
    const first = this.pos;
    if (this.isQueryParen(first)) {
      this.pos++;
      const query = this.query();
      this.expect(")");
      const sampled = this.sampled(query);
      this.watermark();
      const alias = this.tableAlias();
      return {
        kind: "SubqueryAlias",
        input: sampled,
        alias: alias?.name ?? UNNAMED_SUBQUERY,
        ...(alias?.columns === undefined ? {} : { columnAliases: alias.columns }),
        origin: this.originFrom(first),
      };
    }
    this.pos++;
    const relation = this.relation();
    this.expectBefore(")", this.atIdentifier() && this.peek(1) !== ")");
    return this.aliasedRelation(this.sampled(relation), first);
  }

  protected inlineTable(): Relation {
    const first = this.pos++;
    const rows = this.list((): readonly Expression[] => {
      const row = this.expression();
      return row.kind === "UnresolvedFunction" && row.functionName.toLowerCase() === "struct"
        ? row.arguments.map(withoutAlias)
        : [row];
    });
    const alias = this.tableAlias();
    const origin = this.originFrom(first);
    const table: Relation = {
      kind: "InlineTable",
      rows,
      ...(alias?.columns === undefined ? {} : { columnAliases: alias.columns }),
      origin,
    };
    return alias === undefined ? table : { kind: "SubqueryAlias", input: table, alias: alias.name, origin };
  }

  #unnest(): Relation {
    const first = this.pos;
    this.pos += 2;
    const args = this.list(() => this.expression());
    this.expect(")");
    const withOrdinality = this.acceptAll("WITH", "ORDINALITY") ? { withOrdinality: true } : {};
    const origin = this.originFrom(first);
    const call: Relation = {
      kind: "UnresolvedTableValuedFunction",
      functionName: "unnest",
      arguments: args,
      ...withOrdinality,
      origin,
    };
    return this.aliasedRelation(call, first);
  }

  #jsonTable(): Relation {
    const first = this.pos;
    this.pos += 2;
    this.expression();
    this.expect(",");
    this.stringLiteral();
    this.expectAll("COLUMNS", "(");
    this.list(() => {
      this.identifierNoMinus();
      if (this.acceptAll("FOR", "ORDINALITY")) return;
      this.dataType();
      this.accept("EXISTS");
      if (this.accept("PATH")) this.stringLiteral();
    });
    this.expect(")");
    if (this.at("ERROR") || this.at("NULL")) {
      this.pos++;
      this.expectAll("ON", "ERROR");
    }
    this.expect(")");
    this.tableAlias();
    return { kind: "UnsupportedRelation", feature: "JSON_TABLE", origin: this.originFrom(first) };
  }

  #tableFunction(first: number): Relation {
    const isClause =
      this.at("IDENTIFIER") && this.peek(1) === "(" && this.kindAt(this.closingOf(this.pos + 1) + 1) === "(";
    const clauseAt = this.pos;
    const clause = isClause ? this.identifierReference() : undefined;
    const nameParts =
      clause === undefined
        ? this.atIdentifier()
          ? this.multipartIdentifier()
          : [this.textOf(this.pos++)]
        : Array.isArray(clause)
          ? (clause as readonly string[])
          : this.#constantName(clause as Expression, clauseAt);
    this.expect("(");
    const args = this.at(")") ? [] : this.list(() => this.#tableFunctionArgument());
    this.expect(")");
    const call: Relation = {
      kind: "UnresolvedTableValuedFunction",
      functionName: unparsed(nameParts),
      ...(nameParts.length > 1 ? { nameParts } : {}),
      arguments: args,
      origin: this.originFrom(first),
    };
    return this.aliasedRelation(call, first);
  }

  /** The name in `IDENTIFIER('f')(...)`. */
  #constantName(expression: Expression, first: number): readonly string[] {
    if (expression.kind === "Literal" && typeof expression.value === "string")
      return this.splitIdentifier(expression.value, first);
    this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE", {
      feature: "IDENTIFIER with an expression as a table function",
    });
    return [""];
  }

  #tableFunctionArgument(): Expression {
    const first = this.pos;
    if (this.isIdentifier(this.pos) && this.peek(1) === "=>") {
      const key = this.identifier();
      this.pos++;
      const value = this.#tableArgument() ?? this.expression();
      return { kind: "NamedArgument", key, value, origin: this.originFrom(first) };
    }
    return this.#tableArgument() ?? this.expression();
  }

  /** `TABLE t`, `TABLE(t)`, `TABLE(SELECT ...)`, and how its rows are dealt out. */
  #tableArgument(): SubqueryExpression | undefined {
    const first = this.pos;
    if (!this.at("TABLE") || !(this.peek(1) === "(" || this.isIdentifier(this.pos + 1))) return undefined;
    this.pos++;
    let plan: Relation;
    if (this.at("(")) {
      const isQuery = this.isQueryParen(this.pos);
      const at = this.pos++;
      plan = isQuery ? this.query() : this.tableReference(at + 1);
      this.expect(")");
    } else {
      plan = this.tableReference(this.pos);
    }
    const tableArgOptions = this.#tableArgumentPartitioning(first);
    return {
      kind: "SubqueryExpression",
      subqueryType: "table_arg",
      plan,
      ...(tableArgOptions === undefined ? {} : { tableArgOptions }),
      origin: this.originFrom(first),
    };
  }

  #tableArgumentPartitioning(argumentAt: number): SubqueryExpression["tableArgOptions"] | undefined {
    let partitionSpec: readonly Expression[] = [];
    let withSinglePartition = false;
    if (this.acceptAll("WITH", "SINGLE", "PARTITION")) {
      withSinglePartition = true;
    } else if (this.acceptAll("PARTITION", "BY") || this.acceptAll("DISTRIBUTE", "BY")) {
      const inBrackets = this.at("(");
      const list = inBrackets ? this.bracketed(() => this.expression()) : [this.expression()];
      partitionSpec = list;
      if (!inBrackets && this.at(",") && this.peek(2) !== "=>") {
        this.#badTableArgument(argumentAt, "PARTITION BY");
      }
    } else {
      return undefined;
    }
    let orderSpec: readonly SortOrder[] = [];
    if (this.acceptAll("ORDER", "BY") || this.acceptAll("SORT", "BY")) {
      orderSpec = this.at("(") ? this.bracketed(() => this.sortItem()) : [this.sortItem()];
    }
    return { partitionSpec, orderSpec, ...(withSinglePartition ? { withSinglePartition } : {}) };
  }

  #badTableArgument(argumentAt: number, clauseName: string): void {
    const before = this.pos;
    this.pos++;
    this.expression();
    this.defer(
      argumentAt,
      this.pos - 1,
      "INVALID_SQL_SYNTAX.INVALID_TABLE_FUNCTION_TABLE_ARGUMENT_PARTITIONING",
      {
        clause: clauseName,
      },
    );
    if (before === this.pos) throw this.unexpected();
  }
}

function withoutAlias(item: Expression): Expression {
  return item.kind === "Alias" ? item.expr : item;
}

function joinTypeSql(joinType: JoinType): string {
  return joinType.replace(/([A-Z])/g, " $1").toUpperCase();
}
