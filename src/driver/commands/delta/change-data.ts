import type { ResolvedRelation } from "../../../analyzer/resolved-relation.ts";
import type { TableChange } from "../../../catalog/table-change.ts";
import type { WrittenFile } from "../../../engine/engine-api.ts";
import type { Attr, Expr } from "../../../functions/expr.ts";
import { field, STRING, type StructType, struct } from "../../../types/data-type.ts";
import type { CommandEnv } from "../command-env.ts";
import { writeFiles } from "./changing.ts";
import type { StatementAnalysis } from "./statement-analysis.ts";

export const CHANGE_TYPE = "_change_type";

export type ChangeType = "insert" | "delete" | "update_preimage" | "update_postimage";

/** Rows and what happened to them, with a column that says so behind theirs. */
export interface ChangeRows {
  readonly plan: ResolvedRelation;
  readonly columns: readonly Attr[];
}

export function writesChangeData(change: TableChange): boolean {
  return change.snapshot.configuration["delta.enableChangeDataFeed"]?.toLowerCase() === "true";
}

export function changeRows(
  analysis: StatementAnalysis,
  plan: ResolvedRelation,
  columns: readonly Attr[],
  type: ChangeType | Expr,
): ChangeRows {
  const said = analysis.alias(typeof type === "string" ? analysis.literal(type, STRING) : type, CHANGE_TYPE);
  return {
    plan: { kind: "RProject", input: plan, columns: [...columns, said] },
    columns: [
      ...columns,
      { kind: "Attr", id: said.id, name: said.name, type: STRING, nullable: said.nullable, qualifier: [] },
    ],
  };
}

/** Writes change data beside the table's files. */
export async function writeChangeData(
  env: CommandEnv,
  analysis: StatementAnalysis,
  change: TableChange,
  parts: readonly ChangeRows[],
  schema: StructType = change.snapshot.schema,
): Promise<readonly WrittenFile[]> {
  const [first] = parts as readonly [ChangeRows];
  const plan: ResolvedRelation =
    parts.length === 1
      ? first.plan
      : {
          kind: "RSetOp",
          op: "union",
          isAll: true,
          inputs: parts.map((part) => part.plan),
          columns: first.columns.map((c): Attr => {
            const renumbered = analysis.alias(c, c.name);
            return { ...c, id: renumbered.id, nullable: true };
          }),
        };
  const layout = change.layout(schema);
  return writeFiles(env, analysis, change, plan, {
    ...layout,
    schema: struct([...schema.fields, field(CHANGE_TYPE, STRING)]),
    statisticsColumns: 0,
    subdirectory: "_change_data",
  });
}
