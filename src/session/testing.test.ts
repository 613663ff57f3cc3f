import { describe, expect, test } from "vitest";
import { Decimal, row } from "../types/values.ts";
import { assertDataFrameEqual, assertSchemaEqual, StructType } from "./public.ts";

const messageOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
  } catch (error) {
    return (error as Error).message;
  }
  return "equal";
};

describe("assertSchemaEqual", () => {
  const schema = StructType.fromDDL("a INT, b STRING");

  test("equal schemas pass, nullability aside", () => {
    assertSchemaEqual(schema, StructType.fromDDL("a INT NOT NULL, b STRING"));
    assertSchemaEqual(StructType.fromDDL("b STRING, a INT"), schema, { ignoreColumnOrder: true });
    assertSchemaEqual(StructType.fromDDL("x INT, y STRING"), schema, { ignoreColumnName: true });
  });

  test("a difference is shown line by line", async () => {
    expect(
      await messageOf(() => assertSchemaEqual(StructType.fromDDL("a INT, b LONG, c DATE"), schema)),
    ).toBe(
      [
        "[DIFFERENT_SCHEMA] Schemas do not match.",
        "--- actual",
        "+++ expected",
        "",
        "  a: int",
        "- b: bigint",
        "+ b: string",
        "- c: date",
      ].join("\n"),
    );
    expect(
      await messageOf(() =>
        assertSchemaEqual(schema, StructType.fromDDL("a INT NOT NULL, b STRING"), { ignoreNullable: false }),
      ),
    ).toContain("(nullable = false)");
  });

  test("something else than a schema is refused", async () => {
    expect(await messageOf(() => assertSchemaEqual("a INT" as never, schema))).toContain("NOT_EXPECTED_TYPE");
  });
});

describe("assertDataFrameEqual", () => {
  const rows = [row({ id: 1, x: 0.1 }), row({ id: 2, x: null })];

  test("rows in any order, and doubles that are close, are equal", async () => {
    expect(await messageOf(() => assertDataFrameEqual(rows, [...rows].reverse()))).toBe("equal");
    expect(
      await messageOf(() =>
        assertDataFrameEqual(rows, [row({ id: 1, x: 0.1 + 1e-9 }), row({ id: 2, x: null })]),
      ),
    ).toBe("equal");
    expect(
      await messageOf(() => assertDataFrameEqual(rows, [...rows].reverse(), { checkRowOrder: true })),
    ).toContain("100.00000 %");
  });

  test("values inside and their kinds count", async () => {
    const nested = (n: number) => [row({ a: [row({ b: Decimal.of(n) })], m: new Map([["k", n]]) })];
    expect(await messageOf(() => assertDataFrameEqual(nested(1), nested(1)))).toBe("equal");
    expect(await messageOf(() => assertDataFrameEqual(nested(1), nested(2)))).toContain("DIFFERENT_ROWS");
    expect(await messageOf(() => assertDataFrameEqual([row({ a: 1 })], [row({ b: 1 })]))).toContain(
      "DIFFERENT_ROWS",
    );
    expect(
      await messageOf(() =>
        assertDataFrameEqual([row({ a: 1 })], [row({ b: 1 })], { ignoreColumnName: true }),
      ),
    ).toBe("equal");
    expect(
      await messageOf(() => assertDataFrameEqual([row({ a: Number.NaN })], [row({ a: Number.NaN })])),
    ).toBe("equal");
  });

  test("the difference shows the rows and their share", async () => {
    expect(await messageOf(() => assertDataFrameEqual(rows, [row({ id: 1, x: 0.1 })]))).toBe(
      [
        "[DIFFERENT_ROWS] Results do not match: ( 50.00000 % )",
        "*** actual ***",
        "Row(id=2, x=None)",
        "*** expected ***",
        "(no row)",
      ].join("\n"),
    );
  });
});
