import { sparkError } from "../errors/spark-error.ts";
import {
  array,
  BINARY,
  BOOLEAN,
  BYTE,
  CALENDAR_INTERVAL,
  DATE,
  type DataType,
  type DayTimeIntervalType,
  DOUBLE,
  decimal,
  FLOAT,
  INTEGER,
  LONG,
  MAX_PRECISION,
  map,
  NULL,
  SHORT,
  STRING,
  type StructField,
  type StructType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  VARIANT,
  type YearMonthIntervalType,
} from "../types/data-type.ts";
import { collationName } from "./collation-name.ts";
import { TokenCursor } from "./token-cursor.ts";
import type { TokenKind } from "./tokens.ts";

const PLAIN: Readonly<Partial<Record<TokenKind, DataType>>> = {
  BOOLEAN,
  TINYINT: BYTE,
  BYTE,
  SMALLINT: SHORT,
  SHORT,
  INT: INTEGER,
  INTEGER,
  BIGINT: LONG,
  LONG,
  FLOAT,
  REAL: FLOAT,
  DOUBLE,
  DATE,
  BINARY,
  VOID: NULL,
  VARIANT,
};

const YEAR_MONTH: readonly TokenKind[] = ["YEAR", "MONTH"];
const DAY_TIME: readonly TokenKind[] = ["DAY", "HOUR", "MINUTE", "SECOND"];
/** Java's limit for the fraction of a second that Spark stores. */
const MICROS_PRECISION = 6;

/** Types and lists of typed columns. */
export class TypeParser extends TokenCursor {
  protected dataType(): DataType {
    const first = this.pos;
    const kind = this.peek();
    const plain = PLAIN[kind];
    if (plain !== undefined && this.peek(1) !== "(") {
      this.pos++;
      return plain;
    }
    switch (kind) {
      case "ARRAY":
        return this.#array(first);
      case "MAP":
        return this.#map(first);
      case "STRUCT":
        return this.#struct(first);
      case "STRING":
        this.pos++;
        return this.#collated(STRING);
      case "CHAR":
      case "CHARACTER":
      case "VARCHAR":
        return this.#sized(first, kind === "VARCHAR" ? "varchar" : "char");
      case "DECIMAL":
      case "DEC":
      case "NUMERIC":
        return this.#decimal();
      case "INTERVAL":
        return this.#interval(first);
      case "TIMESTAMP":
      case "TIMESTAMP_LTZ":
      case "TIMESTAMP_NTZ":
        return this.#timestamp(first);
      case "TIME":
        return this.#time();
      default:
        return this.#unknown(first);
    }
  }

