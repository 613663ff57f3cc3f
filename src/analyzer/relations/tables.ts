import { unsupported } from "../../errors/spark-error.ts";
import { canCast } from "../../functions/cast/can-cast.ts";
import { castTo, isUpCast } from "../../functions/coercion.ts";
import type { AliasExpr, Attr, Expr, NamedExpr } from "../../functions/expr.ts";
import type { LiteralValue } from "../../plan/expression.ts";
import type { LocalRelation, Range, ReadDataSource, ReadTable } from "../../plan/relation.ts";
import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { LONG, STRING, sameType, TIMESTAMP } from "../../types/data-type.ts";
import { quotedSqlType, quoteIfNeeded, sqlString } from "../../types/format.ts";
import type { FoundRows, FoundTable, FoundView } from "../catalog-resolver.ts";
import { fail } from "../errors.ts";
import { searchPath } from "../function-resolution.ts";
import { resolveRelation } from "../relations.ts";
import type { RScan } from "../resolved-relation.ts";
import type { CommonTable, CommonTables, RelationScope, Resolved } from "../scope.ts";
import type { AnalysisState } from "../state.ts";
import type { Step } from "../steps.ts";
import { quoteParts } from "../suggestions.ts";
import { exact, leaf } from "./exact.ts";

/** A name in FROM: a common table, a temporary view, a view, a table. */
export function* resolveReadTable(
  rel: ReadTable,
  scope: RelationScope,
  state: AnalysisState,
): Step<Resolved> {
  const parts = state.references.tableParts(rel);
  if (parts.length === 1 && rel.version === undefined && rel.timestamp === undefined) {
    const common = findCommonTable(parts[0] as string, scope.commonTables);
    if (common !== undefined) return readCommonTable(common, state);
  }
  const found = state.references.relation(rel, scope);
  if (found === undefined) {
    throw fail(
      "TABLE_OR_VIEW_NOT_FOUND",
      { relationName: quoteParts(parts), searchPath: searchPath(state) },
      rel.origin,
    );
  }
  switch (found.kind) {
    case "plan": {
      const inner = (yield resolveRelation(
        found.plan,
        viewScope(scope, scope.currentDatabase, false),
        state,
      )) as Resolved;
      return qualified(exact(inner), found.identifier ?? [parts[parts.length - 1] as string]);
    }
    case "view":
      return (yield resolveView(found, scope, state)) as Resolved;
    case "rows":
      return qualified(readRows(found, state), found.identifier ?? parts);
    case "table":
      return qualified(
        readTable(found, state),
        found.identifier.length > 0 ? found.identifier : [parts[parts.length - 1] as string],
      );
  }
}

