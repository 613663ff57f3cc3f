import type { Command } from "../plan/command.ts";
import type { PartitionSpec, ShowFunctions } from "../plan/statement.ts";
import { DmlParser } from "./dml-parser.ts";

/** SHOW and DESCRIBE. */
export abstract class ShowParser extends DmlParser {
  protected showStatement(): Command {
    const first = this.pos;
    this.expect("SHOW");
    const word = this.peek();
    switch (word) {
      case "NAMESPACES":
      case "DATABASES":
      case "SCHEMAS": {
        this.pos++;
        const namespace = this.#inNamespace();
        return { kind: "ShowNamespaces", ...namespace, ...this.#pattern(), origin: this.originFrom(first) };
      }
      case "TABLES": {
        this.pos++;
        const namespace = this.#inNamespace();
        const pattern = this.#pattern();
        const asJson = this.acceptAll("AS", "JSON") ? { asJson: true } : {};
        return { kind: "ShowTables", ...namespace, ...pattern, ...asJson, origin: this.originFrom(first) };
      }
      case "TABLE":
        return this.#tableExtended(first);
      case "TBLPROPERTIES": {
        this.pos++;
        const reference = this.nameReference();
        if (!this.accept("("))
          return { kind: "ShowTableProperties", ...reference, origin: this.originFrom(first) };
        const key = this.atString() ? this.stringLiteral() : this.propertyKey();
        this.expect(")");
        return { kind: "ShowTableProperties", ...reference, key, origin: this.originFrom(first) };
      }
      case "COLUMNS":
        return this.#columns(first);
      case "VIEWS": {
        this.pos++;
        const namespace = this.#inNamespace();
        return { kind: "ShowViews", ...namespace, ...this.#pattern(), origin: this.originFrom(first) };
      }
      case "PARTITIONS": {
        this.pos++;
        const reference = this.nameReference();
        const partition = this.#partition();
        const asJson = this.acceptAll("AS", "JSON") ? { asJson: true } : {};
        return {
          kind: "ShowPartitions",
          ...reference,
          ...partition,
          ...asJson,
          origin: this.originFrom(first),
        };
      }
      case "PROCEDURES":
        this.pos++;
        return { kind: "ShowProcedures", ...this.#inNamespace(), origin: this.originFrom(first) };
      case "CATALOGS":
        this.pos++;
        return { kind: "ShowCatalogs", ...this.#pattern(), origin: this.originFrom(first) };
      case "COLLATIONS":
        this.pos++;
        return { kind: "ShowCollations", ...this.#pattern(), origin: this.originFrom(first) };
      case "CREATE":
        return this.#createTable(first);
      case "CURRENT":
        if (this.isNamespaceWord(this.pos + 1)) {
          this.pos += 2;
          return { kind: "ShowCurrentNamespace", origin: this.originFrom(first) };
        }
        break;
    }
    if (word === "FUNCTIONS" || this.peek(1) === "FUNCTIONS") return this.#functions(first);
    return this.#unsupportedShow(first);
  }

  #createTable(first: number): Command {
    this.pos++;
    this.expectBefore("TABLE", this.atIdentifier());
    const at = this.pos;
    if (this.atIdentifier()) {
      const reference = this.nameReference();
      const asSerde = this.acceptAll("AS", "SERDE");
      if (this.at("end") || this.at(";")) {
        return { kind: "ShowCreateTable", ...reference, asSerde, origin: this.originFrom(first) };
      }
    }
    this.pos = at;
    this.skipStatement();
    this.invalidStatement(first, "SHOW CREATE TABLE");
    return { kind: "UnsupportedStatement", feature: "SHOW CREATE TABLE", origin: this.originFrom(first) };
  }

  #inNamespace(): { readonly namespace?: readonly string[] } {
    if (!this.accept("FROM") && !this.accept("IN")) return {};
    return { namespace: this.nameReference().name };
  }

  #pattern(): { readonly pattern?: string } {
    if (this.at("LIKE") && this.atString(1)) this.pos++;
    else if (this.accept("LIKE")) throw this.unexpected();
    return this.atString() ? { pattern: this.stringLiteral() } : {};
  }

  #partition(): { readonly partition?: PartitionSpec } {
    return this.atPartition() ? { partition: this.fullPartitionSpec() } : {};
  }

  #tableExtended(first: number): Command {
    this.pos++;
    this.expect("EXTENDED");
    const namespace = this.#inNamespace();
    this.expect("LIKE");
    const pattern = this.stringLiteral();
    const partition = this.#partition();
    const asJson = this.acceptAll("AS", "JSON") ? { asJson: true } : {};
    if ("asJson" in asJson && partition.partition !== undefined) {
      this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.SHOW_TABLE_EXTENDED_JSON_WITH_PARTITION");
    }
    return {
      kind: "ShowTableExtended",
      ...namespace,
      pattern,
      ...partition,
      ...asJson,
      origin: this.originFrom(first),
    };
  }

