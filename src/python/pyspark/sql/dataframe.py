"""`DataFrame`: a plan and the session that runs it."""

import itertools
import random
import sys

from pyspark.errors import (
    AnalysisException,
    PySparkAttributeError,
    PySparkIndexError,
    PySparkNotImplementedError,
    PySparkTypeError,
    PySparkValueError,
)
from pyspark.sql import _expressions as X
from pyspark.sql import types as T
from pyspark.sql._bridge import Node
from pyspark.sql.column import Column, col, fn, lit, not_expected, to_col
from pyspark.storagelevel import StorageLevel

__all__ = ["DataFrame", "DataFrameNaFunctions", "DataFrameStatFunctions"]

_plan_ids = itertools.count(1)


def numbered(kind, **fields):
    """A relation with a number of its own, by which columns can say which DataFrame they mean."""
    return Node(kind=kind, **{k: v for k, v in fields.items() if v is not None}, planId=next(_plan_ids))


def listed(cols):
    return list(cols[0]) if len(cols) == 1 and isinstance(cols[0], (list, tuple)) else list(cols)


def empty(item):
    return PySparkValueError(errorClass="CANNOT_BE_EMPTY", messageParameters={"item": item})


class _Need:
    """What a column needs besides its expression."""

    def __init__(self, needs):
        self._needs = needs


_JOIN_TYPES = {
    "inner": "inner", "outer": "fullOuter", "full": "fullOuter", "fullouter": "fullOuter", "leftouter": "leftOuter",
    "left": "leftOuter", "rightouter": "rightOuter", "right": "rightOuter", "leftsemi": "leftSemi",
    "semi": "leftSemi", "leftanti": "leftAnti", "anti": "leftAnti", "cross": "cross",
}
_ALL_JOINS = (
    "inner outer full fullouter full_outer leftouter left left_outer rightouter right right_outer leftsemi left_semi "
    "semi leftanti left_anti anti cross"
).split()
_LATERAL_JOINS = "inner leftouter left left_outer cross".split()


def join_type(how, allowed=_ALL_JOINS):
    name = "inner" if how is None else how.lower().replace("_", "")
    if name not in allowed:
        raise AnalysisException(
            errorClass="UNSUPPORTED_JOIN_TYPE",
            messageParameters={"typ": name, "supported": "'" + "', '".join(allowed) + "'"},
        )
    return _JOIN_TYPES[name]


