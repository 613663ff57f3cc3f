import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parquetMetadata } from "hyparquet";
import { describe, expect, it } from "vitest";
import { field, INTEGER, LONG, STRING, struct } from "../../types/data-type.ts";
import { structFromJson } from "../../types/json.ts";
import { mergeSchemas, sparkSchemaOfParquet } from "./parquet-schema.ts";

const root = new URL("../../../e2e/", import.meta.url);
const recorded = JSON.parse(readFileSync(new URL("spark/readers/parquet.json", root), "utf8")) as Record<
  string,
  unknown
>;

describe("the schema of a Parquet file", () => {
  it.each(Object.keys(recorded))("%s is the one that Spark reads", (name) => {
    const bytes = readFileSync(fileURLToPath(new URL(`fixtures/parquet/${name}.parquet`, root)));
    const metadata = parquetMetadata(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    expect(sparkSchemaOfParquet(metadata)).toEqual(structFromJson(recorded[name]));
  });

  it("is merged by name", () => {
    const a = struct([field("x", LONG), field("s", struct([field("y", LONG)]))]);
    const b = struct([field("s", struct([field("z", STRING)])), field("n", STRING)]);
    expect(mergeSchemas(a, b).fields.map((f) => f.name)).toEqual(["x", "s", "n"]);
    expect(mergeSchemas(a, b).fields[1]?.dataType).toEqual(struct([field("y", LONG), field("z", STRING)]));
    expect(() => mergeSchemas(a, struct([field("x", INTEGER)]))).toThrow(/CANNOT_MERGE_SCHEMAS/);
  });
});
