"""Reads Delta tables with `deltalake` or with Spark and delta-spark, and compares every version with statements.json.

    python read_statement_tables.py DIRECTORY deltalake|spark

DIRECTORY/statements.json: [{"path": ..., "features": [...], "versions": [[row, ...], ...]}, ...]; a row has the columns
id, p, v, and the fields a and b of the struct s. LAKELET_DELTA_JARS: a folder with delta-spark's jars, for `spark`.
"""

import json
import os
import sys


def plain(value):
    """JSON of JavaScript knows no difference between 1 and 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def canonical(rows):
    return sorted(json.dumps({k: plain(v) for k, v in row.items()}, sort_keys=True) for row in rows)


def flat(row):
    s = row["s"] or {}
    return {"id": row["id"], "p": row["p"], "v": row["v"], "a": s.get("a"), "b": s.get("b")}


def deltalake_reader():
    from deltalake import DeltaTable

    def read(path, version):
        return [flat(row) for row in DeltaTable(path, version=version).to_pyarrow_table().to_pylist()]

    return read, lambda features: not features


def spark_session():
    from pyspark.sql import SparkSession

    jars = os.environ["LAKELET_DELTA_JARS"]
    return (
        SparkSession.builder.master("local[1]")
        .config("spark.jars", ",".join(os.path.join(jars, name) for name in os.listdir(jars)))
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.databricks.delta.snapshotPartitions", "1")
        .getOrCreate()
    )


def spark_reader():
    spark = spark_session()
    spark.sparkContext.setLogLevel("OFF")

    def read(path, version):
        df = spark.read.format("delta").option("versionAsOf", version).load(path)
        return [row.asDict() for row in df.selectExpr("id", "p", "v", "s.a AS a", "s.b AS b").collect()]

    return read, lambda features: True


def main(root, reader):
    read, can_read = deltalake_reader() if reader == "deltalake" else spark_reader()
    with open(os.path.join(root, "statements.json")) as file:
        tables = json.load(file)
    failures = versions = count = 0
    for table in tables:
        if not can_read(table["features"]):
            continue
        count += 1
        for version, rows in enumerate(table["versions"]):
            versions += 1
            found, expected = canonical(read(os.path.join(root, table["path"]), version)), canonical(rows)
            if found != expected:
                failures += 1
                if failures <= 3:
                    print(f"{table['path']} version {version}: expected {expected}, {reader} reads {found}")
    print(f"{reader} read {versions} versions of {count} tables that statements made, {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
