"""Writes Delta tables with `deltalake`, with what it can do, and the rows of every version into expected.json.

    python write_tables.py DIRECTORY
"""

import datetime
import json
import os
import sys

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.schema import Field, PrimitiveType


def canonical(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: canonical(v) for key, v in value.items()}
    if isinstance(value, list):
        return [canonical(v) for v in value]
    if isinstance(value, bytes):
        return list(value)
    if value.__class__.__name__ == "Decimal":
        return float(value)
    return value


def snapshot(path):
    rows = DeltaTable(path).to_pyarrow_table().to_pylist()
    return [{key: canonical(value) for key, value in row.items()} for row in rows]


class Recorder:
    def __init__(self, root, name):
        self.path = os.path.join(root, name)
        self.name = name
        self.versions = {}

    def note(self):
        version = DeltaTable(self.path).version()
        self.versions[version] = snapshot(self.path)


def plain(root):
    """Appends, overwrites, deletes, updates, a checkpoint, a compaction, and commits after it."""
    table = Recorder(root, "plain")
    data = lambda start: pa.table(
        {"id": pa.array(range(start, start + 5), pa.int64()), "name": [f"n{i}" for i in range(start, start + 5)]}
    )
    write_deltalake(table.path, data(0))
    table.note()
    for start in range(10, 130, 10):
        write_deltalake(table.path, data(start), mode="append")
        table.note()
    DeltaTable(table.path).create_checkpoint()
    DeltaTable(table.path).delete("id % 3 = 0")
    table.note()
    DeltaTable(table.path).update(updates={"name": "'changed'"}, predicate="id = 11")
    table.note()
    DeltaTable(table.path).optimize.compact()
    table.note()
    write_deltalake(table.path, data(500), mode="overwrite")
    table.note()
    write_deltalake(table.path, data(600), mode="append")
    table.note()
    return table


def partitioned(root):
    """Partition values of several types, null and awkward characters among them."""
    table = Recorder(root, "partitioned")
    rows = pa.table(
        {
            "id": pa.array([1, 2, 3, 4], pa.int64()),
            "text": ["plain", "a b/c%25=ü?#", None, "x:y"],
            "day": pa.array([datetime.date(2024, 2, 29), None, datetime.date(1969, 12, 31), datetime.date(2024, 2, 29)]),
            "n": pa.array([1, -2, None, 4], pa.int32()),
        }
    )
    write_deltalake(table.path, rows, partition_by=["text", "day", "n"])
    table.note()
    write_deltalake(table.path, rows, mode="append")
    table.note()
    write_deltalake(table.path, rows.slice(0, 1), mode="overwrite", predicate="text = 'plain'")
    table.note()
    return table


def types(root):
    table = Recorder(root, "types")
    instant = datetime.datetime(2024, 6, 1, 12, 30, 0, 123456, tzinfo=datetime.timezone.utc)
    rows = pa.table(
        {
            "i8": pa.array([1, None], pa.int8()),
            "i16": pa.array([-2, None], pa.int16()),
            "i32": pa.array([3, None], pa.int32()),
            "i64": pa.array([2**53 + 2, None], pa.int64()),
            "f32": pa.array([1.5, None], pa.float32()),
            "f64": pa.array([-0.25, None], pa.float64()),
            "flag": [True, None],
            "text": ["ü", None],
            "bytes": pa.array([b"\x00\xff", None], pa.binary()),
            "day": pa.array([datetime.date(2024, 2, 29), None]),
            "instant": pa.array([instant, None], pa.timestamp("us", "UTC")),
            "list": pa.array([[1, None], None], pa.list_(pa.int64())),
            "record": pa.array([{"a": 1, "b": "x"}, None], pa.struct([("a", pa.int64()), ("b", pa.string())])),
        }
    )
    write_deltalake(table.path, rows)
    table.note()
    return table


def evolved(root):
    """Columns that come later, properties, a CHECK constraint."""
    table = Recorder(root, "evolved")
    write_deltalake(table.path, pa.table({"id": pa.array([1], pa.int64())}))
    table.note()
    DeltaTable(table.path).alter.add_columns([Field("note", PrimitiveType("string"))])
    table.note()
    write_deltalake(table.path, pa.table({"id": pa.array([2], pa.int64()), "note": ["b"]}), mode="append")
    table.note()
    more = pa.table({"id": pa.array([3], pa.int64()), "note": ["c"], "extra": pa.array([0.5])})
    write_deltalake(table.path, more, mode="append", schema_mode="merge")
    table.note()
    DeltaTable(table.path).alter.add_constraint({"positive": "id > 0"})
    table.note()
    return table


def main(root):
    tables = [make(root) for make in (plain, partitioned, types, evolved)]
    with open(os.path.join(root, "expected.json"), "w") as file:
        json.dump([{"path": t.name, "versions": t.versions} for t in tables], file)


if __name__ == "__main__":
    main(sys.argv[1])
