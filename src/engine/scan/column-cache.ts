import { countRows } from "../duckdb/count-rows.ts";
import type { DuckdbHost } from "../duckdb/host.ts";
import { EngineError } from "../failure.ts";
import { sqlName } from "../raise.ts";
import type { TaskContext } from "./context.ts";
import {
  type Lease,
  type LoadPieces,
  PIECE_COLUMN,
  type Piece,
  type PieceRange,
  type WantedColumn,
} from "./piece.ts";
import { PieceWriter } from "./piece-writer.ts";
import { TableWriter } from "./table-writer.ts";

/** So many small tables in a row are put into one. */
const MANY_FRAGMENTS = 16;
const SMALL_ROWS = 122_880;

/** A table that holds some columns of some pieces. */
interface Fragment {
  readonly table: string;
  readonly columns: ReadonlyMap<string, string>;
  readonly pieces: ReadonlyMap<string, PieceRange>;
  readonly rows: number;
  readonly bytes: number;
  readonly cacheable: boolean;
  pins: number;
  lastUsed: number;
  /** Replaced: goes when nobody reads it any more. */
  doomed: boolean;
}

/** Loaded columns of immutable files, kept as DuckDB tables so that a warm scan is a plain table scan. */
export class ColumnCache {
  readonly #host: DuckdbHost;
  readonly #limitBytes: number;
  readonly #fragments = new Set<Fragment>();
  #queue: Promise<unknown> = Promise.resolve();
  #clock = 0;
  #nextTable = 0;

  constructor(host: DuckdbHost, limitBytes: number) {
    this.#host = host;
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    let sum = 0;
    for (const fragment of this.#fragments) sum += fragment.bytes;
    return sum;
  }

  /** Makes the columns of the pieces available until the lease is released, loading what is not there yet. */
  async acquire<P extends Piece>(
    pieces: readonly P[],
    columns: readonly WantedColumn[],
    load: LoadPieces<P>,
    context: TaskContext,
  ): Promise<Lease<P>> {
    // One load at a time: two tasks that want the same file shall not both read it.
    const turn = this.#queue.then(async () => {
      const found = this.#lookUp(pieces, columns);
      const missing = [
        ...new Map(pieces.filter((_, i) => found[i] === undefined).map((p) => [p.key, p])).values(),
      ];
      if (missing.length === 0) return this.#lease(pieces, columns, found);
      context.throwIfCancelled();
      // What is there, and what is made here, must not be trimmed away before the lease holds it.
      const pinned = new Set(found.filter((f) => f !== undefined));
      for (const fragment of pinned) fragment.pins++;
      try {
        const made = await this.#loadWithRoom(missing, columns, load, context, pinned);
        pieces.forEach((piece, i) => {
          found[i] ??= made.find((f) => f.pieces.has(piece.key));
        });
        await this.#gather(pieces, columns, found, context);
        return this.#lease(pieces, columns, found);
      } finally {
        for (const fragment of pinned) this.#unpin(fragment);
      }
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  /** Drops what was used least recently until at most this much is held. What a task reads stays. */
  trim(maxBytes: number): void {
    const idle = [...this.#fragments].filter((f) => f.pins === 0).sort((a, b) => a.lastUsed - b.lastUsed);
    let held = this.bytes;
    for (const fragment of idle) {
      if (held <= maxBytes) return;
      held -= fragment.bytes;
      this.#drop(fragment);
    }
  }

  #lookUp(pieces: readonly Piece[], columns: readonly WantedColumn[]): (Fragment | undefined)[] {
    const usable = [...this.#fragments].filter(
      (f) => !f.doomed && f.cacheable && columns.every((c) => f.columns.has(c.id)),
    );
    let last: Fragment | undefined;
    return pieces.map((piece) => {
      if (!piece.cacheable) return undefined;
      // Staying in one table keeps segments long.
      if (last?.pieces.has(piece.key) === true) return last;
      last = usable.find((f) => f.pieces.has(piece.key));
      return last;
    });
  }

  #lease<P extends Piece>(
    pieces: readonly P[],
    columns: readonly WantedColumn[],
    fragments: readonly (Fragment | undefined)[],
  ): Lease<P> {
    const segments: { fragment: Fragment; parts: (PieceRange & { piece: P })[] }[] = [];
    pieces.forEach((piece, i) => {
      const fragment = fragments[i];
      const range = fragment?.pieces.get(piece.key);
      if (fragment === undefined || range === undefined)
        throw new Error(`the piece ${piece.key} was not loaded`);
      const open = segments.at(-1);
      const previous = open?.parts.at(-1);
      if (open?.fragment === fragment && previous !== undefined && previous.index < range.index) {
        open.parts.push({ ...range, piece });
      } else segments.push({ fragment, parts: [{ ...range, piece }] });
    });
    const used = new Set(segments.map((s) => s.fragment));
    for (const fragment of used) {
      fragment.pins++;
      fragment.lastUsed = ++this.#clock;
    }
    let held = true;
    return {
      segments: segments.map(({ fragment, parts }) => ({
        table: fragment.table,
        columns: columns.map((c) => fragment.columns.get(c.id) as string),
        parts,
        whole: parts.length === fragment.pieces.size,
      })),
      release: () => {
        if (held) for (const fragment of used) this.#unpin(fragment);
        held = false;
      },
    };
  }

  #unpin(fragment: Fragment): void {
    fragment.pins--;
    if (fragment.pins === 0 && (fragment.doomed || !fragment.cacheable)) this.#drop(fragment);
  }

