# base
d = spark.createDataFrame([(1, 2, 3), (4, 5, 6)], "a INT, b INT, c INT")
u = spark.createDataFrame([(1, 10.0), (2, 20.0), (3, 30.0), (4, None)], "uid INT, s DOUBLE")
p = spark.createDataFrame([("A", 11.0), ("B", 22.0), ("C", 5.0), ("D", None)], "pr STRING, ps DOUBLE")
l = spark.createDataFrame([(1, "a"), (5, "b"), (10, "c"), (None, "d")], "a INT, lv STRING")
r = spark.createDataFrame([(1, 1), (2, 2), (3, 3), (6, 6), (7, 7)], "a INT, rv INT")
none = spark.createDataFrame([], "pr STRING, ps DOUBLE")
df = d
# zip
df = d.select("a").zip(d.select("b"))
# zip with the whole
df = d.select("a").zip(d)
# zip of the same column
df = d.select("a").zip(d.select("a"))
# zip of what was computed
df = d.withColumn("x", F.col("a") + 1).zip(d.select((F.col("b") * 2).alias("y")))
# zip of filtered rows
df = d.filter("a > 1").select("a").zip(d.filter("a > 1").select("b"))
# zip of random numbers
df = d.select(F.rand(3).alias("x")).zip(d.select("b"))
# zip after renaming
df = d.toDF("x", "y", "z").zip(d.drop("a"))
# zip of a filtered and a whole one
df = d.filter("a > 1").select("a").zip(d.select("b"))
# zip of a total
df = d.select(F.sum("a")).zip(d.select("b"))
# nearest by distance
df = u.nearestByJoin(p, F.abs(u.s - p.ps), 2, "exact", "distance").orderBy("uid", F.abs(u.s - p.ps))
# nearest by distance, all rows kept
df = u.nearestByJoin(p, F.abs(u.s - p.ps), 1, "exact", "distance", joinType="leftouter").orderBy("uid")
# nearest by similarity
df = u.nearestByJoin(p, -F.abs(u.s - p.ps), 1, "approx", "similarity").select("uid", "pr").orderBy("uid")
# nearest by similarity, more than there are
df = u.nearestByJoin(p, u.s - p.ps, 9, "exact", "similarity").orderBy("uid", "pr")
# nearest of none
df = u.nearestByJoin(none, F.lit(1), 2, "exact", "similarity")
# nearest of none, all rows kept
df = u.nearestByJoin(none, F.lit(1), 2, "exact", "similarity", joinType="left").orderBy("uid")
# nearest by a map
df = u.nearestByJoin(p, F.create_map(u.s, p.ps), 1, "exact", "similarity")
# as of, backward
df = l._joinAsOf(r, l.a, r.a).orderBy("lv")
# as of, backward, all rows kept, none equal
df = l._joinAsOf(r, "a", "a", how="left", allowExactMatches=False).orderBy("lv")
# as of, forward
df = l._joinAsOf(r, l.a, r.a, direction="forward", how="left").orderBy("lv")
# as of, nearest
df = l._joinAsOf(r, l.a, r.a, direction="nearest").orderBy("lv")
# as of, nearest, none equal
df = l._joinAsOf(r, l.a, r.a, direction="nearest", allowExactMatches=False, how="left").orderBy("lv")
# as of, within a tolerance
df = l._joinAsOf(r, "a", "a", tolerance=F.lit(1), direction="nearest").orderBy("lv")
# as of, a negative tolerance
df = l._joinAsOf(r, "a", "a", tolerance=F.lit(-1))
# as of, on a column too
df = l._joinAsOf(r, "a", "a", on="a").orderBy("lv")
# as of, on a condition too
df = l._joinAsOf(r, "a", "a", on=l.a == r.rv).orderBy("lv")
# as of, an unknown direction
df = l._joinAsOf(r, "a", "a", direction="x")
