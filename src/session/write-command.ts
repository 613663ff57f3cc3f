import type { Command } from "../plan/command.ts";
import type { Relation } from "../plan/relation.ts";
import type { Column } from "./column.ts";
import type { DataFrame } from "./data-frame.ts";
import { INTERNAL, mergeAttachments } from "./internal.ts";

/** Runs a command over the rows of a DataFrame, with what its columns need. */
export async function writeCommand(
  df: DataFrame,
  columns: readonly Column[],
  build: (input: Relation) => Command,
): Promise<void> {
  const { plan, attachments, session } = df[INTERNAL];
  const needed = mergeAttachments(attachments, ...columns.map((column) => column[INTERNAL].attachments));
  await session[INTERNAL].command(build(plan), needed);
}
