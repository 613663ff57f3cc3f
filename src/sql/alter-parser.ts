import type { Command } from "../plan/command.ts";
import type { AddedColumn, AlterTableAction, ColumnChange, ColumnPosition } from "../plan/statement.ts";
import type { NameReference } from "./column-parser.ts";
import { ViewParser } from "./view-parser.ts";

/** ALTER TABLE and ALTER VIEW. */
export abstract class AlterParser extends ViewParser {
  /** After `ALTER TABLE` or `ALTER VIEW`. */
  protected alterTable(first: number, isView: boolean): Command {
    const reference = this.nameReference();
    if (isView) {
      const view = this.#alterView(first, reference);
      if (view !== undefined) return view;
    }
    const hive = this.#hiveCommand(first);
    if (hive !== undefined) return hive;
    const action = this.#action(first, isView, reference);
    return { kind: "AlterTable", ...reference, isView, action, origin: this.originFrom(first) };
  }

  #alterView(first: number, reference: NameReference): Command | undefined {
    if (this.atAll("WITH", "SCHEMA")) {
      const action = { type: "schemaBinding", schemaBinding: this.schemaBinding() } as const;
      return { kind: "AlterView", ...reference, action, origin: this.originFrom(first) };
    }
    const isQuery = this.at("(") ? this.isQueryParen(this.pos) : this.isQueryStart(this.pos);
    if (!this.at("AS") && !isQuery) return undefined;
    this.accept("AS");
    const queryAt = this.pos;
    const query = this.query();
    const queryText = this.textBetween(queryAt, this.pos - 1);
    return {
      kind: "AlterView",
      ...reference,
      action: { type: "as", query, queryText },
      origin: this.originFrom(first),
    };
  }

  /** What only Hive has: refused by its words. */
  #hiveCommand(first: number): Command | undefined {
    const at = this.pos;
    if (this.atPartition()) {
      const close = this.closingOf(this.pos + 1);
      if (close !== -1) this.pos = close + 1;
    }
    const words = HIVE_ACTIONS.find((action) => this.atAll(...action));
    if (words === undefined || (at !== this.pos && !PARTITIONED_HIVE_ACTIONS.has(words.join(" ")))) {
      this.pos = at;
      return undefined;
    }
    this.pos += words.length;
    this.skipStatement();
    this.invalidStatement(first, `ALTER TABLE ${words.join(" ")}`);
    return {
      kind: "UnsupportedStatement",
      feature: `ALTER TABLE ${words.join(" ")}`,
      origin: this.originFrom(first),
    };
  }

  /** Passes over the rest of a statement. */
  protected skipStatement(): void {
    while (!this.at("end") && !this.at(";")) this.pos++;
  }

  #action(first: number, isView: boolean, reference: NameReference): AlterTableAction {
    switch (this.peek()) {
      case "ADD":
        return this.#add(first, isView);
      case "DROP":
        return this.#drop();
      case "RENAME":
        this.pos++;
        if (this.accept("TO")) return { type: "renameTo", to: this.multipartIdentifier() };
        this.expect("COLUMN");
        return this.#renameColumn();
      case "SET":
        return this.#set();
      case "UNSET": {
        this.pos++;
        this.expect("TBLPROPERTIES");
        const ifExists = this.ifExists();
        return { type: "unsetProperties", ifExists, keys: this.propertyKeys() };
      }
      case "ALTER":
        this.pos++;
        this.accept("COLUMN");
        return this.#alterColumns(first, reference);
      case "CHANGE":
        return this.#change(first, reference);
      case "REPLACE":
        return this.#replaceColumns(first);
      case "RECOVER":
        this.pos++;
        this.expect("PARTITIONS");
        return { type: "recoverPartitions" };
      case "CLUSTER":
        this.pos++;
        this.expect("BY");
        if (this.accept("NONE")) return { type: "clusterBy", columns: [] };
        this.expect("(");
        return { type: "clusterBy", columns: this.#closed(() => this.multipartIdentifier()) };
      case "DEFAULT":
        return { type: "setCollation", collation: this.collation() };
      case "PARTITION":
        return this.#partitionAction(first, reference);
      default:
        throw this.unexpected();
    }
  }

  #closed<T>(item: () => T): T[] {
    const items = this.list(item);
    this.expect(")");
    return items;
  }

  #add(first: number, isView: boolean): AlterTableAction {
    this.pos++;
    if (this.at("COLUMN") || this.at("COLUMNS")) {
      this.pos++;
      if (this.accept("(")) return { type: "addColumns", columns: this.#closed(() => this.#addedColumn()) };
      return { type: "addColumns", columns: this.list(() => this.#addedColumn()) };
    }
    if (this.atTableConstraint()) return { type: "addConstraint", constraint: this.tableConstraint() };
    const ifNotExists = this.ifNotExists();
    const partitions = [this.#partitionLocation()];
    while (this.atPartition()) partitions.push(this.#partitionLocation());
    if (isView) this.invalidStatement(first, "ALTER VIEW ... ADD PARTITION");
    return { type: "addPartitions", ifNotExists, partitions };
  }

  #partitionLocation(): { spec: ReturnType<AlterParser["partitionSpec"]>; location?: string } {
    const spec = this.fullPartitionSpec();
    return this.at("LOCATION") ? { spec, location: this.location() } : { spec };
  }

  #drop(): AlterTableAction {
    this.pos++;
    if (this.at("COLUMN") || this.at("COLUMNS")) {
      this.pos++;
      const ifExists = this.ifExists();
      if (this.accept("("))
        return { type: "dropColumns", ifExists, columns: this.#closed(() => this.multipartIdentifier()) };
      return { type: "dropColumns", ifExists, columns: this.list(() => this.multipartIdentifier()) };
    }
    if (this.accept("CONSTRAINT")) {
      const ifExists = this.ifExists();
      const constraintName = this.identifier();
      const cascade = this.accept("CASCADE");
      if (!cascade) this.accept("RESTRICT");
      return { type: "dropConstraint", constraintName, ifExists, cascade };
    }
    const ifExists = this.ifExists();
    const partitions = this.list(() => this.fullPartitionSpec());
    return { type: "dropPartitions", ifExists, partitions, purge: this.accept("PURGE") };
  }

  #renameColumn(): AlterTableAction {
    const column = this.multipartIdentifier();
    this.expect("TO");
    return { type: "renameColumn", column, to: this.identifierNoMinus() };
  }

  #set(): AlterTableAction {
    this.pos++;
    if (this.accept("TBLPROPERTIES")) {
      return { type: "setProperties", properties: this.reservedTableProperties(this.propertyList()) };
    }
    if (this.at("LOCATION")) return { type: "setLocation", location: this.location() };
    if (this.accept("SERDE")) {
      this.stringLiteral();
      if (this.acceptAll("WITH", "SERDEPROPERTIES")) this.propertyList();
      return { type: "setSerde" };
    }
    this.expect("SERDEPROPERTIES");
    this.propertyList();
    return { type: "setSerde" };
  }

  /** `PARTITION (...)` before the action. */
  #partitionAction(first: number, reference: NameReference): AlterTableAction {
    const partition = this.partitionSpec();
    switch (this.peek()) {
      case "RENAME":
        this.pos++;
        this.expect("TO");
        return { type: "renamePartition", from: partition, to: this.fullPartitionSpec() };
      case "SET": {
        const action = this.#set();
        return action.type === "setLocation" ? { ...action, partition } : action;
      }
      case "CHANGE": {
        const action = this.#change(first, reference);
        this.notAllowed(first, "ALTER TABLE table PARTITION partition_spec CHANGE COLUMN");
        return action;
      }
      case "REPLACE":
        return this.#replaceColumns(first);
      default:
        throw this.unexpected();
    }
  }

  #replaceColumns(first: number): AlterTableAction {
    this.pos++;
    this.expectAll("COLUMNS", "(");
    const columns = this.#closed(() => this.#addedColumn());
    for (const { name } of columns) {
      if (name.length > 1)
        this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.REPLACE_NESTED_COLUMN", {
          colName: name.map((p) => `\`${p}\``).join("."),
        });
    }
    return { type: "replaceColumns", columns };
  }

  #addedColumn(): AddedColumn {
    const first = this.pos;
    const name = this.multipartIdentifier();
    const dataType = this.dataType();
    const seen = new Set<string>();
    const once = (optionName: string): void => {
      if (seen.has(optionName)) {
        this.defer(first, this.pos - 1, "ALTER_TABLE_COLUMN_DESCRIPTOR_DUPLICATE", {
          type: "ADD",
          columnName: name.join("."),
          optionName,
        });
      }
      seen.add(optionName);
    };
    let column: AddedColumn = { name, dataType, nullable: true };
    for (;;) {
      if (this.atNot() && this.peek(1) === "NULL") {
        this.pos += 2;
        once("NOT NULL");
        column = { ...column, nullable: false };
      } else if (this.accept("DEFAULT")) {
        const { expression, sql } = this.textedExpression();
        once("DEFAULT");
        column = { ...column, defaultSql: sql, defaultExpression: expression };
      } else if (this.at("COMMENT")) {
        column = { ...column, comment: this.comment() };
        once("COMMENT");
      } else {
        const position = this.#position();
        if (position === undefined) return column;
        once("FIRST|AFTER");
        column = { ...column, position };
      }
    }
  }

  #position(): ColumnPosition | undefined {
    if (this.accept("FIRST")) return { type: "first" };
    return this.accept("AFTER") ? { type: "after", column: this.identifierNoMinus() } : undefined;
  }

  #alterColumns(first: number, reference: NameReference): AlterTableAction {
    const changes = this.list((): ColumnChange => {
      const column = this.multipartIdentifier();
      const change = this.#columnChange();
      if (change === undefined) {
        this.#nothingToAlter(first, "ALTER");
        return { column };
      }
      return { column, ...change };
    });
    this.#refuseRepeatedColumns(first, changes, reference);
    return { type: "alterColumns", changes };
  }

  #nothingToAlter(first: number, verb: "ALTER" | "CHANGE"): void {
    this.notAllowed(
      first,
      `ALTER TABLE table ${verb} COLUMN requires a TYPE, a SET/DROP, a COMMENT, or a FIRST/AFTER`,
    );
  }

  #refuseRepeatedColumns(first: number, changes: readonly ColumnChange[], reference: NameReference): void {
    const seen = new Set<string>();
    for (const { column } of changes) {
      const key = column.join(".").toLowerCase();
      if (seen.has(key)) {
        this.defer(first, this.pos - 1, "NOT_SUPPORTED_CHANGE_SAME_COLUMN", {
          table: reference.name.map((p) => `\`${p}\``).join("."),
          fieldName: column.map((p) => `\`${p}\``).join("."),
        });
      }
      seen.add(key);
    }
  }

  #columnChange(): Omit<ColumnChange, "column"> | undefined {
    if (this.accept("TYPE")) return { dataType: this.dataType() };
    if (this.at("COMMENT")) return { comment: this.comment() };
    const position = this.#position();
    if (position !== undefined) return { position };
    if ((this.at("SET") || this.at("DROP")) && this.atNot(1) && this.peek(2) === "NULL") {
      const nullable = this.at("DROP");
      this.pos += 3;
      return { nullable };
    }
    if (this.acceptAll("SET", "DEFAULT")) {
      const { expression, sql } = this.textedExpression();
      return { defaultSql: sql, defaultExpression: expression };
    }
    return this.acceptAll("DROP", "DEFAULT") ? { dropDefault: true } : undefined;
  }

  /** `CHANGE COLUMN a a type [COMMENT ...] [FIRST | AFTER b]`, Hive's way, or as ALTER COLUMN. */
  #change(first: number, reference: NameReference): AlterTableAction {
    this.pos++;
    this.accept("COLUMN");
    const column = this.multipartIdentifier();
    const change = this.#columnChange();
    if (change !== undefined || this.at("end") || this.at(";") || this.at(",")) {
      if (change === undefined) this.#nothingToAlter(first, "CHANGE");
      const changes: ColumnChange[] = [{ column, ...change }];
      while (this.accept(",")) {
        const next = this.multipartIdentifier();
        changes.push({ column: next, ...this.#columnChange() });
      }
      return { type: "alterColumns", changes, hiveStyle: true };
    }
    const { name, dataType, nullable, metadata } = this.columnType();
    const position = this.#position();
    if (name.toLowerCase() !== column.at(-1)?.toLowerCase()) {
      this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0034", {
        operation: "Renaming column",
        command: "ALTER COLUMN",
        msg: ", please run RENAME COLUMN instead",
      });
    }
    if (!nullable) {
      this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0034", {
        operation: "NOT NULL",
        command: "ALTER COLUMN",
        msg: ", please run ALTER COLUMN ... SET/DROP NOT NULL instead",
      });
    }
    const comment = metadata?.comment;
    const changes: ColumnChange[] = [
      {
        column,
        dataType,
        ...(typeof comment === "string" ? { comment } : {}),
        ...(position === undefined ? {} : { position }),
      },
    ];
    this.#refuseRepeatedColumns(first, changes, reference);
    return { type: "alterColumns", changes, hiveStyle: true };
  }
}

const HIVE_ACTIONS = [
  ["NOT", "CLUSTERED"],
  ["CLUSTERED", "BY"],
  ["NOT", "SORTED"],
  ["SKEWED", "BY"],
  ["NOT", "SKEWED"],
  ["NOT", "STORED", "AS", "DIRECTORIES"],
  ["SET", "SKEWED", "LOCATION"],
  ["EXCHANGE", "PARTITION"],
  ["ARCHIVE", "PARTITION"],
  ["UNARCHIVE", "PARTITION"],
  ["TOUCH"],
  ["COMPACT"],
  ["CONCATENATE"],
  ["SET", "FILEFORMAT"],
] as const;
const PARTITIONED_HIVE_ACTIONS: ReadonlySet<string> = new Set(["COMPACT", "CONCATENATE", "SET FILEFORMAT"]);