  #drop(fragment: Fragment): void {
    this.#fragments.delete(fragment);
    if (!this.#host.broken) this.#host.execute(`DROP TABLE IF EXISTS main.${sqlName(fragment.table)}`);
  }

  /** When memory runs out, what nobody reads makes room, and the load is tried once more. */
  async #loadWithRoom<P extends Piece>(
    missing: readonly P[],
    columns: readonly WantedColumn[],
    load: LoadPieces<P>,
    context: TaskContext,
    pinned: Set<Fragment>,
  ): Promise<Fragment[]> {
    try {
      return await this.#load(missing, columns, load, context, pinned);
    } catch (error) {
      if (!(error instanceof EngineError) || error.failure.kind !== "memory" || this.#host.broken)
        throw error;
      this.trim(0);
      return this.#load(missing, columns, load, context, pinned);
    }
  }

  async #load<P extends Piece>(
    missing: readonly P[],
    columns: readonly WantedColumn[],
    load: LoadPieces<P>,
    context: TaskContext,
    pinned: Set<Fragment>,
  ): Promise<Fragment[]> {
    const groups = [missing.filter((p) => p.cacheable), missing.filter((p) => !p.cacheable)];
    const made: Fragment[] = [];
    for (const pieces of groups) {
      if (pieces.length === 0) continue;
      const old = this.#extendable(pieces, columns);
      const fragment =
        old === undefined
          ? await this.#loadFragment(pieces, columns, load, context)
          : await this.#extend(old, pieces, columns, load, context);
      fragment.pins++;
      pinned.add(fragment);
      made.push(fragment);
    }
    return made;
  }

  /** A table that has exactly these pieces and some of the columns. */
  #extendable(pieces: readonly Piece[], columns: readonly WantedColumn[]): Fragment | undefined {
    const keys = new Set(pieces.map((p) => p.key));
    return [...this.#fragments].find(
      (f) =>
        !f.doomed &&
        f.cacheable &&
        f.pins === 0 &&
        columns.some((c) => f.columns.has(c.id)) &&
        f.pieces.size === keys.size &&
        [...f.pieces.keys()].every((key) => keys.has(key)),
    );
  }

  async #loadFragment<P extends Piece>(
    pieces: readonly P[],
    columns: readonly WantedColumn[],
    load: LoadPieces<P>,
    context: TaskContext,
  ): Promise<Fragment> {
    const table = `loaded_${this.#nextTable++}`;
    const names = new Map(columns.map((c, i) => [c.id, `v${i}`]));
    // Tells the pieces of a table apart where something is constant in each of them.
    const numbered = pieces.length > 1 || columns.length === 0;
    const list = columns.map((c, i) => ({ name: `v${i}`, type: c.type }));
    try {
      const writer = new TableWriter(
        this.#host,
        table,
        numbered ? [...list, { name: PIECE_COLUMN, type: "piece" as const }] : list,
      );
      const sink = new PieceWriter(writer, numbered, () => this.trim(this.#limitBytes - writer.bytes));
      await load(pieces, columns, sink, context);
      sink.endPiece();
      writer.finish((sql) => countRows(this.#host, sql));
      const ranges = sink.ranges;
      if (ranges.length !== pieces.length)
        throw new Error(`${ranges.length} of ${pieces.length} pieces were loaded`);
      const fragment: Fragment = {
        table,
        columns: names,
        pieces: new Map(pieces.map((p, i) => [p.key, ranges[i] as PieceRange])),
        rows: writer.rows,
        bytes: writer.bytes,
        cacheable: pieces.every((p) => p.cacheable),
        pins: 0,
        lastUsed: ++this.#clock,
        doomed: false,
      };
      this.#fragments.add(fragment);
      return fragment;
    } catch (error) {
      if (!this.#host.broken) this.#host.execute(`DROP TABLE IF EXISTS main.${sqlName(table)}`);
      throw error;
    }
  }

  /** Loads the columns that a table lacks and puts both side by side into a new one. */
  async #extend<P extends Piece>(
    old: Fragment,
    pieces: readonly P[],
    columns: readonly WantedColumn[],
    load: LoadPieces<P>,
    context: TaskContext,
  ): Promise<Fragment> {
    const lacking = columns.filter((c) => !old.columns.has(c.id));
    const byKey = new Map(pieces.map((p) => [p.key, p]));
    const inOrder = [...old.pieces.keys()].map((key) => byKey.get(key) as P);
    old.pins++;
    let added: Fragment | undefined;
    const table = `loaded_${this.#nextTable++}`;
    const connection = this.#host.connect();
    try {
      added = await this.#loadFragment(inOrder, lacking, load, context);
      added.pins++;
      const names = new Map<string, string>();
      const select: string[] = [];
      for (const [from, alias] of [
        [old, "a"],
        [added, "b"],
      ] as const) {
        for (const [id, column] of from.columns) {
          const name = `v${names.size}`;
          names.set(id, name);
          select.push(`${alias}.${column} AS ${name}`);
        }
      }
      if (pieces.length > 1) select.push(`a.${PIECE_COLUMN}`);
      const tables = `main.${sqlName(old.table)} a POSITIONAL JOIN main.${sqlName(added.table)} b`;
      await this.#host.run(
        connection,
        `CREATE TABLE main.${sqlName(table)} AS SELECT ${select.join(", ")} FROM ${tables}`,
        {
          cancellation: context,
        },
      );
      const merged: Fragment = {
        ...old,
        table,
        columns: names,
        bytes: old.bytes + added.bytes,
        pins: 0,
        lastUsed: ++this.#clock,
        doomed: false,
      };
      this.#fragments.add(merged);
      old.doomed = true;
      return merged;
    } finally {
      connection.close();
      if (added !== undefined) {
        added.doomed = true;
        this.#unpin(added);
      }
      this.#unpin(old);
    }
  }

  /**
   * Files that were added one by one lie in tables of their own. When many small ones follow each other they are put
   * into one, since every further table costs a scan more than its rows do.
   */
  async #gather<P extends Piece>(
    pieces: readonly P[],
    columns: readonly WantedColumn[],
    found: (Fragment | undefined)[],
    context: TaskContext,
  ): Promise<void> {
    const isSmall = (f: Fragment | undefined): boolean =>
      f !== undefined && f.cacheable && f.rows < SMALL_ROWS && columns.every((c) => f.columns.has(c.id));
    let start = 0;
    while (start < found.length) {
      let end = start;
      const fragments: Fragment[] = [];
      while (end < found.length && isSmall(found[end])) {
        const fragment = found[end] as Fragment;
        if (fragments.at(-1) !== fragment) {
          if (fragments.includes(fragment)) break;
          fragments.push(fragment);
        }
        end++;
      }
      if (fragments.length >= MANY_FRAGMENTS && columns.length > 0) {
        const merged = await this.#gatherRun(
          pieces.slice(start, end),
          columns,
          found.slice(start, end),
          context,
        );
        found.fill(merged, start, end);
      }
      start = Math.max(end, start + 1);
    }
  }

  async #gatherRun<P extends Piece>(
    pieces: readonly P[],
    columns: readonly WantedColumn[],
    found: readonly (Fragment | undefined)[],
    context: TaskContext,
  ): Promise<Fragment> {
    const ranges = new Map<string, PieceRange>();
    const selects: string[] = [];
    const bytes = new Map<Fragment, number>();
    let rows = 0;
    pieces.forEach((piece, i) => {
      const from = found[i] as Fragment;
      const range = from.pieces.get(piece.key) as PieceRange;
      const list = columns.map((c, at) => `${from.columns.get(c.id)} AS v${at}`);
      const where =
        from.pieces.size === 1
          ? ""
          : ` WHERE rowid >= ${range.start} AND rowid < ${range.start + range.rows}`;
      selects.push(
        `SELECT ${list.join(", ")}, ${i} AS ${PIECE_COLUMN} FROM main.${sqlName(from.table)}${where}`,
      );
      ranges.set(piece.key, { index: i, start: rows, rows: range.rows });
      rows += range.rows;
      bytes.set(from, from.bytes);
    });
    const table = `loaded_${this.#nextTable++}`;
    const connection = this.#host.connect();
    try {
      const sql = `CREATE TABLE main.${sqlName(table)} AS ${selects.join(" UNION ALL ")}`;
      await this.#host.run(connection, sql, { cancellation: context });
    } finally {
      connection.close();
    }
    const merged: Fragment = {
      table,
      columns: new Map(columns.map((c, i) => [c.id, `v${i}`])),
      pieces: ranges,
      rows,
      bytes: [...bytes.values()].reduce((a, b) => a + b, 0),
      cacheable: true,
      pins: 0,
      lastUsed: ++this.#clock,
      doomed: false,
    };
    this.#fragments.add(merged);
    for (const fragment of bytes.keys()) {
      // Other columns of the same rows would be lost with it: such a table stays, and is dropped when it grows old.
      if (fragment.columns.size > columns.length) continue;
      fragment.doomed = true;
      if (fragment.pins === 0) this.#drop(fragment);
    }
    return merged;
  }
}
