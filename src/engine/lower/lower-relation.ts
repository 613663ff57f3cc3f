import { hasType } from "../../analyzer/checks.ts";
import { outputOf } from "../../analyzer/output.ts";
import type { Arrival, ResolvedRelation, RJoin, RScan } from "../../analyzer/resolved-relation.ts";
import { expressionsOf, inputsOf } from "../../analyzer/resolved-tree.ts";
import { duckType } from "../../functions/duck-type.ts";
import type { Attr, Call, Expr, NamedExpr, SubqueryExpr } from "../../functions/expr.ts";
import { someExpr } from "../../functions/expr-tree.ts";
import { lowerExpr } from "../../functions/lower-expr.ts";
import { sortedMaps } from "../../functions/map-sql.ts";
import { mayRaise } from "../../functions/may-raise.ts";
import { raiseSql } from "../../functions/raise.ts";
import { ALWAYS, type FilePredicate } from "../../lake/file-predicate.ts";
import type { DataType } from "../../types/data-type.ts";
import type { ScanColumn, ScanInput } from "../engine-api.ts";
import type { LoweredScan, LowerOptions } from "./index.ts";
import { dependsOnOrder } from "./partitions.ts";
import { isMutable, isSortAggregate, joinOrder, partitionOf } from "./row-order.ts";
import { scanPredicate } from "./scan-predicate.ts";

/** A SELECT in the making. What is set later in SQL's own order may still be added without nesting. */
interface Block {
  /** What may stand after FROM. */
  readonly from: string;
  readonly where: readonly string[];
  /** The select list; absent means all columns. */
  readonly select?: string;
  /** ORDER BY and LIMIT of this SELECT; nothing but LIMIT may be added to it then. */
  readonly orderBy?: string;
  readonly limit?: string;
  /** How many SELECTs are nested in `from`. */
  readonly depth: number;
  /** The scan that `from` is, as long as nothing but filters were put on it. */
  readonly scan?: LoweredScan & { readonly attrs: readonly RScan["columns"][number][] };
}

/** DuckDB refuses queries nested deeper than some hundreds; deep plans go through temporary tables. */
const MAX_DEPTH = 100;
/** Every name of a column is `c<number>`; this one numbers rows. */
const ROW = "rn";
/** How often a recursive query was repeated when it made a row. */
const LEVEL = "lvl";
/** How many rows a recursive query had made when it made a row. */
const TOTAL = "tot";
/** These number the rows of a join's sides. */
const LEFT_ROW = "rl";
const RIGHT_ROW = "rr";

const JOIN_WORDS: Readonly<Record<RJoin["joinType"], string>> = {
  inner: "JOIN",
  cross: "JOIN",
  leftOuter: "LEFT JOIN",
  rightOuter: "RIGHT JOIN",
  fullOuter: "FULL JOIN",
  leftSemi: "SEMI JOIN",
  leftAnti: "ANTI JOIN",
};

/** Turns relations into SQL, collecting what the SQL needs beside it. */
export class RelationLowering {
  readonly scans: LoweredScan[] = [];
  readonly inputs: ScanInput[] = [];
  readonly setup: string[] = [];
  readonly cleanup: string[] = [];
  readonly kernels = new Set<string>();
  readonly #options: LowerOptions;
  readonly #used: ReadonlySet<number>;
  /** Local data that another stage provides, by its relation. */
  readonly #provided: ReadonlyMap<ResolvedRelation, string>;
  readonly #prefix: string;
  #steps = 0;
  #insideSubquery = 0;

  constructor(
    options: LowerOptions,
    used: ReadonlySet<number>,
    provided: ReadonlyMap<ResolvedRelation, string>,
    prefix: string,
  ) {
    this.#options = options;
    this.#used = used;
    this.#provided = provided;
    this.#prefix = prefix;
  }

  /** The rows of a plan as something that may stand after FROM; its columns are `c<number>`. */
  lower(root: ResolvedRelation): string {
    return item(this.#block(root));
  }

  #block(root: ResolvedRelation): Block {
    interface Frame {
      readonly plan: ResolvedRelation;
      readonly children: readonly ResolvedRelation[];
      readonly done: Block[];
    }
    const unordered = new Set([...orderFreeInputs(root), ...listedJoins(root)]);
    const stack: Frame[] = [{ plan: root, children: inputsOf(root), done: [] }];
    for (;;) {
      const top = stack.at(-1) as Frame;
      const next = top.children[top.done.length];
      if (next !== undefined) {
        stack.push({ plan: next, children: inputsOf(next), done: [] });
        continue;
      }
      stack.pop();
      const block = this.#shallow(this.#combine(top.plan, top.done, !unordered.has(top.plan)));
      const parent = stack.at(-1);
      if (parent === undefined) return block;
      parent.done.push(block);
    }
  }

