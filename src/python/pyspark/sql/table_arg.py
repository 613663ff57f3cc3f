"""`TableArg`: a DataFrame as the argument of a table function."""

from pyspark.errors import IllegalArgumentException
from pyspark.sql import _expressions as X
from pyspark.sql._bridge import Node
from pyspark.sql.column import Column, to_col
from pyspark.sql.dataframe import listed


class TableArg:
    def __init__(self, column):
        self._column = column
        self._node, self._needs = column._node, column._needs

    @property
    def _options(self):
        return self._node.get("tableArgOptions", {"partitionSpec": [], "orderSpec": []})

    def _with(self, change, columns=()):
        node = Node({**self._node, "tableArgOptions": {**self._options, **change}})
        return TableArg(Column(node, self._column, *columns))

    def _is_partitioned(self):
        return bool(self._options["partitionSpec"]) or self._options.get("withSinglePartition", False)

    def partitionBy(self, *cols):
        if self._is_partitioned():
            raise IllegalArgumentException(
                "Cannot call partitionBy() after partitionBy() or withSinglePartition() has been called."
            )
        columns = [to_col(c) for c in listed(cols)]
        return self._with({"partitionSpec": [c._node for c in columns]}, columns)

    def orderBy(self, *cols):
        if not self._is_partitioned():
            raise IllegalArgumentException("Please call partitionBy() or withSinglePartition() before orderBy().")
        columns = [to_col(c) for c in listed(cols)]
        order = [*self._options["orderSpec"], *[X.as_order(c._node) for c in columns]]
        return self._with({"orderSpec": order}, columns)

    def withSinglePartition(self):
        if self._is_partitioned():
            raise IllegalArgumentException(
                "Cannot call withSinglePartition() after partitionBy() or withSinglePartition() has been called."
            )
        return self._with({"withSinglePartition": True})
