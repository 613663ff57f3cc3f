import type { Command } from "../plan/command.ts";
import type { Expression } from "../plan/expression.ts";
import type { ColumnDefinition, CreateFunction, RoutineParameter, SetVariable } from "../plan/statement.ts";
import { ShowParser } from "./show-parser.ts";

/** Functions and variables. */
export abstract class RoutineParser extends ShowParser {
  /** After `CREATE [OR REPLACE] [TEMPORARY] FUNCTION`. */
  protected createFunction(first: number, replace: boolean, isTemporary: boolean): Command {
    const ifNotExists = this.ifNotExists();
    const reference = this.nameReference();
    const mode = replace ? "createOrReplace" : ifNotExists ? "createIfNotExists" : "create";
    const check = (): void => {
      if (replace && ifNotExists) {
        this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE");
      } else if (isTemporary && ifNotExists) {
        this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS");
      }
      if (isTemporary) this.refuseQualifier(first, "FUNCTION", reference.name);
    };
    if (this.accept("AS")) {
      const className = this.stringLiteral();
      const resources = this.accept("USING")
        ? this.list(() => ({ type: this.identifier().toLowerCase(), path: this.stringLiteral() }))
        : [];
      check();
      return {
        kind: "CreateJvmFunction",
        ...reference,
        className,
        isTemporary,
        mode,
        resources,
        origin: this.originFrom(first),
      };
    }
    this.expect("(");
    this.takeConstraints();
    const parametersAt = this.pos;
    const definitions = this.at(")") ? [] : this.list(() => this.columnDefinition());
    const parametersText =
      definitions.length === 0 ? undefined : this.textBetween(parametersAt, this.pos - 1);
    const hasConstraints = this.takeConstraints().length > 0;
    this.expect(")");
    const returns = this.#returns();
    const traits = this.#characteristics();
    this.expect("RETURN");
    const bodyAt = this.pos;
    const isQuery = this.at("(") ? this.isQueryParen(this.pos) : this.isQueryStart(this.pos);
    const isWholeQuery = isQuery && this.#isWholeQuery();
    const body: CreateFunction["body"] = isWholeQuery
      ? { type: "query", query: this.query() }
      : { type: "expression", expression: this.expression() };
    const bodyText = this.textBetween(bodyAt, this.pos - 1);
    check();
    this.#checkParameters(first, definitions, hasConstraints);
    return {
      kind: "CreateFunction",
      ...reference,
      mode,
      isTemporary,
      parameters: definitions.map(toParameter),
      ...(parametersText === undefined ? {} : { parametersText }),
      ...returns,
      ...traits,
      bodyText,
      body,
      origin: this.originFrom(first),
    };
  }

