import type { Command } from "../plan/command.ts";
import type { Relation } from "../plan/relation.ts";
import type { CompoundStatement, ScriptCondition, ScriptHandler, ScriptStatement } from "../plan/script.ts";
import { HandlerParser } from "./handler-parser.ts";
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
export abstract class ScriptParser extends HandlerParser {
  readonly #labels: Label[] = [];
  /** Queries that are open and end with DO. */
  #openForQueries = 0;

  protected abstract statement(): Relation | Command;

  protected override isStopWord(index: number): boolean {
    return this.#openForQueries > 0 && this.kindAt(index) === "DO";
  }

  protected isScript(): boolean {
    return this.at("BEGIN") && this.peek(1) !== "end";
  }

  /** A script as a whole text. */
  protected script(): CompoundStatement {
    return this.compound(this.pos, undefined, false, true);
  }

  protected compound(
    first: number,
    label: string | undefined,
    inHandler: boolean,
    isWhole = false,
  ): CompoundStatement {
    this.expect("BEGIN");
    if (this.at("NOT") && this.peek(1) === "ATOMIC") this.pos += 2;
    if (label !== undefined) this.#openLabel(first, label, false);
    const block = this.#block(true);
    this.expect("END");
    if (!isWhole && (!inHandler || this.#atEndLabel())) this.#endLabel(first, label);
    if (label !== undefined) this.#labels.pop();
    return {
      kind: "CompoundStatement",
      ...labelled(label),
      ...block,
      isScope: true,
      origin: this.originFrom(first),
    };
  }

  protected handlerBody(): ScriptStatement {
    const first = this.pos;
    if (this.at("BEGIN")) return this.compound(first, undefined, true);
    if (this.accept("SET")) return this.#step(first, this.setVariable(first));
    return this.#step(first, this.statement());
  }

  /** Declarations, then handlers, then statements, up to the word that ends them. */
  #block(isScope: boolean): Pick<CompoundStatement, "body" | "handlers" | "conditions"> {
    const body: ScriptStatement[] = [];
    const handlers: ScriptHandler[] = [];
    const conditions: ScriptCondition[] = [];
    let stage: "declarations" | "handlers" | "statements" = "declarations";
    const declared = this.openConditions();
    const start = this.pos;
    while (isScope ? !this.at("END") : this.pos === start || !BODY_ENDS.has(this.peek())) {
      if (this.atCondition()) {
        conditions.push(this.condition(isScope && stage === "declarations"));
      } else if (this.atHandler()) {
        handlers.push(this.handler(stage !== "statements"));
        stage = "handlers";
      } else {
        if (this.at("DECLARE") && this.peek(2) !== "CURSOR") this.#checkVariable(isScope, stage);
        else stage = "statements";
        body.push(this.#statement());
      }
      if (isScope) this.expectBefore(";", this.at("END"));
      else this.expect(";");
    }
    this.closeConditions(declared);
    return { body, handlers, conditions };
  }

  #checkVariable(isScope: boolean, stage: string): void {
    if (isScope && stage === "declarations") return;
    const condition = isScope
      ? "INVALID_VARIABLE_DECLARATION.ONLY_AT_BEGINNING"
      : "INVALID_VARIABLE_DECLARATION.NOT_ALLOWED_IN_SCOPE";
    this.deferScript(this.pos, condition, { varName: `\`${this.#variableName()}\`` });
  }

  #variableName(): string {
    let at = this.pos + 1;
    if (this.kindAt(at) === "OR") at += 2;
    if (this.isVariableWord(at)) at++;
    return this.textOf(at);
  }

  /** The statements of a branch or a loop; handlers among them make a block of their own. */
  #body(): readonly ScriptStatement[] {
    const first = this.pos;
    const block = this.#block(false);
    if (block.handlers.length === 0) return block.body;
    return [{ kind: "CompoundStatement", ...block, isScope: false, origin: this.originFrom(first) }];
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
        return this.compound(first, label, false);
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
}

const LABELLED: ReadonlySet<TokenKind> = new Set<TokenKind>(["BEGIN", "WHILE", "REPEAT", "LOOP", "FOR"]);

function labelled(label: string | undefined): { readonly label?: string } {
  return label === undefined ? {} : { label };
}
