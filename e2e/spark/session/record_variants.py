"""Records variants as Spark makes them, and what PySpark reads in them: SPARK_REMOTE=sc://... python record_variants.py"""

import json
import os
import pathlib

from pyspark.sql import SparkSession
from pyspark.sql.types import VariantVal

here = pathlib.Path(__file__).parent
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "UTC")

texts = [
    "null", "true", "false", "0", "-1", "127", "128", "-128", "-129", "32767", "32768", "2147483647", "2147483648",
    "9223372036854775807", "9223372036854775808", "1.5", "-0.25", "100.00", "1e3", "1.5e-7", "123456789.123", "1234567890.5",
    "12345678901234567.89", "123456789012345678901234567890.12345678", "0.0", "-0.0", '""', '"a"', '"quote \\" slash \\\\ tab \\t é 日本 \\ud83d\\ude00"',
    '"' + "x" * 63 + '"', '"' + "x" * 64 + '"', "[]", "[1,2,3]", '[null,true,"x",[1],{"a":1}]', "{}", '{"a":1}', '{"b":2,"a":1}',
    '{"b":{"z":1,"a":[{"b":null}]},"a":"x"}', '{"ä":1,"z":2,"Z":3}', "[" + ",".join(str(i) for i in range(300)) + "]",
    json.dumps({f"k{i}": i for i in range(300)}), ' { "a" : [ 1 , 2 ] } ',
]
typed = [
    "cast(date'2024-02-29' as variant)", "cast(date'1969-12-31' as variant)", "cast(timestamp'2024-02-29 12:30:15.123456' as variant)",
    "cast(timestamp_ntz'1969-12-31 23:59:59.999999' as variant)", "cast(1.5D as variant)", "cast(float(1.25) as variant)",
    "cast(X'0102FF' as variant)", "cast(1.50BD as variant)", "cast(12345678901234567890.5 as variant)", "cast(array(1, null) as variant)",
    "to_variant_object(struct(1 as b, 'x' as a))", "cast(double('NaN') as variant)", "cast(1e20D as variant)",
]
recorded = []
for text in texts:
    row = spark.sql("SELECT parse_json(:t) AS v", {"t": text}).collect()[0]
    v = row.v
    own = VariantVal.parseJson(text)
    recorded.append({"text": text, "value": v.value.hex(), "metadata": v.metadata.hex(), "json": v.toJson(),
                     "python": repr(v.toPython()), "ownValue": own.value.hex(), "ownMetadata": own.metadata.hex()})
for sql in typed:
    row = spark.sql(f"SELECT {sql} AS v, to_json({sql}) AS j").collect()[0]
    recorded.append({"sql": sql, "value": row.v.value.hex(), "metadata": row.v.metadata.hex(), "json": row.v.toJson(),
                     "sparkJson": row.j, "python": repr(row.v.toPython())})
(here / "variants-recorded.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
