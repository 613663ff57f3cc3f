import { outputOf } from "../../../analyzer/output.ts";
import type { ResolvedRelation, RJoin } from "../../../analyzer/resolved-relation.ts";
import type { Resolved } from "../../../analyzer/scope.ts";
import type { ChangedFile, TableChange } from "../../../catalog/table-change.ts";
import { analysisError, sparkError, unsupported } from "../../../errors/spark-error.ts";
import type { Attr, Expr } from "../../../functions/expr.ts";
import { someExpr } from "../../../functions/expr-tree.ts";
import { conflict } from "../../../lake/conflict-checker.ts";
import { isIdentity } from "../../../lake/identity-columns.ts";
import { changeSchemaActions } from "../../../lake/new-table.ts";
import { resolveWriteSchema } from "../../../lake/write-schema.ts";
import type { MergeAction } from "../../../plan/expression.ts";
import type { Relation } from "../../../plan/relation.ts";
import type { MergeInto } from "../../../plan/statement.ts";
import {
  BOOLEAN,
  field,
  INTEGER,
  LONG,
  STRING,
  type StructField,
  type StructType,
  struct,
} from "../../../types/data-type.ts";
import { quoteIdentifier } from "../../../types/format.ts";
import type { CommandEnv } from "../command-env.ts";
import type { CommandOutput } from "../command-output.ts";
import { type ColumnValues, resolveAssignments } from "./assignments.ts";
import { type ChangeRows, changeRows, writeChangeData, writesChangeData } from "./change-data.ts";
import { changing, metrics, stopwatch, sum, writeFiles } from "./changing.ts";
import { markDeleted, usesDeletionVectors } from "./deletion-vectors.ts";
import { attrOf, StatementAnalysis } from "./statement-analysis.ts";
import { generationOf, tableRows } from "./table-rows.ts";
import { namedTarget, pinTarget } from "./target.ts";
import { defaultValue } from "./update.ts";

const OUTPUT = struct(
  ["num_affected_rows", "num_updated_rows", "num_deleted_rows", "num_inserted_rows"].map((n) =>
    field(n, LONG),
  ),
);

type Case = "matched" | "notMatched" | "notMatchedBySource";

/** One WHEN clause, resolved. */
interface Clause {
  readonly which: Case;
  readonly action: "update" | "delete" | "insert";
  readonly condition: Expr | undefined;
  /** The new row, by column; a column that is not named keeps what it has, or has its default. */
  readonly values: ColumnValues;
}

/** `MERGE INTO t USING s ON condition WHEN ...`. */
export async function mergeInto(command: MergeInto, env: CommandEnv): Promise<CommandOutput> {
  const named = await namedTarget(command.target, "MERGE", env);
  return changing(
    env,
    () => env.warehouse.beginChange(named.target, "MERGE"),
    (change) => new Merge(command, env, change).run(named),
  );
}

class Merge {
  readonly #command: MergeInto;
  readonly #env: CommandEnv;
  readonly #change: TableChange;
  #seen: readonly ChangedFile[] = [];
  #chosen: readonly ChangedFile[] | undefined;

  constructor(command: MergeInto, env: CommandEnv, change: TableChange) {
    this.#command = command;
    this.#env = env;
    this.#change = change;
  }

