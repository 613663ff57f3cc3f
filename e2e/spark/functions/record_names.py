"""Records the names of Spark's built-in functions and operators.

usage: SPARK_REMOTE=sc://host:port python record_names.py
"""

import json
import os

from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).create()
names = sorted(row[0] for row in spark.sql("SHOW SYSTEM FUNCTIONS").collect())
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "names.json"), "w") as f:
    json.dump(names, f, indent=0)
    f.write("\n")
