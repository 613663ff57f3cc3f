import type { FileRef, ScanFile } from "../engine/engine-api.ts";
import type { Attr, Call, Expr, NamedExpr, SortExpr } from "../functions/expr.ts";
import type { DataType, StructType } from "../types/data-type.ts";

/**
 * Resolved relations: every attribute carries a number, every type is known. `outputOf` gives a relation's columns.
 * Made by the analyzer, rewritten by the optimizer, lowered to DuckDB SQL by src/engine/lower.
 */
export type ResolvedRelation =
  | RScan
  | RLocal
  | RValues
  | RRange
  | ROneRow
  | RProject
  | RFilter
  | RJoin
  | RAggregate
  | RSort
  | RLimit
  | RTail
  | RSetOp
  | RDistinct
  | RGenerate
  | RSample
  | RRepartition
  | RCteDef
  | RCteRef
  | RRecursive
  | RUdfStage
  | RObserve;

/** A table's or files' content. */
export interface RScan {
  readonly kind: "RScan";
  readonly source: ScanSource;
  /** Columns in the source's order; unused ones are pruned before lowering. `columnName` is the name in the source. */
  readonly columns: readonly (Attr & {
    readonly columnName: string;
    readonly source?:
      | "data"
      | "partition"
      | "file_path"
      | "file_name"
      | "file_size"
      | "file_modified"
      | "row_index";
  })[];
}
/** Found by the binder's asynchronous pass; files are listed by the driver when the plan runs. */
export interface ScanSource {
  readonly format: "delta" | "parquet" | "csv" | "json" | "text" | "binaryFile";
  /** Unique for one (table, version) or set of files in this query: equal ids may share one scan. */
  readonly id: string;
  readonly displayName: string;
  readonly schema: StructType;
  readonly options: Readonly<Record<string, string>>;
  readonly files: readonly ScanFile[];
  readonly refs?: readonly FileRef[];
  /** Delta's column mapping: the name and id in the files, by column name. */
  readonly physicalNames?: Readonly<
    Record<string, { readonly name: string; readonly id: number; readonly type?: DataType }>
  >;
}
export interface RLocal {
  readonly kind: "RLocal";
  readonly data: readonly Uint8Array[];
  readonly columns: readonly Attr[];
  readonly rowCount?: number;
}
/** Rows written out: an inline table. Cells read no columns. */
export interface RValues {
  readonly kind: "RValues";
  readonly rows: readonly (readonly Expr[])[];
  readonly columns: readonly Attr[];
}
export interface RRange {
  readonly kind: "RRange";
  readonly start: bigint;
  readonly end: bigint;
  readonly step: bigint;
  readonly column: Attr;
  readonly numPartitions?: number;
}
export interface ROneRow {
  readonly kind: "ROneRow";
}
export interface RProject {
  readonly kind: "RProject";
  readonly input: ResolvedRelation;
  readonly columns: readonly NamedExpr[];
}
export interface RFilter {
  readonly kind: "RFilter";
  readonly input: ResolvedRelation;
  readonly condition: Expr;
}
export interface RJoin {
  readonly kind: "RJoin";
  readonly left: ResolvedRelation;
  readonly right: ResolvedRelation;
  readonly joinType: "inner" | "fullOuter" | "leftOuter" | "rightOuter" | "leftSemi" | "leftAnti" | "cross";
  readonly condition?: Expr;
  /** The right side sees the left's columns as `OuterAttr`. */
  readonly isLateral?: boolean;
}
export interface RAggregate {
  readonly kind: "RAggregate";
  readonly input: ResolvedRelation;
  readonly grouping: readonly Expr[];
  /** Absent: plain grouping. Each set lists positions in `grouping`. */
  readonly groupingSets?: readonly (readonly number[])[];
  /** Output columns: grouping attributes and aliases over aggregate calls. */
  readonly columns: readonly NamedExpr[];
  readonly arrival?: Arrival;
}
export interface RSort {
  readonly kind: "RSort";
  readonly input: ResolvedRelation;
  readonly order: readonly SortExpr[];
  readonly isGlobal: boolean;
}
export interface RLimit {
  readonly kind: "RLimit";
  readonly input: ResolvedRelation;
  readonly limit?: number;
  readonly offset?: number;
}
export interface RTail {
  readonly kind: "RTail";
  readonly input: ResolvedRelation;
  readonly limit: number;
}
export interface RSetOp {
  readonly kind: "RSetOp";
  readonly op: "union" | "intersect" | "except";
  readonly isAll: boolean;
  readonly inputs: readonly ResolvedRelation[];
  /** New numbers for the result, by position; inputs are already cast to these types. */
  readonly columns: readonly Attr[];
}
/**
 * From where rows come to be grouped, which decides in what order their groups come: the column of their partitions, or
 * nowhere, when they are all in one partition and stay there.
 */
export type Arrival = Attr | "here";
/** Distinct on all columns, or one row a key (the first one) when `keys` is given. */
export interface RDistinct {
  readonly kind: "RDistinct";
  readonly input: ResolvedRelation;
  readonly keys?: readonly Attr[];
  readonly arrival?: Arrival;
}
export interface RGenerate {
  readonly kind: "RGenerate";
  readonly input: ResolvedRelation;
  readonly generator: Call;
  readonly isOuter: boolean;
  /** The generated columns; the input's columns come before them. */
  readonly columns: readonly Attr[];
}
export interface RSample {
  readonly kind: "RSample";
  readonly input: ResolvedRelation;
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly withReplacement: boolean;
  readonly seed: bigint;
}
/** Says in how many partitions rows are, and in which; matters only to what asks for partitions, and to the order. */
export interface RRepartition {
  readonly kind: "RRepartition";
  readonly input: ResolvedRelation;
  readonly how: "coalesce" | "roundRobin" | "hash" | "range" | "id";
  /** Of `hash`, `range` (sort expressions) and `id`. */
  readonly expressions: readonly Expr[];
  readonly numPartitions?: number;
}
/** Defines common tables that `input` refers to by id. */
export interface RCteDef {
  readonly kind: "RCteDef";
  readonly definitions: readonly { readonly id: number; readonly plan: ResolvedRelation }[];
  readonly input: ResolvedRelation;
}
export interface RCteRef {
  readonly kind: "RCteRef";
  readonly id: number;
  /** New numbers for this use, by position of the definition's output. */
  readonly columns: readonly Attr[];
}
export interface RRecursive {
  readonly kind: "RRecursive";
  readonly id: number;
  readonly anchor: ResolvedRelation;
  readonly step: ResolvedRelation;
  readonly isAll: boolean;
  readonly columns: readonly Attr[];
  readonly maxRecursion: number;
  /** Rows of all levels together, at most; -1 for any number. */
  readonly maxRows: number;
  /** The recursion may end when there are so many rows: nobody asks for more. */
  readonly limit?: number;
}
/** Columns computed by user functions in the client's realm: a stage of its own. */
export interface RUdfStage {
  readonly kind: "RUdfStage";
  readonly input: ResolvedRelation;
  readonly calls: readonly {
    readonly id: string;
    readonly args: readonly Expr[];
    readonly result: Attr;
    readonly resultType: DataType;
  }[];
}
export interface RObserve {
  readonly kind: "RObserve";
  readonly input: ResolvedRelation;
  readonly name: string;
  readonly planId?: number;
  readonly metrics: readonly NamedExpr[];
}
