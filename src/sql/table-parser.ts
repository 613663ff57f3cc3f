import type { Command } from "../plan/command.ts";
import type { Expression } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type { ColumnDefinition, CreateTable, TableConstraint } from "../plan/statement.ts";
import type { NameReference } from "./column-parser.ts";
import { unparsed } from "./name-text.ts";
import { NamespaceParser } from "./namespace-parser.ts";

/** The clauses after the columns of CREATE TABLE, gathered. */
interface TableClauses {
  options?: Readonly<Record<string, string>>;
  partitioning?: readonly (Expression | ColumnDefinition)[];
  clusterBy?: readonly (readonly string[])[];
  bucketBy?: CreateTable["bucketBy"];
  location?: string;
  comment?: string;
  collation?: string;
  properties?: Readonly<Record<string, string>>;
  storedAs?: string;
  hiveFeature?: string;
}

/** CREATE and DROP of tables. */
export abstract class TableParser extends NamespaceParser {
  /** After `CREATE [OR REPLACE] [TEMPORARY] [EXTERNAL] TABLE`, or `REPLACE TABLE`. */
  protected createTable(
    first: number,
    flags: {
      readonly replace: boolean;
      readonly orCreate: boolean;
      readonly isTemporary: boolean;
      readonly isExternal: boolean;
    },
  ): Command {
    const ifNotExists = !flags.replace && this.ifNotExists();
    const reference = this.nameReference();
    const headerEnd = this.pos - 1;
    if (flags.isTemporary && ifNotExists) {
      this.defer(first, headerEnd, "INVALID_STATEMENT_OR_CLAUSE", {
        operation: "CREATE TEMPORARY TABLE ... IF NOT EXISTS",
      });
    }
    if (this.at("LIKE") && !flags.replace && !flags.isTemporary && !flags.isExternal) {
      return this.#createTableLike(first, reference, ifNotExists);
    }
    const mode = flags.replace
      ? flags.orCreate
        ? "createOrReplace"
        : "replace"
      : ifNotExists
        ? "createIfNotExists"
        : "create";
    const clone = this.#cloneTable(first, reference, mode);
    if (clone !== undefined) return clone;
    this.takeConstraints();
    let columns: ColumnDefinition[] = [];
    let constraints: TableConstraint[] = [];
    if (this.at("(") && !this.isQueryParen(this.pos)) {
      this.pos++;
      const elements = this.list(() =>
        this.atTableConstraint() ? this.tableConstraint() : this.columnDefinition(),
      );
      this.expect(")");
      columns = elements.filter((e): e is ColumnDefinition => !("type" in e));
      constraints = [...this.takeConstraints(), ...elements.filter((e): e is TableConstraint => "type" in e)];
      this.#refuseTwoPrimaryKeys(constraints, first);
    }
    const provider = this.accept("USING") ? this.multipartIdentifier().join(".") : undefined;
    const clauses = this.#tableClauses(provider);
    const query = this.#asQuery();
    this.#checkTable(first, flags, columns, clauses, query !== undefined);
    const partitionColumns = (clauses.partitioning ?? []).filter(
      (p): p is ColumnDefinition => !("kind" in p),
    );
    const partitioning = (clauses.partitioning ?? []).map(
      (p): Expression =>
        "kind" in p
          ? p
          : { kind: "UnresolvedAttribute", unparsedIdentifier: unparsed([p.name]), nameParts: [p.name] },
    );
    return {
      kind: "CreateTable",
      ...reference,
      mode,
      columns: [...columns, ...partitionColumns],
      ...(provider === undefined ? {} : { provider }),
      options: clauses.options ?? {},
      properties: clauses.properties ?? {},
      ...(clauses.comment === undefined ? {} : { comment: clauses.comment }),
      ...(clauses.location === undefined ? {} : { location: clauses.location }),
      partitioning,
      ...(clauses.clusterBy === undefined ? {} : { clusterBy: clauses.clusterBy }),
      ...(clauses.bucketBy === undefined ? {} : { bucketBy: clauses.bucketBy }),
      ...(clauses.collation === undefined ? {} : { collation: clauses.collation }),
      ...(clauses.storedAs === undefined ? {} : { storedAs: clauses.storedAs }),
      ...(clauses.hiveFeature === undefined ? {} : { hiveFeature: clauses.hiveFeature }),
      ...(constraints.length === 0 ? {} : { constraints }),
      ...(flags.isExternal ? { isExternal: true } : {}),
      ...(flags.isTemporary ? { isTemporary: true } : {}),
      ...(query === undefined ? {} : { query }),
      origin: this.originFrom(first),
    };
  }

