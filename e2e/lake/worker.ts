/** Runs in a dedicated worker of a real browser: storage and tables over OPFS, without engine or page. */
import { saveRows, tableIds } from "../../src/catalog/testing/rows.ts";
import { openWarehouse } from "../../src/catalog/warehouse.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { STORAGE_CONTRACT } from "../../src/storage/storage-contract.ts";
import { field, LONG, struct } from "../../src/types/data-type.ts";

export type WorkerCommand =
  | { readonly kind: "contract" }
  /** Appends one row after the other and posts each acknowledged id. */
  | { readonly kind: "append"; readonly root: string; readonly writer: number; readonly count: number }
  /** Overwrites a table with `rows` equal rows, again and again. */
  | { readonly kind: "overwrite"; readonly root: string; readonly count: number; readonly rows: number }
  | { readonly kind: "ids"; readonly root: string }
  | { readonly kind: "collect"; readonly root: string };

const SCHEMA = struct([field("id", LONG)]);
const TARGET = { kind: "table", name: { database: "default", table: "shared" } } as const;

async function run(command: WorkerCommand): Promise<unknown> {
  if (command.kind === "contract") return contract();
  const storage = await openStorage({ kind: "opfs", root: command.root });
  const warehouse = await openWarehouse(storage);
  switch (command.kind) {
    case "append":
      for (let n = 0; n < command.count; n++) {
        const id = command.writer * 1_000_000 + n;
        await saveRows(warehouse, { target: TARGET, mode: "append", schema: SCHEMA }, [{ id }]);
        self.postMessage({ acknowledged: id });
      }
      await warehouse.settled();
      return command.count;
    case "overwrite":
      for (let n = 0; n < command.count; n++) {
        const rows = Array.from({ length: command.rows }, () => ({ id: n }));
        await saveRows(warehouse, { target: TARGET, mode: "overwrite", schema: SCHEMA }, rows);
        self.postMessage({ acknowledged: n });
      }
      return command.count;
    case "ids":
      return tableIds(warehouse, "default", "shared");
    case "collect":
      return warehouse.collectLeftovers({ graceMs: -1 });
  }
}

/** Names of the cases that failed, with why. */
async function contract(): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const [i, { name, run: check }] of STORAGE_CONTRACT.entries()) {
    const root = `contract-${Date.now()}-${i}`;
    try {
      await check(() => openStorage({ kind: "opfs", root }));
    } catch (error) {
      failures.push(`${name}: ${String(error)}`);
    }
  }
  return failures;
}

self.onmessage = (event: MessageEvent<WorkerCommand>) => {
  run(event.data).then(
    (result) => self.postMessage({ result }),
    (error: unknown) =>
      self.postMessage({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }),
  );
};
