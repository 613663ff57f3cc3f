"""Records what a live Spark answers to the statements of this folder.

    SPARK_REMOTE=sc://localhost:15002 python record.py [topic ...]

`<topic>.sql` holds statements, each ended by a `;` at the end of a line, run one after the other in a session and a
database of their own. They become `<topic>.json`: for each the columns and rows of its answer, or the error's class,
condition and parameters. What is different at each run (places, times, the version) is replaced by a word in angle
brackets.
"""

import datetime
import decimal
import json
import os
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from recording import connect, error_of, save  # noqa: E402

TIME = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \w+ \d{4}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def plain(value):
    if isinstance(value, (datetime.date, datetime.datetime, decimal.Decimal)):
        return str(value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def record(topic):
    spark = connect()
    location = tempfile.mkdtemp(prefix="statements_")
    database = "statements"
    spark.sql(f"DROP DATABASE IF EXISTS {database} CASCADE")
    spark.sql(f"CREATE DATABASE {database} LOCATION '{location}'")
    spark.sql(f"USE {database}")

    def steady(answer):
        text = json.dumps(answer, ensure_ascii=False)
        text = text.replace(f"file:{location}", "<place>").replace("Spark 4.3.0", "<version>").replace('"root"', '"<owner>"')
        text = re.sub(r"file:/tmp/kit/wh|file:[\w/.-]*/spark-warehouse", "<place>", text)
        return json.loads(re.sub(UUID, "<uuid>", re.sub(TIME, "<time>", text)))

    cases = []
    for sql in re.split(r";[ \t]*\n", (HERE / f"{topic}.sql").read_text()):
        sql = sql.strip()
        if not sql:
            continue
        answer = {}
        try:
            df = spark.sql(sql)
            answer["columns"] = [[f.name, f.dataType.simpleString(), f.nullable] for f in df.schema.fields]
            answer["rows"] = [plain(tuple(row)) for row in df.collect()]
        except Exception as e:
            answer = {"error": error_of(e)}
        cases.append({"sql": sql, **steady(answer)})
    spark.sql("USE default")
    spark.sql(f"DROP DATABASE IF EXISTS {database} CASCADE")
    spark.stop()
    save(HERE / f"{topic}.json", cases)


for name in sys.argv[1:] or sorted(p.stem for p in HERE.glob("*.sql")):
    record(name)
