import type { Expr } from "../functions/expr.ts";
import { INTEGER, STRING } from "../types/data-type.ts";
import type { AnalysisState } from "./state.ts";

const COMPARISONS: ReadonlySet<string> = new Set(["=", "==", "<=>", "!=", "<>", "<", "<=", ">", ">=", "in"]);

/** Columns of CHAR are filled up with spaces, and so is what they are compared with: the arguments, padded alike. */
export function padCharComparison(
  name: string,
  args: readonly Expr[],
  state: AnalysisState,
): readonly Expr[] {
  if (!COMPARISONS.has(name)) return args;
  const lengths = args.map(charLength);
  const longest = Math.max(0, ...lengths.map((n) => n ?? 0));
  if (longest === 0) return args;
  return args.map((e, i) => {
    if (e.kind === "Lit" && e.type.kind === "string" && typeof e.value === "string") {
      return { ...e, value: asLongAs(e.value, longest), pretty: e.pretty ?? e.value };
    }
    const own = lengths[i];
    if (own === undefined || own >= longest) return e;
    return state.call("rpad", [e, literal(longest, INTEGER), literal(" ", STRING)]);
  });
}

/** Filled up with spaces; of spaces beyond the length nothing is left, as the column would be filled up to them. */
function asLongAs(text: string, length: number): string {
  if (text.length <= length) return text.padEnd(length);
  return text.slice(0, length) + text.slice(length).replace(/ +$/, "");
}

function literal(value: number | string, type: Expr["type"]): Expr {
  return { kind: "Lit", type, nullable: false, value };
}

/** `n` of a column that was declared as CHAR(n). */
function charLength(e: Expr): number | undefined {
  const attr = e.kind === "OuterAttr" ? e.attr : e;
  const declared = attr.kind === "Attr" ? attr.metadata?.__CHAR_VARCHAR_TYPE_STRING : undefined;
  const [, length] = /^char\((\d+)\)$/.exec(typeof declared === "string" ? declared : "") ?? [];
  return length === undefined ? undefined : Number(length);
}
