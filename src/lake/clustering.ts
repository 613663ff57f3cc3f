import type { Snapshot } from "./snapshot.ts";

/** The columns by which another writer clusters the table. */
export function clusteringColumns(snapshot: Snapshot): readonly string[] {
  const domain = snapshot.domains.get("delta.clustering");
  if (domain === undefined) return [];
  try {
    const parsed = JSON.parse(domain.configuration) as { clusteringColumns?: readonly (readonly string[])[] };
    return (parsed.clusteringColumns ?? []).map((path) => path.join("."));
  } catch {
    return [];
  }
}
