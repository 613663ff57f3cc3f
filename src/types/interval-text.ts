/** Why a text is no interval: it has not the form asked for, or a field is out of its range. */
export type IntervalTextProblem = "format" | "range";

const YEAR_MONTH_NAMES = ["YEAR", "MONTH"] as const;
const DAY_TIME_NAMES = ["DAY", "HOUR", "MINUTE", "SECOND"] as const;
/** How many digits the first field may have. */
const LEADING_DIGITS = [9, 10, 12, 13] as const;
const FIELD_MICROS = [86_400_000_000n, 3_600_000_000n, 60_000_000n, 1_000_000n] as const;
const YEAR_MONTH_LETTERS = ["y", "m"] as const;
const DAY_TIME_LETTERS = ["d", "h", "m", "s.n"] as const;
const SPACE = /^[\x00-\x20\x7f]+|[\x00-\x20\x7f]+$/g;

function fieldNames(names: readonly string[], start: number, end: number): string {
  return start === end ? (names[start] as string) : `${names[start]} TO ${names[end]}`;
}

/** The bare form of a year-month interval: `[+|-]y-m`. */
export function yearMonthForm(start: number, end: number): string {
  return `[+|-]${YEAR_MONTH_LETTERS.slice(start, end + 1).join("-")}`;
}

/** The bare form of a day-time interval: `[+|-]d h:m:s.n`. */
export function dayTimeForm(start: number, end: number): string {
  let form = "[+|-]";
  for (let field = start; field <= end; field++)
    form += `${field === start ? "" : field === 1 ? " " : ":"}${DAY_TIME_LETTERS[field]}`;
  return form;
}

/** Both forms that messages list: bare and as a literal. */
export function supportedForms(
  form: string,
  unit: "yearMonth" | "dayTime",
  start: number,
  end: number,
): string {
  const names = fieldNames(unit === "yearMonth" ? YEAR_MONTH_NAMES : DAY_TIME_NAMES, start, end);
  return `\`${form}\`, \`INTERVAL [+|-]'${form}' ${names}\``;
}

/** The bare digits of a text that is bare or a whole `INTERVAL '...' UNIT` literal, with its sign. */
function bare(text: string, names: string): { readonly sign: bigint; readonly digits: string } | undefined {
  const trimmed = text.replace(SPACE, "");
  const literal = new RegExp(`^INTERVAL\\s+([+-])?'([^']*)'\\s+${names.replace(/ /g, "\\s+")}$`, "i").exec(
    trimmed,
  );
  const inner = literal === null ? trimmed : (literal[2] as string);
  const signed = /^([+-])?(.*)$/s.exec(inner) as RegExpExecArray;
  const negative = (literal?.[1] === "-") !== (signed[1] === "-");
  return { sign: negative ? -1n : 1n, digits: signed[2] as string };
}

/** Months of `1-2` and its like, by the fields of the type. */
export function parseYearMonthText(text: string, start: number, end: number): number | IntervalTextProblem {
  const parsed = bare(text, fieldNames(YEAR_MONTH_NAMES, start, end));
  const match = (start === end ? /^(\d+)$/ : /^(\d+)-(\d+)$/).exec(parsed?.digits ?? "");
  if (parsed === undefined || match === null) return "format";
  const first = BigInt(match[1] as string);
  const months = start === 1 ? first : first * 12n + BigInt(match[2] ?? 0);
  if (start !== end && BigInt(match[2] as string) > 11n) return "range";
  const total = parsed.sign * months;
  return BigInt.asIntN(32, total) === total ? Number(total) : "range";
}

/** Microseconds of `1 02:03:04.5` and its like, by the fields of the type. */
export function parseDayTimeText(text: string, start: number, end: number): bigint | IntervalTextProblem {
  const parsed = bare(text, fieldNames(DAY_TIME_NAMES, start, end));
  let pattern = "^";
  for (let field = start; field <= end; field++) {
    pattern += field === start ? "" : field === 1 ? " " : ":";
    pattern += field === start ? `(\\d{1,${LEADING_DIGITS[field]}})` : "(\\d{1,2})";
    if (field === 3) pattern += "(?:\\.(\\d{1,9}))?";
  }
  const match = new RegExp(`${pattern}$`).exec(parsed?.digits ?? "");
  if (parsed === undefined || match === null) return "format";
  let micros = 0n;
  for (let field = start; field <= end; field++) {
    const value = BigInt(match[field - start + 1] as string);
    if (field > start && value > (field === 1 ? 23n : 59n)) return "range";
    micros += value * (FIELD_MICROS[field] as bigint);
  }
  if (end === 3) micros += BigInt((match[end - start + 2] ?? "").slice(0, 6).padEnd(6, "0"));
  const total = parsed.sign * micros;
  return BigInt.asIntN(64, total) === total ? total : "range";
}

/** Months, days and microseconds. */
export interface CalendarParts {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

const UNITS: Readonly<Record<string, readonly [part: "months" | "days" | "micros", factor: bigint]>> = {
  year: ["months", 12n],
  month: ["months", 1n],
  week: ["days", 7n],
  day: ["days", 1n],
  hour: ["micros", 3_600_000_000n],
  minute: ["micros", 60_000_000n],
  second: ["micros", 1_000_000n],
  millisecond: ["micros", 1000n],
  microsecond: ["micros", 1n],
};

/** `1 year 2 days -3 hours 1.5 seconds`, with or without `interval` before it; undefined for anything else. */
export function parseCalendarText(text: string): CalendarParts | undefined {
  const body = text
    .replace(SPACE, "")
    .toLowerCase()
    .replace(/^interval\s+/, "");
  if (body === "") return undefined;
  const item = /([+-]?)\s*(\d*)(?:\.(\d{0,9}))?\s+([a-z]+)(?:\s+|$)/y;
  const sum = { months: 0n, days: 0n, micros: 0n };
  while (item.lastIndex < body.length) {
    const match = item.exec(body);
    if (match === null) return undefined;
    const [, signText, whole, fraction, unitText] = match as unknown as string[];
    const unit = UNITS[(unitText as string).replace(/s$/, "")];
    if (unit === undefined || (whole === "" && fraction === undefined)) return undefined;
    const isSecond = unit[1] === 1_000_000n;
    if (fraction !== undefined && !isSecond) return undefined;
    const sign = signText === "-" ? -1n : 1n;
    sum[unit[0]] += sign * BigInt(whole || "0") * unit[1];
    if (fraction !== undefined) sum.micros += sign * BigInt(fraction.slice(0, 6).padEnd(6, "0"));
  }
  if (BigInt.asIntN(32, sum.months) !== sum.months || BigInt.asIntN(32, sum.days) !== sum.days)
    return undefined;
  if (BigInt.asIntN(64, sum.micros) !== sum.micros) return undefined;
  return { months: Number(sum.months), days: Number(sum.days), micros: sum.micros };
}
