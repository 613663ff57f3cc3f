"""Appends rows to a Delta table with `deltalake`: python append.py TABLE ID ID ..."""

import sys

import pyarrow as pa
from deltalake import write_deltalake

write_deltalake(sys.argv[1], pa.table({"id": pa.array([int(i) for i in sys.argv[2:]], pa.int64())}), mode="append")
