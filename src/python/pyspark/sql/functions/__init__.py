"""Spark's functions over columns."""

from pyspark.sql.functions.builtin import *  # noqa: F403
from pyspark.sql.functions.builtin import __all__ as _builtin
from pyspark.sql.functions import partitioning  # noqa: F401

__all__ = list(_builtin)
