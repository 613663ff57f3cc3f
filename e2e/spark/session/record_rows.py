"""Records what PySpark's createDataFrame makes of the data in rows.json: SPARK_REMOTE=sc://... python record_rows.py

Each entry has the same data as Python and as JavaScript.
"""

import datetime
import decimal
import json
import os
import pathlib

from pyspark.errors import PySparkException
from pyspark.sql import Row, SparkSession
from pyspark.sql.types import *  # noqa: F403

here = pathlib.Path(__file__).parent
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "UTC")

recorded = []
for entry in json.loads((here / "rows.json").read_text()):
    try:
        df = eval(entry["python"])
        outcome = {"schema": df.schema.json(), "rows": [repr(row) for row in df.collect()]}
    except PySparkException as e:
        outcome = {"condition": e.getCondition(), "parameters": e.getMessageParameters()}
    recorded.append({**entry, **outcome})
text = ",\n".join(" " + json.dumps(r, ensure_ascii=False) for r in recorded)
(here / "rows-recorded.json").write_text(f"[\n{text}\n]\n")
