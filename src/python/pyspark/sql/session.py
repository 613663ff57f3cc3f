"""`SparkSession`: where programs begin."""

import string
import uuid

from pyspark.errors import PySparkRuntimeError, PySparkTypeError, PySparkValueError
from pyspark.sql import _bridge
from pyspark.sql import _expressions as X
from pyspark.sql import types as T
from pyspark.sql._bridge import Node
from pyspark.sql.column import Column, lit, not_expected
from pyspark.sql.conf import RuntimeConfig
from pyspark.sql.dataframe import DataFrame, _unsupported, build, empty, numbered
from pyspark.version import __version__

__all__ = ["SparkSession"]


class _BuilderAccess:
    """`SparkSession.builder` is a new builder each time."""

    def __get__(self, instance, owner):
        return owner.Builder()


class SparkSession:
    class Builder:
        """Settings of a session to be."""

        def __init__(self):
            self._options = {}

        def config(self, key=None, value=None, conf=None, *, map=None):
            if map is not None:
                self._options.update({k: str(v) for k, v in map.items()})
            elif key is not None:
                self._options[key] = str(value).lower() if isinstance(value, bool) else str(value)
            return self

        def appName(self, name):
            return self.config("spark.app.name", name)

        def master(self, master):
            return self.config("spark.master", master)

        def remote(self, url):
            raise _unsupported("SparkSession.builder.remote in Python; use TypeScript's")

        def enableHiveSupport(self):
            return self

        def getOrCreate(self):
            session = SparkSession._active
            if session is None or session._stopped:
                session = SparkSession()
            for key, value in self._options.items():
                if key != "spark.master":
                    session.conf.set(key, value)
            return session

        create = getOrCreate

    builder = _BuilderAccess()
    _active = None

    def __init__(self):
        self._id = _bridge.request("sessionId")
        self._stopped = False
        self._tags = set()
        SparkSession._active = self

    @classmethod
    def getActiveSession(cls):
        return None if cls._active is None or cls._active._stopped else cls._active

    @classmethod
    def active(cls):
        session = cls.getActiveSession()
        if session is None:
            raise PySparkRuntimeError(errorClass="NO_ACTIVE_OR_DEFAULT_SESSION", messageParameters={})
        return session

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def __repr__(self):
        return f"<pyspark.sql.session.SparkSession object of Lakelet {self._id}>"

    # --- requests

    def _plan_of(self, df):
        return _bridge.flatten(df._node)

    def _ask_about(self, what, df, **more):
        return _bridge.request(what, {"plan": self._plan_of(df), **more})

    def _rows(self, df):
        answer = _bridge.request("execute", {"plan": self._plan_of(df), "tags": sorted(self._tags)})
        schema = T.type_from_plan(answer["schema"])
        read = T.reader(schema)
        self._observed(answer["observed"], [df])
        return [read(row) for row in answer["rows"]]

    def _command(self, command, inputs=(), columns=()):
        references = []
        for column in columns:
            references += [need for key, need in column._needs.items() if key[0] == "relation"]
        if references and "input" in command:
            command = Node({**command, "input": numbered("WithRelations", root=command["input"], references=references)})
        answer = _bridge.request("command", {"plan": _bridge.flatten(command), "tags": sorted(self._tags)})
        self._observed(answer["observed"], inputs)
        return answer

    def _observed(self, metrics, inputs):
        for metric in metrics:
            values = [_literal_value(v) for v in metric["values"]]
            for df in inputs:
                observation = df._needs.get(("observation", metric["name"]))
                if observation is not None:
                    observation._result = dict(zip(metric["keys"], values))

    def _eager(self):
        return _bridge.request("confGet", "spark.sql.repl.eagerEval.enabled") == "true"

    # --- DataFrames

    def createDataFrame(self, data, schema=None, samplingRatio=None, verifySchema=True):
        if isinstance(data, DataFrame):
            raise PySparkTypeError(
                errorClass="INVALID_TYPE", messageParameters={"arg_name": "data", "arg_type": "DataFrame"}
            )
        if data is None:
            raise not_expected("data", "iterable", data)
        names = None
        if isinstance(schema, str):
            schema = T._parse_datatype_string(schema)
        elif isinstance(schema, (list, tuple)):
            names, schema = [str(name) for name in schema], None
        rows = list(data)
        if isinstance(schema, T.DataType) and not isinstance(schema, T.StructType):
            schema = T.StructType([T.StructField("value", schema)])
            rows = [(row,) for row in rows]
        new_names = None
        if schema is None:
            schema = self._inferred(rows, names)
            if names is not None:
                if len(names) < len(schema.fields):
                    names += schema.names[len(names) :]
                if len(names) > len(schema.fields):
                    raise PySparkValueError(
                        errorClass="AXIS_LENGTH_MISMATCH",
                        messageParameters={
                            "expected_length": str(len(names)), "actual_length": str(len(schema.fields)),
                        },
                    )
                new_names = names
        values = [T.plain_row(row, schema) for row in rows]
        node = numbered("LocalRelation", schema=schema.json())
        if values:
            node["data"] = {"$rows": values, "schema": schema._plan()}
        df = build(self, node)
        if new_names is not None and new_names != schema.names:
            return df.toDF(*new_names)
        df._known_schema = schema
        return df

    def _inferred(self, rows, names):
        if not rows:
            raise PySparkValueError(errorClass="CANNOT_INFER_EMPTY_SCHEMA", messageParameters={})
        first = rows[0]
        if not isinstance(first, (dict, tuple, list)) and not hasattr(first, "__dict__"):
            raise PySparkTypeError(
                errorClass="CANNOT_INFER_SCHEMA_FOR_TYPE", messageParameters={"data_type": type(first).__name__}
            )
        conf = self._inference()
        schema = T.NullType()
        for row in rows:
            schema = T.merge_types(schema, T.infer_struct(row, conf, names))
        if T.has_null_type(schema):
            raise PySparkValueError(errorClass="CANNOT_DETERMINE_TYPE", messageParameters={})
        return schema

    def _inference(self):
        def is_on(key):
            return _bridge.request("confGet", key) == "true"

        return {
            "inferDictAsStruct": is_on("spark.sql.pyspark.inferNestedDictAsStruct.enabled"),
            "inferArrayFromFirst": is_on("spark.sql.pyspark.legacy.inferArrayTypeFromFirstElement.enabled"),
            "inferMapFromFirstPair": is_on("spark.sql.pyspark.legacy.inferMapTypeFromFirstPair.enabled"),
        }

    def emptyDataFrame(self, schema):
        return self.createDataFrame([], schema)

    def range(self, start, end=None, step=1, numPartitions=None):
        if end is None:
            start, end = 0, start
        return build(self, numbered("Range", start=int(start), end=int(end), step=int(step), numPartitions=numPartitions))

    def table(self, tableName):
        return self.read.table(tableName)

    @property
    def read(self):
        from pyspark.sql.readwriter import DataFrameReader

        return DataFrameReader(self)

    @property
    def tvf(self):
        from pyspark.sql.tvf import TableValuedFunction

        return TableValuedFunction(self)

    def sql(self, sqlQuery, args=None, **kwargs):
        if args is not None and not isinstance(args, (dict, list)):
            raise PySparkTypeError(
                errorClass="INVALID_TYPE", messageParameters={"arg_name": "args", "arg_type": type(args).__name__}
            )
        views, columns = [], []
        if kwargs:
            sqlQuery = _Parts(views).format(sqlQuery, **kwargs)
        node = numbered("SQL", query=sqlQuery)
        if args:
            given = {k: lit(v) for k, v in args.items()} if isinstance(args, dict) else [lit(v) for v in args]
            if isinstance(given, dict):
                node["namedArguments"] = {name: c._node for name, c in given.items()}
                columns = list(given.values())
            else:
                node["posArguments"] = [c._node for c in given]
                columns = given
        if views:
            node = numbered("WithRelations", root=node, references=[v._node for v in views])
        needs = build(self, node, views, columns)._needs
        answer = _bridge.request(
            "sql", {"plan": _bridge.flatten(node), "resultId": str(uuid.uuid4()), "tags": sorted(self._tags)}
        )
        if answer["isQuery"]:
            return DataFrame(self, node, needs)
        df = DataFrame(self, numbered("CachedRemoteRelation", relationId=answer["resultId"]))
        df._known_schema = T.type_from_plan(answer["schema"])
        return df

    # --- the rest

    @property
    def catalog(self):
        from pyspark.sql.catalog import Catalog

        return Catalog(self)

    @property
    def conf(self):
        return RuntimeConfig()

    @property
    def udf(self):
        from pyspark.sql.udf import UDFRegistration

        return UDFRegistration(self)

    @property
    def version(self):
        return __version__

    def newSession(self):
        raise _unsupported("SparkSession.newSession in a Python cell")

    def stop(self):
        """Ends this handle. The session itself is the page's, with its tables and views."""
        self._stopped = True
        if SparkSession._active is self:
            SparkSession._active = None

    @property
    def is_stopped(self):
        return self._stopped

    def addTag(self, tag):
        if not isinstance(tag, str) or "," in tag:
            raise PySparkValueError("Spark Connect tag must be a string without commas.")
        if not tag:
            raise empty("character of a tag")
        self._tags.add(tag)

    def removeTag(self, tag):
        self._tags.discard(tag)

    def getTags(self):
        return set(self._tags)

    def clearTags(self):
        self._tags.clear()

    def interruptAll(self):
        return _bridge.request("interrupt", {"all": True})

    def interruptTag(self, tag):
        return _bridge.request("interrupt", {"tag": tag})

    def interruptOperation(self, op_id):
        return _bridge.request("interrupt", {"operationId": op_id})

    @property
    def sparkContext(self):
        from pyspark.errors import PySparkAttributeError

        raise PySparkAttributeError(
            errorClass="JVM_ATTRIBUTE_NOT_SUPPORTED", messageParameters={"attr_name": "sparkContext"}
        )

    @property
    def readStream(self):
        raise _unsupported("SparkSession.readStream")

    @property
    def streams(self):
        raise _unsupported("SparkSession.streams")


def _literal_value(plain):
    type_ = T.type_from_plan(plain["dataType"])
    read = T.reader(type_)
    return plain["value"] if read is None else read(plain["value"])


class _Parts(string.Formatter):
    """DataFrames, columns and values in the braces of a SQL text."""

    def __init__(self, views):
        self._views = views

    def convert_field(self, value, conversion):
        return value if conversion is None else super().convert_field(value, conversion)

    def format_field(self, value, spec):
        if isinstance(value, DataFrame):
            name = f"_lakelet_view_{uuid.uuid4().hex}"
            self._views.append(value.alias(name))
            return name
        if isinstance(value, Column):
            return X.describe(value._node)
        if isinstance(value, str):
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return format(value, spec)
