/** The parts of a date and time pattern. */
export type PatternItem =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "optional"; readonly items: readonly PatternItem[] }
  | {
      readonly kind: "number";
      readonly field: NumberField;
      readonly min: number;
      readonly max: number;
      readonly signed?: boolean;
      /** Years: more digits than the pattern has need a plus. */
      readonly exceedsPad?: boolean;
      /** Two digits of a year from 2000 to 2099. */
      readonly reduced?: boolean;
      readonly ofEra?: boolean;
    }
  | { readonly kind: "fraction"; readonly digits: number }
  | { readonly kind: "text"; readonly field: TextField; readonly style: "short" | "long" }
  | {
      readonly kind: "offset";
      /** What stands for no offset. */
      readonly zero: string;
      readonly prefix: string;
      readonly regex: RegExp;
      readonly format: (seconds: number) => string;
    }
  | { readonly kind: "zone"; readonly style: "id" | "short" | "long" };

export type NumberField =
  | "year"
  | "month"
  | "day"
  | "dayOfYear"
  | "quarter"
  | "hour"
  | "hour24"
  | "hour12"
  | "hour12of"
  | "minute"
  | "second"
  | "dayOfAlignedWeek";
export type TextField = "month" | "dayOfWeek" | "amPm" | "era" | "quarter";

/**
 * Why a pattern is refused. `recognition`: older Sparks took it. `weekBased`: letters of week-based years.
 * `illegalCharacter`: a letter that means nothing. `suggestion`: anything else.
 */
export type PatternProblem = "recognition" | "weekBased" | "illegalCharacter" | "suggestion";

export class PatternError extends Error {
  readonly pattern: string;
  readonly reason: PatternProblem;
  /** The letter at fault, if it is one. */
  readonly letter: string | undefined;

  constructor(pattern: string, fault: PatternFault) {
    super(fault.message);
    this.name = "PatternError";
    this.pattern = pattern;
    this.letter = fault.letter;
    this.reason = problemOf(pattern, fault);
  }
}

class PatternFault extends Error {
  readonly letter: string | undefined;

  constructor(message: string, letter?: string) {
    super(message);
    this.letter = letter;
  }
}

const WEEK_BASED = "YWwec";

function problemOf(pattern: string, { letter }: PatternFault): PatternProblem {
  if (letter !== undefined && (letter === "c" || letter === "e")) return "weekBased";
  if (isLegacyPattern(pattern)) return "recognition";
  if (letter === undefined) return "suggestion";
  return WEEK_BASED.includes(letter) ? "weekBased" : "illegalCharacter";
}

