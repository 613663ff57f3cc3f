"""Records how Spark formats and parses dates and times by patterns.

    SPARK_REMOTE=sc://host:port python patterns.py
"""
import json
import os
from pathlib import Path

from pyspark.sql import SparkSession

spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "America/Los_Angeles")

MOMENTS = ["2020-02-03 04:05:06.789012", "0999-12-31 12:00:00", "-0004-07-01 00:30:00", "2021-07-04 23:59:59.5"]
FORMATS = [
    "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]", "y M d", "yy", "yyy", "yyyyy", "G yyyy", "GGGG", "M MM MMM MMMM",
    "L LL LLL LLLL", "E EEE EEEE", "D DD DDD", "Q QQ QQQ QQQQ", "F", "h a", "hh K KK k kk H HH", "S SS SSS SSSSSS SSSSSSSSS",
    "VV", "z zzzz", "O OOOO", "X XX XXX XXXX XXXXX", "x xx xxx xxxx xxxxx", "Z ZZ ZZZ ZZZZ ZZZZZ", "'it''s' ''", "yyyy[ ]MM", "dd/MM/yy",
    "Y", "w", "u", "A", "aa", "VVV", "yyyyyyy", "MMMMM", "'open", "]", "{", "e",
]
PARSES = [
    ("yyyy-MM-dd", ["2020-01-02", "2020-1-2", "2020-02-30", "+2020-01-01", "12020-01-01", "+12020-01-01", "-0001-01-01", "2020-01-02 "]),
    ("yyyyMMdd", ["20200102", "120200102", "2020012"]),
    ("yyyyMMddHHmmss", ["20200102030405"]),
    ("y-M-d", ["2020-1-2", "20-01-02", "-5-1-1"]),
    ("dd/MM/yy", ["02/01/20", "02/01/99", "2/1/20"]),
    ("d MMM yyyy", ["2 Jan 2020", "2 jan 2020", "2 January 2020"]),
    ("MMMM d, yyyy", ["January 2, 2020", "Jan 2, 2020"]),
    ("yyyy-DDD", ["2020-060", "2019-366", "2019-60"]),
    ("yyyy-MM-dd HH:mm:ss.SSS", ["2020-01-02 03:04:05.1", "2020-01-02 03:04:05.123", "2020-01-02 03:04:05.1234", "2020-01-02 03:04:05."]),
    ("yyyy-MM-dd HH:mm:ss[.SSSSSS]", ["2020-01-02 03:04:05", "2020-01-02 03:04:05.5"]),
    ("hh:mm a", ["03:04 PM", "12:00 AM", "13:00 PM", "03:04 pm"]),
    ("h:mm", ["3:04"]),
    ("HH:mm", ["24:00", "23:59", "3:04"]),
    ("k", ["24", "0", "1"]),
    ("yyyy-MM-dd HH:mm XXX", ["2020-01-02 03:04 +01:00", "2020-01-02 03:04 Z", "2020-01-02 03:04 +0100"]),
    ("yyyy-MM-dd HH:mm Z", ["2020-01-02 03:04 +0100", "2020-01-02 03:04 Z"]),
    ("yyyy-MM-dd HH:mm z", ["2020-01-02 03:04 PST", "2020-01-02 03:04 Europe/Berlin", "2020-01-02 03:04 UTC+1"]),
    ("yyyy-MM-dd HH:mm VV", ["2020-01-02 03:04 Europe/Berlin", "2020-01-02 03:04 +01:00"]),
    ("yyyy-MM-dd HH:mm O", ["2020-01-02 03:04 GMT+1", "2020-01-02 03:04 GMT"]),
    ("EEE d MMM yyyy", ["Thu 2 Jan 2020", "Fri 2 Jan 2020"]),
    ("G yyyy", ["AD 2020", "BC 0005"]),
    ("QQ yyyy", ["02 2020"]),
    ("MM/dd", ["02/29", "02/28"]),
    ("HH", ["05"]),
    ("'T'HH", ["T05", "t05"]),
]

out = {"formats": [], "parses": []}
for pattern in FORMATS:
    for moment in MOMENTS:
        try:
            sql = f"SELECT date_format(timestamp'{moment}', \"{pattern}\") AS x"
            out["formats"].append([pattern, moment, spark.sql(sql).collect()[0].x])
        except Exception as e:
            out["formats"].append([pattern, moment, {"condition": e.getCondition()}])
            break
for pattern, texts in PARSES:
    for text in texts:
        sql = f"SELECT CAST(to_timestamp('{text}', \"{pattern}\") AS STRING) AS x"
        try:
            out["parses"].append([pattern, text, spark.sql(sql).collect()[0].x])
        except Exception as e:
            out["parses"].append([pattern, text, {"condition": e.getCondition()}])
name = Path(__file__).resolve().with_suffix(".json")
name.write_text("[\n" + ",\n".join(json.dumps([k] + row, ensure_ascii=False) for k in out for row in out[k]) + "\n]\n")
