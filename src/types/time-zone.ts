import { civilFromDays, daysFromCivil, floorDivMod, SECONDS_PER_DAY } from "./civil.ts";

/** A time zone: what its clocks show. Offsets are seconds east of Greenwich. */
export interface TimeZone {
  readonly id: string;
  /** The offset in force at an instant (seconds since the epoch). */
  offsetAt(epochSeconds: number): number;
  /**
   * The offset by which a wall clock reading (seconds since the epoch as if in UTC) becomes an instant, by Java's
   * rules: the earlier offset where clocks were set back, the one before the gap where they were set forward.
   */
  offsetAtLocal(localSeconds: number): number;
}

const SHORT_IDS: Readonly<Record<string, string>> = {
  ACT: "Australia/Darwin",
  AET: "Australia/Sydney",
  AGT: "America/Argentina/Buenos_Aires",
  ART: "Africa/Cairo",
  AST: "America/Anchorage",
  BET: "America/Sao_Paulo",
  BST: "Asia/Dhaka",
  CAT: "Africa/Harare",
  CNT: "America/St_Johns",
  CST: "America/Chicago",
  CTT: "Asia/Shanghai",
  EAT: "Africa/Addis_Ababa",
  ECT: "Europe/Paris",
  EST: "-05:00",
  HST: "-10:00",
  IET: "America/Indiana/Indianapolis",
  IST: "Asia/Kolkata",
  JST: "Asia/Tokyo",
  MIT: "Pacific/Apia",
  MST: "-07:00",
  NET: "Asia/Yerevan",
  NST: "Pacific/Auckland",
  PLT: "Asia/Karachi",
  PNT: "America/Phoenix",
  PRT: "America/Puerto_Rico",
  PST: "America/Los_Angeles",
  SST: "Pacific/Guadalcanal",
  VST: "Asia/Ho_Chi_Minh",
};

const zones = new Map<string, TimeZone | undefined>();

/** The zone of that id (`Europe/Berlin`, `UTC`, `+01:00`, `GMT-3`, `PST`), or undefined if there is none. */
export function findTimeZone(id: string): TimeZone | undefined {
  if (zones.has(id)) return zones.get(id);
  const zone = makeZone(id);
  if (zones.size > 1000) zones.clear();
  zones.set(id, zone);
  return zone;
}

/** As `findTimeZone`; an unknown id is a RangeError. */
export function timeZone(id: string): TimeZone {
  const zone = findTimeZone(id);
  if (zone === undefined) throw new RangeError(`unknown time zone: ${JSON.stringify(id)}`);
  return zone;
}

/** Microseconds of the wall clock at an instant, counted as if the clock were in UTC. */
export function instantToLocalMicros(micros: bigint, zone: TimeZone): bigint {
  const seconds = Number(floorDivMod(micros, 1_000_000n)[0]);
  return micros + BigInt(zone.offsetAt(seconds)) * 1_000_000n;
}

/** The instant at which the zone's clocks show that time. */
export function localToInstantMicros(micros: bigint, zone: TimeZone): bigint {
  const seconds = Number(floorDivMod(micros, 1_000_000n)[0]);
  return micros - BigInt(zone.offsetAtLocal(seconds)) * 1_000_000n;
}

function makeZone(id: string): TimeZone | undefined {
  const name = SHORT_IDS[id] ?? id;
  const fixed = parseOffset(name);
  if (fixed !== undefined) return fixedZone(id, fixed);
  if (!isRegionName(name)) return undefined;
  try {
    return new RegionZone(id, name);
  } catch {
    return undefined;
  }
}

/** Java tells regions apart by case, `Intl` does not. */
function isRegionName(name: string): boolean {
  if (!/^[A-Z][A-Za-z0-9._+/-]*$/.test(name)) return false;
  return !name.includes("/") || (/[a-z]/.test(name) && !/\/[a-z]/.test(name)) || name.startsWith("Etc/");
}

function fixedZone(id: string, offset: number): TimeZone {
  return { id, offsetAt: () => offset, offsetAtLocal: () => offset };
}

