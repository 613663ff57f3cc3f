import { ParseException } from "../errors/spark-error.ts";
import type { Command } from "../plan/command.ts";
import type { Literal } from "../plan/expression.ts";
import { RoutineParser } from "./routine-parser.ts";
import { unquoteIdentifier } from "./string-literal.ts";

const KEY_AND_VALUE = /^([a-zA-Z_\d\\.:]+)\s*=([^;]*);*$/;
const KEY = /^([a-zA-Z_\d\\.:]+)$/;
const VALUE = /^([^;]*);*$/;
const TIME_ZONE = "spark.sql.session.timeZone";

/** SET and RESET, caches, statistics, and the upkeep of tables. */
export abstract class SessionParser extends RoutineParser {
  // --- SET

  /** Tries one reading of a statement to its end; another takes whatever text there is. */
  protected attempt(parse: () => Command, otherwise: () => Command): Command {
    const first = this.pos;
    const deferred = this.deferred;
    try {
      const command = parse();
      if (this.#isEnd(this.pos)) return command;
    } catch (error) {
      if (!(error instanceof ParseException) || error.getCondition() !== "PARSE_SYNTAX_ERROR") throw error;
    }
    this.pos = first;
    this.deferred = deferred;
    return otherwise();
  }

  protected setStatement(): Command {
    const first = this.pos++;
    const configuration = (): Command => this.#configuration(first);
    if (this.at("CATALOG") && this.canStartExpression(this.pos + 1) && this.peek(1) !== "=") {
      return this.attempt(() => {
        this.pos++;
        return { kind: "UseCatalog", catalog: this.expression(), origin: this.originFrom(first) };
      }, configuration);
    }
    if (this.at("ROLE") && !this.#isKeyAt(this.pos)) {
      this.skipStatement();
      this.invalidStatement(first, "SET ROLE");
      return { kind: "UnsupportedStatement", feature: "SET ROLE", origin: this.originFrom(first) };
    }
    if (this.atAll("TIME", "ZONE")) return this.#timeZone(first);
    if (this.atAll("PATH", "=")) {
      return this.attempt(() => {
        this.pos += 2;
        const path = this.list(() => this.multipartIdentifier());
        return { kind: "SetPath", path, origin: this.originFrom(first) };
      }, configuration);
    }
    if (this.isVariableWord(this.pos) && (this.isIdentifier(this.pos + 1) || this.peek(1) === "(")) {
      return this.attempt(() => {
        this.pos++;
        return this.setVariable(first);
      }, configuration);
    }
    return configuration();
  }

  #isKeyAt(index: number): boolean {
    return this.kindAt(index + 1) === "." || this.kindAt(index + 1) === "=";
  }

  #timeZone(first: number): Command {
    this.pos += 2;
    if (this.at("LOCAL") && this.#isEnd(this.pos + 1)) {
      this.pos++;
      return {
        kind: "SetConfig",
        key: TIME_ZONE,
        value: new Intl.DateTimeFormat().resolvedOptions().timeZone,
        origin: this.originFrom(first),
      };
    }
    if (this.at("INTERVAL")) {
      return this.attempt(
        () => this.#intervalZone(first),
        () => this.#badZone(first),
      );
    }
    if (this.atString()) {
      const value = this.stringLiteral();
      if (this.#isEnd(this.pos))
        return { kind: "SetConfig", key: TIME_ZONE, value, origin: this.originFrom(first) };
    }
    return this.#badZone(first);
  }

