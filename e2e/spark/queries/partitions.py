# base
P = F.spark_partition_id().alias("p")
M = F.monotonically_increasing_id().alias("m")
r = spark.range(6)
v = spark.createDataFrame([(7, "a"), (2, "b"), (-1, "c"), (5, "a"), (2, None)], "a INT, b STRING")
df = r
# a range
df = r.select("*", P, M)
# a range in three
df = spark.range(0, 7, 1, 3).select("*", P, M)
# a range downwards
df = spark.range(10, 0, -3, 2).select("*", P, M)
# local rows
df = v.select("*", P, M)
# values
df = spark.sql("VALUES 1, 2, 3").select("*", P, M)
# unions of ranges
df = r.union(spark.range(3)).select("*", P, M)
# a union of ranges of one partition
df = spark.range(0, 6, 1, 1).union(spark.range(0, 3, 1, 1)).select("*", P, M)
# repartition by a column
df = r.repartition(3, "id").select("*", P, M)
# repartition by a column into no given number
df = r.repartition("id").select("*", P, M)
# repartition local rows by two columns
df = v.repartition(2, "a", "b").select("*", P, M)
# repartition into one
df = r.repartition(1).select("*", P, M)
# ranges of a column
df = r.repartitionByRange(3, F.desc("id")).select("*", P, M)
# ranges of a column with repeats and nulls
df = v.repartitionByRange(2, "b", F.desc("a")).select("*", P, M)
# ranges of many rows
df = spark.range(100).select((F.col("id") * 37 % 11).alias("k")).repartitionByRange(4, "k").select("*", P)
# partitions by number
df = v.repartitionById(3, "a").select("*", P, M)
# coalesce
df = spark.range(0, 7, 1, 5).coalesce(2).select("*", P, M)
# coalesce into one
df = r.coalesce(1).select("*", P, M)
# coalesce into more
df = r.coalesce(9).select("*", P, M)
# sorted within partitions
df = r.sortWithinPartitions(F.desc("id")).select("*", P, M)
# local rows sorted within partitions
df = v.sortWithinPartitions(F.desc("a")).select("*", P, M)
# sorted
df = r.sort(F.desc("id")).select("*", P, M)
# limited
df = r.limit(3).select("*", P, M)
# filtered
df = r.filter("id % 2 = 0").select("*", P, M)
# exploded
df = spark.range(3).select(F.explode(F.array(F.lit(1), F.lit(2)))).select("*", P, M)
# joined
df = r.join(spark.range(3), "id").select("*", P, M)
# crossed
df = spark.range(3).crossJoin(spark.range(2)).select("*", P, M)
# grouped
df = spark.range(9).withColumn("a", F.col("id") % 3).groupBy("a").count().select("*", P, M)
# local rows grouped
df = v.groupBy("a").count()
# one row a key
df = v.dropDuplicates(["a"])
# distinct
df = v.select("b").distinct()
# a range grouped by itself
df = r.groupBy("id").count()
# a range of one partition grouped
df = spark.range(0, 6, 1, 1).groupBy((F.col("id") % 4).alias("k")).count()
# a sample
df = spark.range(10).sample(False, 0.5, 5).select("*", P)
# a sample with replacement
df = spark.range(10).sample(True, 0.8, 5).select("*", P)
# a sample with much replacement
df = spark.range(5).sample(True, 3.5, -7)
# a sample of local rows
df = v.sample(0.6, 3)
# a sample of filtered rows
df = v.filter("a > 0").sample(0.7, 11)
# a part of a split
df = v.randomSplit([1.0, 2.0], 24)[0]
# the other part of a split
df = v.randomSplit([1.0, 2.0], 24)[1]
# a sample by strata
df = spark.range(0, 30, 1, 5).select((F.col("id") % 3).alias("k")).sampleBy("k", {0: 0.3, 1: 0.6}, 0)
# random numbers
df = spark.range(10).select("id", F.rand(3), F.randn(4))
# random numbers of local rows
df = v.select("a", F.rand(3))
# random numbers after a shuffle
df = r.repartition(3, "id").select("id", F.rand(3))
# random numbers below a filter
df = spark.range(10).select("id", F.rand(1).alias("x")).filter("x > 0.5")
# random numbers of the smallest seed
df = spark.range(4).select(F.rand(-9223372036854775808), F.rand(9223372036854775807))