  async run(named: Parameters<typeof pinTarget>[1]): Promise<CommandOutput> {
    const command = this.#command;
    const env = this.#env;
    const change = this.#change;
    const lap = stopwatch();
    const pin = pinTarget(change, named, async (predicate) => {
      if (this.#chosen !== undefined) return this.#chosen;
      this.#seen = await change.filesFor(predicate);
      return this.#seen;
    });
    const actions = this.#actions();
    const analysis = await StatementAnalysis.begin(
      env,
      [pin],
      [pin.relation, command.source],
      [
        command.condition,
        ...actions.flatMap(({ action }) => [
          ...(action.condition === undefined ? [] : [action.condition]),
          ...action.assignments.flatMap((a) => [a.key, a.value]),
        ]),
      ],
    );
    const { table, file, row } = analysis.target(pin);
    const source = analysis.relation(command.source);
    this.#checkReads(analysis);
    const wanted = this.#evolvedSchema(source);
    const evolved =
      wanted === change.snapshot.schema ? undefined : changeSchemaActions(change.snapshot, wanted);
    const schema = evolved?.schema ?? wanted;
    // Columns that the merge adds are NULL in the rows that are there.
    const target = this.#widened(analysis, table, schema);
    const condition = this.#mergeCondition(analysis, target, source);
    const clauses = actions.map(({ which, action }) =>
      this.#clause(analysis, which, action, target, source, schema),
    );
    const read = columnsIn([condition, ...clauses.flatMap(expressionsOf)], source);
    const materialized = await this.#materialize(analysis, source, read);
    const materializeSourceTimeMs = lap();
    const sides: Sides = { target, source: materialized.resolved, condition, file, row };
    const inserts = clauses.some((c) => c.which === "notMatched");
    const bySource = clauses.some((c) => c.which === "notMatchedBySource");
    const changesTarget = clauses.some((c) => c.which !== "notMatched");

    // First which files hold rows that are concerned, and how many rows of each kind.
    const scanned = await this.#classify(analysis, sides, clauses, inserts, bySource);
    const scanTimeMs = lap();
    const counts = countsOf(scanned, clauses);
    if (scanned.some((s) => s.matches > 1) && !isLoneDelete(clauses)) throw multipleMatches();
    if (counts.affected === 0 && evolved === undefined) return { schema: OUTPUT, rows: [[0, 0, 0, 0]] };

    const concerned = new Set(
      scanned
        .filter((s) => s.file !== null && (s.clause >= 0 || (inserts && s.matches > 0)))
        .map((s) => s.file as string),
    );
    this.#chosen = this.#seen.filter((one) => concerned.has(one.path));
    const vectors = usesDeletionVectors(change) && changesTarget;
    const rewrites = changesTarget && !vectors;
    const layout = change.layout(schema);
    const join = this.#join(sides, inserts ? "fullOuter" : "leftOuter");
    const chosen = this.#clauseNumber(analysis, sides, join, clauses);
    const keeps = [
      ...clauses.flatMap((c, i) => (c.action === "delete" ? [] : [i])),
      // -1: a row of the table that no clause takes; -2: one of the source.
      ...(rewrites ? [-1] : []),
    ];
    const rows = this.#rows(analysis, sides, chosen, clauses, keeps, layout);
    const files = await writeFiles(env, analysis, change, rows.plan, layout);
    const gone = clauses.flatMap((c, i) => (c.which === "notMatched" ? [] : [i]));
    const marked = vectors
      ? await markDeleted(env, analysis, change, this.#chosen, {
          plan: { kind: "RFilter", input: chosen.plan, condition: isOneOf(analysis, chosen.number, gone) },
          file,
          row,
        })
      : undefined;
    const changes = writesChangeData(change)
      ? await writeChangeData(
          env,
          analysis,
          change,
          this.#changeData(analysis, sides, chosen, clauses, layout),
          schema,
        )
      : [];
    env.operation.progress({ phase: "commit" });
    const removed = rewrites ? this.#chosen.map((one) => one.file) : [];
    const rewriteTimeMs = lap();
    const written = sum(files, (f) => f.rowCount);
    const of = (which: Case, action: Clause["action"]) => counts.by(which, action);
    await change.commit({
      removed,
      written: files,
      ...(marked === undefined ? {} : { marked: marked.files }),
      changes,
      ...(evolved === undefined ? {} : { metadata: evolved }),
      operation: "MERGE",
      operationParameters: this.#parameters(analysis, condition, clauses),
      operationMetrics: metrics({
        numSourceRows: materialized.rowCount,
        numTargetRowsInserted: counts.inserted,
        numTargetRowsUpdated: counts.updated,
        numTargetRowsMatchedUpdated: of("matched", "update"),
        numTargetRowsNotMatchedBySourceUpdated: of("notMatchedBySource", "update"),
        numTargetRowsDeleted: counts.deleted,
        numTargetRowsMatchedDeleted: of("matched", "delete"),
        numTargetRowsNotMatchedBySourceDeleted: of("notMatchedBySource", "delete"),
        numTargetRowsCopied: rewrites ? written - counts.updated - counts.inserted : 0,
        numOutputRows: written,
        numTargetFilesAdded: files.length,
        numTargetBytesAdded: sum(files, (f) => f.sizeBytes),
        numTargetFilesRemoved: removed.length,
        numTargetBytesRemoved: sum(removed, (f) => f.size),
        numTargetChangeFilesAdded: changes.length,
        numTargetDeletionVectorsAdded: marked?.files.length ?? 0,
        numTargetDeletionVectorsRemoved:
          marked?.replaced ?? removed.filter((f) => f.deletionVector !== undefined).length,
        numTargetDeletionVectorsUpdated: marked?.replaced ?? 0,
        materializeSourceTimeMs,
        scanTimeMs,
        rewriteTimeMs,
        executionTimeMs: materializeSourceTimeMs + scanTimeMs + rewriteTimeMs,
      }),
    });
    return { schema: OUTPUT, rows: [[counts.affected, counts.updated, counts.deleted, counts.inserted]] };
  }

