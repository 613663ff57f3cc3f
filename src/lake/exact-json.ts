/**
 * JSON whose whole numbers stay exact: beyond 2^53 they are bigints. Other numbers that a double cannot hold as they
 * are written (long decimals in statistics) become their text.
 */
export function parseExactJson(text: string): unknown {
  if (!/\d{16}|\d\.\d{15}|\d{8}\.\d{8}/.test(text)) return JSON.parse(text);
  return JSON.parse(markLongNumbers(text), (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? unmark(value.slice(MARK.length)) : value,
  );
}

/** `JSON.stringify` that writes bigints as numbers. */
export function stringifyExactJson(value: unknown): string {
  let marked = false;
  const text = JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v !== "bigint") return v;
    marked = true;
    return `${MARK}${v}`;
  });
  return marked ? text.replace(MARKED, "$1") : text;
}

// A private-use character: JSON written by anybody else will hardly start a string with it.
const MARK = "\uE000\uE001";
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, "g");

function unmark(number: string): number | bigint | string {
  if (/^-?\d+$/.test(number)) {
    const whole = BigInt(number);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  const plain = Number(number);
  // Either the digits are few enough for a double, or they are just what a double prints.
  return significantDigits(number).length <= 15 || String(plain) === number ? plain : number;
}

function significantDigits(number: string): string {
  return number
    .replace(/[eE].*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+|0+$/g, "");
}

/** Puts every number token of 16 characters or more in a marked string; strings are skipped over. */
function markLongNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{14,}/g, (token) =>
    token.startsWith('"') ? token : `"${MARK}${token}"`,
  );
}