  /** Puts what is nested too deep into a temporary table. Correlated queries cannot be; they are never that deep. */
  #shallow(block: Block): Block {
    if (block.depth < MAX_DEPTH || this.#insideSubquery > 0) return block;
    const name = `${this.#prefix}step${this.#steps++}`;
    this.setup.push(`CREATE TEMP TABLE ${name} AS SELECT * FROM ${item(block)}`);
    this.cleanup.push(`DROP TABLE IF EXISTS ${name}`);
    return { from: name, where: [], depth: 0 };
  }

  #combine(plan: ResolvedRelation, below: readonly Block[], keepsOrder: boolean): Block {
    const input = below[0] as Block;
    switch (plan.kind) {
      case "RScan":
        return this.#scan(plan);
      case "RLocal":
        return this.#local(plan);
      case "RValues":
        return this.#values(plan.rows, plan.columns);
      case "RRange":
        return select(
          `range AS c${plan.column.id}`,
          `range(${plan.start}::BIGINT, ${plan.end}::BIGINT, ${plan.step}::BIGINT)`,
        );
      case "ROneRow":
        return { from: "(SELECT 0 AS one)", where: [], depth: 1 };
      case "RProject":
        return this.#project(input, plan.columns, keepsOrder);
      case "RFilter":
        return this.#filter(input, plan.condition);
      case "RJoin":
        return this.#join(plan, below, keepsOrder);
      case "RAggregate":
        return this.#aggregate(plan, input, keepsOrder);
      case "RSort":
        return keepsOrder ? this.#sort(plan, input) : input;
      case "RLimit":
        return this.#limit(input, plan.limit, plan.offset);
      case "RTail":
        return wrap(
          input,
          `SELECT * EXCLUDE (${ROW}, total) FROM (SELECT *, row_number() OVER () AS ${ROW}, count(*) OVER () AS total FROM ${item(input)}) WHERE ${ROW} > total - ${plan.limit} ORDER BY ${ROW}`,
        );
      case "RSetOp":
        return this.#setOp(plan, below, keepsOrder);
      case "RDistinct":
        return this.#distinct(plan, input, keepsOrder);
      case "RGenerate":
        return this.#generate(input, plan.generator, plan.isOuter, plan.columns);
      case "RSample":
      case "RRepartition":
        throw new Error("partitions are placed before this");
      case "RCteDef": {
        const definitions = plan.definitions.map((d, i) => {
          const names = outputOf(d.plan).map((a) => `c${a.id}`);
          return `cte${d.id} AS (SELECT ${names.join(", ") || "0 AS one"} FROM ${item(below[i] as Block)})`;
        });
        const last = below.at(-1) as Block;
        return wrap(last, `WITH ${definitions.join(", ")} SELECT * FROM ${item(last)}`);
      }
      case "RCteRef":
        return this.#cteReference(plan);
      case "RRecursive":
        return this.#recursive(plan, below);
      case "RUdfStage":
        throw new Error("stages of user functions are split off before this");
      case "RObserve":
        return input;
    }
  }

  // --- leaves

  #scan(plan: RScan): Block {
    const needed = plan.columns.filter((c) => this.#used.has(c.id));
    // Counting rows needs some column: the narrowest is the cheapest to load.
    const columns =
      needed.length > 0
        ? needed
        : [...plan.columns].sort((a, b) => width(a.type) - width(b.type)).slice(0, 1);
    const name = `${this.#prefix}s${this.scans.length}`;
    const scan: LoweredScan = {
      name,
      source: plan.source,
      columns: columns.map(
        (c): ScanColumn => ({
          name: c.columnName,
          as: `c${c.id}`,
          type: c.type,
          ...(c.source === undefined ? {} : { source: c.source }),
        }),
      ),
      predicate: ALWAYS,
    };
    this.scans.push(scan);
    return { from: name, where: [], depth: 0, scan: { ...scan, attrs: plan.columns } };
  }

  #local(plan: Extract<ResolvedRelation, { kind: "RLocal" }>): Block {
    const provided = this.#provided.get(plan);
    if (provided !== undefined) return { from: provided, where: [], depth: 0 };
    if (plan.data.length === 0) return this.#values([], plan.columns);
    const name = `${this.#prefix}l${this.inputs.length}`;
    this.inputs.push({
      kind: "arrow",
      name,
      data: plan.data,
      columns: plan.columns.map((c) => ({ name: c.name, as: `c${c.id}`, type: c.type })),
    });
    return { from: name, where: [], depth: 0 };
  }

  #values(rows: readonly (readonly Expr[])[], columns: readonly Attr[]): Block {
    if (columns.length === 0) {
      const from =
        rows.length === 0 ? "(SELECT 0 AS one WHERE false)" : `(SELECT 0 AS one FROM range(${rows.length}))`;
      return { from, where: [], depth: 1 };
    }
    if (rows.length === 0) {
      const list = columns.map((c) => `NULL::${duckType(c.type)} AS c${c.id}`).join(", ");
      return { from: `(SELECT ${list} WHERE false)`, where: [], depth: 1 };
    }
    const tuples = rows.map(
      (row) =>
        `(${row.map((e, i) => `CAST(${this.expr(e)} AS ${duckType((columns[i] as Attr).type)})`).join(", ")})`,
    );
    const names = columns.map((c) => `c${c.id}`).join(", ");
    return { from: `(SELECT * FROM (VALUES ${tuples.join(", ")}) AS v(${names}))`, where: [], depth: 2 };
  }

  /** Columns by position: the definition has numbers of its own. */
  #cteReference(plan: Extract<ResolvedRelation, { kind: "RCteRef" }>): Block {
    const names = plan.columns.map((c) => `c${c.id}`).join(", ");
    return { from: `cte${plan.id} AS ${this.#fresh("r")}(${names})`, where: [], depth: 0 };
  }

  // --- one input

  #project(input: Block, columns: readonly NamedExpr[], keepsOrder: boolean): Block {
    const list = columns.map((c) => {
      if (c.kind === "Attr") return `c${c.id}`;
      return `${this.#typed(this.expr(c.child), c.child)} AS c${c.id}`;
    });
    const text = list.length === 0 ? "0 AS one" : [...new Set(list)].join(", ");
    const order = keepsOrder ? this.#windowOrder(columns) : undefined;
    if (order !== undefined) {
      return {
        from: `(SELECT *, row_number() OVER () AS ${ROW} FROM ${item(input)})`,
        where: [],
        select: text,
        orderBy: order,
        depth: input.depth + 2,
      };
    }
    const open = isOpen(input) ? input : { from: item(input), where: [], depth: input.depth + 1 };
    return { from: open.from, where: open.where, select: text, depth: open.depth + 1 };
  }

  /** Rows come out of a window sorted as it needs them; of several windows the last one decides first. */
  #windowOrder(columns: readonly NamedExpr[]): string | undefined {
    const specs = new Map<string, string>();
    for (const c of columns) {
      someExpr(c, (e) => {
        if (e.kind !== "WindowExpr") return false;
        const sorted = [
          ...e.partitionBy.map((p) => `${this.expr(p)} ASC NULLS FIRST`),
          ...e.orderBy.filter((o) => o.child.kind !== "Lit").map((o) => this.expr(o)),
        ].join(", ");
        if (sorted !== "") specs.set(sorted, sorted);
        return false;
      });
    }
    return specs.size === 0 ? undefined : [...[...specs.values()].reverse(), ROW].join(", ");
  }

  /** DuckDB's type of an untyped NULL is not the one in which Spark's is held. */
  #typed(sql: string, e: Expr): string {
    return e.kind === "Lit" && e.value === null ? `NULL::${duckType(e.type)}` : sql;
  }

  /**
   * A condition with, before it, those of its conjuncts that cannot raise: DuckDB sees into no CASE, which keeps the order
   * of those that can, and joins by what stands beside it.
   */
  #conditions(condition: Expr): readonly string[] {
    const own = this.expr(condition);
    const parts = chainOf(condition, "and");
    const harmless = parts.filter((e) => !mayRaise(e));
    if (harmless.length === parts.length) return [own];
    const implied = parts.filter(mayRaise).flatMap((e) => this.#common(e));
    return [...harmless.filter((e) => !someExpr(e, isSubquery)).map((e) => this.expr(e)), ...implied, own];
  }

  /** What all branches of a disjunction ask for. */
  #common(disjunction: Expr): readonly string[] {
    const [first, ...others] = chainOf(disjunction, "or").map((branch) =>
      chainOf(branch, "and")
        .filter((e) => !mayRaise(e) && !someExpr(e, isSubquery))
        .map((e) => this.expr(e)),
    );
    if (first === undefined || others.length === 0) return [];
    return first.filter((sql) => others.every((branch) => branch.includes(sql)));
  }

  #filter(input: Block, condition: Expr): Block {
    const sql = this.#conditions(condition);
    if (!isOpen(input)) {
      return { from: item(input), where: sql, depth: input.depth + 1 };
    }
    if (input.scan === undefined) return { ...input, where: [...input.where, ...sql] };
    const names = new Map(
      input.scan.attrs
        .filter((a) => (a.source ?? "data") === "data" || a.source === "partition")
        .map((a) => [a.id, a.columnName]),
    );
    const own = scanPredicate(condition, (attr) => names.get(attr.id));
    const predicate = both(input.scan.predicate, own);
    const at = this.scans.findIndex((s) => s.name === input.scan?.name);
    const { attrs, ...scan } = { ...input.scan, predicate };
    this.scans[at] = scan;
    return { ...input, where: [...input.where, ...sql], scan: { ...scan, attrs } };
  }

  #aggregate(
    plan: Extract<ResolvedRelation, { kind: "RAggregate" }>,
    below: Block,
    keepsOrder: boolean,
  ): Block {
    // Equal maps may hold their entries in another order, which DuckDB takes for a difference.
    const maps = plan.grouping.filter((e) => hasType(e.type, (t) => t.kind === "map"));
    const sorted = maps.flatMap((e) =>
      e.kind === "Attr" ? [`${sortedMaps(`c${e.id}`, e.type)} AS c${e.id}`] : [],
    );
    const input =
      sorted.length === 0
        ? below
        : wrap(below, `SELECT * REPLACE (${sorted.join(", ")}) FROM ${item(below)}`);
    const list = plan.columns.map((c) => this.#groupColumn(c, plan));
    const grouping = plan.grouping.map((e) => this.expr(e));
    if (grouping.length === 0 && plan.groupingSets === undefined) {
      // An aggregate of its own makes the one row, even where none is asked for.
      return wrap(input, `SELECT ${[...list, "count(*) AS one"].join(", ")} FROM ${item(input)}`);
    }
    const groupBy =
      plan.groupingSets === undefined ? grouping.join(", ") : this.#groupingSets(plan.groupingSets, grouping);
    const columns = list.join(", ") || "0 AS one";
    if (!keepsOrder) return wrap(input, `SELECT ${columns} FROM ${item(input)} GROUP BY ${groupBy}`);
    const order = this.#groupOrder(plan, grouping);
    const numbered = `(SELECT *, row_number() OVER () AS ${ROW} FROM ${item(input)})`;
    return wrap(input, `SELECT ${columns} FROM ${numbered} GROUP BY ${groupBy} ORDER BY ${order}`);
  }

  /** Without rows there are no groups either, not even that of the empty set; unless it is the only set. */
  #groupingSets(sets: readonly (readonly number[])[], grouping: readonly string[]): string {
    const list = sets.map((set) => `(${set.map((i) => grouping[i]).join(", ")})`).join(", ");
    return `GROUPING SETS (${list})${grouping.length === 0 && sets.length === 1 ? "" : " HAVING count(*) > 0"}`;
  }

  /** Groups come sorted by their keys, or by the partition they are shuffled to and their first row. */
  #groupOrder(plan: Extract<ResolvedRelation, { kind: "RAggregate" }>, grouping: readonly string[]): string {
    const first = `min(${ROW})`;
    if (plan.groupingSets !== undefined) {
      const set = this.#groupingBits(
        plan,
        plan.grouping.map((_, i) => i),
      );
      return `${first}, ${set}`;
    }
    if (isSortAggregate(plan)) return [...grouping.map((g) => `${g} ASC NULLS FIRST`), first].join(", ");
    return `${this.#shuffled(plan.grouping, plan.arrival)}${first}`;
  }

  /** What orders rows that are shuffled by keys, before the order in which they came. */
  #shuffled(keys: readonly Expr[], arrival: Arrival | undefined): string {
    if (arrival === "here") return "";
    const partition = partitionOf(keys, this.#options.shufflePartitions);
    const from = arrival === undefined ? "" : `min(c${arrival.id}), `;
    return partition === undefined ? from : `${from}${this.expr(partition)}, `;
  }

  /** A bit for each of the grouping expressions, the first the highest: 1 when it is not part of the row's set. */
  #groupingBits(plan: Extract<ResolvedRelation, { kind: "RAggregate" }>, indexes: readonly number[]): string {
    const used = new Set(plan.groupingSets?.flat());
    const bits = indexes.map((i, at) => {
      const shift = indexes.length - 1 - at;
      // DuckDB knows of no column that is in none of the sets.
      const bit = used.has(i) ? `grouping(${this.expr(plan.grouping[i] as Expr)})::BIGINT` : "1::BIGINT";
      return shift === 0 ? bit : `(${bit} << ${shift})`;
    });
    return bits.length === 0 ? "0::BIGINT" : `(${bits.join(" + ")})`;
  }

  /** A column of the groups: a grouping expression (NULL when no set has it), the set's number, or an aggregate. */
  #groupColumn(c: NamedExpr, plan: Extract<ResolvedRelation, { kind: "RAggregate" }>): string {
    const indexOf = (e: Expr) =>
      plan.grouping.findIndex((g) => g.kind === "Attr" && e.kind === "Attr" && g.id === e.id);
    if (c.kind === "Attr") {
      const isAbsent = plan.groupingSets !== undefined && !plan.groupingSets.flat().includes(indexOf(c));
      return isAbsent ? `NULL::${duckType(c.type)} AS c${c.id}` : `c${c.id}`;
    }
    const { child } = c;
    const isGrouping = child.kind === "Call" && (child.fn === "grouping" || child.fn === "grouping_id");
    const sql = isGrouping ? this.#groupingBits(plan, child.args.map(indexOf)) : this.expr(child);
    return `CAST(${sql} AS ${duckType(c.type)}) AS c${c.id}`;
  }

  #sort(plan: Extract<ResolvedRelation, { kind: "RSort" }>, input: Block): Block {
    // A constant orders nothing, and DuckDB would take it for a mistake.
    const order = plan.order
      .filter((o) => o.child.kind !== "Lit")
      .map((o) => this.expr(o))
      .join(", ");
    if (order === "") return input;
    // Equal rows stay in the order in which they came.
    return {
      from: `(SELECT *, row_number() OVER () AS ${ROW} FROM ${item(input)})`,
      where: [],
      select: `* EXCLUDE (${ROW})`,
      orderBy: `${order}, ${ROW}`,
      depth: input.depth + 2,
    };
  }

  /** A limit stays with the order it follows: DuckDB keeps the two together in correlated queries only so. */
  #limit(input: Block, limit: number | undefined, offset: number | undefined): Block {
    const text = [
      ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
      ...(offset === undefined || offset === 0 ? [] : [`OFFSET ${offset}`]),
    ].join(" ");
    if (text === "") return input;
    if (input.orderBy !== undefined && input.limit === undefined) return { ...input, limit: text };
    return { from: item(input), where: [], limit: text, depth: input.depth + 1 };
  }

  #distinct(
    { input: of, keys, arrival }: Extract<ResolvedRelation, { kind: "RDistinct" }>,
    input: Block,
    keepsOrder: boolean,
  ): Block {
    const from = arrival === undefined || arrival === "here" ? undefined : arrival.id;
    const output = outputOf(of).filter((a) => a.id !== from);
    if (output.length === 0) return wrap(input, `SELECT * FROM ${item(input)} LIMIT 1`);
    const numbered = `(SELECT *, row_number() OVER () AS ${ROW} FROM ${item(input)})`;
    if (keys === undefined || keys.length === output.length) {
      const names = output.map((a) => `c${a.id}`).join(", ");
      if (!keepsOrder) return wrap(input, `SELECT ${names} FROM ${item(input)} GROUP BY ${names}`);
      const order = this.#shuffled(output, arrival);
      return wrap(input, `SELECT ${names} FROM ${numbered} GROUP BY ${names} ORDER BY ${order}min(${ROW})`);
    }
    const by = keys.map((k) => `c${k.id}`).join(", ");
    const one = `SELECT * EXCLUDE (${ROW}) FROM ${numbered} QUALIFY row_number() OVER (PARTITION BY ${by} ORDER BY ${ROW}) = 1`;
    if (!keepsOrder) return wrap(input, one);
    const isSorted = output.some((a) => !keys.some((k) => k.id === a.id) && !isMutable(a.type));
    const order = isSorted
      ? `${keys.map((k) => `c${k.id} ASC NULLS FIRST`).join(", ")}, `
      : this.#shuffled(keys, arrival).replace(/min\((c\d+)\)/, "$1");
    return wrap(input, `${one} ORDER BY ${order}${ROW}`);
  }

  /** The generator gives a list of rows, each a struct of its columns. */
  #generate(input: Block, generator: Call, isOuter: boolean, columns: readonly Attr[]): Block {
    const list = this.expr(generator);
    const g = this.#fresh("g");
    const rows = isOuter ? `CASE WHEN len(${list}) > 0 THEN ${list} ELSE [NULL] END` : list;
    const fields = columns.map((c, i) => `${g}.f${i} AS c${c.id}`).join(", ");
    return wrap(
      input,
      `SELECT * EXCLUDE (${g})${fields === "" ? "" : `, ${fields}`} FROM (SELECT *, unnest(${rows}) AS ${g} FROM ${item(input)})`,
      2,
    );
  }

  // --- several inputs

  #join(
    plan: Extract<ResolvedRelation, { kind: "RJoin" }>,
    [left, right]: readonly Block[],
    keepsOrder: boolean,
  ): Block {
    if (left === undefined || right === undefined) throw new Error("a join needs two inputs");
    const lateral = plan.isLateral === true ? "LATERAL " : "";
    const condition =
      plan.condition === undefined ? undefined : this.#conditions(plan.condition).join(" AND ");
    const isSemi = plan.joinType === "leftSemi" || plan.joinType === "leftAnti";
    const numbered = (block: Block, as: string) =>
      `(SELECT *, row_number() OVER () AS ${as} FROM ${item(block)})`;
    const leftItem = keepsOrder ? numbered(left, LEFT_ROW) : item(left);
    const rightItem = keepsOrder && !isSemi ? numbered(right, RIGHT_ROW) : item(right);
    const on = ` ON ${condition ?? "true"}`;
    const isCross = condition === undefined && plan.isLateral !== true;
    const words =
      isCross && (plan.joinType === "inner" || plan.joinType === "cross")
        ? "CROSS JOIN"
        : JOIN_WORDS[plan.joinType];
    const text = `${leftItem} ${words} ${lateral}${rightItem}${words === "CROSS JOIN" ? "" : on}`;
    const names = outputOf(plan).flatMap((a) => (this.#used.has(a.id) ? [`c${a.id}`] : []));
    const depth = Math.max(left.depth, right.depth) + (keepsOrder ? 2 : 1);
    const select = [...new Set(names)].join(", ") || "0 AS one";
    const order = keepsOrder ? ` ORDER BY ${this.#joinOrder(plan, isSemi)}` : "";
    return { from: `(SELECT ${select} FROM ${text}${order})`, where: [], depth };
  }

  #joinOrder(plan: Extract<ResolvedRelation, { kind: "RJoin" }>, isSemi: boolean): string {
    if (isSemi) return LEFT_ROW;
    const { outer, isReversed, keys } = joinOrder(plan);
    const [first, second] = outer === "left" ? [LEFT_ROW, RIGHT_ROW] : [RIGHT_ROW, LEFT_ROW];
    const sorted = (keys ?? []).map(([l, r]) => `coalesce(${this.expr(l)}, ${this.expr(r)}) ASC NULLS FIRST`);
    return [...sorted, `${first} NULLS LAST`, `${second}${isReversed ? " DESC" : ""}`].join(", ");
  }

  #setOp(
    plan: Extract<ResolvedRelation, { kind: "RSetOp" }>,
    below: readonly Block[],
    keepsOrder: boolean,
  ): Block {
    const word = { union: "UNION", intersect: "INTERSECT", except: "EXCEPT" }[plan.op];
    const parts = plan.inputs.map((child, i) => {
      const columns = outputOf(child).map((a, j) => `c${a.id} AS c${(plan.columns[j] as Attr).id}`);
      return `SELECT ${columns.join(", ") || "0 AS one"} FROM ${item(below[i] as Block)}`;
    });
    const depth = Math.max(...below.map((b) => b.depth)) + 1;
    if (plan.op !== "union" && keepsOrder && plan.columns.length > 0) {
      return {
        from: `(${this.#countedSetOp(plan, parts as [string, string])})`,
        where: [],
        depth: depth + 3,
      };
    }
    return { from: `(${parts.join(` ${word}${plan.isAll ? " ALL" : ""} `)})`, where: [], depth };
  }

  /** INTERSECT and EXCEPT by counting each row on both sides; rows come as from a shuffle by all columns. */
  #countedSetOp(
    plan: Extract<ResolvedRelation, { kind: "RSetOp" }>,
    [left, right]: readonly [string, string],
  ): string {
    const names = plan.columns.map((c) => `c${c.id}`).join(", ");
    const side = (part: string, l: number, r: number) =>
      `SELECT ${names}, row_number() OVER () AS ${ROW}, ${l} AS ${LEFT_ROW}, ${r} AS ${RIGHT_ROW} FROM (${part})`;
    const [l, r] = [`sum(${LEFT_ROW})`, `sum(${RIGHT_ROW})`];
    const test =
      plan.op === "intersect"
        ? `${l} > 0 AND ${r} > 0`
        : plan.isAll
          ? `${l} > ${r}`
          : `${l} > 0 AND ${r} = 0`;
    const times = plan.isAll ? (plan.op === "intersect" ? `least(${l}, ${r})` : `${l} - ${r}`) : undefined;
    const partition = partitionOf(plan.columns, this.#options.shufflePartitions);
    const order = `${partition === undefined ? "" : `${this.expr(partition)}, `}min(${ROW}) FILTER (WHERE ${LEFT_ROW} = 1)`;
    const both = `${side(left, 1, 0)} UNION ALL ${side(right, 0, 1)}`;
    const more = times === undefined ? "" : `, (${times})::BIGINT AS ${TOTAL}`;
    const groups = `SELECT ${names}${more} FROM (${both}) GROUP BY ${names} HAVING ${test} ORDER BY ${order}`;
    if (times === undefined) return groups;
    return `SELECT ${names} FROM (SELECT *, unnest(range(${TOTAL})) FROM (${groups}))`;
  }

  /** Each row knows at which level it was made: beyond the last level allowed the query fails. */
  #recursive(plan: Extract<ResolvedRelation, { kind: "RRecursive" }>, below: readonly Block[]): Block {
    const names = plan.columns.map((c) => `c${c.id}`);
    const table = `cte${plan.id}`;
    const { limit } = plan;
    const [anchor, step] = below as [Block, Block];
    const part = (child: ResolvedRelation, block: Block) =>
      `SELECT ${
        outputOf(child)
          .map((a, i) => `CAST(c${a.id} AS ${duckType((plan.columns[i] as Attr).type)}) AS ${names[i]}`)
          .join(", ") || "0 AS one"
      } FROM ${item(block)}`;
    const tooDeep = raiseSql("SparkRuntimeException", "RECURSION_LEVEL_LIMIT_EXCEEDED", {
      levelLimit: `'${plan.maxRecursion}'`,
    });
    const tooManyRows = raiseSql("SparkRuntimeException", "RECURSION_ROW_LIMIT_EXCEEDED", {
      rowLimit: `'${plan.maxRows}'`,
    });
    const level = `(SELECT CASE WHEN max(${LEVEL}) >= ${plan.maxRecursion - 1} THEN ${tooDeep} ELSE max(${LEVEL}) + 1 END FROM ${table})`;
    // The number of rows so far goes along, so that the recursion can tell when there are enough, or too many.
    const soFar = `(SELECT max(${TOTAL}) FROM ${table})`;
    const most = limit ?? plan.maxRows;
    const isBounded = most >= 0;
    const test =
      limit === undefined
        ? `CASE WHEN ${soFar} > ${plan.maxRows} THEN ${tooManyRows} ELSE true END`
        : `${soFar} < ${limit}`;
    const list = names.join(", ") || "one";
    const head = [list, LEVEL, ...(isBounded ? [TOTAL] : [])].join(", ");
    const total = (before: string) => (isBounded ? `, ${before}count(*) OVER ()` : "");
    const first = `SELECT ${list}, 0${total("")} FROM (${part(plan.anchor, anchor)})`;
    // What one level makes beyond the limit decides nothing more, so it is not even held.
    const rows = `(${part(plan.step, step)}${isBounded ? ` LIMIT ${most + 1}` : ""})`;
    const next = `SELECT ${list}, ${level}${total(`${soFar} + `)} FROM ${rows}${isBounded ? ` WHERE ${test}` : ""}`;
    const atEnd =
      limit === undefined && isBounded
        ? ` WHERE CASE WHEN (SELECT count(*) FROM ${table}) > ${plan.maxRows} THEN ${tooManyRows} ELSE true END`
        : "";
    const text = `WITH RECURSIVE ${table}(${head}) AS (${first} UNION ALL ${next}) SELECT ${list === "one" ? "0 AS one" : list} FROM ${table}${atEnd}`;
    return { from: `(${text})`, where: [], depth: Math.max(anchor.depth, step.depth) + 1 };
  }

  // --- expressions

  expr(e: Expr): string {
    const { sql, kernels } = lowerExpr(e, {
      timeZone: this.#options.timeZone,
      ansiEnabled: this.#options.ansiEnabled,
      subquery: (subquery, values) => this.#subquery(subquery, values),
    });
    for (const kernel of kernels) this.kernels.add(kernel);
    return sql;
  }

  #subquery(e: SubqueryExpr, values: readonly string[]): string {
    const plan = e.plan as ResolvedRelation;
    this.#insideSubquery++;
    try {
      const rows = this.lower(plan);
      const columns = outputOf(plan).map((a) => `c${a.id}`);
      switch (e.subqueryType) {
        case "exists":
          return `EXISTS (SELECT 1 FROM ${rows})`;
        case "scalar": {
          const tooMany = raiseSql("SparkRuntimeException", "SCALAR_SUBQUERY_TOO_MANY_ROWS", {}, e.origin);
          return `(SELECT CASE WHEN count(*) > 1 THEN ${tooMany} ELSE first(${columns[0]}) END FROM ${rows})`;
        }
        case "in":
          return values.length === 1
            ? `(${values[0]} IN (SELECT ${columns[0]} FROM ${rows}))`
            : rowIn(values, columns, rows);
      }
    } finally {
      this.#insideSubquery--;
    }
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#prefix}${this.#steps++}`;
  }
}

