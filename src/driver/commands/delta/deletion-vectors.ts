import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import type { ChangedFile, TableChange } from "../../../catalog/table-change.ts";
import type { Attr } from "../../../functions/expr.ts";
import type { AddFile, DeletionVectorDescriptor } from "../../../lake/actions.ts";
import { writeDeletionVectors } from "../../../lake/deletion-vector-writer.ts";
import { supports } from "../../../lake/protocol.ts";
import { field, LONG, STRING, struct } from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import type { StatementAnalysis } from "./statement-analysis.ts";

export interface MarkedFiles {
  readonly files: readonly {
    readonly file: AddFile;
    readonly vector: DeletionVectorDescriptor;
    readonly stats?: string;
  }[];
  /** Files that had such a vector before. */
  readonly replaced: number;
}

export function usesDeletionVectors({ snapshot }: TableChange): boolean {
  return (
    snapshot.configuration["delta.enableDeletionVectors"]?.toLowerCase() === "true" &&
    supports(snapshot.protocol, "deletionVectors")
  );
}

/** Marks the rows of a plan as deleted in their files, which stay as they are. */
export async function markDeleted(
  env: CommandEnv,
  analysis: StatementAnalysis,
  change: TableChange,
  files: readonly ChangedFile[],
  rows: { readonly plan: ResolvedRelation; readonly file: Attr; readonly row: Attr },
): Promise<MarkedFiles> {
  const plan: ResolvedRelation = { kind: "RProject", input: rows.plan, columns: [rows.file, rows.row] };
  const schema = struct([field("file", STRING), field("row", LONG)]);
  const found = await env.runner.collectPrepared(analysis.query(plan, schema), env.operation);
  const byFile = new Map<string, Set<number>>();
  for (const [path, row] of found.rows) {
    const known = byFile.get(path as string) ?? new Set<number>();
    known.add(Number(row));
    byFile.set(path as string, known);
  }
  const marked = files.flatMap((one) => {
    const gone = byFile.get(one.path);
    if (gone === undefined) return [];
    for (const row of one.scan.deletedRows ?? []) gone.add(row);
    return [{ file: one.file, rows: [...gone].sort((a, b) => a - b) }];
  });
  if (marked.length === 0) return { files: [], replaced: 0 };
  const written = await writeDeletionVectors(
    change.storage,
    change.directory,
    change.randomName(),
    marked.map((one) => one.rows),
  );
  change.note([{ path: written.path }]);
  return {
    files: marked.map(({ file }, i) => ({
      file,
      vector: written.vectors[i] as DeletionVectorDescriptor,
      ...(file.stats === undefined ? {} : { stats: looseBounds(file.stats) }),
    })),
    replaced: marked.filter(({ file }) => file.deletionVector !== undefined).length,
  };
}

/** Bounds hold for fewer rows now: they need not be met by one. */
function looseBounds(stats: string): string {
  const said = /"tightBounds":\s*(?:true|false)(?=[^{}]*\}\s*$)/;
  return said.test(stats)
    ? stats.replace(said, '"tightBounds":false')
    : stats.replace(/\}\s*$/, ',"tightBounds":false}');
}
