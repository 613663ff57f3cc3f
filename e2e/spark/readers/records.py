"""Records what Spark reads from small CSV, JSON and text files with all kinds of options.

    SPARK_REMOTE=sc://host:port python records.py

The server must see the folder in which the files are made (the system's temporary one).
"""
import base64
import datetime as dt
import json
import logging
import os
import tempfile
from decimal import Decimal
from pathlib import Path

from pyspark.sql import Row, SparkSession

logging.disable(logging.CRITICAL)
HERE = Path(__file__).resolve().parent
CASES = json.loads((HERE / "records-cases.json").read_text())
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "UTC")
folder = Path(tempfile.mkdtemp())
folder.chmod(0o755)


def plain(v):
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, float):
        return {"double": repr(v)}
    if isinstance(v, int):
        return {"int": str(v)}
    if isinstance(v, Decimal):
        return {"decimal": str(v)}
    if isinstance(v, dt.datetime):
        return {"timestamp": v.strftime("%Y-%m-%d %H:%M:%S.%f") if v.year > 999 else v.isoformat(" ")}
    if isinstance(v, dt.date):
        return {"date": v.isoformat()}
    if isinstance(v, dt.timedelta):
        return {"micros": str(v // dt.timedelta(microseconds=1))}
    if isinstance(v, (bytes, bytearray)):
        return {"bytes": bytes(v).hex()}
    if isinstance(v, Row):
        return {"row": [plain(x) for x in v]}
    if isinstance(v, list):
        return {"list": [plain(x) for x in v]}
    if isinstance(v, dict):
        return {"map": [[plain(k), plain(x)] for k, x in v.items()]}
    raise TypeError(type(v))


def failure(e):
    condition = e.getCondition() if hasattr(e, "getCondition") else None
    return {"error": condition, "message": None if condition else str(e).split("\n")[0]}


out = []
for number, case in enumerate(CASES):
    file = folder / f"case{number}.{case['format']}"
    data = case.get("text")
    file.write_bytes(base64.b64decode(case["base64"]) if data is None else data.encode())
    file.chmod(0o644)
    reader = spark.read.format(case["format"]).options(**case.get("options", {}))
    if "schema" in case:
        reader = reader.schema(case["schema"])
    answer = {}
    try:
        df = reader.load(str(file))
        answer["schema"] = df.schema.jsonValue()
        if "select" in case:
            df = df.select(*case["select"])
        if case.get("count"):
            answer["count"] = df.count()
        else:
            answer["rows"] = [[plain(v) for v in row] for row in df.collect()]
    except Exception as e:
        answer.update(failure(e))
    out.append(answer)
lines = [json.dumps({**case, **answer}, ensure_ascii=False) for case, answer in zip(CASES, out)]
(HERE / "records.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
