import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArithmeticException } from "../errors/spark-error.ts";
import type { Kernel } from "../functions/kernel.ts";
import { createEngine } from "../node/engine-platform.ts";
import {
  BOOLEAN,
  DOUBLE,
  field,
  INTEGER,
  LONG,
  STRING,
  type StructType,
  struct,
} from "../types/data-type.ts";
import { rowsToArrow } from "./arrow/build.ts";
import { decodeRows } from "./arrow/decode.ts";
import type { EngineApi, EngineFailure, EngineTask, TaskEvent } from "./engine-api.ts";
import { failureOf } from "./failure.ts";
import { raiseSql, sqlString } from "./raise.ts";

const KERNELS: readonly Kernel[] = [
  { name: "echo", args: ["string"], result: "string", call: (s) => `<${s}>` },
  { name: "third", args: ["double"], result: "double", call: (x) => (x as number) / 3 },
  { name: "add", args: ["int32", "int32"], result: "int32", call: (a, b) => (a as number) + (b as number) },
  { name: "flag", args: ["boolean"], result: "string", call: (b) => typeof b + b },
  { name: "nulls", args: ["string", "int32"], result: "string", nulls: "pass", call: (a, b) => `${a},${b}` },
  { name: "none", args: [], result: "int32", call: () => 7 },
  { name: "maybe", args: ["int32"], result: "double", call: (a) => ((a as number) % 2 === 0 ? null : 0.1) },
  { name: "join", args: ["string"], variadic: true, result: "string", call: (...parts) => parts.join("|") },
  {
    name: "fails",
    args: ["int32"],
    result: "int32",
    call: (a) => {
      if (a === 3) {
        const messageParameters = { config: 'a "quoted" \\ value\n' };
        throw new ArithmeticException({ condition: "DIVIDE_BY_ZERO", messageParameters });
      }
      return a as number;
    },
  },
];

let engine: EngineApi;
let nextId = 0;

beforeAll(async () => {
  engine = await createEngine({
    loadKernels: async (names) => KERNELS.filter((k) => names.includes(k.name)),
    memoryLimitBytes: 512 << 20,
  });
});
afterAll(() => engine.close());

function task(sql: string, output: StructType, more: Partial<EngineTask> = {}): EngineTask {
  return { id: `t${nextId++}`, inputs: [], sql, kernels: [], output, sink: { kind: "arrow" }, ...more };
}

async function rows(sql: string, output: StructType, more: Partial<EngineTask> = {}): Promise<unknown[][]> {
  const result = await engine.run(task(sql, output, more));
  if (result.kind !== "arrow") throw new Error("not Arrow");
  return decodeRows(result.chunks, output).map((r) => [...r]);
}

async function failure(promise: Promise<unknown>): Promise<EngineFailure> {
  return promise.then(
    () => {
      throw new Error("it should have failed");
    },
    (error) => failureOf(error),
  );
}

const one = (type: Parameters<typeof field>[1]): StructType => struct([field("x", type)]);

describe("queries", () => {
  it("return their rows", async () => {
    expect(
      await rows(
        "SELECT 1::INTEGER, 'a', NULL::DOUBLE",
        struct([field("a", INTEGER), field("b", STRING), field("c", DOUBLE)]),
      ),
    ).toEqual([[1, "a", null]]);
  });

  it("keep the order and number of many rows", async () => {
    const result = await rows("SELECT range FROM range(100000)", one(LONG));
    expect(result.length).toBe(100000);
    expect(result.every((r, i) => r[0] === i)).toBe(true);
  });

  it("return the schema alone when there are no rows", async () => {
    const result = await engine.run(task("SELECT 1::INTEGER WHERE false", one(INTEGER)));
    expect(result.kind === "arrow" && [result.chunks.length, result.rowCount]).toEqual([1, 0]);
  });

  it("cut batches to the wanted size", async () => {
    const events: TaskEvent[] = [];
    const sink = { kind: "arrow", maxRowsPerBatch: 1000, stream: true } as const;
    const result = await engine.run(
      task("SELECT range, 'x' || range, range % 3 = 0, [range, NULL] FROM range(5000)", struct([]), { sink }),
      (e) => events.push(e),
    );
    const batches = events.filter((e) => e.kind === "batch");
    expect(batches.every((b) => b.rowCount <= 1000)).toBe(true);
    expect(batches.reduce((sum, b) => sum + b.rowCount, 0)).toBe(5000);
    expect(result.kind === "arrow" && result.rowCount).toBe(5000);
    const schema = struct([
      field("a", LONG),
      field("b", STRING),
      field("c", BOOLEAN),
      field("d", { kind: "array", elementType: LONG, containsNull: true }),
    ]);
    const all = decodeRows(
      batches.map((b) => b.data),
      schema,
    );
    expect(
      all.every(
        (r, i) => r.a === i && r.b === `x${i}` && r.c === (i % 3 === 0) && (r.d as unknown[])[0] === i,
      ),
    ).toBe(true);
  });

  it("run setup statements on a connection of their own", async () => {
    const setup = ["CREATE TEMP TABLE t AS SELECT 42::INTEGER AS x"];
    expect(await rows("SELECT x FROM t", one(INTEGER), { setup })).toEqual([[42]]);
    expect((await failure(rows("SELECT x FROM t", one(INTEGER)))).kind).toBe("internal");
  });

  it("run side by side", async () => {
    const heavy = "SELECT sum(a.range * b.range)::BIGINT FROM range(20000) a, range(1000) b";
    const results = await Promise.all([
      rows(heavy, one(LONG)),
      rows("SELECT 1::INTEGER", one(INTEGER)),
      rows(heavy, one(LONG)),
    ]);
    expect(results[1]).toEqual([[1]]);
    expect(results[0]).toEqual(results[2]);
  });
});

