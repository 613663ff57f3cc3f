/** For tests: appends so many rows, one a commit, to a table that other processes write too; tells how that went. */
import { loadTable } from "../lake.ts";

const [path, writer, appends] = process.argv.slice(2) as [string, string, string];
const table = await loadTable(path);
for (let i = 0; i < Number(appends); i++) {
  await table.appendRecords([{ id: Number(writer) * 1_000_000 + i, value: `w${writer}` }]);
}
await table.settled();
process.stdout.write(JSON.stringify(table.metrics()));
