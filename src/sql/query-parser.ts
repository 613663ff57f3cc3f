import type {
  Expression,
  GroupingAnalytics,
  SortOrder,
  SubqueryExpression,
  UnresolvedStar,
  Window,
} from "../plan/expression.ts";
import type {
  Aggregate,
  CommonTableExpression,
  JoinType,
  Relation,
  TableSample,
  WithWindowDefinition,
} from "../plan/relation.ts";
import { foreachNode } from "../plan/traverse.ts";
import { INTEGER } from "../types/data-type.ts";
import type { TextProblem } from "../types/parse-interval.ts";
import { ExpressionParser, unparsed } from "./expression-parser.ts";
import type { TokenKind } from "./tokens.ts";

/** The name that Spark gives to a subquery in FROM without one. */
const UNNAMED_SUBQUERY = "__auto_generated_subquery_name";

const SET_OPERATIONS: ReadonlySet<TokenKind> = new Set<TokenKind>(["UNION", "EXCEPT", "MINUS", "INTERSECT"]);
const QUERY_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "SELECT",
  "WITH",
  "VALUES",
  "TABLE",
  "FROM",
  "MAP",
  "REDUCE",
]);
const BY_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "GROUP",
  "ORDER",
  "SORT",
  "CLUSTER",
  "DISTRIBUTE",
]);
const CONDITION_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "WHERE",
  "HAVING",
  "QUALIFY",
  "LIMIT",
  "OFFSET",
]);
/** What may come right after a name and its column list, so that the pair is an alias. */
const AFTER_ALIAS: ReadonlySet<TokenKind> = new Set<TokenKind>(["end", ";", ")", ",", "|>"]);

/** Words after which `|` is no operator on bits: whatever they mean there. */
const PIPE_WORDS: ReadonlySet<TokenKind> = new Set(
  (
    "SELECT EXTEND SET DROP AS WHERE PIVOT UNPIVOT TABLESAMPLE BIN AGGREGATE INNER CROSS LEFT RIGHT FULL SEMI ANTI " +
    "NATURAL JOIN UNION EXCEPT MINUS INTERSECT ORDER CLUSTER DISTRIBUTE SORT LIMIT OFFSET WINDOW"
  ).split(" ") as TokenKind[],
);

type WindowDefinitions = WithWindowDefinition["definitions"];

/** SELECT and all that stands around it. */
export abstract class QueryParser extends ExpressionParser {
  /** Statements that begin with FROM, in which SELECT may come after a select list. */
  #openFromStatements = 0;
  /** Where the GROUP BY that is being read begins. */
  #groupAt = 0;

  // --- where clauses begin

  protected isQueryStart(index: number): boolean {
    const kind = this.kindAt(index);
    if (!QUERY_STARTS.has(kind)) return false;
    const next = this.kindAt(index + 1);
    switch (kind) {
      case "SELECT":
        return next === "/*+" || this.canStartExpression(index + 1);
      case "WITH":
        return this.isIdentifier(index + 1);
      case "TABLE":
        return this.isIdentifier(index + 1);
      case "MAP":
      case "REDUCE":
        return next !== "(" && this.canStartExpression(index + 1) && this.#hasUsing(index);
      case "FROM":
        return this.#startsRelation(index + 1);
      default:
        return this.canStartExpression(index + 1) && next !== "*";
    }
  }

