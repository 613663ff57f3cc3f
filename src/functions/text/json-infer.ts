import { analysisError, SparkException } from "../../errors/spark-error.ts";
import { array, type DataType, type StructField, type StructType, struct } from "../../types/data-type.ts";
import { quotedSqlType } from "../../types/format.ts";
import type { DateTimeValues } from "./datetime-values.ts";
import type { JsonOptions } from "./json-options.ts";
import { JsonScanner, JsonSyntaxError, type JsonToken } from "./json-scanner.ts";
import { javaPrecisionAndScale, parseDecimal, parseLong } from "./number-values.ts";

const NULL: DataType = { kind: "null" };
const STRING: DataType = { kind: "string" };
const DOUBLE: DataType = { kind: "double" };

/** The type of JSON records, merged one by one. */
export class JsonInference {
  readonly #options: JsonOptions;
  readonly #times: DateTimeValues;
  #root: DataType | undefined;

  constructor(options: JsonOptions, times: DateTimeValues) {
    this.#options = options;
    this.#times = times;
  }

  add(record: string): void {
    const scanner = new JsonScanner(record, this.#options.features);
    let type: DataType;
    try {
      if (scanner.atEnd()) return;
      type = this.#typeOf(scanner, scanner.next());
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const { mode, corruptColumn } = this.#options;
      if (mode === "DROPMALFORMED") return;
      if (mode === "FAILFAST") throw malformed(corruptColumn);
      type = struct([{ name: corruptColumn, dataType: STRING, nullable: true }]);
    }
    this.#root = this.#root === undefined ? type : this.#mergeRoots(this.#root, type);
  }

  /** The type of one value, be it no record. */
  single(text: string): DataType {
    const scanner = new JsonScanner(text, this.#options.features);
    if (scanner.atEnd()) return STRING;
    const type = this.#typeOf(scanner, scanner.next());
    if (type.kind === "array" && type.elementType.kind === "struct")
      return array(this.#canonical(type.elementType) ?? struct([]), type.containsNull);
    return this.#canonical(type) ?? (type.kind === "struct" ? struct([]) : STRING);
  }

  schema(): StructType {
    const root = this.#root === undefined ? undefined : this.#atRoot(this.#root);
    const found = root === undefined ? undefined : this.#canonical(root);
    return found?.kind === "struct" ? found : struct([]);
  }

  #typeOf(scanner: JsonScanner, token: JsonToken): DataType {
    const { primitivesAsString } = this.#options;
    switch (token) {
      case "null":
        return NULL;
      case "true":
      case "false":
        return primitivesAsString ? STRING : { kind: "boolean" };
      case "string":
        return scanner.value === "" ? NULL : this.#textType(scanner.value);
      case "int":
      case "float":
        return primitivesAsString ? STRING : this.#numberType(token, scanner.value);
      case "object": {
        const fields: StructField[] = [];
        for (let name = scanner.field(true); name !== undefined; name = scanner.field(false)) {
          fields.push({ name, dataType: this.#typeOf(scanner, scanner.next()), nullable: true });
        }
        return struct(fields.sort(byName));
      }
      case "array": {
        let element: DataType = NULL;
        for (let first = true; scanner.element(first); first = false) {
          element = this.#merge(element, this.#typeOf(scanner, scanner.next()));
        }
        return array(element);
      }
    }
  }

  #textType(text: string): DataType {
    const { prefersDecimal, inferTimestamp } = this.#options;
    if (prefersDecimal && parseDecimal(text) !== undefined) {
      const digits = javaPrecisionAndScale(text);
      const precision = Math.max(digits?.precision ?? 0, digits?.scale ?? 0);
      if (digits !== undefined && precision <= 38 && digits.scale >= 0) {
        return { kind: "decimal", precision, scale: digits.scale };
      }
    }
    return inferTimestamp && this.#times.timestamp(text) !== undefined ? { kind: "timestamp" } : STRING;
  }

  #numberType(token: "int" | "float", text: string): DataType {
    if (token === "int" && parseLong(text) !== undefined) return { kind: "long" };
    if (token === "float" && !this.#options.prefersDecimal) return DOUBLE;
    const digits = javaPrecisionAndScale(text);
    if (digits === undefined) return DOUBLE;
    const precision = Math.max(digits.precision, digits.scale);
    if (precision > 38) return DOUBLE;
    if (digits.scale < 0) {
      throw analysisError("NEGATIVE_SCALE_DISALLOWED", {
        scale: String(digits.scale),
        sqlConf: '"spark.sql.legacy.allowNegativeScaleOfDecimal"',
      });
    }
    return { kind: "decimal", precision, scale: digits.scale };
  }

  /** Arrays at the top are rows; whatever is neither object nor array of them is a malformed record. */
  #mergeRoots(a: DataType, b: DataType): DataType {
    const [left, right] = [unwrapped(a), unwrapped(b)];
    if (left.kind === "struct" && right.kind === "struct") return this.#merge(left, right);
    if (left.kind === "null") return right.kind === "null" ? left : right;
    if (right.kind === "null") return left;
    if (left.kind === "struct") return this.#withCorrupt(left, right);
    if (right.kind === "struct") return this.#withCorrupt(right, left);
    return this.#merge(left, right);
  }

  #withCorrupt(known: StructType, other: DataType): DataType {
    const { mode, corruptColumn } = this.#options;
    if (mode === "DROPMALFORMED") return known;
    if (mode === "FAILFAST") {
      throw new SparkException({
        condition: "INVALID_JSON_RECORD_TYPE",
        messageParameters: { invalidType: quotedSqlType(other), failFastMode: "FAILFAST" },
      });
    }
    if (known.fields.some((f) => f.name === corruptColumn)) return known;
    const corrupt: StructField = { name: corruptColumn, dataType: STRING, nullable: true };
    return struct([...known.fields, corrupt].sort(byName));
  }

  /** A single record that is no object is malformed as well. */
  #atRoot(root: DataType): DataType {
    const type = unwrapped(root);
    if (type.kind === "struct" || type.kind === "null") return type;
    return this.#withCorrupt(struct([]), type);
  }

