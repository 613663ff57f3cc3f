/**
 * One of several processes that append to a table on disk at once: for tests.
 *
 *     append-process.ts ROOT WRITER APPENDS
 *
 * Prints a line for each acknowledged append, and the conflicts and the time it took at the end.
 */
import { saveRows } from "../../catalog/testing/rows.ts";
import { openWarehouse } from "../../catalog/warehouse.ts";
import { field, LONG, struct } from "../../types/data-type.ts";
import { DiskStorage } from "../disk-storage.ts";

const [root = "", writer = "0", appends = "1"] = process.argv.slice(2);
const warehouse = await openWarehouse(await DiskStorage.open(root));
const target = { kind: "table", name: { database: "default", table: "shared" } } as const;
for (let n = 0; n < Number(appends); n++) {
  const id = Number(writer) * 1_000_000 + n;
  await saveRows(warehouse, { target, mode: "append", schema: struct([field("id", LONG)]) }, [{ id }]);
  process.stdout.write(`${id}\n`);
}
await warehouse.settled();
