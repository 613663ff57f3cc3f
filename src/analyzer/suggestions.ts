import type { Attr } from "../functions/expr.ts";
import { quoteIdentifier, quoteIfNeeded } from "../types/format.ts";

/** `` `a`.`b` `` */
export function quoteParts(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join(".");
}

/** Columns as candidates in the order in which Spark looks at an operator's input: by name, then by age. */
export function candidatesOf(attrs: readonly Attr[]): readonly (readonly string[])[] {
  const seen = new Set<number>();
  return attrs
    .filter((a) => !seen.has(a.id) && seen.add(a.id))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id))
    .map((a) => [...a.qualifier, a.name]);
}

/** Names nearest to the one that was not found, quoted, at most `limit`; qualifiers that all share are left out. */
export function suggest(
  wanted: readonly string[],
  candidates: readonly (readonly string[])[],
  limit = 5,
): readonly string[] {
  const base = wanted.map(quoteIfNeeded).join(".");
  const prefixes = (drop: number) =>
    new Set(candidates.map((c) => JSON.stringify(c.slice(0, Math.max(0, c.length - drop))))).size;
  let shown = candidates;
  if (wanted.length === 1 && prefixes(1) === 1) shown = candidates.map((c) => c.slice(-1));
  else if (wanted.length <= 2 && prefixes(2) === 1) shown = candidates.map((c) => c.slice(-2));
  return shown
    .map(quoteParts)
    .map((text) => ({ text, distance: editDistance(text, base) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map((s) => s.text);
}

/** Levenshtein's distance. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, substitute));
    }
    row = next;
  }
  return row[b.length] as number;
}
