# base
t = spark.sql("SELECT * FROM VALUES (1, 'x', 10, 1.5D), (1, 'y', 20, NULL), (2, 'x', 30, 2.5D), (3, NULL, NULL, double('NaN')) AS t(a, b, c, d)")
u = spark.sql("SELECT * FROM VALUES (1, 'one'), (2, 'two'), (4, 'four') AS u(a, e)")
n = spark.sql("SELECT 1 AS id, named_struct('x', 1, 'y', named_struct('z', 'deep')) AS s, array(1, 2, 3) AS arr, map('k', 1) AS m")
df = t
# select
df = t.select("a", F.col("b"), t["c"], (t.a + 1).alias("n"), F.lit(5), "*")
# select expr
df = t.selectExpr("a + 1", "upper(b) AS ub", "c * 2 AS c2")
# select nested
df = n.select("s.x", "s.y.z", F.col("s")["x"], F.col("arr")[0], F.col("arr").getItem(1), F.col("m")["k"], F.col("s").getField("y"))
# select missing
df = t.select("zz")
# select missing of df
df = t.select(t.a).select(u["e"])
# cast
df = t.select(t.a.cast("string"), t.a.cast("double").alias("x"), (t.a + 1).cast("string"))
# filter
df = t.filter(t.a > 1).where("c IS NOT NULL")
# filter dropped column
df = t.select("a").filter(t.c > 10)
# filter after alias
df = t.select("a").alias("q").filter("c > 10")
# filter not boolean
df = t.filter("a")
# filter aggregate
df = t.filter(F.sum("a") > 1)
# filter on aggregate result
df = t.groupBy("a").agg(F.sum("c").alias("s")).filter("s > 25")
# filter with aggregate over aggregate
df = t.groupBy("a").agg(F.sum("c")).filter(F.sum("c") > 25)
# sort
df = t.orderBy(F.col("a").desc(), "b")
# sort nulls
df = t.sort(F.col("b").asc_nulls_last(), F.col("c").desc_nulls_first())
# sort dropped column
df = t.select("a").orderBy(t.c.desc())
# sort ordinal
df = t.orderBy(F.lit(3).desc())
# sort ordinal out of range
df = t.orderBy(F.lit(9))
# sort within partitions
df = t.coalesce(1).sortWithinPartitions("c")
# limit offset tail
df = t.orderBy("c").offset(1).limit(2)
# distinct
df = t.select("a").distinct().orderBy("a")
# dropDuplicates
df = t.dropDuplicates(["a"]).select("a", "b")
# dropDuplicates missing
df = t.dropDuplicates(["zz"])
# withColumn
df = t.withColumn("n", t.a * 2).withColumn("A", F.lit("over"))
# withColumns
df = t.withColumns({"p": t.a + 1, "q": t.c - 1, "b": F.upper("b")})
# withColumns twice the same
df = t.withColumns({"p": t.a, "P": t.c})
# withColumn using new one
df = t.withColumn("p", t.a + 1).withColumn("q", F.col("p") * 2)
# renamed
df = t.withColumnRenamed("a", "z").withColumnsRenamed({"b": "y", "nope": "k"})
# drop
df = t.drop("a", "nope").drop(t.b, F.col("zz"))
# toDF
df = t.toDF("p", "q", "r", "s")
# toDF arity
df = t.toDF("p", "q")
# to schema
df = t.to(T.StructType([T.StructField("c", T.LongType()), T.StructField("a", T.StringType()), T.StructField("extra", T.IntegerType())]))
# to schema not nullable
df = t.to(T.StructType([T.StructField("b", T.StringType(), False)]))
# groupBy
df = t.groupBy("a").agg(F.sum("c"), F.count("*").alias("n"), F.max("b")).orderBy("a")
# groupBy expression
df = t.groupBy((t.a % 2).alias("p")).count().orderBy("p")
# groupBy expression unnamed
df = t.groupBy(t.a + 1).sum("c").orderBy("(a + 1)")
# groupBy none
df = t.agg(F.sum("c"), F.avg("c"), F.countDistinct("a"))
# agg of plain column
df = t.groupBy("a").agg(F.col("b"))
# agg dict
df = t.groupBy("a").agg({"c": "max", "b": "count"}).orderBy("a")
# rollup
df = t.rollup("a", "b").agg(F.sum("c"), F.grouping("a"), F.grouping_id()).orderBy("a", "b", "grouping_id()")
# cube
df = t.cube("a", "b").count().orderBy("a", "b", "count")
# groupingSets
df = t.groupingSets([["a"], ["b"], []], "a", "b").agg(F.sum("c")).orderBy("a", "b", "sum(c)")
# pivot
df = t.groupBy("a").pivot("b", ["x", "y"]).sum("c").orderBy("a")
# pivot found values
df = t.groupBy("a").pivot("b").agg(F.sum("c"), F.count("c").alias("n")).orderBy("a")
# join on expression
df = t.join(u, t.a == u.a).select(t.a, u.e).orderBy("e", t.c)
# join using
df = t.join(u, "a", "left").orderBy("c")
# join full using
df = t.join(u, ["a"], "full").orderBy("a", "c")
# join then column of the right
df = t.join(u, "a", "right").select("*", u["a"]).orderBy("e", "c")
# join ambiguous
df = t.join(u, t.a == u.a).select("a")
# self join
df = t.join(t, t.a == t.a)
# self join with aliases
df = t.alias("l").join(t.alias("r"), F.col("l.a") == F.col("r.a")).select("l.b", "r.c").orderBy("l.b", "r.c")
# semi and anti
df = t.join(u, "a", "semi").union(t.join(u, "a", "anti")).orderBy("c")
# cross join
df = t.crossJoin(u).count()
df = t.crossJoin(u).agg(F.count("*"))
# join missing key
df = t.join(u, "zz")
# join condition not boolean
df = t.join(u, F.lit(1))
# union
df = t.select("a").union(u.select("a")).orderBy("a")
# unionByName
df = t.select("a", "b").unionByName(u.select(F.col("e").alias("b"), "a")).orderBy("a", "b")
# unionByName missing
df = t.select("a", "b").unionByName(u, allowMissingColumns=True).orderBy("a", "b", "e")
# unionByName not there
df = t.select("a").unionByName(u.select("e"))
# union mismatch
df = t.union(u)
# union column of the left
df = t.select("a").union(u.select("a")).select(t.a).orderBy("a")
# intersect
df = t.select("a").intersect(u.select("a")).orderBy("a")
# exceptAll
df = t.select("a").exceptAll(u.select("a")).orderBy("a")
# subtract
df = t.select("a").subtract(u.select("a"))
# fill
df = t.na.fill(0).na.fill("none")
# fill map
df = t.na.fill({"b": "k", "c": 7.9})
# fill missing column
df = t.na.fill(0, subset=["zz"])
# drop nulls
df = t.na.drop()
# drop nulls any of
df = t.na.drop(subset=["b", "d"], how="all")
# drop nulls threshold
df = t.na.drop(thresh=3)
# replace
df = t.na.replace([1, 2], [5, 6])
# replace text
df = t.na.replace("x", None, "b")
# describe
df = t.describe()
# describe columns
df = t.describe("a", "b")
# summary
df = t.filter("a < 3").summary("count", "min", "50%", "max", "stddev")
# summary unknown
df = t.summary("nope")
# crosstab
df = t.crosstab("a", "b").orderBy("a_b")
# freqItems
df = t.select("a").freqItems(["a"], 0.5)
# unpivot
df = t.unpivot("b", ["a", "c"], "name", "value").orderBy("b", "name", "value")
# unpivot all
df = t.select("a", "c").unpivot([], None, "name", "value").orderBy("name", "value")
# unpivot types
df = t.unpivot("c", ["a", "b"], "name", "value")
# transpose
df = t.select("c", "a").filter("c is not null").transpose()
# explode
df = n.select("id", F.explode("arr").alias("e"))
# explode map
df = n.select(F.explode("m"), "id")
# posexplode
df = n.select(F.posexplode("arr").alias("p", "v"))
# withColumn explode
df = n.select("id", "arr").withColumn("e", F.explode("arr"))
# window
df = t.select("a", "c", F.row_number().over(Window.partitionBy("a").orderBy("c")).alias("rn"), F.sum("c").over(Window.partitionBy("a")).alias("s")).orderBy("a", "c")
# window frame
df = t.select("c", F.sum("c").over(Window.orderBy("c").rowsBetween(-1, 0)).alias("s")).orderBy("c")
# window name
df = t.select(F.sum("c").over(Window.partitionBy("a").orderBy("c").rowsBetween(-1, 0)), F.rank().over(Window.orderBy("a")))
# window unordered
df = t.select(F.row_number().over(Window.partitionBy("a")))
# withField
df = n.select(F.col("s").withField("w", F.lit(9)).alias("s1"), F.col("s").withField("y.z", F.lit("new")).alias("s2"), F.col("s").dropFields("x").alias("s3"))
# withField name
df = n.select(F.col("s").withField("w", F.lit(9)), F.col("s").dropFields("x"))
# struct star
df = n.select("s.*", "id")
# lambda
df = n.select(F.transform("arr", lambda x: x + 1), F.filter("arr", lambda x: x > 1), F.aggregate("arr", F.lit(0), lambda a, x: a + x))
# lambda with index and outer column
df = n.select(F.transform("arr", lambda x, i: x * i + F.col("id")).alias("r"))
# exists forall
df = n.select(F.exists("arr", lambda x: x > 2), F.forall("arr", lambda x: x > 0))
# when
df = t.select(F.when(t.a == 1, "one").when(t.a == 2, "two").otherwise("many").alias("w"), F.when(t.a == 1, 1))
# isin between
df = t.select(t.a.isin(1, 2), t.a.between(2, 3), t.b.isNull(), t.b.eqNullSafe("x"), ~(t.a == 1), -t.a)
# like
df = t.select(t.b.like("x%"), t.b.rlike("^x"), t.b.startswith("x"), t.b.contains("y"), t.b.substr(1, 1))
# operators
df = t.select(t.a + t.c, t.a - 1, t.a * 2, t.a / 2, t.a % 2, (t.a > 1) & (t.c > 1), (t.a > 1) | t.b.isNull(), t.a.bitwiseAND(1))
# colRegex
df = t.select(t.colRegex("`[ab]`"))
# alias metadata
df = t.select(t.a.alias("m", metadata={"k": "v"}))
# metadata through
df = t.select(t.a.alias("m", metadata={"k": "v"})).select("m", F.col("m").alias("n"))
# expr
df = t.select(F.expr("a + 1 AS q"), F.expr("sum(c) OVER ()"))
# expr bad
df = t.select(F.expr("a +"))
# sql over view
t.createOrReplaceTempView("tv")
df = spark.sql("SELECT a, count(*) AS n FROM {x} GROUP BY a ORDER BY a", x=t)
# sql parameters
df = spark.sql("SELECT a FROM VALUES (1), (2) AS v(a) WHERE a > :m", args={"m": 1})
# sql positional
df = spark.sql("SELECT ? + ?", args=[1, 2.5])
# range
df = spark.range(3, 9, 2)
# range many
df = spark.range(5).select(F.sum("id"), F.max("id"))
# createDataFrame
df = spark.createDataFrame([(1, "a", None), (2, None, [1, 2])], "i INT, s STRING, l ARRAY<INT>")
# createDataFrame nested
df = spark.createDataFrame([Row(a=1, b=Row(c="x", d=[1.5]))])
# createDataFrame dates
df = spark.createDataFrame([(datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5), decimal.Decimal("1.50"))], "d DATE, t TIMESTAMP, n DECIMAL(10, 2)")
# createDataFrame empty
df = spark.createDataFrame([], "a INT, b STRING")
# subquery scalar
df = t.select("a", u.select(F.max("a")).scalar().alias("m"))
# subquery exists
df = t.filter(u.filter(u.a == F.col("a").outer()).exists()) if False else t.alias("o").filter(u.where(F.col("u.a") == F.col("o.a").outer()).exists())
# subquery correlated
df = u.alias("o").select("a", t.where(F.col("t.a") == F.col("o.a").outer()).select(F.sum("c")).scalar().alias("s")).orderBy("a")
# lateral join
df = u.alias("o").lateralJoin(t.where(F.col("t.a") == F.col("o.a").outer()).select("c")).orderBy("a", "c")
# isin subquery
df = t.filter(t.a.isin(u.select("a"))).orderBy("c")
# hint
df = t.hint("broadcast").select("a")
# repartition
df = t.repartition(2, "a").select("a").orderBy("a")
# sample none
df = t.sample(0.0, seed=1)
# cov
df = t.select("a", "c").agg(F.corr("a", "c"))
# transform method
df = t.transform(lambda d: d.select("a").distinct().orderBy("a"))
# mergeInto like chain
df = t.select("a", "c").groupBy("a").agg(F.collect_list("c").alias("cs")).orderBy("a").select("a", F.size("cs"))
# isLocal chain
df = t.where("a = 1").select("b").unionAll(t.where("a = 2").select("b")).withColumn("k", F.lit(1))
# tvf
df = spark.tvf.range(3)
# tvf explode
df = spark.tvf.explode(F.array(F.lit(1), F.lit(2)))
# asTable lateral explode
df = n.alias("o").lateralJoin(spark.tvf.explode(F.col("o.arr").outer())).select("id", "col")
# zipWithIndex
df = t.select("a").zipWithIndex()
# cache
df = t.select("a").cache().orderBy("a")
# nested aggregates error
df = t.agg(F.sum(F.max("a")))
# window in aggregate error
df = t.agg(F.sum(F.row_number().over(Window.orderBy("a"))))
# generator nested error
df = n.select(F.explode("arr") + 1)
# two generators
df = n.select(F.explode("arr"), F.explode("arr").alias("b")).orderBy("col", "b")
