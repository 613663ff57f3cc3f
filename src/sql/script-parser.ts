import { describeCondition, ParseException } from "../errors/spark-error.ts";
import type { Command } from "../plan/command.ts";
import { lineAndColumn } from "../plan/query-context.ts";
import type { Relation } from "../plan/relation.ts";
import type { CompoundStatement, ScriptHandler, ScriptStatement } from "../plan/script.ts";
import { SessionParser } from "./session-parser.ts";
import type { TokenKind } from "./tokens.ts";

/** What ends a list of statements in a script. */
const BODY_ENDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "END",
  "ELSE",
  "ELSEIF",
  "WHEN",
  "UNTIL",
  "end",
]);

interface Label {
  readonly name: string;
  readonly isLoop: boolean;
}

/** `BEGIN ... END` and what stands inside. */
export abstract class ScriptParser extends SessionParser {
  readonly #labels: Label[] = [];
  /** Queries that are open and end with DO. */
  #openForQueries = 0;

  protected abstract statement(): Relation | Command;

  protected override isStopWord(index: number): boolean {
    return this.#openForQueries > 0 && this.kindAt(index) === "DO";
  }

  /** An error of a script: its message begins with the line. */
  protected deferScript(
    index: number,
    condition: string,
    messageParameters: Readonly<Record<string, string>> = {},
  ): void {
    const { line } = lineAndColumn(this.tokens.text, this.tokens.starts[index] ?? 0);
    const message = `{LINE:${line}} ${describeCondition(condition, messageParameters)}`;
    this.deferError(new ParseException({ condition, messageParameters, message }));
  }

  protected isScript(): boolean {
    return this.at("BEGIN") && this.peek(1) !== "end";
  }

  /** A script as a whole text. */
  protected script(): CompoundStatement {
    return this.#compound(this.pos, undefined, false, true);
  }