describe("input", () => {
  const schema = struct([field("a", LONG), field("b", STRING)]);
  const columns = [
    { name: "a", as: "c1", type: LONG },
    { name: "b", as: "c2", type: STRING },
  ];

  it("comes from Arrow, several streams as one table", async () => {
    const data = [
      rowsToArrow(
        [
          [1, "x"],
          [2, null],
        ],
        schema,
      ),
      rowsToArrow([], schema),
      rowsToArrow([[3, "ü"]], schema),
    ];
    const inputs = [{ kind: "arrow", name: "in", data, columns } as const];
    expect(
      await rows('SELECT c2, c1 FROM "in"', struct([field("b", STRING), field("a", LONG)]), { inputs }),
    ).toEqual([
      ["x", 1],
      [null, 2],
      ["ü", 3],
    ]);
  });

  it("may be empty, or none at all", async () => {
    for (const data of [[], [rowsToArrow([], schema)]]) {
      const inputs = [{ kind: "arrow", name: "in", data, columns } as const];
      expect(
        await rows('SELECT count(*), count(c1) FROM "in"', struct([field("n", LONG), field("m", LONG)]), {
          inputs,
        }),
      ).toEqual([[0, 0]]);
    }
  });

  it("is kept under its cache key", async () => {
    const input = { kind: "arrow", name: "in", columns, cacheKey: "k1" } as const;
    const inputs = [{ ...input, data: [rowsToArrow([[1, "x"]], schema)] }];
    await rows('SELECT c1 FROM "in"', one(LONG), { inputs });
    const { cachedBytes } = await engine.stats();
    expect(cachedBytes).toBeGreaterThan(0);
    expect(await rows('SELECT c1 FROM "in"', one(LONG), { inputs: [{ ...input, data: [] }] })).toEqual([[1]]);
    await engine.trim(0);
    expect((await engine.stats()).cachedBytes).toBe(0);
    expect(await rows('SELECT c1 FROM "in"', one(LONG), { inputs: [{ ...input, data: [] }] })).toEqual([]);
    await engine.trim(0);
  });
});

