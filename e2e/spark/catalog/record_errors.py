"""Records what Spark says when a command meets the wrong state of the catalog.

    SPARK_REMOTE=sc://... python record_errors.py > errors.json
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from pyspark.errors import PySparkException
from recording import connect

SETUP = [
    "CREATE DATABASE cat_a COMMENT 'first'",
    "CREATE DATABASE cat_b",
    "CREATE TABLE cat_a.t (id INT, p STRING) USING parquet",
    "CREATE TABLE cat_a.u (id INT) USING parquet",
    "CREATE VIEW cat_a.v AS SELECT 1 AS x",
]

STATEMENTS = {
    "create database that exists": "CREATE DATABASE cat_a",
    "create database with an invalid name": "CREATE DATABASE `a b-c`",
    "drop database that is missing": "DROP DATABASE cat_zz",
    "drop database that is not empty": "DROP DATABASE cat_a",
    "drop the default database": "DROP DATABASE default",
    "alter database that is missing": "ALTER DATABASE cat_zz SET DBPROPERTIES (a = 'b')",
    "list tables of a database that is missing": "SHOW TABLES IN cat_zz",
    "create table that exists": "CREATE TABLE cat_a.T (id INT) USING parquet",
    "create table where a view is": "CREATE TABLE cat_a.v (id INT) USING parquet",
    "create table in a database that is missing": "CREATE TABLE cat_zz.t (id INT) USING parquet",
    "create table with an invalid name": "CREATE TABLE cat_a.`x y` (id INT) USING parquet",
    "create table with a column twice": "CREATE TABLE cat_a.n (a INT, A INT) USING parquet",
    "create table with an unknown partition column": "CREATE TABLE cat_a.n (a INT, b INT) USING parquet PARTITIONED BY (zz)",
    "create table with a partition column twice": "CREATE TABLE cat_a.n (a INT, b INT) USING parquet PARTITIONED BY (b, B)",
    "create table of partition columns only": "CREATE TABLE cat_a.n (a INT) USING parquet PARTITIONED BY (a)",
    "create view that exists": "CREATE VIEW cat_a.v AS SELECT 1 AS x",
    "create view where a table is": "CREATE VIEW cat_a.t AS SELECT 1 AS x",
    "replace a table by a view": "CREATE OR REPLACE VIEW cat_a.t AS SELECT 1 AS x",
    "create view in a database that is missing": "CREATE VIEW cat_zz.v AS SELECT 1 AS x",
    "drop table that is missing": "DROP TABLE cat_a.nope",
    "drop table of a database that is missing": "DROP TABLE cat_zz.nope",
    "drop view that is a table": "DROP VIEW cat_a.t",
    "drop view that is missing": "DROP VIEW cat_a.nope",
    "rename table to one that exists": "ALTER TABLE cat_a.t RENAME TO cat_a.u",
    "rename table to itself in other letters": "ALTER TABLE cat_a.t RENAME TO cat_a.T",
    "rename table into another database": "ALTER TABLE cat_a.t RENAME TO cat_b.t",
    "rename table to an invalid name": "ALTER TABLE cat_a.t RENAME TO cat_a.`x y`",
    "rename view as a table": "ALTER TABLE cat_a.v RENAME TO cat_a.w",
    "rename table as a view": "ALTER VIEW cat_a.t RENAME TO cat_a.w",
    "add a column that exists": "ALTER TABLE cat_a.t ADD COLUMNS (ID STRING)",
    "add columns to a view": "ALTER TABLE cat_a.v ADD COLUMNS (b STRING)",
    "truncate a view": "TRUNCATE TABLE cat_a.v",
    "comment on a view as a table": "COMMENT ON TABLE cat_a.v IS 'x'",
}

WRITES = {
    "save with error where a table is": lambda df: df.write.format("parquet").mode("error").saveAsTable("cat_a.u"),
    "save with error where a view is": lambda df: df.write.format("parquet").mode("error").saveAsTable("cat_a.v"),
    "append to a view": lambda df: df.write.format("parquet").mode("append").saveAsTable("cat_a.v"),
    "save into a database that is missing": lambda df: df.write.format("parquet").saveAsTable("cat_zz.n"),
    "append with more columns": lambda df: df.selectExpr("id", "id AS x").write.format("parquet").mode("append").saveAsTable("cat_a.u"),
    "append with another column": lambda df: df.selectExpr("id AS x").write.format("parquet").mode("append").saveAsTable("cat_a.u"),
    "append text to numbers": lambda df: df.selectExpr("'a' AS id").write.format("parquet").mode("append").saveAsTable("cat_a.u"),
    "append in another format": lambda df: df.write.format("json").mode("append").saveAsTable("cat_a.u"),
    "append with another partitioning": lambda df: df.selectExpr("id", "'a' AS p").write.format("parquet").partitionBy("p").mode("append").saveAsTable("cat_a.t"),
    "save with an unknown partition column": lambda df: df.write.format("parquet").partitionBy("zz").saveAsTable("cat_a.n"),
    "save partition columns only": lambda df: df.write.format("parquet").partitionBy("id").saveAsTable("cat_a.n"),
    "save a column twice": lambda df: df.selectExpr("id", "id AS ID").write.format("parquet").saveAsTable("cat_a.n"),
}


def answer(run):
    try:
        run()
    except PySparkException as error:
        message = error.getMessage() or ""
        for end in ("; line ", "\n'", ";\n'", "\n\nJVM"):
            message = message.split(end)[0]
        return {
            "errorClass": type(error).__name__,
            "condition": error.getCondition(),
            "sqlState": error.getSqlState(),
            "parameters": error.getMessageParameters(),
            "message": message,
        }
    raise AssertionError("no error")


def main():
    spark = connect()
    names = ("cat_a", "cat_b")
    for name in names:
        spark.sql(f"DROP DATABASE IF EXISTS {name} CASCADE")
    for statement in SETUP:
        spark.sql(statement)
    recorded = {name: answer(lambda: spark.sql(sql).collect()) for name, sql in STATEMENTS.items()}
    df = spark.range(3).toDF("id").selectExpr("CAST(id AS INT) AS id")
    recorded.update({name: answer(lambda: write(df)) for name, write in WRITES.items()})
    for name in names:
        spark.sql(f"DROP DATABASE IF EXISTS {name} CASCADE")
    json.dump(recorded, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