  #compound(
    first: number,
    label: string | undefined,
    inHandler: boolean,
    isWhole = false,
  ): CompoundStatement {
    this.expect("BEGIN");
    if (this.at("NOT") && this.peek(1) === "ATOMIC") this.pos += 2;
    const body: ScriptStatement[] = [];
    const handlers: ScriptHandler[] = [];
    const conditions: { readonly name: string; readonly sqlState: string }[] = [];
    if (label !== undefined) this.#openLabel(first, label, false);
    let stage: "declarations" | "handlers" | "statements" = "declarations";
    while (!this.at("END")) {
      const at = this.pos;
      if (this.#atCondition()) {
        if (stage !== "declarations")
          this.deferScript(at, "INVALID_ERROR_CONDITION_DECLARATION.ONLY_AT_BEGINNING", {
            conditionName: `\`${this.textOf(this.pos + 1)}\``,
          });
        conditions.push(this.#condition());
      } else if (this.#atHandler()) {
        if (stage === "statements")
          this.deferScript(at, "INVALID_HANDLER_DECLARATION.WRONG_PLACE_OF_DECLARATION");
        stage = "handlers";
        handlers.push(this.#handler());
      } else if (this.at("DECLARE") && this.peek(2) !== "CURSOR") {
        if (stage !== "declarations") {
          this.deferScript(at, "INVALID_VARIABLE_DECLARATION.ONLY_AT_BEGINNING", {
            varName: `\`${this.#variableName()}\``,
          });
        }
        body.push(this.#statement());
      } else {
        stage = "statements";
        body.push(this.#statement());
      }
      this.expectBefore(";", this.at("END"));
    }
    this.expect("END");
    if (!isWhole && (!inHandler || this.#atEndLabel())) this.#endLabel(first, label);
    if (label !== undefined) this.#labels.pop();
    return {
      kind: "CompoundStatement",
      ...(label === undefined ? {} : { label }),
      body,
      handlers,
      conditions,
      isScope: true,
      origin: this.originFrom(first),
    };
  }

  #variableName(): string {
    let at = this.pos + 1;
    if (this.kindAt(at) === "OR") at += 2;
    if (this.isVariableWord(at)) at++;
    return this.textOf(at);
  }

  /** Statements up to the word that ends them. */
  #body(): readonly ScriptStatement[] {
    const statements: ScriptStatement[] = [];
    do {
      if (this.at("DECLARE") && !this.#atHandler() && !this.#atCondition() && this.peek(2) !== "CURSOR") {
        this.deferScript(this.pos, "INVALID_VARIABLE_DECLARATION.NOT_ALLOWED_IN_SCOPE", {
          varName: `\`${this.#variableName()}\``,
        });
      }
      if (this.#atHandler()) {
        this.deferScript(this.pos, "INVALID_HANDLER_DECLARATION.NOT_ALLOWED_IN_SCOPE");
        this.#handler();
      } else {
        statements.push(this.#statement());
      }
      this.expect(";");
    } while (!BODY_ENDS.has(this.peek()));
    return statements;
  }

  #statement(): ScriptStatement {
    const first = this.pos;
    let label: string | undefined;
    if (this.isIdentifier(first, true) && this.peek(1) === ":" && LABELLED.has(this.peek(2))) {
      label = this.identifier(true).toLowerCase();
      this.pos++;
    }
    switch (this.peek()) {
      case "BEGIN":
        return this.#compound(first, label, false);
      case "IF":
        return this.#if(first);
      case "CASE":
        return this.#case(first);
      case "WHILE":
        return this.#while(first, label);
      case "REPEAT":
        return this.#repeat(first, label);
      case "LOOP":
        return this.#loop(first, label);
      case "FOR":
        return this.#for(first, label);
      case "LEAVE":
      case "ITERATE":
        if (this.isIdentifier(first + 1, true)) return this.#jump(first);
        break;
      case "SET":
        this.pos++;
        return this.#step(first, this.setVariable(first));
    }
    return this.#step(first, this.statement());
  }

  #step(first: number, statement: Relation | Command): ScriptStatement {
    return {
      kind: "SqlStep",
      statement,
      text: this.textBetween(first, this.pos - 1),
      origin: this.originFrom(first),
    };
  }

  // --- labels

  #openLabel(first: number, name: string, isLoop: boolean): void {
    if (this.#labels.some((l) => l.name === name)) {
      this.deferScript(first, "LABEL_ALREADY_EXISTS", { label: `\`${name}\`` });
    }
    this.#labels.push({ name, isLoop });
  }

  #atEndLabel(): boolean {
    return this.isIdentifier(this.pos, true) && (this.peek(1) === ";" || this.peek(1) === "end");
  }

  #endLabel(first: number, label: string | undefined): void {
    if (!this.#atEndLabel()) return;
    const shown = this.identifier(true).toLowerCase();
    if (label === undefined) {
      this.deferScript(first, "END_LABEL_WITHOUT_BEGIN_LABEL", { endLabel: `\`${shown}\`` });
    } else if (label !== shown) {
      this.deferScript(first, "LABELS_MISMATCH", {
        beginLabel: `\`${label}\``,
        endLabel: `\`${shown}\``,
      });
    }
  }

  #jump(first: number): ScriptStatement {
    const isLeave = this.at("LEAVE");
    this.pos++;
    const label = this.identifier(true).toLowerCase();
    const target = this.#labels.findLast((l) => l.name === label);
    const statementType = isLeave ? "LEAVE" : "ITERATE";
    if (target === undefined) {
      this.deferScript(first, "INVALID_LABEL_USAGE.DOES_NOT_EXIST", {
        labelName: label.toUpperCase(),
        statementType,
      });
    } else if (!isLeave && !target.isLoop) {
      this.deferScript(first, "INVALID_LABEL_USAGE.ITERATE_IN_COMPOUND", {
        labelName: label.toUpperCase(),
      });
    }
    return { kind: isLeave ? "LeaveStatement" : "IterateStatement", label, origin: this.originFrom(first) };
  }

  // --- branches and loops

  #if(first: number): ScriptStatement {
    const branches: {
      readonly condition: ReturnType<ScriptParser["expression"]>;
      readonly body: readonly ScriptStatement[];
    }[] = [];
    this.expect("IF");
    do {
      const condition = this.expression();
      this.expect("THEN");
      branches.push({ condition, body: this.#body() });
    } while (this.accept("ELSEIF"));
    const otherwise = this.accept("ELSE") ? this.#body() : undefined;
    this.expectAll("END", "IF");
    return {
      kind: "IfStatement",
      branches,
      ...(otherwise === undefined ? {} : { otherwise }),
      origin: this.originFrom(first),
    };
  }

  #case(first: number): ScriptStatement {
    this.expect("CASE");
    const operand = this.at("WHEN") ? undefined : this.expression();
    const branches: {
      readonly condition: ReturnType<ScriptParser["expression"]>;
      readonly body: readonly ScriptStatement[];
    }[] = [];
    this.expect("WHEN");
    do {
      const condition = this.expression();
      this.expect("THEN");
      branches.push({ condition, body: this.#body() });
    } while (this.accept("WHEN"));
    const otherwise = this.accept("ELSE") ? this.#body() : undefined;
    this.expectAll("END", "CASE");
    return {
      kind: "CaseStatement",
      ...(operand === undefined ? {} : { operand }),
      branches,
      ...(otherwise === undefined ? {} : { otherwise }),
      origin: this.originFrom(first),
    };
  }

  /** Reads the body of a loop with its label in force. */
  #loopBody(first: number, label: string | undefined): readonly ScriptStatement[] {
    if (label !== undefined) this.#openLabel(first, label, true);
    const body = this.#body();
    if (label !== undefined) this.#labels.pop();
    return body;
  }

  #while(first: number, label: string | undefined): ScriptStatement {
    this.expect("WHILE");
    const condition = this.expression();
    this.expect("DO");
    const body = this.#loopBody(first, label);
    this.expectAll("END", "WHILE");
    this.#endLabel(first, label);
    return { kind: "WhileStatement", ...labelled(label), condition, body, origin: this.originFrom(first) };
  }

  #repeat(first: number, label: string | undefined): ScriptStatement {
    this.expect("REPEAT");
    const body = this.#loopBody(first, label);
    this.expect("UNTIL");
    const until = this.expression();
    this.expectAll("END", "REPEAT");
    this.#endLabel(first, label);
    return { kind: "RepeatStatement", ...labelled(label), until, body, origin: this.originFrom(first) };
  }

  #loop(first: number, label: string | undefined): ScriptStatement {
    this.expect("LOOP");
    const body = this.#loopBody(first, label);
    this.expectAll("END", "LOOP");
    this.#endLabel(first, label);
    return { kind: "LoopStatement", ...labelled(label), body, origin: this.originFrom(first) };
  }

  #for(first: number, label: string | undefined): ScriptStatement {
    this.expect("FOR");
    let variable: string | undefined;
    if (this.isIdentifier(this.pos, true) && this.peek(1) === "AS") {
      variable = this.identifier(true);
      this.pos++;
    }
    const queryAt = this.pos;
    this.#openForQueries++;
    const query = this.query();
    this.#openForQueries--;
    const queryText = this.textBetween(queryAt, this.pos - 1);
    this.expect("DO");
    const body = this.#loopBody(first, label);
    this.expectAll("END", "FOR");
    this.#endLabel(first, label);
    return {
      kind: "ForStatement",
      ...labelled(label),
      ...(variable === undefined ? {} : { variable }),
      query,
      queryText,
      body,
      origin: this.originFrom(first),
    };
  }

  // --- conditions and handlers

  #atCondition(): boolean {
    return this.at("DECLARE") && this.isIdentifier(this.pos + 1, true) && this.peek(2) === "CONDITION";
  }

  #condition(): { readonly name: string; readonly sqlState: string } {
    const first = this.pos++;
    const name = this.identifier(true);
    this.expect("CONDITION");
    let sqlState = "45000";
    if (this.accept("FOR")) {
      this.expect("SQLSTATE");
      this.accept("VALUE");
      sqlState = this.#sqlState(first);
    }
    return { name, sqlState };
  }

  #sqlState(first: number): string {
    const value = this.stringLiteral();
    if (!/^[A-Za-z0-9]{5}$/.test(value) || /^(00|01|XX)/i.test(value)) {
      this.deferScript(first, "INVALID_SQLSTATE", { sqlState: value });
    }
    return value.toUpperCase();
  }

  #atHandler(): boolean {
    return (
      this.at("DECLARE") &&
      (this.peek(1) === "EXIT" || this.peek(1) === "CONTINUE") &&
      this.peek(2) === "HANDLER"
    );
  }

  #handler(): ScriptHandler {
    const first = this.pos++;
    const type = this.at("EXIT") ? "exit" : "continue";
    this.pos += 2;
    this.expect("FOR");
    const conditions: string[] = [];
    const sqlStates: string[] = [];
    let sqlException = false;
    let notFound = false;
    do {
      if (this.at("SQLSTATE") && (this.atString(1) || this.peek(1) === "VALUE")) {
        this.pos++;
        this.accept("VALUE");
        const state = this.#sqlState(first);
        if (sqlStates.includes(state))
          this.deferScript(first, "DUPLICATE_SQLSTATE_IN_HANDLER_DECLARATION", { sqlState: state });
        sqlStates.push(state);
      } else if (this.accept("SQLEXCEPTION")) {
        sqlException = true;
      } else if (this.acceptAll("NOT", "FOUND")) {
        notFound = true;
      } else {
        const condition = this.multipartIdentifier().join(".").toUpperCase();
        if (conditions.includes(condition)) {
          this.deferScript(first, "DUPLICATE_CONDITION_IN_HANDLER_DECLARATION", { condition });
        }
        conditions.push(condition);
      }
    } while (this.accept(","));
    const at = this.pos;
    let body: ScriptStatement;
    if (this.at("BEGIN")) body = this.#compound(at, undefined, true);
    else if (this.at("SET")) {
      this.pos++;
      body = this.#step(at, this.setVariable(at));
    } else body = this.#step(at, this.statement());
    return {
      kind: "ScriptHandler",
      type,
      conditions,
      sqlStates,
      sqlException,
      notFound,
      body: [body],
      origin: this.originFrom(first),
    };
  }
}

const LABELLED: ReadonlySet<TokenKind> = new Set<TokenKind>(["BEGIN", "WHILE", "REPEAT", "LOOP", "FOR"]);

function labelled(label: string | undefined): { readonly label?: string } {
  return label === undefined ? {} : { label };
}
