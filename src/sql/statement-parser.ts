import type { Command } from "../plan/command.ts";
import type { Expression, SortOrder } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import { PropertyParser } from "./property-parser.ts";

/** A whole text: statements, or one expression. */
export class StatementParser extends PropertyParser {
  parseSingle(): Relation | Command {
    this.#refuseEmpty();
    const statement = this.statement();
    while (this.accept(";"));
    this.#end();
    return statement;
  }

  parseAll(): readonly (Relation | Command)[] {
    const statements: (Relation | Command)[] = [];
    for (;;) {
      while (this.accept(";"));
      if (this.at("end")) break;
      statements.push(this.statement());
      if (!this.at(";")) break;
    }
    this.#end();
    return statements;
  }

  parseNamedExpression(): Expression {
    this.#refuseEmpty();
    const expression = this.namedExpression();
    this.#end();
    return expression;
  }

  parseSortItem(): SortOrder {
    this.#refuseEmpty();
    const item = this.sortItem();
    this.#end();
    return item;
  }

  #refuseEmpty(): void {
    if (this.at("end")) throw this.errorAt(0, "PARSE_EMPTY_STATEMENT");
  }

  #end(): void {
    if (!this.at("end")) {
      const isExtra = this.peek(1) === "end" || this.peek(1) === ";";
      throw this.unexpectedAt(this.pos, isExtra ? `: extra input '${this.textOf(this.pos)}'` : "");
    }
    this.throwDeferred();
  }

  protected statement(): Relation | Command {
    return this.query();
  }
}
