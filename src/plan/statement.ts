import type { DataType, StructField } from "../types/data-type.ts";
import type { Expression, MergeAction } from "./expression.ts";
import type { Origin } from "./origin.ts";
import type { Relation } from "./relation.ts";
import type { CompoundStatement } from "./script.ts";

/** The statements of Spark SQL that are not queries. */
export type Statement =
  | NamespaceStatement
  | TableStatement
  | AlterTable
  | ViewStatement
  | FunctionStatement
  | VariableStatement
  | WriteStatement
  | ShowStatement
  | DescribeStatement
  | MaintenanceStatement
  | SessionStatement
  | CompoundStatement;

export type NamespaceStatement =
  | CreateNamespace
  | DropNamespace
  | UseNamespace
  | UseCatalog
  | AlterNamespace
  | CommentOnNamespace;
export type TableStatement =
  | CreateTable
  | CreateTableLike
  | CloneTable
  | DropTable
  | TruncateTable
  | CommentOnTable
  | CommentOnColumns
  | CreateIndex
  | DropIndex;
export type ViewStatement = CreateView | DropView | AlterView;
export type FunctionStatement = CreateFunction | CreateJvmFunction | DropFunction | CallProcedure;
export type VariableStatement =
  | DeclareVariable
  | DropVariable
  | SetVariable
  | ExecuteImmediate
  | CursorStatement;
export type WriteStatement =
  | InsertInto
  | InsertOverwriteDirectory
  | MultiInsert
  | DeleteFrom
  | UpdateTable
  | MergeInto
  | LoadData;
export type ShowStatement =
  | ShowNamespaces
  | ShowCatalogs
  | ShowCurrentNamespace
  | ShowTables
  | ShowTableExtended
  | ShowTableProperties
  | ShowViews
  | ShowColumns
  | ShowPartitions
  | ShowFunctions
  | ShowProcedures
  | ShowCreateTable
  | ShowCollations;
export type DescribeStatement =
  | DescribeRelation
  | DescribeQuery
  | DescribeNamespace
  | DescribeFunction
  | DescribeProcedure
  | DescribeHistory
  | DescribeDetail
  | Explain;
export type MaintenanceStatement =
  | CacheTable
  | UncacheTable
  | ClearCache
  | RefreshTable
  | RefreshFunction
  | RefreshResource
  | AnalyzeTable
  | AnalyzeTables
  | RepairTable
  | ManageResource
  | OptimizeTable
  | VacuumTable
  | RestoreTable
  | ConvertToDelta;
export type SessionStatement = SetConfig | ResetConfig | SetPath | UnsupportedStatement;

interface Node {
  readonly origin?: Origin;
}
export type NameParts = readonly string[];

/** What names one thing. */
interface Named extends Node {
  readonly name: NameParts;
  /** `IDENTIFIER(expr)` in place of the name, which is empty then. */
  readonly nameClause?: Expression;
}
type Properties = Readonly<Record<string, string>>;
/** Values of a PARTITION clause; null where only the column is named. */
export type PartitionSpec = Readonly<Record<string, Expression | null>>;

export interface ColumnDefinition {
  readonly name: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
  readonly comment?: string;
  /** SQL text of `DEFAULT`, `GENERATED ALWAYS AS (...)`; identity columns by start and step. */
  readonly defaultSql?: string;
  readonly generatedSql?: string;
  readonly identity?: { readonly always: boolean; readonly start: bigint; readonly step: bigint };
  /** The same expressions, parsed. */
  readonly defaultExpression?: Expression;
  readonly generatedExpression?: Expression;
}

export type TableConstraint = {
  /** Absent: Spark makes one up. */
  readonly name?: string;
  readonly enforced?: boolean;
  readonly rely?: boolean;
} & (
  | { readonly type: "check"; readonly condition: Expression; readonly conditionSql: string }
  | { readonly type: "primaryKey" | "unique"; readonly columns: readonly string[] }
  | {
      readonly type: "foreignKey";
      readonly columns: readonly string[];
      readonly parent: NameParts;
      readonly parentColumns: readonly string[];
    }
);

