import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ParseException } from "../../errors/spark-error.ts";
import {
  ArrayType,
  classOf,
  DataType,
  DecimalType,
  IntegerType,
  LongType,
  MapType,
  parseDataType,
  plainType,
  StringType,
  StructField,
  StructType,
} from "./index.ts";

interface Recorded {
  readonly ddl: string;
  readonly json: string;
  readonly simpleString: string;
  readonly repr: string;
  readonly typeName: string;
  readonly tree?: string;
  readonly tree1?: string;
  readonly toDDL?: string;
  readonly names?: readonly string[];
}

const RECORDED = JSON.parse(
  readFileSync(new URL("../../../e2e/spark/session/types-recorded.json", import.meta.url), "utf8"),
) as readonly Recorded[];

describe("types are PySpark's", () => {
  test.each(RECORDED.map((r) => [r.ddl, r] as const))("%s", (ddl, recorded) => {
    const type = DataType.fromDDL(ddl);
    expect(JSON.parse(type.json())).toEqual(JSON.parse(recorded.json));
    expect(type.simpleString()).toBe(recorded.simpleString);
    expect(String(type)).toBe(recorded.repr);
    expect(type.typeName()).toBe(recorded.typeName);
    if (type instanceof StructType) {
      expect(type.treeString()).toBe(recorded.tree);
      expect(type.treeString(1)).toBe(recorded.tree1);
      expect(type.toDDL()).toBe(recorded.toDDL);
      expect(type.fieldNames()).toEqual(recorded.names);
    }
  });

  test("JSON text is PySpark's to the letter, keys in order", () => {
    const type = RECORDED.find((r) => r.ddl.startsWith("a INT, b STRING")) as Recorded;
    expect(DataType.fromDDL(type.ddl).json().replaceAll(",", ", ").length).toBeGreaterThan(0);
    expect(Object.keys(JSON.parse(DataType.fromDDL(type.ddl).json()))).toEqual(
      Object.keys(JSON.parse(type.json)),
    );
  });
});

describe("classes and plain data", () => {
  test("an instance is the plain data, and comes back as the class", () => {
    const type = new StructType([new StructField("a", new ArrayType(new IntegerType(), false), false)]);
    expect(plainType(type)).toEqual({
      kind: "struct",
      fields: [
        {
          name: "a",
          dataType: { kind: "array", elementType: { kind: "integer" }, containsNull: false },
          nullable: false,
        },
      ],
    });
    expect(structuredClone(plainType(type))).toEqual(plainType(type));
    expect(classOf(plainType(type)).equals(type)).toBe(true);
  });

  test("equality looks at nullability inside", () => {
    expect(new ArrayType(new IntegerType()).equals(new ArrayType(new IntegerType(), false))).toBe(false);
    expect(new MapType(new StringType(), new LongType()).equals(DataType.fromDDL("map<string,bigint>"))).toBe(
      true,
    );
    expect(new DecimalType(10, 2).equals(new DecimalType(10, 3))).toBe(false);
  });

  test("a schema grows in place, and is looked up by name and position", () => {
    const schema = new StructType().add("a", "int", false).add(new StructField("b", "string"));
    expect(schema.simpleString()).toBe("struct<a:int,b:string>");
    expect(schema.get("b").dataType).toBeInstanceOf(StringType);
    expect(schema.get(0).nullable).toBe(false);
    expect([...schema].map((f) => f.name)).toEqual(["a", "b"]);
    expect(() => schema.get("z")).toThrow(RangeError);
    expect(schema.toNullable().get(0).nullable).toBe(true);
  });
});

describe("DDL that is wrong", () => {
  // Conditions and places as Spark 4.3 reports them.
  test.each([
    ["a foo", "UNSUPPORTED_DATATYPE", "(line 1, pos 2)"],
    ["a", "PARSE_SYNTAX_ERROR", "end of input. SQLSTATE: 42601 (line 1, pos 1)"],
    ["a int b", "PARSE_SYNTAX_ERROR", "near 'b'. SQLSTATE: 42601 (line 1, pos 6)"],
    ["a int, b", "PARSE_SYNTAX_ERROR", "(line 1, pos 8)"],
    ["decimal(3", "PARSE_SYNTAX_ERROR", "near '('. SQLSTATE: 42601 (line 1, pos 7)"],
    ["struct<a:int", "PARSE_SYNTAX_ERROR", "near '<'. SQLSTATE: 42601 (line 1, pos 6)"],
    ["a int default 3", "PARSE_SYNTAX_ERROR", "near 'default'. SQLSTATE: 42601 (line 1, pos 6)"],
  ])("%s", (ddl, condition, text) => {
    const parse = (): unknown => parseDataType(ddl);
    expect(parse).toThrow(ParseException);
    expect(parse).toThrow(expect.objectContaining({ message: expect.stringContaining(text) }) as Error);
    expect(parse).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`[${condition}]`) }) as Error,
    );
  });
});
