import type { Command } from "../plan/command.ts";
import type { Expression, SortOrder } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import { syntaxErrorAt } from "./parse-error.ts";
import type { ParseOptions } from "./parse-options.ts";
import { StatementParser } from "./statement-parser.ts";

/** A query, or a command. A text with nothing in it is `PARSE_EMPTY_STATEMENT`. */
export function parseStatement(text: string, options: ParseOptions = {}): Relation | Command {
  return guarded(text, () => new StatementParser(text, options).parseSingle());
}

/** Several statements, with `;` between them; empty ones are left out. */
export function parseStatements(text: string, options: ParseOptions = {}): readonly (Relation | Command)[] {
  return guarded(text, () => new StatementParser(text, options).parseAll());
}

/** One expression, perhaps with an alias: what `expr("a + 1 AS b")` takes. */
export function parseExpression(text: string, options: ParseOptions = {}): Expression {
  return guarded(text, () => new StatementParser(text, options).parseNamedExpression());
}

/** One item of ORDER BY: `a DESC NULLS LAST`. */
export function parseSortOrder(text: string, options: ParseOptions = {}): SortOrder {
  return guarded(text, () => new StatementParser(text, options).parseSortItem());
}

/** Runs a parser; what is nested beyond its means is refused as too complex. */
function guarded<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw syntaxErrorAt(text, 0, "FAILED_TO_PARSE_TOO_COMPLEX", {});
  }
}

export { parseDataType, parseMultipartIdentifier, parseTableSchema } from "./parse-data-type.ts";
export { type ParseOptions, parseOptionsFromConf } from "./parse-options.ts";
