import { afterEach, describe, expect, test, vi } from "vitest";
import { field, LONG, STRING, struct } from "../types/data-type.ts";
import { NO_ATTACHMENTS } from "./internal.ts";
import { type DataFrame, F, Observation, SparkSession, StorageLevel } from "./public.ts";
import { isPlainQuery } from "./sql-text.ts";
import { RecordingBackend, recordingSession } from "./test-support/recording-backend.ts";

const sessions: SparkSession[] = [];
function open(...args: Parameters<typeof recordingSession>) {
  const opened = recordingSession(...args);
  sessions.push(opened.spark);
  return opened;
}
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.stop();
});

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("sessions", () => {
  test("getOrCreate finds the active session, sets what can be set, and makes a new one after stop", async () => {
    const { spark, backend } = open();
    const same = SparkSession.builder.appName("x").config({ "spark.sql.ansi.enabled": false }).getOrCreate();
    expect(same).toBe(spark);
    expect(SparkSession.active()).toBe(spark);
    expect(await spark.conf.get("spark.sql.ansi.enabled")).toBe("false");
    await spark.stop();
    expect(SparkSession.getActiveSession()).toBeNull();
    expect(() => SparkSession.active()).toThrow("NO_ACTIVE_OR_DEFAULT_SESSION");
    expect(backend.calls.at(-1)).toEqual({ kind: "other", name: "stop", args: [] });
  });

  test("a backend that cannot start fails the first call, not the start", async () => {
    const spark = SparkSession.builder.backend(() => Promise.reject(new Error("no engine"))).create();
    await later(0);
    await expect(spark.range(1).collect()).rejects.toThrow("no engine");
    await spark.stop();
  });

  test("newSession asks the backend for a session of its own", async () => {
    const { spark } = open();
    const other = spark.newSession();
    sessions.push(other);
    expect(other).not.toBe(spark);
    await other.range(1).collect();
    await expect(async () => spark.range(1).join(other.range(1))).rejects.toThrow("SESSION_NOT_SAME");
  });

  test("a DataFrame is not thenable", async () => {
    const { spark } = open();
    const df = spark.range(1);
    expect(await df).toBe(df);
  });

  test("tags go with operations", async () => {
    const { spark } = open();
    spark.addTag("nightly");
    expect(spark.getTags()).toEqual(new Set(["nightly"]));
    spark.removeTag("nightly");
    expect(spark.getTags().size).toBe(0);
    expect(() => spark.addTag("a,b")).toThrow("NOT_EXPECTED_TYPE");
    expect(await spark.interruptTag("nightly")).toEqual(["id"]);
  });
});

describe("sql", () => {
  test.each([
    ["SELECT 1", true],
    ["  -- note\n /* more */ (select 1)", true],
    ["VALUES (1)", true],
    ["TABLE t", true],
    ["FROM t SELECT a", true],
    ["FROM t INSERT INTO u SELECT a", false],
    ["WITH a AS (SELECT 1) SELECT * FROM a", false],
    ["CREATE TABLE t (a INT)", false],
    ["SHOW TABLES", false],
    ["selected", false],
  ])("%j is a plain query: %s", (text, expected) => {
    expect(isPlainQuery(text)).toBe(expected);
  });

  test("a query runs when an action asks, anything else at once and in order", async () => {
    const { spark, backend } = open();
    spark.sql("SELECT 1");
    spark.sql("CREATE DATABASE a");
    const shown = spark.sql("SHOW DATABASES");
    await shown.collect();
    const sql = backend.calls.filter((call) => call.kind === "sql");
    expect(sql.map((call) => call.query.query)).toEqual(["CREATE DATABASE a", "SHOW DATABASES"]);
    const plan = backend.queries[0];
    expect(plan).toMatchObject({ kind: "CachedRemoteRelation", relationId: sql[1]?.resultId });
  });

  test("a command's error rejects the next action, and what rests on the command always", async () => {
    const { spark } = open({
      before: (call) => {
        if (call.kind === "sql" && call.query.query.startsWith("DROP")) throw new Error("no such table");
      },
    });
    const dropped = spark.sql("DROP TABLE t");
    await expect(spark.range(1).collect()).rejects.toThrow("no such table");
    await spark.range(1).collect();
    await expect(dropped.collect()).rejects.toThrow("no such table");
  });

  test("an error that nobody asks for is reported", async () => {
    vi.useFakeTimers();
    const onUnhandledError = vi.fn();
    const { spark } = open(
      {
        before: (call) => {
          if (call.kind === "sql") throw new Error("lost");
        },
      },
      { onUnhandledError },
    );
    spark.sql("SET a = b");
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    expect(onUnhandledError).toHaveBeenCalledWith(expect.objectContaining({ message: "lost" }));
  });

  test("parts in braces: DataFrames become views of this text alone, values literals", async () => {
    const { spark, backend } = open();
    const people = spark.table("people");
    await spark
      .sql("SELECT * FROM {p} WHERE a = {x} AND b > {n} AND {none}", undefined, { p: people, x: "o'k", n: 3 })
      .collect();
    const plan = backend.queries[0] as unknown as {
      kind: string;
      root: { query: string };
      references: readonly { kind: string; alias: string; input: { unparsedIdentifier: string } }[];
    };
    expect(plan.kind).toBe("WithRelations");
    expect(plan.references[0]).toMatchObject({
      kind: "SubqueryAlias",
      input: { unparsedIdentifier: "people" },
    });
    expect(plan.root.query).toBe(
      `SELECT * FROM ${plan.references[0]?.alias} WHERE a = 'o\\'k' AND b > 3 AND {none}`,
    );
  });
});

