"""`GroupedData`: what `groupBy`, `rollup`, `cube` and `groupingSets` give."""

from pyspark.errors import PySparkNotImplementedError
from pyspark.sql import _expressions as X
from pyspark.sql import types as T
from pyspark.sql.column import Column, col, fn, not_expected
from pyspark.sql.dataframe import empty, numbered

__all__ = ["GroupedData"]

_NAMES = {"groupby": "GroupBy", "rollup": "RollUp", "cube": "Cube", "groupingSets": "GroupingSets", "pivot": "Pivot"}


class GroupedData:
    def __init__(self, df, kind, columns, sets=None, pivot=None, values=None):
        self._df, self._kind, self._columns, self._sets = df, kind, columns, sets
        self._pivot, self._values = pivot, values

    def __repr__(self):
        texts = ", ".join(X.describe(c._node) for c in self._columns)
        return f"GroupedData[grouping expressions: [{texts}], type: {_NAMES[self._kind]}]"

    def agg(self, *exprs):
        if not exprs:
            raise empty("exprs")
        if len(exprs) == 1 and isinstance(exprs[0], dict):
            return self._aggregate([fn(f, col(name)) for name, f in exprs[0].items()])
        for e in exprs:
            if not isinstance(e, Column):
                raise AssertionError("all exprs should be Column")
        return self._aggregate(list(exprs))

    def _aggregate(self, aggregates):
        fields = {}
        if self._sets is not None:
            fields["groupingSets"] = [[c._node for c in s] for s in self._sets]
        used = [*self._columns, *[c for s in self._sets or [] for c in s], *aggregates]
        if self._pivot is not None:
            values = [X.scalar(v) for v in self._values or []]
            fields["pivot"] = {"col": self._pivot._node, "values": values}
            used.append(self._pivot)
        node = numbered(
            "Aggregate",
            input=self._df._node,
            groupType=self._kind,
            groupingExpressions=[c._node for c in self._columns],
            aggregateExpressions=[c._node for c in aggregates],
            **fields,
        )
        return self._df._derive(node, used)

    def count(self):
        return self._aggregate([fn("count", 1).alias("count")])

    def _numeric(self, function, cols):
        if not cols:
            types = (T.NumericType,)
            cols = [f.name for f in self._df.schema.fields if isinstance(f.dataType, types)]
        else:
            numeric = [f.name for f in self._df.schema.fields if isinstance(f.dataType, T.NumericType)]
            wrong = [c for c in cols if c not in numeric]
            if wrong:
                from pyspark.errors import PySparkTypeError

                raise PySparkTypeError(
                    errorClass="NOT_NUMERIC_COLUMNS", messageParameters={"invalid_columns": str(wrong)}
                )
        return self._aggregate([fn(function, col(c)) for c in cols])

    def avg(self, *cols):
        return self._numeric("avg", cols)

    mean = avg

    def max(self, *cols):
        return self._numeric("max", cols)

    def min(self, *cols):
        return self._numeric("min", cols)

    def sum(self, *cols):
        return self._numeric("sum", cols)

    def pivot(self, pivot_col, values=None):
        if self._kind != "groupby":
            operation = "Repeated PIVOT operation" if self._kind == "pivot" else f"PIVOT after {self._kind.upper()}"
            raise PySparkNotImplementedError(
                errorClass="UNSUPPORTED_OPERATION", messageParameters={"operation": operation}
            )
        if not isinstance(pivot_col, str):
            raise not_expected("pivot_col", "str", pivot_col)
        for value in values or []:
            if not isinstance(value, (bool, float, int, str)):
                raise not_expected("value", "bool, float, int or str", value)
        return GroupedData(self._df, "pivot", self._columns, pivot=self._df._col(pivot_col), values=values)