  #refuseTwoPrimaryKeys(constraints: readonly TableConstraint[], first: number): void {
    if (constraints.filter((c) => c.type === "primaryKey").length > 1) {
      this.defer(first, this.pos - 1, "MULTIPLE_PRIMARY_KEYS", {
        columns: constraints
          .filter((c) => c.type === "primaryKey")
          .flatMap((c) => (c.type === "primaryKey" ? c.columns : []))
          .join(", "),
      });
    }
  }

  #checkTable(
    first: number,
    flags: { readonly replace: boolean; readonly isTemporary: boolean },
    columns: readonly ColumnDefinition[],
    clauses: TableClauses,
    hasQuery: boolean,
  ): void {
    const mixed = clauses.partitioning ?? [];
    const typed = mixed.filter((p): p is ColumnDefinition => !("kind" in p));
    if (typed.length > 0 && typed.length < mixed.length) {
      const expressions = mixed.filter((p): p is Expression => "kind" in p).map(transformText);
      const names = typed.map((c) => `${c.name} ${this.textOfType(c)}`);
      this.notAllowed(
        first,
        `PARTITION BY: Cannot mix partition expressions and partition columns:\nExpressions: ${expressions.join(", ")}\nColumns: ${names.join(", ")}`,
      );
    }
    if (hasQuery) {
      const what = flags.replace ? "Replace Table As Select (RTAS)" : "Create Table As Select (CTAS)";
      if (flags.isTemporary) {
        this.notAllowed(first, "CREATE TEMPORARY TABLE ... AS ..., use CREATE TEMPORARY VIEW instead");
      } else if (columns.length > 0) {
        this.notAllowed(first, `Schema may not be specified in a ${what} statement`);
      } else if (typed.length > 0) {
        const where = flags.replace ? "Replace Table As Select (RTAS)" : "Create Table As Select (CTAS)";
        this.notAllowed(first, `Partition column types may not be specified in ${where}`);
      }
    }
    const path = clauses.options?.path;
    if (path !== undefined && clauses.location !== undefined) {
      this.deferWhole("_LEGACY_ERROR_TEMP_0032", {
        pathOne: clauses.location,
        pathTwo: path,
      });
    }
  }

  protected textOfType(column: ColumnDefinition): string {
    return column.dataType.kind === "integer" ? "int" : column.dataType.kind;
  }

  /** `[AS] query`. */
  #asQuery(): Relation | undefined {
    if (this.accept("AS")) return this.query();
    const isQuery = this.at("(") ? this.isQueryParen(this.pos) : this.isQueryStart(this.pos);
    return isQuery ? this.query() : undefined;
  }

  #tableClauses(provider: string | undefined): TableClauses {
    const first = this.pos;
    const clauses: TableClauses = {};
    const seen = new Set<string>();
    const once = (name: string): void => this.refuseRepeated(seen, name);
    for (;;) {
      switch (this.peek()) {
        case "OPTIONS":
          this.pos++;
          clauses.options = this.expressionProperties();
          once("OPTIONS");
          continue;
        case "PARTITIONED":
          this.pos++;
          this.expectAll("BY", "(");
          clauses.partitioning = this.list(() => this.#partitionField());
          this.expect(")");
          once("PARTITIONED BY");
          continue;
        case "SKEWED":
          this.#skewed();
          once("SKEWED BY");
          this.deferWhole("INVALID_STATEMENT_OR_CLAUSE", {
            operation: "CREATE TABLE ... SKEWED BY",
          });
          continue;
        case "CLUSTER":
          this.pos++;
          this.expectAll("BY", "(");
          clauses.clusterBy = this.list(() => this.multipartIdentifier());
          this.expect(")");
          once("CLUSTER BY");
          break;
        case "CLUSTERED":
          clauses.bucketBy = this.#bucketBy();
          once("CLUSTERED BY");
          break;
        case "ROW":
          clauses.hiveFeature = this.rowFormat() === "serde" ? "ROW FORMAT SERDE" : "ROW FORMAT DELIMITED";
          once("ROW FORMAT");
          if (provider !== undefined) {
            const format = clauses.hiveFeature.endsWith("SERDE") ? "SERDE" : "DELIMITED";
            this.deferWhole("INVALID_STATEMENT_OR_CLAUSE", {
              operation: `CREATE TABLE ... USING ... ROW FORMAT ${format}`,
            });
          }
          continue;
        case "STORED":
          this.#storedAs(clauses, provider, first);
          once("STORED AS/BY");
          continue;
        case "LOCATION":
          clauses.location = this.location();
          once("LOCATION");
          continue;
        case "COMMENT":
          clauses.comment = this.comment();
          once("COMMENT");
          continue;
        case "TBLPROPERTIES":
          this.pos++;
          clauses.properties = this.reservedTableProperties(this.propertyList());
          once("TBLPROPERTIES");
          continue;
        case "DEFAULT":
          if (!this.atCollation()) return clauses;
          clauses.collation = this.collation();
          once("DEFAULT COLLATION");
          continue;
        default:
          return clauses;
      }
      if (clauses.clusterBy !== undefined && clauses.bucketBy !== undefined) {
        this.deferWhole("SPECIFY_CLUSTER_BY_WITH_BUCKETING_IS_NOT_ALLOWED");
      }
      if (clauses.clusterBy !== undefined && clauses.partitioning !== undefined) {
        this.deferWhole("SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED");
      }
    }
  }

  protected reservedTableProperties(
    properties: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    const reserved: Readonly<Record<string, string>> = {
      provider: "please use the USING clause to specify it",
      location: "please use the LOCATION clause to specify it",
      owner: "it will be set to the current user",
      external: "please use CREATE EXTERNAL TABLE",
      is_managed_location:
        "please check https://spark.apache.org/docs/latest/sql-ref-syntax-ddl-create-table.html",
    };
    for (const [property, msg] of Object.entries(reserved)) {
      if (property in properties)
        this.deferWhole("UNSUPPORTED_FEATURE.SET_TABLE_PROPERTY", { property, msg });
    }
    return properties;
  }

  /** A column's name, a transform of columns, or a new column with its type. */
  #partitionField(): Expression | ColumnDefinition {
    const first = this.pos;
    const name = this.identifier();
    if (this.at("(")) {
      this.pos++;
      const args = this.list((): Expression => {
        const at = this.pos;
        if (!this.atIdentifier() || this.atString(1)) return this.constant();
        const nameParts = this.multipartIdentifier();
        return {
          kind: "UnresolvedAttribute",
          unparsedIdentifier: unparsed(nameParts),
          nameParts,
          origin: this.originFrom(at),
        };
      });
      this.expect(")");
      return {
        kind: "UnresolvedFunction",
        functionName: name.toLowerCase(),
        arguments: args,
        origin: this.originFrom(first),
      };
    }
    if (this.at(",") || this.at(")") || this.at(".")) {
      this.pos = first;
      const nameParts = this.multipartIdentifier();
      return {
        kind: "UnresolvedAttribute",
        unparsedIdentifier: unparsed(nameParts),
        nameParts,
        origin: this.originFrom(first),
      };
    }
    this.pos = first;
    const column = this.columnType();
    const comment = column.metadata?.comment;
    return {
      name: column.name,
      dataType: column.dataType,
      nullable: column.nullable,
      ...(typeof comment === "string" ? { comment } : {}),
    };
  }

  #skewed(): void {
    this.expectAll("SKEWED", "BY");
    this.identifierList();
    this.expectAll("ON", "(");
    this.list(() => {
      if (this.accept("(")) {
        this.list(() => this.constant());
        this.expect(")");
      } else {
        this.constant();
      }
    });
    this.expect(")");
    this.acceptAll("STORED", "AS", "DIRECTORIES");
  }

  #bucketBy(): CreateTable["bucketBy"] {
    const first = this.pos;
    this.expectAll("CLUSTERED", "BY");
    const bucketColumnNames = this.identifierList();
    const sortColumnNames: string[] = [];
    let descending: string | undefined;
    if (this.acceptAll("SORTED", "BY")) {
      this.expect("(");
      this.list(() => {
        sortColumnNames.push(this.identifierNoMinus());
        if (this.at("DESC")) descending ??= this.textOf(this.pos);
        if (!this.accept("ASC")) this.accept("DESC");
      });
      this.expect(")");
    }
    this.expect("INTO");
    const numBuckets = this.integerValue();
    this.expect("BUCKETS");
    if (descending !== undefined) this.notAllowed(first, `Column ordering must be ASC, was '${descending}'`);
    return { bucketColumnNames, sortColumnNames, numBuckets };
  }

  #storedAs(clauses: TableClauses, provider: string | undefined, first: number): void {
    this.pos++;
    let shown: string;
    if (this.accept("BY")) {
      this.stringLiteral();
      if (this.acceptAll("WITH", "SERDEPROPERTIES")) this.propertyList();
      clauses.hiveFeature = "STORED BY";
      this.notAllowed(first, "STORED BY");
      return;
    }
    this.expect("AS");
    if (this.accept("INPUTFORMAT")) {
      const input = this.stringLiteral();
      this.expect("OUTPUTFORMAT");
      const output = this.stringLiteral();
      shown = `INPUTFORMAT ${input} OUTPUTFORMAT ${output} `;
      clauses.hiveFeature = "STORED AS INPUTFORMAT";
    } else {
      clauses.storedAs = this.identifier();
      shown = `${clauses.storedAs.toUpperCase()} `;
    }
    if (provider !== undefined) {
      this.deferWhole("INVALID_STATEMENT_OR_CLAUSE", {
        operation: `CREATE TABLE ... USING ... STORED AS ${shown}`,
      });
    }
  }

  #createTableLike(first: number, reference: NameReference, ifNotExists: boolean): Command {
    this.pos++;
    const source = this.nameReference();
    const seen = new Set<string>();
    let provider: string | undefined;
    let location: string | undefined;
    let properties: Readonly<Record<string, string>> = {};
    let hiveFeature: string | undefined;
    for (;;) {
      if (this.at("USING")) {
        this.pos++;
        provider = this.multipartIdentifier().join(".");
        this.refuseRepeated(seen, "PROVIDER");
      } else if (this.at("ROW")) {
        hiveFeature = this.rowFormat() === "serde" ? "ROW FORMAT SERDE" : "ROW FORMAT DELIMITED";
        this.refuseRepeated(seen, "ROW FORMAT");
      } else if (this.at("STORED")) {
        const clauses: TableClauses = {};
        this.#storedAs(clauses, provider, first);
        hiveFeature = clauses.hiveFeature ?? `STORED AS ${clauses.storedAs}`;
        this.refuseRepeated(seen, "STORED AS/BY");
      } else if (this.at("LOCATION")) {
        location = this.location();
        this.refuseRepeated(seen, "LOCATION");
      } else if (this.at("TBLPROPERTIES")) {
        this.pos++;
        properties = this.reservedTableProperties(this.propertyList());
        this.refuseRepeated(seen, "TBLPROPERTIES");
      } else {
        break;
      }
    }
    return {
      kind: "CreateTableLike",
      ...reference,
      ifNotExists,
      source: source.name,
      ...(provider === undefined ? {} : { provider }),
      ...(location === undefined ? {} : { location }),
      properties,
      ...(hiveFeature === undefined ? {} : { hiveFeature }),
      origin: this.originFrom(first),
    };
  }

  /** Delta's `[SHALLOW | DEEP] CLONE source`. */
  #cloneTable(first: number, reference: NameReference, mode: CreateTable["mode"]): Command | undefined {
    const isShallow = this.isWord(this.pos, "SHALLOW");
    const offset = isShallow || this.isWord(this.pos, "DEEP") ? 1 : 0;
    if (!this.isWord(this.pos + offset, "CLONE")) return undefined;
    this.pos += offset + 1;
    const source = this.relationPrimary();
    let properties: Readonly<Record<string, string>> = {};
    if (this.accept("TBLPROPERTIES")) properties = this.propertyList();
    const location = this.at("LOCATION") ? this.location() : undefined;
    return {
      kind: "CloneTable",
      ...reference,
      mode,
      source,
      isShallow,
      properties,
      ...(location === undefined ? {} : { location }),
      origin: this.originFrom(first),
    };
  }

  /** Whether a plain name reads so, for words that are none of Spark's. */
  protected isWord(index: number, word: string): boolean {
    return this.kindAt(index) === "name" && this.textOf(index).toUpperCase() === word;
  }

  protected dropTable(first: number): Command {
    const ifExists = this.ifExists();
    const reference = this.nameReference();
    const purge = this.accept("PURGE");
    return { kind: "DropTable", ...reference, ifExists, purge, origin: this.originFrom(first) };
  }

  protected createIndex(first: number): Command {
    const ifNotExists = this.ifNotExists();
    const indexName = this.identifier();
    this.expect("ON");
    this.accept("TABLE");
    const reference = this.nameReference();
    if (this.accept("USING")) this.identifier();
    this.expect("(");
    this.list(() => {
      this.multipartIdentifier();
      if (this.accept("OPTIONS")) this.propertyList();
    });
    this.expect(")");
    if (this.accept("OPTIONS")) this.propertyList();
    return { kind: "CreateIndex", ...reference, indexName, ifNotExists, origin: this.originFrom(first) };
  }

  protected dropIndex(first: number): Command {
    const ifExists = this.ifExists();
    const indexName = this.identifier();
    this.expect("ON");
    this.accept("TABLE");
    return {
      kind: "DropIndex",
      ...this.nameReference(),
      indexName,
      ifExists,
      origin: this.originFrom(first),
    };
  }
}

function transformText(expression: Expression): string {
  if (expression.kind === "UnresolvedAttribute") return expression.unparsedIdentifier;
  if (expression.kind !== "UnresolvedFunction") return "";
  return `${expression.functionName}(${expression.arguments.map(transformText).join(", ")})`;
}
