"""Python functions over columns. They run here, a batch of rows at a time."""

import inspect
import itertools

from pyspark.errors import PySparkTypeError
from pyspark.sql import _bridge
from pyspark.sql import types as T
from pyspark.sql._bridge import Node
from pyspark.sql.column import Column, not_expected, to_col
from pyspark.sql.dataframe import listed

__all__ = ["UDFRegistration", "UserDefinedFunction"]

_numbers = itertools.count(1)
_functions = {}
"""Functions that the driver may call, by their ids."""

SQL_BATCHED_UDF = 100


class UserDefinedFunction:
    def __init__(self, func, returnType, name=None, deterministic=True):
        self.func = func
        self.returnType = returnType
        self._name = name or getattr(func, "__name__", type(func).__name__)
        self.deterministic = deterministic
        self.evalType = SQL_BATCHED_UDF
        self._id = f"python-{next(_numbers)}"
        self.__name__ = self._name
        self.__doc__ = getattr(func, "__doc__", None)

    def _function(self):
        """The function in a plan; the driver learns of it first."""
        if self._id not in _functions:
            _functions[self._id] = self
            _bridge.request("registerFunction", {"id": self._id, "outputType": self.returnType._plan()})
        return {"language": "javascript", "outputType": self.returnType._plan(), "id": self._id}

    def __call__(self, *cols, **kwargs):
        columns = [to_col(c) for c in listed(cols)]
        if kwargs:
            # Arguments by name go to the places that the function's own signature gives them.
            bound = inspect.signature(self.func).bind(*columns, **{k: to_col(c) for k, c in kwargs.items()})
            if bound.kwargs:
                raise not_expected("cols", "positional arguments", kwargs)
            columns = list(bound.args)
        node = Node(
            kind="UserDefinedFunction",
            functionName=self._name,
            deterministic=self.deterministic,
            arguments=[c._node for c in columns],
            function=self._function(),
        )
        return Column(node, *columns)

    def asNondeterministic(self):
        return UserDefinedFunction(self.func, self.returnType, self._name, deterministic=False)


def make_udf(func, returnType):
    if not callable(func):
        raise not_expected("func", "function", func)
    return UserDefinedFunction(func, T.as_type(returnType, "returnType"))


def call_batch(function_id, arguments, rows):
    """What the driver calls: the results of a function for a batch, in plain form. A result that the type cannot hold is
    null, as in Spark."""
    udf = _functions[function_id]
    readers = [T.reader(T.type_from_plan(t)) or (lambda v: v) for t in arguments]
    results = []
    for row in rows:
        results.append(_result(udf.func(*[read(value) for read, value in zip(readers, row)]), udf.returnType))
    return results


def _result(value, type_):
    if value is None:
        return None
    if isinstance(type_, T.StringType):
        return T.text_of(value)
    try:
        return T.plain(value, type_)
    except (PySparkTypeError, ValueError):
        return None


class UDFRegistration:
    def __init__(self, session):
        self._session = session

    def register(self, name, f, returnType=None):
        if isinstance(f, UserDefinedFunction):
            if returnType is not None:
                raise PySparkTypeError(
                    errorClass="CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF",
                    messageParameters={"arg_name": "f", "return_type": str(returnType)},
                )
            made = UserDefinedFunction(f.func, f.returnType, name, f.deterministic)
        else:
            if not callable(f):
                raise not_expected("f", "function", f)
            made = UserDefinedFunction(f, T.as_type(returnType or T.StringType(), "returnType"), name)
        function = Node(
            kind="UserDefinedFunction",
            functionName=name,
            deterministic=made.deterministic,
            arguments=[],
            function=made._function(),
        )
        self._session._command(Node(kind="RegisterFunction", function=function))
        return made

    def registerJavaFunction(self, name, javaClassName, returnType=None):
        from pyspark.sql.dataframe import _unsupported

        raise _unsupported("UDFRegistration.registerJavaFunction")