class DataFrame:
    """Rows and columns that are computed when an action asks for them."""

    def __init__(self, session, node, needs=None):
        self._session = session
        self._node = node
        self._needs = needs or {}
        self._known_schema = None
        self._execution_info = None

    # --- building plans

    def _derive(self, node, columns=(), others=()):
        return build(self._session, node, [self, *others], columns)

    def _plan_id(self):
        return self._node["planId"]

    def _as_need(self):
        return _Need({("relation", self._plan_id()): self._node, **self._needs})

    @property
    def sparkSession(self):
        return self._session

    @property
    def schema(self):
        if self._known_schema is None:
            self._known_schema = T.type_from_plan(self._session._ask_about("schema", self))
        return self._known_schema

    @property
    def columns(self):
        return self.schema.names

    @property
    def dtypes(self):
        return [(f.name, f.dataType.simpleString()) for f in self.schema.fields]

    def printSchema(self, level=None):
        print(self.schema.treeString(2**31 - 1 if level is None else level))

    def __repr__(self):
        if self._session._eager():
            return self._show_string(20, 20, False)
        return f"DataFrame[{', '.join(f'{name}: {type_}' for name, type_ in self.dtypes)}]"

    def _repr_html_(self):
        return None

    def __dir__(self):
        names = set(super().__dir__())
        try:
            names.update(name for name in self.columns if name.isidentifier())
        except Exception:
            pass
        return sorted(names)

    def __getitem__(self, item):
        if isinstance(item, str):
            if item != "*" and not item.endswith(".*"):
                self._check_name(item)
            return self._col(item)
        if isinstance(item, Column):
            return self.filter(item)
        if isinstance(item, (list, tuple)):
            return self.select(*item)
        if isinstance(item, int):
            return self._col(self.columns[item])
        raise not_expected("item", "Column, float, integer, list, string or tuple", item)

    def __getattr__(self, name):
        if name.startswith("_") or name in ("columns", "schema"):
            raise AttributeError(name)
        if name not in self.columns:
            raise PySparkAttributeError(errorClass="ATTRIBUTE_NOT_SUPPORTED", messageParameters={"attr_name": name})
        return self._col(name)

    def _check_name(self, name):
        """An unknown column is told now, by Spark's own analysis."""
        plain = name.strip("`")
        if plain not in self.columns and "." not in name:
            self.select(self._col(name)).schema

    def _col(self, name):
        if name == "*":
            return Column(Node(kind="UnresolvedStar", planId=self._plan_id()))
        return Column(Node(kind="UnresolvedAttribute", unparsedIdentifier=name, planId=self._plan_id()))

    def colRegex(self, colName):
        if not isinstance(colName, str):
            raise not_expected("colName", "str", colName)
        return Column(Node(kind="UnresolvedRegex", colName=colName, planId=self._plan_id()))

    def metadataColumn(self, colName):
        if not isinstance(colName, str):
            raise not_expected("colName", "str", colName)
        name = Node(kind="UnresolvedAttribute", unparsedIdentifier=colName, planId=self._plan_id(), isMetadataColumn=True)
        return Column(name)

    # --- projections

    def select(self, *cols):
        columns = [to_col(c, "cols") for c in listed(cols)]
        node = numbered("Project", input=self._node, expressions=[c._node for c in columns])
        return self._derive(node, columns)

    def selectExpr(self, *expr):
        texts = [text for part in expr for text in (part if isinstance(part, list) else [part])]
        expressions = [Node(kind="ExpressionString", expression=text) for text in texts]
        return self._derive(numbered("Project", input=self._node, expressions=expressions))

    def withColumn(self, colName, col):
        if not isinstance(col, Column):
            raise not_expected("col", "Column", col)
        return self.withColumns({colName: col})

    def withColumns(self, *colsMap):
        (given,) = colsMap
        if not isinstance(given, dict):
            raise not_expected("colsMap", "dict", given)
        for column in given.values():
            if not isinstance(column, Column):
                raise not_expected("col", "Column", column)
        aliases = [Node(kind="Alias", expr=c._node, name=[name]) for name, c in given.items()]
        return self._derive(numbered("WithColumns", input=self._node, aliases=aliases), list(given.values()))

    def withColumnRenamed(self, existing, new):
        return self.withColumnsRenamed({existing: new})

    def withColumnsRenamed(self, colsMap):
        if not isinstance(colsMap, dict):
            raise not_expected("colsMap", "dict", colsMap)
        renames = [{"colName": old, "newColName": new} for old, new in colsMap.items()]
        return self._derive(numbered("WithColumnsRenamed", input=self._node, renames=renames))

    def withMetadata(self, columnName, metadata):
        if not isinstance(metadata, dict):
            raise not_expected("metadata", "dict", metadata)
        alias = Node(kind="Alias", expr=self._col(columnName)._node, name=[columnName], metadata=metadata)
        return self._derive(numbered("WithColumns", input=self._node, aliases=[alias]))

    def drop(self, *cols):
        columns = [c for c in cols if isinstance(c, Column)]
        for c in cols:
            if not isinstance(c, (Column, str)):
                raise not_expected("cols", "Column or str", c)
        names = [c for c in cols if isinstance(c, str)]
        node = numbered("Drop", input=self._node, columns=[c._node for c in columns], columnNames=names)
        return self._derive(node, columns)

    def toDF(self, *cols):
        for name in cols:
            if not isinstance(name, str):
                raise not_expected("cols", "list[str]", name)
        return self._derive(numbered("ToDF", input=self._node, columnNames=list(cols)))

    def to(self, schema):
        if not isinstance(schema, T.StructType):
            raise not_expected("schema", "StructType", schema)
        return self._derive(numbered("ToSchema", input=self._node, schema=schema._plan()))

    def alias(self, alias):
        return self._derive(numbered("SubqueryAlias", input=self._node, alias=alias))

    def toJSON(self, use_unicode=True):
        return self.select(fn("to_json", fn("struct", col("*"))).alias("value"))

    def zipWithIndex(self, indexColName="index"):
        return self.select(col("*"), fn("distributed_sequence_id").alias(indexColName))

    # --- rows

    def filter(self, condition):
        if isinstance(condition, str):
            condition = Column(Node(kind="ExpressionString", expression=condition))
        if not isinstance(condition, Column):
            raise not_expected("condition", "Column or str", condition)
        return self._derive(numbered("Filter", input=self._node, condition=condition._node), [condition])

    where = filter

    def limit(self, num):
        return self._derive(numbered("Limit", input=self._node, limit=num))

    def offset(self, num):
        return self._derive(numbered("Offset", input=self._node, offset=num))

    def distinct(self):
        return self.dropDuplicates()

    def dropDuplicates(self, subset=None):
        return self._deduplicate(subset)

    drop_duplicates = dropDuplicates

    def dropDuplicatesWithinWatermark(self, subset=None):
        return self._deduplicate(subset, withinWatermark=True)

    def _deduplicate(self, subset, **more):
        if subset is not None and not isinstance(subset, (list, tuple)):
            raise not_expected("subset", "list or tuple", subset)
        return self._derive(
            numbered(
                "Deduplicate", input=self._node, columnNames=list(subset or []), allColumnsAsKeys=subset is None, **more
            )
        )

    def sort(self, *cols, **kwargs):
        return self._sort(cols, kwargs, True)

    orderBy = sort

    def sortWithinPartitions(self, *cols, **kwargs):
        return self._sort(cols, kwargs, False)

    def _sort(self, cols, kwargs, is_global):
        if not cols:
            raise empty("column")
        given = listed(cols)
        ascending = kwargs.pop("ascending", True)
        if isinstance(ascending, (list, tuple)):
            directions = [bool(a) for a in ascending]
        elif isinstance(ascending, (bool, int)):
            directions = [bool(ascending)] * len(given)
        else:
            raise not_expected("ascending", "bool or list", ascending)
        columns = []
        for c, is_ascending in zip(given, directions):
            if isinstance(c, int) and not isinstance(c, bool):
                if c == 0:
                    raise PySparkIndexError(errorClass="ZERO_INDEX", messageParameters={})
                is_ascending, c = (is_ascending if c > 0 else not is_ascending), self._ordinal(abs(c))
            column = to_col(c, "col")
            columns.append(column if is_ascending else column.desc())
        order = [X.as_order(c._node) for c in columns]
        return self._derive(numbered("Sort", input=self._node, order=order, isGlobal=is_global), columns)

    def _ordinal(self, position):
        return self._col(self.columns[position - 1])

    def sample(self, withReplacement=None, fraction=None, seed=None):
        if isinstance(withReplacement, float):
            withReplacement, fraction, seed = None, withReplacement, fraction
        is_random = withReplacement is None or isinstance(withReplacement, bool)
        if not is_random or not isinstance(fraction, (float, int)):
            given = [type(x).__name__ for x in (withReplacement, fraction, seed) if x is not None]
            raise PySparkTypeError(
                errorClass="NOT_EXPECTED_TYPE",
                messageParameters={
                    "expected_type": "bool, float or int",
                    "arg_name": "withReplacement (optional), fraction (required) and seed (optional)",
                    "arg_type": ", ".join(given),
                },
            )
        return self._derive(
            numbered(
                "Sample",
                input=self._node,
                lowerBound=0.0,
                upperBound=float(fraction),
                withReplacement=bool(withReplacement),
                seed=_seed(seed),
            )
        )

    def randomSplit(self, weights, seed=None):
        for weight in weights:
            if weight < 0:
                raise PySparkValueError(
                    errorClass="VALUE_NOT_POSITIVE",
                    messageParameters={"arg_name": "weights", "arg_value": str(weight)},
                )
        seed, total, low, parts = _seed(seed), sum(weights), 0.0, []
        for weight in weights:
            high = low + weight / total
            parts.append(
                self._derive(
                    numbered(
                        "Sample", input=self._node, lowerBound=low, upperBound=high, withReplacement=False, seed=seed,
                        deterministicOrder=True,
                    )
                )
            )
            low = high
        return parts

    # --- several DataFrames

    def _check_session(self, other):
        if other._session._id != self._session._id:
            from pyspark.errors import SessionNotSameException

            raise SessionNotSameException(errorClass="SESSION_NOT_SAME", messageParameters={})

    def join(self, other, on=None, how=None):
        self._check_session(other)
        parts = [] if on is None else list(on) if isinstance(on, (list, tuple)) else [on]
        fields, columns = {"usingColumns": []}, []
        if all(isinstance(part, str) for part in parts):
            fields["usingColumns"] = parts
        else:
            for part in parts:
                if not isinstance(part, Column):
                    raise not_expected("on", "Column, str, list[Column] or list[str]", part)
            condition = parts[0]
            for part in parts[1:]:
                condition = condition & part
            columns = [condition]
            fields["joinCondition"] = condition._node
        node = numbered("Join", left=self._node, right=other._node, joinType=join_type(how), **fields)
        return self._derive(node, columns, [other])

    def crossJoin(self, other):
        return self.join(other, how="cross")

    def lateralJoin(self, other, on=None, how=None):
        self._check_session(other)
        columns = [] if on is None else [on]
        node = numbered(
            "LateralJoin",
            left=self._node,
            right=other._node,
            joinType=join_type(how, _LATERAL_JOINS),
            joinCondition=None if on is None else on._node,
        )
        return self._derive(node, columns, [other])

    def nearestByJoin(self, other, rankingExpression, numResults, mode, direction, *, joinType="inner"):
        self._check_session(other)
        node = numbered(
            "NearestByJoin",
            left=self._node,
            right=other._node,
            rankingExpression=rankingExpression._node,
            numResults=numResults,
            joinType=joinType,
            mode=mode,
            direction=direction,
        )
        return self._derive(node, [rankingExpression], [other])

    def zip(self, other):
        return self._derive(numbered("Zip", left=self._node, right=other._node), [], [other])

    def union(self, other):
        return self._set_operation(other, "union", True)

    unionAll = union

    def unionByName(self, other, allowMissingColumns=False):
        return self._set_operation(other, "union", True, byName=True, allowMissingColumns=allowMissingColumns)

    def intersect(self, other):
        return self._set_operation(other, "intersect", False)

    def intersectAll(self, other):
        return self._set_operation(other, "intersect", True)

    def subtract(self, other):
        return self._set_operation(other, "except", False)

    def exceptAll(self, other):
        return self._set_operation(other, "except", True)

    def _set_operation(self, other, kind, is_all, byName=False, allowMissingColumns=False):
        self._check_session(other)
        node = numbered(
            "SetOperation",
            leftInput=self._node,
            rightInput=other._node,
            setOpType=kind,
            isAll=is_all,
            byName=byName,
            allowMissingColumns=allowMissingColumns,
        )
        return self._derive(node, [], [other])

    # --- groups

    def _grouping(self, cols):
        columns = []
        for c in listed(cols):
            if isinstance(c, int) and not isinstance(c, bool):
                if c < 1:
                    raise PySparkIndexError(
                        errorClass="INDEX_NOT_POSITIVE", messageParameters={"index": str(c)}
                    )
                c = self._ordinal(c)
            if isinstance(c, str):
                c = col(c)
            if not isinstance(c, Column):
                raise not_expected("cols", "Column, int, or str", c)
            columns.append(c)
        return columns

    def groupBy(self, *cols):
        from pyspark.sql.group import GroupedData

        return GroupedData(self, "groupby", self._grouping(cols))

    groupby = groupBy

    def rollup(self, *cols):
        from pyspark.sql.group import GroupedData

        return GroupedData(self, "rollup", self._grouping(cols))

    def cube(self, *cols):
        from pyspark.sql.group import GroupedData

        return GroupedData(self, "cube", self._grouping(cols))

    def groupingSets(self, groupingSets, *cols):
        from pyspark.sql.group import GroupedData

        sets = [self._grouping([list(s)]) for s in groupingSets]
        return GroupedData(self, "groupingSets", self._grouping(cols), sets=sets)

    def agg(self, *exprs):
        return self.groupBy().agg(*exprs)

    # --- reshaping

    def unpivot(self, ids, values, variableColumnName, valueColumnName):
        def columns_of(given):
            return [to_col(c) for c in (given if isinstance(given, (list, tuple)) else [given])]

        id_columns = columns_of(ids)
        value_columns = None if values is None else columns_of(values)
        node = numbered(
            "Unpivot",
            input=self._node,
            ids=[c._node for c in id_columns],
            values=None if value_columns is None else [c._node for c in value_columns],
            variableColumnName=variableColumnName,
            valueColumnName=valueColumnName,
        )
        return self._derive(node, [*id_columns, *(value_columns or [])])

    melt = unpivot

    def transpose(self, indexColumn=None):
        columns = [] if indexColumn is None else [to_col(indexColumn)]
        return self._derive(numbered("Transpose", input=self._node, indexColumns=[c._node for c in columns]), columns)

    def transform(self, func, *args, **kwargs):
        result = func(self, *args, **kwargs)
        if not isinstance(result, DataFrame):
            raise AssertionError(f"Func returned an instance of type [{type(result)}], should have been DataFrame.")
        return result

    # --- partitions and hints

    def coalesce(self, numPartitions):
        _positive("numPartitions", numPartitions)
        return self._derive(numbered("Repartition", input=self._node, numPartitions=numPartitions, shuffle=False))

    def repartition(self, numPartitions, *cols):
        if isinstance(numPartitions, int):
            _positive("numPartitions", numPartitions)
            if not cols:
                node = numbered("Repartition", input=self._node, numPartitions=numPartitions, shuffle=True)
                return self._derive(node)
            return self._repartition_by(numPartitions, [to_col(c) for c in cols])
        if isinstance(numPartitions, (str, Column)):
            return self._repartition_by(None, [to_col(c) for c in (numPartitions, *cols)])
        raise not_expected("numPartitions", "Column, int or str", numPartitions)

    def repartitionByRange(self, numPartitions, *cols):
        if isinstance(numPartitions, int):
            _positive("numPartitions", numPartitions)
            if not cols:
                raise empty("partition-by expression")
        elif isinstance(numPartitions, (str, Column)):
            numPartitions, cols = None, (numPartitions, *cols)
        else:
            raise not_expected("numPartitions", "Column, int or str", numPartitions)
        columns = [to_col(c) for c in cols]
        return self._repartition_by(numPartitions, [Column(X.as_order(c._node), c) for c in columns])

    def repartitionById(self, numPartitions, partitionIdCol):
        _positive("numPartitions", numPartitions)
        column = to_col(partitionIdCol)
        direct = Column(Node(kind="DirectShufflePartitionId", child=column._node), column)
        return self._repartition_by(numPartitions, [direct])

    def _repartition_by(self, number, columns):
        node = numbered(
            "RepartitionByExpression",
            input=self._node,
            partitionExprs=[c._node for c in columns],
            numPartitions=number,
        )
        return self._derive(node, columns)

    def hint(self, name, *parameters):
        if len(parameters) == 1 and isinstance(parameters[0], list):
            parameters = parameters[0]
        if not isinstance(name, str):
            raise not_expected("name", "str", name)
        columns = [lit(p) for p in parameters]
        node = numbered("Hint", input=self._node, name=name, parameters=[c._node for c in columns])
        return self._derive(node, columns)

    # --- missing values

    @property
    def na(self):
        return DataFrameNaFunctions(self)

    def fillna(self, value, subset=None):
        if isinstance(value, dict):
            if not value:
                raise empty("value")
            cols, values = list(value), list(value.values())
        else:
            if not isinstance(value, (bool, float, int, str)):
                raise not_expected("value", "bool, dict, float, int or str", value)
            cols, values = _names(subset), [value]
        literals = []
        for given in values:
            made = X.scalar(given)
            is_int = made["dataType"]["kind"] == "integer"
            literals.append(X.literal(T.LongType(), made["value"]) if is_int else made)
        return self._derive(numbered("NAFill", input=self._node, cols=cols, values=literals))

    def dropna(self, how="any", thresh=None, subset=None):
        if how not in ("any", "all"):
            raise PySparkValueError(
                errorClass="VALUE_NOT_ALLOWED",
                messageParameters={"arg_name": "how", "allowed_values": "['any', 'all']"},
            )
        least = thresh if thresh is not None else 1 if how == "all" else None
        return self._derive(numbered("NADrop", input=self._node, cols=_names(subset), minNonNulls=least))

    def replace(self, to_replace, *value, subset=None, **kwargs):
        if "value" in kwargs:
            value = (kwargs["value"],)
        if len(value) > 1:
            value, subset = value[:1], value[1]
        if not isinstance(to_replace, (bool, float, int, str, list, tuple, dict)):
            raise not_expected("to_replace", "bool, dict, float, int, str or tuple", to_replace)
        if isinstance(to_replace, dict):
            pairs = to_replace
        else:
            if not value:
                raise PySparkTypeError(errorClass="ARGUMENT_REQUIRED", messageParameters={"arg_name": "value", "condition": "`to_replace` is dict"})
            (new,) = value
            olds = list(to_replace) if isinstance(to_replace, (list, tuple)) else [to_replace]
            news = list(new) if isinstance(new, (list, tuple)) else [new] * len(olds)
            if len(olds) != len(news):
                raise PySparkValueError(
                    errorClass="LENGTH_SHOULD_BE_THE_SAME",
                    messageParameters={
                        "arg1": "to_replace", "arg2": "value", "arg1_length": str(len(olds)),
                        "arg2_length": str(len(news)),
                    },
                )
            pairs = dict(zip(olds, news))
        kinds = [(bool,), (float, int), (str,)]
        given = [x for pair in pairs.items() for x in pair if x is not None]
        if not any(all(isinstance(x, k) and (k != (float, int) or not isinstance(x, bool)) for x in given) for k in kinds):
            raise PySparkValueError(errorClass="MIXED_TYPE_REPLACEMENT", messageParameters={})

        def replacement(x):
            if isinstance(x, int) and not isinstance(x, bool):
                x = float(x)
            return X.scalar(x)

        changes = [{"oldValue": replacement(old), "newValue": replacement(new)} for old, new in pairs.items()]
        return self._derive(numbered("NAReplace", input=self._node, cols=_names(subset), replacements=changes))

    # --- statistics

    @property
    def stat(self):
        return DataFrameStatFunctions(self)

    def describe(self, *cols):
        names = [name for part in cols for name in (part if isinstance(part, list) else [part])]
        return self._derive(numbered("StatDescribe", input=self._node, cols=names))

    def summary(self, *statistics):
        return self._derive(numbered("StatSummary", input=self._node, statistics=list(listed(statistics))))

    def crosstab(self, col1, col2):
        return self._derive(numbered("StatCrosstab", input=self._node, col1=col1, col2=col2))

    def freqItems(self, cols, support=None):
        if not isinstance(cols, (list, tuple)):
            raise not_expected("cols", "list or tuple", cols)
        return self._derive(numbered("StatFreqItems", input=self._node, cols=list(cols), support=support or 0.01))

    def sampleBy(self, col, fractions, seed=None):
        column = to_col(col)
        if not isinstance(fractions, dict):
            raise not_expected("fractions", "dict", fractions)
        parts = [{"stratum": X.scalar(k), "fraction": float(v)} for k, v in fractions.items()]
        node = numbered("StatSampleBy", input=self._node, col=column._node, fractions=parts, seed=_seed(seed))
        return self._derive(node, [column])

    def cov(self, col1, col2):
        return self._value(numbered("StatCov", input=self._node, col1=col1, col2=col2))

    def corr(self, col1, col2, method=None):
        method = method or "pearson"
        if method != "pearson":
            raise PySparkValueError(
                errorClass="VALUE_NOT_ALLOWED", messageParameters={"arg_name": "method", "allowed_values": "['pearson']"}
            )
        return self._value(numbered("StatCorr", input=self._node, col1=col1, col2=col2, method=method))

    def approxQuantile(self, col, probabilities, relativeError):
        if not isinstance(col, (str, list, tuple)):
            raise not_expected("col", "list, str or tuple", col)
        if not isinstance(probabilities, (list, tuple)):
            raise not_expected("probabilities", "list or tuple", probabilities)
        for p in probabilities:
            if not isinstance(p, (float, int)) or not 0 <= p <= 1:
                raise not_expected("probabilities", "list[float, int]", p)
        if relativeError < 0:
            raise PySparkValueError(
                errorClass="NEGATIVE_VALUE",
                messageParameters={"arg_name": "relativeError", "arg_value": str(relativeError)},
            )
        names = [col] if isinstance(col, str) else list(col)
        node = numbered(
            "StatApproxQuantile",
            input=self._node,
            cols=names,
            probabilities=[float(p) for p in probabilities],
            relativeError=float(relativeError),
        )
        found = self._value(node)
        return found[0] if isinstance(col, str) else found

    def _value(self, node):
        return self._derive(node).collect()[0][0]

    # --- subqueries

    def scalar(self):
        return self._subquery("scalar")

    def exists(self):
        return self._subquery("exists")

    def asTable(self):
        from pyspark.sql.table_arg import TableArg

        return TableArg(self._subquery("table_arg"))

    def _subquery(self, kind):
        return Column(Node(kind="SubqueryExpression", subqueryType=kind, planId=self._plan_id()), self._as_need())

    # --- observation

    def observe(self, observation, *exprs):
        from pyspark.sql.observation import Observation

        if not exprs:
            raise empty("exprs")
        for e in exprs:
            if not isinstance(e, Column):
                raise not_expected("exprs", "list[Column]", e)
        needs = {}
        name = observation
        if isinstance(observation, Observation):
            name = observation._use()
            needs = {("observation", name): observation}
        elif not isinstance(observation, str):
            raise not_expected("observation", "Observation or str", observation)
        node = numbered("CollectMetrics", input=self._node, name=name, metrics=[e._node for e in exprs])
        return self._derive(node, [*exprs, _Need(needs)])

    # --- actions

    def collect(self):
        return self._session._rows(self)

    def toLocalIterator(self, prefetchPartitions=False):
        return iter(self.collect())

    def __iter__(self):
        raise PySparkTypeError(errorClass="NOT_ITERABLE", messageParameters={"objectName": "DataFrame"})

    def count(self):
        return self.agg(fn("count", 1)).collect()[0][0]

    def take(self, num):
        return self.limit(num).collect()

    def head(self, n=None):
        if n is not None:
            return self.take(n)
        rows = self.take(1)
        return rows[0] if rows else None

    def first(self):
        return self.head()

    def tail(self, num):
        return self._derive(numbered("Tail", input=self._node, limit=num)).collect()

    def isEmpty(self):
        return len(self.select().take(1)) == 0

    def show(self, n=20, truncate=True, vertical=False):
        if not isinstance(n, int) or isinstance(n, bool):
            raise not_expected("n", "int", n)
        if not isinstance(vertical, bool):
            raise not_expected("vertical", "bool", vertical)
        if isinstance(truncate, bool):
            width = 20 if truncate else 0
        else:
            try:
                width = int(truncate)
            except ValueError:
                raise not_expected("truncate", "bool", truncate) from None
        print(self._show_string(n, width, vertical))

    def _show_string(self, n, truncate, vertical):
        return self._value(
            numbered("ShowString", input=self._node, numRows=n, truncate=truncate, vertical=vertical)
        )

    def foreach(self, f):
        for row in self.collect():
            f(row)

    def foreachPartition(self, f):
        f(iter(self.collect()))

    def toPandas(self):
        raise PySparkNotImplementedError(
            errorClass="NOT_IMPLEMENTED", messageParameters={"feature": "toPandas (pandas is not part of Lakelet)"}
        )

    @property
    def executionInfo(self):
        return self._execution_info

    # --- views and tables

    def createTempView(self, name):
        self._create_view(name, False, False)

    def createOrReplaceTempView(self, name):
        self._create_view(name, False, True)

    registerTempTable = createOrReplaceTempView

    def createGlobalTempView(self, name):
        self._create_view(name, True, False)

    def createOrReplaceGlobalTempView(self, name):
        self._create_view(name, True, True)

    def _create_view(self, name, is_global, replace):
        self._session._command(
            Node(kind="CreateDataFrameViewCommand", input=self._node, name=name, isGlobal=is_global, replace=replace),
            [self],
        )

    @property
    def write(self):
        from pyspark.sql.readwriter import DataFrameWriter

        return DataFrameWriter(self)

    def writeTo(self, table):
        from pyspark.sql.readwriter import DataFrameWriterV2

        return DataFrameWriterV2(self, table)

    def mergeInto(self, table, condition):
        from pyspark.sql.merge import MergeIntoWriter

        return MergeIntoWriter(self, table, condition)

    # --- caching and plans

    def cache(self):
        return self.persist()

    def persist(self, storageLevel=StorageLevel.MEMORY_AND_DISK_DESER):
        self._session._ask_about("persist", self, storageLevel=storageLevel.__dict__)
        return self

    def unpersist(self, blocking=False):
        self._session._ask_about("unpersist", self, blocking=blocking)
        return self

    @property
    def storageLevel(self):
        return StorageLevel(**self._session._ask_about("storageLevel", self))

    @property
    def is_cached(self):
        level = self.storageLevel
        return level.useDisk or level.useMemory

    def checkpoint(self, eager=True):
        return self._checkpoint(eager, False)

    def localCheckpoint(self, eager=True, storageLevel=None):
        return self._checkpoint(eager, True)

    def _checkpoint(self, eager, local):
        command = Node(kind="CheckpointCommand", relation=self._node, local=local, eager=eager)
        made = self._session._command(command, [self])
        return DataFrame(self._session, numbered("CachedRemoteRelation", relationId=made["relationId"]))

    def explain(self, extended=None, mode=None):
        if extended is not None and mode is not None:
            raise PySparkValueError(
                errorClass="CANNOT_SET_TOGETHER", messageParameters={"arg_list": "extended and mode"}
            )
        if isinstance(extended, str):
            mode = extended
        if mode is None:
            mode = "extended" if extended else "simple"
        print(self._session._ask_about("explain", self, mode=mode))

    def inputFiles(self):
        return self._session._ask_about("inputFiles", self)

    def isLocal(self):
        return self._session._ask_about("isLocal", self)

    @property
    def isStreaming(self):
        return False

    def sameSemantics(self, other):
        if not isinstance(other, DataFrame):
            raise not_expected("other", "DataFrame", other)
        return self._session._ask_about("sameSemantics", self, other=self._session._plan_of(other))

    def semanticHash(self):
        return self._session._ask_about("semanticHash", self)

    def withWatermark(self, eventTime, delayThreshold):
        return self

    @property
    def rdd(self):
        raise PySparkAttributeError(
            errorClass="JVM_ATTRIBUTE_NOT_SUPPORTED", messageParameters={"attr_name": "rdd"}
        )

    @property
    def writeStream(self):
        raise _unsupported("DataFrame.writeStream")


