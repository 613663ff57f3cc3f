"""What the recording scripts share: a statement goes to a live Spark, its answer comes back as plain JSON.

SPARK_REMOTE names the server (Spark Connect). Sessions run in UTC.
"""

import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.types import ArrayType, CalendarIntervalType, DataType, DayTimeIntervalType, MapType, NullType, StructType, YearMonthIntervalType

MESSAGE_ONLY = ("JVM stacktrace", "\n'", "; line ")


def connect(**conf):
    spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).create()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    for key, value in conf.items():
        spark.conf.set(key.replace("__", "."), value)
    return spark


def holds_interval(t: DataType) -> bool:
    """Intervals do not travel as Arrow values that Python knows; they are recorded as Spark's text."""
    if isinstance(t, (YearMonthIntervalType, DayTimeIntervalType, CalendarIntervalType)):
        return True
    if isinstance(t, ArrayType):
        return holds_interval(t.elementType)
    if isinstance(t, MapType):
        return holds_interval(t.keyType) or holds_interval(t.valueType)
    return isinstance(t, StructType) and any(holds_interval(f.dataType) for f in t.fields)


def value_of(x):
    """An Arrow scalar as JSON: whole numbers, dates (days) and timestamps (microseconds) as text, doubles as Python prints them."""
    if not x.is_valid:
        return None
    t = x.type
    if pa.types.is_boolean(t):
        return x.as_py()
    if pa.types.is_integer(t):
        return str(x.as_py())
    if pa.types.is_decimal(t):
        return format(x.as_py(), "f")
    if pa.types.is_floating(t):
        return repr(x.as_py())
    if pa.types.is_date(t) or pa.types.is_timestamp(t) or pa.types.is_time(t):
        return str(x.value)
    if pa.types.is_binary(t) or pa.types.is_large_binary(t):
        return x.as_py().hex()
    if pa.types.is_map(t):
        return [[value_of(e["key"]), value_of(e["value"])] for e in x.values] if x.values is not None else None
    if pa.types.is_list(t) or pa.types.is_large_list(t):
        return [value_of(e) for e in x.values]
    if pa.types.is_struct(t):
        return [value_of(x[i]) for i in range(t.num_fields)]
    return x.as_py()


def error_of(e):
    if not isinstance(e, PySparkException):
        return {"class": type(e).__name__, "message": str(e).split("\n")[0][:200]}
    condition = e.getCondition()
    if condition is None:
        text = str(e).split("JVM stacktrace")[0].strip()
        return {"class": type(e).__name__, "condition": None, "message": text.split("\n")[0][:200]}
    return {"class": type(e).__name__, "condition": condition, "parameters": e.getMessageParameters() or {}}


def type_text(t: DataType) -> str:
    return t.simpleString()


def columns_of(schema):
    return [[f.name, json.loads(f.dataType.json()), f.nullable] for f in schema.fields]


def record(spark, expression, source="", ordered=True):
    """The answer to `SELECT expression source`: columns and rows, or the error."""
    sql = f"SELECT {expression} {source}".strip()
    try:
        df = spark.sql(sql)
        schema = df.schema
    except Exception as e:
        return {"error": error_of(e)}
    answer = {"columns": columns_of(schema)}
    try:
        if any(holds_interval(f.dataType) for f in schema.fields):
            texts = [f"CAST({quoted(i)} AS STRING)" if holds_interval(f.dataType) else quoted(i) for i, f in enumerate(schema.fields)]
            names = ", ".join(quoted(i) for i in range(len(schema.fields)))
            df = spark.sql(f"SELECT {', '.join(texts)} FROM ({sql}) AS t({names})")
            answer["asText"] = [holds_interval(f.dataType) for f in schema.fields]
        table = df.toArrow()
        answer["rows"] = [[value_of(table.column(c)[r]) for c in range(table.num_columns)] for r in range(table.num_rows)]
    except Exception as e:
        answer.pop("asText", None)
        answer["error"] = error_of(e)
    return answer


def quoted(i):
    return f"`c{i}`"


def save(path, cases):
    """One case a line, so that differences can be read."""
    with open(path, "w") as f:
        f.write("[\n")
        f.write(",\n".join(json.dumps(c, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for c in cases))
        f.write("\n]\n")
    print(f"{len(cases)} cases in {path}", file=sys.stderr)
