"""Records what Spark's parser says of the statements and expressions in inputs.json.

    python record.py

Spark Connect has no call that only parses (commands would run), so a local session is started and its parser asked.
Writes parsed.json: for each statement accepted or the error's condition, parameters and message; for each expression
the nodes of Spark's tree with the piece of text that each comes from; for each literal its type and value; for each
type its JSON.
"""
import json
import os

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "inputs.json"), encoding="utf-8") as f:
    inputs = json.load(f)

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
parser = spark._jsparkSession.sessionState().sqlParser()


def answer(call, read):
    try:
        return read(call())
    except PySparkException as e:
        return described(e._origin)
    except Py4JJavaError as e:
        return described(e.java_exception)


def described(error):
    """Condition, parameters and whole message of a Java exception; of a fault of Spark's own just the class."""
    try:
        parameters = error.getMessageParameters()
        return {
            "condition": error.getCondition(),
            "parameters": {key: parameters[key] for key in parameters},
            "message": error.getMessage(),
        }
    except Py4JError:
        return {"fault": error.getClass().getName()}


def walk(node, text, found):
    origin = node.origin()
    if origin.startIndex().isDefined():
        start, stop = origin.startIndex().get(), origin.stopIndex().get()
        found.append([node.getClass().getSimpleName(), text[start : stop + 1]])
    children = node.children()
    for i in range(children.size()):
        walk(children.apply(i), text, found)


def tree(expression, text):
    found = []
    walk(expression, text, found)
    return {"nodes": found}


def with_conf(conf, action):
    for key, value in conf.items():
        spark.conf.set(key, value)
    try:
        return action()
    finally:
        for key in conf:
            spark.conf.unset(key)


statements = []
for entry in inputs["statements"]:
    sql, conf = (entry, {}) if isinstance(entry, str) else (entry["sql"], entry.get("conf", {}))
    result = with_conf(conf, lambda: answer(lambda: parser.parsePlan(sql), lambda _: {"accepted": True}))
    statements.append({"sql": sql, **({"conf": conf} if conf else {}), **result})

expressions = [
    {"sql": sql, **answer(lambda: parser.parseExpression(sql), lambda e: tree(e, sql))} for sql in inputs["expressions"]
]
def literal(expression):
    """Type and value of a literal: bytes in hexadecimal, numbers and intervals in Java's text."""
    value = expression.value()
    if isinstance(value, (bytes, bytearray)):
        value = bytes(value).hex()
    elif isinstance(value, bool):
        value = str(value).lower()
    elif hasattr(value, "toString"):
        value = value.toString()
    return {"type": json.loads(expression.dataType().json()), "value": str(value)}


literals = []
for entry in inputs["literals"]:
    sql, conf = (entry, {}) if isinstance(entry, str) else (entry["sql"], entry["conf"])
    result = with_conf(conf, lambda: answer(lambda: parser.parseExpression(sql), literal))
    literals.append({"sql": sql, **({"conf": conf} if conf else {}), **result})

types = [
    {"sql": sql, **answer(lambda: parser.parseDataType(sql), lambda t: {"json": json.loads(t.json())})}
    for sql in inputs["types"]
]

with open(os.path.join(HERE, "parsed.json"), "w", encoding="utf-8") as f:
    json.dump(
        {"statements": statements, "expressions": expressions, "literals": literals, "types": types},
        f,
        indent=1,
        ensure_ascii=False,
    )
    f.write("\n")
spark.stop()
