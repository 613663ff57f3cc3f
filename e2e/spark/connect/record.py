"""Records what an unmodified PySpark client says to a live Spark, with Google's own reading of each message.

usage: SPARK_REMOTE=sc://host:port python record.py OUT.json

A proxy stands between the client and the server named by SPARK_REMOTE. Each entry of the result: the program it
comes from, the RPC, the message's type, its bytes (base64), and the message as protobuf's JSON.
"""

import base64
import json
import logging
import os
import re
import sys
import tempfile
from concurrent import futures

import grpc
import pandas as pd
import pyspark.sql.connect.proto as proto
from google.protobuf.json_format import MessageToDict
from google.rpc import error_details_pb2, status_pb2
from pyspark.sql import Row, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

SERVICE = "spark.connect.SparkConnectService"
RESPONSES = {
    "ExecutePlan": "ExecutePlanResponse",
    "ReattachExecute": "ExecutePlanResponse",
    "ArtifactStatus": "ArtifactStatusesResponse",
}
REQUESTS = {"ArtifactStatus": "ArtifactStatusesRequest"}
entries = []
current = "start"


def keep(rpc, kind, data):
    message = getattr(proto, kind).FromString(data)
    entries.append(
        {
            "program": current,
            "rpc": rpc,
            "type": kind,
            "bytes": base64.b64encode(data).decode(),
            "json": MessageToDict(message, preserving_proto_field_name=True),
        }
    )


class Proxy(grpc.GenericRpcHandler):
    def __init__(self, target):
        options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self.channel = grpc.insecure_channel(target, options=options)

    def service(self, details):
        path, rpc = details.method, details.method.rsplit("/", 1)[-1]
        request_type = REQUESTS.get(rpc, f"{rpc}Request")
        response_type = RESPONSES.get(rpc, f"{rpc}Response")

        def forward(requests, context):
            def recorded():
                for request in requests:
                    keep(rpc, request_type, request)
                    yield request

            call = self.channel.stream_stream(path)(recorded())
            try:
                for response in call:
                    keep(rpc, response_type, response)
                    yield response
            except grpc.RpcError as error:
                trailers = error.trailing_metadata() or ()
                for key, value in trailers:
                    if key == "grpc-status-details-bin":
                        keep_status(rpc, value, error)
                context.set_trailing_metadata(
                    tuple((k, v) for k, v in trailers if k == "grpc-status-details-bin")
                )
                context.set_code(error.code())
                context.set_details(error.details())

        return grpc.stream_stream_rpc_method_handler(forward)


def keep_status(rpc, data, error):
    status = status_pb2.Status.FromString(data)
    info = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(info)
    entries.append(
        {
            "program": current,
            "rpc": rpc,
            "type": "google.rpc.Status",
            "code": error.code().value[0],
            "bytes": base64.b64encode(data).decode(),
            "json": MessageToDict(status, preserving_proto_field_name=True),
            "errorInfo": MessageToDict(info, preserving_proto_field_name=True),
        }
    )


