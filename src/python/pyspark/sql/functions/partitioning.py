"""How a table may be partitioned: for `DataFrameWriterV2.partitionedBy`."""

from pyspark.sql.functions.builtin import bucket, days, hours, months, years

__all__ = ["bucket", "days", "hours", "months", "years"]
