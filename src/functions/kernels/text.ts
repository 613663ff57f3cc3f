import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";
import { memoize } from "../kernel.ts";

function initcap(text: string): string {
  // Java's rule: a letter is a capital after a space or at the start, and small everywhere else.
  let out = "";
  let atStart = true;
  for (const c of text.toLowerCase()) {
    out += atStart ? titleCase(c) : c;
    atStart = c === " ";
  }
  return out;
}

/** Java's title case is one character for one: `ß` stays. */
function titleCase(c: string): string {
  const upper = c.toUpperCase();
  return [...upper].length === 1 ? upper : c;
}

const SOUNDEX = "01230127022455012623017202";

function soundex(text: string): string {
  const first = text[0];
  if (first === undefined || !/[a-zA-Z]/.test(first)) return text;
  const codeOf = (c: string) => SOUNDEX[c.toUpperCase().charCodeAt(0) - 65];
  let out = first.toUpperCase();
  let last = codeOf(first);
  for (const c of text.slice(1)) {
    if (!/[a-zA-Z]/.test(c)) {
      last = "0";
      continue;
    }
    const code = codeOf(c);
    // H and W (7) do not come between two letters of one code.
    if (code === "7") continue;
    if (code !== "0" && code !== last) {
      out += code;
      if (out.length === 4) return out;
    }
    last = code;
  }
  return out.padEnd(4, "0");
}

function levenshtein(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  let previous = Array.from({ length: y.length + 1 }, (_, i) => i);
  for (let i = 1; i <= x.length; i++) {
    const row = [i];
    for (let j = 1; j <= y.length; j++) {
      const change = (previous[j - 1] as number) + (x[i - 1] === y[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[y.length] as number;
}

const translation = memoize((key: string) => {
  const [from, to] = JSON.parse(key) as [string, string];
  const target = [...to];
  const table = new Map<string, string>();
  for (const [i, c] of [...from].entries()) if (!table.has(c)) table.set(c, target[i] ?? "");
  return table;
});

function translate(text: string, from: string, to: string): string {
  const table = translation(JSON.stringify([from, to]));
  let out = "";
  for (const c of text) out += table.get(c) ?? c;
  return out;
}

function luhnCheck(text: string): number {
  if (!/^\d+$/.test(text)) return 0;
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    let digit = Number(text[text.length - 1 - i]);
    if (i % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0 ? 1 : 0;
}

function mask(
  text: string | null,
  upper: string | null,
  lower: string | null,
  digit: string | null,
  other: string | null,
) {
  if (text === null) return null;
  let out = "";
  for (const c of text) {
    const by = /\p{Lu}/u.test(c) ? upper : /\p{Ll}/u.test(c) ? lower : /\p{Nd}/u.test(c) ? digit : other;
    out += by ?? c;
  }
  return out;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(hex: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < hex.length; i += 2) {
    crc = (CRC_TABLE[(crc ^ Number.parseInt(hex.slice(i, i + 2), 16)) & 0xff] as number) ^ (crc >>> 8);
  }
  return String((crc ^ 0xffffffff) >>> 0);
}

/** Words of each sentence as a DuckDB literal of nested lists. */
function sentences(text: string, language: string, country: string): string {
  const locale = language === "" ? "en-US" : country === "" ? language : `${language}-${country}`;
  const quoted = (word: string) => `'${word.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
  const bySentence = new Intl.Segmenter(locale, { granularity: "sentence" });
  const byWord = new Intl.Segmenter(locale, { granularity: "word" });
  const lists = [...bySentence.segment(text)].map(({ segment }) => {
    const words = [...byWord.segment(segment)]
      .filter((w) => w.isWordLike === true)
      .map((w) => quoted(w.segment));
    return `[${words.join(", ")}]`;
  });
  return `[${lists.join(", ")}]`;
}

/** Where the n-th `part` stands in `text`, counted in characters; backwards from a negative start. */
function findOccurrence(text: string, part: string, start: number, n: number): number {
  if (n <= 0) {
    throw sparkError("SparkRuntimeException", {
      condition: "INVALID_PARAMETER_VALUE.OCCURRENCE",
      messageParameters: { parameter: "`occurrence`", functionName: "`instr`", actual: `${n}` },
    });
  }
  if (start === 0) return 0;
  if (part === "") return 1;
  const [where, what] = [Array.from(text), Array.from(part)];
  const step = start > 0 ? 1 : -1;
  let left = n;
  const first = start > 0 ? start - 1 : Math.min(where.length + start, where.length - what.length);
  for (let i = first; i >= 0 && i + what.length <= where.length; i += step) {
    if (!what.every((c, k) => where[i + k] === c)) continue;
    left -= 1;
    if (left === 0) return i + 1;
  }
  return 0;
}

function jaroWinkler(a: string, b: string): number {
  const [x, y] = [a.split(""), b.split("")];
  if (x.length === 0 || y.length === 0) return x.length === y.length ? 1 : 0;
  const reach = Math.max(Math.floor(Math.max(x.length, y.length) / 2) - 1, 0);
  const used = new Array<boolean>(y.length).fill(false);
  const matched = x.filter((c, i) => {
    for (let j = Math.max(0, i - reach); j < Math.min(y.length, i + reach + 1); j++) {
      if (used[j] === true || y[j] !== c) continue;
      used[j] = true;
      return true;
    }
    return false;
  });
  const m = matched.length;
  if (m === 0) return 0;
  const other = y.filter((_, j) => used[j]);
  const moved = Math.floor(matched.filter((c, i) => c !== other[i]).length / 2);
  const jaro = (m / x.length + m / y.length + (m - moved) / m) / 3;
  let prefix = 0;
  while (prefix < Math.min(4, x.length, y.length) && x[prefix] === y[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

export const TEXT_KERNELS: readonly Kernel[] = [
  {
    name: "find_occurrence",
    args: ["string", "string", "int32", "int32"],
    result: "int32",
    call: (text, part, start, n) =>
      findOccurrence(text as string, part as string, start as number, n as number),
  },
  {
    name: "jaro_winkler",
    args: ["string", "string"],
    result: "double",
    call: (a, b) => jaroWinkler(a as string, b as string),
  },
  { name: "java_upper", args: ["string"], result: "string", call: (x) => (x as string).toUpperCase() },
  { name: "java_lower", args: ["string"], result: "string", call: (x) => (x as string).toLowerCase() },
  { name: "initcap", args: ["string"], result: "string", call: (x) => initcap(x as string) },
  { name: "soundex", args: ["string"], result: "string", call: (x) => soundex(x as string) },
  {
    name: "levenshtein",
    args: ["string", "string"],
    result: "int32",
    call: (a, b) => levenshtein(a as string, b as string),
  },
  {
    name: "translate",
    args: ["string", "string", "string"],
    result: "string",
    call: (x, from, to) => translate(x as string, from as string, to as string),
  },
  { name: "luhn_check", args: ["string"], result: "int32", call: (x) => luhnCheck(x as string) },
  {
    name: "mask",
    args: ["string", "string", "string", "string", "string"],
    result: "string",
    nulls: "pass",
    call: (x, upper, lower, digit, other) =>
      mask(
        x as string | null,
        upper as string | null,
        lower as string | null,
        digit as string | null,
        other as string | null,
      ),
  },
  { name: "crc32", args: ["string"], result: "string", call: (x) => crc32(x as string) },
  {
    name: "sentences",
    args: ["string", "string", "string"],
    result: "string",
    call: (x, language, country) => sentences(x as string, language as string, country as string),
  },
];
