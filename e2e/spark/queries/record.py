"""Records what a live Spark answers to the queries and programs of this folder.

    SPARK_REMOTE=sc://localhost:15002 python record.py [topic ...]

`<topic>.sql` holds statements, each ended by a `;` at the end of a line, run in one session. `<topic>.py` holds
programs: blocks that begin with `# name` and assign `df`. Both become `<topic>.json`: for each its schema, its rows
(or its error's condition and parameters) and, for programs, the plan as the client sent it (base64).
"""

import base64
import datetime
import decimal
import json
import logging
import math
import os
import pathlib
import re
import sys

import pyspark.sql.functions as F
from pyspark.sql import Row, SparkSession, Window, types as T

logging.disable(logging.CRITICAL)

HERE = pathlib.Path(__file__).parent
EPOCH = datetime.datetime(1970, 1, 1)


def plain(value, kind):
    """A value as JSON, by its type: longs that are not exact as numbers, decimals and bytes as text, instants as microseconds."""
    if value is None:
        return None
    if isinstance(kind, T.ArrayType):
        return [plain(v, kind.elementType) for v in value]
    if isinstance(kind, T.MapType):
        return {"map": [[plain(k, kind.keyType), plain(v, kind.valueType)] for k, v in value.items()]}
    if isinstance(kind, T.StructType):
        return {"row": [plain(v, f.dataType) for v, f in zip(value, kind.fields)]}
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return value
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, datetime.datetime):
        return str((value - EPOCH) // datetime.timedelta(microseconds=1))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value // datetime.timedelta(microseconds=1))
    return str(value)


def failure(error):
    condition = getattr(error, "getCondition", lambda: None)()
    if condition is None:
        return {"error": {"message": str(error).split("\n\nJVM stacktrace")[0][:500]}}
    return {"error": {"condition": condition, "parameters": dict(error.getMessageParameters() or {})}}


def answer(df):
    try:
        schema = df.schema
    except Exception as error:
        return failure(error)
    recorded = {"schema": json.loads(schema.json())}
    try:
        recorded["rows"] = [[plain(v, f.dataType) for v, f in zip(r, schema.fields)] for r in df.collect()]
    except Exception as error:
        recorded.update(failure(error))
    return recorded


def statements(text):
    text = re.sub(r"^--.*$", "", text, flags=re.M)
    return [s.strip() for s in re.split(r";[ \t]*$", text, flags=re.M) if s.strip()]


def record_sql(spark, path):
    recorded = []
    for sql in statements(path.read_text()):
        try:
            recorded.append({"sql": sql, **answer(spark.sql(sql))})
        except Exception as error:
            recorded.append({"sql": sql, **failure(error)})
    return recorded


def record_programs(spark, path):
    recorded = []
    scope = {"spark": spark, "F": F, "T": T, "Window": Window, "Row": Row, "datetime": datetime, "decimal": decimal}
    for block in re.split(r"^# ", path.read_text(), flags=re.M)[1:]:
        name, _, code = block.partition("\n")
        local = dict(scope)
        entry = {"program": name.strip(), "code": code.strip()}
        try:
            exec(code, local)
            df = local["df"]
            entry["plan"] = base64.b64encode(df._plan.to_proto(spark.client).SerializeToString()).decode()
            entry.update(answer(df))
        except Exception as error:
            entry.update(failure(error))
        recorded.append(entry)
        scope.update({k: v for k, v in local.items() if not k.startswith("_") and k != "df"})
    return recorded


def main(topics):
    paths = sorted(p for p in HERE.iterdir() if p.suffix in (".sql", ".py") and p.name != "record.py")
    for path in paths:
        if topics and path.stem not in topics:
            continue
        spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).create()
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        recorded = record_sql(spark, path) if path.suffix == ".sql" else record_programs(spark, path)
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in recorded)
        path.with_suffix(".json").write_text(f"[\n{lines}\n]\n")
        print(path.stem, len(recorded), "of them errors:", sum("error" in e for e in recorded))
        spark.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