  #actions(): readonly { readonly which: Case; readonly action: MergeAction }[] {
    const { matchedActions, notMatchedActions, notMatchedBySourceActions } = this.#command;
    const all = [
      ...matchedActions.map((action) => ({ which: "matched" as const, action })),
      ...notMatchedActions.map((action) => ({ which: "notMatched" as const, action })),
      ...notMatchedBySourceActions.map((action) => ({ which: "notMatchedBySource" as const, action })),
    ];
    if (all.length === 0) throw analysisError("NO_MERGE_ACTION_SPECIFIED");
    return all;
  }

  /** A source that reads the table itself must read the version that is changed. */
  #checkReads(analysis: StatementAnalysis): void {
    const { directory, version } = this.#change.scan.source;
    for (const source of analysis.resolver.currentSources) {
      if (source.directory !== directory) continue;
      this.#change.readWhole();
      if (source.version === version) continue;
      throw conflict("ConcurrentAppendException", "DELTA_CONCURRENT_APPEND", undefined, {
        partition: "the root of the table",
      });
    }
  }

  #evolvedSchema(source: Resolved): StructType {
    const { schema, metadata } = this.#change.snapshot;
    const { conf } = this.#env.session;
    const evolves =
      this.#command.withSchemaEvolution ||
      conf.get("spark.databricks.delta.schema.autoMerge.enabled")?.toLowerCase() === "true";
    if (!evolves) return schema;
    const stars = this.#actions().some(
      ({ action }) => action.actionType === "insertStar" || action.actionType === "updateStar",
    );
    const assigned = new Set(
      this.#actions().flatMap(({ action }) =>
        action.assignments.map(({ key }) =>
          key.kind === "UnresolvedAttribute"
            ? (key.nameParts ?? key.unparsedIdentifier.split(".")).at(-1)?.toLowerCase()
            : undefined,
        ),
      ),
    );
    const known = new Set(schema.fields.map((f) => f.name.toLowerCase()));
    const data = source.output.filter((a) => {
      const name = a.name.toLowerCase();
      return stars || (assigned.has(name) && !known.has(name));
    });
    if (data.length === 0) return schema;
    const resolved = resolveWriteSchema(
      // Columns that the source lacks keep what they have: whether they may be null is another question.
      struct(schema.fields.map((f) => ({ ...f, nullable: true }))),
      struct(data.map((a) => field(a.name, a.type, true))),
      {
        mergeSchema: true,
        byPosition: false,
        tableId: metadata.id,
        tableName: this.#change.displayName,
        overwrite: false,
      },
    );
    if (!resolved.changed) return schema;
    return struct(
      resolved.table.fields.map((f, i) => {
        const was = schema.fields[i];
        return was === undefined ? f : { ...f, nullable: was.nullable };
      }),
    );
  }

  #widened(analysis: StatementAnalysis, table: Resolved, schema: StructType): Resolved {
    const { fields } = this.#change.snapshot.schema;
    if (schema === this.#change.snapshot.schema) return table;
    const qualifier = table.output[0]?.qualifier ?? [];
    const widened = schema.fields.map((f, i) => {
      const was = table.output[i];
      if (was === undefined) return analysis.alias(analysis.nothing(f.dataType), f.name);
      return f === fields[i] ? was : analysis.alias(analysis.cast(was, f.dataType), f.name);
    });
    const output = widened.map((c): Attr => ({ ...(c.kind === "Attr" ? c : attrOf(c)), qualifier }));
    const places = outputOf(table.plan).slice(table.output.length);
    return {
      ...table,
      plan: { kind: "RProject", input: table.plan, columns: [...widened, ...places] },
      output,
    };
  }

  #mergeCondition(analysis: StatementAnalysis, target: Resolved, source: Resolved): Expr {
    const operation = "search condition of MERGE operation";
    const condition = analysis.condition(this.#command.condition, [target, source], operation);
    this.#assertDeterministic(analysis, condition, operation);
    return condition;
  }

  #assertDeterministic(analysis: StatementAnalysis, condition: Expr, operation: string): void {
    if (analysis.isDeterministic(condition)) return;
    throw analysisError("DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED", {
      operation,
      expression: `(condition = ${analysis.pretty(condition)}).`,
    });
  }

  #clause(
    analysis: StatementAnalysis,
    which: Case,
    action: MergeAction,
    target: Resolved,
    source: Resolved,
    schema: StructType,
  ): Clause {
    const inputs = which === "matched" ? [target, source] : which === "notMatched" ? [source] : [target];
    let condition: Expr | undefined;
    if (action.condition !== undefined) {
      const kind = action.actionType.replace("Star", "").toUpperCase();
      const operation = `${kind} condition of MERGE operation`;
      condition = analysis.condition(action.condition, inputs, operation);
      this.#assertDeterministic(analysis, condition, operation);
    }
    const base = { which, condition };
    switch (action.actionType) {
      case "delete":
        return { ...base, action: "delete", values: new Map() };
      case "update":
      case "insert": {
        const isInsert = action.actionType === "insert";
        const values = resolveAssignments(analysis, action.assignments, target, schema, inputs, !isInsert);
        refuseIdentity(schema, (i) => isInsert || values.has(i));
        return { ...base, action: action.actionType, values };
      }
      case "updateStar":
      case "insertStar": {
        if (which === "notMatchedBySource")
          throw unsupported("UPDATE * of rows that the source does not have");
        refuseIdentity(schema, () => true);
        const values = this.#starValues(analysis, source, schema);
        return { ...base, action: action.actionType === "insertStar" ? "insert" : "update", values };
      }
    }
  }

  /** Each column's value from the source's column of that name. */
  #starValues(analysis: StatementAnalysis, source: Resolved, schema: StructType): ColumnValues {
    const evolves =
      this.#command.withSchemaEvolution ||
      this.#env.session.conf.get("spark.databricks.delta.schema.autoMerge.enabled")?.toLowerCase() === "true";
    const values = new Map<number, Expr>();
    for (const [i, f] of schema.fields.entries()) {
      const same = source.output.some((a) => a.name.toLowerCase() === f.name.toLowerCase());
      if (!same && (evolves || generationOf(f) !== undefined)) continue;
      values.set(
        i,
        analysis.expression(
          { kind: "UnresolvedAttribute", unparsedIdentifier: quoteIdentifier(f.name), nameParts: [f.name] },
          [source],
        ),
      );
    }
    return values;
  }

  /** The source's rows as they are now: the merge asks for them more than once, and they must be the same. */
  async #materialize(
    analysis: StatementAnalysis,
    source: Resolved,
    wanted: readonly Attr[],
  ): Promise<{ readonly resolved: Resolved; readonly rowCount: number }> {
    const columns = wanted.length > 0 ? wanted : source.output.slice(0, 1);
    const schema = struct(columns.map((a, i) => field(`c${i}`, a.type, a.nullable)));
    const plan: ResolvedRelation = { kind: "RProject", input: source.plan, columns };
    const { chunks, rowCount } = await this.#env.runner.arrowOf(
      analysis.query(plan, schema),
      this.#env.operation,
    );
    return {
      rowCount,
      resolved: {
        plan: { kind: "RLocal", data: chunks, columns, rowCount },
        output: columns,
        hidden: [],
        planIds: undefined,
      },
    };
  }

  #join(sides: Sides, joinType: RJoin["joinType"]): RJoin {
    const { target, source, condition } = sides;
    return { kind: "RJoin", left: target.plan, right: source.plan, joinType, condition };
  }

  /** For each file and clause: how many rows it takes, and how often a row of the table is matched at most. */
  async #classify(
    analysis: StatementAnalysis,
    sides: Sides,
    clauses: readonly Clause[],
    inserts: boolean,
    bySource: boolean,
  ): Promise<readonly Scanned[]> {
    const joinType = bySource ? (inserts ? "fullOuter" : "leftOuter") : inserts ? "rightOuter" : "inner";
    const chosen = this.#clauseNumber(analysis, sides, this.#join(sides, joinType), clauses);
    const { file, row } = sides;
    const isSourceOnly = analysis.call("isnull", file);
    const key = analysis.alias(
      analysis.choose([[isSourceOnly, chosen.number]], analysis.int(0), INTEGER),
      "k",
    );
    const keyed: ResolvedRelation = {
      kind: "RProject",
      input: chosen.plan,
      columns: [file, row, chosen.number, chosen.matched, attrOf(key)].map((a, i) => (i === 4 ? key : a)),
    };
    const n = analysis.alias(analysis.call("count", analysis.int(1)), "n");
    const clause = analysis.alias(analysis.call("min", chosen.number), "clause");
    const pairs = analysis.alias(
      analysis.call("sum", analysis.choose([[chosen.matched, analysis.int(1)]], analysis.int(0), INTEGER)),
      "pairs",
    );
    const perRow: ResolvedRelation = {
      kind: "RAggregate",
      input: keyed,
      grouping: [file, row, attrOf(key)],
      columns: [file, row, attrOf(key), n, clause, pairs],
    };
    // Rows of the source alone were counted together; each row of the table counts once.
    const once = analysis.alias(
      analysis.choose([[isSourceOnly, attrOf(n)]], analysis.literal(1, LONG), LONG),
      "once",
    );
    const counted: ResolvedRelation = {
      kind: "RProject",
      input: perRow,
      columns: [file, attrOf(clause), attrOf(pairs), once],
    };
    const rows = analysis.alias(analysis.call("sum", attrOf(once)), "rows");
    const most = analysis.alias(analysis.call("max", attrOf(pairs)), "most");
    const perFile: ResolvedRelation = {
      kind: "RAggregate",
      input: counted,
      grouping: [file, attrOf(clause)],
      columns: [file, attrOf(clause), rows, most],
    };
    const schema = struct([
      field("file", STRING),
      field("clause", INTEGER),
      field("rows", LONG),
      field("most", LONG),
    ]);
    const found = await this.#env.runner.collectPrepared(
      analysis.query(perFile, schema),
      this.#env.operation,
    );
    return found.rows.map(([path, number, count, matches]) => ({
      file: path as string | null,
      clause: Number(number),
      rows: Number(count),
      matches: Number(matches),
    }));
  }

  /** The joined rows with the number of the clause that takes each: -1 (the table's) or -2 (the source's) when none does. */
  #clauseNumber(analysis: StatementAnalysis, sides: Sides, join: RJoin, clauses: readonly Clause[]): Chosen {
    const { file } = sides;
    const marker = analysis.alias(analysis.literal(true, BOOLEAN), "m");
    const right: ResolvedRelation = {
      kind: "RProject",
      input: join.right,
      columns: [...sides.source.output, marker],
    };
    const inTarget = analysis.call("isnotnull", { ...file, nullable: true });
    const inSource = analysis.call("isnotnull", { ...attrOf(marker), nullable: true });
    const both = analysis.call("and", inTarget, inSource);
    const chain = (which: Case, none: number): Expr =>
      analysis.choose(
        clauses.flatMap((c, i): [Expr, Expr][] =>
          c.which === which ? [[c.condition ?? analysis.literal(true, BOOLEAN), analysis.int(i)]] : [],
        ),
        analysis.int(none),
        INTEGER,
      );
    const number = analysis.alias(
      analysis.choose(
        [
          [both, chain("matched", -1)],
          [inTarget, chain("notMatchedBySource", -1)],
        ],
        chain("notMatched", -2),
        INTEGER,
      ),
      "clause",
    );
    const matched = analysis.alias(both, "matched");
    return {
      plan: {
        kind: "RProject",
        input: { ...join, right },
        columns: [...sides.target.output, file, sides.row, ...sides.source.output, number, matched],
      },
      number: attrOf(number),
      matched: attrOf(matched),
    };
  }

  /** The rows after the merge, of the clauses (or -1: none) that are kept. */
  #rows(
    analysis: StatementAnalysis,
    sides: Sides,
    chosen: Chosen,
    clauses: readonly Clause[],
    keeps: readonly number[],
    layout: Parameters<typeof tableRows>[3],
  ): ReturnType<typeof tableRows> {
    const { fields } = layout.schema;
    const columns = sides.target.output.map((c): Attr => ({ ...c, nullable: true }));
    const values = columns.map((column, i): Expr | undefined => {
      const f = fields[i] as StructField;
      const named = clauses.some((c) => c.values.has(i) && c.values.get(i) !== "default");
      if (generationOf(f) !== undefined && !named) return undefined;
      const cases = clauses.flatMap((clause, number): [Expr, Expr][] => {
        if (clause.action === "delete" || !keeps.includes(number)) return [];
        const given = clause.values.get(i);
        let value = given === "default" ? defaultValue(analysis, f) : given;
        if (value === undefined) {
          if (clause.action === "update") return [];
          value = this.#missing(analysis, clause, f);
        }
        const cast = analysis.cast(value, f.dataType);
        return [[analysis.call("==", chosen.number, analysis.int(number)), cast]];
      });
      return cases.length === 0 ? column : analysis.choose(cases, column, f.dataType);
    });
    const input: ResolvedRelation = {
      kind: "RFilter",
      input: chosen.plan,
      condition: isOneOf(analysis, chosen.number, keeps),
    };
    return tableRows(analysis, input, values, layout);
  }

  /** A column that an INSERT clause does not name. */
  #missing(analysis: StatementAnalysis, _clause: Clause, f: StructField): Expr {
    return defaultValue(analysis, f) ?? analysis.nothing(f.dataType);
  }

  #changeData(
    analysis: StatementAnalysis,
    sides: Sides,
    chosen: Chosen,
    clauses: readonly Clause[],
    layout: Parameters<typeof tableRows>[3],
  ): readonly ChangeRows[] {
    const numbers = (action: Clause["action"]) => clauses.flatMap((c, i) => (c.action === action ? [i] : []));
    const before = (of: readonly number[]): ResolvedRelation => ({
      kind: "RFilter",
      input: chosen.plan,
      condition: isOneOf(analysis, chosen.number, of),
    });
    const parts: ChangeRows[] = [];
    const old = sides.target.output.map((c): Attr => ({ ...c, nullable: true }));
    if (numbers("delete").length > 0) {
      // A row that several rows of the source match is deleted once.
      const rows: ResolvedRelation = {
        kind: "RDistinct",
        input: before(numbers("delete")),
        keys: [sides.file, sides.row],
      };
      parts.push(changeRows(analysis, rows, old, "delete"));
    }
    if (numbers("update").length > 0) {
      parts.push(changeRows(analysis, before(numbers("update")), old, "update_preimage"));
      const after = this.#rows(analysis, sides, chosen, clauses, numbers("update"), layout);
      parts.push(changeRows(analysis, after.plan, after.columns, "update_postimage"));
    }
    if (numbers("insert").length > 0) {
      const after = this.#rows(analysis, sides, chosen, clauses, numbers("insert"), layout);
      parts.push(changeRows(analysis, after.plan, after.columns, "insert"));
    }
    return parts;
  }

  #parameters(
    analysis: StatementAnalysis,
    condition: Expr,
    clauses: readonly Clause[],
  ): Readonly<Record<string, string>> {
    const list = (which: Case): string =>
      JSON.stringify(
        clauses
          .filter((c) => c.which === which)
          .map((c) => ({
            ...(c.condition === undefined ? {} : { predicate: analysis.pretty(c.condition) }),
            actionType: c.action,
          })),
      );
    return {
      predicate: JSON.stringify([analysis.pretty(condition)]),
      matchedPredicates: list("matched"),
      notMatchedPredicates: list("notMatched"),
      notMatchedBySourcePredicates: list("notMatchedBySource"),
    };
  }
}

