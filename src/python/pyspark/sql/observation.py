"""`Observation`: what an action counts on its way."""

import uuid

from pyspark.errors import PySparkAssertionError, PySparkTypeError, PySparkValueError

__all__ = ["Observation"]


class Observation:
    def __init__(self, name=None):
        if name is not None and not isinstance(name, str):
            raise PySparkTypeError(
                errorClass="NOT_EXPECTED_TYPE",
                messageParameters={"arg_name": "name", "expected_type": "str", "arg_type": type(name).__name__},
            )
        if name == "":
            raise PySparkValueError(
                errorClass="VALUE_NOT_NON_EMPTY_STR", messageParameters={"arg_name": "name", "arg_value": name}
            )
        self._name = name
        self._used = False
        self._result = None

    def _use(self):
        if self._used:
            raise PySparkAssertionError(errorClass="REUSE_OBSERVATION", messageParameters={})
        self._used = True
        self._name = self._name or str(uuid.uuid4())
        return self._name

    @property
    def get(self):
        if not self._used:
            raise PySparkAssertionError(errorClass="NO_OBSERVE_BEFORE_GET", messageParameters={})
        return self._result or {}
