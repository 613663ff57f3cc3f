import type { DataType } from "../types/data-type.ts";
import type { Expression } from "./expression.ts";
import type { Origin } from "./origin.ts";
import type { Relation } from "./relation.ts";

/** The statements of Spark SQL that are not queries. */
export type Statement =
  | CreateNamespace
  | DropNamespace
  | UseNamespace
  | CreateTable
  | DropTable
  | DropView
  | CreateView
  | InsertInto
  | ShowNamespaces
  | ShowTables
  | ShowViews
  | ShowColumns
  | DescribeRelation
  | DescribeQuery
  | DescribeNamespace
  | DescribeFunction
  | ShowFunctions
  | Explain
  | SetConfig
  | ResetConfig;

interface Node {
  readonly origin?: Origin;
}
export type NameParts = readonly string[];

export interface ColumnDefinition {
  readonly name: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
  readonly comment?: string;
  /** SQL text of `DEFAULT`, `GENERATED ALWAYS AS (...)`; identity columns by start and step. */
  readonly defaultSql?: string;
  readonly generatedSql?: string;
  readonly identity?: { readonly always: boolean; readonly start: bigint; readonly step: bigint };
}
export interface CreateNamespace extends Node {
  readonly kind: "CreateNamespace";
  readonly name: NameParts;
  readonly ifNotExists: boolean;
  readonly comment?: string;
  readonly location?: string;
  readonly properties: Readonly<Record<string, string>>;
}
export interface DropNamespace extends Node {
  readonly kind: "DropNamespace";
  readonly name: NameParts;
  readonly ifExists: boolean;
  readonly cascade: boolean;
}
export interface UseNamespace extends Node {
  readonly kind: "UseNamespace";
  readonly name: NameParts;
}
export interface CreateTable extends Node {
  readonly kind: "CreateTable";
  readonly name: NameParts;
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
  /** `AS SELECT`. */
  readonly query?: Relation;
}
export interface DropTable extends Node {
  readonly kind: "DropTable";
  readonly name: NameParts;
  readonly ifExists: boolean;
  readonly purge: boolean;
}
export interface DropView extends Node {
  readonly kind: "DropView";
  readonly name: NameParts;
  readonly ifExists: boolean;
}
export interface CreateView extends Node {
  readonly kind: "CreateView";
  readonly name: NameParts;
  readonly viewType: "persistent" | "temporary" | "globalTemporary";
  readonly mode: "create" | "createIfNotExists" | "createOrReplace";
  readonly columns: readonly { readonly name: string; readonly comment?: string }[];
  readonly comment?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly query: Relation;
  readonly queryText: string;
  /** `CREATE TEMPORARY VIEW v USING csv OPTIONS (...)`. */
  readonly using?: { readonly provider: string; readonly options: Readonly<Record<string, string>>; readonly schema?: DataType };
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
  readonly query: Relation;
}
export interface ShowNamespaces extends Node {
  readonly kind: "ShowNamespaces";
  readonly pattern?: string;
}
export interface ShowTables extends Node {
  readonly kind: "ShowTables";
  readonly namespace?: NameParts;
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
  readonly extended: boolean;
  readonly asJson?: boolean;
  readonly column?: NameParts;
  readonly partition?: Readonly<Record<string, Expression | null>>;
}
export interface DescribeQuery extends Node {
  readonly kind: "DescribeQuery";
  readonly query: Relation;
}
export interface DescribeNamespace extends Node {
  readonly kind: "DescribeNamespace";
  readonly name: NameParts;
  readonly extended: boolean;
}
export interface DescribeFunction extends Node {
  readonly kind: "DescribeFunction";
  readonly name: NameParts;
  readonly extended: boolean;
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