export function findCommonTable(name: string, tables: CommonTables | undefined): CommonTable | undefined {
  const key = name.toLowerCase();
  for (let t = tables; t !== undefined; t = t.outer) {
    const found = t.tables.get(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readCommonTable(table: CommonTable, state: AnalysisState): Resolved {
  if (table.recursion !== undefined) table.recursion.isUsed = true;
  const columns = table.output.map((a): Attr => ({ ...a, id: state.nextId(), qualifier: [table.name] }));
  return leaf({ kind: "RCteRef", id: table.id, columns }, columns);
}

/** What a view's body sees: nothing of the query around it. */
function viewScope(scope: RelationScope, currentDatabase: string, isInView: boolean): RelationScope {
  if (scope.viewDepth > 100) {
    throw fail("VIEW_EXCEED_MAX_NESTED_DEPTH", { viewName: "", maxNestedDepth: "100" });
  }
  return {
    commonTables: undefined,
    outer: undefined,
    currentDatabase,
    isInView,
    viewDepth: scope.viewDepth + 1,
    references: undefined,
    windows: undefined,
  };
}

function* resolveView(view: FoundView, scope: RelationScope, state: AnalysisState): Step<Resolved> {
  const inner = exact(
    (yield resolveRelation(
      state.references.parsedView(view),
      viewScope(scope, view.currentDatabase, true),
      state,
    )) as Resolved,
  );
  const { schemaMode = "binding" } = view;
  if (schemaMode === "evolution" && view.hasColumnList !== true) {
    const lower = inner.output.map((a) => a.name.toLowerCase());
    const twice = lower.find((name, i) => lower.indexOf(name) !== i);
    if (twice !== undefined) throw fail("COLUMN_ALREADY_EXISTS", { columnName: quoteParts([twice]) });
    return qualified(inner, view.identifier);
  }
  const names = view.queryColumnNames;
  const sources = view.schema.fields.map((field, i): Attr => {
    const source = names === undefined ? inner.output[i] : columnNamed(inner.output, names, i);
    if (source === undefined) throw incompatibleView(view, names?.[i] ?? field.name, names, inner.output);
    return source;
  });
  const columns = view.schema.fields.map((field, i): NamedExpr => {
    const source = sources[i] as Attr;
    if (schemaMode === "evolution" || schemaMode === "typeEvolution") return renamed(source, field, state);
    const isSafe = schemaMode === "compensation" || isUpCast(source.type, field.dataType);
    if (!sameType(source.type, field.dataType) && !isSafe) {
      throw fail("CANNOT_UP_CAST_DATATYPE", {
        expression: [...source.qualifier, source.name].map(quoteIfNeeded).join("."),
        sourceType: quotedSqlType(source.type),
        targetType: quotedSqlType(field.dataType),
        details:
          "The type path of the target object is:\n\nYou can either add an explicit cast to the input data or choose a higher precision type of the field in the target object",
      });
    }
    if (!canCast(source.type, field.dataType, "ansi")) {
      throw fail("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", {
        sqlExpr: `"CAST(${source.name} AS ${sqlString(field.dataType)})"`,
        srcType: quotedSqlType(source.type),
        targetType: quotedSqlType(field.dataType),
      });
    }
    // What does not fit is an error, whatever the session's mode.
    return renamed(castTo(source, field.dataType, { ...state.conf, ansiEnabled: true }), field, state);
  });
  return qualified(projection(inner, columns), view.identifier);
}

/** The n-th of the columns of a name, for the n-th time that the name was there at creation. */
function columnNamed(output: readonly Attr[], names: readonly string[], i: number): Attr | undefined {
  const name = (names[i] as string).toLowerCase();
  const before = names.slice(0, i).filter((n) => n.toLowerCase() === name).length;
  return output.filter((a) => a.name.toLowerCase() === name)[before];
}

function incompatibleView(
  view: FoundView,
  name: string,
  names: readonly string[] | undefined,
  output: readonly Attr[],
): Error {
  const expected = names?.filter((n) => n.toLowerCase() === name.toLowerCase()).length ?? 1;
  const actual = output.filter((a) => a.name.toLowerCase() === name.toLowerCase()).map((a) => a.name);
  return fail("INCOMPATIBLE_VIEW_SCHEMA_CHANGE", {
    viewName: quoteParts(view.identifier),
    colName: name,
    expectedNum: `${expected}`,
    actualCols: `[${actual.join(",")}]`,
    suggestion: `CREATE OR REPLACE VIEW ${view.identifier.map(quoteIfNeeded).join(".")} AS ${view.text}`,
  });
}

function renamed(child: Expr, field: StructField, state: AnalysisState): AliasExpr {
  return {
    kind: "AliasExpr",
    child,
    id: state.nextId(),
    name: field.name,
    type: child.type,
    nullable: child.nullable,
    ...(field.metadata === undefined ? {} : { metadata: field.metadata }),
  };
}

/** A projection whose columns are its output. */
export function projection(input: Resolved, columns: readonly NamedExpr[]): Resolved {
  const output = columns.map(
    (c): Attr =>
      c.kind === "Attr"
        ? c
        : {
            kind: "Attr",
            id: c.id,
            name: c.name,
            type: c.type,
            nullable: c.nullable,
            qualifier: [],
            ...(c.metadata === undefined ? {} : { metadata: c.metadata }),
          },
  );
  return {
    plan: { kind: "RProject", input: input.plan, columns },
    output,
    hidden: [],
    planIds: input.planIds,
  };
}

/** The relation under a name of its own: its columns answer to that name. */
export function qualified(r: Resolved, qualifier: readonly string[]): Resolved {
  const rename = (a: Attr): Attr => ({ ...a, qualifier });
  return {
    plan: r.plan,
    output: r.output.map(rename),
    hidden: r.hidden.filter((a) => a.isMetadataColumn === true).map(rename),
    planIds: r.planIds,
  };
}

const METADATA_FIELDS: readonly {
  readonly name: string;
  readonly type: DataType;
  readonly source: RScan["columns"][number]["source"];
}[] = [
  { name: "file_path", type: STRING, source: "file_path" },
  { name: "file_name", type: STRING, source: "file_name" },
  { name: "file_size", type: LONG, source: "file_size" },
  { name: "file_block_start", type: LONG, source: undefined },
  { name: "file_block_length", type: LONG, source: "file_size" },
  { name: "file_modification_time", type: TIMESTAMP, source: "file_modified" },
];

/** A scan of a table or of files, with `_metadata` behind its columns. */
export function readTable(found: FoundTable, state: AnalysisState): Resolved {
  const { source, partitionColumns = [] } = found;
  const partitions = new Set(partitionColumns.map((p) => p.toLowerCase()));
  const columns = source.schema.fields.map((f): RScan["columns"][number] => ({
    ...attrOf(f, state),
    columnName: f.name,
    source: partitions.has(f.name.toLowerCase()) ? "partition" : "data",
  }));
  const output = columns.map(({ columnName: _, source: __, ...attr }): Attr => attr);
  if (found.hasFileMetadata !== true) return leaf({ kind: "RScan", source, columns }, output);
  return withFileMetadata({ kind: "RScan", source, columns }, output, state);
}

function withFileMetadata(scan: RScan, output: readonly Attr[], state: AnalysisState): Resolved {
  const extra = new Map<string, RScan["columns"][number]>();
  const args: Expr[] = [];
  const fields =
    scan.source.format === "parquet" || scan.source.format === "delta"
      ? [...METADATA_FIELDS, { name: "row_index", type: LONG, source: "row_index" as const }]
      : METADATA_FIELDS;
  for (const f of fields) {
    args.push({ kind: "Lit", type: STRING, nullable: false, value: f.name });
    if (f.source === undefined) {
      args.push({ kind: "Lit", type: LONG, nullable: false, value: 0 });
      continue;
    }
    let column = extra.get(f.source);
    if (column === undefined) {
      column = {
        kind: "Attr",
        id: state.nextId(),
        name: f.name,
        type: f.type,
        nullable: false,
        qualifier: [],
        columnName: f.name,
        source: f.source,
      };
      extra.set(f.source, column);
    }
    args.push(column);
  }
  const metadata = state.call("named_struct", args);
  const alias: AliasExpr = {
    kind: "AliasExpr",
    child: metadata,
    id: state.nextId(),
    name: "_metadata",
    type: metadata.type,
    nullable: false,
  };
  const hidden: Attr = {
    kind: "Attr",
    id: alias.id,
    name: "_metadata",
    type: metadata.type,
    nullable: false,
    qualifier: [],
    isMetadataColumn: true,
  };
  return {
    plan: {
      kind: "RProject",
      input: { ...scan, columns: [...scan.columns, ...extra.values()] },
      columns: [...output, alias],
    },
    output,
    hidden: [hidden],
    planIds: undefined,
  };
}

export function attrOf(f: StructField, state: AnalysisState): Attr {
  return {
    kind: "Attr",
    id: state.nextId(),
    name: f.name,
    type: f.dataType,
    nullable: f.nullable,
    qualifier: [],
    ...(f.metadata === undefined ? {} : { metadata: f.metadata }),
  };
}

export function readFiles(rel: ReadDataSource, state: AnalysisState): Resolved {
  if (rel.isStreaming === true) throw unsupported("streaming reads");
  return readTable(state.references.filesOf(rel), state);
}

export function readRows(found: FoundRows, state: AnalysisState): Resolved {
  const columns = found.schema.fields.map((f) => attrOf(f, state));
  return leaf({ kind: "RLocal", data: found.data, columns }, columns);
}

/** Rows that a program sent: columns as the declared schema has them. */
export function readLocal(rel: LocalRelation, state: AnalysisState): Resolved {
  const declared = rel.schema === undefined ? undefined : state.references.parsedSchema(rel.schema);
  const actual: StructType | undefined =
    rel.data === undefined ? undefined : state.references.arrowSchemas.get(rel.data);
  const columns = (actual ?? declared ?? { fields: [] }).fields.map((f) => attrOf(f, state));
  const local = leaf({ kind: "RLocal", data: rel.data === undefined ? [] : [rel.data], columns }, columns);
  if (declared === undefined || actual === undefined) return local;
  if (declared.fields.length !== columns.length) {
    throw fail("INTERNAL_ERROR", {
      message: `local data of ${columns.length} columns has a schema of ${declared.fields.length}`,
    });
  }
  const same = declared.fields.every((f, i) => {
    const a = columns[i] as Attr;
    return (
      f.name === a.name &&
      sameType(f.dataType, a.type) &&
      f.nullable === a.nullable &&
      f.metadata === undefined
    );
  });
  if (same) return local;
  return projection(
    local,
    declared.fields.map((f, i): NamedExpr => {
      const child = castTo(columns[i] as Attr, f.dataType, state.conf);
      return { ...renamed(child, f, state), nullable: f.nullable };
    }),
  );
}

export function readRange(rel: Range, state: AnalysisState): Resolved {
  const column: Attr = {
    kind: "Attr",
    id: state.nextId(),
    name: "id",
    type: LONG,
    nullable: false,
    qualifier: [],
  };
  if (BigInt(rel.step) === 0n) {
    throw fail("INTERNAL_ERROR", { message: "requirement failed: step (0) cannot be 0" });
  }
  const { numPartitions } = rel;
  return leaf(
    {
      kind: "RRange",
      start: BigInt(rel.start),
      end: BigInt(rel.end),
      step: BigInt(rel.step),
      column,
      ...(numPartitions === undefined ? {} : { numPartitions }),
    },
    [column],
  );
}

/** Rows of literals that were computed before analysis. */
export function literalRows(
  schema: StructType,
  rows: readonly (readonly LiteralValue[])[],
  state: AnalysisState,
): Resolved {
  const columns = schema.fields.map((f) => attrOf(f, state));
  const cells = rows.map((row) =>
    row.map(
      (value, i): Expr => ({
        kind: "Lit",
        type: (schema.fields[i] as StructField).dataType,
        nullable: value === null,
        value,
      }),
    ),
  );
  return leaf({ kind: "RValues", rows: cells, columns }, columns);
}