interface Sides {
  readonly target: Resolved;
  readonly source: Resolved;
  readonly condition: Expr;
  /** Where a row of the table is; null where there is none. */
  readonly file: Attr;
  readonly row: Attr;
}
interface Chosen {
  readonly plan: ResolvedRelation;
  readonly number: Attr;
  readonly matched: Attr;
}
interface Scanned {
  /** null: rows of the source alone. */
  readonly file: string | null;
  readonly clause: number;
  readonly rows: number;
  readonly matches: number;
}

function countsOf(scanned: readonly Scanned[], clauses: readonly Clause[]) {
  const by = (which: Case | undefined, action: Clause["action"]): number =>
    sum(
      scanned.filter((s) => {
        const clause = clauses[s.clause];
        return clause?.action === action && (which === undefined || clause.which === which);
      }),
      (s) => s.rows,
    );
  const updated = by(undefined, "update");
  const deleted = by(undefined, "delete");
  const inserted = by(undefined, "insert");
  return { by, updated, deleted, inserted, affected: updated + deleted + inserted };
}

function isOneOf(analysis: StatementAnalysis, number: Attr, of: readonly number[]): Expr {
  return (
    of
      .map((n) => analysis.call("==", number, analysis.int(n)))
      .reduce<Expr | undefined>((a, b) => (a === undefined ? b : analysis.call("or", a, b)), undefined) ??
    analysis.literal(false, BOOLEAN)
  );
}