def _unsupported(feature):
    from pyspark.errors import UnsupportedOperationException

    return UnsupportedOperationException(errorClass="UNSUPPORTED_FEATURE", messageParameters={"feature": feature})


def _positive(name, value):
    if not isinstance(value, int):
        raise not_expected(name, "int", value)
    if value <= 0:
        raise PySparkValueError(
            errorClass="VALUE_NOT_POSITIVE", messageParameters={"arg_name": name, "arg_value": str(value)}
        )


def _names(subset):
    if subset is None:
        return []
    if isinstance(subset, str):
        return [subset]
    if not isinstance(subset, (list, tuple)):
        raise not_expected("subset", "list, str or tuple", subset)
    return list(subset)


def _seed(seed):
    return random.randint(0, sys.maxsize) if seed is None else int(seed)


def build(session, node, inputs=(), columns=()):
    """A DataFrame of a node: DataFrames that its columns refer to become references of a `WithRelations` around it."""
    needs = {}
    for part in inputs:
        needs.update(part._needs)
    references = []
    for column in columns:
        for key, need in column._needs.items():
            if key[0] == "relation":
                if all(need is not r for r in references):
                    references.append(need)
            else:
                needs[key] = need
    if references:
        node = numbered("WithRelations", root=node, references=references)
    return DataFrame(session, node, needs)


class DataFrameNaFunctions:
    """What `df.na` offers: missing values."""

    def __init__(self, df):
        self.df = df

    def drop(self, how="any", thresh=None, subset=None):
        return self.df.dropna(how, thresh, subset)

    def fill(self, value, subset=None):
        return self.df.fillna(value, subset)

    def replace(self, to_replace, *value, subset=None, **kwargs):
        return self.df.replace(to_replace, *value, subset=subset, **kwargs)


class DataFrameStatFunctions:
    """What `df.stat` offers: statistics."""

    def __init__(self, df):
        self.df = df

    def approxQuantile(self, col, probabilities, relativeError):
        return self.df.approxQuantile(col, probabilities, relativeError)

    def corr(self, col1, col2, method=None):
        return self.df.corr(col1, col2, method)

    def cov(self, col1, col2):
        return self.df.cov(col1, col2)

    def crosstab(self, col1, col2):
        return self.df.crosstab(col1, col2)

    def freqItems(self, cols, support=None):
        return self.df.freqItems(cols, support)

    def sampleBy(self, col, fractions, seed=None):
        return self.df.sampleBy(col, fractions, seed)
