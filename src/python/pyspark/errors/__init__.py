"""Spark's errors as Python exceptions: `getCondition()`, `getMessageParameters()`, `getSqlState()`."""


class QueryContextType:
    SQL = "SQL"
    DataFrame = "DataFrame"


class QueryContext:
    """The place in a SQL text or in a program that an error points to."""

    def __init__(self, plain):
        self._plain = plain

    def contextType(self):
        return self._plain.get("contextType")

    def objectType(self):
        return self._plain.get("objectType", "")

    def objectName(self):
        return self._plain.get("objectName", "")

    def startIndex(self):
        return self._plain.get("startIndex", -1)

    def stopIndex(self):
        return self._plain.get("stopIndex", -1)

    def fragment(self):
        return self._plain.get("fragment", "")

    def callSite(self):
        return self._plain.get("callSite", "")

    def summary(self):
        return self._plain.get("summary", "")


class PySparkException(Exception):
    def __init__(self, message=None, errorClass=None, messageParameters=None, contexts=None, sqlState=None):
        self._condition = errorClass
        self._parameters = dict(messageParameters or {})
        self._contexts = list(contexts or [])
        self._sql_state = sqlState
        if message is None and errorClass is not None:
            message = _message_of(errorClass, self._parameters)
        self._message = message or ""
        super().__init__(self._message)

    def getCondition(self):
        return self._condition

    def getErrorClass(self):
        return self._condition

    def getSqlState(self):
        return self._sql_state

    def getMessageParameters(self):
        return dict(self._parameters)

    def getMessage(self):
        return self._message

    def getQueryContext(self):
        return [QueryContext(context) for context in self._contexts]

    def getBreakingChangeInfo(self):
        return None

    def __str__(self):
        return self._message


_TEXTS = {
    "ATTRIBUTE_NOT_SUPPORTED": "Attribute `<attr_name>` is not supported.",
    "CANNOT_ACCESS_TO_DUNDER": "Dunder(double underscore) attribute is for internal use only.",
    "CANNOT_APPLY_IN_FOR_COLUMN": "Cannot apply 'in' operator against a column: please use 'contains' in a string column "
    "or 'array_contains' function for an array column.",
    "CANNOT_CONVERT_TYPE": "Cannot convert <from_type> into <to_type>.",
    "CANNOT_PARSE_DATATYPE": "Unable to parse datatype. <msg>.",
    "CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF": "returnType can not be specified when `<arg_name>` is a user-defined function, "
    "but got <return_type>.",
    "COLUMN_IN_LIST": "`<func_name>` does not allow a Column in a list.",
    "INDEX_OUT_OF_RANGE": "<arg_name> index out of range, got '<index>'.",
    "INVALID_INTERVAL_CASTING": "Interval <start_field> to <end_field> is invalid.",
    "INVALID_TYPENAME_CALL": "StructField does not have typeName. Use typeName on its type explicitly instead.",
    "JVM_ATTRIBUTE_NOT_SUPPORTED": "Attribute `<attr_name>` is not supported: there is no JVM.",
    "NOT_ITERABLE": "<objectName> is not iterable.",
    "READ_ONLY": "<object> is read-only.",
    "SLICE_WITH_STEP": "Slice with step is not supported.",
    "TOO_MANY_VALUES": "Expected <expected> values for `<item>`, got <actual>.",
    "UNSUPPORTED_LITERAL": "Unsupported Literal '<literal>'.",
    "UNSUPPORTED_PARAM_TYPE_FOR_HIGHER_ORDER_FUNCTION": "Function `<func_name>` should use only POSITIONAL or POSITIONAL "
    "OR KEYWORD arguments.",
}
"""Texts of the conditions that only Python programs can meet; the driver has all others."""


def _message_of(condition, parameters):
    from pyspark.sql import _bridge

    if condition in _TEXTS:
        text = _TEXTS[condition]
        for name, value in parameters.items():
            text = text.replace(f"<{name}>", str(value))
        return f"[{condition}] {text}"
    text = _bridge.request("errorMessage", {"condition": condition, "messageParameters": parameters})
    return f"[{condition}] {text}"


class AnalysisException(PySparkException):
    pass


class SessionNotSameException(PySparkException):
    pass


class TempTableAlreadyExistsException(AnalysisException):
    pass


class ParseException(AnalysisException):
    pass


class IllegalArgumentException(PySparkException):
    pass


class ArithmeticException(PySparkException):
    pass


class ArrayIndexOutOfBoundsException(PySparkException):
    pass


class DateTimeException(PySparkException):
    pass


class NumberFormatException(IllegalArgumentException):
    pass


class SparkUpgradeException(PySparkException):
    pass


class UnsupportedOperationException(PySparkException):
    pass


class SparkRuntimeException(PySparkException):
    pass


class SparkNoSuchElementException(PySparkException):
    pass


class StreamingQueryException(PySparkException):
    pass


class QueryExecutionException(PySparkException):
    pass


class PythonException(PySparkException):
    pass


class UnknownException(PySparkException):
    pass


class PySparkValueError(PySparkException, ValueError):
    pass


class PySparkTypeError(PySparkException, TypeError):
    pass


class PySparkIndexError(PySparkException, IndexError):
    pass


class PySparkAttributeError(PySparkException, AttributeError):
    pass


class PySparkRuntimeError(PySparkException, RuntimeError):
    pass


class PySparkAssertionError(PySparkException, AssertionError):
    def __init__(self, message=None, errorClass=None, messageParameters=None, data=None, **rest):
        super().__init__(message, errorClass, messageParameters, **rest)
        self.data = data


class PySparkNotImplementedError(PySparkException, NotImplementedError):
    pass


class PySparkPicklingError(PySparkException):
    pass


class PySparkKeyError(PySparkException, KeyError):
    pass


class PySparkImportError(PySparkException, ImportError):
    pass


class LakeletError(PySparkException):
    """What goes wrong in Lakelet itself: memory, storage, a worker that ended."""


def from_wire(wire):
    """The exception of an error that the driver gave."""
    if wire["kind"] == "spark":
        error = wire["error"]
        cls = globals().get(error.get("errorClass", ""))
        if not (isinstance(cls, type) and issubclass(cls, PySparkException)):
            cls = UnknownException
        return cls(
            error.get("message"),
            errorClass=error.get("condition"),
            messageParameters=error.get("messageParameters"),
            contexts=error.get("queryContexts"),
            sqlState=error.get("sqlState"),
        )
    if wire["kind"] == "lakelet":
        return LakeletError(wire["error"]["message"])
    if wire.get("name") == "AbortError":
        return KeyboardInterrupt(wire["message"])
    return UnknownException(f"{wire.get('name', 'Error')}: {wire['message']}")
