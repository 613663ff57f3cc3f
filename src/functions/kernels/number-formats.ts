import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";
import { memoize } from "../kernel.ts";
import { type NumberFormat, parseNumberFormat } from "../number-format.ts";

const format = memoize((text: string): NumberFormat => parseNumberFormat(text));

interface Groups {
  readonly sizes: readonly number[];
  readonly exact: readonly boolean[];
}

const groupsOf = (digits: string): Groups => {
  const parts = digits.split(",");
  return { sizes: parts.map((g) => g.length), exact: parts.map((g) => g.startsWith("0")) };
};

/** The number that a text shows in that format, as plain digits; null when it is not of that format. */
function toNumber(input: string, f: NumberFormat): string | null {
  let at = 0;
  let [before, after, isNegative, afterPoint] = ["", "", false, false];
  for (const token of f.tokens) {
    const c = input[at];
    switch (token.kind) {
      case "digits": {
        const found = /^[0-9,]*/.exec(input.slice(at))?.[0] as string;
        if (afterPoint) {
          if (found.includes(",") || found.length > token.text.length) return null;
          after = found;
        } else {
          const digits = matchGroups(found, groupsOf(token.text));
          if (digits === undefined) return null;
          before = digits;
        }
        at += found.length;
        break;
      }
      case "point":
        if (c === ".") at++;
        afterPoint = true;
        break;
      case "dollar":
        if (c !== "$") return null;
        at++;
        break;
      case "S":
      case "MI":
        if (c === "-") isNegative = true;
        if (c === "-" || (c === "+" && token.kind === "S")) at++;
        break;
      case "<":
        if (c === "<") {
          at++;
          isNegative = true;
        }
        break;
      case ">":
        if ((c === ">") !== isNegative) return null;
        if (c === ">") at++;
        break;
    }
  }
  if (at < input.length) return null;
  if (before === "" && after === "") return null;
  return `${isNegative ? "-" : ""}${before === "" ? "0" : before}${f.scale > 0 ? `.${after.padEnd(f.scale, "0")}` : ""}`;
}

/** The digits of groups parted by commas; groups are compared from the right. */
function matchGroups(found: string, expected: Groups): string | undefined {
  const groups = found.split(",").reverse();
  const sizes = [...expected.sizes].reverse();
  const exact = [...expected.exact].reverse();
  if (groups.length > sizes.length) return undefined;
  for (const [i, size] of sizes.entries()) {
    const length = groups[i]?.length ?? 0;
    if (length > size || (exact[i] === true && length !== size)) return undefined;
  }
  return groups.reverse().join("");
}

/** A decimal's plain text in the format, `#` for digits where it does not fit. */
function toChar(input: string, f: NumberFormat): string {
  const isNegative = input.startsWith("-") && /[1-9]/.test(input);
  const [whole = "", fraction = ""] = input.replace("-", "").split(".");
  const before = whole.replace(/^0+/, "");
  const after = fraction.replace(/0+$/, "");
  const overflows = before.length > f.precision - f.scale || after.length > f.scale;
  const integral = before.padStart(f.precision - f.scale, " ");
  const decimals = after.padEnd(f.scale, "0");
  let [result, at, seenPoint] = ["", 0, false];
  const insertBeforeSpaces = (c: string): void => {
    const end = result.trimEnd().length;
    result = `${result.slice(0, end)}${c}${result.slice(end)}`;
  };
  const insertSpace = (): void => {
    const start = /[+\-<]*$/.exec(result)?.index as number;
    result = `${result.slice(0, start)} ${result.slice(start)}`;
  };
  const stripPoint = (): void => {
    result = result.replace(/\.(?=$| )/, " ");
  };
  for (const token of f.tokens) {
    switch (token.kind) {
      case "digits":
        if (seenPoint) {
          result += overflows ? "#".repeat(token.text.length) : decimals;
          break;
        }
        for (const group of token.text.split(/(,)/)) {
          if (group === ",") {
            if (/[0-9#]$/.test(result)) result += ",";
            else insertSpace();
            continue;
          }
          for (let i = 0; i < group.length; i++) {
            const c = integral[at++] as string;
            if (overflows) result += "#";
            else if (c !== " ") result += c;
            else if (group.startsWith("0")) result += "0";
            else insertSpace();
          }
        }
        break;
      case "point":
        if (result.endsWith(" ")) result = `${result.slice(0, -1)}0`;
        result += ".";
        seenPoint = true;
        break;
      case "dollar":
        result += "$";
        break;
      case "S":
        stripPoint();
        insertBeforeSpaces(isNegative ? "-" : "+");
        break;
      case "MI":
        if (isNegative) {
          stripPoint();
          insertBeforeSpaces("-");
        } else result += " ";
        break;
      case "<":
        if (isNegative) result += "<";
        break;
      case ">":
        stripPoint();
        if (isNegative) insertBeforeSpaces(">");
        else result += "  ";
        break;
    }
  }
  stripPoint();
  return result === "" ? " " : result;
}

export const NUMBER_FORMAT_KERNELS: readonly Kernel[] = [
  {
    name: "to_number",
    args: ["string", "string", "int32"],
    result: "string",
    call: (input, pattern, isTry) => {
      const value = toNumber((input as string).trim(), format(pattern as string));
      if (value !== null || isTry === 1) return value;
      throw sparkError("IllegalArgumentException", {
        condition: "INVALID_FORMAT.MISMATCH_INPUT",
        messageParameters: { inputType: '"STRING"', input: input as string, format: pattern as string },
      });
    },
  },
  {
    name: "to_char",
    args: ["string", "string"],
    result: "string",
    call: (input, pattern) => toChar(input as string, format(pattern as string)),
  },
];
