"""Records the plans that PySpark's client builds for programs.json: SPARK_REMOTE=sc://... python record_plans.py

Nothing is run: what the client would send is caught and written to plans.json, as base64 of the Plan message.
"""

import base64
import datetime
import decimal
import json
import os
import pathlib

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql.connect import proto
from pyspark.sql.types import ArrayType, IntegerType, StringType, StructField, StructType

here = pathlib.Path(__file__).parent
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
df = spark.table("t1")
df2 = spark.table("t2")
names = {
    "spark": spark,
    "F": F,
    "Window": Window,
    "df": df,
    "df2": df2,
    "datetime": datetime,
    "decimal": decimal,
    "ArrayType": ArrayType,
    "IntegerType": IntegerType,
    "StringType": StringType,
    "StructField": StructField,
    "StructType": StructType,
}
schema = StructType([StructField(name, IntegerType()) for name in "abc"])


class Caught(Exception):
    pass


caught = []


def catch_plan(plan, *_args, **_kwargs):
    caught.append(plan)
    raise Caught()


def catch_command(command, *_args, **_kwargs):
    plan = proto.Plan()
    plan.command.CopyFrom(command)
    catch_plan(plan)


client = spark.client
client.to_table = catch_plan
client.to_pandas = catch_plan
client.execute_command = catch_command
client.schema = lambda _plan: schema

recorded = []
for program in json.loads((here / "programs.json").read_text()):
    caught.clear()
    text = {}
    try:
        result = eval(program["python"], names)
        if isinstance(result, Column):
            text = {"text": str(result)}
            result = spark.range(1).select(result)
        if isinstance(result, DataFrame):
            caught.append(result._plan.to_proto(client))
    except Caught:
        pass
    assert len(caught) > 0, program
    recorded.append({**program, **text, "plan": base64.b64encode(caught[0].SerializeToString(deterministic=True)).decode()})

text = ",\n".join(" " + json.dumps(r, ensure_ascii=False) for r in recorded)
(here / "plans.json").write_text(f"[\n{text}\n]\n")
