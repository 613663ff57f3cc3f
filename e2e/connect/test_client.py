"""An unmodified PySpark client: what it shows of results, errors, sessions and files."""

import datetime
import decimal
import threading
import time

import pandas as pd
import pyarrow as pa
import pytest
from pyspark.errors import (
    AnalysisException,
    ArithmeticException,
    NumberFormatException,
    ParseException,
    PySparkException,
    PythonException,
    SparkNoSuchElementException,
)
from pyspark.sql import Row, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T


def test_version_and_range(spark):
    assert spark.version == "4.3.0"
    assert [r.id for r in spark.range(2, 20, 6).collect()] == [2, 8, 14]
    assert spark.range(0).collect() == []
    assert spark.range(1_000_000).count() == 1_000_000


def test_all_types_there_and_back(spark):
    schema = T.StructType(
        [
            T.StructField("b", T.BooleanType()),
            T.StructField("i8", T.ByteType()),
            T.StructField("i16", T.ShortType()),
            T.StructField("i32", T.IntegerType(), False),
            T.StructField("i64", T.LongType()),
            T.StructField("f32", T.FloatType()),
            T.StructField("f64", T.DoubleType()),
            T.StructField("d", T.DecimalType(20, 4)),
            T.StructField("s", T.StringType()),
            T.StructField("bin", T.BinaryType()),
            T.StructField("day", T.DateType()),
            T.StructField("ts", T.TimestampType()),
            T.StructField("ntz", T.TimestampNTZType()),
            T.StructField("dt", T.DayTimeIntervalType()),
            T.StructField("arr", T.ArrayType(T.IntegerType())),
            T.StructField("m", T.MapType(T.StringType(), T.LongType())),
            T.StructField("st", T.StructType([T.StructField("x", T.IntegerType()), T.StructField("y", T.StringType())])),
        ]
    )
    full = (
        True, 1, -2, 3, 2**62, 1.5, -2.25, decimal.Decimal("1234567890123456.7891"), "äöü 😀", b"\x00\xff",
        datetime.date(1969, 12, 31), datetime.datetime(2024, 2, 29, 1, 2, 3, 456789),
        datetime.datetime(1900, 1, 1, 0, 0, 0, 1), datetime.timedelta(days=1, microseconds=-1), [1, None, 3],
        {"a": 1, "b": None}, Row(x=1, y=None),
    )  # fmt: skip
    empty = tuple(0 if f.name == "i32" else None for f in schema.fields)
    df = spark.createDataFrame([full, empty], schema)
    assert df.schema == schema
    assert [tuple(r) for r in df.collect()] == [full, empty]


def test_local_data_in_every_form(spark):
    assert spark.createDataFrame([{"a": 1, "b": "x"}, {"a": 2}]).collect() == [Row(a=1, b="x"), Row(a=2, b=None)]
    assert spark.createDataFrame([Row(a=1)]).collect() == [Row(a=1)]
    assert spark.createDataFrame([(1, "x")], "a INT, b STRING").dtypes == [("a", "int"), ("b", "string")]
    pdf = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert spark.createDataFrame(pdf).collect() == [Row(a=1, b="x"), Row(a=2, b=None)]
    table = pa.table({"a": [1, None], "l": [[1], []]})
    assert spark.createDataFrame(table).collect() == [Row(a=1, l=[1]), Row(a=None, l=[])]
    assert spark.range(3).toPandas()["id"].tolist() == [0, 1, 2]
    assert spark.range(3).toArrow().column("id").to_pylist() == [0, 1, 2]


def test_what_is_printed(spark, capsys):
    df = spark.createDataFrame([(1, "a")], "id INT, k STRING")
    df.show()
    df.printSchema()
    df.explain()
    out = capsys.readouterr().out
    assert "+---+---+\n| id|  k|\n+---+---+\n|  1|  a|\n+---+---+\n" in out
    assert "root\n |-- id: integer (nullable = true)\n |-- k: string (nullable = true)\n" in out
    assert "== Physical Plan ==" in out


def test_queries(spark):
    df = spark.createDataFrame([(1, "a", 1.0), (2, "b", 2.0), (3, "a", 4.0)], "id INT, k STRING, v DOUBLE")
    other = spark.createDataFrame([("a", 10), ("c", 30)], "k STRING, w INT")
    grouped = df.groupBy("k").agg(F.sum("v").alias("s"), F.count("*").alias("n")).orderBy("k")
    assert grouped.collect() == [Row(k="a", s=5.0, n=2), Row(k="b", s=2.0, n=1)]
    assert df.join(other, "k", "left").orderBy("id").select("id", "w").collect() == [
        Row(id=1, w=10), Row(id=2, w=None), Row(id=3, w=10),
    ]  # fmt: skip
    window = Window.partitionBy("k").orderBy("id")
    assert [r.n for r in df.select(F.row_number().over(window).alias("n"), "id").orderBy("id").collect()] == [1, 1, 2]
    assert df.union(df).distinct().count() == 3
    pivoted = df.groupBy().pivot("k", ["a", "b"]).sum("v")
    assert pivoted.collect() == [Row(a=5.0, b=2.0)]
    assert spark.sql("SELECT :x + 1 AS y", {"x": 1}).collect() == [Row(y=2)]
    assert spark.sql("SELECT max(id) AS m FROM {d}", d=df).collect() == [Row(m=3)]


