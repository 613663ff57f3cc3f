"""Records what Spark answers over flights-3m.parquet (npm vega-datasets), for e2e/main-job.e2e.ts.

usage: SPARK_REMOTE=sc://host:port record.py PATH_TO_flights-3m.parquet > answers.json
"""
import json
import os
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
flights = spark.read.parquet(os.path.abspath(sys.argv[1]))
totals = flights.agg(
    F.count("*").alias("rows"),
    F.sum("delay").alias("delay"),
    F.sum("distance").alias("distance"),
    F.countDistinct("origin").alias("origins"),
    F.min("date").cast("string").alias("first"),
    F.max("date").cast("string").alias("last"),
).first()
airports = (
    flights.groupBy("origin")
    .agg(
        F.count("*").alias("flights"),
        F.round(F.avg("delay"), 1).alias("mean_delay"),
        F.sum(F.when(F.col("delay") > 60, 1).otherwise(0)).alias("over_an_hour"),
    )
    .orderBy("origin")
    .collect()
)
json.dump(
    {
        "spark": spark.version,
        "totals": totals.asDict(),
        "airports": [list(row) for row in airports],
    },
    sys.stdout,
    indent=None,
)
