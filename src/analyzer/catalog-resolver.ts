import type { Command } from "../plan/command.ts";
import type { Expression, Literal, LiteralValue, UserDefinedFunction } from "../plan/expression.ts";
import type { LocalRelation, Parse, ReadDataSource, Relation } from "../plan/relation.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import type { ScanSource } from "./resolved-relation.ts";

/**
 * What analysis must ask of the world around it. The driver implements it; every question of a plan is asked once,
 * independent ones at the same time. Errors thrown by a method become the query's error.
 */
export interface CatalogResolver {
  /**
   * A name as it stands in a query: temporary views first (for a name of one part, or `global_temp.x`), then the
   * catalog, then files (`parquet.<path>`). Undefined when there is nothing of that name.
   */
  resolveRelation(nameParts: readonly string[], lookup: RelationLookup): Promise<FoundRelation | undefined>;
  /** `spark.read...load()`. Schema is the declared one or inferred. */
  resolveFiles(source: ReadDataSource): Promise<FoundTable>;
  /** The rows of a DataFrame of strings as records of a text format: `spark.read.json(df)`. */
  resolveTexts?(parse: Parse, texts: readonly (string | null)[]): Promise<FoundTable>;
  /** What `sql()`, `checkpoint()` or `cache()` keeps under an id; undefined when it is gone. */
  resolveCachedRemote(relationId: string): Promise<FoundPlan | FoundRows | undefined>;
  resolveCachedLocal(dataHashes: readonly string[], schemaHash: string | undefined): Promise<LocalRelation>;
  /** Runs a statement that stands where a relation may. */
  runCommand(command: Command): Promise<FoundPlan | FoundRows>;
  /** Runs a small query to its end: values of a pivot, quantiles, arguments that must be known before analysis. */
  collect(plan: Relation): Promise<CollectedRows>;
  /** The schema of Arrow IPC stream bytes, as Spark types. */
  arrowSchema(data: Uint8Array): StructType;
  /** A session variable by name; undefined when there is none. */
  resolveVariable?(nameParts: readonly string[]): Promise<SessionVariable | undefined>;
  /** A function that the user registered or created; undefined when there is none. */
  resolveFunction?(
    nameParts: readonly string[],
    lookup?: { readonly currentDatabase: string; readonly skipTemporary?: boolean },
  ): Promise<UserFunction | undefined>;
}

export interface RelationLookup {
  /** Where an unqualified name is looked up: the session's current database, or a view's own. */
  readonly currentDatabase: string;
  /** Inside a persistent view temporary views are not seen. */
  readonly skipTemporaryViews: boolean;
  readonly version?: string;
  /** Microseconds since the epoch. */
  readonly timestampMicros?: bigint;
  readonly options: Readonly<Record<string, string>>;
}

export type FoundRelation = FoundPlan | FoundView | FoundTable | FoundRows;

/** A temporary view, or a DataFrame that is kept under an id: analysed in place. */
export interface FoundPlan {
  readonly kind: "plan";
  readonly plan: Relation;
  /** `["v"]`, `["global_temp", "v"]`; absent for what has no name. */
  readonly identifier?: readonly string[];
}
/** A persistent view. */
export interface FoundView {
  readonly kind: "view";
  readonly identifier: readonly string[];
  readonly text: string;
  /** The view's own columns: names, comments, types at creation. */
  readonly schema: StructType;
  /** Names of the query's columns at creation, by which they are found again; absent: by position. */
  readonly queryColumnNames?: readonly string[];
  /** The current database when it was created. */
  readonly currentDatabase: string;
  /** What becomes of the view when the query's columns change; absent: `binding`. */
  readonly schemaMode?: "binding" | "compensation" | "evolution" | "typeEvolution";
  readonly hasColumnList?: boolean;
  /** Session settings under which the text is read. */
  readonly settings?: Readonly<Record<string, string>>;
}
/** A table or files. */
export interface FoundTable {
  readonly kind: "table";
  /** `["spark_catalog", "default", "t"]`; empty for files. */
  readonly identifier: readonly string[];
  readonly source: ScanSource;
  readonly partitionColumns?: readonly string[];
  /** Whether `_metadata` exists: files, and tables over files. */
  readonly hasFileMetadata?: boolean;
}
/** Rows that are at hand. */
export interface FoundRows {
  readonly kind: "rows";
  readonly identifier?: readonly string[];
  readonly schema: StructType;
  /** Arrow IPC stream bytes, columns by position. */
  readonly data: readonly Uint8Array[];
  readonly cacheKey?: string;
}

export interface CollectedRows {
  readonly schema: StructType;
  /** In the plan's literal form. */
  readonly rows: readonly (readonly LiteralValue[])[];
}

export interface SessionVariable {
  readonly identifier: readonly string[];
  readonly dataType: DataType;
  readonly value: Literal;
}

/** `CREATE FUNCTION f(...) RETURN ...`. */
export interface UserFunction {
  readonly identifier: readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly dataType: DataType;
    readonly default?: Expression;
  }[];
  readonly returns:
    | { readonly kind: "scalar"; readonly dataType: DataType | undefined }
    | { readonly kind: "table"; readonly schema: StructType | undefined };
  readonly body:
    | { readonly kind: "expression"; readonly expression: Expression }
    | { readonly kind: "query"; readonly query: Relation }
    /** `spark.udf.register`: any number of arguments, checked by the function itself. */
    | { readonly kind: "registered"; readonly function: UserDefinedFunction };
  /** Kept in the catalog: its body sees nothing that is temporary. */
  readonly isPersistent?: boolean;
  readonly currentDatabase: string;
}
