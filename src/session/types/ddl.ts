import { ArithmeticException, ParseException } from "../../errors/spark-error.ts";
import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import * as t from "../../types/data-type.ts";

interface Token {
  readonly kind: "word" | "quoted" | "number" | "text" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s+|--[^\n]*|([A-Za-z0-9_]*[A-Za-z_][A-Za-z0-9_]*)|(\d+)|`((?:[^`]|``)*)`|('(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*")|(.)/gsy;

const PLAIN: Readonly<Record<string, DataType>> = {
  boolean: t.BOOLEAN,
  tinyint: t.BYTE,
  byte: t.BYTE,
  smallint: t.SHORT,
  short: t.SHORT,
  int: t.INTEGER,
  integer: t.INTEGER,
  bigint: t.LONG,
  long: t.LONG,
  float: t.FLOAT,
  real: t.FLOAT,
  double: t.DOUBLE,
  date: t.DATE,
  timestamp: t.TIMESTAMP,
  timestamp_ltz: t.TIMESTAMP,
  timestamp_ntz: t.TIMESTAMP_NTZ,
  string: t.STRING,
  binary: t.BINARY,
  void: t.NULL,
  variant: t.VARIANT,
};

/**
 * Reads a type as DDL text (`array<int>`, `decimal(10,2)`), or the columns of a table (`a INT NOT NULL, b STRING`),
 * which give a struct. Throws ParseException as Spark does.
 */
export function parseDataType(ddl: string): DataType {
  try {
    const parser = new DdlParser(ddl);
    const type = parser.dataType();
    parser.end();
    return type;
  } catch (error) {
    // Spark reports what is wrong with the text as a table schema, its second attempt.
    if (error instanceof ParseException) return parseTableSchema(ddl);
    throw error;
  }
}

/** Reads the columns of a table: `a INT NOT NULL, b: STRING COMMENT 'x'`. */
export function parseTableSchema(ddl: string): StructType {
  const parser = new DdlParser(ddl);
  const fields = parser.fields();
  parser.end();
  return t.struct(fields);
}

class DdlParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  fields(): StructField[] {
    const fields: StructField[] = [];
    if (this.#peek().kind === "end") return fields;
    do fields.push(this.#field());
    while (this.#accept(","));
    return fields;
  }

  end(): void {
    if (this.#peek().kind !== "end") throw this.#syntaxError();
  }

  dataType(): DataType {
    const token = this.#next("word");
    const name = token.text.toLowerCase();
    switch (name) {
      case "array": {
        this.#expect("<");
        const elementType = this.dataType();
        this.#closeAngle();
        return t.array(elementType);
      }
      case "map": {
        this.#expect("<");
        const keyType = this.dataType();
        this.#expect(",");
        const valueType = this.dataType();
        this.#closeAngle();
        return t.map(keyType, valueType);
      }
      case "struct":
        return this.#struct();
      case "decimal":
      case "dec":
      case "numeric":
        return this.#decimal();
      case "char":
      case "character":
        return { kind: "char", length: this.#length(token) };
      case "varchar":
        return { kind: "varchar", length: this.#length(token) };
      case "time":
        return { kind: "time", precision: this.#parameters(1)[0] ?? 6 };
      case "interval":
        return this.#interval();
      case "timestamp":
        return this.#timestamp();
      case "string":
        return this.#acceptWord("collate") ? { kind: "string", collation: this.#identifier() } : t.STRING;
    }
    const plain = PLAIN[name];
    if (plain === undefined) {
      throw this.#error("UNSUPPORTED_DATATYPE", { typeName: `"${token.text.toUpperCase()}"` }, token);
    }
    return plain;
  }

  #field(): StructField {
    const name = this.#identifier();
    this.#accept(":");
    const dataType = this.dataType();
    let nullable = true;
    if (this.#acceptWord("not")) {
      if (!this.#acceptWord("null")) throw this.#syntaxError();
      nullable = false;
    }
    if (!this.#acceptWord("comment")) return { name, dataType, nullable };
    return { name, dataType, nullable, metadata: { comment: unquote(this.#next("text").text) } };
  }

  #struct(): StructType {
    this.#expect("<");
    if (this.#accept(">")) return t.struct([]);
    const fields = this.fields();
    this.#closeAngle();
    return t.struct(fields);
  }

  #decimal(): DataType {
    const [precision = 10, scale = 0] = this.#parameters(2);
    if (precision > t.MAX_PRECISION) {
      throw new ArithmeticException({
        condition: "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
        messageParameters: { precision: String(precision), maxPrecision: String(t.MAX_PRECISION) },
      });
    }
    if (scale > precision) throw this.#syntaxError();
    return t.decimal(precision, scale);
  }

  #length(token: Token): number {
    const [length] = this.#parameters(1);
    if (length === undefined) {
      throw this.#error("DATATYPE_MISSING_SIZE", { type: `"${token.text.toUpperCase()}"` }, token);
    }
    return length;
  }

  #timestamp(): DataType {
    if (this.#acceptWord("without")) {
      if (!this.#acceptWord("time") || !this.#acceptWord("zone")) throw this.#syntaxError();
      return t.TIMESTAMP_NTZ;
    }
    return t.TIMESTAMP;
  }

  #interval(): DataType {
    const fields = ["year", "month", "day", "hour", "minute", "second"];
    const start = fields.indexOf(this.#peek().text.toLowerCase());
    if (this.#peek().kind !== "word" || start < 0) return t.CALENDAR_INTERVAL;
    this.#position++;
    let end = start;
    if (this.#acceptWord("to")) {
      end = fields.indexOf(this.#next("word").text.toLowerCase());
      if (end <= start || (start < 2 && end > 1)) throw this.#syntaxError();
    }
    return start < 2
      ? { kind: "year_month_interval", start: start as 0 | 1, end: end as 0 | 1 }
      : { kind: "day_time_interval", start: (start - 2) as 0 | 1 | 2 | 3, end: (end - 2) as 0 | 1 | 2 | 3 };
  }

  #parameters(most: number): number[] {
    const values: number[] = [];
    if (!this.#accept("(")) return values;
    do values.push(Number(this.#next("number").text));
    while (this.#accept(","));
    this.#expect(")");
    if (values.length > most) throw this.#syntaxError();
    return values;
  }

  #identifier(): string {
    const token = this.#peek();
    if (token.kind !== "word" && token.kind !== "quoted") throw this.#syntaxError();
    this.#position++;
    return token.text;
  }

  #peek(): Token {
    return this.#tokens[this.#position] as Token;
  }

  #next(kind: Token["kind"]): Token {
    const token = this.#peek();
    if (token.kind !== kind) throw this.#syntaxError();
    this.#position++;
    return token;
  }

  #accept(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    this.#position++;
    return true;
  }

  #acceptWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.#position++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) throw this.#syntaxError();
  }

  #closeAngle(): void {
    this.#expect(">");
  }

  #syntaxError(): ParseException {
    const token = this.#peek();
    const error = token.kind === "end" ? "end of input" : `'${token.text}'`;
    return this.#error("PARSE_SYNTAX_ERROR", { error, hint: "" }, token);
  }

  #error(condition: string, messageParameters: Record<string, string>, token: Token): ParseException {
    const text = new ParseException({ condition, messageParameters }).message;
    const before = this.#text.slice(0, token.at).split("\n");
    const line = before.length;
    const column = (before.at(-1) as string).length;
    const lines = this.#text.split("\n");
    lines.splice(line, 0, `${"-".repeat(column)}^^^`);
    return new ParseException({
      condition,
      messageParameters,
      message: `\n${text} (line ${line}, pos ${column})\n\n== SQL ==\n${lines.join("\n")}\n`,
    });
  }
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    const at = match.index;
    if (match[1] !== undefined) tokens.push({ kind: "word", text: match[1], at });
    else if (match[2] !== undefined) tokens.push({ kind: "number", text: match[2], at });
    else if (match[3] !== undefined)
      tokens.push({ kind: "quoted", text: match[3].replaceAll("``", "`"), at });
    else if (match[4] !== undefined) tokens.push({ kind: "text", text: match[4], at });
    else if (match[5] !== undefined) tokens.push({ kind: "symbol", text: match[5], at });
    if (tokens.at(-1)?.at === at) last = at + match[0].length;
  }
  tokens.push({ kind: "end", text: "", at: last });
  return tokens;
}

function unquote(text: string): string {
  const quote = text[0] as string;
  return text
    .slice(1, -1)
    .replace(/\\([\s\S])/g, (_, c: string) => ({ n: "\n", t: "\t", r: "\r", 0: "\0" })[c] ?? c)
    .replaceAll(quote + quote, quote);
}
