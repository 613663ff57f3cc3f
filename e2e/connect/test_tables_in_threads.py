"""Tables are there for everyone as soon as they are written, from whatever thread, process or session."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F

CREATE_DATABASES = {"spark.lakelet.createMissingDatabases": "true"}


def test_tables_in_databases_that_threads_create(new_session):
    spark = new_session(**CREATE_DATABASES)

    def create_table(database, table):
        spark.createDataFrame([{"id": 1, "name": "Alice"}]).write.mode("overwrite").saveAsTable(f"{database}.{table}")

    with ThreadPoolExecutor(max_workers=4) as executor:
        for future in [executor.submit(create_table, f"schema_{i}", f"table_{i}") for i in range(10)]:
            future.result()
    for i in range(10):
        assert spark.table(f"schema_{i}.table_{i}").count() == 1


def test_a_session_for_each_thread(new_session):
    data = [[{"id": n, "value": n * 10} for n in range(i + 1)] for i in range(10)]

    def process(database, rows):
        spark = new_session(**CREATE_DATABASES)
        spark.createDataFrame(rows).write.mode("overwrite").saveAsTable(f"{database}.results")

    with ThreadPoolExecutor(max_workers=8) as executor:
        for future in [executor.submit(process, f"threads_{i}", data[i]) for i in range(10)]:
            future.result()
    spark = new_session()
    for i in range(10):
        assert spark.table(f"threads_{i}.results").count() == i + 1


def test_steps_of_a_pipeline_side_by_side(new_session):
    data = [[{"id": n, "value": n * i} for n in range(20)] for i in range(10)]

    def run_step(step, rows):
        spark = new_session(**CREATE_DATABASES)
        result = spark.createDataFrame(rows).select("id", "value").filter("value > 10")
        result.write.mode("overwrite").saveAsTable(f"step_{step}.results")
        return result.count()

    with ThreadPoolExecutor(max_workers=4) as executor:
        results = [f.result() for f in [executor.submit(run_step, i, data[i]) for i in range(10)]]
    assert results == [sum(n * i > 10 for n in range(20)) for i in range(10)]


def test_immediate_table_access_after_save(spark):
    spark.sql("CREATE SCHEMA IF NOT EXISTS test_schema")
    df = spark.createDataFrame([(1, "Alice"), (2, "Bob")], ["id", "name"])
    df.write.mode("overwrite").saveAsTable("test_schema.test_table")
    table = spark.table("test_schema.test_table")
    assert table is not None
    assert table.count() == 2
    assert "id" in table.columns
    assert "name" in table.columns
    rows = table.collect()
    assert len(rows) == 2
    assert rows[0]["id"] == 1
    assert rows[0]["name"] == "Alice"


def test_schema_evolution_immediate_access(spark):
    spark.sql("CREATE SCHEMA IF NOT EXISTS test_schema")
    df1 = spark.createDataFrame([(1, "Alice")], ["id", "name"])
    df1.write.mode("overwrite").saveAsTable("test_schema.events")
    existing_schema = spark.table("test_schema.events").schema
    df2 = spark.createDataFrame([(2, "Bob", 25)], ["id", "name", "age"])
    for field in existing_schema.fields:
        if field.name not in df2.columns:
            df2 = df2.withColumn(field.name, F.lit(None))
    df2.write.mode("overwrite").option("overwriteSchema", "true").saveAsTable("test_schema.events")
    final_table = spark.table("test_schema.events")
    assert "id" in final_table.columns
    assert "name" in final_table.columns
    assert "age" in final_table.columns


def test_parallel_write_read(spark):
    spark.sql("CREATE SCHEMA IF NOT EXISTS test_schema")
    results, errors = [], []

    def write_and_read(number):
        try:
            df = spark.createDataFrame([(number, f"data_{number}")], ["id", "value"])
            df.write.mode("overwrite").saveAsTable(f"test_schema.table_{number}")
            results.append((number, spark.table(f"test_schema.table_{number}").count()))
        except Exception as e:
            errors.append((number, str(e)))

    threads = [threading.Thread(target=write_and_read, args=(i,)) for i in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 0, f"Errors occurred: {errors}"
    assert len(results) == 10
    assert all(count == 1 for _, count in results)


def test_append_mode_immediate_access(spark):
    spark.sql("CREATE SCHEMA IF NOT EXISTS test_schema")
    df1 = spark.createDataFrame([(1, "Alice")], ["id", "name"])
    df1.write.mode("overwrite").saveAsTable("test_schema.users")
    assert spark.table("test_schema.users").count() == 1
    df2 = spark.createDataFrame([(2, "Bob")], ["id", "name"])
    df2.write.mode("append").saveAsTable("test_schema.users")
    assert spark.table("test_schema.users").count() == 2


def test_all_save_modes(spark):
    spark.sql("CREATE SCHEMA IF NOT EXISTS test_schema")
    spark.sql("DROP TABLE IF EXISTS test_schema.modes")
    df = spark.range(3)
    df.write.mode("error").saveAsTable("test_schema.modes")
    assert spark.table("test_schema.modes").count() == 3
    df.write.mode("ignore").saveAsTable("test_schema.modes")
    assert spark.table("test_schema.modes").count() == 3
    df.write.mode("append").saveAsTable("test_schema.modes")
    assert spark.table("test_schema.modes").count() == 6
    with pytest.raises(AnalysisException) as error:
        df.write.mode("error").saveAsTable("test_schema.modes")
    assert error.value.getCondition() == "TABLE_OR_VIEW_ALREADY_EXISTS"
    df.write.mode("overwrite").saveAsTable("test_schema.modes")
    assert spark.table("test_schema.modes").count() == 3