/** `(a, b) IN (SELECT ...)` with three-valued logic, which DuckDB's comparison of structs does not have. */
function rowIn(values: readonly string[], columns: readonly string[], rows: string): string {
  const equal = values.map((v, i) => `${v} = ${columns[i]}`).join(" AND ");
  const maybe = values
    .map((v, i) => `(${v} = ${columns[i]} OR ${v} IS NULL OR ${columns[i]} IS NULL)`)
    .join(" AND ");
  return `(CASE WHEN EXISTS (SELECT 1 FROM ${rows} WHERE ${equal}) THEN true WHEN EXISTS (SELECT 1 FROM ${rows} WHERE ${maybe}) THEN NULL ELSE false END)`;
}

function item(block: Block): string {
  const isBare =
    block.select === undefined &&
    block.where.length === 0 &&
    block.orderBy === undefined &&
    block.limit === undefined;
  if (isBare) return block.from;
  const where = block.where.length === 0 ? "" : ` WHERE ${block.where.join(" AND ")}`;
  const order = block.orderBy === undefined ? "" : ` ORDER BY ${block.orderBy}`;
  const limit = block.limit === undefined ? "" : ` ${block.limit}`;
  return `(SELECT ${block.select ?? "*"} FROM ${block.from}${where}${order}${limit})`;
}

