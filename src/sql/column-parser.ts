import type { Expression } from "../plan/expression.ts";
import type { ColumnDefinition, PartitionSpec, TableConstraint } from "../plan/statement.ts";
import { PropertyParser } from "./property-parser.ts";

/** A name, or the expression in `IDENTIFIER(...)` that gives it. */
export interface NameReference {
  readonly name: readonly string[];
  readonly nameClause?: Expression;
}

/** Columns of tables and routines, constraints, PARTITION clauses, and what DDL shares. */
export abstract class ColumnParser extends PropertyParser {
  protected nameReference(): NameReference {
    const reference = this.identifierReference();
    if (Array.isArray(reference)) return { name: reference as readonly string[] };
    return { name: [], nameClause: reference as Expression };
  }

  /** `_LEGACY_ERROR_TEMP_0035`: "Operation not allowed". */
  protected notAllowed(first: number, message: string): void {
    this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0035", { message });
  }

  protected invalidStatement(first: number, operation: string): void {
    this.defer(first, this.pos - 1, "INVALID_STATEMENT_OR_CLAUSE", { operation });
  }

  protected refuseRepeated(seen: Set<string>, clauseName: string): void {
    if (seen.has(clauseName)) this.deferWhole("DUPLICATE_CLAUSES", { clauseName });
    seen.add(clauseName);
  }

  protected ifExists(): boolean {
    return this.acceptAll("IF", "EXISTS");
  }

  protected ifNotExists(): boolean {
    return this.acceptAll("IF", "NOT", "EXISTS") || this.acceptAll("IF", "!", "EXISTS");
  }

  protected atNot(offset = 0): boolean {
    return this.peek(offset) === "NOT" || this.peek(offset) === "!";
  }

  protected comment(): string {
    this.expect("COMMENT");
    return this.stringLiteral();
  }

  /** `'text'` or NULL after IS. */
  protected commentValue(): string | null {
    return this.accept("NULL") ? null : this.stringLiteral();
  }

  protected location(): string {
    this.expect("LOCATION");
    return this.stringLiteral();
  }

  /** `DEFAULT COLLATION name`. */
  protected atCollation(): boolean {
    return this.atAll("DEFAULT", "COLLATION");
  }

  protected collation(): string {
    this.expectAll("DEFAULT", "COLLATION");
    return this.identifier().toUpperCase();
  }

  /** An expression and its text. */
  protected textedExpression(): { readonly expression: Expression; readonly sql: string } {
    const first = this.pos;
    const expression = this.expression();
    return { expression, sql: this.textBetween(first, this.pos - 1) };
  }

  /** `PARTITION (a = 1, b)`. */
  protected partitionSpec(): PartitionSpec {
    const first = this.pos;
    this.expectAll("PARTITION", "(");
    const entries = this.list((): readonly [string, Expression | null] => {
      const name = this.identifier();
      if (!this.accept("=")) return [name, null];
      if (this.at("DEFAULT")) {
        this.pos++;
        this.defer(first, this.pos, "REF_DEFAULT_VALUE_IS_NOT_ALLOWED_IN_PARTITION");
        return [name, null];
      }
      return [name, this.constant()];
    });
    this.expect(")");
    const seen = new Set<string>();
    for (const [name] of entries) {
      const key = name.toLowerCase();
      if (seen.has(key)) this.defer(first, this.pos - 1, "DUPLICATE_KEY", { keyColumn: `\`${name}\`` });
      seen.add(key);
    }
    return Object.fromEntries(entries);
  }

