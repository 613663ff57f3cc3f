import type { DataType } from "../../types/data-type.ts";
import {
  type ArrowColumn,
  concatBytes,
  END_OF_STREAM,
  encodeBatchParts,
  encodeDictionaryParts,
  encodeSchema,
} from "../arrow/ipc.ts";
import type { ArrowField } from "../arrow/schema.ts";
import type { DuckdbHost } from "../duckdb/host.ts";
import { duckdbType } from "../duckdb/types.ts";
import { EngineError } from "../failure.ts";
import { sqlName } from "../raise.ts";

/** A table is filled fastest in whole row groups of DuckDB's: pieces below this size cost twice as much each row. */
const ROWS_PER_INSERT = 122_880;

export interface TableColumn {
  readonly name: string;
  readonly type: DataType | "piece";
}

/** Fills a new DuckDB table with Arrow batches. */
export class TableWriter {
  readonly #host: DuckdbHost;
  readonly #table: string;
  #signature = "";
  #schema: Uint8Array = new Uint8Array(0);
  #pending: Uint8Array[] = [];
  #pendingRows = 0;
  #inserted = 0;
  rows = 0;
  bytes = 0;

  constructor(host: DuckdbHost, table: string, columns: readonly TableColumn[]) {
    this.#host = host;
    this.#table = table;
    const list = columns.map(
      (c) => `${sqlName(c.name)} ${c.type === "piece" ? "INTEGER" : duckdbType(c.type)}`,
    );
    host.execute(`CREATE TABLE main.${sqlName(table)} (${list.join(", ")})`);
  }

  /** Adds a batch whose columns are those of the table by position. The buffers must not change until `finish`. */
  append(length: number, columns: readonly ArrowColumn[]): void {
    if (length === 0) return;
    const fields = columns.map((column, i): ArrowField => ({ ...column.field, name: `c${i}` }));
    const signature = JSON.stringify(fields, (key, value) =>
      key === "name" || key === "metadata" ? undefined : value,
    );
    if (signature !== this.#signature) {
      this.flush();
      this.#signature = signature;
      this.#schema = encodeSchema({ fields });
    }
    this.#pending.push(...encodeDictionaryParts(columns), ...encodeBatchParts(length, columns));
    this.#pendingRows += length;
    this.rows += length;
    if (this.#pendingRows >= ROWS_PER_INSERT) this.flush();
  }

  flush(): void {
    if (this.#pendingRows === 0) return;
    // In one piece: DuckDB's reader keeps pointing into the parts of a stream, each of which is freed before the next comes.
    const stream = concatBytes([this.#schema, ...this.#pending, END_OF_STREAM]);
    this.bytes += stream.length;
    this.#inserted += this.#pendingRows;
    this.#pending = [];
    this.#pendingRows = 0;
    this.#host.insertArrow(this.#table, stream, false);
  }

  /** Inserts what is left and makes sure that every row arrived: a stream that DuckDB dislikes vanishes silently. */
  finish(count: (sql: string) => number): void {
    this.flush();
    const there = count(`SELECT count(*) FROM main.${sqlName(this.#table)}`);
    if (there !== this.#inserted) {
      const message = `DuckDB took ${there} of ${this.#inserted} rows that were loaded`;
      throw new EngineError({ kind: "internal", message });
    }
  }
}
