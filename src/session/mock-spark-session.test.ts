import { describe, expect, test } from "vitest";
import { LakeletError } from "../errors/lakelet-error.ts";
import { BOOLEAN, field, struct } from "../types/data-type.ts";
import type { BackendOptions } from "./public.ts";
import { MockSparkSession } from "./public.ts";
import { type Answers, type Call, RecordingBackend } from "./test-support/recording-backend.ts";

function open(answers: Answers = {}, dbPath?: string) {
  const backend = new RecordingBackend({
    schema: struct([field("value", BOOLEAN)]),
    rows: [[true]],
    ...answers,
  });
  const asked: BackendOptions[] = [];
  const spark = new MockSparkSession("MyApp", {
    ...(dbPath === undefined ? {} : { dbPath }),
    backend: async (options) => {
      asked.push(options);
      return backend;
    },
  });
  const operations = () =>
    backend.queries.map((plan) => (plan.kind === "CatalogRelation" ? plan.operation : plan.kind));
  return { spark, backend, asked, operations };
}

describe("MockSparkSession", () => {
  test("is private and in memory unless a path is given, and makes databases that are missing", async () => {
    const { spark, asked } = open();
    await spark.stop();
    expect(asked[0]?.conf).toEqual({
      "spark.app.name": "MyApp",
      "spark.lakelet.createMissingDatabases": "true",
      "spark.sql.warehouse.dir": "memory:",
    });
    const other = open({}, "here");
    await other.spark.stop();
    expect(other.asked[0]?.conf["spark.sql.warehouse.dir"]).toBe("here");
  });

  test("createSchema makes and checks once; a schema that is known costs nothing", async () => {
    const { spark, operations } = open();
    await Promise.all([spark.storage.createSchema("s"), spark.storage.createSchema("s")]);
    await spark.storage.createSchema("s");
    expect(operations()).toEqual(["CreateDatabase", "DatabaseExists"]);
    await spark.storage.dropSchema("s");
    await spark.storage.createSchema("s");
    expect(operations()).toEqual([
      "CreateDatabase",
      "DatabaseExists",
      "DropDatabase",
      "CreateDatabase",
      "DatabaseExists",
    ]);
    await spark.stop();
  });

  test("two failures are got over", async () => {
    let failures = 2;
    const { spark, operations } = open({
      before: (call: Call) => {
        if (call.kind === "query" && failures-- > 0) throw new Error("busy");
      },
    });
    await spark.storage.createSchema("s");
    expect(operations()).toEqual(["CreateDatabase", "CreateDatabase", "CreateDatabase", "DatabaseExists"]);
    await spark.stop();
  });

  test("three failures are told: schema, cause, what to check; a later call tries again", async () => {
    let isBroken = true;
    const { spark } = open({
      before: (call) => {
        if (isBroken && call.kind === "query") throw new Error("disk is full");
      },
    });
    const error = await spark.storage.createSchema("sales").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LakeletError);
    expect(String(error)).toMatch(/"sales".*3 attempts.*disk is full.*Check/);
    isBroken = false;
    await spark.storage.createSchema("sales");
    await spark.stop();
  });

  test("a schema that is not there after it was made is a failure", async () => {
    const { spark } = open({ rows: [[false]] });
    await expect(spark.storage.createSchema("s")).rejects.toThrow("not in the catalog");
    expect(await spark.storage.schemaExists("s")).toBe(false);
    await spark.stop();
  });
});