/** `Z`, `UTC`, `+1`, `+01:30`, `-0130`, `GMT+5`, `UTC-03:00:30`: seconds; undefined for anything else. */
export function parseOffset(text: string): number | undefined {
  if (text === "Z" || text === "UTC" || text === "GMT" || text === "UT") return 0;
  const match =
    /^(?:UTC|GMT|UT)?([+-])(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?|(\d{2})(\d{2})(\d{2})?)$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [2, 3, 4].map((i) => Number(match[i] ?? match[i + 3] ?? 0)) as [
    number,
    number,
    number,
  ];
  if (minutes > 59 || seconds > 59) return undefined;
  const total = hours * 3600 + minutes * 60 + seconds;
  if (total > 18 * 3600) return undefined;
  return match[1] === "-" ? -total : total;
}

/** Seconds from which an offset is in force, until the next transition. */
interface Transition {
  readonly at: number;
  readonly offset: number;
}

const FIRST_YEAR = 1800;
/** Beyond it, the calendar (and with it each rule) repeats every 400 years. */
const LAST_YEAR = 2400;

/** A region's offsets, found from `Intl` once for each year that is asked for. */
class RegionZone implements TimeZone {
  readonly id: string;
  readonly #format: Intl.DateTimeFormat;
  /** Per year, the offset at its start and the transitions within it. */
  readonly #years = new Map<number, readonly Transition[]>();

  constructor(id: string, name: string) {
    this.id = id;
    this.#format = new Intl.DateTimeFormat("en-u-hc-h23", {
      timeZone: name,
      calendar: "gregory",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  offsetAt(epochSeconds: number): number {
    const { year, shift } = canonicalYear(epochSeconds);
    const seconds = epochSeconds - shift;
    const transitions = this.#transitionsOf(year);
    for (let i = transitions.length - 1; i > 0; i--) {
      const transition = transitions[i] as Transition;
      if (seconds >= transition.at) return transition.offset;
    }
    return (transitions[0] as Transition).offset;
  }

  offsetAtLocal(localSeconds: number): number {
    // The transitions that matter lie within a day of the reading.
    const before = this.offsetAt(localSeconds - SECONDS_PER_DAY);
    if (this.offsetAt(localSeconds - before) === before) return before;
    const after = this.offsetAt(localSeconds + SECONDS_PER_DAY);
    if (this.offsetAt(localSeconds - after) === after) return after;
    return before;
  }

  #transitionsOf(year: number): readonly Transition[] {
    const known = this.#years.get(year);
    if (known !== undefined) return known;
    const start = daysFromCivil(year, 1, 1) * SECONDS_PER_DAY;
    const end = daysFromCivil(year + 1, 1, 1) * SECONDS_PER_DAY;
    const found: Transition[] = [{ at: start, offset: this.#ask(start) }];
    if (year > FIRST_YEAR) {
      // No zone has kept an offset for less than a fortnight.
      const step = 10 * SECONDS_PER_DAY;
      let left = start;
      let offset = (found[0] as Transition).offset;
      while (left < end) {
        const right = Math.min(left + step, end);
        const next = this.#ask(right);
        if (next !== offset) found.push({ at: this.#bisect(left, right, offset), offset: next });
        offset = next;
        left = right;
      }
    }
    this.#years.set(year, found);
    return found;
  }

  #bisect(from: number, to: number, offset: number): number {
    let [low, high] = [from, to];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }

  #ask(epochSeconds: number): number {
    const part = { era: "", year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of this.#format.formatToParts(epochSeconds * 1000)) {
      if (type === "era") part.era = value;
      else if (type in part) part[type as "year"] = Number(value);
    }
    const year = part.era.startsWith("B") ? 1 - part.year : part.year;
    const days = daysFromCivil(year, part.month, part.day);
    return days * SECONDS_PER_DAY + part.hour * 3600 + part.minute * 60 + part.second - epochSeconds;
  }
}

/** The year whose transitions to use, and the seconds by which the instant lies after its counterpart there. */
function canonicalYear(epochSeconds: number): { readonly year: number; readonly shift: number } {
  const { year } = civilFromDays(Math.floor(epochSeconds / SECONDS_PER_DAY));
  if (year <= FIRST_YEAR) return { year: FIRST_YEAR, shift: 0 };
  if (year < LAST_YEAR) return { year, shift: 0 };
  const cycles = Math.floor((year - LAST_YEAR) / 400) + 1;
  return { year: year - cycles * 400, shift: cycles * 146_097 * SECONDS_PER_DAY };
}
