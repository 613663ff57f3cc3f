import { SparkRuntimeException } from "../../errors/spark-error.ts";
import { type JavaRegex, javaRegex, withFlags } from "../java-regex.ts";
import type { Kernel } from "../kernel.ts";
import { memoize } from "../kernel.ts";
import { invalidPattern } from "./matching.ts";

const global = memoize((source: string) => {
  const compiled = javaRegex(source);
  return compiled === undefined ? undefined : { ...compiled, all: withFlags(compiled.regex, "g") };
}, 256);

function compile(pattern: string, functionName: string): JavaRegex & { readonly all: RegExp } {
  const compiled = global(pattern);
  if (compiled === undefined) throw invalidPattern(pattern, functionName);
  return compiled;
}

/** The group's number in the JavaScript pattern; Spark's error for one that is not there. */
function groupOf(compiled: JavaRegex, index: number, functionName: string): number {
  if (index < 0 || index > compiled.groupCount) {
    throw new SparkRuntimeException({
      condition: "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
      messageParameters: {
        parameter: "`idx`",
        functionName: `\`${functionName}\``,
        groupCount: String(compiled.groupCount),
        groupIndex: String(index),
      },
    });
  }
  return index === 0 ? 0 : (compiled.groups[index] ?? index);
}

const encoder = new TextEncoder();

function encodeList(parts: readonly string[]): string {
  return parts
    .map((part) => `x${Array.from(encoder.encode(part), (b) => b.toString(16).padStart(2, "0")).join("")}`)
    .join(",");
}

/** Java's replacement text: `$1` is a group (as many digits as there are groups for), `\x` is x itself. */
function replacement(text: string, compiled: JavaRegex, match: RegExpExecArray): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === "\\") {
      i++;
      if (i >= text.length) throw badReplacement("character to be escaped is missing");
      out += text[i];
    } else if (c === "$") {
      const named = /^\$\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(text.slice(i));
      if (named !== null) {
        out += match.groups?.[named[1] as string] ?? "";
        i += named[0].length - 1;
        continue;
      }
      let digits = /^\d/.exec(text.slice(i + 1))?.[0];
      if (digits === undefined) throw badReplacement("Illegal group reference");
      i++;
      if (Number(digits) > compiled.groupCount) throw badReplacement(`No group ${digits}`);
      while (/^\d$/.test(text[i + 1] ?? "") && Number(digits + text[i + 1]) <= compiled.groupCount) {
        i++;
        digits += text[i];
      }
      out += match[groupOf(compiled, Number(digits), "regexp_replace")] ?? "";
    } else out += c;
  }
  return out;
}

function badReplacement(message: string): Error {
  return new SparkRuntimeException({ condition: "INTERNAL_ERROR", messageParameters: { message } });
}

function* matches(compiled: { readonly all: RegExp }, text: string, from = 0): Generator<RegExpExecArray> {
  compiled.all.lastIndex = from;
  for (let m = compiled.all.exec(text); m !== null; m = compiled.all.exec(text)) {
    yield m;
    if (m[0] === "") compiled.all.lastIndex += (text.codePointAt(m.index) ?? 0) > 0xffff ? 2 : 1;
  }
}

function replaceAll(text: string, pattern: string, by: string, position: number): string {
  const compiled = compile(pattern, "regexp_replace");
  const start = position - 1;
  if (start !== 0 && start >= text.length) return text;
  let out = "";
  let from = 0;
  for (const match of [...matches(compiled, text, Math.max(0, start))]) {
    out += text.slice(from, match.index) + replacement(by, compiled, match);
    from = match.index + match[0].length;
  }
  return out + text.slice(from);
}

/** Java's `String.split` with Spark's limits: trailing empty parts stay, a leading empty match gives none. */
function split(text: string, pattern: string, limit: number): string {
  if (text === "") return encodeList([""]);
  const compiled = compile(pattern, "split");
  const parts: string[] = [];
  let from = 0;
  for (const match of matches(compiled, text)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match[0] === "" && (match.index === 0 || match.index >= text.length)) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return encodeList([...parts, text.slice(from)]);
}

export const REGULAR_EXPRESSION_KERNELS: readonly Kernel[] = [
  {
    name: "regexp_extract",
    args: ["string", "string", "int32"],
    result: "string",
    call: (text, pattern, index) => {
      const compiled = compile(pattern as string, "regexp_extract");
      const group = groupOf(compiled, index as number, "regexp_extract");
      return compiled.regex.exec(text as string)?.[group] ?? "";
    },
  },
  {
    name: "regexp_extract_all",
    args: ["string", "string", "int32"],
    result: "string",
    call: (text, pattern, index) => {
      const compiled = compile(pattern as string, "regexp_extract_all");
      const group = groupOf(compiled, index as number, "regexp_extract_all");
      return encodeList(Array.from(matches(compiled, text as string), (m) => m[group] ?? ""));
    },
  },
  {
    name: "regexp_replace",
    args: ["string", "string", "string", "int32"],
    result: "string",
    call: (text, pattern, by, position) =>
      replaceAll(text as string, pattern as string, by as string, position as number),
  },
  {
    name: "regexp_count",
    args: ["string", "string"],
    result: "int32",
    call: (text, pattern) => [...matches(compile(pattern as string, "regexp_count"), text as string)].length,
  },
  {
    name: "regexp_instr",
    args: ["string", "string"],
    result: "int32",
    call: (text, pattern) => {
      const found = compile(pattern as string, "regexp_instr").regex.exec(text as string);
      return found === null ? 0 : found.index + 1;
    },
  },
  {
    name: "regexp_substr",
    args: ["string", "string"],
    result: "string",
    call: (text, pattern) =>
      compile(pattern as string, "regexp_substr").regex.exec(text as string)?.[0] ?? null,
  },
  {
    name: "regexp_split",
    args: ["string", "string", "int32"],
    result: "string",
    call: (text, pattern, limit) => split(text as string, pattern as string, limit as number),
  },
];
