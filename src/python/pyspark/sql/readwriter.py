"""Readers and writers of files and tables."""

from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql import types as T
from pyspark.sql._bridge import Node
from pyspark.sql.column import not_expected, to_col
from pyspark.sql.dataframe import DataFrame, build, empty, listed, numbered

__all__ = ["DataFrameReader", "DataFrameWriter", "DataFrameWriterV2"]


def _option(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Options:
    def _set_options(self, options):
        self._options = {**self._options, **{k: _option(v) for k, v in options.items() if v is not None}}
        return self

    def option(self, key, value):
        return self._set_options({key: value})

    def options(self, **options):
        return self._set_options(options)


class DataFrameReader(_Options):
    def __init__(self, session):
        self._session = session
        self._format = None
        self._schema = None
        self._options = {}

    def format(self, source):
        self._format = source
        return self

    def schema(self, schema):
        if isinstance(schema, T.StructType):
            self._schema = schema.json()
        elif isinstance(schema, str):
            self._schema = schema
        else:
            raise not_expected("schema", "str or struct type", schema)
        return self

    def load(self, path=None, format=None, schema=None, **options):
        if format is not None:
            self.format(format)
        if schema is not None:
            self.schema(schema)
        self._set_options(options)
        paths = [] if path is None else [path] if isinstance(path, str) else list(path)
        if any(not isinstance(p, str) or not p.strip() for p in paths):
            raise PySparkTypeError(
                errorClass="NOT_EXPECTED_TYPE",
                messageParameters={
                    "arg_name": "path", "expected_type": "str or list[str]", "arg_type": type(path).__name__,
                },
            )
        return build(
            self._session,
            numbered("ReadDataSource", format=self._format, schema=self._schema, options=self._options, paths=paths),
        )

    def table(self, tableName):
        if not isinstance(tableName, str):
            raise not_expected("tableName", "str", tableName)
        return build(self._session, numbered("ReadTable", unparsedIdentifier=tableName, options=self._options))

    def parquet(self, *paths, **options):
        return self.format("parquet").load(listed(paths), **options)

    def orc(self, path, **options):
        return self.load(path, "orc", **options)

    def text(self, paths, wholetext=False, lineSep=None, **options):
        return self.load(paths, "text", wholetext=wholetext, lineSep=lineSep, **options)

    def csv(self, path, schema=None, **options):
        return self._text("csv", path, schema, options)

    def json(self, path, schema=None, **options):
        return self._text("json", path, schema, options)

    def xml(self, path, schema=None, **options):
        return self._text("xml", path, schema, options)

    def _text(self, format, path, schema, options):
        if not isinstance(path, DataFrame):
            return self.load(path, format, schema, **options)
        if schema is not None:
            self.schema(schema)
        self._set_options(options)
        type_ = None
        if self._schema is not None:
            made = (
                T._parse_datatype_json_string(self._schema)
                if self._schema.lstrip().startswith("{")
                else T._parse_datatype_string(self._schema)
            )
            type_ = made._plan()
        node = numbered("Parse", input=path._node, format=format, schema=type_, options=self._options)
        return build(self._session, node, [path])


_MODES = {
    "append": "append", "overwrite": "overwrite", "error": "errorIfExists", "errorifexists": "errorIfExists",
    "default": "errorIfExists", "ignore": "ignore",
}


class DataFrameWriter(_Options):
    def __init__(self, df):
        self._df = df
        self._options = {}
        self._settings = {"sortColumnNames": [], "partitioningColumns": [], "clusteringColumns": []}
        self._mode = None

    def mode(self, saveMode):
        if saveMode is None:
            return self
        if saveMode.lower() not in _MODES:
            raise PySparkValueError(errorClass="UNSUPPORTED_OPERATION", messageParameters={"operation": saveMode})
        self._mode = _MODES[saveMode.lower()]
        return self

    def format(self, source):
        self._settings["source"] = source
        return self

    def partitionBy(self, *cols):
        self._settings["partitioningColumns"] = listed(cols)
        return self

    def clusterBy(self, *cols):
        if not cols:
            raise empty("cols")
        self._settings["clusteringColumns"] = listed(cols)
        return self

    def bucketBy(self, numBuckets, col, *cols):
        if not isinstance(numBuckets, int):
            raise not_expected("numBuckets", "int", numBuckets)
        self._settings["bucketBy"] = {"bucketColumnNames": _all_names(col, cols), "numBuckets": numBuckets}
        return self

    def sortBy(self, col, *cols):
        self._settings["sortColumnNames"] = _all_names(col, cols)
        return self

    def _apply(self, format=None, mode=None, partitionBy=None, options=None):
        self.mode(mode)._set_options(options or {})
        if partitionBy is not None:
            self.partitionBy(*([partitionBy] if isinstance(partitionBy, str) else partitionBy))
        if format is not None:
            self.format(format)
        return self

    def _write(self, **target):
        self._df._session._command(
            Node(
                kind="WriteOperation",
                input=self._df._node,
                mode=self._mode or "errorIfExists",
                options=self._options,
                **self._settings,
                **target,
            ),
            [self._df],
        )

    def save(self, path=None, format=None, mode=None, partitionBy=None, **options):
        self._apply(format, mode, partitionBy, options)._write(**({} if path is None else {"path": path}))

    def saveAsTable(self, name, format=None, mode=None, partitionBy=None, **options):
        self._apply(format, mode, partitionBy, options)
        self._write(table={"tableName": name, "saveMethod": "saveAsTable"})

    def insertInto(self, tableName, overwrite=None):
        if overwrite is not None:
            self.mode("overwrite" if overwrite else "append")
        elif self._mode is None:
            self._mode = "append"
        self._write(table={"tableName": tableName, "saveMethod": "insertInto"})

    def parquet(self, path, mode=None, partitionBy=None, **options):
        self.save(path, "parquet", mode, partitionBy, **options)

    def json(self, path, mode=None, **options):
        self.save(path, "json", mode, **options)

    def csv(self, path, mode=None, **options):
        self.save(path, "csv", mode, **options)

    def text(self, path, **options):
        self.save(path, "text", **options)

    def orc(self, path, mode=None, partitionBy=None, **options):
        self.save(path, "orc", mode, partitionBy, **options)

    def xml(self, path, mode=None, **options):
        self.save(path, "xml", mode, **options)


def _all_names(col, cols):
    names = [*col] if isinstance(col, (list, tuple)) else [col, *cols]
    for name in names:
        if not isinstance(name, str):
            raise not_expected("cols", "str", name)
    return names


class DataFrameWriterV2(_Options):
    def __init__(self, df, table):
        self._df, self._table = df, table
        self._options, self._properties = {}, {}
        self._provider, self._partitioning, self._clustering = None, [], []

    def using(self, provider):
        self._provider = provider
        return self

    def options(self, **options):
        return self._set_options(options)

    def tableProperty(self, property, value):
        self._properties[property] = value
        return self

    def partitionedBy(self, col, *cols):
        self._partitioning = [to_col(c) for c in (col, *cols)]
        return self

    def clusterBy(self, col, *cols):
        self._clustering = [col, *cols]
        return self

    def _write(self, mode, condition=None):
        fields = {} if self._provider is None else {"provider": self._provider}
        columns = list(self._partitioning)
        if condition is not None:
            condition = to_col(condition, "condition")
            columns.append(condition)
            fields["overwriteCondition"] = condition._node
        self._df._session._command(
            Node(
                kind="WriteOperationV2",
                input=self._df._node,
                tableName=self._table,
                partitioningColumns=[c._node for c in self._partitioning],
                options=self._options,
                tableProperties=self._properties,
                mode=mode,
                clusteringColumns=self._clustering,
                **fields,
            ),
            [self._df],
            columns,
        )

    def create(self):
        self._write("create")

    def replace(self):
        self._write("replace")

    def createOrReplace(self):
        self._write("createOrReplace")

    def append(self):
        self._write("append")

    def overwrite(self, condition):
        self._write("overwrite", condition)

    def overwritePartitions(self):
        self._write("overwritePartitions")
