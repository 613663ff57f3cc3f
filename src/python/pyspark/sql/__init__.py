"""DataFrames, columns, functions and types."""

from pyspark.sql.catalog import Catalog
from pyspark.sql.column import Column
from pyspark.sql.dataframe import DataFrame, DataFrameNaFunctions, DataFrameStatFunctions
from pyspark.sql.group import GroupedData
from pyspark.sql.observation import Observation
from pyspark.sql.readwriter import DataFrameReader, DataFrameWriter, DataFrameWriterV2
from pyspark.sql.session import SparkSession
from pyspark.sql.types import Row, VariantVal
from pyspark.sql.udf import UDFRegistration
from pyspark.sql.window import Window, WindowSpec

SQLContext = SparkSession

__all__ = [
    "Catalog", "Column", "DataFrame", "DataFrameNaFunctions", "DataFrameReader", "DataFrameStatFunctions",
    "DataFrameWriter", "DataFrameWriterV2", "GroupedData", "Observation", "Row", "SparkSession", "UDFRegistration",
    "VariantVal", "Window", "WindowSpec",
]
