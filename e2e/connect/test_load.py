"""Many queries and many clients: memory comes back, and every answer is right."""

import pathlib
import threading
import time

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

MANY = 10_000
MEMORY_SLACK_MB = 256


def server_memory_mb(pid):
    """Resident memory of the server and what it started."""
    children = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        children.setdefault(int(fields["PPid"]), []).append((int(fields["Pid"]), fields.get("VmRSS", "0 kB")))
    total, queue = 0, [pid]
    own = pathlib.Path(f"/proc/{pid}/status").read_text()
    total += int(next(line for line in own.splitlines() if line.startswith("VmRSS")).split()[1])
    while queue:
        for child, rss in children.get(queue.pop(), []):
            total += int(rss.split()[0])
            queue.append(child)
    return total / 1024


@pytest.mark.load
def test_ten_thousand_small_queries(request, lakelet_url, record_property):
    pid = request.config._lakelet_server.pid
    if pid is None or not pathlib.Path(f"/proc/{pid}").exists():
        pytest.skip("the server's memory cannot be seen from here")
    spark = SparkSession.builder.remote(lakelet_url).create()
    for i in range(200):
        spark.range(i % 7 + 1).select(F.sum("id")).collect()
    idle = server_memory_mb(pid)
    started = time.monotonic()
    for i in range(MANY):
        n = i % 50 + 1
        [row] = spark.range(n).select(F.sum(F.col("id") + i).alias("s")).collect()
        assert row.s == n * (n - 1) // 2 + n * i
    seconds = time.monotonic() - started
    spark.stop()
    time.sleep(10)
    after = server_memory_mb(pid)
    print(f"\n{MANY} queries in {seconds:.0f} s ({seconds / MANY * 1000:.1f} ms each); {idle:.0f} MB before, {after:.0f} MB after")
    record_property("ms_per_query", seconds / MANY * 1000)
    assert after - idle <= MEMORY_SLACK_MB


def test_eight_clients_at_once(lakelet_url):
    failures = []

    def client(k):
        try:
            spark = SparkSession.builder.remote(lakelet_url).create()
            spark.range(k + 1).createOrReplaceTempView("mine")
            for i in range(25):
                assert spark.table("mine").count() == k + 1
                rows = (
                    spark.range(1000)
                    .groupBy((F.col("id") % 10).alias("g"))
                    .agg(F.sum("id").alias("s"))
                    .orderBy("g")
                    .collect()
                )
                assert [r.s for r in rows] == [sum(range(g, 1000, 10)) for g in range(10)]
                name = f"client_{k}_{i % 3}"
                spark.range(i).write.mode("overwrite").saveAsTable(name)
                assert spark.table(name).count() == i
                spark.sql(f"DROP TABLE {name}")
            spark.stop()
        except Exception as e:  # noqa: BLE001
            failures.append(f"client {k}: {e}")

    threads = [threading.Thread(target=client, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
