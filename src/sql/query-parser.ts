import type { Expression, SortOrder } from "../plan/expression.ts";
import type { CommonTableExpression, Relation } from "../plan/relation.ts";
import { SelectParser } from "./select-parser.ts";
import type { TokenKind } from "./tokens.ts";

const SET_OPERATIONS: ReadonlySet<TokenKind> = new Set<TokenKind>(["UNION", "EXCEPT", "MINUS", "INTERSECT"]);

/** Whole queries: common tables, set operations, orders and limits. */
export abstract class QueryParser extends SelectParser {
  /** One operator of a pipe, after `|>`. `first` is where the whole pipe begins. */
  protected abstract pipe(input: Relation, first: number): Relation;

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
      if (seen.has(key)) duplicates.add(`\`${key}\``);
      seen.add(key);
    }
    if (duplicates.size > 0) {
      this.defer(first, this.pos - 1, "DUPLICATED_CTE_NAMES", { duplicateNames: [...duplicates].join(", ") });
    }
  }

  protected queryBody(): Relation {
    return this.organization(this.queryTerm());
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
        value = this.setOperation(top.left, value, top.operator, top.isAll, first);
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
        pending.push({ left: value, first, operator, isAll: this.isAll(), level });
        first = this.pos;
        value = this.queryPrimary();
      } else {
        reduce(0);
        return value;
      }
    }
  }

  protected isAll(): boolean {
    if (this.accept("ALL")) return true;
    this.accept("DISTINCT");
    return false;
  }

  protected setOperation(
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
        return this.inlineTable();
      case "TABLE":
        this.pos++;
        return this.tableReference(first);
      case "FROM":
        return this.#fromStatement();
      case "MAP":
      case "REDUCE":
        return this.transform(undefined);
      default:
        throw this.unexpected();
    }
  }

  /** ORDER BY and what follows it. `inPipe`: one of these is an operator of a pipe. */
  protected organization(input: Relation, inPipe = false): Relation {
    const first = this.pos;
    const order = this.acceptAll("ORDER", "BY") ? this.list(() => this.sortItem()) : undefined;
    const cluster = this.acceptAll("CLUSTER", "BY") ? this.list(() => this.expression()) : undefined;
    const distribute = this.acceptAll("DISTRIBUTE", "BY") ? this.list(() => this.expression()) : undefined;
    const sort = this.acceptAll("SORT", "BY") ? this.list(() => this.sortItem()) : undefined;
    const windowAt = this.pos;
    const definitions = this.windowClause();
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
        ...(inPipe ? { isPipe: true } : {}),
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
      if (local !== undefined) {
        const pipe = inPipe ? { isPipe: true } : {};
        plan = { kind: "Sort", input: plan, order: local, isGlobal: false, ...pipe, origin };
      }
    }
    if (definitions !== undefined)
      plan = { kind: "WithWindowDefinition", input: plan, definitions, origin: windowOrigin };
    if (offset !== undefined) plan = { kind: "Offset", input: plan, offset, origin };
    if (limit === "all") plan = { kind: "Limit", input: plan, limit: 0, isAll: true, origin };
    else if (limit !== undefined) plan = { kind: "Limit", input: plan, limit, origin };
    return plan;
  }

  #limit(): Expression | "all" | undefined {
    if (!this.accept("LIMIT")) return undefined;
    if (this.at("ALL") && (!this.canStartExpression(this.pos + 1) || this.peek(1) === "OFFSET")) {
      this.pos++;
      return "all";
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

  #select(): Relation {
    const first = this.pos;
    if (this.peek(1) === "TRANSFORM" && this.peek(2) === "(" && this.isTransform())
      return this.transform(undefined);
    const select = this.selectClause();
    const input = this.at("FROM") ? this.fromClause() : undefined;
    return this.selectRest(select, input, first);
  }

  /** FROM first, then any number of SELECTs over it. */
  #fromStatement(): Relation {
    const first = this.pos;
    this.openFromStatements++;
    const from = this.fromClause();
    const bodies: Relation[] = [];
    while (this.at("SELECT") || this.at("MAP") || this.at("REDUCE")) {
      bodies.push(this.fromStatementBody(from));
    }
    this.openFromStatements--;
    const [one, ...others] = bodies;
    let plan = one ?? from;
    for (const other of others) plan = this.setOperation(plan, other, "UNION", true, first);
    return plan;
  }

  protected fromStatementBody(from: Relation): Relation {
    const first = this.pos;
    if (!this.at("SELECT") || (this.peek(1) === "TRANSFORM" && this.peek(2) === "(" && this.isTransform())) {
      return this.organization(this.transform(from));
    }
    const select = this.selectClause();
    return this.organization(this.selectRest(select, from, first));
  }

  protected query(): Relation {
    const first = this.pos;
    if (this.at("WITH") && this.isQueryStart(this.pos)) {
      const ctes = this.ctes();
      return this.withCtes(ctes, this.queryBody(), first);
    }
    return this.queryBody();
  }
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
