"""Old names of Spark's exceptions."""

from pyspark.errors import *  # noqa: F403