  #array(first: number): DataType {
    this.pos++;
    if (!this.accept("<")) {
      this.defer(first, first, "INCOMPLETE_TYPE_DEFINITION.ARRAY", { elementType: "<INT>" });
      return NULL;
    }
    const elementType = this.dataType();
    this.expect(">");
    return array(elementType);
  }

  #map(first: number): DataType {
    this.pos++;
    if (!this.accept("<")) {
      this.defer(first, first, "INCOMPLETE_TYPE_DEFINITION.MAP");
      return NULL;
    }
    const keyType = this.dataType();
    this.expect(",");
    const valueType = this.dataType();
    this.expect(">");
    return map(keyType, valueType);
  }

  #struct(first: number): DataType {
    this.pos++;
    if (this.accept("<>")) return { kind: "struct", fields: [] };
    if (!this.accept("<")) {
      this.defer(first, first, "INCOMPLETE_TYPE_DEFINITION.STRUCT");
      return NULL;
    }
    const fields = this.at(">") ? [] : this.list(() => this.columnType(true));
    this.expect(">");
    return { kind: "struct", fields };
  }

  #sized(first: number, kind: "char" | "varchar"): DataType {
    this.pos++;
    if (!this.accept("(")) {
      this.defer(first, first, "DATATYPE_MISSING_SIZE", { type: `"${this.textOf(first).toUpperCase()}"` });
      return STRING;
    }
    const length = this.integerValue();
    this.expect(")");
    const type: DataType = { kind, length };
    return this.at("COLLATE") ? this.#collated(STRING) : type;
  }

  #collated(type: DataType): DataType {
    if (!this.accept("COLLATE")) return type;
    const first = this.pos;
    const parts = this.multipartIdentifier();
    const collation = collationName(parts.at(-1) as string);
    if (typeof collation !== "string") {
      this.deferError(
        sparkError("AnalysisException", {
          condition: "COLLATION_INVALID_NAME",
          messageParameters: { collationName: this.textOf(first), proposals: collation.proposals },
        }),
      );
      return STRING;
    }
    return collation === "UTF8_BINARY" ? STRING : { kind: "string", collation };
  }

  #decimal(): DataType {
    this.pos++;
    if (!this.accept("(")) return decimal(10, 0);
    const precision = this.integerValue();
    const scale = this.accept(",") ? this.integerValue() : 0;
    this.expect(")");
    if (precision > MAX_PRECISION) {
      this.deferError(
        sparkError("ArithmeticException", {
          condition: "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
          messageParameters: { precision: `${precision}`, maxPrecision: `${MAX_PRECISION}` },
        }),
      );
    } else if (scale > precision) {
      this.deferPlain("DECIMAL_SCALE_EXCEEDS_PRECISION", { scale: `${scale}`, precision: `${precision}` });
    }
    return decimal(precision, scale);
  }

  #interval(first: number): DataType {
    this.pos++;
    const yearMonth = YEAR_MONTH.indexOf(this.peek());
    if (yearMonth !== -1) {
      this.pos++;
      if (!this.atAll("TO", "MONTH")) return yearMonthType(yearMonth, yearMonth);
      this.pos += 2;
      return yearMonth === 0 ? yearMonthType(0, 1) : this.#badInterval(first);
    }
    const start = DAY_TIME.indexOf(this.peek());
    if (start === -1) return CALENDAR_INTERVAL;
    this.pos++;
    const end = this.at("TO") ? DAY_TIME.indexOf(this.peek(1)) : -1;
    if (end < 1) return dayTimeType(start, start);
    this.pos += 2;
    return end > start ? dayTimeType(start, end) : this.#badInterval(first);
  }

  #badInterval(first: number): DataType {
    this.defer(first, this.pos - 1, "INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION", {
      input: "",
      from: this.textOf(first + 1).toLowerCase(),
      to: this.textOf(this.pos - 1).toLowerCase(),
    });
    return CALENDAR_INTERVAL;
  }

  #timestamp(first: number): DataType {
    const kind = this.peek();
    this.pos++;
    const precision = this.#precision();
    let ntz = kind === "TIMESTAMP_NTZ";
    if (kind === "TIMESTAMP") {
      ntz = this.options.timestampType === "TIMESTAMP_NTZ";
      if (this.acceptAll("WITHOUT", "TIME", "ZONE")) ntz = true;
      else if (this.acceptAll("WITH", "LOCAL", "TIME", "ZONE")) ntz = false;
    }
    if (precision !== undefined && precision !== MICROS_PRECISION) {
      if (precision > MICROS_PRECISION && precision <= 9) {
        this.deferError(
          sparkError("AnalysisException", {
            condition: "FEATURE_NOT_ENABLED",
            messageParameters: {
              featureName: "Nanosecond-precision timestamp types",
              configKey: "spark.sql.timestampNanosTypes.enabled",
              configValue: "true",
            },
          }),
        );
      } else {
        this.deferError(
          sparkError("AnalysisException", {
            condition: "INVALID_TIMESTAMP_PRECISION",
            messageParameters: { precision: `${precision}`, type: this.textOf(first).toUpperCase() },
          }),
        );
      }
    }
    return ntz ? TIMESTAMP_NTZ : TIMESTAMP;
  }

  #time(): DataType {
    this.pos++;
    const precision = this.#precision() ?? MICROS_PRECISION;
    this.acceptAll("WITHOUT", "TIME", "ZONE");
    return { kind: "time", precision };
  }

  #precision(): number | undefined {
    if (!this.accept("(")) return undefined;
    const precision = this.integerValue();
    this.expect(")");
    return precision;
  }

  #unknown(first: number): DataType {
    this.identifier();
    if (this.accept("(")) {
      this.list(() => (this.at("ANY") ? this.pos++ : this.integerValue()));
      this.expect(")");
    }
    const typeName = this.textBetween(first, this.pos - 1)
      .replace(/\s/g, "")
      .toUpperCase();
    this.defer(first, this.pos - 1, "UNSUPPORTED_DATATYPE", { typeName: `"${typeName}"` });
    return NULL;
  }

  /** `name type [NOT NULL] [COMMENT 'text']`; inside `STRUCT<...>` a colon may stand between. */
  protected columnType(inStruct = false): StructField {
    const name = this.identifierNoMinus();
    if (inStruct) this.accept(":");
    const dataType = this.dataType();
    let nullable = true;
    if ((this.at("NOT") || this.at("!")) && this.peek(1) === "NULL") {
      this.pos += 2;
      nullable = false;
    }
    const comment = this.accept("COMMENT") ? this.stringLiteral() : undefined;
    return { name, dataType, nullable, ...(comment === undefined ? {} : { metadata: { comment } }) };
  }

  protected columnTypeList(): readonly StructField[] {
    return this.list(() => this.columnType());
  }

  /** A schema in DDL: a list of columns, with or without `struct<...>` around it. */
  parseTableSchema(): StructType {
    this.refuseEmpty();
    if (this.at("STRUCT") && (this.peek(1) === "<" || this.peek(1) === "<>")) {
      const type = this.dataType();
      this.#end();
      if (type.kind === "struct") return type;
    }
    const fields = this.list(() => this.columnType(true));
    this.#end();
    return { kind: "struct", fields };
  }

  parseDataType(): DataType {
    this.refuseEmpty();
    const type = this.dataType();
    this.#end();
    return type;
  }

  parseMultipartIdentifier(): readonly string[] {
    this.refuseEmpty();
    const parts = this.multipartIdentifier();
    this.#end();
    return parts;
  }

  protected refuseEmpty(): void {
    if (this.at("end")) throw this.errorAt(0, "PARSE_EMPTY_STATEMENT");
  }

  #end(): void {
    if (!this.at("end")) throw this.unexpected("end");
    this.throwDeferred();
  }
}

function yearMonthType(start: number, end: number): YearMonthIntervalType {
  return { kind: "year_month_interval", start: start as 0 | 1, end: end as 0 | 1 };
}

function dayTimeType(start: number, end: number): DayTimeIntervalType {
  return { kind: "day_time_interval", start: start as 0 | 1 | 2 | 3, end: end as 0 | 1 | 2 | 3 };
}
