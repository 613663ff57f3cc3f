/**
 * What a string literal stands for: the text between its quotes with escapes undone. `r'...'` is taken as it is.
 * `doubled` is what its own quote written twice stands for.
 */
export function unquoteString(literal: string, keepEscapes: boolean, doubled?: ""): string {
  const first = literal.charCodeAt(0);
  if (first === 114 || first === 82) return literal.slice(2, -1);
  const body = literal.slice(1, -1);
  const quote = literal[0] as string;
  if (keepEscapes) return body;
  if (!body.includes("\\") && !body.includes(quote)) return body;
  return undoEscapes(body, quote, doubled ?? quote);
}

/** What a name in backquotes (or double quotes) stands for. */
export function unquoteIdentifier(literal: string): string {
  const quote = literal[0] as string;
  return literal.slice(1, -1).replaceAll(quote + quote, quote);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\u0000",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\u001a",
  // Kept with their backslash, since they are LIKE's.
  "%": "\\%",
  _: "\\_",
};

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))|''|""/g;

function undoEscapes(body: string, quote: string, doubled: string): string {
  return body.replace(
    ESCAPE,
    (
      whole,
      short: string | undefined,
      long: string | undefined,
      octal: string | undefined,
      other: string | undefined,
    ) => {
      if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
      if (long !== undefined) return codePoint(Number.parseInt(long, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (other !== undefined) return ESCAPES[other] ?? other;
      return whole[0] === quote ? doubled : whole;
    },
  );
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
