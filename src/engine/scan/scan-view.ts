import type { DuckdbConnection, DuckdbHost } from "../duckdb/host.ts";
import { duckdbType } from "../duckdb/types.ts";
import type { ScanColumn, ScanFile } from "../engine-api.ts";
import { sqlName } from "../raise.ts";
import { fileConstant } from "./constants.ts";
import { type Lease, PIECE_COLUMN, type Piece, type Segment } from "./piece.ts";

/** A piece together with the file that it is of. */
export interface FilePiece extends Piece {
  readonly file: ScanFile;
  /** Number in its file of the piece's first row. */
  readonly firstRow: number;
}

/** Where a column of a scan comes from: a loaded one by its place, a constant of the file, or the row's number. */
export type ViewColumn =
  | { readonly kind: "loaded"; readonly column: ScanColumn; readonly index: number }
  | { readonly kind: "constant"; readonly column: ScanColumn }
  | { readonly kind: "row_index"; readonly column: ScanColumn };

/** Makes the temporary view under which a query sees the loaded pieces. */
export function createScanView(
  host: DuckdbHost,
  connection: DuckdbConnection,
  name: string,
  columns: readonly ViewColumn[],
  lease: Lease<FilePiece>,
  timeZone: string,
): void {
  const selects = lease.segments.map((segment, i) => {
    const deleted = deletedRowIds(segment);
    const filters: string[] = [];
    if (!segment.whole) filters.push(rowFilter(segment));
    if (deleted.length > 0) {
      const table = `${name}_deleted_${i}`;
      storeRowIds(host, connection, table, deleted);
      filters.push(`rowid NOT IN (SELECT r FROM temp.${sqlName(table)})`);
    }
    const list = columns.map((c) => `${expression(c, segment, timeZone)} AS ${sqlName(c.column.as)}`);
    const what = list.length === 0 ? "1 AS unused" : list.join(", ");
    const where = filters.length === 0 ? "" : ` WHERE ${filters.join(" AND ")}`;
    return `SELECT ${what} FROM main.${sqlName(segment.table)}${where}`;
  });
  if (selects.length === 0) {
    const list = columns.map((c) => `CAST(NULL AS ${duckdbType(c.column.type)}) AS ${sqlName(c.column.as)}`);
    selects.push(`SELECT ${list.length === 0 ? "1 AS unused" : list.join(", ")} WHERE false`);
  }
  host.execute(`CREATE OR REPLACE TEMP VIEW ${sqlName(name)} AS ${selects.join(" UNION ALL ")}`, connection);
}

function expression(column: ViewColumn, segment: Segment<FilePiece>, timeZone: string): string {
  switch (column.kind) {
    case "loaded":
      return segment.columns[column.index] as string;
    case "constant":
      return perPiece(segment, (file) => fileConstant(file, column.column, timeZone));
    case "row_index": {
      const shift = perPieceNumber(segment, (part) => part.piece.firstRow - part.start);
      return `CAST(rowid + ${shift} AS ${duckdbType(column.column.type)})`;
    }
  }
}

function perPiece(segment: Segment<FilePiece>, value: (file: ScanFile) => string): string {
  const values = new Map<number, string>(segment.parts.map((part) => [part.index, value(part.piece.file)]));
  return choose(values);
}

function perPieceNumber(
  segment: Segment<FilePiece>,
  value: (part: Segment<FilePiece>["parts"][number]) => number,
): string {
  return choose(new Map(segment.parts.map((part) => [part.index, `CAST(${value(part)} AS BIGINT)`])));
}

/** One of the expressions by the number of the row's piece. */
function choose(values: ReadonlyMap<number, string>): string {
  const [first = "NULL"] = values.values();
  if ([...values.values()].every((v) => v === first)) return first;
  const last = Math.max(...values.keys());
  // Pieces of the table that are not asked for take any value.
  const list = Array.from({ length: last + 1 }, (_, i) => values.get(i) ?? first);
  return `([${list.join(", ")}])[${PIECE_COLUMN} + 1]`;
}

/** Many ranges cost more to compare with than the numbers of the pieces. */
function rowFilter(segment: Segment<FilePiece>): string {
  const ranges = rowRanges(segment);
  if (ranges.length <= 16) return `(${ranges.join(" OR ")})`;
  return `${PIECE_COLUMN} IN (${segment.parts.map((part) => part.index).join(", ")})`;
}

/** Ranges of row ids, those that touch as one. */
function rowRanges(segment: Segment<FilePiece>): string[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { start, rows } of segment.parts) {
    const open = ranges.at(-1);
    if (open?.end === start) open.end = start + rows;
    else ranges.push({ start, end: start + rows });
  }
  return ranges.map(({ start, end }) => `(rowid >= ${start} AND rowid < ${end})`);
}

function deletedRowIds(segment: Segment<FilePiece>): number[] {
  const ids: number[] = [];
  for (const { start, rows, piece } of segment.parts) {
    for (const row of piece.file.deletedRows ?? []) {
      const inPiece = row - piece.firstRow;
      if (inPiece >= 0 && inPiece < rows) ids.push(start + inPiece);
    }
  }
  return ids;
}

function storeRowIds(
  host: DuckdbHost,
  connection: DuckdbConnection,
  table: string,
  ids: readonly number[],
): void {
  host.execute(`CREATE OR REPLACE TEMP TABLE ${sqlName(table)} (r BIGINT)`, connection);
  for (let from = 0; from < ids.length; from += 20_000) {
    const list = ids.slice(from, from + 20_000).join(", ");
    host.execute(`INSERT INTO temp.${sqlName(table)} SELECT unnest([${list}])`, connection);
  }
}
