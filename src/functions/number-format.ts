/** One part of a number format: digits with their commas, or a sign. */
export interface FormatToken {
  readonly kind: "digits" | "point" | "dollar" | "S" | "MI" | "<" | ">" | "unknown";
  readonly text: string;
}

export interface NumberFormat {
  readonly tokens: readonly FormatToken[];
  /** Digits in all, and those after the point. */
  readonly precision: number;
  readonly scale: number;
}

const KINDS: Readonly<Record<string, FormatToken["kind"]>> = {
  ".": "point",
  D: "point",
  $: "dollar",
  S: "S",
  MI: "MI",
};
const SHOWN: Readonly<Record<string, string>> = {
  point: ". or D",
  dollar: "$",
  S: "S",
  MI: "MI",
  "<": "PR",
  ">": "PR",
  digits: "digit sequence",
};

/** Cuts a format (in any case) into its parts; what is unknown is a part of its own. */
export function parseNumberFormat(format: string): NumberFormat {
  const tokens: FormatToken[] = [];
  for (const [text] of format.toUpperCase().matchAll(/[09,G]+|MI|PR|./gs)) {
    if (/^[09,G]/.test(text)) tokens.push({ kind: "digits", text: text.replaceAll("G", ",") });
    else if (text === "PR") {
      tokens.unshift({ kind: "<", text });
      tokens.push({ kind: ">", text });
    } else tokens.push({ kind: KINDS[text] ?? "unknown", text });
  }
  const point = tokens.findIndex((t) => t.kind === "point");
  const count = (isAfter: boolean): number =>
    tokens.reduce(
      (n, t, i) =>
        t.kind === "digits" && (point >= 0 && i > point) === isAfter
          ? n + t.text.replaceAll(",", "").length
          : n,
      0,
    );
  const scale = count(true);
  return { tokens, precision: count(false) + scale, scale };
}

const ORDER: readonly (readonly FormatToken["kind"][])[] = [
  ["<"],
  ["MI", "S"],
  ["dollar"],
  ["digits"],
  ["point"],
  ["digits"],
  ["dollar"],
  ["MI", "S", ">"],
];

/** What is wrong with a format: Spark's condition under INVALID_FORMAT and its parameters. */
export function formatFault({
  tokens,
}: NumberFormat):
  | { readonly kind: string; readonly parameters?: Readonly<Record<string, string>> }
  | undefined {
  if (tokens.length === 0) return { kind: "EMPTY" };
  const at = (kind: FormatToken["kind"]): number => tokens.findIndex((t) => t.kind === kind);
  const [digits, dollar, point] = [at("digits"), at("dollar"), at("point")];
  if (digits < 0) return { kind: "WRONG_NUM_DIGIT" };
  if (digits < dollar) return { kind: "CUR_MUST_BEFORE_DIGIT" };
  if (point >= 0 && point < dollar) return { kind: "CUR_MUST_BEFORE_DEC" };
  const isAfter = (i: number): boolean => point >= 0 && i > point;
  if (tokens.some((t, i) => t.kind === "digits" && !isAfter(i) && /^,|,,|,$/.test(t.text)))
    return { kind: "CONT_THOUSANDS_SEPS" };
  if (tokens.some((t, i) => t.kind === "digits" && isAfter(i) && t.text.includes(",")))
    return { kind: "THOUSANDS_SEPS_MUST_BEFORE_DEC" };
  for (const kind of ["point", "S", "MI", "dollar", ">"] as const) {
    if (tokens.filter((t) => t.kind === kind).length > 1)
      return { kind: "WRONG_NUM_TOKEN", parameters: { token: SHOWN[kind] as string } };
  }
  let next = 0;
  for (const allowed of ORDER) {
    const token = tokens[next];
    if (token !== undefined && allowed.includes(token.kind)) next++;
  }
  const left = tokens[next];
  if (left === undefined) return undefined;
  return {
    kind: "UNEXPECTED_TOKEN",
    parameters: {
      token: left.kind === "unknown" ? `character '${left.text}''` : (SHOWN[left.kind] as string),
    },
  };
}
