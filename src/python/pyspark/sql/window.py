"""`Window`: what rows a window function sees."""

from pyspark.errors import PySparkTypeError
from pyspark.sql import _expressions as X
from pyspark.sql import types as T
from pyspark.sql._bridge import Node
from pyspark.sql.column import Column, to_col

__all__ = ["Window", "WindowSpec"]

_MAX = 2**63 - 1
_MIN = -(2**63)


def _columns(cols):
    if len(cols) == 1 and isinstance(cols[0], (list, tuple)):
        cols = cols[0]
    return [to_col(c, "cols") for c in cols]


class WindowSpec:
    def __init__(self, spec, *parts):
        self._spec = spec
        self._needs = {}
        for part in parts:
            self._needs.update(part._needs)

    def partitionBy(self, *cols):
        columns = _columns(cols)
        return WindowSpec({**self._spec, "partitionSpec": [c._node for c in columns]}, self, *columns)

    def orderBy(self, *cols):
        columns = _columns(cols)
        return WindowSpec({**self._spec, "orderSpec": [X.as_order(c._node) for c in columns]}, self, *columns)

    def rowsBetween(self, start, end):
        return self._frame("row", start, end)

    def rangeBetween(self, start, end):
        return self._frame("range", start, end)

    def _frame(self, kind, start, end):
        def bound(value, is_start):
            if not isinstance(value, int):
                raise PySparkTypeError(
                    errorClass="NOT_EXPECTED_TYPE",
                    messageParameters={
                        "arg_name": "start" if is_start else "end", "expected_type": "int", "arg_type": type(value).__name__,
                    },
                )
            if value == 0:
                return {"kind": "currentRow"}
            if value <= Window._PRECEDING_THRESHOLD if is_start else value >= Window._FOLLOWING_THRESHOLD:
                return {"kind": "unbounded"}
            node = X.scalar(value) if kind == "row" else X.literal(T.LongType(), T.whole_plain(value))
            return {"kind": "value", "value": node}

        frame = {"frameType": kind, "lower": bound(start, True), "upper": bound(end, False)}
        return WindowSpec({**self._spec, "frameSpec": frame}, self)

    def __repr__(self):
        return X.window_text(self._spec)


class Window:
    _PRECEDING_THRESHOLD = max(-9223372036854775807, _MIN)
    _FOLLOWING_THRESHOLD = _MAX
    unboundedPreceding = _MIN
    unboundedFollowing = _MAX
    currentRow = 0

    @staticmethod
    def partitionBy(*cols):
        return _EMPTY.partitionBy(*cols)

    @staticmethod
    def orderBy(*cols):
        return _EMPTY.orderBy(*cols)

    @staticmethod
    def rowsBetween(start, end):
        return _EMPTY.rowsBetween(start, end)

    @staticmethod
    def rangeBetween(start, end):
        return _EMPTY.rangeBetween(start, end)


_EMPTY = WindowSpec({"partitionSpec": [], "orderSpec": []})
