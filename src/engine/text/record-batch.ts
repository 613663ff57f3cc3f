import type { StructField } from "../../types/data-type.ts";
import { buildHeldColumn } from "../arrow/build.ts";
import type { ArrowColumn } from "../arrow/ipc.ts";

const ROWS_PER_BATCH = 32_768;

/** Gathers rows of values column by column and hands on Arrow batches. */
export class RecordBatcher {
  readonly #fields: readonly StructField[];
  readonly #emit: (length: number, columns: readonly ArrowColumn[]) => void;
  #columns: unknown[][];
  #rows = 0;

  constructor(
    fields: readonly StructField[],
    emit: (length: number, columns: readonly ArrowColumn[]) => void,
  ) {
    this.#fields = fields;
    this.#emit = emit;
    this.#columns = fields.map(() => []);
  }

  /** Values in DuckDB's physical form, by position. */
  add(values: readonly unknown[]): void {
    for (let i = 0; i < this.#columns.length; i++) (this.#columns[i] as unknown[]).push(values[i]);
    this.#rows++;
    if (this.#rows >= ROWS_PER_BATCH) this.flush();
  }

  flush(): void {
    if (this.#rows === 0) return;
    const columns = this.#fields.map((f, i) => buildHeldColumn(this.#columns[i] as unknown[], f.dataType));
    this.#emit(this.#rows, columns);
    this.#columns = this.#fields.map(() => []);
    this.#rows = 0;
  }
}
