import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planFromProto } from "../../connect/plan/plan-from-proto.ts";
import type { Relation } from "../../plan/relation.ts";
import { parseDataType } from "../../sql/parse.ts";
import { KNOWN_DIFFERENCES } from "./known-differences.ts";
import { answer, type Recorded, readRecordings, recordedAnswer } from "./recorded.ts";
import { TestSession } from "./testing.ts";

const TOPICS = [
  "select",
  "aggregate",
  "join",
  "setops",
  "subquery",
  "window",
  "recursion",
  "pipe",
  "rules",
  "star",
  "dataframe",
  "partitions",
  "beside",
];

function planOf(recorded: Recorded): Relation {
  const bytes = Uint8Array.from(atob(recorded.plan ?? ""), (c) => c.charCodeAt(0));
  const plan = planFromProto(bytes, { parseDdl: (text) => parseDataType(text) });
  if (plan.kind !== "query") throw new Error("the recorded plan is no query");
  return plan.relation;
}

for (const topic of TOPICS) {
  describe(`${topic}, as recorded from Spark`, () => {
    let session: TestSession;
    beforeAll(async () => {
      session = await TestSession.open();
    });
    afterAll(() => session.close());

    for (const recorded of readRecordings(topic)) {
      const name = recorded.sql ?? `${recorded.program}: ${recorded.code}`;
      const known = KNOWN_DIFFERENCES[name];
      it(known === undefined ? name : `${name} (differs: ${known})`, async () => {
        const { sql } = recorded;
        const run = () =>
          answer(() => (sql === undefined ? session.run(planOf(recorded)) : session.sql(sql)));
        if (known !== undefined) {
          const result = await run().catch((error: unknown) => ({ error: String(error) }));
          expect(result).not.toEqual(recordedAnswer(recorded, result));
          return;
        }
        const result = await run();
        // Settings have no rows here.
        if (sql !== undefined && /^(RE)?SET /.test(sql)) return;
        expect(result).toEqual(recordedAnswer(recorded, result));
      });
    }
  });
}