/** Whether a WHERE or a select list may still be added to the block's own SELECT. */
function isOpen(block: Block): boolean {
  return block.select === undefined && block.orderBy === undefined && block.limit === undefined;
}

function wrap(input: Block, sql: string, levels = 1): Block {
  return { from: `(${sql})`, where: [], depth: input.depth + levels };
}

function select(list: string, from: string): Block {
  return { from, where: [], select: list, depth: 1 };
}

function both(a: FilePredicate, b: FilePredicate): FilePredicate {
  if (a.kind === "always") return b;
  if (b.kind === "always") return a;
  return { kind: "and", children: [a, b] };
}

/** Bytes that a value takes, roughly. */
function width(type: DataType): number {
  switch (type.kind) {
    case "boolean":
    case "byte":
      return 1;
    case "short":
      return 2;
    case "integer":
    case "float":
    case "date":
      return 4;
    case "long":
    case "double":
    case "timestamp":
    case "timestamp_ntz":
      return 8;
    case "decimal":
      return 16;
    default:
      return 64;
  }
}

const ORDER_SENSITIVE =
  /^(first|first_value|last|last_value|any_value|collect_list|array_agg|collect_set|listagg|string_agg|mode|max_by|min_by)$/;

/** Relations whose own order comes from their inputs' and from nothing else that would show. */
const HANDS_ON = new Set<ResolvedRelation["kind"]>([
  "RProject",
  "RFilter",
  "RJoin",
  "RSetOp",
  "RGenerate",
  "RSort",
  "RObserve",
  "RCteDef",
]);

