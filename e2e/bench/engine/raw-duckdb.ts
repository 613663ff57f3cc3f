import { BROWSER_PLATFORM } from "../../../src/engine/browser-platform.ts";
import type { DuckdbBindings } from "../../../src/engine/duckdb/bindings.ts";

/** DuckDB-WASM alone, with the bindings and the bundle that the engine uses: what the engine is measured against. */
export class RawDuckdb {
  readonly #bindings: DuckdbBindings;
  readonly #connection: number;

  private constructor(bindings: DuckdbBindings) {
    this.#bindings = bindings;
    this.#connection = bindings.mod.ccall("duckdb_web_connect", "number", [], []) as number;
  }

  static async open(): Promise<RawDuckdb> {
    const bindings = await BROWSER_PLATFORM.loadDuckdb({ callScalarUDF: () => {}, progressUpdate: () => {} });
    await bindings.instantiate();
    bindings.open({ path: ":memory:" });
    return new RawDuckdb(bindings);
  }

  /** Bytes of the result. */
  query(sql: string): number {
    return this.#bindings.runQuery(this.#connection, sql).length;
  }

  insert(table: string, stream: Uint8Array): void {
    this.#bindings.insertArrowFromIPCStream(this.#connection, stream, {
      name: table,
      schema: "main",
      create: true,
    });
  }
}
