"""Lakelet's own small `pyspark`: the DataFrame API of PySpark 4.3, whose programs become plans for Lakelet's driver."""

from pyspark.storagelevel import StorageLevel
from pyspark.sql import Row, SQLContext, SparkSession
from pyspark.version import __version__

__all__ = ["Row", "SQLContext", "SparkSession", "StorageLevel", "__version__"]