  #badZone(first: number): Command {
    this.skipStatement();
    this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0045");
    return { kind: "SetConfig", origin: this.originFrom(first) };
  }

  #intervalZone(first: number): Command {
    const at = this.pos;
    const interval = this.expression();
    if (interval.kind !== "Literal") throw this.unexpected();
    const value = this.#offset(interval, first, at);
    return { kind: "SetConfig", key: TIME_ZONE, value, origin: this.originFrom(first) };
  }

  #isEnd(index: number): boolean {
    return this.kindAt(index) === "end" || this.kindAt(index) === ";";
  }

  /** `+01:00` of an interval of hours to seconds. */
  #offset(interval: Literal, first: number, at: number): string {
    const micros =
      interval.kind === "Literal" && typeof interval.value === "bigint" ? interval.value : undefined;
    const fails = (): string => {
      if (this.deferred === undefined) {
        this.defer(first, this.pos - 1, "INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE", {
          input: this.#intervalInput(at),
        });
      }
      return "";
    };
    if (micros === undefined) return fails();
    const seconds = Number(micros / 1_000_000n);
    if (Math.abs(seconds) > 18 * 3600 || micros % 1_000_000n !== 0n) return fails();
    const absolute = Math.abs(seconds);
    const two = (n: number): string => String(n).padStart(2, "0");
    const text = `${two(Math.floor(absolute / 3600))}:${two(Math.floor(absolute / 60) % 60)}`;
    return `${seconds < 0 ? "-" : "+"}${text}${absolute % 60 === 0 ? "" : `:${two(absolute % 60)}`}`;
  }

  #intervalInput(first: number): string {
    const at = this.kindAt(first + 1) === "-" || this.kindAt(first + 1) === "+" ? first + 2 : first + 1;
    const text = this.textOf(at);
    return this.kindAt(at) === "integer" ? text : text.slice(1, -1);
  }

  /** Takes everything up to the end of the statement, as text. */
  #remainder(): string {
    const from = this.tokens.starts[this.pos] ?? this.tokens.text.length;
    const skipped = this.pos;
    if (this.splitsStatements) this.skipStatement();
    else while (!this.at("end")) this.pos++;
    const last = this.pos - 1;
    return last < skipped ? "" : this.tokens.text.slice(from, this.tokens.ends[last]).trim();
  }

  /** Whether a semicolon ends a statement that is raw text: not when there is only one. */
  protected abstract get splitsStatements(): boolean;

  #configuration(first: number): Command {
    const keyAt = this.pos;
    if (this.at("backquoted") && (this.#isEnd(keyAt + 1) || this.peek(1) === "=")) {
      const key = unquoteIdentifier(this.textOf(this.pos++));
      if (!this.accept("="))
        return this.#checked(first, { kind: "SetConfig", key, origin: this.originFrom(first) });
      return this.#config(first, key, this.#quotedValue() ?? VALUE.exec(this.#remainder())?.[1]?.trim());
    }
    const equals = this.#equalsBeforeBackquote();
    if (equals !== undefined) {
      const key = this.tokens.text.slice(this.tokens.starts[keyAt], this.tokens.starts[equals]).trim();
      this.pos = equals + 1;
      const value = this.#quotedValue() as string;
      if (!KEY.test(key)) {
        this.defer(first, this.pos - 1, "INVALID_PROPERTY_KEY", { key: `"${key}"`, value: `"${value}"` });
      }
      return this.#config(first, key, value);
    }
    const text = this.#remainder();
    const pair = KEY_AND_VALUE.exec(text);
    if (pair !== null) return this.#config(first, pair[1] as string, (pair[2] as string).trim());
    const origin = this.originFrom(first);
    if (text === "") return { kind: "SetConfig", origin };
    if (text === "-v") return { kind: "SetConfig", verbose: true, origin };
    if (KEY.test(text)) return { kind: "SetConfig", key: text, origin };
    this.defer(first, this.pos - 1, "INVALID_SET_SYNTAX");
    return { kind: "SetConfig", origin };
  }

  #checked(first: number, command: Command): Command {
    if (!this.#isEnd(this.pos)) {
      this.#remainder();
      this.defer(first, this.pos - 1, "INVALID_SET_SYNTAX");
    }
    return command;
  }

  #config(first: number, key: string, value: string | undefined): Command {
    if (value === undefined) {
      this.defer(first, this.pos - 1, "INVALID_SET_SYNTAX");
      return { kind: "SetConfig", key, origin: this.originFrom(first) };
    }
    return { kind: "SetConfig", key, value, origin: this.originFrom(first) };
  }

  /** A value in backquotes that ends the statement. */
  #quotedValue(): string | undefined {
    if (!this.at("backquoted") || !this.#isEnd(this.pos + 1)) return undefined;
    return unquoteIdentifier(this.textOf(this.pos++));
  }

  #equalsBeforeBackquote(): number | undefined {
    for (let at = this.pos; !this.#isEnd(at); at++) {
      if (this.kindAt(at) === "=" && this.kindAt(at + 1) === "backquoted" && this.#isEnd(at + 2)) return at;
    }
    return undefined;
  }

  protected resetStatement(): Command {
    const first = this.pos++;
    if (this.at("backquoted") && this.#isEnd(this.pos + 1)) {
      const key = unquoteIdentifier(this.textOf(this.pos++));
      return { kind: "ResetConfig", key, origin: this.originFrom(first) };
    }
    const text = this.#remainder().replace(/;+$/, "").trim();
    const origin = this.originFrom(first);
    if (text === "") return { kind: "ResetConfig", origin };
    if (!KEY.test(text)) this.defer(first, this.pos - 1, "INVALID_RESET_COMMAND_FORMAT");
    return { kind: "ResetConfig", key: text, origin };
  }

  // --- caches and statistics

  protected cacheStatement(): Command {
    const first = this.pos++;
    const isLazy = this.accept("LAZY");
    this.expect("TABLE");
    const reference = this.nameReference();
    const options = this.accept("OPTIONS") ? this.propertyList() : {};
    const isQuery =
      this.at("AS") || (this.at("(") ? this.isQueryParen(this.pos) : this.isQueryStart(this.pos));
    if (!isQuery)
      return { kind: "CacheTable", ...reference, isLazy, options, origin: this.originFrom(first) };
    this.accept("AS");
    const queryAt = this.pos;
    const query = this.query();
    const queryText = this.textBetween(queryAt, this.pos - 1);
    if (reference.name.length > 1) {
      const quoted = reference.name.slice(0, -1).join(".");
      this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0037", { quoted });
    }
    return {
      kind: "CacheTable",
      ...reference,
      isLazy,
      options,
      query,
      queryText,
      origin: this.originFrom(first),
    };
  }

  protected uncacheStatement(): Command {
    const first = this.pos++;
    this.expectBefore("TABLE", this.atIdentifier());
    const ifExists = this.ifExists();
    return { kind: "UncacheTable", ...this.nameReference(), ifExists, origin: this.originFrom(first) };
  }

  protected refreshStatement(): Command {
    const first = this.pos++;
    const kind = this.at("TABLE") ? "RefreshTable" : this.at("FUNCTION") ? "RefreshFunction" : undefined;
    if (kind === undefined) return this.#refreshResource(first);
    return this.attempt(
      () => {
        this.pos++;
        return { kind, ...this.nameReference(), origin: this.originFrom(first) };
      },
      () => this.#refreshResource(first),
    );
  }

  #refreshResource(first: number): Command {
    if (this.atString()) {
      let at = this.pos;
      while (this.kindAt(at) === "string" || this.kindAt(at) === "double-quoted") at++;
      if (this.#isEnd(at))
        return { kind: "RefreshResource", path: this.stringLiteral(), origin: this.originFrom(first) };
    }
    const path = this.#remainder().replace(/;+$/, "").trim();
    if (path === "") this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.EMPTY_REFRESH_RESOURCE_PATH");
    else if (/\s/.test(path))
      this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.INVALID_REFRESH_RESOURCE_PATH");
    return { kind: "RefreshResource", path, origin: this.originFrom(first) };
  }

  protected analyzeStatement(): Command {
    const first = this.pos++;
    if (this.accept("TABLES")) {
      const namespace =
        this.accept("FROM") || this.accept("IN") ? { namespace: this.nameReference().name } : {};
      this.expectAll("COMPUTE", "STATISTICS");
      const noScan = this.#noScan(first);
      return { kind: "AnalyzeTables", ...namespace, noScan, origin: this.originFrom(first) };
    }
    this.expect("TABLE");
    const reference = this.nameReference();
    const partition = this.atPartition() ? { partition: this.partitionSpec() } : {};
    this.expect("COMPUTE");
    this.expectBefore("STATISTICS", this.atIdentifier());
    if (this.acceptAll("FOR", "ALL", "COLUMNS")) {
      return {
        kind: "AnalyzeTable",
        ...reference,
        ...partition,
        noScan: false,
        allColumns: true,
        origin: this.originFrom(first),
      };
    }
    if (this.acceptAll("FOR", "COLUMNS")) {
      const columns = this.list(() => this.identifierNoMinus());
      return {
        kind: "AnalyzeTable",
        ...reference,
        ...partition,
        noScan: false,
        columns,
        origin: this.originFrom(first),
      };
    }
    const noScan = this.#noScan(first);
    return { kind: "AnalyzeTable", ...reference, ...partition, noScan, origin: this.originFrom(first) };
  }

  #noScan(first: number): boolean {
    if (this.#isEnd(this.pos)) return false;
    const word = this.identifier();
    if (word.toUpperCase() !== "NOSCAN") {
      this.defer(first, this.pos - 1, "INVALID_SQL_SYNTAX.ANALYZE_TABLE_UNEXPECTED_NOSCAN", {
        ctx: word.toUpperCase(),
      });
    }
    return true;
  }

  protected repairStatement(): Command {
    const first = this.pos;
    this.accept("MSCK");
    this.expectBefore("REPAIR", this.at("TABLE"));
    this.expectBefore("TABLE", this.atIdentifier());
    const reference = this.nameReference();
    let addPartitions = true;
    let dropPartitions = false;
    if (this.at("ADD") || this.at("DROP") || this.at("SYNC")) {
      addPartitions = !this.at("DROP");
      dropPartitions = !this.at("ADD");
      this.pos++;
      this.expect("PARTITIONS");
    }
    return {
      kind: "RepairTable",
      ...reference,
      addPartitions,
      dropPartitions,
      origin: this.originFrom(first),
    };
  }

  protected manageResource(): Command {
    const first = this.pos;
    const operation = this.at("ADD") ? "add" : "list";
    this.pos++;
    const resourceType = this.identifier().toLowerCase();
    const rest = this.#remainder().replace(/;+$/, "").trim();
    if (!/^(file|files|jar|jars|archive|archives)$/.test(resourceType)) {
      this.notAllowed(first, `${operation.toUpperCase()} with resource type '${resourceType}'`);
    }
    const paths = (rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((path) =>
      path.replace(/^(['"])(.*)\1$/, "$2"),
    );
    return { kind: "ManageResource", operation, resourceType, paths, origin: this.originFrom(first) };
  }

  // --- Delta

  /** Statements of Delta's own, whose first words are plain names to Spark. */
  protected deltaStatement(): Command | undefined {
    const first = this.pos;
    if (!this.at("name") || this.#isEnd(this.pos + 1)) return undefined;
    switch (this.textOf(first).toUpperCase()) {
      case "OPTIMIZE":
        this.pos++;
        return this.#optimize(first);
      case "VACUUM":
        this.pos++;
        return this.#vacuum(first);
      case "RESTORE":
        this.pos++;
        return this.#restore(first);
      case "CONVERT":
        if (this.peek(1) !== "TO") return undefined;
        return this.#convert(first);
      default:
        return undefined;
    }
  }

  #optimize(first: number): Command {
    const target = this.deltaTarget();
    let isFull = false;
    if (this.at("FULL")) {
      isFull = true;
      this.pos++;
    }
    const where = this.accept("WHERE") ? { where: this.expression() } : {};
    let zorderBy: readonly (readonly string[])[] = [];
    if (this.isWord(this.pos, "ZORDER")) {
      this.pos++;
      this.expect("BY");
      const inBrackets = this.accept("(");
      zorderBy = this.list(() => this.multipartIdentifier());
      if (inBrackets) this.expect(")");
    }
    return { kind: "OptimizeTable", ...target, isFull, ...where, zorderBy, origin: this.originFrom(first) };
  }

  #vacuum(first: number): Command {
    const target = this.deltaTarget();
    let mode: "full" | "lite" | undefined;
    let retainHours: number | undefined;
    let dryRun = false;
    for (;;) {
      if (this.at("FULL")) mode = "full";
      else if (this.isWord(this.pos, "LITE")) mode = "lite";
      else if (this.isWord(this.pos, "RETAIN")) {
        this.pos++;
        if (!this.at("integer") && !this.at("decimal")) throw this.unexpected();
        retainHours = Number(this.textOf(this.pos++));
        if (!this.at("HOURS") && !this.at("HOUR")) throw this.unexpected();
      } else if (this.isWord(this.pos, "DRY") && this.isWord(this.pos + 1, "RUN")) {
        dryRun = true;
        this.pos++;
      } else {
        break;
      }
      this.pos++;
    }
    return {
      kind: "VacuumTable",
      ...target,
      ...(retainHours === undefined ? {} : { retainHours }),
      ...(mode === undefined ? {} : { mode }),
      dryRun,
      origin: this.originFrom(first),
    };
  }

  #restore(first: number): Command {
    this.accept("TABLE");
    const target = this.deltaTarget();
    this.accept("TO");
    const isVersion = this.accept("VERSION");
    if (!isVersion) this.expect("TIMESTAMP");
    this.expectAll("AS", "OF");
    const value = this.valueExpression();
    const point = isVersion ? { version: value } : { timestamp: value };
    return { kind: "RestoreTable", ...target, ...point, origin: this.originFrom(first) };
  }

  #convert(first: number): Command {
    this.pos += 2;
    if (!this.isWord(this.pos, "DELTA")) throw this.unexpected();
    this.pos++;
    const reference = this.nameReference();
    const noStatistics = this.accept("NO");
    if (noStatistics) this.expect("STATISTICS");
    let partitionSchema: ReturnType<SessionParser["columnTypeList"]> = [];
    if (this.acceptAll("PARTITIONED", "BY")) {
      this.expect("(");
      partitionSchema = this.columnTypeList();
      this.expect(")");
    }
    return {
      kind: "ConvertToDelta",
      ...reference,
      partitionSchema,
      noStatistics,
      origin: this.originFrom(first),
    };
  }
}
