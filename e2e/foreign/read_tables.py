"""Reads Delta tables with `deltalake` and compares the rows of every version with those in expected.json.

    python read_tables.py DIRECTORY

DIRECTORY/expected.json: [{"path": ..., "versions": [[row, ...], ...]}, ...], rows as objects.
"""

import json
import os
import sys

from deltalake import DeltaTable


def plain(value):
    """JSON of JavaScript knows no difference between 1 and 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def canonical(rows):
    return sorted(json.dumps({k: plain(v) for k, v in row.items()}, sort_keys=True) for row in rows)


def main(root):
    with open(os.path.join(root, "expected.json")) as file:
        tables = json.load(file)
    failures = 0
    versions = 0
    for table in tables:
        for version, rows in enumerate(table["versions"]):
            read = DeltaTable(os.path.join(root, table["path"]), version=version).to_pyarrow_table()
            found = canonical(read.to_pylist())
            versions += 1
            if found != canonical(rows):
                failures += 1
                if failures > 3:
                    continue
                print(f"{table['path']} version {version}: expected {canonical(rows)}, deltalake reads {found}")
    print(f"deltalake read {versions} versions of {len(tables)} tables, {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