def test_configuration(spark):
    spark.conf.set("spark.sql.shuffle.partitions", 3)
    assert spark.conf.get("spark.sql.shuffle.partitions") == "3"
    assert spark.conf.get("no.such.key", "x") == "x"
    with pytest.raises(SparkNoSuchElementException):
        spark.conf.get("no.such.key")
    with pytest.raises(AnalysisException) as error:
        spark.conf.set("spark.sql.warehouse.dir", "/tmp/x")
    assert error.value.getCondition() == "CANNOT_MODIFY_STATIC_CONFIG"
    assert spark.conf.isModifiable("spark.sql.shuffle.partitions")


def test_catalog_and_views(spark):
    spark.sql("CREATE DATABASE IF NOT EXISTS client_db")
    spark.sql("USE client_db")
    assert spark.catalog.currentDatabase() == "client_db"
    spark.range(3).write.mode("overwrite").saveAsTable("client_t")
    assert spark.catalog.tableExists("client_t")
    assert "client_t" in [t.name for t in spark.catalog.listTables()]
    assert [c.name for c in spark.catalog.listColumns("client_t")] == ["id"]
    spark.range(2).createOrReplaceTempView("client_v")
    assert spark.table("client_v").count() == 2
    assert spark.catalog.dropTempView("client_v")
    with pytest.raises(AnalysisException) as error:
        spark.table("client_v").count()
    assert error.value.getCondition() == "TABLE_OR_VIEW_NOT_FOUND"


def test_two_sessions_share_tables_and_nothing_else(new_session):
    one, two = new_session(), new_session()
    one.range(1).createOrReplaceTempView("mine")
    two.range(2).createOrReplaceTempView("mine")
    one.conf.set("spark.sql.shuffle.partitions", 7)
    assert (one.table("mine").count(), two.table("mine").count()) == (1, 2)
    assert two.conf.get("spark.sql.shuffle.partitions") != "7"
    one.range(5).write.mode("overwrite").saveAsTable("shared_by_sessions")
    assert two.table("shared_by_sessions").count() == 5


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "delta"])
def test_files(spark, tmp_path, kind):
    path = str(tmp_path / kind)
    df = spark.createDataFrame([(1, "a"), (2, "b")], "id INT, k STRING")
    df.write.format(kind).option("header", True).mode("overwrite").save(path)
    back = spark.read.format(kind).option("header", True).option("inferSchema", True).load(path)
    assert sorted((r.id, r.k) for r in back.collect()) == [(1, "a"), (2, "b")]


def test_errors_have_their_class_and_their_parts(spark):
    df = spark.createDataFrame([(1, "a")], "id INT, k STRING")
    with pytest.raises(AnalysisException) as error:
        df.select("nope").collect()
    assert error.value.getCondition() == "UNRESOLVED_COLUMN.WITH_SUGGESTION"
    assert error.value.getSqlState() == "42703"
    assert error.value.getMessageParameters() == {"objectName": "`nope`", "proposal": "`id`, `k`"}
    with pytest.raises(ParseException) as error:
        spark.sql("SELEC 1")
    assert error.value.getCondition() == "PARSE_SYNTAX_ERROR"
    with pytest.raises(NumberFormatException) as error:
        spark.sql("SELECT CAST('a' AS INT)").collect()
    assert error.value.getCondition() == "CAST_INVALID_INPUT"
    [context] = error.value.getQueryContext()
    assert (context.fragment(), context.startIndex(), context.stopIndex()) == ("CAST('a' AS INT)", 7, 22)
    with pytest.raises(ArithmeticException) as error:
        df.select(F.col("id") / 0).collect()
    assert error.value.getCondition() == "DIVIDE_BY_ZERO"


def test_a_cancelled_query(spark):
    raised = []

    def slow():
        try:
            spark.sql(
                "SELECT count(*) FROM range(1000000) a CROSS JOIN range(1000000) b WHERE a.id * b.id = 7"
            ).collect()
        except PySparkException as e:
            raised.append(e)

    thread = threading.Thread(target=slow)
    thread.start()
    time.sleep(1.5)
    assert len(spark.interruptAll()) == 1
    thread.join(10)
    assert raised[0].getCondition() == "OPERATION_CANCELED"
    assert spark.range(3).count() == 3


def test_tags(spark):
    spark.addTag("mine")
    assert spark.getTags() == {"mine"}
    assert spark.interruptTag("mine") == []
    spark.clearTags()


