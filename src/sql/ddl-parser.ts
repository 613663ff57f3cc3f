import type { Command } from "../plan/command.ts";
import type { Expression } from "../plan/expression.ts";
import type { Relation } from "../plan/relation.ts";
import type {
  ColumnDefinition,
  CreateTable,
  CreateView,
  SchemaBinding,
  TableConstraint,
} from "../plan/statement.ts";
import type { StructField } from "../types/data-type.ts";
import { ColumnParser, type NameReference } from "./column-parser.ts";
import { unparsed } from "./name-text.ts";

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

/** CREATE and DROP of databases, tables and views. */
export abstract class DdlParser extends ColumnParser {
  #constraints: TableConstraint[] = [];

  protected onColumnConstraint(constraint: TableConstraint): void {
    this.#constraints.push(constraint);
  }

  /** The constraints written beside columns since the last call. */
  protected takeConstraints(): TableConstraint[] {
    const found = this.#constraints;
    this.#constraints = [];
    return found;
  }

  // --- databases

  protected isNamespaceWord(index: number): boolean {
    const kind = this.kindAt(index);
    return kind === "NAMESPACE" || kind === "DATABASE" || kind === "SCHEMA";
  }

  protected createNamespace(first: number): Command {
    const ifNotExists = this.ifNotExists();
    const reference = this.nameReference();
    const seen = new Set<string>();
    let comment: string | undefined;
    let location: string | undefined;
    let collation: string | undefined;
    let properties: Readonly<Record<string, string>> = {};
    for (;;) {
      if (this.at("COMMENT")) {
        comment = this.comment();
        this.refuseRepeated(seen, "COMMENT");
      } else if (this.at("LOCATION")) {
        location = this.location();
        this.refuseRepeated(seen, "LOCATION");
      } else if (this.atCollation()) {
        collation = this.collation();
        this.refuseRepeated(seen, "DEFAULT COLLATION");
      } else if (this.at("WITH") && (this.peek(1) === "DBPROPERTIES" || this.peek(1) === "PROPERTIES")) {
        const word = this.textOf(this.pos + 1).toUpperCase();
        this.pos += 2;
        properties = this.#reservedNamespaceProperties(this.propertyList());
        this.refuseRepeated(seen, `WITH ${word}`);
        if (seen.has("WITH PROPERTIES") && seen.has("WITH DBPROPERTIES")) {
          this.deferWhole("UNSUPPORTED_FEATURE.SET_PROPERTIES_AND_DBPROPERTIES");
        }
      } else {
        break;
      }
    }
    return {
      kind: "CreateNamespace",
      ...reference,
      ifNotExists,
      ...(comment === undefined ? {} : { comment }),
      ...(location === undefined ? {} : { location }),
      ...(collation === undefined ? {} : { collation }),
      properties,
      origin: this.originFrom(first),
    };
  }

  #reservedNamespaceProperties(
    properties: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>> {
    for (const property of ["location", "owner"]) {
      if (property in properties) {
        this.deferWhole("UNSUPPORTED_FEATURE.SET_NAMESPACE_PROPERTY", {
          property,
          msg:
            property === "owner"
              ? "it will be set to the current user"
              : "please use the LOCATION clause to specify it",
        });
      }
    }
    return properties;
  }

  protected dropNamespace(first: number): Command {
    const ifExists = this.ifExists();
    const reference = this.nameReference();
    const cascade = this.accept("CASCADE");
    if (!cascade) this.accept("RESTRICT");
    return { kind: "DropNamespace", ...reference, ifExists, cascade, origin: this.originFrom(first) };
  }

  protected alterNamespace(first: number): Command {
    const reference = this.nameReference();
    const action = this.#namespaceAction();
    return { kind: "AlterNamespace", ...reference, action, origin: this.originFrom(first) };
  }

