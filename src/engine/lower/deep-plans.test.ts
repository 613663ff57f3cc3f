import { afterAll, beforeAll, expect, it } from "vitest";
import type { Relation } from "../../plan/relation.ts";
import { parseStatement } from "../../sql/parse.ts";
import { TestSession } from "./testing.ts";

let session: TestSession;
beforeAll(async () => {
  session = await TestSession.open();
});
afterAll(() => session.close());

it.each([100, 1_000, 3_000])("%d expressions over one column, one above the other", async (count) => {
  let plan = parseStatement("SELECT 1L AS x, 'y' AS y") as Relation;
  for (let i = 0; i < count; i++) {
    plan = {
      kind: "WithColumns",
      input: plan,
      aliases: [
        {
          kind: "Alias",
          name: ["x"],
          expr: {
            kind: "UnresolvedFunction",
            functionName: "+",
            arguments: [
              { kind: "UnresolvedAttribute", unparsedIdentifier: "x" },
              { kind: "Literal", value: 1, dataType: { kind: "integer" } },
            ],
          },
        },
      ],
    };
  }
  const { rows } = await session.run(plan);
  expect(rows.map((r) => [...r])).toEqual([[count + 1, "y"]]);
});