  /** `(SELECT 1) + 1` is an expression, `(SELECT 1) UNION ...` a query. */
  #isWholeQuery(): boolean {
    if (!this.at("(")) return true;
    const after = this.closingOf(this.pos) + 1;
    const kind = this.kindAt(after);
    return kind === "end" || kind === ";" || kind === "|>" || this.isClauseWord(after);
  }

  #returns(): Pick<CreateFunction, "returns" | "returnsText"> {
    if (!this.at("RETURNS") || this.peek(1) === "NULL") return {};
    this.pos++;
    const at = this.pos;
    if (this.accept("TABLE")) {
      if (!this.accept("(")) return { returns: { type: "table", columns: [] }, returnsText: "" };
      const columns = this.columnTypeList();
      const returnsText = this.textBetween(at + 2, this.pos - 1);
      this.expect(")");
      return { returns: { type: "table", columns }, returnsText };
    }
    const dataType = this.dataType();
    return { returns: { type: "scalar", dataType }, returnsText: this.textBetween(at, this.pos - 1) };
  }

  #characteristics(): Pick<CreateFunction, "comment" | "isDeterministic" | "containsSql" | "collation"> {
    const first = this.pos;
    const seen = new Set<string>();
    const repeated = new Set<string>();
    const once = (name: string): void => {
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
    };
    let comment: string | undefined;
    let isDeterministic: boolean | undefined;
    let containsSql: boolean | undefined;
    let collation: string | undefined;
    for (;;) {
      const at = this.pos;
      if (this.accept("LANGUAGE")) {
        if (!this.accept("SQL")) {
          const language = this.identifier();
          this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0035", {
            message: `Unsupported language for user defined functions: ${language}`,
          });
        }
        once("LANGUAGE");
      } else if (this.accept("SPECIFIC")) {
        this.identifierNoMinus();
        once("SPECIFIC");
        this.notAllowed(at, "SQL function with SPECIFIC name");
      } else if (this.accept("DETERMINISTIC")) {
        isDeterministic = true;
        once("DETERMINISTIC");
      } else if (this.atNot() && this.peek(1) === "DETERMINISTIC") {
        this.pos += 2;
        isDeterministic = false;
        once("DETERMINISTIC");
      } else if (this.acceptAll("NO", "SQL")) {
        once("SQL DATA ACCESS");
        this.notAllowed(at, "SQL function with NO SQL");
      } else if (this.acceptAll("CONTAINS", "SQL")) {
        containsSql = true;
        once("SQL DATA ACCESS");
      } else if (this.acceptAll("READS", "SQL", "DATA")) {
        containsSql = false;
        once("SQL DATA ACCESS");
      } else if (this.acceptAll("MODIFIES", "SQL", "DATA")) {
        once("SQL DATA ACCESS");
        this.notAllowed(at, "SQL function with MODIFIES SQL DATA");
      } else if (this.acceptAll("RETURNS", "NULL", "ON", "NULL", "INPUT")) {
        once("NULL CALL");
        this.notAllowed(at, "SQL function with RETURNS NULL ON NULL INPUT");
      } else if (this.acceptAll("CALLED", "ON", "NULL", "INPUT")) {
        once("NULL CALL");
      } else if (this.atAll("SQL", "SECURITY")) {
        this.pos += 2;
        const isInvoker = this.accept("INVOKER");
        if (!isInvoker) this.expect("DEFINER");
        once("SQL SECURITY RIGHTS");
        if (isInvoker) this.notAllowed(at, "SQL function with SQL SECURITY INVOKER");
      } else if (this.at("COMMENT")) {
        comment = this.comment();
        once("COMMENT");
      } else if (this.atCollation()) {
        collation = this.collation();
        once("COLLATION");
      } else {
        for (const clauseName of repeated)
          this.defer(first, this.pos - 1, "DUPLICATE_CLAUSES", { clauseName });
        return {
          ...(comment === undefined ? {} : { comment }),
          ...(isDeterministic === undefined ? {} : { isDeterministic }),
          ...(containsSql === undefined ? {} : { containsSql }),
          ...(collation === undefined ? {} : { collation }),
        };
      }
    }
  }

  #checkParameters(first: number, definitions: readonly ColumnDefinition[], hasConstraints: boolean): void {
    if (definitions.some((d) => d.generatedSql !== undefined || d.identity !== undefined)) {
      this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_GENERATED_COLUMNS_AS_PARAMETERS");
    }
    if (hasConstraints)
      this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_COLUMN_CONSTRAINTS");
  }

  protected dropFunction(first: number, isTemporary: boolean): Command {
    const ifExists = this.ifExists();
    return {
      kind: "DropFunction",
      ...this.nameReference(),
      ifExists,
      isTemporary,
      origin: this.originFrom(first),
    };
  }

  protected callProcedure(first: number): Command {
    this.expect("CALL");
    const reference = this.nameReference();
    this.expect("(");
    const args = this.at(")") ? [] : this.list(() => this.callArgument());
    this.expect(")");
    return { kind: "CallProcedure", ...reference, arguments: args, origin: this.originFrom(first) };
  }

  protected callArgument(): Expression {
    const first = this.pos;
    if (!this.isIdentifier(first) || this.peek(1) !== "=>") return this.expression();
    const key = this.identifier();
    this.pos++;
    const value = this.expression();
    return { kind: "NamedArgument", key, value, origin: this.originFrom(first) };
  }

  // --- variables

  protected declareVariable(first: number): Command {
    this.expect("DECLARE");
    const replace = this.acceptAll("OR", "REPLACE");
    if (this.isVariableWord(this.pos) && this.isIdentifier(this.pos + 1) && !this.#isTypeAfter(this.pos + 1))
      this.pos++;
    const references = this.list(() => this.nameReference());
    const nameClause = references.find((r) => r.nameClause !== undefined)?.nameClause;
    const hasType = !this.at("DEFAULT") && !this.at("=") && !this.at("end") && !this.at(";");
    const dataType = hasType ? { dataType: this.dataType() } : {};
    let defaultSql: string | undefined;
    let defaultExpression: Expression | undefined;
    if (this.accept("DEFAULT") || this.accept("=")) {
      const { expression, sql } = this.textedExpression();
      defaultSql = sql;
      defaultExpression = expression;
    }
    if (!hasType && defaultSql === undefined) {
      this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED");
    }
    return {
      kind: "DeclareVariable",
      names: references.map((r) => r.name),
      ...(nameClause === undefined ? {} : { nameClause }),
      replace,
      ...dataType,
      ...(defaultSql === undefined ? {} : { defaultSql }),
      ...(defaultExpression === undefined ? {} : { defaultExpression }),
      origin: this.originFrom(first),
    };
  }

  protected isVariableWord(index: number): boolean {
    return this.kindAt(index) === "VARIABLE" || this.kindAt(index) === "VAR";
  }

  /** `DECLARE var INT`: the word is the variable's name, unless another name follows the type. */
  #isTypeAfter(index: number): boolean {
    const next = this.kindAt(index + 1);
    return next === "end" || next === ";"
      ? this.#isTypeWord(index)
      : next === "DEFAULT" && this.#isTypeWord(index);
  }

  #isTypeWord(index: number): boolean {
    return TYPE_WORDS.has(this.textOf(index).toUpperCase());
  }

  protected dropVariable(first: number): Command {
    const ifExists = this.ifExists();
    return { kind: "DropVariable", ...this.nameReference(), ifExists, origin: this.originFrom(first) };
  }

  /** After `SET VARIABLE`, or `SET` in a script. */
  protected setVariable(first: number): SetVariable {
    if (this.at("(")) {
      this.pos++;
      const targets = this.list(() => this.multipartIdentifier());
      this.expectAll(")", "=", "(");
      const query = this.query();
      this.expect(")");
      return { kind: "SetVariable", targets, query, origin: this.originFrom(first) };
    }
    const targets: (readonly string[])[] = [];
    const values = this.list(() => {
      targets.push(this.multipartIdentifier());
      this.expect("=");
      return this.expression();
    });
    return { kind: "SetVariable", targets, values, origin: this.originFrom(first) };
  }

  protected executeImmediate(first: number): Command {
    this.expect("EXECUTE");
    this.expectBefore("IMMEDIATE", this.canStartExpression(this.pos));
    const query = this.expression();
    const targets = this.accept("INTO") ? this.list(() => this.multipartIdentifier()) : [];
    let args: Expression[] = [];
    if (this.accept("USING")) {
      const inBrackets = this.at("(") && !this.isQueryParen(this.pos) && this.#isWholeList();
      if (inBrackets) this.pos++;
      args = this.list(() => this.namedExpression());
      if (inBrackets) this.expect(")");
    }
    return { kind: "ExecuteImmediate", query, targets, arguments: args, origin: this.originFrom(first) };
  }

  #isWholeList(): boolean {
    const after = this.kindAt(this.closingOf(this.pos) + 1);
    return after === "end" || after === ";";
  }
}

const TYPE_WORDS: ReadonlySet<string> = new Set(
  (
    "BOOLEAN TINYINT BYTE SMALLINT SHORT INT INTEGER BIGINT LONG FLOAT REAL DOUBLE DATE TIMESTAMP TIMESTAMP_LTZ " +
    "TIMESTAMP_NTZ STRING BINARY DECIMAL DEC NUMERIC VARIANT INTERVAL TIME VOID"
  ).split(" "),
);

function toParameter(definition: ColumnDefinition): RoutineParameter {
  const { name, dataType, comment, defaultSql, defaultExpression, nullable } = definition;
  return {
    name,
    dataType,
    ...(nullable ? {} : { isNotNull: true }),
    ...(comment === undefined ? {} : { comment }),
    ...(defaultSql === undefined ? {} : { defaultSql }),
    ...(defaultExpression === undefined ? {} : { defaultExpression }),
  };
}