  /** Whether USING comes before the bracket that is open closes. */
  #hasUsing(index: number): boolean {
    for (let at = index; at < this.kinds.length; at++) {
      const kind = this.kindAt(at);
      if (kind === "USING") return true;
      if (kind === ")" || kind === ";") return false;
      if (kind === "(") {
        const close = this.closingOf(at);
        if (close === -1) return false;
        at = close;
      }
    }
    return false;
  }

  protected isClauseWord(index: number): boolean {
    const kind = this.kindAt(index);
    const next = this.kindAt(index + 1);
    switch (kind) {
      case "FROM":
        return this.#startsRelation(index + 1);
      case "WHERE":
      case "HAVING":
      case "QUALIFY":
      case "LIMIT":
      case "OFFSET":
        return (
          this.canStartExpression(index + 1) &&
          !this.isClauseWord(index + 1) &&
          !this.#isAliasWithColumns(index)
        );
      case "GROUP":
      case "ORDER":
      case "SORT":
      case "CLUSTER":
      case "DISTRIBUTE":
        return next === "BY" && this.canStartExpression(index + 2);
      case "SELECT":
        return this.#openFromStatements > 0 && this.canStartExpression(index + 1);
      case "INSERT":
        return next === "INTO" || next === "OVERWRITE";
      case "UNION":
      case "EXCEPT":
      case "MINUS":
      case "INTERSECT": {
        const after = next === "ALL" || next === "DISTINCT" ? index + 2 : index + 1;
        return this.kindAt(after) === "(" || this.isQueryStart(after);
      }
      case "WINDOW":
        return this.isIdentifier(index + 1) && this.kindAt(index + 2) === "AS";
      case "LATERAL":
        return next === "VIEW" || this.#startsRelation(index + 1);
      case "PIVOT":
        return next === "(";
      case "UNPIVOT":
        return next === "(" || next === "INCLUDE" || next === "EXCLUDE";
      case "TABLESAMPLE":
        return next === "(" || next === "BERNOULLI" || next === "SYSTEM";
      case "WITH":
        return next === "ROLLUP" || next === "CUBE";
      case "GROUPING":
        return next === "SETS";
      case "FOR":
        return this.#isForClause(index);
      case "WATERMARK":
        return this.isIdentifier(index + 1) && this.kindAt(index + 2) === "DELAY";
      case "ORDINALITY":
        return false;
      case "SET":
        return this.isIdentifier(index + 1) && next !== "SET";
      case "BIN":
        return next === "BY";
      case "CHANGES":
        return next === "FROM";
      case "IDENTIFIED":
        return next === "BY";
      case "NATURAL":
      case "INNER":
      case "CROSS":
      case "LEFT":
      case "RIGHT":
      case "FULL":
      case "SEMI":
      case "ANTI":
      case "JOIN":
      case "ASOF":
        return this.#joinAt(index) !== undefined;
      default:
        return this.isStopWord(index);
    }
  }

  /** Words that end a query where it stands inside a statement: `DO`, `THEN`. */
  protected isStopWord(_index: number): boolean {
    return false;
  }

  #isForClause(index: number): boolean {
    const next = this.kindAt(index + 1);
    if (next === "VERSION" || next === "TIMESTAMP" || next === "SYSTEM_VERSION" || next === "SYSTEM_TIME") {
      return this.kindAt(index + 2) === "AS";
    }
    if (next === "READ") return true;
    if (next === "(") return this.kindAt(this.closingOf(index + 1) + 1) === "IN";
    return this.isIdentifier(index + 1) && this.kindAt(index + 2) === "IN";
  }

  #startsRelation(index: number): boolean {
    const kind = this.kindAt(index);
    if (kind === "(") return true;
    if (kind === "FROM" && this.isClauseWord(index)) return false;
    return this.isIdentifier(index) && !this.isClauseWordAfterFrom(index);
  }

  /** `FROM WHERE x`: the word FROM was a name after all. */
  protected isClauseWordAfterFrom(index: number): boolean {
    const kind = this.kindAt(index);
    return (
      kind !== "LATERAL" && (BY_WORDS.has(kind) || CONDITION_WORDS.has(kind)) && this.isClauseWord(index)
    );
  }

  /** `WHERE (a, b)` where nothing of an expression follows: a table's alias with columns, as Spark's grammar has it. */
  #isAliasWithColumns(index: number): boolean {
    if (this.kindAt(index + 1) !== "(") return false;
    const close = this.closingOf(index + 1);
    if (close === -1) return false;
    for (let at = index + 2; at < close; at++) {
      const isName = (at - index) % 2 === 0;
      if (isName ? !this.isIdentifier(at) : this.kindAt(at) !== ",") return false;
    }
    return close > index + 2 && (AFTER_ALIAS.has(this.kindAt(close + 1)) || this.isClauseWord(close + 1));
  }

  protected isPipeStart(index: number): boolean {
    const kind = this.kindAt(index);
    if (kind === "|>") return true;
    return (
      kind === "|" && this.options.singleCharacterPipe !== false && PIPE_WORDS.has(this.kindAt(index + 1))
    );
  }

  // --- queries

  protected query(): Relation {
    const first = this.pos;
    if (this.at("WITH") && this.isQueryStart(this.pos)) {
      const ctes = this.ctes();
      return this.withCtes(ctes, this.queryBody(), first);
    }
    return this.queryBody();
  }

  protected withCtes(
    ctes: { readonly isRecursive: boolean; readonly relations: readonly CommonTableExpression[] },
    input: Relation,
    first: number,
  ): Relation {
    this.#checkCtes(ctes, first);
    return { kind: "With", ...ctes, input, origin: this.originFrom(first) };
  }

  #checkCtes(
    ctes: { readonly isRecursive: boolean; readonly relations: readonly CommonTableExpression[] },
    first: number,
  ): void {
    if (!ctes.isRecursive && ctes.relations.some((r) => r.maxRecursion !== undefined)) {
      this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0035", {
        message: "Cannot specify MAX RECURSION LEVEL when the CTE is not marked as RECURSIVE",
      });
    }
    const seen = new Set<string>();
    const duplicates = new Set<string>();
    for (const { name } of ctes.relations) {
      const key = name.toLowerCase();
      if (seen.has(key)) duplicates.add(`\`${name}\``);
      seen.add(key);
    }
    if (duplicates.size > 0) {
      this.defer(first, this.pos - 1, "DUPLICATED_CTE_NAMES", { duplicateNames: [...duplicates].join(", ") });
    }
  }

  protected queryBody(): Relation {
    return this.#organization(this.queryTerm());
  }

  protected ctes(): { readonly isRecursive: boolean; readonly relations: readonly CommonTableExpression[] } {
    this.expect("WITH");
    const isRecursive = this.at("RECURSIVE") && this.isIdentifier(this.pos + 1) && this.pos++ >= 0;
    const relations = this.list(() => this.#namedQuery());
    return { isRecursive, relations };
  }

  #namedQuery(): CommonTableExpression {
    const name = this.identifierNoMinus();
    const columnAliases = this.at("(") && !this.isQueryParen(this.pos) ? this.identifierList() : undefined;
    const maxRecursion = this.acceptAll("MAX", "RECURSION", "LEVEL") ? this.integerValue() : undefined;
    this.accept("AS");
    this.expect("(");
    const plan = this.query();
    this.expect(")");
    return {
      name,
      ...(columnAliases === undefined ? {} : { columnAliases }),
      plan,
      ...(maxRecursion === undefined ? {} : { maxRecursion }),
    };
  }

  /** Set operations and pipes, from left to right; INTERSECT binds tighter than the others. */
  protected queryTerm(): Relation {
    const pending: {
      readonly left: Relation;
      readonly first: number;
      readonly operator: TokenKind;
      readonly isAll: boolean;
      readonly level: number;
    }[] = [];
    let first = this.pos;
    let value = this.queryPrimary();
    const reduce = (level: number): void => {
      for (let top = pending.at(-1); top !== undefined && top.level >= level; top = pending.at(-1)) {
        pending.pop();
        first = top.first;
        value = this.#setOperation(top.left, value, top.operator, top.isAll, first);
      }
    };
    for (;;) {
      const operator = this.peek();
      if (this.isPipeStart(this.pos)) {
        reduce(0);
        this.pos++;
        value = this.pipe(value, first);
      } else if (SET_OPERATIONS.has(operator)) {
        const level = operator === "INTERSECT" && this.options.legacySetOpsPrecedence !== true ? 2 : 1;
        reduce(level);
        this.pos++;
        pending.push({ left: value, first, operator, isAll: this.#isAll(), level });
        first = this.pos;
        value = this.queryPrimary();
      } else {
        reduce(0);
        return value;
      }
    }
  }

  #isAll(): boolean {
    if (this.accept("ALL")) return true;
    this.accept("DISTINCT");
    return false;
  }

  #setOperation(
    leftInput: Relation,
    rightInput: Relation,
    operator: TokenKind,
    isAll: boolean,
    first: number,
  ): Relation {
    const setOpType = operator === "UNION" ? "union" : operator === "INTERSECT" ? "intersect" : "except";
    return {
      kind: "SetOperation",
      leftInput,
      rightInput,
      setOpType,
      isAll,
      byName: false,
      allowMissingColumns: false,
      origin: this.originFrom(first),
    };
  }

  protected queryPrimary(): Relation {
    const first = this.pos;
    switch (this.peek()) {
      case "SELECT":
        return this.#select();
      case "(": {
        this.pos++;
        const query = this.query();
        this.expect(")");
        return query;
      }
      case "VALUES":
        return this.#inlineTable();
      case "TABLE":
        this.pos++;
        return this.tableReference(first);
      case "FROM":
        return this.#fromStatement();
      case "MAP":
      case "REDUCE":
        return this.#transform(undefined);
      default:
        throw this.unexpected();
    }
  }

  /** ORDER BY and what follows it. `inPipe`: one of these is an operator of a pipe. */
  #organization(input: Relation, inPipe = false): Relation {
    const first = this.pos;
    const order = this.acceptAll("ORDER", "BY") ? this.list(() => this.sortItem()) : undefined;
    const cluster = this.acceptAll("CLUSTER", "BY") ? this.list(() => this.expression()) : undefined;
    const distribute = this.acceptAll("DISTRIBUTE", "BY") ? this.list(() => this.expression()) : undefined;
    const sort = this.acceptAll("SORT", "BY") ? this.list(() => this.sortItem()) : undefined;
    const windowAt = this.pos;
    const definitions = this.#windowClause();
    const windowOrigin = this.originFrom(windowAt);
    const limit = this.#limit();
    const offset = this.accept("OFFSET") ? this.expression() : undefined;
    if (this.pos === first) return input;
    const given = [order, cluster, distribute, sort].filter((clause) => clause !== undefined);
    if (given.length > 1 && (given.length > 2 || distribute === undefined || sort === undefined)) {
      this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES");
    }
    if (inPipe)
      this.#checkPipeClauses(first, { order, cluster, distribute, sort, definitions, limit, offset });
    const origin = this.originFrom(first);
    let plan = input;
    if (order !== undefined) {
      const all = orderByAll(order);
      plan = {
        kind: "Sort",
        input: plan,
        order,
        isGlobal: true,
        ...(all === undefined ? {} : { all }),
        origin,
      };
    } else {
      const partitionExprs = cluster ?? distribute;
      if (partitionExprs !== undefined) {
        plan = { kind: "RepartitionByExpression", input: plan, partitionExprs, origin };
      }
      const local =
        sort ??
        cluster?.map((child): SortOrder => ({ kind: "SortOrder", child, direction: "ascending", origin }));
      if (local !== undefined) plan = { kind: "Sort", input: plan, order: local, isGlobal: false, origin };
    }
    if (definitions !== undefined)
      plan = { kind: "WithWindowDefinition", input: plan, definitions, origin: windowOrigin };
    if (offset !== undefined) plan = { kind: "Offset", input: plan, offset, origin };
    if (limit !== undefined) plan = { kind: "Limit", input: plan, limit, origin };
    return plan;
  }

  #limit(): Expression | undefined {
    if (!this.accept("LIMIT")) return undefined;
    if (this.at("ALL") && (!this.canStartExpression(this.pos + 1) || this.peek(1) === "OFFSET")) {
      this.pos++;
      return undefined;
    }
    return this.expression();
  }

  /** A pipe takes one of these clauses at a time, but LIMIT with OFFSET and DISTRIBUTE BY with SORT BY. */
  #checkPipeClauses(
    first: number,
    clauses: {
      readonly order: unknown;
      readonly cluster: unknown;
      readonly distribute: unknown;
      readonly sort: unknown;
      readonly definitions: unknown;
      readonly limit: unknown;
      readonly offset: unknown;
    },
  ): void {
    if (clauses.definitions !== undefined) {
      this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.CLAUSE_WITH_PIPE_OPERATORS", {
        clauses: "the WINDOW clause",
      });
    }
    const sorting = [
      ["ORDER BY", clauses.order],
      ["CLUSTER BY", clauses.cluster],
      ["DISTRIBUTE BY", clauses.distribute],
      ["SORT BY", clauses.sort],
    ].find(([, clause]) => clause !== undefined);
    const cutting =
      clauses.offset !== undefined ? "OFFSET" : clauses.limit !== undefined ? "LIMIT" : undefined;
    if (sorting !== undefined && cutting !== undefined) {
      this.defer(first, this.pos - 1, "MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS", {
        clause1: sorting[0] as string,
        clause2: cutting,
      });
    }
  }

  #windowClause(): WindowDefinitions | undefined {
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

  // --- SELECT

  #select(): Relation {
    const first = this.pos;
    if (this.peek(1) === "TRANSFORM" && this.peek(2) === "(" && this.#isTransform())
      return this.#transform(undefined);
    const select = this.#selectClause();
    const input = this.at("FROM") ? this.fromClause() : undefined;
    return this.#selectRest(select, input, first);
  }

  #isTransform(): boolean {
    const after = this.kindAt(this.closingOf(this.pos + 2) + 1);
    return after === "USING" || after === "ROW" || after === "RECORDWRITER";
  }

  #selectClause(): SelectClause {
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
  #selectRest(select: SelectClause, from: Relation | undefined, first: number): Relation {
    let plan: Relation | undefined = from;
    while (this.at("LATERAL") && this.peek(1) === "VIEW")
      plan = this.#lateralView(plan ?? { kind: "OneRowRelation" });
    const where = this.accept("WHERE") ? this.expression() : undefined;
    const groupAt = this.pos;
    const group = this.#aggregationClause();
    const groupOrigin = this.originFrom(groupAt);
    const having = this.accept("HAVING") ? this.expression() : undefined;
    const windowAt = this.pos;
    const definitions = this.#windowClause();
    const windowOrigin = this.originFrom(windowAt);
    const qualify = this.accept("QUALIFY") ? this.expression() : undefined;
    const origin = this.originFrom(first);
    const expressions = select.expressions;
    const input: Relation = plan ?? { kind: "OneRowRelation", origin };
    let result: Relation = where === undefined ? input : { kind: "Filter", input, condition: where, origin };
    if (group !== undefined || having !== undefined) {
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
  #aggregationClause(
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

  #lateralView(input: Relation): Relation {
    return this.#lateralViewOver()(input);
  }

  #lateralViewOver(): (input: Relation) => Relation {
    const first = this.pos;
    this.pos += 2;
    const isOuter = this.accept("OUTER");
    const generatorAt = this.pos;
    const nameParts = this.multipartIdentifier();
    this.expect("(");
    const args = this.at(")") ? [] : this.list(() => this.expression());
    this.expect(")");
    const generator: Expression = {
      kind: "UnresolvedFunction",
      functionName: unparsed(nameParts),
      arguments: args,
      ...(nameParts.length > 1 ? { nameParts } : {}),
      origin: this.originFrom(generatorAt),
    };
    const tableAlias = this.identifier();
    let columnAliases: readonly string[] = [];
    if (this.at("AS") || (this.atIdentifier() && !this.isClauseWord(this.pos))) {
      this.accept("AS");
      columnAliases = this.list(() => this.identifier());
    }
    const origin = this.originFrom(first);
    return (input) => ({ kind: "LateralView", input, generator, isOuter, tableAlias, columnAliases, origin });
  }

  /** FROM first, then any number of SELECTs over it. */
  #fromStatement(): Relation {
    const first = this.pos;
    this.#openFromStatements++;
    const from = this.fromClause();
    const bodies: Relation[] = [];
    while (this.at("SELECT") || this.at("MAP") || this.at("REDUCE")) {
      bodies.push(this.fromStatementBody(from));
    }
    this.#openFromStatements--;
    const [one, ...others] = bodies;
    let plan = one ?? from;
    for (const other of others) plan = this.#setOperation(plan, other, "UNION", true, first);
    return plan;
  }

  protected fromStatementBody(from: Relation): Relation {
    const first = this.pos;
    if (!this.at("SELECT") || (this.peek(1) === "TRANSFORM" && this.peek(2) === "(" && this.#isTransform())) {
      return this.#organization(this.#transform(from));
    }
    const select = this.#selectClause();
    return this.#organization(this.#selectRest(select, from, first));
  }

  /** A program run over the rows: never possible in a browser. */
  #transform(from: Relation | undefined): Relation {
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
      input = this.#lateralView(input ?? { kind: "OneRowRelation" });
    if (this.at("WHERE")) this.whereClause(input ?? { kind: "OneRowRelation" });
    if (from === undefined) {
      this.#aggregationClause();
      if (this.accept("HAVING")) this.expression();
      this.#windowClause();
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

  /** `ROW FORMAT SERDE ...` or `ROW FORMAT DELIMITED ...`; Hive's, so its parts are only read. */
  protected rowFormat(): "serde" | "delimited" | undefined {
    if (!this.acceptAll("ROW", "FORMAT")) return undefined;
    if (this.accept("SERDE")) {
      this.stringLiteral();
      if (this.acceptAll("WITH", "SERDEPROPERTIES")) this.propertyList();
      return "serde";
    }
    this.expect("DELIMITED");
    if (this.acceptAll("FIELDS", "TERMINATED", "BY")) {
      this.stringLiteral();
      if (this.acceptAll("ESCAPED", "BY")) this.stringLiteral();
    }
    if (this.acceptAll("COLLECTION", "ITEMS", "TERMINATED", "BY")) this.stringLiteral();
    if (this.acceptAll("MAP", "KEYS", "TERMINATED", "BY")) this.stringLiteral();
    if (this.acceptAll("LINES", "TERMINATED", "BY")) {
      const first = this.pos;
      if (this.stringLiteral() !== "\n") this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0069");
    }
    if (this.acceptAll("NULL", "DEFINED", "AS")) this.stringLiteral();
    return "delimited";
  }

  // --- FROM

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
    while (this.at("LATERAL") && this.peek(1) === "VIEW") views.push([this.pos, this.#lateralViewOver()]);
    const hasPivot = this.at("PIVOT") && this.peek(1) === "(";
    const pivot = hasPivot ? this.#pivotOver() : undefined;
    const hasUnpivot = this.at("UNPIVOT") && this.isClauseWord(this.pos);
    const unpivot = hasUnpivot ? this.#unpivotOver() : undefined;
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
      if (kind === "PIVOT" && this.peek(1) === "(") plan = this.#pivot(plan);
      else if (kind === "UNPIVOT" && this.isClauseWord(this.pos)) plan = this.#unpivot(plan);
      else if (kind === "BIN" && this.peek(1) === "BY") plan = this.#binBy();
      else {
        const joined = this.joinRelation(plan);
        if (joined === undefined) return plan;
        plan = joined;
      }
    }
  }

  /** The kind of join whose words begin at an index, and how many tokens they are. */
  #joinAt(index: number):
    | {
        readonly joinType: JoinType;
        readonly isNatural: boolean;
        readonly isAsOf: boolean;
        readonly length: number;
      }
    | undefined {
    let at = index;
    const isNatural = this.kindAt(at) === "NATURAL";
    if (isNatural) at++;
    let joinType: JoinType = "inner";
    switch (this.kindAt(at)) {
      case "INNER":
        at++;
        break;
      case "CROSS":
        at++;
        joinType = "cross";
        break;
      case "SEMI":
        at++;
        joinType = "leftSemi";
        break;
      case "ANTI":
        at++;
        joinType = "leftAnti";
        break;
      case "LEFT":
        at++;
        joinType = "leftOuter";
        if (this.kindAt(at) === "SEMI") joinType = "leftSemi";
        if (this.kindAt(at) === "ANTI") joinType = "leftAnti";
        if (joinType !== "leftOuter" || this.kindAt(at) === "OUTER") at++;
        break;
      case "RIGHT":
      case "FULL":
        joinType = this.kindAt(at) === "RIGHT" ? "rightOuter" : "fullOuter";
        at++;
        if (this.kindAt(at) === "OUTER") at++;
        break;
    }
    const isAsOf = this.kindAt(at) === "ASOF" && this.kindAt(at + 1) === "JOIN";
    if (isAsOf) at++;
    if (this.kindAt(at) !== "JOIN") return undefined;
    return { joinType, isNatural, isAsOf, length: at + 1 - index };
  }

  protected joinRelation(left: Relation): Relation | undefined {
    const first = this.pos;
    const join = this.#joinAt(first);
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

  #binBy(): Relation {
    const first = this.pos;
    this.expectAll("BIN", "BY", "(", "RANGE");
    this.multipartIdentifier();
    this.expect("TO");
    this.multipartIdentifier();
    this.expectAll("BIN", "WIDTH");
    this.expression();
    if (this.acceptAll("ALIGN", "TO")) this.expression();
    this.expectAll("DISTRIBUTE", "UNIFORM", "(");
    this.list(() => this.multipartIdentifier());
    this.expect(")");
    for (const word of ["BIN_START", "BIN_END", "BIN_DISTRIBUTE_RATIO"] as const) {
      if (this.acceptAll(word, "AS")) this.identifierNoMinus();
    }
    this.expect(")");
    if (this.accept("AS") || this.atAlias(true)) this.identifierNoMinus();
    return { kind: "UnsupportedRelation", feature: "BIN BY", origin: this.originFrom(first) };
  }

  protected relationPrimary(): Relation {
    const first = this.pos;
    switch (this.peek()) {
      case "(":
        return this.#parenRelation();
      case "VALUES":
        if (this.canStartExpression(this.pos + 1) && !this.isClauseWord(this.pos + 1))
          return this.#inlineTable();
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
      if (this.kindAt(this.closingOf(this.pos + 1) + 1) === "(") return this.#tableFunction(first, undefined);
      return this.#namedRelation(first);
    }
    if (!this.atIdentifier()) {
      if ((this.at("LEFT") || this.at("RIGHT") || this.at("FILTER")) && this.peek(1) === "(")
        return this.#tableFunction(first, undefined);
      throw this.unexpected();
    }
    if (this.#isFunctionAhead()) return this.#tableFunction(first, undefined);
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
    return this.#aliased(table.kind === "ReadTable" ? { ...table, isStreaming: true } : table, first);
  }

  /** A table's name, or `IDENTIFIER(...)` for one. */
  protected tableReference(first: number): Relation {
    const name = this.identifierReference();
    const origin = this.originFrom(first);
    if (Array.isArray(name)) {
      return { kind: "ReadTable", unparsedIdentifier: unparsed(name), nameParts: name, options: {}, origin };
    }
    const identifierClause = name as Expression;
    return { kind: "ReadTable", unparsedIdentifier: "", identifierClause, options: {}, origin };
  }

  /** A dotted name, or the expression in `IDENTIFIER(...)`. */
  protected identifierReference(): readonly string[] | Expression {
    if (this.at("IDENTIFIER") && this.peek(1) === "(") {
      const after = this.kindAt(this.closingOf(this.pos + 1) + 1);
      if (!this.isIdentifierLiteral(this.pos) || after !== ".") {
        this.pos += 2;
        const expression = this.expression();
        this.expect(")");
        return expression;
      }
    }
    return this.multipartIdentifier();
  }

  #namedRelation(first: number): Relation {
    let table = this.tableReference(first);
    if (table.kind !== "ReadTable") return table;
    if (this.at("@") || this.at("@v")) {
      this.pos++;
      const at = this.pos;
      const value = this.atString() ? this.stringLiteral() : this.integerValue();
      const origin = this.originFrom(at);
      const version: Expression =
        typeof value === "number"
          ? { kind: "Literal", dataType: { kind: "integer" }, value, origin }
          : { kind: "Literal", dataType: { kind: "string" }, value, origin };
      table = { ...table, version };
    } else {
      table = { ...table, ...this.#temporalClause() };
    }
    if (this.atAll("CHANGES", "FROM")) return this.#changes(first);
    const options = this.optionsClause();
    if (options !== undefined) table = { ...table, options, origin: this.originFrom(first) };
    const sample = this.at("TABLESAMPLE") && this.isClauseWord(this.pos) ? this.#sampleOver() : undefined;
    const aliased = this.#aliased(table, first);
    return sample === undefined ? aliased : sample(aliased);
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
    this.#aliased({ kind: "OneRowRelation" }, first);
    return { kind: "UnsupportedRelation", feature: "CHANGES", origin: this.originFrom(first) };
  }

  /** `WITH ('key' = 'value')` after a table's name. */
  protected optionsClause(): Readonly<Record<string, string>> | undefined {
    if (!this.at("WITH") || this.peek(1) !== "(") return undefined;
    this.pos++;
    return this.propertyList();
  }

  /** `('key' = 'value', key.part = 1, flag)`. */
  protected abstract propertyList(): Readonly<Record<string, string>>;

  #parenRelation(): Relation {
    const first = this.pos;
    if (this.isQueryParen(first)) {
      this.pos++;
      const query = this.query();
      this.expect(")");
      const sampled = this.#sampled(query);
      this.#watermark();
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
    return this.#aliased(this.#sampled(relation), first);
  }

  #aliased(input: Relation, first: number): Relation {
    this.#watermark();
    const alias = this.tableAlias();
    if (alias === undefined) return input;
    return {
      kind: "SubqueryAlias",
      input,
      alias: alias.name,
      ...(alias.columns === undefined ? {} : { columnAliases: alias.columns }),
      origin: this.originFrom(first),
    };
  }

  #watermark(): void {
    if (!this.at("WATERMARK") || !this.isClauseWord(this.pos)) return;
    const first = this.pos++;
    this.expression();
    this.expectAll("DELAY", "OF");
    this.expression();
    this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE", { feature: "WATERMARK" });
  }

  protected tableAlias(): { readonly name: string; readonly columns?: readonly string[] } | undefined {
    const hasAs = this.at("AS") && this.isIdentifier(this.pos + 1, true) && !this.isClauseWord(this.pos + 1);
    if (hasAs) this.pos++;
    else if (!this.atAlias(true)) return undefined;
    const name = this.identifier(true);
    if (!this.at("(")) return { name };
    return { name, columns: this.identifierList() };
  }

  #inlineTable(): Relation {
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

  #sampled(input: Relation): Relation {
    if (!this.at("TABLESAMPLE") || !this.isClauseWord(this.pos)) return input;
    return this.sample(input);
  }

  protected sample(input: Relation): Relation {
    return this.#sampleOver()(input);
  }

  #sampleOver(): (input: Relation) => Relation {
    const first = this.pos;
    this.expect("TABLESAMPLE");
    if (!this.accept("BERNOULLI")) this.accept("SYSTEM");
    this.expect("(");
    const { method, problem } = this.#sampleMethod();
    this.expect(")");
    let seed: number | undefined;
    if (this.acceptAll("REPEATABLE", "(")) {
      seed = this.integerValue();
      this.expect(")");
    }
    if (problem !== undefined) this.defer(first, this.pos - 1, problem.condition, problem.parameters);
    const origin = this.originFrom(first);
    return (input) => ({
      kind: "TableSample",
      input,
      method,
      ...(seed === undefined ? {} : { seed }),
      origin,
    });
  }

  #sampleMethod(): { readonly method: TableSample["method"]; readonly problem?: TextProblem } {
    const nothing: TableSample["method"] = {
      kind: "rows",
      rows: { kind: "Literal", dataType: INTEGER, value: 0 },
    };
    if (this.at(")"))
      return { method: nothing, problem: { condition: "_LEGACY_ERROR_TEMP_0014", parameters: {} } };
    const number = this.peek(this.at("-") ? 1 : 0);
    if ((number === "integer" || number === "decimal") && this.peek(this.at("-") ? 2 : 1) === "PERCENT") {
      const percent = this.valueExpression();
      this.expect("PERCENT");
      const fraction = percent.kind === "Literal" ? Number(percent.value) / 100 : 0;
      return { method: { kind: "percent", percent }, ...badFraction(fraction) };
    }
    if (this.at("BUCKET") && this.peek(1) === "integer" && this.peek(2) === "OUT") {
      this.pos++;
      const numerator = this.integerValue();
      this.expectAll("OUT", "OF");
      const denominator = this.integerValue();
      const method = { kind: "bucket", numerator, denominator } as const;
      if (!this.accept("ON")) return { method, ...badFraction(numerator / denominator) };
      this.multipartIdentifier();
      const msg = this.acceptAll("(", ")") ? "BUCKET x OUT OF y ON function" : "BUCKET x OUT OF y ON colname";
      return { method, problem: { condition: "_LEGACY_ERROR_TEMP_0015", parameters: { msg } } };
    }
    const rows = this.expression();
    if (this.accept("ROWS")) return { method: { kind: "rows", rows } };
    const text = this.textOf(this.pos - 1);
    if (/^[0-9_]*[bBkKmMgG]$/.test(text)) {
      return {
        method: nothing,
        problem: { condition: "_LEGACY_ERROR_TEMP_0015", parameters: { msg: "byteLengthLiteral" } },
      };
    }
    return {
      method: nothing,
      problem: { condition: "_LEGACY_ERROR_TEMP_0016", parameters: { bytesStr: text } },
    };
  }

  #unnest(): Relation {
    const first = this.pos;
    this.pos += 2;
    const args = this.list(() => this.expression());
    this.expect(")");
    const ordinality = this.acceptAll("WITH", "ORDINALITY");
    const name = ordinality ? "unnest_with_ordinality" : "unnest";
    const origin = this.originFrom(first);
    const call: Relation = {
      kind: "UnresolvedTableValuedFunction",
      functionName: name,
      arguments: args,
      origin,
    };
    return this.#aliased(call, first);
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

  #tableFunction(first: number, _name: undefined): Relation {
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
    return this.#aliased(call, first);
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
    const tableArgOptions = this.#tableArgumentPartitioning();
    return {
      kind: "SubqueryExpression",
      subqueryType: "table_arg",
      plan,
      ...(tableArgOptions === undefined ? {} : { tableArgOptions }),
      origin: this.originFrom(first),
    };
  }

  #tableArgumentPartitioning(): SubqueryExpression["tableArgOptions"] | undefined {
    const first = this.pos;
    let partitionSpec: readonly Expression[] = [];
    let withSinglePartition = false;
    if (this.acceptAll("WITH", "SINGLE", "PARTITION")) {
      withSinglePartition = true;
    } else if (this.acceptAll("PARTITION", "BY") || this.acceptAll("DISTRIBUTE", "BY")) {
      const inBrackets = this.at("(");
      const list = inBrackets ? this.#bracketed(() => this.expression()) : [this.expression()];
      partitionSpec = list;
      if (!inBrackets && this.at(",") && this.peek(2) !== "=>") {
        this.#badTableArgument(first, "PARTITION BY");
      }
    } else {
      return undefined;
    }
    let orderSpec: readonly SortOrder[] = [];
    if (this.acceptAll("ORDER", "BY") || this.acceptAll("SORT", "BY")) {
      orderSpec = this.at("(") ? this.#bracketed(() => this.sortItem()) : [this.sortItem()];
    }
    return { partitionSpec, orderSpec, ...(withSinglePartition ? { withSinglePartition } : {}) };
  }

  #badTableArgument(first: number, clauseName: string): void {
    const before = this.pos;
    this.pos++;
    this.expression();
    this.defer(
      first,
      this.pos - 1,
      "INVALID_SQL_SYNTAX.INVALID_TABLE_FUNCTION_IDENTIFIER_ARGUMENT_MISSING_PARENTHESES",
      { argumentName: clauseName },
    );
    if (before === this.pos) throw this.unexpected();
  }

  #bracketed<T>(item: () => T): T[] {
    this.expect("(");
    const items = this.list(item);
    this.expect(")");
    return items;
  }

  // --- PIVOT, UNPIVOT

  #pivot(input: Relation): Relation {
    return this.#pivotOver()(input);
  }

  #pivotOver(): (input: Relation) => Relation {
    const first = this.pos;
    this.pos += 2;
    const aggregates = this.list(() => this.namedExpression());
    this.expect("FOR");
    const names = this.at("(") ? this.identifierList() : [this.identifierNoMinus()];
    this.expectAll("IN", "(");
    const values = this.list(() => this.namedExpression());
    this.expectAll(")", ")");
    const alias = this.#pivotAlias();
    const origin = this.originFrom(first);
    const columns = names.map(
      (name): Expression => ({
        kind: "UnresolvedAttribute",
        unparsedIdentifier: unparsed([name]),
        nameParts: [name],
        origin,
      }),
    );
    return (input) => aliasedPlan({ kind: "SqlPivot", input, aggregates, columns, values, origin }, alias);
  }

  #pivotAlias(): string | undefined {
    const hasAs = this.at("AS") && this.isIdentifier(this.pos + 1);
    if (!hasAs && !(this.atAlias() && !this.at("LATERAL"))) return undefined;
    this.accept("AS");
    return this.identifierNoMinus();
  }

  #unpivot(input: Relation): Relation {
    return this.#unpivotOver()(input);
  }

  #unpivotOver(): (input: Relation) => Relation {
    const first = this.pos++;
    const includeNulls = this.acceptAll("INCLUDE", "NULLS");
    if (!includeNulls) this.acceptAll("EXCLUDE", "NULLS");
    this.expect("(");
    const isMulti = this.at("(");
    const valueColumnNames = isMulti ? this.#bracketed(() => this.identifier()) : [this.identifier()];
    this.expect("FOR");
    const variableColumnName = this.identifier();
    this.expectAll("IN", "(");
    const groups = this.list(() => {
      const columns = isMulti ? this.#bracketed(() => this.#unpivotColumn()) : [this.#unpivotColumn()];
      const hasAlias = this.accept("AS") || this.atIdentifier();
      return hasAlias ? { columns, alias: this.identifierNoMinus() } : { columns };
    });
    this.expectAll(")", ")");
    const alias = this.#pivotAlias();
    const origin = this.originFrom(first);
    return (input) =>
      aliasedPlan(
        {
          kind: "Unpivot",
          input,
          ids: [],
          values: groups.flatMap((g) => g.columns),
          variableColumnName,
          valueColumnName: valueColumnNames[0] as string,
          multi: { valueColumnNames, groups },
          includeNulls,
          isSql: true,
          origin,
        },
        alias,
      );
  }

  #unpivotColumn(): Expression {
    const first = this.pos;
    const nameParts = this.multipartIdentifier();
    return {
      kind: "UnresolvedAttribute",
      unparsedIdentifier: unparsed(nameParts),
      nameParts,
      origin: this.originFrom(first),
    };
  }

  // --- |>

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
        const hasWindow = this.#windowClause() !== undefined;
        if (hasWindow) this.defer(first, this.pos - 1, "NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE.WINDOW_CLAUSE");
        return { kind: "Filter", input, condition, origin: this.originFrom(first) };
      }
      case "PIVOT":
      case "UNPIVOT":
        if (this.isClauseWord(at)) {
          const isPivot = this.at("PIVOT");
          const plan = isPivot ? this.#pivot(input) : this.#unpivot(input);
          if (this.at(isPivot ? "UNPIVOT" : "PIVOT") && this.isClauseWord(this.pos)) {
            if (isPivot) this.#unpivot(plan);
            else this.#pivot(plan);
            this.defer(first, this.pos - 1, "NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT");
          }
          return plan;
        }
        break;
      case "BIN":
        return this.#binBy();
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
        const isAll = this.#isAll();
        return this.#setOperation(input, this.queryPrimary(), operator, isAll, first);
      }
    }
    return this.joinRelation(input) ?? this.#organization(input, true);
  }

  #pipeSelect(input: Relation, first: number): Relation {
    const select = this.#selectClause();
    const groupAt = this.pos;
    const group = this.#aggregationClause();
    const groupOrigin = this.originFrom(groupAt);
    const definitions = this.#windowClause();
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
    const group = this.#aggregationClause(true);
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

