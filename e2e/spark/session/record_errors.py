"""Records the errors that PySpark's client raises for the calls in errors.json, without running anything:
SPARK_REMOTE=sc://... python record_errors.py"""

import json
import os
import pathlib

from pyspark.errors import PySparkException
from pyspark.sql import Observation, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StructField, StructType

here = pathlib.Path(__file__).parent
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
df = spark.table("t1")
df2 = spark.table("t2")
spark.client.schema = lambda _plan: StructType([StructField(name, IntegerType()) for name in "abc"])

recorded = []
for entry in json.loads((here / "errors.json").read_text()):
    try:
        eval(entry["python"])
        raise AssertionError(entry)
    except PySparkException as e:
        recorded.append({**entry, "class": type(e).__name__, "condition": e.getCondition(), "message": str(e)})
text = ",\n".join(" " + json.dumps(r, ensure_ascii=False) for r in recorded)
(here / "errors-recorded.json").write_text(f"[\n{text}\n]\n")
