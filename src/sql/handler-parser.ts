import { describeCondition, ParseException } from "../errors/spark-error.ts";
import { lineAndColumn } from "../plan/query-context.ts";
import type { ScriptCondition, ScriptHandler, ScriptStatement } from "../plan/script.ts";
import { SessionParser } from "./session-parser.ts";

/** `DECLARE c CONDITION` and `DECLARE EXIT HANDLER FOR ...` of scripts. */
export abstract class HandlerParser extends SessionParser {
  /** The conditions declared in the scopes that are open. */
  readonly #conditions: string[] = [];

  protected abstract handlerBody(): ScriptStatement;

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

  protected openConditions(): number {
    return this.#conditions.length;
  }

  protected closeConditions(to: number): void {
    this.#conditions.length = to;
  }

  protected atCondition(): boolean {
    return this.at("DECLARE") && this.isIdentifier(this.pos + 1, true) && this.peek(2) === "CONDITION";
  }

  protected condition(mayStandHere: boolean): ScriptCondition {
    const first = this.pos++;
    const name = this.identifier(true);
    const shown = `\`${name.toUpperCase()}\``;
    this.expect("CONDITION");
    let sqlState = "45000";
    if (this.accept("FOR")) {
      this.expect("SQLSTATE");
      this.accept("VALUE");
      sqlState = this.#sqlState(first);
    }
    if (!/^[A-Za-z0-9_]+$/.test(name)) {
      this.deferScript(first, "INVALID_ERROR_CONDITION_DECLARATION.SPECIAL_CHARACTER_FOUND", {
        conditionName: `\`${name}\``,
      });
    }
    if (!mayStandHere) {
      this.deferScript(first, "INVALID_ERROR_CONDITION_DECLARATION.NOT_AT_START_OF_COMPOUND_STATEMENT", {
        conditionName: shown,
      });
    }
    if (this.#conditions.includes(name.toUpperCase())) {
      this.deferScript(first, "DUPLICATE_CONDITION_IN_SCOPE", { condition: shown });
    }
    this.#conditions.push(name.toUpperCase());
    return { name, sqlState };
  }

  #sqlState(first: number): string {
    const value = this.stringLiteral();
    if (!/^[A-Za-z0-9]{5}$/.test(value) || /^(00|01|XX)/i.test(value)) {
      this.deferScript(first, "INVALID_SQLSTATE", { sqlState: value });
    }
    return value.toUpperCase();
  }

  protected atHandler(): boolean {
    return (
      this.at("DECLARE") &&
      (this.peek(1) === "EXIT" || this.peek(1) === "CONTINUE") &&
      this.peek(2) === "HANDLER"
    );
  }

  protected handler(mayStandHere: boolean): ScriptHandler {
    const first = this.pos++;
    const type = this.at("EXIT") ? "exit" : "continue";
    if (type === "continue" && !this.options.continueHandlers) {
      this.deferScript(first, "UNSUPPORTED_FEATURE.CONTINUE_EXCEPTION_HANDLER");
    }
    this.pos += 2;
    this.expect("FOR");
    const caught = this.#caught(first);
    const body = [this.handlerBody()];
    if (!mayStandHere) this.deferScript(first, "INVALID_HANDLER_DECLARATION.WRONG_PLACE_OF_DECLARATION");
    return { kind: "ScriptHandler", type, ...caught, body, origin: this.originFrom(first) };
  }

  #caught(first: number): Omit<ScriptHandler, "kind" | "type" | "body"> {
    const conditions: string[] = [];
    const sqlStates: string[] = [];
    let sqlException = false;
    let notFound = false;
    do {
      if (this.at("SQLSTATE") && (this.atString(1) || this.peek(1) === "VALUE")) {
        this.pos++;
        this.accept("VALUE");
        const state = this.#sqlState(first);
        if (sqlStates.includes(state)) {
          this.deferScript(first, "INVALID_HANDLER_DECLARATION.DUPLICATE_SQLSTATE_IN_HANDLER_DECLARATION", {
            sqlState: state,
          });
        }
        sqlStates.push(state);
      } else if (this.accept("SQLEXCEPTION")) {
        if (sqlException) this.#deferTwice(first, "SQLEXCEPTION");
        sqlException = true;
      } else if (this.acceptAll("NOT", "FOUND")) {
        if (notFound) this.#deferTwice(first, "NOT FOUND");
        notFound = true;
      } else {
        const condition = this.multipartIdentifier().join(".").toUpperCase();
        if (conditions.includes(condition)) this.#deferTwice(first, condition);
        conditions.push(condition);
      }
    } while (this.accept(","));
    if ((sqlException || notFound) && conditions.length + sqlStates.length > 0) {
      this.deferScript(first, "INVALID_HANDLER_DECLARATION.INVALID_CONDITION_COMBINATION");
    }
    return { conditions, sqlStates, sqlException, notFound };
  }

  #deferTwice(first: number, condition: string): void {
    this.deferScript(first, "INVALID_HANDLER_DECLARATION.DUPLICATE_CONDITION_IN_HANDLER_DECLARATION", {
      condition,
    });
  }
}
