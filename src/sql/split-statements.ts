import { tokenize } from "./lexer.ts";

/**
 * The texts between the semicolons of a SQL text, those with nothing but blanks and comments left out. A compound
 * statement (`BEGIN ... END`) holds semicolons of its own, so a text with one is a single statement.
 */
export function splitStatements(text: string): readonly string[] {
  const tokens = tokenize(text);
  const pieces: string[] = [];
  let start = 0;
  let isEmpty = true;
  for (let i = 0; i < tokens.kinds.length; i++) {
    const kind = tokens.kinds[i] as string;
    if (kind === "end") break;
    const at = tokens.starts[i] as number;
    if (kind === "BEGIN") return [text.trim()];
    if (kind !== ";") {
      isEmpty = false;
      continue;
    }
    if (!isEmpty) pieces.push(text.slice(start, at).trim());
    start = at + 1;
    isEmpty = true;
  }
  if (!isEmpty) pieces.push(text.slice(start).trim());
  return pieces;
}
