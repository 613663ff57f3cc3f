import type { PieceRange } from "./piece.ts";
import type { TableWriter } from "./table-writer.ts";

/** What a loader writes into: batches of one piece after the other. */
export class PieceWriter {
  readonly #writer: TableWriter;
  readonly #numbered: boolean;
  readonly #makeRoom: () => void;
  readonly #ranges: PieceRange[] = [];
  #start = 0;
  #open = false;

  constructor(writer: TableWriter, numbered: boolean, makeRoom: () => void) {
    this.#writer = writer;
    this.#numbered = numbered;
    this.#makeRoom = makeRoom;
  }

  get ranges(): readonly PieceRange[] {
    return this.#ranges;
  }

  /** Ends the piece before it. */
  beginPiece(): void {
    this.endPiece();
    this.#open = true;
    this.#start = this.#writer.rows;
  }

  endPiece(): void {
    if (!this.#open) return;
    const rows = this.#writer.rows - this.#start;
    this.#ranges.push({ index: this.#ranges.length, start: this.#start, rows });
    this.#open = false;
    this.#makeRoom();
  }

  append(length: number, columns: Parameters<TableWriter["append"]>[1]): void {
    const list = this.#numbered ? [...columns, pieceColumn(length, this.#ranges.length)] : columns;
    this.#writer.append(length, list);
  }
}

function pieceColumn(length: number, index: number): Parameters<TableWriter["append"]>[1][number] {
  const values = new Int32Array(length).fill(index);
  return {
    field: { name: "p", nullable: false, type: { kind: "int", bits: 32, signed: true }, children: [] },
    length,
    nullCount: 0,
    buffers: [new Uint8Array(values.buffer)],
    children: [],
  };
}
