"""`assertDataFrameEqual` and `assertSchemaEqual`."""

from pyspark.errors import PySparkAssertionError
from pyspark.sql import types as T
from pyspark.sql.dataframe import DataFrame

__all__ = ["assertDataFrameEqual", "assertSchemaEqual"]


def _without(type_, nullable, order, names):
    if isinstance(type_, T.StructType):
        fields = [
            T.StructField(
                "" if names else f.name, _without(f.dataType, nullable, order, names), nullable or f.nullable
            )
            for f in type_.fields
        ]
        return T.StructType(sorted(fields, key=lambda f: f.name) if order else fields)
    if isinstance(type_, T.ArrayType):
        return T.ArrayType(_without(type_.elementType, nullable, order, names), nullable or type_.containsNull)
    if isinstance(type_, T.MapType):
        return T.MapType(
            _without(type_.keyType, nullable, order, names),
            _without(type_.valueType, nullable, order, names),
            nullable or type_.valueContainsNull,
        )
    return type_


def assertSchemaEqual(actual, expected, ignoreNullable=True, ignoreColumnOrder=False, ignoreColumnName=False):
    a = _without(actual, ignoreNullable, ignoreColumnOrder, ignoreColumnName)
    b = _without(expected, ignoreNullable, ignoreColumnOrder, ignoreColumnName)
    if a != b:
        import difflib

        diff = difflib.ndiff(str(actual).splitlines(), str(expected).splitlines())
        raise PySparkAssertionError(
            errorClass="DIFFERENT_SCHEMA", messageParameters={"error_msg": "--- actual\n+++ expected\n" + "\n".join(diff)}
        )


def _same(a, b, rtol, atol):
    if isinstance(a, float) and isinstance(b, float):
        if a != a or b != b:
            return a != a and b != b
        return a == b or abs(a - b) <= atol + rtol * abs(b)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(_same(x, y, rtol, atol) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(v, b[k], rtol, atol) for k, v in a.items())
    return a == b


def assertDataFrameEqual(
    actual,
    expected,
    checkRowOrder=False,
    rtol=1e-5,
    atol=1e-8,
    ignoreNullable=True,
    ignoreColumnOrder=False,
    ignoreColumnName=False,
    ignoreColumnType=False,
    maxErrors=None,
    showOnlyDiff=False,
    includeDiffRows=False,
):
    if actual is None and expected is None:
        return
    if isinstance(actual, DataFrame) and isinstance(expected, DataFrame) and not ignoreColumnType:
        assertSchemaEqual(actual.schema, expected.schema, ignoreNullable, ignoreColumnOrder, ignoreColumnName)

    def rows_of(given):
        if isinstance(given, DataFrame):
            if ignoreColumnOrder:
                given = given.select(*sorted(given.columns))
            return given.collect()
        return list(given)

    ours, theirs = rows_of(actual), rows_of(expected)
    if not checkRowOrder:
        ours, theirs = sorted(ours, key=str), sorted(theirs, key=str)
    pairs = [
        (a, b)
        for a, b in ((ours[i] if i < len(ours) else None, theirs[i] if i < len(theirs) else None)
                     for i in range(max(len(ours), len(theirs))))
        if not (a is not None and b is not None and _same(tuple(a), tuple(b), rtol, atol))
    ]
    if pairs:
        total = max(len(ours), len(theirs))
        lines = [f"( {len(pairs) / total * 100:.5f} % )", "*** actual ***"]
        shown = pairs[:maxErrors]
        lines += [f"! {a}" for a, _ in shown] + ["", "*** expected ***"] + [f"! {b}" for _, b in shown]
        raise PySparkAssertionError(
            errorClass="DIFFERENT_ROWS",
            messageParameters={"error_msg": "Results do not match: " + "\n".join(lines)},
            data=pairs if includeDiffRows else None,
        )
