import { isDeepStrictEqual } from "node:util";
import { expect, test } from "@playwright/test";
import { unflattenPlan } from "../src/plan/flat.ts";
import type { Relation } from "../src/plan/relation.ts";
import { parsePayload } from "../src/python/plain-values.ts";
import {
  comparableText,
  normalized,
  RECORDED_PLANS,
  recordedPlan,
  throughProto,
} from "../src/session/test-support/recorded-plan.ts";
import { Playground } from "./support/playground.ts";

test("Python cells share the page's session, show, print, and tell where they failed", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode(
    "python",
    `from pyspark.sql.types import IntegerType
people = spark.createDataFrame([("Ada", "Lovelace"), ("Grace", "Hopper")], ["first", "last"])

@F.udf(IntegerType())
def letters(first, last):
    return len(first) + len(last)

print("begins")
people.withColumn("n", letters("first", "last")).createOrReplaceTempView("people")
people.write.saveAsTable("saved")
spark.table("people")`,
  );
  await expect(page.getByTestId("output-text")).toHaveText("begins");
  expect(await playground.gridRows()).toEqual([
    ["Ada", "Lovelace", "11"],
    ["Grace", "Hopper", "11"],
  ]);

  await playground.runCode("sql", "SELECT p.first, n FROM people p JOIN saved USING (last) ORDER BY 1 DESC");
  expect(await playground.gridRows()).toEqual([
    ["Grace", "11"],
    ["Ada", "11"],
  ]);

  await playground.runCode("python", "rows = people.collect()\nrows[0].first, type(rows[1]).__name__");
  await expect(page.getByTestId("output-text")).toHaveText("('Ada', 'Row')");

  await playground.runCode("python", "x = 1\npeople.select('nobody').show()");
  const failure = page.getByTestId("output-error");
  await expect(failure).toContainText("UNRESOLVED_COLUMN.WITH_SUGGESTION (line 2)");
  await expect(failure).toContainText("nobody");

  await playground.runCode("python", "spark.sql('SELEC 1')");
  await expect(failure).toContainText("PARSE_SYNTAX_ERROR (line 1)");
  await playground.runCode("python", "def f():\n    return 1 / 0\n\nf()");
  await expect(failure).toContainText("ZeroDivisionError (line 2)");
});

test("a Python program that does not end is stopped, and the session stays", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode("python", "spark.range(3).createOrReplaceTempView('three'); kept = 1");
  await playground.setCode("python", "while True:\n    pass");
  await page.getByTestId("run").click();
  await page.waitForTimeout(500);
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("output-error")).toContainText("Python was stopped");
  await playground.runCode("python", "spark.table('three').count()");
  await expect(page.getByTestId("output-text")).toHaveText("3");
  await playground.runCode("python", "kept");
  await expect(page.getByTestId("output-error")).toContainText("NameError");
});

test("Python has no way out of its frame", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  await playground.runCode(
    "python",
    `import js
from pyodide.ffi import run_sync
def refused(ask):
    try:
        run_sync(ask())
        return "open"
    except Exception as error:
        return type(error).__name__
print(refused(lambda: js.fetch("https://example.com/")), refused(lambda: js.fetch("./index.html")))
print(refused(lambda: js.navigator.storage.getDirectory()), hasattr(js, "localStorage"))`,
  );
  await expect(page.getByTestId("output-text").first()).toHaveText("JsException JsException");
  await expect(page.getByTestId("output-text").last()).toHaveText(/^(JsException|AttributeError) False$/);
});

/** Evaluates programs over a driver that answers nothing, and prints what they asked of it. */
const RECORD = `
import array, datetime, decimal, json
from pyspark import StorageLevel
from pyspark.sql import *
from pyspark.sql import _bridge, functions as F, types as T
from pyspark.sql.types import *

driver, calls = _bridge.transport, []

def recording(method, payload):
    if method in ("errorMessage", "parseDdl"):
        return driver(method, payload)
    if method == "sessionId":
        return '{"value": "recording"}'
    if method in ("confGet", "registerFunction"):
        return '{"value": null}'
    if method == "schema":
        fields = [{"name": name, "nullable": True, "dataType": {"kind": "integer"}} for name in "abc"]
        return json.dumps({"value": {"kind": "struct", "fields": fields}})
    calls.append((method, json.loads(payload)))
    if method == "execute":
        return '{"value": {"schema": {"kind": "struct", "fields": []}, "rows": [], "observed": []}}'
    if method == "command":
        return '{"value": {"observed": [], "relationId": "r"}}'
    return '{"value": {"isQuery": true}}' if method == "sql" else '{"value": null}'

def recorded(program):
    calls.clear()
    df, df2 = session.table("t1"), session.table("t2")
    text = result = None
    try:
        result = eval(program, {**globals(), "spark": session, "df": df, "df2": df2})
    except (IndexError, KeyError, TypeError):
        # An action that got no rows may fail after it has asked for them.
        if not calls:
            raise
    if isinstance(result, Column):
        text, result = repr(result), session.range(1).select(result)
    if calls:
        method, payload = calls[0]
        return {"method": method, "plan": payload["plan"], "text": text}
    return {"method": "execute", "plan": _bridge.flatten(result._node), "text": text}

def answer(program):
    try:
        return recorded(program)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}

_bridge.transport = recording
try:
    session = SparkSession()
    results = [answer(program) for program in json.loads(PROGRAMS)]
finally:
    _bridge.transport = driver
print(json.dumps(results))
`;

interface Answer {
  readonly method: string;
  readonly plan: unknown;
  readonly text: string | null;
  readonly error?: string;
}

test("programs make the plans that PySpark's own client sends", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open("?warehouse=memory");
  const programs = JSON.stringify(JSON.stringify(RECORDED_PLANS.map((recorded) => recorded.python)));
  await playground.runCode("python", `PROGRAMS = ${programs}\n${RECORD}`);
  const answers = JSON.parse((await page.getByTestId("output-text").textContent()) ?? "") as Answer[];
  const different = RECORDED_PLANS.flatMap((recorded, i) => {
    const { method, plan, text, error } = answers[i] as Answer;
    if (error !== undefined) return [`${recorded.python}: ${error}`];
    const made = unflattenPlan(parsePayload(JSON.stringify(plan)) as never) as Relation;
    const sent = throughProto(method === "sql" ? { kind: "SqlCommand", input: made } : made);
    if (!isDeepStrictEqual(normalized(sent), normalized(recordedPlan(recorded)))) return [recorded.python];
    const isTextSame =
      text === null || recorded.text === undefined || comparableText(text) === comparableText(recorded.text);
    return isTextSame ? [] : [`${recorded.python} prints ${text}, not ${recorded.text}`];
  });
  expect(answers).toHaveLength(RECORDED_PLANS.length);
  expect(different).toEqual([]);
});
