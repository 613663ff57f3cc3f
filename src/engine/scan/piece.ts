import type { DataType } from "../../types/data-type.ts";
import type { TaskContext } from "./context.ts";
import type { PieceWriter } from "./piece-writer.ts";

/** A part of a file that is loaded as a whole: a row group, or all of it. Equal keys mean equal rows, for ever. */
export interface Piece {
  readonly key: string;
  readonly cacheable: boolean;
}

/** A column as it is kept: `id` says which data of the pieces and in which type. */
export interface WantedColumn {
  readonly id: string;
  readonly type: DataType;
}

/** Rows of a fragment that belong to one piece. */
export interface PieceRange {
  readonly index: number;
  readonly start: number;
  readonly rows: number;
}

/** Fills a table with the wanted columns of pieces, one piece after the other. */
export type LoadPieces<P extends Piece> = (
  pieces: readonly P[],
  columns: readonly WantedColumn[],
  writer: PieceWriter,
  context: TaskContext,
) => Promise<void>;

/** Pieces of the request that lie in this order in one table. */
export interface Segment<P extends Piece> {
  readonly table: string;
  /** DuckDB column of each wanted column, in their order. */
  readonly columns: readonly string[];
  readonly parts: readonly (PieceRange & { readonly piece: P })[];
  /** The table holds nothing else. */
  readonly whole: boolean;
}

export interface Lease<P extends Piece> {
  readonly segments: readonly Segment<P>[];
  release(): void;
}

/** The column of a table of several pieces that tells which one a row is of. */
export const PIECE_COLUMN = "p";