function isLoneDelete(clauses: readonly Clause[]): boolean {
  const matched = clauses.filter((c) => c.which === "matched");
  return matched.length === 1 && matched[0]?.action === "delete" && matched[0].condition === undefined;
}

function multipleMatches(): Error {
  return sparkError("UnsupportedOperationException", {
    condition: "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE",
    messageParameters: {
      usageReference: "https://docs.delta.io/latest/delta-update.html#upsert-into-a-table-using-merge",
    },
  });
}

/** Numbers are given out by plain writes alone. */
function refuseIdentity(schema: StructType, isConcerned: (index: number) => boolean): void {
  const found = schema.fields.find((f, i) => isIdentity(f) && isConcerned(i));
  if (found !== undefined) throw unsupported(`MERGE that fills the identity column ${found.name}`);
}

function expressionsOf(clause: Clause): readonly Expr[] {
  return [
    ...(clause.condition === undefined ? [] : [clause.condition]),
    ...[...clause.values.values()].filter((v): v is Expr => v !== "default"),
  ];
}

/** The source's columns that the expressions read. */
function columnsIn(expressions: readonly Expr[], source: Resolved): readonly Attr[] {
  const all = [...source.output, ...source.hidden];
  return all.filter(
    (a, i) =>
      all.findIndex((b) => b.id === a.id) === i &&
      expressions.some((e) => someExpr(e, (x) => x.kind === "Attr" && x.id === a.id)),
  );
}

/** `df.mergeInto(...)`: the same with the table by its name. */
export function mergeCommand(command: {
  readonly targetTableName: string;
  readonly sourceTablePlan: Relation;
  readonly mergeCondition: MergeInto["condition"];
  readonly matchActions: readonly MergeAction[];
  readonly notMatchedActions: readonly MergeAction[];
  readonly notMatchedBySourceActions: readonly MergeAction[];
  readonly withSchemaEvolution: boolean;
}): MergeInto {
  return {
    kind: "MergeInto",
    target: { kind: "ReadTable", unparsedIdentifier: command.targetTableName, options: {} },
    source: command.sourceTablePlan,
    condition: command.mergeCondition,
    matchedActions: command.matchActions,
    notMatchedActions: command.notMatchedActions,
    notMatchedBySourceActions: command.notMatchedBySourceActions,
    withSchemaEvolution: command.withSchemaEvolution,
  };
}