def programs(spark):
    """Pairs of a name and something to run: together every relation, expression and command that the client builds."""
    df = spark.createDataFrame([(1, "a", 1.5), (2, "b", None), (3, "a", 2.5)], "id INT, k STRING, v DOUBLE")
    other = spark.createDataFrame([Row(id=1, w="x"), Row(id=4, w="y")])
    nested = spark.createDataFrame(
        [(1, [1, 2], {"a": 1}, Row(p=1, q="z"))],
        "id INT, xs ARRAY<INT>, m MAP<STRING, INT>, s STRUCT<p: INT, q: STRING>",
    )
    window = Window.partitionBy("k").orderBy(F.col("id").desc_nulls_last())
    directory = tempfile.mkdtemp(prefix="recorded-")

    def write(frame, **options):
        return frame.write.mode("overwrite").options(**options)

    yield "range", lambda: spark.range(2, 20, 3, 2).collect()
    yield "range-negative", lambda: spark.range(-(2**60), -(2**60) + 2).collect()
    yield "local", lambda: df.collect()
    yield "local-pandas", lambda: spark.createDataFrame(pd.DataFrame({"a": [1, 2], "b": ["x", None]})).collect()
    yield "show", lambda: df.show(2, truncate=5, vertical=True)
    yield "html", lambda: df._show_string(20, True, False) and df._repr_html_()
    yield "project", lambda: df.select("id", F.col("v") + 1, df["k"], "*", F.expr("id * 2 AS d")).schema
    yield "star", lambda: df.alias("t").select("t.*", F.col("id").alias("x", metadata={"a": 1})).schema
    yield "regex", lambda: df.select(df.colRegex("`(id|k)`")).schema
    yield "literals", lambda: df.select(
        F.lit(None), F.lit(True), F.lit(1), F.lit(2**40), F.lit(1.5), F.lit("s"), F.lit(b"\x00\xff"),
        F.lit(__import__("decimal").Decimal("12.340")), F.lit(__import__("datetime").date(2024, 2, 29)),
        F.lit(__import__("datetime").datetime(2024, 2, 29, 1, 2, 3, 4)),
        F.lit(__import__("datetime").timedelta(days=1, microseconds=5)), F.lit([1, 2]), F.lit(["a", "b"]),
        F.lit([1.5, 2.5]), F.lit([True, False]), F.lit([[1], [2, 3]]),
    ).schema  # fmt: skip
    yield "cast", lambda: df.select(
        F.col("id").cast("string"), F.col("id").cast(T.DecimalType(12, 3)), F.col("k").try_cast("int"),
        F.array("id").cast(T.ArrayType(T.LongType())),
    ).schema  # fmt: skip
    yield "cast-types", lambda: df.select(
        F.lit(None).cast(
            T.StructType()
            .add("a", T.LongType(), False, {"note": "n"})
            .add("b", T.MapType(T.StringType(), T.ArrayType(T.ShortType(), False), False))
            .add("c", T.ByteType()).add("d", T.FloatType()).add("e", T.TimestampNTZType())
            .add("f", T.DayTimeIntervalType(0, 2)).add("g", T.YearMonthIntervalType()).add("h", T.CharType(3))
            .add("i", T.VarcharType(4)).add("j", T.BinaryType()).add("k", T.VariantType())
        ).alias("t")
    ).schema  # fmt: skip
    yield "operators", lambda: df.filter(
        (F.col("id") > 1) & ~(F.col("k") == "b") | F.col("v").isNull() & F.col("k").isin("a", "b")
    ).select(
        F.col("k").like("a%"), F.col("id").between(1, 2), F.col("k").substr(1, 2), -F.col("id"), F.col("id") % 2,
        F.col("k").eqNullSafe("a"), F.when(F.col("id") > 1, "x").otherwise("y"),
    ).schema  # fmt: skip
    yield "filter-string", lambda: df.filter("id > 1").collect()
    yield "higher-order", lambda: nested.select(
        F.transform("xs", lambda x, i: x + i), F.aggregate("xs", F.lit(0), lambda a, x: a + x), F.exists("xs", lambda x: x > 1)
    ).schema  # fmt: skip
    yield "extract", lambda: nested.select(
        F.col("xs")[0], F.col("m")["a"], F.col("s").getField("p"), F.col("s").withField("r", F.lit(1)).dropFields("q")
    ).schema
    yield "window", lambda: df.select(
        F.row_number().over(window), F.sum("v").over(window.rowsBetween(-1, 1)),
        F.sum("v").over(window.rangeBetween(Window.unboundedPreceding, Window.currentRow)),
    ).collect()  # fmt: skip
    yield "call-function", lambda: df.select(F.call_function("abs", "id"), F.call_udf("upper", "k")).schema
    yield "group", lambda: df.groupBy("k").agg(F.count_distinct("id"), F.sum("v").alias("s")).sort("k").collect()
    yield "rollup", lambda: df.rollup("k", "id").count().schema
    yield "cube", lambda: df.cube("k").max("id").schema
    yield "grouping-sets", lambda: df.groupingSets([["k"], []], "k").count().schema
    yield "pivot", lambda: df.groupBy("id").pivot("k", ["a", "b"]).sum("v").schema
    yield "count", lambda: df.count()
    yield "join", lambda: df.join(other, "id", "left").collect()
    yield "join-condition", lambda: df.alias("l").join(other.alias("r"), F.col("l.id") == F.col("r.id"), "full").schema
    yield "cross-join", lambda: df.crossJoin(other).schema
    yield "lateral-join", lambda: df.lateralJoin(
        spark.range(3).where(F.col("id") == F.col("id").outer()).select("id")
    ).schema
    yield "as-of-join", lambda: df._joinAsOf(other, "id", "id", tolerance=F.lit(1)).schema
    yield "set-operations", lambda: df.union(df).unionByName(df, True).intersectAll(df).exceptAll(df).subtract(df).schema
    yield "sort", lambda: df.orderBy(F.desc("id"), F.col("k").asc_nulls_first()).sortWithinPartitions("id").schema
    yield "limits", lambda: df.limit(2).offset(1).tail(1)
    yield "distinct", lambda: df.distinct().dropDuplicates(["k"]).schema
    yield "sample", lambda: df.sample(0.5, 3).sample(True, 0.1).schema
    yield "repartition", lambda: df.repartition(3).coalesce(1).repartition(2, "k").repartitionByRange(2, "id").schema
    yield "rename", lambda: df.toDF("a", "b", "c").withColumnsRenamed({"a": "z"}).withColumnRenamed("b", "y").schema
    yield "with-columns", lambda: df.withColumns({"n": F.col("id") + 1, "o": F.lit("x")}).withMetadata("id", {"m": 1}).schema
    yield "drop", lambda: df.drop("k", F.col("v")).schema
    yield "hint", lambda: df.hint("broadcast").hint("rebalance", 3, "k").schema
    yield "unpivot", lambda: df.unpivot("id", ["v"], "n", "val").unpivot("n", None, "a", "b").schema
    yield "transpose", lambda: df.select("id", "v").transpose("id").schema
    yield "to-schema", lambda: df.to(T.StructType().add("id", T.LongType())).schema
    yield "na", lambda: df.na.fill({"v": 0.5, "k": "none"}).na.drop(thresh=2).na.replace(["a"], ["A"], "k").collect()
    yield "statistics", lambda: (
        df.describe("v").collect(), df.summary("count", "50%").collect(), df.stat.cov("id", "v"), df.stat.corr("id", "v"),
        df.stat.crosstab("id", "k").collect(), df.stat.approxQuantile(["v"], [0.5], 0.1), df.stat.freqItems(["k"], 0.4).collect(),
        df.stat.sampleBy("k", {"a": 0.5}, 7).collect(),
    )  # fmt: skip
    yield "observe", lambda: df.observe("seen", F.count(F.lit(1)).alias("n"), F.max("id").alias("m")).collect()
    yield "parse", lambda: spark.read.schema("a INT").json(spark.createDataFrame([('{"a":1}',)], "value STRING")).collect()
    yield "table-function", lambda: spark.tvf.explode(F.array(F.lit(1), F.lit(2))).collect()
    yield "subquery", lambda: df.where(F.col("id") == spark.range(4).select(F.max("id")).scalar()).where(
        df.where(F.col("id") > 1).exists()
    ).schema
    yield "in-subquery", lambda: df.where(F.col("id").isin(spark.range(3))).schema
    yield "sql", lambda: spark.sql("SELECT :a AS a, id FROM {d} WHERE id > :b", args={"a": 1, "b": F.lit(0)}, d=df).collect()
    yield "sql-positional", lambda: spark.sql("SELECT ? AS a", args=["x"]).collect()
    yield "sql-command", lambda: spark.sql("SHOW DATABASES").collect()
    yield "view", lambda: (df.createOrReplaceTempView("v1"), df.createOrReplaceGlobalTempView("v2"), spark.table("v1").collect())
    yield "write-path", lambda: write(df, header="true").partitionBy("k").csv(f"{directory}/csv")
    yield "read-path", lambda: spark.read.option("header", True).schema("id INT, v DOUBLE").csv(f"{directory}/csv").schema
    yield "write-table", lambda: write(df).bucketBy(2, "id").sortBy("id").format("parquet").saveAsTable("recorded_t")
    yield "insert", lambda: df.write.insertInto("recorded_t")
    yield "write-v2", lambda: df.writeTo("recorded_t").option("a", "b").tableProperty("p", "q").append()
    yield "merge", lambda: df.mergeInto("recorded_t", F.expr("true")).whenMatched(F.col("v") > 1).update(
        {"v": F.lit(0.0)}
    ).whenNotMatched().insertAll().whenNotMatchedBySource().delete().merge()
    yield "checkpoint", lambda: df.localCheckpoint().collect()
    yield "udf", lambda: df.select(F.udf(lambda x: x, "int")("id")).schema
    yield "map-in-pandas", lambda: df.mapInPandas(lambda it: it, df.schema).schema
    yield "apply-in-pandas", lambda: df.groupBy("k").applyInPandas(lambda x: x, df.schema).schema
    yield "cogroup", lambda: df.groupBy("id").cogroup(other.groupBy("id")).applyInPandas(lambda a, b: a, "id int").schema
    yield "catalog", lambda: (
        spark.catalog.listTables(), spark.catalog.currentDatabase(), spark.catalog.tableExists("recorded_t"),
        spark.catalog.listColumns("recorded_t"), spark.catalog.isCached("v1"), spark.catalog.cacheTable("v1"),
        spark.catalog.createTable("recorded_u", source="parquet", schema=T.StructType().add("a", T.IntegerType())),
        spark.catalog.dropTempView("v1"),
    )  # fmt: skip
    yield "analysis", lambda: (
        df.explain(True), df.isLocal(), df.inputFiles(), df.isStreaming, df.sameSemantics(df), df.semanticHash(),
        df.persist(), df.storageLevel, df.unpersist(), spark.version, df.printSchema(1), T.DataType.fromDDL("a INT"),
    )  # fmt: skip
    yield "conf", lambda: (
        spark.conf.set("spark.sql.shuffle.partitions", 3), spark.conf.get("spark.sql.shuffle.partitions"),
        spark.conf.get("no.such", "x"), spark.conf.get("no.such"),
    )  # fmt: skip
    yield "artifact", lambda: spark.createDataFrame(pd.DataFrame({"a": range(200_000)})).count()
    yield "tags", lambda: (spark.addTag("t1"), df.count(), spark.interruptTag("t1"), spark.clearTags())
    yield "error-analysis", lambda: df.select("nope").schema
    yield "error-parse", lambda: spark.sql("SELEC 1")
    yield "error-cast", lambda: spark.sql("SELECT CAST('a' AS INT)").collect()
    yield "error-divide", lambda: df.select(F.col("id") / 0).collect()
    yield "error-index", lambda: spark.sql("SELECT array(1)[3]").collect()
    yield "error-date", lambda: spark.sql("SELECT make_date(2023, 2, 30)").collect()
    yield "error-overflow", lambda: spark.sql("SELECT 2147483647 + 1").collect()
    yield "error-table", lambda: spark.table("no_such_table").schema
    yield "error-argument", lambda: spark.range(3).sample(fraction=-1.0).collect()
    yield "error-raise", lambda: spark.sql("SELECT raise_error('boom')").collect()
    yield "error-subquery", lambda: spark.sql("SELECT (SELECT id FROM range(3))").collect()
    yield "error-element", lambda: spark.sql("SELECT element_at(array(1), 5)").collect()
    yield "error-format", lambda: spark.read.format("nope").load("/x").schema
    yield "error-path", lambda: spark.read.parquet("/no/such/path").schema