describe("kernels", () => {
  it("pass strings, numbers and nulls both ways", async () => {
    const sql =
      "SELECT k_echo(s), k_third(n), k_add(n, 1), k_flag(n > 1), k_nulls(s, NULL), k_none(), k_maybe(n), k_join(s, 'x', s) FROM (VALUES ('äö🙂', 1), (NULL, 2), ('', 5)) t(s, n)";
    const output = struct(
      [STRING, DOUBLE, INTEGER, STRING, STRING, INTEGER, DOUBLE, STRING].map((t, i) => field(`x${i}`, t)),
    );
    expect(await rows(sql, output, { kernels: KERNELS.map((k) => k.name) })).toEqual([
      ["<äö🙂>", 1 / 3, 2, "booleanfalse", "äö🙂,null", 7, 0.1, "äö🙂|x|äö🙂"],
      [null, 2 / 3, 3, "booleantrue", "null,null", 7, null, null],
      ["<>", 5 / 3, 6, "booleantrue", ",null", 7, 0.1, "|x|"],
    ]);
  });

  it("see each row of many vectors", async () => {
    const sql =
      "SELECT k_echo(repeat('é', (range % 40)::INTEGER) || range) = '<' || repeat('é', (range % 40)::INTEGER) || range || '>' AS ok, count(*) FROM range(20000) GROUP BY ALL";
    expect(await rows(sql, struct([field("ok", BOOLEAN), field("n", LONG)]), { kernels: ["echo"] })).toEqual([
      [true, 20000],
    ]);
  });

  it("work inside lambdas", async () => {
    const sql =
      "SELECT array_to_string(list_transform([1, 2, 3], x -> k_echo(x::VARCHAR)), ',') FROM range(2)";
    expect(await rows(sql, one(STRING), { kernels: ["echo"] })).toEqual([["<1>,<2>,<3>"], ["<1>,<2>,<3>"]]);
  });

  it("raise Spark's errors", async () => {
    const failed = await failure(
      rows("SELECT k_fails(range::INTEGER) FROM range(10)", one(INTEGER), { kernels: ["fails"] }),
    );
    expect(failed).toMatchObject({
      kind: "spark",
      error: {
        errorClass: "ArithmeticException",
        condition: "DIVIDE_BY_ZERO",
        messageParameters: { config: 'a "quoted" \\ value\n' },
      },
    });
    expect(
      await rows(
        "SELECT CASE WHEN range = 3 THEN 0 ELSE k_fails(range::INTEGER) END FROM range(5)",
        one(INTEGER),
        { kernels: ["fails"] },
      ),
    ).toEqual([[0], [1], [2], [0], [4]]);
  });
});

describe("errors", () => {
  it("are raised in SQL with values of the row", async () => {
    const raise = raiseSql("SparkRuntimeException", "SOME.CONDITION", {
      value: "x",
      text: sqlString('it\'s "b\\d"\n\t'),
      none: "NULL",
    });
    const sql = `SELECT CASE WHEN x = 'b"' THEN ${raise} ELSE length(x) END FROM (VALUES ('a'), ('b"')) t(x)`;
    expect(await failure(rows(sql, one(LONG)))).toEqual({
      kind: "spark",
      error: {
        errorClass: "SparkRuntimeException",
        condition: "SOME.CONDITION",
        messageParameters: { value: 'b"', text: 'it\'s "b\\d"\n\t', none: "NULL" },
      },
    });
  });

  it("are not raised where they are not reached", async () => {
    const raise = raiseSql("SparkRuntimeException", "X");
    expect(
      await rows(
        `SELECT CASE WHEN x > 100 THEN ${raise} ELSE x END FROM (VALUES (1), (2)) t(x)`,
        one(INTEGER),
      ),
    ).toEqual([[1], [2]]);
  });

  it("tell a lack of memory from a fault", async () => {
    expect(
      (await failure(rows("SELECT string_agg(repeat('x', 1000000), '') FROM range(1000)", one(LONG)))).kind,
    ).toBe("memory");
    expect((await failure(rows("SELECT * FROM nowhere", one(LONG)))).kind).toBe("internal");
    const sink = { kind: "arrow", maxBytes: 100_000 } as const;
    const failed = await failure(engine.run(task("SELECT range FROM range(1000000)", one(LONG), { sink })));
    expect(failed).toMatchObject({ kind: "memory", message: expect.stringContaining("0.1 MB") });
    expect(await rows("SELECT 1::INTEGER", one(INTEGER))).toEqual([[1]]);
  });
});

describe("cancellation", () => {
  it("ends a running query soon", async () => {
    const slow = task("SELECT count(*) FROM range(1000000000) a WHERE hash(range) = 5", one(LONG));
    const running = failure(engine.run(slow));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = performance.now();
    await engine.cancel(slow.id);
    expect(await running).toEqual({ kind: "cancelled" });
    expect(performance.now() - asked).toBeLessThan(100);
    expect(await rows("SELECT 1::INTEGER", one(INTEGER))).toEqual([[1]]);
    expect((await engine.stats()).tasks).toBe(0);
  });

  it("reports progress meanwhile", async () => {
    const events: TaskEvent[] = [];
    await engine.run(task("SELECT max(hash(range)) FROM range(1000000000)", one(LONG)), (e) =>
      events.push(e),
    );
    const fractions = events.flatMap((e) =>
      e.kind === "progress" && e.fraction !== undefined ? [e.fraction] : [],
    );
    expect(fractions.length).toBeGreaterThan(1);
    expect(fractions.every((f) => f >= 0 && f <= 1)).toBe(true);
  });
});