def test_observed_metrics(spark):
    from pyspark.sql import Observation

    observation = Observation("seen")
    spark.range(10).observe(observation, F.count(F.lit(1)).alias("n"), F.max("id").alias("m")).collect()
    assert observation.get == {"n": 10, "m": 9}


def test_seventy_megabytes_of_local_data(spark):
    size = 4_500_000
    df = spark.createDataFrame(pd.DataFrame({"a": range(size), "b": [0.5] * size}))
    assert df.agg(F.count("*"), F.sum("a"), F.sum("b")).collect()[0] == (size, size * (size - 1) // 2, size / 2)


def test_checkpoint_and_cache(spark):
    df = spark.range(5).localCheckpoint()
    assert df.count() == 5
    cached = spark.range(6).cache()
    assert cached.storageLevel.useMemory
    assert cached.count() == 6
    cached.unpersist()
    assert not cached.storageLevel.useMemory


def test_a_released_session_is_gone(new_session):
    session = new_session()
    assert session.range(1).count() == 1
    session.stop()
    with pytest.raises(Exception):
        session.range(1).count()


def test_python_functions(spark):
    try:
        plus = F.udf(lambda x: x + 1, "long")
        rows = spark.range(3).select(plus("id").alias("n")).collect()
    except PySparkException as e:
        pytest.skip(f"the server has no Python for functions: {e}")
    assert rows == [Row(n=1), Row(n=2), Row(n=3)]

    @F.pandas_udf("double")
    def mean(v: pd.Series) -> float:
        return v.mean()

    df = spark.createDataFrame([(1, 1.0), (1, 2.0), (2, 5.0)], "k INT, v DOUBLE")
    assert df.groupBy("k").agg(mean("v").alias("m")).orderBy("k").collect() == [Row(k=1, m=1.5), Row(k=2, m=5.0)]
    centred = df.groupBy("k").applyInPandas(lambda d: d.assign(v=d.v - d.v.mean()), "k INT, v DOUBLE")
    assert sorted(r.v for r in centred.collect()) == [-0.5, 0.0, 0.5]
    assert [r.id for r in spark.range(4).mapInPandas(lambda it: (d[d.id > 1] for d in it), "id LONG").collect()] == [2, 3]


def test_python_table_functions(spark):
    try:
        spark.range(1).select(F.udf(lambda x: x, "long")("id")).collect()
    except PySparkException as e:
        pytest.skip(f"the server has no Python for functions: {e}")

    @F.udtf(returnType="n: int, twice: int")
    class Twice:
        def eval(self, n):
            yield n, n * 2

    assert Twice(F.lit(3)).collect() == [Row(n=3, twice=6)]
    spark.udtf.register("twice", Twice)
    assert spark.sql("SELECT * FROM twice(n => 4) WHERE twice > 1").collect() == [Row(n=4, twice=8)]

    @F.udtf(returnType="k: int, all: string")
    class Joined:
        def __init__(self):
            self.k, self.seen = None, []

        def eval(self, row):
            self.k = row["k"]
            self.seen.append(row["v"])

        def terminate(self):
            yield self.k, "".join(self.seen)

    df = spark.createDataFrame([(1, "b"), (2, "c"), (1, "a")], "k INT, v STRING")
    rows = Joined(df.asTable().partitionBy("k").orderBy("v")).collect()
    assert rows == [Row(k=1, all="ab"), Row(k=2, all="c")]

    @F.udtf(returnType="n: int")
    class Wrong:
        def eval(self):
            yield 1, 2

    with pytest.raises(PythonException) as error:
        Wrong().collect()
    assert "UDTF_RETURN_SCHEMA_MISMATCH" in str(error.value)


def test_python_aggregates_over_windows(spark):
    @F.pandas_udf("string")
    def seen(v: pd.Series) -> str:
        return ",".join(str(x) for x in v)

    df = spark.createDataFrame([(1, 3), (1, 1), (2, 10), (2, 5), (2, 7), (None, 2)], "k INT, v INT")
    ordered = Window.partitionBy("k").orderBy("v")
    try:
        rows = df.select("v", seen(df.v).over(ordered.rowsBetween(-1, 1)).alias("near")).collect()
    except PySparkException as e:
        pytest.skip(f"the server has no Python for functions: {e}")
    # What Spark 4.3 answers.
    assert sorted((r.v, r.near) for r in rows) == [
        (1, "1,3"), (2, "2"), (3, "1,3"), (5, "5,7"), (7, "5,7,10"), (10, "7,10"),
    ]  # fmt: skip
    so_far = ordered.rowsBetween(Window.unboundedPreceding, 0)
    both = df.withColumn("so_far", seen("v").over(so_far)).filter("k = 2").orderBy("v")
    assert [r.so_far for r in both.collect()] == ["5", "5,7", "5,7,10"]
