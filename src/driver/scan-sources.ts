import type { ResolvedRelation, ScanSource } from "../analyzer/resolved-relation.ts";

/** The sources that a resolved plan reads, subplans of every kind included. */
export function scanSources(plan: ResolvedRelation): readonly ScanSource[] {
  const found: ScanSource[] = [];
  const open: unknown[] = [plan];
  const seen = new Set<unknown>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== "object" || node === null || seen.has(node) || ArrayBuffer.isView(node)) continue;
    seen.add(node);
    if ((node as { readonly kind?: unknown }).kind === "RScan") {
      found.push((node as { readonly source: ScanSource }).source);
    } else {
      open.push(...Object.values(node));
    }
  }
  return found.reverse();
}
