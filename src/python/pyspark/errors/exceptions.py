from pyspark.errors import *  # noqa: F403
