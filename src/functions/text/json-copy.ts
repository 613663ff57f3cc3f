import { doubleText } from "../number-text.ts";
import type { JsonScanner, JsonToken } from "./json-scanner.ts";
import { jsonNumber } from "./json-scanner.ts";

/** A value whose beginning was read, written anew: without spaces, numbers with a fraction as Java's doubles. */
export function copyJson(scanner: JsonScanner, token: JsonToken): string {
  switch (token) {
    case "object": {
      let text = "{";
      for (let name = scanner.field(true); name !== undefined; name = scanner.field(false)) {
        text += `${text.length > 1 ? "," : ""}${jsonText(name).replace(SURROGATES, codePoint)}:${copyJson(scanner, scanner.next())}`;
      }
      return `${text}}`;
    }
    case "array": {
      let text = "[";
      for (let first = true; scanner.element(first); first = false) {
        text += `${first ? "" : ","}${copyJson(scanner, scanner.next())}`;
      }
      return `${text}]`;
    }
    case "string":
      return jsonText(scanner.value).replace(SURROGATES, codePoint);
    case "int":
      return scanner.value === "-0" ? "0" : scanner.value;
    case "float": {
      const value = jsonNumber(scanner.value);
      return Number.isFinite(value) ? doubleText(value) : `"${doubleText(value)}"`;
    }
    default:
      return token;
  }
}

/** Jackson writes them one by one where it writes bytes. */
const SURROGATES = /[\ud800-\udfff]/g;

/** What may need an escape. */
const SPECIAL = /["\\\u0000-\u001f]/;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** A string of JSON as Java's writers escape it. */
export function jsonText(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  return `"${text.replace(/["\\\u0000-\u001f]/g, (c) => SHORT.get(c) ?? codePoint(c))}"`;
}

export function codePoint(c: string): string {
  return `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