  #columns(first: number): Command {
    this.pos++;
    if (!this.accept("FROM")) this.expect("IN");
    const { name, nameClause } = this.nameReference();
    if (nameClause !== undefined)
      this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE", { feature: "SHOW COLUMNS with IDENTIFIER" });
    let namespace: readonly string[] | undefined;
    if (this.accept("FROM") || this.accept("IN")) namespace = this.multipartIdentifier();
    return {
      kind: "ShowColumns",
      table: name,
      ...(namespace === undefined ? {} : { namespace }),
      origin: this.originFrom(first),
    };
  }

  #functions(first: number): Command {
    let scope: ShowFunctions["scope"] = "all";
    if (this.peek(1) === "FUNCTIONS") {
      const at = this.pos;
      const word = this.identifier().toLowerCase();
      if (word === "all" || word === "system" || word === "user") scope = word;
      else
        this.defer(first, this.#end(), "INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE", {
          scope: `\`${this.textOf(at)}\``,
        });
    }
    this.expect("FUNCTIONS");
    let namespace = this.#inNamespace();
    const hasLike = this.at("LIKE") && (this.atString(1) || this.isIdentifier(this.pos + 1));
    if (hasLike) this.pos++;
    let pattern: string | undefined;
    if (this.atString()) {
      pattern = this.stringLiteral();
    } else if (hasLike || this.atIdentifier()) {
      const parts = this.multipartIdentifier();
      pattern = parts.at(-1) as string;
      if (parts.length > 1) {
        if (namespace.namespace !== undefined) {
          this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_PATTERN", {
            pattern: parts.map((p) => `\`${p}\``).join("."),
          });
        }
        namespace = { namespace: parts.slice(0, -1) };
      }
    }
    return {
      kind: "ShowFunctions",
      scope,
      ...namespace,
      ...(pattern === undefined ? {} : { pattern }),
      origin: this.originFrom(first),
    };
  }

  #end(): number {
    let at = this.pos;
    while (this.kindAt(at) !== "end" && this.kindAt(at) !== ";") at++;
    return at - 1;
  }

  #unsupportedShow(first: number): Command {
    const words = UNSUPPORTED_SHOWS.find((w) => this.atAll(...w));
    if (words === undefined) {
      const next = this.peek(1);
      const fits =
        this.atIdentifier() && (next === "end" || this.atString(1) || this.isIdentifier(this.pos + 1));
      throw fits ? this.unexpectedAt(this.pos + 1, ": missing 'FUNCTIONS'") : this.unexpected();
    }
    this.pos += words.length;
    if (words.length === 1 && words[0] === "ROLE" && this.at("GRANT")) this.pos++;
    const operation = `SHOW ${this.textBetween(first + 1, this.pos - 1).toUpperCase()}`;
    this.skipStatement();
    this.invalidStatement(first, operation);
    return { kind: "UnsupportedStatement", feature: operation, origin: this.originFrom(first) };
  }

  // --- DESCRIBE

  protected describeStatement(): Command {
    const first = this.pos++;
    const next = this.peek(1);
    const isLast = next === "end" || next === ";";
    switch (this.peek()) {
      case "FUNCTION":
        if (isLast) break;
        this.pos++;
        return this.#describeFunction(first);
      case "PROCEDURE":
        if (isLast) break;
        this.pos++;
        return { kind: "DescribeProcedure", ...this.nameReference(), origin: this.originFrom(first) };
      case "NAMESPACE":
      case "DATABASE":
      case "SCHEMA": {
        if (isLast) break;
        this.pos++;
        const extended = this.at("EXTENDED") && this.isIdentifier(this.pos + 1) && this.pos++ >= 0;
        return {
          kind: "DescribeNamespace",
          ...this.nameReference(),
          extended,
          origin: this.originFrom(first),
        };
      }
      case "QUERY":
        if (!isLast && (next === "(" || this.isQueryStart(this.pos + 1))) {
          this.pos++;
          return this.#describeQuery(first);
        }
        break;
      case "TABLE":
        break;
      case "HISTORY":
      case "name":
        if (!isLast && (this.isIdentifier(this.pos + 1) || this.atString(1))) {
          const delta = this.#describeDelta(first);
          if (delta !== undefined) return delta;
        }
        break;
      default:
        if (this.at("(") || this.isQueryStart(this.pos)) return this.#describeQuery(first);
    }
    return this.#describeRelation(first);
  }

  #describeQuery(first: number): Command {
    const queryAt = this.pos;
    const query = this.query();
    const queryText = this.textBetween(queryAt, this.pos - 1);
    return { kind: "DescribeQuery", query, queryText, origin: this.originFrom(first) };
  }

  #describeDelta(first: number): Command | undefined {
    const isHistory = this.at("HISTORY");
    if (!isHistory && !this.isWord(this.pos, "DETAIL")) return undefined;
    this.pos++;
    const target = this.deltaTarget();
    if (!isHistory) return { kind: "DescribeDetail", ...target, origin: this.originFrom(first) };
    const limit = this.accept("LIMIT") ? { limit: this.integerValue() } : {};
    return { kind: "DescribeHistory", ...target, ...limit, origin: this.originFrom(first) };
  }

  /** A table's name, or the path of one in quotes. */
  protected deltaTarget(): ReturnType<ShowParser["nameReference"]> & { readonly path?: string } {
    if (this.atString()) return { name: [], path: this.stringLiteral() };
    return this.nameReference();
  }

  #describeRelation(first: number): Command {
    if (this.at("TABLE") && this.isIdentifier(this.pos + 1) && !this.atAsJson(this.pos + 1)) this.pos++;
    const hasOption =
      (this.at("EXTENDED") || this.at("FORMATTED")) &&
      this.isIdentifier(this.pos + 1) &&
      !this.atAsJson(this.pos + 1);
    if (hasOption) this.pos++;
    const { name, nameClause } = this.nameReference();
    const partition = this.atPartition() ? { partition: this.partitionSpec() } : {};
    let column: readonly string[] | undefined;
    if (this.atIdentifier() && !this.atAsJson(this.pos)) column = this.multipartIdentifier();
    const asJson = this.acceptAll("AS", "JSON");
    if (asJson && !hasOption) {
      this.deferPlain("DESCRIBE_JSON_NOT_EXTENDED", { tableName: name.join(".") });
    }
    if (column !== undefined) {
      if ("partition" in partition)
        this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_PARTITION");
      if (asJson) this.deferPlain("UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_JSON", {});
    }
    for (const [key, value] of Object.entries(partition.partition ?? {})) {
      if (value === null) {
        this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE", {
          partKey: `\`${key}\``,
        });
      }
    }
    return {
      kind: "DescribeRelation",
      table: name,
      ...(nameClause === undefined ? {} : { nameClause }),
      extended: hasOption,
      ...(asJson ? { asJson } : {}),
      ...(column === undefined ? {} : { column }),
      ...partition,
      origin: this.originFrom(first),
    };
  }

  protected atAsJson(index: number): boolean {
    return this.kindAt(index) === "AS" && this.kindAt(index + 1) === "JSON" && this.kindAt(index + 2) !== ".";
  }

  #describeFunction(first: number): Command {
    const extended = this.at("EXTENDED") && this.peek(1) !== "end" && this.peek(1) !== ";";
    if (extended) this.pos++;
    if (this.atString()) {
      const name = [this.stringLiteral()];
      return { kind: "DescribeFunction", name, extended, origin: this.originFrom(first) };
    }
    if (OPERATOR_NAMES.has(this.peek())) {
      const name = [this.textOf(this.pos++)];
      return { kind: "DescribeFunction", name, extended, origin: this.originFrom(first) };
    }
    return { kind: "DescribeFunction", ...this.nameReference(), extended, origin: this.originFrom(first) };
  }
}

const OPERATOR_NAMES: ReadonlySet<string> = new Set(
  "= <=> <> != < <= > >= << >> >>> + - * / % ~ & | || ^ ! OR AND IN NOT DIV".split(" "),
);

const UNSUPPORTED_SHOWS = [
  ["GRANT"],
  ["ROLE"],
  ["PRINCIPALS"],
  ["ROLES"],
  ["CURRENT", "ROLES"],
  ["COMPACTIONS"],
  ["TRANSACTIONS"],
  ["INDEXES"],
  ["LOCKS"],
] as const;
