import type { CommitPlan, DeltaLog } from "../lake/delta-log.ts";
import type { Snapshot } from "../lake/snapshot.ts";
import type { TableEntry, TableIdentifier } from "./catalog-entry.ts";
import { quotedTableName } from "./catalog-entry.ts";
import { tableNotFound } from "./catalog-errors.ts";
import type { WarehouseContext } from "./context.ts";
import { normalizeTableName } from "./names.ts";
import { deltaTableMissing } from "./write-destination.ts";

export async function existingTable(context: WarehouseContext, name: TableIdentifier): Promise<TableEntry> {
  const entry = (await context.catalog.state()).table(normalizeTableName(name));
  if (entry === undefined) throw tableNotFound(name);
  return entry;
}

/** A commit that is worked out against the newest version under the lock, as long as the table is the catalog's. */
export async function commitInPlace(
  context: WarehouseContext,
  entry: TableEntry,
  plan: (latest: Snapshot) => Promise<CommitPlan>,
): Promise<void> {
  const log: DeltaLog = context.deltaLog(entry.directory as string, quotedTableName(entry));
  await log.commit(
    async ({ latest }) => {
      if (latest === undefined) throw deltaTableMissing(quotedTableName(entry));
      return plan(latest);
    },
    {
      beforeCommit: async () => {
        const current = (await context.catalog.state()).tableById(entry.id);
        if (current?.directory !== entry.directory) throw tableNotFound(entry);
      },
    },
  );
}
