"""Writes Delta tables with Spark and delta-spark, with every feature that it can write, and the rows of every version.

    LAKELET_DELTA_JARS=... python write_spark_tables.py DIRECTORY
"""

import json
import os
import sys

from read_statement_tables import spark_session


def statements():
    """Tables by name: what makes them, one statement a version or more."""
    insert = lambda t, first, n=4: (
        f"INSERT INTO {t} SELECT id, concat('n', id), id / 4D FROM range({first}, {first + n})"
    )
    columns = "(id BIGINT, name STRING, v DOUBLE) USING delta"
    merge = lambda t: (
        f"MERGE INTO {t} t USING (SELECT id, 'm' AS name, 0.5D AS v FROM range(2, 30, 7)) s ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )
    rows = lambda t: [insert(t, 0), insert(t, 10), f"DELETE FROM {t} WHERE id = 2", f"UPDATE {t} SET v = -v WHERE id % 2 = 1"]
    more = lambda t: [merge(t), f"OPTIMIZE {t}", insert(t, 40), f"DELETE FROM {t} WHERE id > 41", f"OPTIMIZE {t} ZORDER BY (id)"]
    with_properties = lambda t, p: [f"CREATE TABLE {t} {columns} TBLPROPERTIES ({p})"] + rows(t) + more(t)
    return {
        "plain": [f"CREATE TABLE plain {columns}"] + rows("plain") + more("plain"),
        "vectors": with_properties("vectors", "'delta.enableDeletionVectors' = 'true'"),
        "mapped": with_properties("mapped", "'delta.columnMapping.mode' = 'name'")
        + ["ALTER TABLE mapped RENAME COLUMN name TO title", "ALTER TABLE mapped DROP COLUMN v"],
        "by_id": with_properties("by_id", "'delta.columnMapping.mode' = 'id'"),
        "feed": with_properties("feed", "'delta.enableChangeDataFeed' = 'true'"),
        "checkpointed": with_properties("checkpointed", "'delta.checkpointInterval' = '2'"),
        "v2": with_properties(
            "v2", "'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '3', 'delta.enableDeletionVectors' = 'true'"
        ),
        "times": with_properties("times", "'delta.enableInCommitTimestamps' = 'true'"),
        "partitioned": [
            "CREATE TABLE partitioned (id BIGINT, p STRING, d DATE) USING delta PARTITIONED BY (p, d)",
            "INSERT INTO partitioned VALUES (1, 'a b/c%25=', DATE'2024-02-29'), (2, NULL, DATE'1969-12-31'), (3, 'x:y', NULL)",
            "UPDATE partitioned SET p = 'moved' WHERE id = 1",
            "DELETE FROM partitioned WHERE p IS NULL",
            "OPTIMIZE partitioned",
        ],
        "widened": [
            "CREATE TABLE widened (a INT, b FLOAT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
            "INSERT INTO widened VALUES (1, 1.5)",
            "ALTER TABLE widened ALTER COLUMN a TYPE BIGINT",
            "INSERT INTO widened VALUES (3000000000, 2.5)",
        ],
        "nested": [
            "CREATE TABLE nested (s STRUCT<a: INT, l: ARRAY<STRUCT<x: INT>>, m: MAP<STRING, INT>>) USING delta "
            "TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
            "INSERT INTO nested SELECT named_struct('a', 1, 'l', array(named_struct('x', 2)), 'm', map('k', 3))",
            "ALTER TABLE nested RENAME COLUMN s.a TO z",
            "INSERT INTO nested SELECT named_struct('z', 5, 'l', array(), 'm', map())",
        ],
    }


def main(root):
    spark = spark_session()
    spark.sparkContext.setLogLevel("OFF")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    tables = []
    for name, texts in statements().items():
        path = os.path.join(root, name)
        for text in texts:
            if text.startswith("CREATE TABLE"):
                head, _, tail = text.partition(" USING delta")
                text = f"{head} USING delta{tail} LOCATION '{path}'" if "TBLPROPERTIES" not in tail else (
                    f"{head} USING delta LOCATION '{path}'{tail}"
                )
            spark.sql(text)
        last = spark.sql(f"DESCRIBE HISTORY {name} LIMIT 1").collect()[0].version
        versions = {}
        for version in range(last + 1):
            df = spark.read.format("delta").option("versionAsOf", version).load(path)
            versions[version] = [json.loads(text) for text in df.toJSON(use_unicode=True).collect()] if df.columns else []
        tables.append({"path": name, "versions": versions})
    with open(os.path.join(root, "spark.json"), "w") as file:
        json.dump(tables, file)
    print(f"delta-spark wrote {len(tables)} tables")


if __name__ == "__main__":
    main(sys.argv[1])
