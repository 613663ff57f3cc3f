"""`Column`: an expression that knows what it needs besides itself."""

from pyspark.errors import PySparkAttributeError, PySparkTypeError, PySparkValueError
from pyspark.sql import _expressions as X
from pyspark.sql import types as T
from pyspark.sql._bridge import Node

__all__ = ["Column"]


def not_expected(argument, expected, given):
    return PySparkTypeError(
        errorClass="NOT_EXPECTED_TYPE",
        messageParameters={"arg_name": argument, "expected_type": expected, "arg_type": type(given).__name__},
    )


def lit(value):
    """A value as a Column: lists, tuples and dicts become arrays and maps."""
    from enum import Enum

    if isinstance(value, Column):
        return value
    if isinstance(value, Enum):
        return lit(value.value)
    if isinstance(value, (list, tuple)) and not hasattr(value, "__fields__"):
        if any(isinstance(item, Column) for item in value):
            raise PySparkValueError(errorClass="COLUMN_IN_LIST", messageParameters={"func_name": "lit"})
        return fn("array", *[lit(item) for item in value])
    if isinstance(value, dict):
        return fn("map", *[lit(item) for pair in value.items() for item in pair])
    return Column(X.scalar(value))


def col(name):
    return Column(X.attribute(name))


def to_col(value, argument="col"):
    """A Column as it is, a string as the name of one."""
    if isinstance(value, Column):
        return value
    if isinstance(value, str):
        return col(value)
    raise not_expected(argument, "Column or str", value)


def fn(name, *args, distinct=False):
    """A call over Columns; other values are literals."""
    columns = [lit(arg) for arg in args]
    return Column(X.call(name, *[c._node for c in columns], distinct=distinct), *columns)