export interface CreateNamespace extends Named {
  readonly kind: "CreateNamespace";
  readonly ifNotExists: boolean;
  readonly comment?: string;
  readonly location?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly collation?: string;
}
export interface DropNamespace extends Named {
  readonly kind: "DropNamespace";
  readonly ifExists: boolean;
  readonly cascade: boolean;
}
export interface UseNamespace extends Named {
  readonly kind: "UseNamespace";
  /** `USE DATABASE name`: not a catalog's name. */
  readonly isNamespace?: boolean;
}
/** `SET CATALOG name`. */
export interface UseCatalog extends Node {
  readonly kind: "UseCatalog";
  readonly catalog: Expression;
}
export interface AlterNamespace extends Named {
  readonly kind: "AlterNamespace";
  readonly action:
    | { readonly type: "setProperties"; readonly properties: Properties }
    | { readonly type: "unsetProperties"; readonly keys: readonly string[] }
    | { readonly type: "setLocation"; readonly location: string }
    | { readonly type: "setCollation"; readonly collation: string };
}
export interface CommentOnNamespace extends Named {
  readonly kind: "CommentOnNamespace";
  /** null: the comment is removed. */
  readonly comment: string | null;
}
export interface CreateTable extends Named {
  readonly kind: "CreateTable";
  readonly mode: "create" | "createIfNotExists" | "createOrReplace" | "replace";
  readonly columns: readonly ColumnDefinition[];
  readonly provider?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly comment?: string;
  readonly location?: string;
  readonly partitioning: readonly Expression[];
  readonly clusterBy?: readonly NameParts[];
  readonly isExternal?: boolean;
  /** `CREATE TEMPORARY TABLE t ... USING provider`. */
  readonly isTemporary?: boolean;
  readonly constraints?: readonly TableConstraint[];
  readonly bucketBy?: {
    readonly bucketColumnNames: readonly string[];
    readonly sortColumnNames: readonly string[];
    readonly numBuckets: number;
  };
  readonly collation?: string;
  /** `STORED AS format`, and Hive's other ways to say how rows are written. */
  readonly storedAs?: string;
  readonly hiveFeature?: string;
  /** `AS SELECT`. */
  readonly query?: Relation;
}
export interface CreateTableLike extends Named {
  readonly kind: "CreateTableLike";
  readonly ifNotExists: boolean;
  readonly source: NameParts;
  readonly provider?: string;
  readonly location?: string;
  readonly properties: Properties;
  readonly hiveFeature?: string;
}
/** Delta's `CREATE TABLE t [SHALLOW | DEEP] CLONE s [VERSION AS OF ...]`. */
export interface CloneTable extends Named {
  readonly kind: "CloneTable";
  readonly mode: CreateTable["mode"];
  readonly source: Relation;
  readonly isShallow: boolean;
  readonly properties: Properties;
  readonly location?: string;
}
export interface DropTable extends Named {
  readonly kind: "DropTable";
  readonly ifExists: boolean;
  readonly purge: boolean;
}
export interface DropView extends Named {
  readonly kind: "DropView";
  readonly ifExists: boolean;
}
export interface TruncateTable extends Named {
  readonly kind: "TruncateTable";
  readonly partition?: PartitionSpec;
}
export interface CommentOnTable extends Named {
  readonly kind: "CommentOnTable";
  readonly comment: string | null;
}
export interface CommentOnColumns extends Named {
  readonly kind: "CommentOnColumns";
  readonly columns: readonly { readonly column: NameParts; readonly comment: string | null }[];
}
export interface CreateIndex extends Named {
  readonly kind: "CreateIndex";
  readonly indexName: string;
  readonly ifNotExists: boolean;
}
export interface DropIndex extends Named {
  readonly kind: "DropIndex";
  readonly indexName: string;
  readonly ifExists: boolean;
}

