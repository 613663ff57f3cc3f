import { sparkError } from "../errors/spark-error.ts";
import type { Command } from "../plan/command.ts";
import type { Expression, SortOrder } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type { Explain } from "../plan/statement.ts";
import { ScriptParser } from "./script-parser.ts";
import type { TokenKind } from "./tokens.ts";

/** A whole text: statements, or one expression. */
export class StatementParser extends ScriptParser {
  #splitsStatements = false;

  protected get splitsStatements(): boolean {
    return this.#splitsStatements;
  }

  parseSingle(): Relation | Command {
    this.refuseEmpty();
    const first = this.pos;
    const isScript = this.isScript();
    const statement = isScript ? this.script() : this.statement();
    this.settle(first);
    while (this.accept(";"));
    this.#end(!isScript);
    return statement;
  }

  parseAll(): readonly (Relation | Command)[] {
    this.#splitsStatements = true;
    const statements: (Relation | Command)[] = [];
    for (;;) {
      while (this.accept(";"));
      if (this.at("end")) break;
      const first = this.pos;
      statements.push(this.isScript() ? this.script() : this.statement());
      this.settle(first);
      if (!this.at(";")) break;
    }
    this.#end();
    return statements;
  }

  parseNamedExpression(): Expression {
    this.refuseEmpty();
    const expression = this.namedExpression();
    this.#end();
    return expression;
  }

  parseSortItem(): SortOrder {
    this.refuseEmpty();
    const item = this.sortItem();
    this.#end();
    return item;
  }

