import { analysisError, sparkError } from "../errors/spark-error.ts";
import type { AnalysisConf } from "../functions/function-entry.ts";
import { findTimeZone } from "../types/time-zone.ts";
import { checkConfValue } from "./conf-checks.ts";
import { CONF_DEFAULTS, isCoreKey, isStaticKey } from "./conf-defaults.ts";

/** Runtime configuration of one session. */
export class SessionConf {
  readonly #initial: ReadonlyMap<string, string>;
  readonly #set: Map<string, string>;

  constructor(initial: Readonly<Record<string, string>> = {}) {
    this.#initial = new Map(Object.entries(initial));
    this.#set = new Map(this.#initial);
  }

  clone(): SessionConf {
    const copy = new SessionConf(Object.fromEntries(this.#initial));
    for (const [key, value] of this.#set) copy.#set.set(key, value);
    return copy;
  }

  /** The set value, else the default. */
  get(key: string): string | undefined {
    return (
      this.#set.get(key) ?? (key === "spark.sql.session.timeZone" ? localTimeZone() : CONF_DEFAULTS[key])
    );
  }

  has(key: string): boolean {
    return this.#set.has(key);
  }

  /** Throws CANNOT_MODIFY_CONFIG for what is fixed when a session starts, and on a value that the key cannot have. */
  set(key: string, value: string): void {
    if (isStaticKey(key)) throw analysisError("CANNOT_MODIFY_STATIC_CONFIG", { key: `"${key}"` });
    if (isCoreKey(key)) {
      throw analysisError("CANNOT_MODIFY_CONFIG", {
        key: `"${key}"`,
        docroot: "https://spark.apache.org/docs/latest",
      });
    }
    if (key === "spark.sql.session.timeZone" && findTimeZone(value) === undefined) {
      throw sparkError("IllegalArgumentException", {
        condition: "INVALID_CONF_VALUE.TIME_ZONE",
        messageParameters: { confName: key, confValue: value },
      });
    }
    checkConfValue(key, value, CONF_DEFAULTS[key]);
    this.#set.set(key, value);
  }

  /** As at the start of a session: static keys included. */
  setInitial(key: string, value: string): void {
    this.#set.set(key, value);
  }

  unset(key: string): void {
    if (isStaticKey(key)) throw analysisError("CANNOT_MODIFY_STATIC_CONFIG", { key: `"${key}"` });
    if (isCoreKey(key)) {
      throw analysisError("CANNOT_MODIFY_CONFIG", {
        key: `"${key}"`,
        docroot: "https://spark.apache.org/docs/latest",
      });
    }
    this.#set.delete(key);
  }

  /** Back to what the session began with. */
  reset(): void {
    this.#set.clear();
    for (const [key, value] of this.#initial) this.#set.set(key, value);
  }

  /** Set values and defaults, by key. */
  all(prefix = ""): Readonly<Record<string, string>> {
    const out: Record<string, string> = {};
    const keys = new Set([...Object.keys(CONF_DEFAULTS), "spark.sql.session.timeZone", ...this.#set.keys()]);
    for (const key of [...keys].sort()) {
      const value = this.get(key);
      if (key.startsWith(prefix) && value !== undefined) out[key] = value;
    }
    return out;
  }

  /** Only what was set. */
  explicit(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#set);
  }

  isModifiable(key: string): boolean {
    return !isStaticKey(key) && !isCoreKey(key) && (key in CONF_DEFAULTS || key.startsWith("spark.sql."));
  }

  flag(key: string): boolean {
    return this.get(key)?.toLowerCase() === "true";
  }

  /** Settings that change what a stored text means, with those that were set. */
  textSettings(): Readonly<Record<string, string>> {
    return {
      "spark.sql.ansi.enabled": this.get("spark.sql.ansi.enabled") ?? "true",
      ...this.explicit(),
      "spark.sql.session.timeZone": this.timeZone,
    };
  }

  /** Whether two names are the same, by `spark.sql.caseSensitive`. */
  get nameEquality(): (a: string, b: string) => boolean {
    return this.flag("spark.sql.caseSensitive")
      ? (a, b) => a === b
      : (a, b) => a.toLowerCase() === b.toLowerCase();
  }

  get timeZone(): string {
    return this.get("spark.sql.session.timeZone") as string;
  }

  forAnalysis(): AnalysisConf {
    return {
      ansiEnabled: this.flag("spark.sql.ansi.enabled"),
      timeZone: this.timeZone,
      caseSensitive: this.flag("spark.sql.caseSensitive"),
      get: (key) => this.get(key),
    };
  }
}

function localTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