/** A change of one column: what is absent stays. */
export interface ColumnChange {
  readonly column: NameParts;
  readonly dataType?: DataType;
  readonly nullable?: boolean;
  readonly comment?: string;
  readonly position?: ColumnPosition;
  readonly defaultSql?: string;
  readonly defaultExpression?: Expression;
  readonly dropDefault?: boolean;
}
export type ColumnPosition = { readonly type: "first" } | { readonly type: "after"; readonly column: string };
export interface AddedColumn {
  readonly name: NameParts;
  readonly dataType: DataType;
  readonly nullable: boolean;
  readonly comment?: string;
  readonly position?: ColumnPosition;
  readonly defaultSql?: string;
  readonly defaultExpression?: Expression;
}
export type AlterTableAction =
  | { readonly type: "addColumns"; readonly columns: readonly AddedColumn[] }
  | { readonly type: "replaceColumns"; readonly columns: readonly AddedColumn[] }
  | {
      readonly type: "alterColumns";
      readonly changes: readonly ColumnChange[];
      /** Written as `CHANGE COLUMN`. */
      readonly hiveStyle?: boolean;
    }
  | { readonly type: "renameColumn"; readonly column: NameParts; readonly to: string }
  | { readonly type: "dropColumns"; readonly ifExists: boolean; readonly columns: readonly NameParts[] }
  | { readonly type: "renameTo"; readonly to: NameParts }
  | { readonly type: "setProperties"; readonly properties: Properties }
  | { readonly type: "unsetProperties"; readonly ifExists: boolean; readonly keys: readonly string[] }
  | { readonly type: "setLocation"; readonly location: string; readonly partition?: PartitionSpec }
  | {
      readonly type: "addPartitions";
      readonly ifNotExists: boolean;
      readonly partitions: readonly { readonly spec: PartitionSpec; readonly location?: string }[];
    }
  | {
      readonly type: "dropPartitions";
      readonly ifExists: boolean;
      readonly partitions: readonly PartitionSpec[];
      readonly purge: boolean;
    }
  | { readonly type: "renamePartition"; readonly from: PartitionSpec; readonly to: PartitionSpec }
  | { readonly type: "recoverPartitions" }
  /** No columns: `CLUSTER BY NONE`. */
  | { readonly type: "clusterBy"; readonly columns: readonly NameParts[] }
  | { readonly type: "setCollation"; readonly collation: string }
  | { readonly type: "setSerde" }
  | { readonly type: "addConstraint"; readonly constraint: TableConstraint }
  | {
      readonly type: "dropConstraint";
      readonly constraintName: string;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    };