def main(out):
    global current
    server = grpc.server(
        futures.ThreadPoolExecutor(16),
        handlers=[Proxy(re.sub(r"^sc://", "", os.environ["SPARK_REMOTE"]).rstrip("/"))],
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
    spark.sql("DROP TABLE IF EXISTS recorded_t")
    spark.sql("DROP TABLE IF EXISTS recorded_u")
    for name, run in programs(spark):
        current = name
        try:
            run()
        except Exception as error:  # the client's message was sent all the same
            print(name, type(error).__name__, str(error).split("\n")[0][:150], file=sys.stderr)
    current = "stop"
    spark.sql("DROP TABLE IF EXISTS recorded_t")
    spark.sql("DROP TABLE IF EXISTS recorded_u")
    spark.stop()
    server.stop(0)
    seen, kept = set(), []
    for entry in entries:
        # Stack traces and pickled Python are long and say nothing about the protocol.
        if len(entry["bytes"]) > 4_000 or entry["rpc"] in ("ReleaseExecute", "ReattachExecute"):
            continue
        # The same message but for ids says nothing new.
        shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", json.dumps([entry["type"], entry["json"], entry.get("errorInfo")]))
        shape = re.sub(r'"plan_id": "\d+"|"(classes|data|call_site|fragment|value)": "[^"]*"', "", shape)
        if entry["type"].endswith("Response") and entry["rpc"] == "ExecutePlan":
            shape = repr(sorted(entry["json"]))
        if shape not in seen:
            seen.add(shape)
            kept.append(entry)
    with open(out, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(e, separators=(",", ":")) for e in kept) + "\n]\n")
    print(len(kept), "messages of", len(entries), file=sys.stderr)


logging.disable(logging.CRITICAL)
main(sys.argv[1])
