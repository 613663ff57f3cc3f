import type { Attr } from "../functions/expr.ts";

/** Columns by name. Built once for a relation's output, however often it is asked. */
export class AttributeNames {
  readonly #byName = new Map<string, Attr[]>();
  readonly #isCaseSensitive: boolean;

  private constructor(attrs: readonly Attr[], isCaseSensitive: boolean) {
    this.#isCaseSensitive = isCaseSensitive;
    for (const attr of attrs) {
      const key = this.#key(attr.name);
      const list = this.#byName.get(key);
      if (list === undefined) this.#byName.set(key, [attr]);
      // The same column under the same name twice is no ambiguity.
      else if (
        !list.some((a) => a.id === attr.id && a.name === attr.name && sameParts(a.qualifier, attr.qualifier))
      )
        list.push(attr);
    }
  }

  static of(attrs: readonly Attr[], isCaseSensitive: boolean): AttributeNames {
    const cache = isCaseSensitive ? sensitive : insensitive;
    let names = cache.get(attrs);
    if (names === undefined) {
      names = new AttributeNames(attrs, isCaseSensitive);
      cache.set(attrs, names);
    }
    return names;
  }

  /**
   * The columns that a dotted name may mean, and how many of its parts name fields inside the column. The longest
   * qualifier that matches anything wins: `a.b` is column `b` of `a` before it is field `b` of column `a`.
   */
  find(parts: readonly string[]): { readonly attrs: readonly Attr[]; readonly used: number } {
    for (let at = Math.min(parts.length - 1, 3); at >= 0; at--) {
      const named = this.#byName.get(this.#key(parts[at] as string));
      if (named === undefined) continue;
      const attrs = at === 0 ? named : named.filter((a) => this.#endsWith(a.qualifier, parts, at));
      if (attrs.length > 0) return { attrs: distinctIds(attrs), used: at + 1 };
    }
    return { attrs: [], used: 0 };
  }

  same(a: string, b: string): boolean {
    return this.#key(a) === this.#key(b);
  }

  #endsWith(qualifier: readonly string[], parts: readonly string[], count: number): boolean {
    if (qualifier.length < count) return false;
    for (let i = 0; i < count; i++) {
      if (!this.same(qualifier[qualifier.length - count + i] as string, parts[i] as string)) return false;
    }
    return true;
  }

  #key(name: string): string {
    return this.#isCaseSensitive ? name : name.toLowerCase();
  }
}

const sensitive = new WeakMap<readonly Attr[], AttributeNames>();
const insensitive = new WeakMap<readonly Attr[], AttributeNames>();

function sameParts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

function distinctIds(attrs: readonly Attr[]): readonly Attr[] {
  if (attrs.length < 2) return attrs;
  const seen = new Set<number>();
  return attrs.filter((a) => !seen.has(a.id) && seen.add(a.id));
}