export interface AlterTable extends Named {
  readonly kind: "AlterTable";
  /** `ALTER VIEW` with an action that tables have too. */
  readonly isView: boolean;
  readonly action: AlterTableAction;
}
export type SchemaBinding = "binding" | "compensation" | "evolution" | "typeEvolution";
export interface AlterView extends Named {
  readonly kind: "AlterView";
  readonly action:
    | { readonly type: "as"; readonly query: Relation; readonly queryText: string }
    | { readonly type: "schemaBinding"; readonly schemaBinding: SchemaBinding };
}
export interface CreateView extends Named {
  readonly kind: "CreateView";
  readonly viewType: "persistent" | "temporary" | "globalTemporary";
  readonly mode: "create" | "createIfNotExists" | "createOrReplace";
  readonly columns: readonly { readonly name: string; readonly comment?: string }[];
  readonly comment?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly query: Relation;
  readonly queryText: string;
  readonly schemaBinding?: SchemaBinding;
  readonly collation?: string;
  /** `CREATE TEMPORARY VIEW v USING csv OPTIONS (...)`. */
  readonly using?: {
    readonly provider: string;
    readonly options: Readonly<Record<string, string>>;
    readonly schema?: DataType;
  };
}
export interface InsertInto extends Node {
  readonly kind: "InsertInto";
  readonly table: Relation;
  readonly columns: readonly string[];
  readonly byName: boolean;
  readonly overwrite: boolean;
  readonly ifPartitionNotExists: boolean;
  /** Static values; null for a dynamic partition column. */
  readonly partition: Readonly<Record<string, Expression | null>>;
  readonly replaceWhere?: Expression;
  readonly replaceWhereSql?: string;
  /** `REPLACE ON condition`, `REPLACE USING (columns)`. */
  readonly replaceOn?: Expression;
  readonly replaceUsing?: readonly string[];
  readonly withSchemaEvolution?: boolean;
  readonly query: Relation;
}
export interface InsertOverwriteDirectory extends Node {
  readonly kind: "InsertOverwriteDirectory";
  readonly isLocal: boolean;
  readonly path?: string;
  readonly provider?: string;
  readonly options: Properties;
  readonly query: Relation;
}
/** `FROM t INSERT INTO a SELECT ... INSERT INTO b SELECT ...`. */
export interface MultiInsert extends Node {
  readonly kind: "MultiInsert";
  readonly inserts: readonly (InsertInto | InsertOverwriteDirectory)[];
}
export interface Assignment {
  readonly key: Expression;
  readonly value: Expression;
}
/** The table is a `ReadTable`, perhaps under a `SubqueryAlias` and, after WITH, a `With`. */
export interface DeleteFrom extends Node {
  readonly kind: "DeleteFrom";
  readonly table: Relation;
  readonly condition?: Expression;
}
export interface UpdateTable extends Node {
  readonly kind: "UpdateTable";
  readonly table: Relation;
  readonly assignments: readonly Assignment[];
  readonly condition?: Expression;
}
export interface MergeInto extends Node {
  readonly kind: "MergeInto";
  readonly target: Relation;
  readonly source: Relation;
  readonly condition: Expression;
  readonly matchedActions: readonly MergeAction[];
  readonly notMatchedActions: readonly MergeAction[];
  readonly notMatchedBySourceActions: readonly MergeAction[];
  readonly withSchemaEvolution: boolean;
}
export interface LoadData extends Named {
  readonly kind: "LoadData";
  readonly path: string;
  readonly isLocal: boolean;
  readonly overwrite: boolean;
  readonly partition?: PartitionSpec;
}