/** Whether `SimpleDateFormat` would take it. */
function isLegacyPattern(pattern: string): boolean {
  if ((pattern.match(/'/g)?.length ?? 0) % 2 !== 0) return false;
  const letters =
    withoutLiterals(pattern)
      .match(/[A-Za-z]+/g)
      ?.join("") ?? "";
  return /^[GyYMLwWDdFEuaHkKhmsSzZX]*$/.test(letters) && !/X{4}/.test(letters);
}

const ONLY_FOR_OUTPUT = "EFQq";

/** Splits a pattern into its parts. */
export function compileItems(pattern: string, parsing = false): readonly PatternItem[] {
  try {
    return itemsOf(pattern, parsing);
  } catch (error) {
    throw error instanceof PatternFault ? new PatternError(pattern, error) : error;
  }
}

function itemsOf(pattern: string, parsing: boolean): readonly PatternItem[] {
  const stack: PatternItem[][] = [[]];
  const add = (item: PatternItem): void => {
    const items = stack.at(-1) as PatternItem[];
    const last = items.at(-1);
    if (item.kind === "literal" && last?.kind === "literal") {
      items[items.length - 1] = { kind: "literal", text: last.text + item.text };
    } else items.push(item);
  };
  const hasEra = withoutLiterals(pattern).includes("G");
  let at = 0;
  while (at < pattern.length) {
    const c = pattern[at] as string;
    if (c === "'") {
      const end = closingQuote(pattern, at);
      const text = pattern.slice(at + 1, end).replace(/''/g, "'");
      add({ kind: "literal", text: text === "" ? "'" : text });
      at = end + 1;
    } else if (c === "[") {
      stack.push([]);
      at++;
    } else if (c === "]") {
      const items = stack.pop() as PatternItem[];
      if (stack.length === 0) throw new PatternFault("Pattern invalid as it contains ] without previous [");
      add({ kind: "optional", items });
      at++;
    } else if (/[A-Za-z]/.test(c)) {
      let end = at;
      while (pattern[end] === c) end++;
      if (parsing && ONLY_FOR_OUTPUT.includes(c)) throw new PatternFault(`${c} is for output only`, c);
      add(letterItem(c, end - at, hasEra));
      at = end;
    } else if (c === "{" || c === "}" || c === "#") {
      throw new PatternFault(`Pattern includes reserved character: '${c}'`);
    } else {
      add({ kind: "literal", text: c });
      at++;
    }
  }
  while (stack.length > 1) add({ kind: "optional", items: stack.pop() as PatternItem[] });
  return stack[0] as PatternItem[];
}

function closingQuote(pattern: string, start: number): number {
  let at = start + 1;
  for (;;) {
    if (at >= pattern.length)
      throw new PatternFault(`Pattern ends with an incomplete string literal: ${pattern}`);
    if (pattern[at] !== "'") at++;
    // Two quotes inside are one of the text; two at once are a quote themselves.
    else if (pattern[at + 1] === "'" && at > start + 1) at += 2;
    else return at;
  }
}

function withoutLiterals(pattern: string): string {
  return pattern.replace(/'[^']*'/g, "");
}

function letterItem(letter: string, count: number, hasEra: boolean): PatternItem {
  const refuse = (): never => {
    throw new PatternFault(`Too many pattern letters: ${letter}`);
  };
  const number = (field: NumberField, longest = 2): PatternItem => {
    if (count > longest) return refuse();
    return count === 1
      ? { kind: "number", field, min: 1, max: 19, signed: true }
      : { kind: "number", field, min: count, max: count };
  };
  switch (letter) {
    case "y":
    case "u":
      if (letter === "u") throw new PatternFault(`Illegal pattern character: ${letter}`, letter);
      if (count > 6) return refuse();
      if (count === 2) return { kind: "number", field: "year", min: 2, max: 2, reduced: true, ofEra: hasEra };
      return {
        kind: "number",
        field: "year",
        min: count,
        max: 19,
        signed: true,
        ofEra: hasEra,
        ...(count >= 4 ? { exceedsPad: true } : {}),
      };
    case "M":
    case "L":
      if (count > 4) return refuse();
      if (count <= 2) return number("month");
      return { kind: "text", field: "month", style: count === 3 ? "short" : "long" };
    case "d":
      return number("day");
    case "D":
      if (count > 3) return refuse();
      if (count === 2) return { kind: "number", field: "dayOfYear", min: 2, max: 3 };
      return count === 1
        ? { kind: "number", field: "dayOfYear", min: 1, max: 19, signed: true }
        : { kind: "number", field: "dayOfYear", min: 3, max: 3 };
    case "Q":
    case "q":
      if (count > 4) return refuse();
      if (count <= 2) return number("quarter");
      return { kind: "text", field: "quarter", style: count === 3 ? "short" : "long" };
    case "E":
      if (count > 4) return refuse();
      return { kind: "text", field: "dayOfWeek", style: count === 4 ? "long" : "short" };
    case "F":
      return number("dayOfAlignedWeek", 1);
    case "a":
      return count > 1 ? refuse() : { kind: "text", field: "amPm", style: "short" };
    case "G":
      if (count > 4) return refuse();
      return { kind: "text", field: "era", style: count === 4 ? "long" : "short" };
    case "H":
      return number("hour");
    case "k":
      return number("hour24");
    case "K":
      return number("hour12");
    case "h":
      return number("hour12of");
    case "m":
      return number("minute");
    case "s":
      return number("second");
    case "S":
      return count > 9 ? refuse() : { kind: "fraction", digits: count };
    case "V":
      if (count !== 2) throw new PatternFault(`Pattern letter count must be 2: ${letter}`);
      return { kind: "zone", style: "id" };
    case "z":
      if (count > 4) return refuse();
      return { kind: "zone", style: count === 4 ? "long" : "short" };
    case "O":
      if (count !== 1 && count !== 4)
        throw new PatternFault(`Pattern letter count must be 1 or 4: ${letter}`);
      return localizedOffset(count === 4);
    case "X":
      return count > 5 ? refuse() : offset(count, "Z");
    case "x":
      return count > 5 ? refuse() : offset(count, "");
    case "Z":
      if (count > 5) return refuse();
      if (count === 4) return localizedOffset(true);
      return count === 5 ? offset(5, "Z") : offset(2, "");
    case "Y":
    case "W":
    case "w":
    case "e":
    case "c":
      throw new PatternFault(`${letter} is of week-based years`, letter);
    default:
      throw new PatternFault(`Illegal pattern character: ${letter}`, letter);
  }
}

/** Offsets: hours, with minutes, with a colon, with seconds if there are any. */
function offset(count: number, zero: string): PatternItem {
  const colon = count === 3 || count === 5 ? ":" : "";
  const seconds = count >= 4 ? `(?:${colon}(\\d{2}))?` : "";
  const minutes = count === 1 ? "(\\d{2})?" : `${colon}(\\d{2})${seconds}`;
  return {
    kind: "offset",
    zero,
    prefix: "",
    regex: new RegExp(`^([+-])(\\d{2})${minutes}`),
    format: (total) => {
      if (total === 0 && zero !== "") return zero;
      const [h, m, s] = parts(total);
      const rest = count === 1 ? (m === "00" ? "" : m) : `${colon}${m}`;
      return `${total < 0 ? "-" : "+"}${h}${rest}${count >= 4 && s !== "00" ? `${colon}${s}` : ""}`;
    },
  };
}

function localizedOffset(long: boolean): PatternItem {
  return {
    kind: "offset",
    zero: "",
    prefix: "GMT",
    regex: long ? /^([+-])(\d{2}):(\d{2})(?::(\d{2}))?/ : /^([+-])(\d{1,2})(?::(\d{2})(?::(\d{2}))?)?/,
    format: (total) => {
      if (total === 0) return "GMT";
      const [h, m, s] = parts(total);
      const seconds = s === "00" ? "" : `:${s}`;
      if (long) return `GMT${total < 0 ? "-" : "+"}${h}:${m}${seconds}`;
      return `GMT${total < 0 ? "-" : "+"}${Number(h)}${m === "00" && seconds === "" ? "" : `:${m}${seconds}`}`;
    },
  };
}

function parts(total: number): readonly [string, string, string] {
  const absolute = Math.abs(total);
  const pad = (n: number): string => String(n).padStart(2, "0");
  return [pad(Math.floor(absolute / 3600)), pad(Math.floor(absolute / 60) % 60), pad(absolute % 60)];
}
