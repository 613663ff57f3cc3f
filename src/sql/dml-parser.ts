import type { Command } from "../plan/command.ts";
import type { Expression, MergeAction } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type { Assignment, InsertInto, InsertOverwriteDirectory, PartitionSpec } from "../plan/statement.ts";
import { AlterParser } from "./alter-parser.ts";
import { unparsed } from "./name-text.ts";

type InsertTarget = Omit<InsertInto, "query" | "origin"> | Omit<InsertOverwriteDirectory, "query" | "origin">;

/** INSERT, UPDATE, DELETE, MERGE. */
export abstract class DmlParser extends AlterParser {
  /** Whether a statement that changes rows begins at an index (after WITH, it may follow the common tables). */
  protected isDmlStart(index: number): boolean {
    switch (this.kindAt(index)) {
      case "INSERT":
      case "DELETE":
      case "UPDATE":
      case "MERGE":
        return true;
      case "FROM":
        return this.#isMultiInsert(index);
      default:
        return false;
    }
  }

  /** `FROM relations INSERT ...`. */
  #isMultiInsert(index: number): boolean {
    for (let at = index + 1; at < this.kinds.length; at++) {
      const kind = this.kindAt(at);
      if (kind === "INSERT") return this.kindAt(at + 1) === "INTO" || this.kindAt(at + 1) === "OVERWRITE";
      if (kind === "SELECT" || kind === ";" || kind === "end" || kind === "|>") return false;
      if (kind === "(") {
        const close = this.closingOf(at);
        if (close === -1) return false;
        at = close;
      }
    }
    return false;
  }

  /** `wrap` puts the common tables of WITH around the query. */
  protected dmlStatement(first: number, wrap: (query: Relation) => Relation): Command {
    switch (this.peek()) {
      case "INSERT":
        return this.#singleInsert(first, wrap);
      case "FROM":
        return this.#multiInsert(first, wrap);
      case "DELETE":
        return this.#delete(first, wrap);
      case "UPDATE":
        return this.#update(first, wrap);
      default:
        return this.#merge(first, wrap);
    }
  }

  #singleInsert(first: number, wrap: (query: Relation) => Relation): Command {
    const target = this.insertTarget();
    let query: Relation;
    if (this.at("(") && this.isQueryParen(this.pos) && this.#isAliasedQuery()) {
      const at = this.pos++;
      const inner = this.query();
      this.expect(")");
      const alias = this.tableAlias();
      query =
        alias === undefined
          ? inner
          : {
              kind: "SubqueryAlias",
              input: inner,
              alias: alias.name,
              ...(alias.columns === undefined ? {} : { columnAliases: alias.columns }),
              origin: this.originFrom(at),
            };
    } else {
      query = this.query();
    }
    return { ...target, query: wrap(query), origin: this.originFrom(first) } as Command;
  }

  #isAliasedQuery(): boolean {
    const after = this.closingOf(this.pos) + 1;
    return (
      after > 0 &&
      (this.kindAt(after) === "AS" || (this.isIdentifier(after, true) && !this.isClauseWord(after)))
    );
  }

  #multiInsert(first: number, wrap: (query: Relation) => Relation): Command {
    const from = this.fromClause();
    const inserts: (InsertInto | InsertOverwriteDirectory)[] = [];
    while (this.at("INSERT")) {
      const at = this.pos;
      const target = this.insertTarget();
      const query = wrap(this.fromStatementBody(from));
      inserts.push({ ...target, query, origin: this.originFrom(at) } as InsertInto);
    }
    const [only] = inserts;
    if (inserts.length === 1 && only !== undefined) return only;
    return { kind: "MultiInsert", inserts, origin: this.originFrom(first) };
  }

  /** All of INSERT but its query. */
  protected insertTarget(): InsertTarget {
    const first = this.pos;
    this.expect("INSERT");
    const withSchemaEvolution = this.acceptAll("WITH", "SCHEMA", "EVOLUTION");
    if (this.accept("OVERWRITE")) {
      const isDirectory = this.at("DIRECTORY") && (this.atString(1) || this.peek(1) === "USING");
      if (isDirectory || this.atAll("LOCAL", "DIRECTORY")) return this.#insertDirectory(first);
      return this.#insertTable(first, true, withSchemaEvolution);
    }
    this.expect("INTO");
    return this.#insertTable(first, false, withSchemaEvolution);
  }

  #insertTable(first: number, overwrite: boolean, withSchemaEvolution: boolean): InsertTarget {
    if (this.at("TABLE") && (this.isIdentifier(this.pos + 1) || this.peek(1) === "(")) this.pos++;
    const tableAt = this.pos;
    let table = this.tableReference(tableAt);
    let alias: string | undefined;
    if (!overwrite && this.#atReplaceAlias()) alias = this.tableAlias()?.name;
    const options = this.optionsClause();
    if (options !== undefined && table.kind === "ReadTable") table = { ...table, options };
    if (alias !== undefined)
      table = { kind: "SubqueryAlias", input: table, alias, origin: this.originFrom(tableAt) };
    const hasPartition = this.atPartition();
    const partition: PartitionSpec = hasPartition ? this.partitionSpec() : {};
    const ifPartitionNotExists = this.ifNotExists();
    if (ifPartitionNotExists) this.#checkIfNotExists(first, overwrite, partition);
    let columns: readonly string[] = [];
    let byName = false;
    if (this.acceptAll("BY", "NAME")) byName = true;
    else if (this.at("(") && !this.isQueryParen(this.pos)) columns = this.identifierList();
    const base = {
      kind: "InsertInto",
      table,
      columns,
      byName,
      ifPartitionNotExists,
      partition,
      ...(withSchemaEvolution ? { withSchemaEvolution } : {}),
    } as const;
    if (!overwrite && this.at("REPLACE")) {
      this.pos++;
      if (this.accept("USING")) return { ...base, overwrite: true, replaceUsing: this.identifierList() };
      if (this.accept("ON")) return { ...base, overwrite: true, replaceOn: this.expression() };
      this.expect("WHERE");
      const { expression: replaceWhere, sql: replaceWhereSql } = this.textedExpression();
      if (alias !== undefined) this.deferWhole("INSERT_REPLACE_WHERE_TABLE_ALIAS_NOT_ALLOWED");
      return { ...base, overwrite: true, replaceWhere, replaceWhereSql };
    }
    return { ...base, overwrite };
  }

  /** `INSERT INTO t AS x REPLACE ON ...`: only then a table has another name. */
  #atReplaceAlias(): boolean {
    if (this.at("REPLACE")) return false;
    const offset = this.at("AS") ? 1 : 0;
    return this.isIdentifier(this.pos + offset, true) && this.kindAt(this.pos + offset + 1) === "REPLACE";
  }

  #checkIfNotExists(first: number, overwrite: boolean, partition: PartitionSpec): void {
    if (!overwrite) {
      this.invalidStatement(first, "INSERT INTO ... IF NOT EXISTS");
      return;
    }
    const dynamic = Object.entries(partition).filter(([, value]) => value === null);
    if (dynamic.length > 0) {
      this.notAllowed(
        first,
        `IF NOT EXISTS with dynamic partitions: ${dynamic.map(([name]) => name).join(", ")}`,
      );
    }
  }

  #insertDirectory(first: number): InsertTarget {
    const isLocal = this.accept("LOCAL");
    this.expect("DIRECTORY");
    const path = this.atString() ? this.stringLiteral() : undefined;
    const located = path === undefined ? {} : { path };
    if (this.accept("USING")) {
      const provider = this.multipartIdentifier().join(".");
      const options = this.accept("OPTIONS") ? this.propertyList() : {};
      if ((path === undefined) === (options.path === undefined)) {
        this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0049");
      }
      return { kind: "InsertOverwriteDirectory", isLocal, ...located, provider, options };
    }
    this.rowFormat();
    let provider = "hive";
    if (this.acceptAll("STORED", "AS")) provider = this.identifier();
    return { kind: "InsertOverwriteDirectory", isLocal, ...located, provider, options: {} };
  }

  #target(): Relation {
    const first = this.pos;
    const table = this.tableReference(first);
    const alias = this.tableAlias();
    const options = this.optionsClause();
    const optioned: Relation =
      options !== undefined && table.kind === "ReadTable" ? { ...table, options } : table;
    if (alias === undefined) return optioned;
    if (alias.columns !== undefined) {
      const command = this.textOf(0).toUpperCase();
      this.defer(first, this.pos - 1, "COLUMN_ALIASES_NOT_ALLOWED", { op: `\`${command}\`` });
    }
    return { kind: "SubqueryAlias", input: optioned, alias: alias.name, origin: this.originFrom(first) };
  }

  #delete(first: number, wrap: (query: Relation) => Relation): Command {
    this.pos++;
    this.expectBefore("FROM", this.atIdentifier());
    const table = wrap(this.#target());
    const condition = this.accept("WHERE") ? { condition: this.expression() } : {};
    return { kind: "DeleteFrom", table, ...condition, origin: this.originFrom(first) };
  }

  #update(first: number, wrap: (query: Relation) => Relation): Command {
    this.pos++;
    const table = wrap(this.#target());
    this.expect("SET");
    const assignments = this.assignments();
    const condition = this.accept("WHERE") ? { condition: this.expression() } : {};
    return { kind: "UpdateTable", table, assignments, ...condition, origin: this.originFrom(first) };
  }

  protected assignments(): readonly Assignment[] {
    return this.list(() => {
      const key = this.#columnKey();
      this.expectBefore("=", this.canStartExpression(this.pos));
      return { key, value: this.expression() };
    });
  }

  #columnKey(): Expression {
    const first = this.pos;
    const nameParts = this.multipartIdentifier();
    return {
      kind: "UnresolvedAttribute",
      unparsedIdentifier: unparsed(nameParts),
      nameParts,
      origin: this.originFrom(first),
    };
  }

  #merge(first: number, wrap: (query: Relation) => Relation): Command {
    this.pos++;
    const withSchemaEvolution = this.acceptAll("WITH", "SCHEMA", "EVOLUTION");
    this.expect("INTO");
    const target = this.#target();
    this.expect("USING");
    const source = wrap(this.#mergeSource());
    this.expect("ON");
    const condition = this.expression();
    const matchedActions: MergeAction[] = [];
    const notMatchedActions: MergeAction[] = [];
    const notMatchedBySourceActions: MergeAction[] = [];
    while (this.at("WHEN")) {
      const at = this.pos++;
      if (this.accept("MATCHED")) {
        if (notMatchedActions.length > 0 || notMatchedBySourceActions.length > 0)
          throw this.unexpectedAt(this.pos - 1);
        matchedActions.push(this.#matchedAction(at, true));
        continue;
      }
      if (!this.accept("NOT")) this.expect("!");
      this.expect("MATCHED");
      if (this.atAll("BY", "SOURCE")) {
        this.pos += 2;
        notMatchedBySourceActions.push(this.#matchedAction(at, false));
      } else {
        if (notMatchedBySourceActions.length > 0) throw this.unexpected();
        this.acceptAll("BY", "TARGET");
        notMatchedActions.push(this.#notMatchedAction(at));
      }
    }
    this.#checkMerge(first, matchedActions, notMatchedActions, notMatchedBySourceActions);
    return {
      kind: "MergeInto",
      target,
      source,
      condition,
      matchedActions,
      notMatchedActions,
      notMatchedBySourceActions,
      withSchemaEvolution,
      origin: this.originFrom(first),
    };
  }

  #mergeSource(): Relation {
    const first = this.pos;
    let source: Relation;
    if (this.at("(")) {
      this.pos++;
      source = this.query();
      this.expect(")");
    } else {
      source = this.tableReference(first);
      const options = this.optionsClause();
      if (options !== undefined && source.kind === "ReadTable") source = { ...source, options };
    }
    const alias = this.tableAlias();
    if (alias === undefined) {
      return source.kind === "ReadTable"
        ? source
        : { kind: "SubqueryAlias", input: source, alias: "__auto_generated_subquery_name" };
    }
    return {
      kind: "SubqueryAlias",
      input: source,
      alias: alias.name,
      ...(alias.columns === undefined ? {} : { columnAliases: alias.columns }),
      origin: this.originFrom(first),
    };
  }

  #actionCondition(): { readonly condition?: Expression } {
    const condition = this.accept("AND") ? { condition: this.expression() } : {};
    this.expect("THEN");
    return condition;
  }

  #matchedAction(first: number, allowStar: boolean): MergeAction {
    const condition = this.#actionCondition();
    if (this.accept("DELETE")) {
      return {
        kind: "MergeAction",
        actionType: "delete",
        ...condition,
        assignments: [],
        origin: this.originFrom(first),
      };
    }
    this.expectAll("UPDATE", "SET");
    if (allowStar && this.accept("*")) {
      return {
        kind: "MergeAction",
        actionType: "updateStar",
        ...condition,
        assignments: [],
        origin: this.originFrom(first),
      };
    }
    const assignments = this.assignments();
    return {
      kind: "MergeAction",
      actionType: "update",
      ...condition,
      assignments,
      origin: this.originFrom(first),
    };
  }

  #notMatchedAction(first: number): MergeAction {
    const condition = this.#actionCondition();
    this.expect("INSERT");
    if (this.accept("*")) {
      return {
        kind: "MergeAction",
        actionType: "insertStar",
        ...condition,
        assignments: [],
        origin: this.originFrom(first),
      };
    }
    this.expect("(");
    const keys = this.list(() => this.#columnKey());
    this.expectAll(")", "VALUES", "(");
    const values = this.list(() => this.expression());
    this.expect(")");
    if (keys.length !== values.length) {
      this.defer(0, this.pos - 1, "MERGE_INSERT_VALUE_COUNT_MISMATCH", {
        expectedCount: `${keys.length}`,
        actualCount: `${values.length}`,
      });
    }
    const assignments = keys.map((key, i) => ({ key, value: values[i] ?? key }));
    return {
      kind: "MergeAction",
      actionType: "insert",
      ...condition,
      assignments,
      origin: this.originFrom(first),
    };
  }

  #checkMerge(first: number, ...groups: readonly (readonly MergeAction[])[]): void {
    if (groups.every((actions) => actions.length === 0)) {
      this.defer(first, this.pos - 1, "MERGE_WITHOUT_WHEN");
    }
    const conditions = [
      "NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION",
      "NON_LAST_NOT_MATCHED_BY_TARGET_CLAUSE_OMIT_CONDITION",
      "NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION",
    ];
    groups.forEach((actions, i) => {
      if (actions.slice(0, -1).some((action) => action.condition === undefined)) {
        this.defer(first, this.pos - 1, conditions[i] as string);
      }
    });
  }

  protected loadData(first: number): Command {
    this.expectAll("LOAD", "DATA");
    const isLocal = this.accept("LOCAL");
    this.expect("INPATH");
    const path = this.stringLiteral();
    const overwrite = this.accept("OVERWRITE");
    this.expect("INTO");
    this.expectBefore("TABLE", this.atIdentifier());
    const reference = this.nameReference();
    const partition = this.atPartition() ? { partition: this.fullPartitionSpec() } : {};
    return {
      kind: "LoadData",
      ...reference,
      path,
      isLocal,
      overwrite,
      ...partition,
      origin: this.originFrom(first),
    };
  }
}
