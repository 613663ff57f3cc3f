import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Relation } from "../../plan/relation.ts";
import { decode, type Message } from "../messages/decode.ts";
import { encode } from "../messages/encode.ts";
import { type ConnectPlan, planFromProto, relationFromProto } from "./plan-from-proto.ts";
import { planToProto, relationToProto } from "./plan-to-proto.ts";

const recorded = (
  JSON.parse(
    readFileSync(new URL("../../../e2e/spark/connect/messages.json", import.meta.url), "utf8"),
  ) as readonly { readonly program: string; readonly type: string; readonly bytes: string }[]
).filter((r) => r.type === "ExecutePlanRequest" || r.type === "AnalyzePlanRequest");

const context = {
  parseDdl: (text: string) => {
    throw new Error(`no DDL is expected here: ${text}`);
  },
};

const OPAQUE = new Set(["Plan", "Relation"]);

/** The plans in a request, as bytes of `Plan`. */
function plansOf(typeName: string, bytes: Uint8Array): readonly Uint8Array[] {
  const request = decode(typeName, bytes, { opaque: OPAQUE });
  if (request.plan !== undefined) return [request.plan as Uint8Array];
  const found: Uint8Array[] = [];
  for (const part of Object.values(request) as Message[]) {
    for (const key of ["plan", "targetPlan", "otherPlan"]) {
      if (part?.[key] instanceof Uint8Array) found.push(part[key]);
    }
  }
  return found;
}

/** A message without what means the same when it is absent. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaning);
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([k, v]) => v !== false && v !== undefined && !(k === "schema" && v === ""),
  );
  return Object.fromEntries(
    entries.map(([k, v]) => [k, k === "metadata" && v !== "" ? JSON.parse(v as string) : meaning(v)]),
  );
}

const SQL_AND_BACK = recorded.flatMap((r) =>
  plansOf(r.type, Buffer.from(r.bytes, "base64")).map((bytes) => [r.program, bytes] as const),
);

describe("plans recorded from PySpark", () => {
  test("there are plenty of them", () => {
    expect(SQL_AND_BACK.length).toBeGreaterThan(80);
  });

  test.each(SQL_AND_BACK)("%s says the same there and back", (program, bytes) => {
    const plan = planFromProto(bytes, context);
    const again = planToProto(
      plan.kind === "query" ? { relation: plan.relation } : { command: plan.command },
    );
    expect(planFromProto(again, context)).toEqual(plan);
    const before = meaning(decode("Plan", bytes)) as Message;
    const after = meaning(decode("Plan", again)) as Message;
    // A renaming comes as a map beside its list, decimals get the digits that they have, an insert says its mode.
    if (!["rename", "literals", "insert"].includes(program)) expect(after).toEqual(before);
  });
});

function plan(message: Message): Relation {
  return relationFromProto(encode("Relation", message), context);
}

const RANGE: Message = { range: { start: 0, end: 3, step: 1 } };

describe("relations", () => {
  test("carry their plan id", () => {
    expect(plan({ common: { planId: 7 }, ...RANGE })).toEqual({
      kind: "Range",
      planId: 7,
      start: 0,
      end: 3,
      step: 1,
    });
  });

  test("that Lakelet does not have are kept by name", () => {
    const watermark = { input: RANGE, eventTime: "t", delayThreshold: "1 s" };
    expect(plan({ withWatermark: watermark })).toMatchObject({
      kind: "UnsupportedRelation",
      feature: expect.stringContaining("withWatermark"),
    });
    expect(
      plan({ filter: { input: { unknown: {} }, condition: { literal: { boolean: true } } } }),
    ).toMatchObject({
      kind: "Filter",
      input: { kind: "UnsupportedRelation" },
    });
  });

  test("of a newer protocol are no plans", () => {
    // Field 150 of Relation, length-delimited and empty. Spark's words.
    expect(() => relationFromProto(Uint8Array.from([0xb2, 9, 0]), context)).toThrow(
      "[CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET] The Spark Connect plan is invalid. " +
        "This oneOf field in spark.connect.Relation is not set: RELTYPE_NOT_SET SQLSTATE: 56K00",
    );
  });

  test("without their input are no plans", () => {
    expect(() => plan({ filter: { condition: { literal: { boolean: true } } } })).toThrow(
      expect.objectContaining({ name: "InvalidPlanInput" }),
    );
  });

  test("with an unspecified join type are no plans", () => {
    expect(() => plan({ join: { left: RANGE, right: RANGE } })).toThrow(/JOIN_TYPE_UNSPECIFIED\(0\)/);
  });

  test("nest thousands deep", () => {
    let message: Message = RANGE;
    for (let i = 0; i < 3_000; i++) message = { limit: { input: message, limit: i } };
    const deep = plan(message);
    expect(relationToProto(deep)).toEqual(encode("Relation", message));
  });
});

describe("expressions", () => {
  function literal(message: Message): unknown {
    const relation = plan({ project: { input: RANGE, expressions: [{ literal: message }] } });
    return relation.kind === "Project" ? relation.expressions[0] : undefined;
  }

  test.each([
    ["12.340", 10, 0, 10, 3, "12.340"],
    ["1E+3", 10, 0, 10, 0, "1000"],
    ["-1.5E-3", undefined, undefined, 4, 4, "-0.0015"],
    ["12345678901234567890.5", 10, 0, 21, 1, "12345678901234567890.5"],
    ["0.001", 10, 0, 10, 3, "0.001"],
  ])("decimal %s as Spark types it", (value, precision, scale, p, s, text) => {
    expect(literal({ decimal: { value, precision, scale } })).toEqual({
      kind: "Literal",
      dataType: { kind: "decimal", precision: p, scale: s },
      value: text,
    });
  });

  test("timestamps are bigint microseconds", () => {
    expect(literal({ timestamp: 5 })).toMatchObject({ value: 5n });
  });

  test("extensions are refused by name", () => {
    expect(() => plan({ project: { input: RANGE, expressions: [{ extension: {} }] } })).toThrow(
      expect.objectContaining({ name: "UnsupportedOperationException" }),
    );
  });

  test("garbage is no plan", () => {
    expect(() => relationFromProto(Uint8Array.from([10, 200, 1, 1]), context)).toThrow(
      /CONNECT_INVALID_PLAN/,
    );
  });
});

describe("to the wire", () => {
  test("what only SQL text has is refused by name", () => {
    const input: Relation = { kind: "Range", start: 0, end: 1, step: 1 };
    const refused: readonly Relation[] = [
      { kind: "OneRowRelation" },
      { kind: "SubqueryAlias", input, alias: "t", columnAliases: ["a"] },
      { kind: "Limit", input, limit: { kind: "ExpressionString", expression: "1" } },
      { kind: "Join", left: input, right: input, joinType: "inner", usingColumns: [], isNatural: true },
    ];
    for (const relation of refused) {
      expect(() => relationToProto(relation)).toThrow(/\[UNSUPPORTED_FEATURE\]/);
    }
  });

  test("commands", () => {
    const plan: ConnectPlan = {
      kind: "command",
      command: { kind: "RemoveCachedRemoteRelationCommand", relationId: "r1" },
    };
    expect(planFromProto(planToProto(plan), context)).toEqual(plan);
  });
});
