"""Records what a live Spark answers to the queries of TPC-H over the files in data/.

    SPARK_REMOTE=sc://localhost:15002 python record.py

The files are `tpchgen-cli --scale-factor 0.01 --format parquet` (PyPI, version 4.0.0). A row is its `show()` text,
cell by cell; a schema is names, types and nullability.
"""

import json
import os
import pathlib
import re

from pyspark.sql import SparkSession, functions as F

HERE = pathlib.Path(__file__).parent
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).create()
for file in sorted((HERE / "data").glob("*.parquet")):
    spark.read.parquet(str(file)).createOrReplaceTempView(file.stem)

answers = {}
for name, text in re.findall(r"^-- (q\d\d)\n(.*?);$", (HERE / "queries.sql").read_text(), re.M | re.S):
    df = spark.sql(text)
    cells = [F.col(f"`{c}`").cast("string") for c in df.columns]
    answers[name] = {
        "schema": [[f.name, f.dataType.simpleString(), f.nullable] for f in df.schema.fields],
        "rows": [list(row) for row in df.select(*cells).collect()],
    }
    print(name, len(answers[name]["rows"]))
(HERE / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")