  #namespaceAction(): Extract<Command, { kind: "AlterNamespace" }>["action"] {
    if (this.atCollation()) return { type: "setCollation", collation: this.collation() };
    const unset = this.accept("UNSET");
    if (!unset) this.expect("SET");
    if (!unset && this.at("LOCATION")) return { type: "setLocation", location: this.location() };
    if (!this.accept("DBPROPERTIES")) this.expect("PROPERTIES");
    if (unset) return { type: "unsetProperties", keys: this.propertyKeys() };
    return {
      type: "setProperties",
      properties: this.#reservedNamespaceProperties(this.propertyList()),
    };
  }

  // --- tables

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

  // --- views

  protected createView(
    first: number,
    flags: { readonly replace: boolean; readonly isTemporary: boolean; readonly isGlobal: boolean },
  ): Command {
    const ifNotExists = this.ifNotExists();
    const reference = this.nameReference();
    const viewType = flags.isGlobal ? "globalTemporary" : flags.isTemporary ? "temporary" : "persistent";
    const mode = flags.replace ? "createOrReplace" : ifNotExists ? "createIfNotExists" : "create";
    const using = this.#viewUsing(flags.isTemporary);
    if (using !== undefined) {
      const query: Relation = { kind: "OneRowRelation" };
      return {
        kind: "CreateView",
        ...reference,
        viewType,
        mode,
        columns: [],
        properties: {},
        query,
        queryText: "",
        using,
        origin: this.originFrom(first),
      };
    }
    const columns = this.at("(") ? this.#viewColumns() : [];
    const clauses = this.#viewClauses();
    this.expect("AS");
    if (this.at("dollar-quoted")) {
      this.pos++;
      return {
        kind: "UnsupportedStatement",
        feature: "CREATE VIEW WITH METRICS",
        origin: this.originFrom(first),
      };
    }
    const queryAt = this.pos;
    const query = this.query();
    const queryText = this.textBetween(queryAt, this.pos - 1);
    this.#checkView(first, reference, { ...flags, ifNotExists, ...clauses });
    return {
      kind: "CreateView",
      ...reference,
      viewType,
      mode,
      columns,
      ...(clauses.comment === undefined ? {} : { comment: clauses.comment }),
      ...(clauses.schemaBinding === undefined ? {} : { schemaBinding: clauses.schemaBinding }),
      ...(clauses.collation === undefined ? {} : { collation: clauses.collation }),
      properties: clauses.properties ?? {},
      query,
      queryText,
      origin: this.originFrom(first),
    };
  }

  #viewUsing(isTemporary: boolean): CreateView["using"] | undefined {
    if (!isTemporary) return undefined;
    const isList = this.at("(") && this.kindAt(this.closingOf(this.pos) + 1) === "USING";
    if (!isList && !this.at("USING")) return undefined;
    let fields: readonly StructField[] | undefined;
    if (isList) {
      this.pos++;
      fields = this.columnTypeList();
      this.expect(")");
    }
    this.expect("USING");
    const provider = this.multipartIdentifier().join(".");
    const options = this.accept("OPTIONS") ? this.propertyList() : {};
    return { provider, options, ...(fields === undefined ? {} : { schema: { kind: "struct", fields } }) };
  }

  #viewColumns(): CreateView["columns"] {
    this.expect("(");
    const columns = this.list(() => {
      const name = this.identifier();
      return this.at("COMMENT") ? { name, comment: this.comment() } : { name };
    });
    this.expect(")");
    return columns;
  }

  #viewClauses(): ViewClauses {
    const seen = new Set<string>();
    const clauses: ViewClauses = {};
    const repeated = new Set<string>();
    const once = (name: string): void => {
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
    };
    for (;;) {
      if (this.at("COMMENT")) {
        clauses.comment = this.comment();
        once("COMMENT");
      } else if (this.at("WITH") && this.peek(1) === "SCHEMA") {
        clauses.schemaBinding = this.schemaBinding();
        once("WITH SCHEMA");
      } else if (this.atAll("WITH", "METRICS")) {
        this.pos += 2;
      } else if (this.at("LANGUAGE")) {
        this.pos += 2;
      } else if (this.atCollation()) {
        clauses.collation = this.collation();
        once("DEFAULT COLLATION");
      } else if (this.acceptAll("PARTITIONED", "ON")) {
        this.identifierList();
        clauses.isPartitioned = true;
        once("PARTITIONED ON");
      } else if (this.at("TBLPROPERTIES")) {
        this.pos++;
        clauses.properties = this.reservedTableProperties(this.propertyList());
        once("TBLPROPERTIES");
      } else {
        break;
      }
    }
    for (const clauseName of repeated) this.deferWhole("DUPLICATE_CLAUSES", { clauseName });
    return clauses;
  }

  #checkView(
    first: number,
    reference: NameReference,
    view: ViewClauses & {
      readonly replace: boolean;
      readonly isTemporary: boolean;
      readonly ifNotExists: boolean;
    },
  ): void {
    if (view.isPartitioned === true) this.invalidStatement(first, "CREATE VIEW ... PARTITIONED ON");
    if (!view.isTemporary) {
      if (view.replace && view.ifNotExists) {
        this.defer(first, this.pos - 1, "CREATE_VIEW_WITH_IF_NOT_EXISTS_AND_REPLACE", {
          viewName: reference.name.join("."),
        });
      }
      return;
    }
    if (view.ifNotExists) this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0053");
    if (view.properties !== undefined)
      this.notAllowed(first, "TBLPROPERTIES can't coexist with CREATE TEMPORARY VIEW");
    if (view.schemaBinding !== undefined) {
      this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.TEMPORARY_VIEW_WITH_SCHEMA_BINDING_MODE");
    }
    this.refuseQualifier(first, "VIEW", reference.name);
  }

  /** A temporary thing has a name of one part. */
  protected refuseQualifier(first: number, objectType: string, name: readonly string[]): void {
    if (name.length < 2) return;
    this.defer(first, this.pos - 1, "INVALID_TEMP_OBJ_QUALIFIER", {
      objectType,
      objectName: `\`${name.at(-1)}\``,
      qualifier: name
        .slice(0, -1)
        .map((part) => `\`${part}\``)
        .join("."),
    });
  }

  protected schemaBinding(): SchemaBinding {
    this.expectAll("WITH", "SCHEMA");
    if (this.accept("BINDING")) return "binding";
    if (this.accept("COMPENSATION")) return "compensation";
    // Without TYPE, columns follow the query; with it, only their types do.
    if (this.accept("EVOLUTION")) return "evolution";
    this.expectAll("TYPE", "EVOLUTION");
    return "typeEvolution";
  }

  // --- DROP

  protected dropTable(first: number): Command {
    const ifExists = this.ifExists();
    const reference = this.nameReference();
    const purge = this.accept("PURGE");
    return { kind: "DropTable", ...reference, ifExists, purge, origin: this.originFrom(first) };
  }

  protected dropView(first: number): Command {
    const ifExists = this.ifExists();
    return { kind: "DropView", ...this.nameReference(), ifExists, origin: this.originFrom(first) };
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

interface ViewClauses {
  comment?: string;
  schemaBinding?: SchemaBinding;
  collation?: string;
  properties?: Readonly<Record<string, string>>;
  isPartitioned?: boolean;
}

function transformText(expression: Expression): string {
  if (expression.kind === "UnresolvedAttribute") return expression.unparsedIdentifier;
  if (expression.kind !== "UnresolvedFunction") return "";
  return `${expression.functionName}(${expression.arguments.map(transformText).join(", ")})`;
}
