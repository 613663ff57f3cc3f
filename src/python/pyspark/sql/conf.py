"""`RuntimeConfig`: the settings of a session."""

from pyspark.errors import PySparkTypeError
from pyspark.sql import _bridge
from pyspark.sql.column import not_expected

__all__ = ["RuntimeConfig"]

_NOT_GIVEN = object()


class RuntimeConfig:
    def set(self, key, value):
        if not isinstance(key, str):
            raise not_expected("key", "str", key)
        if not isinstance(value, (str, bool, int)):
            raise PySparkTypeError(
                errorClass="NOT_EXPECTED_TYPE",
                messageParameters={
                    "expected_type": "str, bool or int", "arg_name": "value", "arg_type": type(value).__name__,
                },
            )
        text = str(value).lower() if isinstance(value, bool) else str(value)
        _bridge.request("confSet", {"key": key, "value": text})

    def get(self, key, default=_NOT_GIVEN):
        if not isinstance(key, str):
            raise not_expected("key", "str", key)
        if default is not _NOT_GIVEN:
            # A default that is given rules over Spark's own.
            return _bridge.request("confGetAll").get(key, default)
        value = _bridge.request("confGet", key)
        if value is not None:
            return value
        from pyspark.errors import SparkNoSuchElementException

        raise SparkNoSuchElementException(
            errorClass="SQL_CONF_NOT_FOUND", messageParameters={"sqlConf": f'"{key}"'}
        )

    @property
    def getAll(self):
        return _bridge.request("confGetAll")

    def unset(self, key):
        _bridge.request("confUnset", key)

    def isModifiable(self, key):
        if not isinstance(key, str):
            raise not_expected("key", "str", key)
        return _bridge.request("confIsModifiable", key)
