import type { AddFile } from "./actions.ts";
import { parseExactJson } from "./exact-json.ts";

/** The `stats` of a file. Bounds hold for every value that is not null; they need not be met by one. */
export interface FileStatistics {
  readonly numRecords?: number;
  readonly minValues?: StatisticsTree;
  readonly maxValues?: StatisticsTree;
  readonly nullCount?: StatisticsTree;
  readonly tightBounds?: boolean;
}

/** By physical column name; structs nest. */
export interface StatisticsTree {
  readonly [column: string]: unknown;
}

/** undefined when the file has none, or none that can be understood. */
export function statisticsOf(file: Pick<AddFile, "stats">): FileStatistics | undefined {
  if (file.stats === undefined || file.stats === "") return undefined;
  try {
    const parsed = parseExactJson(file.stats);
    return typeof parsed === "object" && parsed !== null ? (parsed as FileStatistics) : undefined;
  } catch {
    return undefined;
  }
}

/** Rows of the file that count: those that its deletion vector leaves. undefined when the statistics do not tell. */
export function rowCountOf(file: AddFile): number | undefined {
  const records = statisticsOf(file)?.numRecords;
  if (typeof records !== "number") return undefined;
  return records - (file.deletionVector?.cardinality ?? 0);
}

/** What stands at a path of names in a tree; undefined where there is nothing. */
export function lookUp(tree: StatisticsTree | undefined, path: readonly string[]): unknown {
  let node: unknown = tree;
  for (const name of path) {
    if (typeof node !== "object" || node === null || Array.isArray(node)) return undefined;
    node = (node as StatisticsTree)[name];
  }
  return node ?? undefined;
}
