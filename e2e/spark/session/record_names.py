"""Records the public names of PySpark's classes and modules in names.json: python record_names.py"""

import json
import pathlib

import pyspark.sql.functions as functions
import pyspark.sql.types as types
from pyspark.errors import PySparkException
from pyspark.sql import (
    Catalog,
    Column,
    DataFrame,
    DataFrameNaFunctions,
    DataFrameReader,
    DataFrameStatFunctions,
    DataFrameWriter,
    DataFrameWriterV2,
    GroupedData,
    Observation,
    Row,
    SparkSession,
    Window,
    WindowSpec,
)
from pyspark.sql.conf import RuntimeConfig
from pyspark.sql.connect.functions import builtin
from pyspark.sql.merge import MergeIntoWriter
from pyspark.sql.plot import PySparkPlotAccessor
from pyspark.sql.table_arg import TableArg
from pyspark.sql.tvf import TableValuedFunction
from pyspark.sql.udf import UDFRegistration, UserDefinedFunction
from pyspark.storagelevel import StorageLevel


def public(cls):
    inherited = set(dir(tuple)) if issubclass(cls, tuple) else set()
    return sorted(n for n in dir(cls) if not n.startswith("_") and n not in inherited)


classes = {
    "Catalog": Catalog,
    "Column": Column,
    "DataFrame": DataFrame,
    "DataFrameNaFunctions": DataFrameNaFunctions,
    "DataFrameReader": DataFrameReader,
    "DataFrameStatFunctions": DataFrameStatFunctions,
    "DataFrameWriter": DataFrameWriter,
    "DataFrameWriterV2": DataFrameWriterV2,
    "GroupedData": GroupedData,
    "MergeIntoWriter": MergeIntoWriter,
    "WhenMatched": MergeIntoWriter.WhenMatched,
    "WhenNotMatched": MergeIntoWriter.WhenNotMatched,
    "WhenNotMatchedBySource": MergeIntoWriter.WhenNotMatchedBySource,
    "Observation": Observation,
    "PlotAccessor": PySparkPlotAccessor,
    "PySparkException": PySparkException,
    "Row": Row,
    "RuntimeConfig": RuntimeConfig,
    "SessionBuilder": SparkSession.Builder,
    "SparkSession": SparkSession,
    "StorageLevel": StorageLevel,
    "TableArg": TableArg,
    "TableValuedFunction": TableValuedFunction,
    "UDFRegistration": UDFRegistration,
    "UserDefinedFunction": UserDefinedFunction,
    "Window": Window,
    "WindowSpec": WindowSpec,
    **{name: getattr(types, name) for name in types.__all__ if name not in ("Row",)},
}
defined = [
    name
    for name, f in vars(builtin).items()
    if callable(f) and not name.startswith("_") and getattr(f, "__module__", "") == builtin.__name__
]
names = {
    "functions": sorted(set(functions.__all__) | set(defined)),
    "types": sorted(types.__all__),
    "classes": {name: public(cls) for name, cls in sorted(classes.items())},
}
path = pathlib.Path(__file__).parent / "names.json"
path.write_text(json.dumps(names, indent=1) + "\n")