  #end(hintsAfterSemicolon = true): void {
    if (!this.at("end")) {
      const isAfter = hintsAfterSemicolon && this.kindAt(this.pos - 1) === ";";
      const isExtra = isAfter || this.peek(1) === "end" || this.peek(1) === ";";
      throw this.unexpectedAt(this.pos, isExtra ? `: extra input '${this.textOf(this.pos)}'` : "");
    }
    this.throwDeferred();
  }

  protected statement(): Relation | Command {
    const first = this.pos;
    switch (this.peek()) {
      case "SELECT":
      case "VALUES":
      case "TABLE":
      case "MAP":
      case "REDUCE":
      case "(":
        return this.query();
      case "FROM":
        return this.isDmlStart(first) ? this.dmlStatement(first, (query) => query) : this.query();
      case "WITH": {
        const ctes = this.ctes();
        if (this.isDmlStart(this.pos)) {
          return this.dmlStatement(this.pos, (query) => this.withCtes(ctes, query, first));
        }
        return this.withCtes(ctes, this.queryBody(), first);
      }
      case "INSERT":
      case "DELETE":
      case "UPDATE":
      case "MERGE":
        return this.dmlStatement(first, (query) => query);
      case "CREATE":
        return this.#create();
      case "REPLACE":
        this.pos++;
        this.expectBefore("TABLE", this.atIdentifier());
        return this.createTable(first, {
          replace: true,
          orCreate: false,
          isTemporary: false,
          isExternal: false,
        });
      case "DROP":
        return this.#drop();
      case "ALTER":
        return this.#alter();
      case "USE":
        return this.#use();
      case "SHOW":
        return this.showStatement();
      case "DESC":
      case "DESCRIBE":
        return this.describeStatement();
      case "EXPLAIN":
        return this.#explain();
      case "SET":
        return this.setStatement();
      case "RESET":
        return this.resetStatement();
      case "CACHE":
        return this.cacheStatement();
      case "UNCACHE":
        return this.uncacheStatement();
      case "CLEAR":
        this.pos++;
        this.expectBefore("CACHE", this.at("end"));
        return { kind: "ClearCache", origin: this.originFrom(first) };
      case "REFRESH":
        return this.refreshStatement();
      case "ANALYZE":
        return this.analyzeStatement();
      case "TRUNCATE": {
        this.pos++;
        this.expectBefore("TABLE", this.atIdentifier());
        const reference = this.nameReference();
        const partition = this.atPartition() ? { partition: this.fullPartitionSpec() } : {};
        return { kind: "TruncateTable", ...reference, ...partition, origin: this.originFrom(first) };
      }
      case "MSCK":
      case "REPAIR":
        return this.repairStatement();
      case "LOAD":
        return this.loadData(first);
      case "ADD":
      case "LIST":
        return this.manageResource();
      case "COMMENT":
        return this.#comment();
      case "DECLARE":
        return this.peek(2) === "CURSOR" || this.peek(3) === "CURSOR"
          ? this.#cursor(first)
          : this.declareVariable(first);
      case "OPEN":
      case "FETCH":
      case "CLOSE":
        return this.#cursor(first);
      case "EXECUTE":
        return this.executeImmediate(first);
      case "CALL":
        return this.callProcedure(first);
    }
    return this.deltaStatement() ?? this.#nativeCommand(first);
  }

  #create(): Command {
    const first = this.pos++;
    const replace = this.acceptAll("OR", "REPLACE");
    if (this.isNamespaceWord(this.pos) && !replace) {
      this.pos++;
      return this.createNamespace(first);
    }
    const isGlobal = this.at("GLOBAL");
    if (isGlobal) this.pos++;
    const isTemporary = this.accept("TEMPORARY");
    const flags = { replace, isTemporary, isGlobal };
    if (this.at("VIEW") && (!isGlobal || isTemporary)) {
      this.pos++;
      return this.createView(first, flags);
    }
    if (isGlobal) throw this.unexpected();
    if (this.accept("FUNCTION")) return this.createFunction(first, replace, isTemporary);
    const isExternal = !replace && this.at("EXTERNAL") && this.pos++ >= 0;
    if (this.at("TABLE") && !(replace && isTemporary)) {
      this.pos++;
      return this.createTable(first, { replace, orCreate: replace, isTemporary, isExternal });
    }
    if (!isExternal && !replace) {
      if (!isTemporary && this.accept("INDEX")) return this.createIndex(first);
      if (isTemporary ? this.at("MACRO") : this.at("ROLE")) return this.#refuse(first, this.pos);
      if (!isTemporary && (this.at("MATERIALIZED") || this.at("STREAMING") || this.at("FLOW"))) {
        const feature = this.at("MATERIALIZED")
          ? "CREATE MATERIALIZED VIEW"
          : this.at("STREAMING")
            ? "CREATE STREAMING TABLE"
            : "CREATE FLOW";
        this.skipStatement();
        return { kind: "UnsupportedStatement", feature, origin: this.originFrom(first) };
      }
    }
    throw this.unexpected();
  }

  #drop(): Command {
    const first = this.pos++;
    if (this.isNamespaceWord(this.pos)) {
      this.pos++;
      return this.dropNamespace(first);
    }
    switch (this.peek()) {
      case "TABLE":
        this.pos++;
        return this.dropTable(first);
      case "VIEW":
        this.pos++;
        return this.dropView(first);
      case "FUNCTION":
        this.pos++;
        return this.dropFunction(first, false);
      case "INDEX":
        this.pos++;
        return this.dropIndex(first);
      case "TEMPORARY":
        this.pos++;
        if (this.accept("FUNCTION")) return this.dropFunction(first, true);
        if (this.at("MACRO")) return this.#refuse(first, this.pos);
        if (!this.isVariableWord(this.pos)) throw this.unexpected();
        this.pos++;
        return this.dropVariable(first);
      case "ROLE":
        return this.#refuse(first, this.pos);
      default:
        throw this.unexpected();
    }
  }

  #alter(): Command {
    const first = this.pos++;
    if (this.isNamespaceWord(this.pos)) {
      this.pos++;
      return this.alterNamespace(first);
    }
    if (this.at("INDEX")) return this.#refuse(first, this.pos);
    const isView = this.accept("VIEW");
    if (!isView) this.expect("TABLE");
    return this.alterTable(first, isView);
  }

  #use(): Command {
    const first = this.pos++;
    const isNamespace =
      this.isNamespaceWord(this.pos) && (this.isIdentifier(this.pos + 1) || this.peek(1) === "(");
    if (isNamespace) this.pos++;
    const reference = this.nameReference();
    return {
      kind: "UseNamespace",
      ...reference,
      ...(isNamespace ? { isNamespace } : {}),
      origin: this.originFrom(first),
    };
  }

  #explain(): Command {
    const first = this.pos++;
    const word = this.peek();
    const modes: Readonly<Record<string, Explain["mode"] | "logical">> = {
      LOGICAL: "logical",
      FORMATTED: "formatted",
      EXTENDED: "extended",
      CODEGEN: "codegen",
      COST: "cost",
    };
    const mode = modes[word];
    if (mode !== undefined) this.pos++;
    if (mode === "logical") {
      const statement = this.statement();
      this.notAllowed(first, "EXPLAIN LOGICAL");
      return { kind: "Explain", mode: "simple", statement, origin: this.originFrom(first) };
    }
    return {
      kind: "Explain",
      mode: mode ?? "simple",
      statement: this.statement(),
      origin: this.originFrom(first),
    };
  }

  #comment(): Command {
    const first = this.pos++;
    this.expect("ON");
    if (this.isNamespaceWord(this.pos)) {
      this.pos++;
      const reference = this.nameReference();
      this.expect("IS");
      return {
        kind: "CommentOnNamespace",
        ...reference,
        comment: this.commentValue(),
        origin: this.originFrom(first),
      };
    }
    if (this.accept("COLUMN")) {
      const columns = [this.#columnComment()];
      return { kind: "CommentOnColumns", name: [], columns, origin: this.originFrom(first) };
    }
    this.expect("TABLE");
    const reference = this.nameReference();
    if (this.acceptAll("COLUMN", "(")) {
      const columns = this.list(() => this.#columnComment());
      this.expect(")");
      return { kind: "CommentOnColumns", ...reference, columns, origin: this.originFrom(first) };
    }
    this.expect("IS");
    return {
      kind: "CommentOnTable",
      ...reference,
      comment: this.commentValue(),
      origin: this.originFrom(first),
    };
  }

  #columnComment(): { readonly column: readonly string[]; readonly comment: string | null } {
    const column = this.multipartIdentifier();
    this.expect("IS");
    return { column, comment: this.commentValue() };
  }

  #cursor(first: number): Command {
    const statement = this.#cursorStatement(first);
    this.deferError(
      sparkError("AnalysisException", { condition: "UNSUPPORTED_FEATURE.SQL_CURSOR", messageParameters: {} }),
    );
    return statement;
  }

  #cursorStatement(first: number): Command {
    const word = this.peek();
    this.pos++;
    switch (word) {
      case "DECLARE":
        this.identifierNoMinus();
        if (!this.accept("ASENSITIVE")) this.accept("INSENSITIVE");
        this.expectAll("CURSOR", "FOR");
        this.query();
        this.acceptAll("FOR", "READ", "ONLY");
        return { kind: "CursorStatement", action: "declare", origin: this.originFrom(first) };
      case "OPEN":
        this.multipartIdentifier();
        if (this.accept("USING")) this.list(() => this.namedExpression());
        return { kind: "CursorStatement", action: "open", origin: this.originFrom(first) };
      case "FETCH":
        if (this.at("NEXT") && this.peek(1) === "FROM") this.pos++;
        if (this.at("FROM") && this.isIdentifier(this.pos + 1) && this.peek(1) !== "INTO") this.pos++;
        this.multipartIdentifier();
        this.expect("INTO");
        this.list(() => this.multipartIdentifier());
        return { kind: "CursorStatement", action: "fetch", origin: this.originFrom(first) };
      default:
        this.multipartIdentifier();
        return { kind: "CursorStatement", action: "close", origin: this.originFrom(first) };
    }
  }

  /** What Spark knows of Hive's statements: only their first words, so that they are refused by name. */
  #nativeCommand(first: number): Command {
    const words = NATIVE_COMMANDS.find((w) => this.atAll(...w));
    if (words === undefined) throw this.unexpected();
    return this.#refuse(first, first + words.length - 1);
  }

  #refuse(first: number, last: number): Command {
    const operation = this.textBetween(first, last).replace(/\s+/g, " ").toUpperCase();
    this.skipStatement();
    this.invalidStatement(first, operation);
    return { kind: "UnsupportedStatement", feature: operation, origin: this.originFrom(first) };
  }
}

const NATIVE_COMMANDS: readonly (readonly TokenKind[])[] = [
  ["GRANT", "ROLE"],
  ["GRANT"],
  ["REVOKE", "ROLE"],
  ["REVOKE"],
  ["EXPORT", "TABLE"],
  ["IMPORT", "TABLE"],
  ["LOCK", "TABLE"],
  ["LOCK", "DATABASE"],
  ["UNLOCK", "TABLE"],
  ["UNLOCK", "DATABASE"],
  ["START", "TRANSACTION"],
  ["COMMIT"],
  ["ROLLBACK"],
  ["DFS"],
];
