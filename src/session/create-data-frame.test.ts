import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeRows } from "../engine/arrow/decode.ts";
import type { PySparkException } from "../errors/spark-error.ts";
import type { LocalRelation, Relation, ToDF } from "../plan/relation.ts";
import type { StructType } from "../types/data-type.ts";
import { fromJson } from "../types/json.ts";
import { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import * as lakelet from "./public.ts";
import { recordingSession } from "./test-support/recording-backend.ts";

interface Recorded {
  readonly python: string;
  readonly js: string;
  readonly schema?: string;
  readonly rows?: readonly string[];
  readonly condition?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const RECORDED = JSON.parse(
  readFileSync(new URL("../../e2e/spark/session/rows-recorded.json", import.meta.url), "utf8"),
) as readonly Recorded[];

function evaluate(js: string): unknown {
  const { spark } = recordingSession();
  const names = { ...lakelet, spark };
  return new Function(...Object.keys(names), `return ${js}`)(...Object.values(names));
}

/** What a local relation holds: its schema and its rows as PySpark prints them. */
function contentOf(plan: Relation): { readonly schema: string; readonly rows: readonly string[] } {
  const renamed = plan.kind === "ToDF" ? (plan as ToDF).columnNames : undefined;
  const local = (plan.kind === "ToDF" ? plan.input : plan) as LocalRelation;
  const own = fromJson(JSON.parse(local.schema as string)) as StructType;
  const schema = {
    ...own,
    fields: own.fields.map((f, i) => ({ ...f, name: renamed?.[i] ?? f.name })),
  };
  const rows = local.data === undefined ? [] : decodeRows([local.data], schema);
  return { schema: new lakelet.StructType(schema.fields).json(), rows: rows.map(String) };
}

/** Python shows whole doubles with `.0`, which JavaScript's numbers do not know, and a time zone's own local time. */
function comparable(text: string): string {
  return text.replace(/(\d)\.0\b/g, "$1");
}

describe("createDataFrame does as PySpark", () => {
  test.each(RECORDED.map((r) => [r.js, r] as const))("%s", (_, recorded) => {
    if (recorded.condition !== undefined) {
      const error = (() => {
        try {
          evaluate(recorded.js);
        } catch (e) {
          return e as PySparkException;
        }
        return undefined;
      })();
      expect(error?.getCondition()).toBe(recorded.condition);
      expect(error?.getMessageParameters()).toEqual(recorded.parameters);
      return;
    }
    const df = evaluate(recorded.js) as DataFrame;
    expect(df).toBeInstanceOf(DataFrame);
    const content = contentOf(df[INTERNAL].plan);
    expect(JSON.parse(content.schema)).toEqual(JSON.parse(recorded.schema as string));
    expect(content.rows.map(comparable)).toEqual((recorded.rows as readonly string[]).map(comparable));
  });
});

describe("values that are not of the schema", () => {
  const conditionOf = (js: string): string => {
    try {
      evaluate(js);
    } catch (e) {
      const error = e as PySparkException;
      return `${error.getCondition()} ${error.getMessageParameters().field_name ?? ""}`.trim();
    }
    return "none";
  };

  // The names are those of PySpark's own verification.
  test.each([
    ['spark.createDataFrame([["x"]], "a INT")', "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME field a"],
    ['spark.createDataFrame([[1.5]], "a INT")', "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME field a"],
    ['spark.createDataFrame([[null]], "a INT NOT NULL")', "FIELD_NOT_NULLABLE_WITH_NAME field a"],
    ['spark.createDataFrame([[300]], "a TINYINT")', "VALUE_OUT_OF_BOUNDS"],
    ['spark.createDataFrame([[2 ** 53]], "a INT")', "VALUE_OUT_OF_BOUNDS"],
    [
      'spark.createDataFrame([[[1, "x"]]], "a ARRAY<INT>")',
      "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME element in array field a",
    ],
    [
      'spark.createDataFrame([[{ b: "x" }]], "a STRUCT<b: INT>")',
      "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME field b in field a",
    ],
    [
      'spark.createDataFrame([[new Map([[1, "x"]])]], "a MAP<STRING, INT>")',
      "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME value of map field a",
    ],
    [
      'spark.createDataFrame([[[1, 2, 3]]], "a STRUCT<b: INT>")',
      "FIELD_STRUCT_LENGTH_MISMATCH_WITH_NAME field a",
    ],
    ['spark.createDataFrame([[new Date(1)]], "a DATE")', "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME field a"],
    ['spark.createDataFrame([["2024-01-01"]], "a DATE")', "FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME field a"],
    ["spark.createDataFrame(spark.range(1))", "INVALID_TYPE"],
    ["spark.createDataFrame([Symbol.iterator])", "CANNOT_INFER_TYPE_FOR_FIELD _1"],
  ])("%s is %s", (js, condition) => {
    expect(conditionOf(js)).toBe(condition);
  });
});

describe("numbers of JavaScript", () => {
  const typeOf = (js: string): string => {
    const df = evaluate(`spark.createDataFrame(${js})`) as DataFrame;
    const local = df[INTERNAL].plan as LocalRelation;
    return lakelet.StructType.fromJson(JSON.parse(local.schema as string)).simpleString();
  };

  // As the documentation of createDataFrame says: long when every value is whole and exact, else double.
  test.each([
    ["[[1], [2]]", "struct<_1:bigint>"],
    ["[[1], [2.5]]", "struct<_1:double>"],
    ["[[2 ** 60]]", "struct<_1:double>"],
    ["[[2n ** 60n]]", "struct<_1:bigint>"],
    ["[[1], [2n]]", "struct<_1:bigint>"],
    ["[[[1, 2.5]]]", "struct<_1:array<double>>"],
    ["[{ b: 1, a: 2 }, { c: 3 }]", "struct<b:bigint,a:bigint,c:bigint>"],
    ["[{ p: { x: 1 } }, { p: { y: 2 } }]", "struct<p:struct<x:bigint,y:bigint>>"],
    ["[new Map([['a', 1]])]", "struct<a:bigint>"],
    ["[[new Float64Array([1])]]", "struct<_1:array<double>>"],
  ])("%s is %s", (js, type) => {
    expect(typeOf(js)).toBe(type);
  });
});
