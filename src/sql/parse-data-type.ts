import type { DataType, StructType } from "../types/data-type.ts";
import type { ParseOptions } from "./parse-options.ts";
import { TypeParser } from "./type-parser.ts";

/** A type in DDL: `array<int>`, `DECIMAL(10, 2)`, `struct<a: int>`. */
export function parseDataType(text: string, options: ParseOptions = {}): DataType {
  return new TypeParser(text, options).parseDataType();
}

/** A schema in DDL: `a INT NOT NULL COMMENT 'x', b STRING`, `a: int`, or `struct<a: int>`. */
export function parseTableSchema(text: string, options: ParseOptions = {}): StructType {
  return new TypeParser(text, options).parseTableSchema();
}

/** The parts of a name: ``a.`b c` `` gives `a` and `b c`. */
export function parseMultipartIdentifier(text: string, options: ParseOptions = {}): readonly string[] {
  return new TypeParser(text, options).parseMultipartIdentifier();
}