describe("order of what is not awaited", () => {
  test("settings, views and catalog changes come before later actions", async () => {
    const { spark, backend } = open({ before: () => later(2) });
    spark.conf.set("k", "v");
    spark.range(1).createOrReplaceTempView("v");
    spark.catalog.setCurrentDatabase("d");
    spark.range(3).cache();
    await spark.range(2).collect();
    expect(
      backend.calls.map((call) =>
        call.kind === "other" ? call.name : call.kind === "query" ? call.plan.kind : call.kind,
      ),
    ).toEqual(["conf.set", "command", "CatalogRelation", "persist", "Range"]);
  });

  test("whenIdle waits for everything, failures included", async () => {
    const { spark, backend } = open({ before: () => later(5) }, { onUnhandledError: () => {} });
    spark.sql("SET a = b");
    spark
      .range(1)
      .collect()
      .catch(() => {});
    await spark.lakelet.whenIdle();
    expect(backend.calls.length).toBe(2);
  });
});

describe("actions", () => {
  const schema = struct([field("id", LONG), field("name", STRING)]);
  const rows = [
    [1n, "a"],
    [2n, null],
  ];

  test("collect gives rows by name and position", async () => {
    const { spark } = open({ schema, rows });
    const collected = await spark.table("t").collect();
    expect(String(collected[0])).toBe("Row(id=1, name='a')");
    expect(collected[1]?.id).toBe(2);
    expect(collected[1]?.["name"]).toBeNull();
    expect(collected[0]?.[1]).toBe("a");
  });

  test("columns, dtypes and schema ask once, and filters keep the answer", async () => {
    const { spark, backend } = open({ schema });
    const df = spark.table("t");
    expect(await df.columns).toEqual(["id", "name"]);
    expect(await df.filter("id > 1").dtypes).toEqual([
      ["id", "bigint"],
      ["name", "string"],
    ]);
    expect((await df.schema).simpleString()).toBe("struct<id:bigint,name:string>");
    expect(backend.calls.length).toBe(1);
  });

  test("printSchema, show and explain print as PySpark", async () => {
    const { spark, printed } = open({ schema: struct([field("show_string", STRING)]), rows: [["+--+\n"]] });
    await spark.table("t").show();
    await spark.table("t").printSchema();
    await spark.table("t").explain(true);
    expect(printed).toEqual([
      "+--+\n",
      "root\n |-- show_string: string (nullable = true)\n",
      "plan in mode extended",
    ]);
  });

  test("rows one by one, and as a table", async () => {
    const { spark } = open({ schema, rows });
    const names: unknown[] = [];
    for await (const row of spark.table("t")) names.push(row.name);
    expect(names).toEqual(["a", null]);
    const table = await spark.table("t").toArrow();
    expect(table.numRows).toBe(2);
    const empty = open({ schema });
    expect((await empty.spark.table("t").toArrow()).schema.fields.map((f) => f.name)).toEqual(["id", "name"]);
  });

  test("positions stand for columns of the schema", async () => {
    const { spark, backend } = open({ schema });
    const df = spark.table("t");
    await df.sort(-2).collect();
    await df.groupBy(1).agg(F.max("name")).collect();
    const [sorted, grouped] = backend.queries as unknown as {
      order: unknown[];
      groupingExpressions: unknown[];
    }[];
    expect(sorted?.order).toMatchObject([
      { child: { unparsedIdentifier: "name" }, direction: "descending", nullOrdering: "last" },
    ]);
    expect(grouped?.groupingExpressions).toMatchObject([{ unparsedIdentifier: "id" }]);
  });

  test("a place that is filled late keeps its plan id, so columns bound to it hold", async () => {
    const { spark, backend } = open({ schema });
    const summed = spark.table("t").groupBy("name").sum();
    await summed.select(summed.col("sum(id)")).collect();
    const plan = backend.queries[0] as unknown as {
      input: { kind: string; planId: number; aggregateExpressions: unknown[] };
      expressions: { planId: number }[];
    };
    expect(plan.input.kind).toBe("Aggregate");
    expect(plan.expressions[0]?.planId).toBe(plan.input.planId);
    expect(plan.input.aggregateExpressions).toMatchObject([
      { functionName: "sum", arguments: [{ unparsedIdentifier: "id" }] },
    ]);
  });

  test("files are registered when an action runs, once", async () => {
    const { spark, backend } = open({ schema });
    const df = spark.read.csv([new File(["a"], "a.csv"), "b.csv", new Uint8Array([1])], { header: true });
    expect(backend.calls).toEqual([]);
    await df.collect();
    await df.count();
    expect(backend.calls.filter((call) => call.kind === "other" && call.name === "registerFile").length).toBe(
      2,
    );
    expect(backend.queries[0]).toMatchObject({
      kind: "ReadDataSource",
      format: "csv",
      paths: ["lakelet-file:a.csv", "b.csv", "lakelet-file:data"],
      options: { header: "true" },
    });
  });

  test("user functions are made known once and run over batches", async () => {
    const { spark, backend } = open();
    const length = F.udf(async (text: string | null) => (text === null ? null : text.length), "int");
    await spark.table("t").select(length("a")).collect();
    await spark.table("t").select(length("b")).collect();
    expect(backend.functions.size).toBe(1);
    const [call] = backend.functions.values();
    const { rowsToArrow } = await import("../engine/arrow/build.ts");
    const { decodeRows } = await import("../engine/arrow/decode.ts");
    const { sparkSchemaOf } = await import("../engine/arrow/spark-schema.ts");
    const args = rowsToArrow([["abc"], [null]], struct([field("x", STRING)]));
    const result = (await call?.(args)) as Uint8Array;
    expect(decodeRows([result], sparkSchemaOf(result)).map((r) => r.get(0))).toEqual([3, null]);
    const wrong = F.udf(() => "text", "int");
    await spark.table("t").select(wrong("a")).collect();
    await expect([...backend.functions.values()][1]?.(args)).rejects.toThrow("FIELD_DATA_TYPE_UNACCEPTABLE");
  });

  test("an Observation is told by the action that computes it", async () => {
    const { spark, backend } = open();
    const seen = new Observation("seen");
    const df = spark.table("t").observe(seen, F.count(F.lit(1)).alias("n"));
    backend.execute = async (plan) => ({
      schema: struct([]),
      chunks: [],
      rowCount: 0,
      elapsedMs: 0,
      observed: [
        { name: "seen", keys: ["n"], values: [{ kind: "Literal", dataType: LONG, value: 5n }] },
        { name: "other", keys: [], values: [] },
      ],
      plan,
    });
    await df.collect();
    expect(await seen.get).toEqual({ n: 5 });
    expect(() => spark.table("t").observe(seen, F.count("*"))).toThrow("REUSE_OBSERVATION");
  });

  test("checkpoint runs at once; the new DataFrame stands for what is kept", async () => {
    const { spark, backend } = open();
    const kept = spark.range(3).checkpoint();
    await kept.collect();
    expect(backend.commands).toMatchObject([{ kind: "CheckpointCommand", eager: true, local: false }]);
    expect(backend.queries).toMatchObject([{ kind: "CachedRemoteRelation", relationId: "checkpointed" }]);
  });

  test("storage levels print as PySpark's", async () => {
    const { spark } = open();
    expect(String(await spark.range(1).storageLevel)).toBe("Disk Memory Deserialized 1x Replicated");
    expect(await spark.range(1).is_cached).toBe(true);
    expect(String(StorageLevel.NONE)).toBe("Serialized 1x Replicated");
  });

  test("a function over Arrow batches makes a DataFrame", async () => {
    const { spark, backend } = open({ schema, rows });
    const doubled = spark.table("t").mapInArrow(async function* (batches) {
      for await (const batch of batches) yield* [batch, batch];
    }, "id LONG, name STRING");
    await doubled.collect();
    expect(backend.queries.map((plan) => plan.kind)).toEqual(["ReadTable", "LocalRelation"]);
  });

  test("plans of a thousand steps are built and filled without recursion", async () => {
    const { spark, backend } = open();
    let df: DataFrame = spark.table("t").groupBy("a").sum();
    for (let i = 0; i < 20_000; i++) df = df.withColumn(`c${i}`, F.lit(i));
    await df.collect();
    expect(backend.queries[0]?.kind).toBe("WithColumns");
    let sum = F.lit(0);
    for (let i = 0; i < 20_000; i++) sum = sum.plus(i);
    expect(String(sum).length).toBeGreaterThan(100_000);
  });
});

test("prepare leaves a plan without places as it is", async () => {
  const { spark } = open();
  const plan = { kind: "OneRowRelation" } as const;
  const runtime = spark[Symbol.for("lakelet.internal") as never] as {
    prepare(p: object, a: unknown): Promise<object>;
  };
  expect(await runtime.prepare(plan, NO_ATTACHMENTS)).toBe(plan);
  expect(new RecordingBackend().sessionId).toBe("recording");
});
