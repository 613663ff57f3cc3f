import type { Expression } from "../plan/expression.ts";
import { PipeParser } from "./pipe-parser.ts";

/** Lists of properties and options. */
export abstract class PropertyParser extends PipeParser {
  protected propertyList(): Readonly<Record<string, string>> {
    return this.#withValues(this.properties());
  }

  /** Keys with their values; a key may stand without one. */
  protected properties(): readonly (readonly [key: string, value: string | undefined])[] {
    const first = this.pos;
    this.expect("(");
    const entries = this.list((): readonly [string, string | undefined] => {
      const key = this.propertyKey();
      const hasEquals = this.accept("=");
      const value = this.#propertyValue(hasEquals);
      return [key, value];
    });
    this.expect(")");
    this.refuseDuplicates(
      entries.map(([key]) => key),
      first,
    );
    return entries;
  }

  /** Keys alone, as after UNSET. */
  protected propertyKeys(): readonly string[] {
    const entries = this.properties();
    const given = entries.filter(([, value]) => value !== undefined).map(([key]) => key);
    if (given.length > 0) {
      this.deferWhole("_LEGACY_ERROR_TEMP_0035", {
        message: `Values should not be specified for key(s): ${bracketed(given)}`,
      });
    }
    return entries.map(([key]) => key);
  }

  protected refuseDuplicates(keys: readonly string[], first: number): void {
    const seen = new Set<string>();
    for (const key of keys) {
      if (seen.has(key)) this.defer(first, this.pos - 1, "DUPLICATE_KEY", { keyColumn: `\`${key}\`` });
      seen.add(key);
    }
  }

  #withValues(entries: readonly (readonly [string, string | undefined])[]): Readonly<Record<string, string>> {
    const missing = entries.filter(([, value]) => value === undefined).map(([key]) => key);
    if (missing.length > 0) {
      this.deferWhole("_LEGACY_ERROR_TEMP_0035", {
        message: `Values must be specified for key(s): ${bracketed(missing)}`,
      });
    }
    return Object.fromEntries(entries.map(([key, value]) => [key, value ?? ""]));
  }

  protected propertyKey(): string {
    if (this.atString()) return this.singleKey();
    return this.multipartIdentifier().join(".");
  }

  /** Adjacent strings are one key only where `=` follows. */
  protected singleKey(): string {
    let at = this.pos;
    while (this.kindAt(at) === "string" || this.kindAt(at) === "double-quoted") at++;
    return this.kindAt(at) === "=" ? this.stringLiteral() : this.singleStringLiteral();
  }

  #propertyValue(required: boolean): string | undefined {
    switch (this.peek()) {
      case "integer":
      case "decimal":
        return this.textOf(this.pos++);
      case "TRUE":
      case "FALSE":
        return this.textOf(this.pos++).toLowerCase();
      default:
        if (this.atString()) return this.stringLiteral();
        if (required) throw this.unexpected();
        return undefined;
    }
  }

  /** OPTIONS of a table: values may be any constant expression. */
  protected expressionProperties(): Readonly<Record<string, string>> {
    const first = this.pos;
    this.expect("(");
    const entries = this.list((): readonly [string, string] => {
      const key = this.propertyKey();
      if (!this.accept("=") && (this.at(",") || this.at(")"))) return [key, ""];
      const at = this.pos;
      return [key, this.#constantText(this.expression(), key, at)];
    });
    this.expect(")");
    this.refuseDuplicates(
      entries.map(([key]) => key),
      first,
    );
    return Object.fromEntries(entries);
  }

  #constantText(value: Expression, _key: string, first: number): string {
    if (
      value.kind === "Literal" &&
      (typeof value.value === "string" ||
        typeof value.value === "number" ||
        typeof value.value === "boolean" ||
        typeof value.value === "bigint")
    ) {
      return String(value.value);
    }
    this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.OPTION_IS_INVALID", {
      key: _key,
      supported: "constant expressions",
    });
    return "";
  }
}

function bracketed(keys: readonly string[]): string {
  return `[${keys.join(",")}]`;
}