class Column:
    """A column of a DataFrame, or an expression over some."""

    def __init__(self, node, *parts):
        self._node = node
        needs = {}
        for part in parts:
            needs.update(part._needs)
        self._needs = needs

    def _binary(self, name, other, swap=False):
        other = lit(other)
        return fn(name, other, self) if swap else fn(name, self, other)

    # operators
    def __add__(self, other):
        return self._binary("+", other)

    def __radd__(self, other):
        return self._binary("+", other, True)

    def __sub__(self, other):
        return self._binary("-", other)

    def __rsub__(self, other):
        return self._binary("-", other, True)

    def __mul__(self, other):
        return self._binary("*", other)

    def __rmul__(self, other):
        return self._binary("*", other, True)

    def __truediv__(self, other):
        return self._binary("/", other)

    def __rtruediv__(self, other):
        return self._binary("/", other, True)

    def __mod__(self, other):
        return self._binary("%", other)

    def __rmod__(self, other):
        return self._binary("%", other, True)

    def __pow__(self, other):
        return self._binary("power", other)

    def __rpow__(self, other):
        return self._binary("power", other, True)

    def __eq__(self, other):
        return self._binary("==", other)

    def __ne__(self, other):
        return fn("not", self._binary("==", other))

    def __lt__(self, other):
        return self._binary("<", other)

    def __le__(self, other):
        return self._binary("<=", other)

    def __gt__(self, other):
        return self._binary(">", other)

    def __ge__(self, other):
        return self._binary(">=", other)

    def __and__(self, other):
        return self._binary("and", other)

    def __rand__(self, other):
        return self._binary("and", other, True)

    def __or__(self, other):
        return self._binary("or", other)

    def __ror__(self, other):
        return self._binary("or", other, True)

    def __invert__(self):
        return fn("not", self)

    def __neg__(self):
        return fn("negative", self)

    def __hash__(self):
        return id(self)

    def __contains__(self, item):
        raise PySparkValueError(errorClass="CANNOT_APPLY_IN_FOR_COLUMN", messageParameters={})

    def __bool__(self):
        raise PySparkValueError(
            errorClass="CANNOT_CONVERT_COLUMN_INTO_BOOL", messageParameters={}
        )

    __nonzero__ = __bool__

    def __iter__(self):
        raise PySparkTypeError(errorClass="NOT_ITERABLE", messageParameters={"objectName": "Column"})

    def __getitem__(self, key):
        if isinstance(key, slice):
            if key.step is not None:
                raise PySparkValueError(errorClass="SLICE_WITH_STEP", messageParameters={})
            return self.substr(key.start, key.stop)
        return self.getItem(key)

    def __getattr__(self, item):
        if item == "__dict__" or item.startswith("__"):
            raise PySparkAttributeError(
                errorClass="CANNOT_ACCESS_TO_DUNDER", messageParameters={}
            )
        return self[item]

    def __repr__(self):
        return f"Column<'{X.describe(self._node)}'>"

    # comparisons and tests
    def eqNullSafe(self, other):
        return self._binary("<=>", other)

    def between(self, lowerBound, upperBound):
        return (self >= lowerBound) & (self <= upperBound)

    def isin(self, *cols):
        from pyspark.sql.dataframe import DataFrame

        if len(cols) == 1 and isinstance(cols[0], DataFrame):
            other = cols[0]
            values = self._node["arguments"] if self._node.get("functionName") == "struct" else [self._node]
            node = Node(kind="SubqueryExpression", subqueryType="in", planId=other._plan_id(), inSubqueryValues=list(values))
            return Column(node, self, other._as_need())
        if len(cols) == 1 and isinstance(cols[0], (list, set)):
            cols = list(cols[0])
        return fn("in", self, *[lit(c) for c in cols])

    def isNull(self):
        return fn("isNull", self)

    def isNotNull(self):
        return fn("isNotNull", self)

    def isNaN(self):
        return fn("isNaN", self)

    def contains(self, other):
        return self._binary("contains", other)

    def startswith(self, other):
        return self._binary("startsWith", other)

    def endswith(self, other):
        return self._binary("endsWith", other)

    def like(self, other):
        return self._binary("like", other)

    def ilike(self, other):
        return self._binary("ilike", other)

    def rlike(self, other):
        return self._binary("rlike", other)

    def bitwiseAND(self, other):
        return self._binary("&", other)

    def bitwiseOR(self, other):
        return self._binary("|", other)

    def bitwiseXOR(self, other):
        return self._binary("^", other)

    def substr(self, startPos, length):
        if type(startPos) is not type(length):
            raise PySparkTypeError(
                errorClass="NOT_SAME_TYPE",
                messageParameters={
                    "arg_name1": "startPos", "arg_name2": "length",
                    "arg_type1": type(startPos).__name__, "arg_type2": type(length).__name__,
                },
            )
        if not isinstance(startPos, (int, Column)):
            raise not_expected("startPos", "Column or int", startPos)
        return fn("substr", self, startPos, length)

    # conditions
    def _branches(self):
        node = self._node
        if node["kind"] != "UnresolvedFunction" or node["functionName"] != "when" or len(node["arguments"]) % 2:
            raise PySparkTypeError(errorClass="INVALID_WHEN_USAGE", messageParameters={})
        return node["arguments"]

    def when(self, condition, value):
        if not isinstance(condition, Column):
            raise not_expected("condition", "Column", condition)
        value = lit(value)
        return Column(X.call("when", *self._branches(), condition._node, value._node), self, condition, value)

    def otherwise(self, value):
        value = lit(value)
        return Column(X.call("when", *self._branches(), value._node), self, value)

    # names and types
    def alias(self, *alias, **kwargs):
        metadata = kwargs.pop("metadata", None)
        if not alias:
            raise PySparkValueError(errorClass="CANNOT_BE_EMPTY", messageParameters={"item": "alias"})
        if len(alias) > 1 and metadata is not None:
            raise PySparkValueError(
                errorClass="ONLY_ALLOWED_FOR_SINGLE_COLUMN", messageParameters={"arg_name": "metadata"}
            )
        node = Node(kind="Alias", expr=self._node, name=list(alias))
        if metadata:
            node["metadata"] = metadata
        return Column(node, self)

    name = alias

    def cast(self, dataType):
        return self._cast(dataType)

    astype = cast

    def try_cast(self, dataType):
        return self._cast(dataType, evalMode="try")

    def _cast(self, type_, **more):
        if isinstance(type_, T.DataType):
            target = {"type": type_._plan()}
        elif isinstance(type_, str):
            target = {"typeStr": type_}
        else:
            raise not_expected("dataType", "DataType or str", type_)
        return Column(Node(kind="Cast", expr=self._node, **target, **more), self)

    # order
    def _order(self, direction, nulls):
        return Column(X.sort_order(self._node, direction, nulls), self)

    def asc(self):
        return self._order("ascending", "first")

    asc_nulls_first = asc

    def asc_nulls_last(self):
        return self._order("ascending", "last")

    def desc(self):
        return self._order("descending", "last")

    desc_nulls_last = desc

    def desc_nulls_first(self):
        return self._order("descending", "first")

    # nested values
    def getItem(self, key):
        key = lit(key)
        return Column(Node(kind="UnresolvedExtractValue", child=self._node, extraction=key._node), self, key)

    def getField(self, name):
        return self.getItem(name)

    def withField(self, fieldName, col):
        if not isinstance(fieldName, str):
            raise not_expected("fieldName", "str", fieldName)
        if not isinstance(col, Column):
            raise not_expected("col", "Column", col)
        node = Node(kind="UpdateFields", structExpression=self._node, fieldName=fieldName, valueExpression=col._node)
        return Column(node, self, col)

    def dropFields(self, *fieldNames):
        node = self._node
        for name in fieldNames:
            node = Node(kind="UpdateFields", structExpression=node, fieldName=name)
        return Column(node, self)

    # windows and subqueries
    def over(self, window):
        from pyspark.sql.window import WindowSpec

        if not isinstance(window, WindowSpec):
            raise not_expected("window", "WindowSpec", window)
        return Column(Node(kind="Window", windowFunction=self._node, **window._spec), self, window)

    def outer(self):
        return self

    def transform(self, f):
        return f(self)
