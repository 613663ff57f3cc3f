"""Records the schemas that Spark reads from the Parquet files in e2e/fixtures/parquet.

    SPARK_REMOTE=sc://host:port python parquet.py
"""
import json
import os
from pathlib import Path

from pyspark.sql import SparkSession

HERE = Path(__file__).resolve().parent
FILES = HERE.parent.parent / "fixtures" / "parquet"

spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
out = {}
for file in sorted(FILES.glob("*.parquet")):
    try:
        out[file.stem] = spark.read.parquet(str(file)).schema.jsonValue()
    except Exception as e:
        out[file.stem] = {"condition": e.getCondition(), "parameters": e.getMessageParameters()}
(HERE / "parquet.json").write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")