  /** As `partitionSpec`, with a value for every column. */
  protected fullPartitionSpec(): PartitionSpec {
    const first = this.pos;
    const spec = this.partitionSpec();
    for (const [name, value] of Object.entries(spec)) {
      if (value === null) {
        this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE", {
          partKey: `\`${name}\``,
        });
      }
    }
    return spec;
  }

  /** A literal. */
  protected constant(): Expression {
    const first = this.pos;
    const value = this.valueExpression();
    if (value.kind !== "Literal" && value.kind !== "ParameterMarker") throw this.unexpectedAt(first);
    return value;
  }

  protected atPartition(): boolean {
    return this.at("PARTITION") && this.peek(1) === "(";
  }

  // --- columns of CREATE TABLE and of routines

  protected columnDefinition(): ColumnDefinition {
    const first = this.pos;
    const name = this.identifierNoMinus();
    const dataType = this.dataType();
    const seen = new Set<string>();
    const once = (optionName: string): void => {
      if (seen.has(optionName)) {
        this.defer(first, this.pos - 1, "CREATE_TABLE_COLUMN_DESCRIPTOR_DUPLICATE", {
          columnName: name,
          optionName,
        });
      }
      seen.add(optionName);
    };
    let column: ColumnDefinition = { name, dataType, nullable: true };
    for (;;) {
      if (this.atNot() && this.peek(1) === "NULL") {
        this.pos += 2;
        once("NOT NULL");
        column = { ...column, nullable: false };
      } else if (this.at("COMMENT")) {
        const comment = this.comment();
        once("COMMENT");
        column = { ...column, comment };
      } else if (this.at("DEFAULT") && this.peek(1) !== "COLLATION") {
        this.pos++;
        const { expression, sql } = this.textedExpression();
        once("DEFAULT");
        column = { ...column, defaultSql: sql, defaultExpression: expression };
      } else if (this.at("GENERATED")) {
        column = { ...column, ...this.#generated(first) };
        once("GENERATED ALWAYS AS");
      } else {
        const constraint = this.#columnConstraint(name);
        if (constraint === undefined) return column;
        this.onColumnConstraint(constraint);
      }
    }
  }

  /** Where the constraints of columns go that are written beside them. */
  protected abstract onColumnConstraint(constraint: TableConstraint): void;

  #generated(first: number): Partial<ColumnDefinition> {
    this.pos++;
    const always = this.accept("ALWAYS");
    if (!always) this.expectAll("BY", "DEFAULT");
    this.expect("AS");
    if (always && this.at("(")) {
      this.pos++;
      const { expression, sql } = this.textedExpression();
      this.expect(")");
      return { generatedSql: sql, generatedExpression: expression };
    }
    this.expect("IDENTITY");
    let start: bigint | undefined;
    let step: bigint | undefined;
    if (this.accept("(")) {
      while (!this.at(")")) {
        const isStart = this.acceptAll("START", "WITH");
        if (!isStart) this.expectAll("INCREMENT", "BY");
        if ((isStart ? start : step) !== undefined) {
          this.defer(first, this.pos - 1, "IDENTITY_COLUMNS_DUPLICATED_SEQUENCE_GENERATOR_OPTION", {
            sequenceGeneratorOption: isStart ? "START" : "STEP",
          });
        }
        const value = this.#signedInteger();
        if (isStart) start = value;
        else step = value;
      }
      this.pos++;
    }
    if (step === 0n) this.defer(first, this.pos - 1, "IDENTITY_COLUMNS_ILLEGAL_STEP");
    return { identity: { always, start: start ?? 1n, step: step ?? 1n } };
  }

  #signedInteger(): bigint {
    const sign = this.accept("-") ? -1n : 1n;
    if (!this.at("integer") && !this.at("long")) throw this.unexpected();
    return sign * BigInt(this.textOf(this.pos++).replace(/l$/i, ""));
  }

  #columnConstraint(column: string): TableConstraint | undefined {
    const first = this.pos;
    const name =
      this.at("CONSTRAINT") && this.isIdentifier(this.pos + 1) ? this.#constraintName() : undefined;
    const named = name === undefined ? {} : { name };
    if (this.at("CHECK") && this.peek(1) === "(") return this.#check(named, first);
    if (this.at("UNIQUE") || this.atAll("PRIMARY", "KEY")) {
      const type = this.#uniqueSpec();
      return { ...named, type, columns: [column], ...this.#characteristics(first, type) };
    }
    if (this.at("REFERENCES")) {
      return {
        ...named,
        type: "foreignKey",
        columns: [column],
        ...this.#references(),
        ...this.#characteristics(first, "foreignKey"),
      };
    }
    if (name !== undefined) throw this.unexpected();
    return undefined;
  }

  #constraintName(): string {
    this.pos++;
    return this.identifierNoMinus();
  }

  #uniqueSpec(): "unique" | "primaryKey" {
    if (this.accept("UNIQUE")) return "unique";
    this.expectAll("PRIMARY", "KEY");
    return "primaryKey";
  }

  #check(named: { readonly name?: string }, first: number): TableConstraint {
    this.pos += 2;
    const { expression, sql } = this.textedExpression();
    this.expect(")");
    return {
      ...named,
      type: "check",
      condition: expression,
      conditionSql: sql,
      ...this.#characteristics(first, "check"),
    };
  }

  #references(): { readonly parent: readonly string[]; readonly parentColumns: readonly string[] } {
    this.expect("REFERENCES");
    const parent = this.multipartIdentifier();
    return { parent, parentColumns: this.at("(") ? this.identifierList() : [] };
  }

  #characteristics(first: number, type: TableConstraint["type"]): { enforced?: boolean; rely?: boolean } {
    const found: { enforced?: boolean; rely?: boolean } = {};
    for (;;) {
      const at = this.pos;
      if (this.atAll("NOT", "ENFORCED")) this.pos += 2;
      else if (this.at("ENFORCED") || this.at("RELY") || this.at("NORELY")) this.pos++;
      else return found;
      const word = this.textOf(this.pos - 1).toUpperCase();
      const key = word === "ENFORCED" ? "enforced" : "rely";
      const value = key === "enforced" ? this.pos - at === 1 : word === "RELY";
      if (found[key] !== undefined) {
        this.defer(first, this.pos - 1, "INVALID_CONSTRAINT_CHARACTERISTICS", {
          characteristics: this.textBetween(first, this.pos - 1),
        });
      }
      found[key] = value;
      if (key === "enforced" && value && type !== "check") {
        this.defer(first, this.pos - 1, "UNSUPPORTED_CONSTRAINT_CHARACTERISTIC", {
          characteristic: "ENFORCED",
          constraintType: constraintTypeName(type),
        });
      }
    }
  }

  protected atTableConstraint(): boolean {
    const offset = this.at("CONSTRAINT") && this.isIdentifier(this.pos + 1) ? 2 : 0;
    const word = this.peek(offset);
    const next = this.peek(offset + 1);
    switch (word) {
      case "CHECK":
        return next === "(";
      case "UNIQUE":
        return next === "(";
      case "PRIMARY":
      case "FOREIGN":
        return next === "KEY" && (offset === 2 || this.peek(offset + 2) === "(");
      default:
        return false;
    }
  }

  protected tableConstraint(): TableConstraint {
    const first = this.pos;
    const name = this.at("CONSTRAINT") ? this.#constraintName() : undefined;
    const named = name === undefined ? {} : { name };
    if (this.at("CHECK") && this.peek(1) === "(") return this.#check(named, first);
    if (this.acceptAll("FOREIGN", "KEY")) {
      const columns = this.identifierList();
      return {
        ...named,
        type: "foreignKey",
        columns,
        ...this.#references(),
        ...this.#characteristics(first, "foreignKey"),
      };
    }
    const type = this.#uniqueSpec();
    const columns = this.identifierList();
    return { ...named, type, columns, ...this.#characteristics(first, type) };
  }
}

function constraintTypeName(type: TableConstraint["type"]): string {
  switch (type) {
    case "primaryKey":
      return "PRIMARY KEY";
    case "foreignKey":
      return "FOREIGN KEY";
    default:
      return type.toUpperCase();
  }
}
