"""Records what PySpark makes of the types in types.json: SPARK_REMOTE=sc://... python record_types.py"""

import json
import os
import pathlib

from pyspark.sql import SparkSession
from pyspark.sql.types import DataType, StructType

here = pathlib.Path(__file__).parent
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()

recorded = []
for ddl in json.loads((here / "types.json").read_text()):
    t = DataType.fromDDL(ddl)
    struct = isinstance(t, StructType)
    recorded.append(
        {
            "ddl": ddl,
            "json": t.json(),
            "simpleString": t.simpleString(),
            "repr": repr(t),
            "typeName": t.typeName(),
            **({"tree": t.treeString(), "tree1": t.treeString(1), "toDDL": t.toDDL(), "names": t.fieldNames()} if struct else {}),
        }
    )
(here / "types-recorded.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