export interface RoutineParameter {
  readonly name: string;
  readonly dataType: DataType;
  readonly comment?: string;
  readonly defaultSql?: string;
  readonly defaultExpression?: Expression;
  /** `NOT NULL`, which no parameter may be. */
  readonly isNotNull?: boolean;
}
/** A function written in SQL. */
export interface CreateFunction extends Named {
  readonly kind: "CreateFunction";
  readonly mode: "create" | "createIfNotExists" | "createOrReplace";
  readonly isTemporary: boolean;
  /** Absent: `()` was left empty. */
  readonly parameters: readonly RoutineParameter[];
  readonly parametersText?: string;
  /** Absent: the type of the body. `table`: RETURNS TABLE, with or without columns. */
  readonly returns?:
    | { readonly type: "scalar"; readonly dataType: DataType }
    | { readonly type: "table"; readonly columns: readonly StructField[] };
  readonly returnsText?: string;
  readonly bodyText: string;
  readonly body:
    | { readonly type: "expression"; readonly expression: Expression }
    | { readonly type: "query"; readonly query: Relation };
  readonly comment?: string;
  readonly isDeterministic?: boolean;
  readonly containsSql?: boolean;
  readonly collation?: string;
}
/** `CREATE FUNCTION f AS 'class' USING JAR ...`. */
export interface CreateJvmFunction extends Named {
  readonly kind: "CreateJvmFunction";
  readonly className: string;
  readonly isTemporary: boolean;
  readonly mode: CreateFunction["mode"];
  readonly resources: readonly { readonly type: string; readonly path: string }[];
}
export interface DropFunction extends Named {
  readonly kind: "DropFunction";
  readonly ifExists: boolean;
  readonly isTemporary: boolean;
}
export interface CallProcedure extends Named {
  readonly kind: "CallProcedure";
  readonly arguments: readonly Expression[];
}
export interface DeclareVariable extends Node {
  readonly kind: "DeclareVariable";
  readonly names: readonly NameParts[];
  readonly nameClause?: Expression;
  readonly replace: boolean;
  readonly dataType?: DataType;
  readonly defaultSql?: string;
  readonly defaultExpression?: Expression;
}
export interface DropVariable extends Named {
  readonly kind: "DropVariable";
  readonly ifExists: boolean;
}
/** One expression for each variable, or a query of one row. A value that is `UnresolvedAttribute DEFAULT` resets it. */
export interface SetVariable extends Node {
  readonly kind: "SetVariable";
  readonly targets: readonly NameParts[];
  readonly values?: readonly Expression[];
  readonly query?: Relation;
}
export interface ExecuteImmediate extends Node {
  readonly kind: "ExecuteImmediate";
  readonly query: Expression;
  readonly targets: readonly NameParts[];
  /** Named by an `Alias`, or by position. */
  readonly arguments: readonly Expression[];
}
export interface CursorStatement extends Node {
  readonly kind: "CursorStatement";
  readonly action: "declare" | "open" | "fetch" | "close";
}
export interface ShowNamespaces extends Node {
  readonly kind: "ShowNamespaces";
  /** `IN catalog`. */
  readonly namespace?: NameParts;
  readonly pattern?: string;
}
export interface ShowCatalogs extends Node {
  readonly kind: "ShowCatalogs";
  readonly pattern?: string;
}
export interface ShowCurrentNamespace extends Node {
  readonly kind: "ShowCurrentNamespace";
}
export interface ShowTables extends Node {
  readonly kind: "ShowTables";
  readonly namespace?: NameParts;
  readonly pattern?: string;
  readonly asJson?: boolean;
}
export interface ShowTableExtended extends Node {
  readonly kind: "ShowTableExtended";
  readonly namespace?: NameParts;
  readonly pattern: string;
  readonly partition?: PartitionSpec;
  readonly asJson?: boolean;
}
export interface ShowTableProperties extends Named {
  readonly kind: "ShowTableProperties";
  readonly key?: string;
}
export interface ShowPartitions extends Named {
  readonly kind: "ShowPartitions";
  readonly partition?: PartitionSpec;
  readonly asJson?: boolean;
}
export interface ShowProcedures extends Node {
  readonly kind: "ShowProcedures";
  readonly namespace?: NameParts;
}
export interface ShowCreateTable extends Named {
  readonly kind: "ShowCreateTable";
  readonly asSerde: boolean;
}
export interface ShowCollations extends Node {
  readonly kind: "ShowCollations";
  readonly pattern?: string;
}
export interface ShowViews extends Node {
  readonly kind: "ShowViews";
  readonly namespace?: NameParts;
  readonly pattern?: string;
}
export interface ShowColumns extends Node {
  readonly kind: "ShowColumns";
  readonly table: NameParts;
  readonly namespace?: NameParts;
}
export interface DescribeRelation extends Node {
  readonly kind: "DescribeRelation";
  readonly table: NameParts;
  /** `IDENTIFIER(expr)` in place of the name, which is empty then. */
  readonly nameClause?: Expression;
  readonly extended: boolean;
  readonly asJson?: boolean;
  readonly column?: NameParts;
  readonly partition?: Readonly<Record<string, Expression | null>>;
}
export interface DescribeQuery extends Node {
  readonly kind: "DescribeQuery";
  readonly query: Relation;
  readonly queryText?: string;
}
export interface DescribeNamespace extends Named {
  readonly kind: "DescribeNamespace";
  readonly extended: boolean;
}
export interface DescribeFunction extends Named {
  readonly kind: "DescribeFunction";
  readonly extended: boolean;
}
export interface DescribeProcedure extends Named {
  readonly kind: "DescribeProcedure";
}
/** Delta's `DESCRIBE HISTORY t [LIMIT n]`; a path is a name of two parts, the first `delta`. */
export interface DescribeHistory extends Named {
  readonly kind: "DescribeHistory";
  readonly path?: string;
  readonly limit?: number;
}
export interface DescribeDetail extends Named {
  readonly kind: "DescribeDetail";
  readonly path?: string;
}
export interface ShowFunctions extends Node {
  readonly kind: "ShowFunctions";
  readonly scope: "all" | "system" | "user";
  readonly namespace?: NameParts;
  readonly pattern?: string;
}
export interface Explain extends Node {
  readonly kind: "Explain";
  readonly mode: "simple" | "extended" | "codegen" | "cost" | "formatted";
  readonly statement: Relation | import("./command.ts").Command;
}
export interface CacheTable extends Named {
  readonly kind: "CacheTable";
  readonly isLazy: boolean;
  readonly options: Properties;
  readonly query?: Relation;
  readonly queryText?: string;
}
export interface UncacheTable extends Named {
  readonly kind: "UncacheTable";
  readonly ifExists: boolean;
}
export interface ClearCache extends Node {
  readonly kind: "ClearCache";
}
export interface RefreshTable extends Named {
  readonly kind: "RefreshTable";
}
export interface RefreshFunction extends Named {
  readonly kind: "RefreshFunction";
}
export interface RefreshResource extends Node {
  readonly kind: "RefreshResource";
  readonly path: string;
}
export interface AnalyzeTable extends Named {
  readonly kind: "AnalyzeTable";
  readonly partition?: PartitionSpec;
  readonly noScan: boolean;
  readonly columns?: readonly string[];
  readonly allColumns?: boolean;
}
export interface AnalyzeTables extends Node {
  readonly kind: "AnalyzeTables";
  readonly namespace?: NameParts;
  readonly noScan: boolean;
}
export interface RepairTable extends Named {
  readonly kind: "RepairTable";
  readonly addPartitions: boolean;
  readonly dropPartitions: boolean;
}
/** `ADD JAR path`, `LIST FILES`. */
export interface ManageResource extends Node {
  readonly kind: "ManageResource";
  readonly operation: "add" | "list";
  readonly resourceType: string;
  readonly paths: readonly string[];
}
/** Delta's `OPTIMIZE t [WHERE ...] [ZORDER BY (a, b)]`. */
export interface OptimizeTable extends Named {
  readonly kind: "OptimizeTable";
  readonly path?: string;
  readonly isFull: boolean;
  readonly where?: Expression;
  readonly zorderBy: readonly NameParts[];
}
export interface VacuumTable extends Named {
  readonly kind: "VacuumTable";
  readonly path?: string;
  readonly retainHours?: number;
  readonly dryRun: boolean;
  readonly mode?: "full" | "lite";
}
export interface RestoreTable extends Named {
  readonly kind: "RestoreTable";
  readonly path?: string;
  readonly version?: Expression;
  readonly timestamp?: Expression;
}
export interface ConvertToDelta extends Named {
  readonly kind: "ConvertToDelta";
  readonly partitionSchema: readonly StructField[];
  readonly noStatistics: boolean;
}
/** A statement of Spark's that has no place in a browser: refused by this name. */
export interface UnsupportedStatement extends Node {
  readonly kind: "UnsupportedStatement";
  readonly feature: string;
}

export interface SetPath extends Node {
  readonly kind: "SetPath";
  readonly path: readonly NameParts[];
}
/** `SET`, `SET k`, `SET k = v`, `SET -v`, `SET TIME ZONE`. */
export interface SetConfig extends Node {
  readonly kind: "SetConfig";
  readonly key?: string;
  readonly value?: string;
  readonly verbose?: boolean;
}
export interface ResetConfig extends Node {
  readonly kind: "ResetConfig";
  readonly key?: string;
}