interface HintStatement {
  readonly name: string;
  readonly parameters: readonly Expression[];
}

interface SelectClause {
  readonly hints: readonly HintStatement[];
  readonly isDistinct: boolean;
  readonly expressions: readonly Expression[];
}

function aliasedPlan(input: Relation, alias: string | undefined): Relation {
  return alias === undefined
    ? input
    : {
        kind: "SubqueryAlias",
        input,
        alias,
        ...(input.origin === undefined ? {} : { origin: input.origin }),
      };
}

function withoutAlias(item: Expression): Expression {
  return item.kind === "Alias" ? item.expr : item;
}

/** `ORDER BY ALL`: what it asks for, beside the plain sort by a column of that name. */
function orderByAll(
  order: readonly SortOrder[],
): { direction: SortOrder["direction"]; nullOrdering?: "first" | "last" } | undefined {
  const [only] = order;
  if (order.length !== 1 || only?.child.kind !== "UnresolvedAttribute") return undefined;
  if (only.child.unparsedIdentifier.toLowerCase() !== "all") return undefined;
  return {
    direction: only.direction,
    ...(only.nullOrdering === undefined ? {} : { nullOrdering: only.nullOrdering }),
  };
}

function badFraction(fraction: number): { readonly problem?: TextProblem } {
  if (fraction >= 0 && fraction <= 1) return {};
  return {
    problem: { condition: "INVALID_TABLESAMPLE_FRACTION", parameters: { fraction: javaDouble(fraction) } },
  };
}

function joinTypeSql(joinType: JoinType): string {
  return joinType.replace(/([A-Z])/g, " $1").toUpperCase();
}

function javaDouble(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

export type WindowSpec = Pick<Window, "partitionSpec" | "orderSpec" | "frameSpec">;
