"""`TableValuedFunction`: table functions, as `spark.tvf` offers them."""

from pyspark.sql.column import to_col
from pyspark.sql.dataframe import build, empty, numbered

__all__ = ["TableValuedFunction"]


class TableValuedFunction:
    def __init__(self, session):
        self._session = session

    def range(self, start, end=None, step=1, numPartitions=None):
        return self._session.range(start, end, step, numPartitions)

    def _call(self, name, *args):
        columns = [to_col(a) for a in args]
        node = numbered("UnresolvedTableValuedFunction", functionName=name, arguments=[c._node for c in columns])
        return build(self._session, node, [], columns)

    def json_tuple(self, input, *fields):
        if not fields:
            raise empty("field")
        return self._call("json_tuple", input, *fields)

    def stack(self, n, *fields):
        return self._call("stack", n, *fields)


def _method(name, arity):
    def method(self, *args):
        if len(args) != arity:
            raise TypeError(f"{name}() takes {arity} arguments but {len(args)} were given")
        return self._call(name, *args)

    method.__name__ = name
    return method


for _name in "explode explode_outer inline inline_outer posexplode posexplode_outer variant_explode variant_explode_outer".split():
    setattr(TableValuedFunction, _name, _method(_name, 1))
for _name in "collations sql_keywords python_worker_logs".split():
    setattr(TableValuedFunction, _name, _method(_name, 0))
