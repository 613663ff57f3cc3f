"""`MergeIntoWriter`: MERGE INTO a table, as `DataFrame.mergeInto` begins it."""

from pyspark.sql._bridge import Node
from pyspark.sql.column import Column, not_expected

__all__ = ["MergeIntoWriter"]


class MergeIntoWriter:
    def __init__(self, df, table, condition):
        if not isinstance(condition, Column):
            raise not_expected("condition", "Column", condition)
        self._df, self._table, self._condition = df, table, condition
        self._actions = {"matchActions": [], "notMatchedActions": [], "notMatchedBySourceActions": []}
        self._columns = [condition]
        self._evolves = False

    def whenMatched(self, condition=None):
        return WhenMatched(self, "matchActions", condition)

    def whenNotMatched(self, condition=None):
        return WhenNotMatched(self, "notMatchedActions", condition)

    def whenNotMatchedBySource(self, condition=None):
        return WhenMatched(self, "notMatchedBySourceActions", condition)

    def withSchemaEvolution(self):
        self._evolves = True
        return self

    def merge(self):
        self._df._session._command(
            Node(
                kind="MergeIntoTableCommand",
                targetTableName=self._table,
                sourceTablePlan=self._df._node,
                mergeCondition=self._condition._node,
                withSchemaEvolution=self._evolves,
                **self._actions,
            ),
            [self._df],
            self._columns,
        )


class _When:
    def __init__(self, writer, which, condition):
        self._writer, self._which, self._condition = writer, which, condition

    def _act(self, kind, assignments=None):
        writer = self._writer
        action = {"kind": "MergeAction", "actionType": kind}
        if self._condition is not None:
            action["condition"] = self._condition._node
            writer._columns.append(self._condition)
        pairs = []
        for key, value in (assignments or {}).items():
            if not isinstance(value, Column):
                raise not_expected("assignments", "dict[str, Column]", value)
            writer._columns.append(value)
            pairs.append({"key": Node(kind="ExpressionString", expression=key), "value": value._node})
        writer._actions[self._which].append(Node({**action, "assignments": pairs}))
        return writer


class WhenMatched(_When):
    def updateAll(self):
        return self._act("updateStar")

    def update(self, assignments):
        return self._act("update", assignments)

    def delete(self):
        return self._act("delete")


class WhenNotMatched(_When):
    def insertAll(self):
        return self._act("insertStar")

    def insert(self, assignments):
        return self._act("insert", assignments)
