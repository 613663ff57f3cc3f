import type { Expression, MergeAction, UserDefinedFunction } from "./expression.ts";
import type { Relation } from "./relation.ts";
import type { Statement } from "./statement.ts";

/** What changes something: Connect's commands and the statements of SQL text. */
export type Command =
  | WriteOperation
  | WriteOperationV2
  | CreateDataFrameViewCommand
  | SqlCommand
  | RegisterFunction
  | RegisterTableFunction
  | CheckpointCommand
  | RemoveCachedRemoteRelationCommand
  | MergeIntoTableCommand
  | UnsupportedCommand
  | Statement;

export type SaveMode = "append" | "overwrite" | "errorIfExists" | "ignore";

export interface WriteOperation {
  readonly kind: "WriteOperation";
  readonly input: Relation;
  /** The format; absent: `spark.sql.sources.default`. */
  readonly source?: string;
  readonly path?: string;
  readonly table?: { readonly tableName: string; readonly saveMethod: "saveAsTable" | "insertInto" };
  readonly mode: SaveMode;
  readonly sortColumnNames: readonly string[];
  readonly partitioningColumns: readonly string[];
  readonly bucketBy?: { readonly bucketColumnNames: readonly string[]; readonly numBuckets: number };
  readonly options: Readonly<Record<string, string>>;
  readonly clusteringColumns: readonly string[];
}
export interface WriteOperationV2 {
  readonly kind: "WriteOperationV2";
  readonly input: Relation;
  readonly tableName: string;
  readonly provider?: string;
  readonly partitioningColumns: readonly Expression[];
  readonly options: Readonly<Record<string, string>>;
  readonly tableProperties: Readonly<Record<string, string>>;
  readonly mode: "create" | "overwrite" | "overwritePartitions" | "append" | "replace" | "createOrReplace";
  readonly overwriteCondition?: Expression;
  readonly clusteringColumns: readonly string[];
}
export interface CreateDataFrameViewCommand {
  readonly kind: "CreateDataFrameViewCommand";
  readonly input: Relation;
  readonly name: string;
  readonly isGlobal: boolean;
  readonly replace: boolean;
}
export interface SqlCommand {
  readonly kind: "SqlCommand";
  readonly input: Relation;
}
export interface RegisterFunction {
  readonly kind: "RegisterFunction";
  readonly function: UserDefinedFunction;
}
/** `spark.udtf.register`: kept by what runs PySpark's functions. */
export interface RegisterTableFunction {
  readonly kind: "RegisterTableFunction";
  readonly function: import("./relation.ts").PythonTableFunction;
}
export interface CheckpointCommand {
  readonly kind: "CheckpointCommand";
  readonly relation: Relation;
  readonly local: boolean;
  readonly eager: boolean;
}
export interface RemoveCachedRemoteRelationCommand {
  readonly kind: "RemoveCachedRemoteRelationCommand";
  readonly relationId: string;
}
export interface MergeIntoTableCommand {
  readonly kind: "MergeIntoTableCommand";
  readonly targetTableName: string;
  readonly sourceTablePlan: Relation;
  readonly mergeCondition: Expression;
  readonly matchActions: readonly MergeAction[];
  readonly notMatchedActions: readonly MergeAction[];
  readonly notMatchedBySourceActions: readonly MergeAction[];
  readonly withSchemaEvolution: boolean;
}
/** Refused by this name. */
export interface UnsupportedCommand {
  readonly kind: "UnsupportedCommand";
  readonly feature: string;
}
