import { BROWSER_PLATFORM } from "../../../src/engine/browser-platform.ts";
import { RawDuckdb } from "../engine/raw-duckdb.ts";

/** DuckDB-WASM alone in a worker: opens, then answers each query that it is sent with the time it took. */
export type RawCommand =
  | { readonly kind: "query"; readonly sql: string }
  /** Fetches a Parquet file, reads columns of it into a table `flights` and queries that. */
  | {
      readonly kind: "load";
      readonly url: string;
      readonly columns: readonly string[];
      readonly sql: string;
    };

const opened = RawDuckdb.open();

async function run(command: RawCommand): Promise<number> {
  const raw = await opened;
  if (command.kind === "load") {
    const parquet = await BROWSER_PLATFORM.loadParquet();
    const bytes = new Uint8Array(await (await fetch(command.url)).arrayBuffer());
    const table = parquet.readParquet(bytes, { columns: [...command.columns] });
    raw.query("DROP TABLE IF EXISTS flights");
    raw.insert("flights", table.intoIPCStream());
  }
  return raw.query(command.sql);
}

self.onmessage = (event: MessageEvent<RawCommand>) => {
  run(event.data).then(
    (bytes) => self.postMessage({ bytes }),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
};