  #merge(a: DataType, b: DataType): DataType {
    if (a.kind === "null") return b;
    if (b.kind === "null") return a;
    if (a.kind === "struct" && b.kind === "struct") return this.#mergeStructs(a, b);
    if (a.kind === "array" && b.kind === "array") return array(this.#merge(a.elementType, b.elementType));
    if (a.kind === "decimal" && b.kind === "decimal") {
      const scale = Math.max(a.scale, b.scale);
      const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
      return whole + scale > 38 ? DOUBLE : { kind: "decimal", precision: whole + scale, scale };
    }
    if (a.kind === b.kind) return a;
    if (isNumber(a) && isNumber(b)) {
      if (a.kind === "double" || b.kind === "double") return DOUBLE;
      const long: DataType = { kind: "decimal", precision: 20, scale: 0 };
      return this.#merge(a.kind === "long" ? long : a, b.kind === "long" ? long : b);
    }
    return STRING;
  }

  #mergeStructs(a: StructType, b: StructType): StructType {
    const fields = [...a.fields];
    for (const field of b.fields) {
      const at = fields.findIndex((f) => f.name === field.name);
      const known = fields[at];
      if (known === undefined) fields.push(field);
      else fields[at] = { ...known, dataType: this.#merge(known.dataType, field.dataType) };
    }
    return struct(fields.sort(byName));
  }

  /** Leaves out what holds nothing: empty objects, arrays of them, fields without a name. */
  #canonical(type: DataType): DataType | undefined {
    switch (type.kind) {
      case "null":
        return this.#options.dropFieldIfAllNull ? undefined : STRING;
      case "array": {
        const element = this.#canonical(type.elementType);
        return element === undefined ? undefined : array(element);
      }
      case "struct": {
        const fields = type.fields.flatMap((f) => {
          const dataType = f.name === "" ? undefined : this.#canonical(f.dataType);
          return dataType === undefined ? [] : [{ ...f, dataType }];
        });
        return fields.length === 0 ? undefined : struct(fields);
      }
      default:
        return type;
    }
  }
}

function unwrapped(type: DataType): DataType {
  let inner = type;
  while (inner.kind === "array") inner = inner.elementType;
  return inner;
}

function isNumber(type: DataType): boolean {
  return type.kind === "long" || type.kind === "double" || type.kind === "decimal";
}

/** By code units, as Java sorts. */
function byName(a: StructField, b: StructField): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function malformed(corruptColumn: string): SparkException {
  return new SparkException({
    condition: "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
    messageParameters: { badRecord: corruptColumn, failFastMode: "FAILFAST" },
  });
}
