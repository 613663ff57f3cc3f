"""Runs the cells of a page: what one declares the next ones know, and the value of the last line is shown."""

import ast
import json
import linecache
import sys
import traceback

import _lakelet
from pyodide.ffi import run_sync
from pyspark.errors import PySparkException
from pyspark.sql import _bridge
from pyspark.sql import functions as _functions
from pyspark.sql import types as _types
from pyspark.sql.dataframe import DataFrame
from pyspark.sql.session import SparkSession
from pyspark.sql.udf import call_batch as _call_batch


def _transport(method, payload):
    return run_sync(_lakelet.request(method, payload))


_bridge.transport = _transport

_scope = {"__name__": "__main__", "__builtins__": __builtins__}
_programs = 0


def _fresh():
    """What a cell finds without importing it."""
    zone = _bridge.request("confGet", "spark.sql.session.timeZone")
    try:
        from zoneinfo import ZoneInfo

        _types.set_local_zone(ZoneInfo(zone))
    except Exception:
        # Without the zone's rules naive datetimes are those of the computer.
        pass
    _scope.update(
        spark=SparkSession(), F=_functions, col=_functions.col, lit=_functions.lit, expr=_functions.expr, display=display
    )


def display(value):
    """Shows a DataFrame as a table, anything else as text."""
    if isinstance(value, DataFrame):
        failure = run_sync(_lakelet.show(json.dumps({"plan": _bridge.flatten(value._node)})))
        if failure:
            _raise(failure)
    else:
        print(value if isinstance(value, str) else repr(value))


def _raise(text):
    from pyspark.errors import from_wire

    raise from_wire(json.loads(text)) from None


def run(code):
    """Runs a program. Gives nothing, or what went wrong as JSON."""
    global _programs
    if "spark" not in _scope:
        _fresh()
    _programs += 1
    name = f"<cell {_programs}>"
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    try:
        tree = ast.parse(code, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec"), _scope)
        if last is not None:
            value = eval(compile(last, name, "eval"), _scope)
            if value is not None:
                _scope["_"] = value
                display(value)
    except SystemExit:
        pass
    except BaseException as error:
        return json.dumps(_failure(error, name))
    finally:
        sys.stdout.flush()
    return ""


def _failure(error, name):
    """An exception as the page shows it: Spark's condition, the text, and the line of the cell."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return {"title": type(error).__name__, "message": error.msg, "line": error.lineno, "column": error.offset}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith("<cell ")]
    own = [frame for frame in frames if frame.filename == name]
    place = {"line": own[-1].lineno} if own else {}
    if isinstance(error, PySparkException):
        fragments = [c.fragment() for c in error.getQueryContext() if c.contextType() == "SQL" and c.fragment()]
        title = error.getCondition() or type(error).__name__
        return {"title": title, "message": str(error), **place, **({"fragment": fragments[0]} if fragments else {})}
    steps = "".join(f"  line {frame.lineno}, in {frame.name}\n    {frame.line}\n" for frame in frames)
    text = f"{type(error).__name__}: {error}"
    return {"title": type(error).__name__, "message": f"{steps}{text}" if len(frames) > 1 else text, **place}


def call_batch(function_id, types, rows):
    """A batch for a function that a program made into a UDF."""
    return json.dumps(_call_batch(function_id, json.loads(types), json.loads(rows)))
