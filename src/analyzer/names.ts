import type { Origin } from "../plan/origin.ts";
import { fail } from "./errors.ts";

/**
 * The parts of a dotted name as a DataFrame call writes it: `a.b`, `` `a.b`.c ``. A backquote inside a quoted part is
 * doubled.
 */
export function splitName(text: string, origin?: Origin): readonly string[] {
  const wrong = () => fail("INVALID_ATTRIBUTE_NAME_SYNTAX", { name: text }, origin);
  const parts: string[] = [];
  let current = "";
  let isQuoted = false;
  let wasQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (isQuoted) {
      if (c !== "`") current += c;
      else if (text[i + 1] === "`") {
        current += "`";
        i++;
      } else {
        isQuoted = false;
        wasQuoted = true;
        if (i + 1 < text.length && text[i + 1] !== ".") throw wrong();
      }
    } else if (c === "`") {
      if (current !== "" || wasQuoted) throw wrong();
      isQuoted = true;
    } else if (c === ".") {
      if (i === 0 || text[i - 1] === "." || i === text.length - 1) throw wrong();
      parts.push(current);
      current = "";
      wasQuoted = false;
    } else current += c;
  }
  if (isQuoted) throw wrong();
  parts.push(current);
  return parts;
}