function handsOn(plan: ResolvedRelation): boolean {
  return HANDS_ON.has(plan.kind) || (plan.kind === "RDistinct" && plan.keys === undefined);
}

function hasOrderedAggregate(plan: Extract<ResolvedRelation, { kind: "RAggregate" }>): boolean {
  return plan.columns.some(
    (c) =>
      c.kind === "AliasExpr" && someExpr(c.child, (e) => e.kind === "Call" && ORDER_SENSITIVE.test(e.fn)),
  );
}

/** Relations whose order of rows nobody sees: a sort or an order-free aggregate stands above them. */
function orderFreeInputs(root: ResolvedRelation): ReadonlySet<ResolvedRelation> {
  const free = new Set<ResolvedRelation>();
  const open: ResolvedRelation[] = [root];
  for (let plan = open.pop(); plan !== undefined; plan = open.pop()) {
    const children = inputsOf(plan);
    const isFree =
      (plan.kind === "RAggregate" ? !hasOrderedAggregate(plan) : free.has(plan) && handsOn(plan)) &&
      !expressionsOf(plan).some(dependsOnOrder);
    for (const child of children) {
      if (isFree) free.add(child);
      open.push(child);
    }
  }
  return free;
}

/**
 * Joins of a list of three and more inputs (`FROM a, b, c`). Spark takes them in the order in which conditions connect
 * them, and so must DuckDB, which sees no conditions past the numbers of rows that an order would need.
 */
function listedJoins(root: ResolvedRelation): ReadonlySet<ResolvedRelation> {
  const found = new Set<ResolvedRelation>();
  const open: ResolvedRelation[] = [root];
  for (let plan = open.pop(); plan !== undefined; plan = open.pop()) {
    if (isUnconditional(plan) && isUnconditional(plan.left)) found.add(plan).add(plan.left);
    open.push(...inputsOf(plan));
  }
  return found;
}

function isUnconditional(plan: ResolvedRelation): plan is RJoin {
  const isInner = plan.kind === "RJoin" && (plan.joinType === "inner" || plan.joinType === "cross");
  return isInner && plan.condition === undefined && plan.isLateral !== true;
}

/** The operands of a chain of one connective, in their order. */
function chainOf(condition: Expr, connective: "and" | "or"): readonly Expr[] {
  const found: Expr[] = [];
  const open: Expr[] = [condition];
  for (let e = open.pop(); e !== undefined; e = open.pop()) {
    if (e.kind === "Call" && e.fn === connective) open.push(...[...e.args].reverse());
    else found.push(e);
  }
  return found;
}

function isSubquery(e: Expr): boolean {
  return e.kind === "SubqueryExpr";
}
