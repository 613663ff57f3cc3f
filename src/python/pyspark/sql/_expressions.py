"""Expressions as plan data: literals, calls, and how a Column prints them."""

import base64
import datetime
import decimal
import itertools

from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql import types as T
from pyspark.sql._bridge import Node

_lambda_numbers = itertools.count(1)


def literal(type_, value):
    return Node(kind="Literal", dataType=type_._plan(), value=value)


def text(value):
    return literal(T.StringType(), value)


def call(name, *args, distinct=False):
    node = Node(kind="UnresolvedFunction", functionName=name, arguments=list(args))
    if distinct:
        node["isDistinct"] = True
    return node


def attribute(name):
    """A column by name; `*` and `t.*` are all columns."""
    if name == "*":
        return Node(kind="UnresolvedStar")
    if name.endswith(".*"):
        return Node(kind="UnresolvedStar", unparsedTarget=name)
    return Node(kind="UnresolvedAttribute", unparsedIdentifier=name)


def scalar(value):
    """The literal of one value."""
    if value is None:
        return literal(T.NullType(), None)
    if isinstance(value, bool):
        return literal(T.BooleanType(), value)
    if isinstance(value, int):
        if -(2**31) <= value < 2**31:
            return literal(T.IntegerType(), int(value))
        if -(2**63) <= value < 2**63:
            return literal(T.LongType(), T.whole_plain(value))
        raise PySparkValueError(
            errorClass="VALUE_NOT_BETWEEN",
            messageParameters={"arg_name": "value", "min": str(-(2**63)), "max": str(2**63 - 1)},
        )
    if isinstance(value, float):
        return literal(T.DoubleType(), T.float_plain(value))
    if isinstance(value, str):
        return literal(T.StringType(), str(value))
    if isinstance(value, decimal.Decimal):
        digits = value.as_tuple()
        scale = max(0, -digits.exponent)
        precision = max(10, len(digits.digits) + max(0, digits.exponent), scale)
        return literal(T.DecimalType(precision, scale), format(value, "f"))
    if isinstance(value, (bytes, bytearray)):
        return literal(T.BinaryType(), {"$bytes": base64.b64encode(bytes(value)).decode()})
    if isinstance(value, datetime.datetime):
        return literal(T.TimestampType(), T.whole_plain(T.micros_of(value)))
    if isinstance(value, datetime.date):
        return literal(T.DateType(), T.plain(value, T.DateType()))
    if isinstance(value, datetime.time):
        return literal(T.TimeType(), T.plain(value, T.TimeType()))
    if isinstance(value, datetime.timedelta):
        return literal(T.DayTimeIntervalType(), T.plain(value, T.DayTimeIntervalType()))
    raise PySparkTypeError(
        errorClass="UNSUPPORTED_LITERAL",
        messageParameters={"literal": str(value)},
    )


def lambda_function(function):
    """A Python function over Columns as a lambda; its variables have the names of its parameters."""
    import inspect

    from pyspark.sql.column import Column

    parameters = inspect.signature(function).parameters
    if not 1 <= len(parameters) <= 3:
        raise PySparkValueError(
            errorClass="WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION",
            messageParameters={"func_name": function.__name__, "num_args": str(len(parameters))},
        )
    for parameter in parameters.values():
        if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            raise PySparkValueError(
                errorClass="UNSUPPORTED_PARAM_TYPE_FOR_HIGHER_ORDER_FUNCTION",
                messageParameters={"func_name": function.__name__},
            )
    variables = [
        Node(kind="UnresolvedNamedLambdaVariable", nameParts=[f"{name}_{next(_lambda_numbers)}"])
        for name in ("x", "y", "z")[: len(parameters)]
    ]
    result = function(*[Column(v) for v in variables])
    if not isinstance(result, Column):
        raise PySparkValueError(
            errorClass="HIGHER_ORDER_FUNCTION_SHOULD_RETURN_COLUMN",
            messageParameters={"func_name": function.__name__, "return_type": type(result).__name__},
        )
    return Node(kind="LambdaFunction", function=result._node, arguments=variables)


def sort_order(node, direction="ascending", nulls=None):
    """An order by an expression; ascending puts nulls first unless told otherwise."""
    nulls = nulls or ("first" if direction == "ascending" else "last")
    return Node(kind="SortOrder", child=node, direction=direction, nullOrdering=nulls)


def as_order(node):
    return node if node["kind"] == "SortOrder" else sort_order(node)


# --- text --------------------------------------------------------------------


def describe(root):
    """An expression as PySpark prints it in `Column<'...'>`."""
    from pyspark.sql._bridge import children

    texts, open_ = {}, [root]
    while open_:
        node = open_[-1]
        waiting = [] if node["kind"] == "Literal" else [c for c in children(node) if id(c) not in texts]
        if waiting:
            open_.extend(waiting)
            continue
        open_.pop()
        texts[id(node)] = _describe(node, lambda child: texts[id(child)])
    return texts[id(root)]


def _describe(e, show):
    def each(items):
        return ", ".join(show(item) for item in items)

    kind = e["kind"]
    if kind == "Literal":
        return _literal_text(e)
    if kind == "UnresolvedAttribute":
        return e["unparsedIdentifier"]
    if kind == "UnresolvedStar":
        return f"unresolvedstar({e.get('unparsedTarget', '')})"
    if kind == "UnresolvedRegex":
        return f"UnresolvedRegex({e['colName']})"
    if kind == "ExpressionString":
        return e["expression"]
    if kind == "UnresolvedFunction":
        if e["functionName"] == "when":
            return _case_text(e["arguments"], show)
        return f"{e['functionName']}({'distinct ' if e.get('isDistinct') else ''}{each(e['arguments'])})"
    if kind == "CallFunction":
        return f"CallFunction('{e['functionName']}', {each(e['arguments'])})"
    if kind == "UserDefinedFunction":
        return f"{e['functionName']}({each(e['arguments'])})"
    if kind == "Alias":
        return f"{show(e['expr'])} AS {','.join(e['name'])}"
    if kind == "Cast":
        type_ = e["typeStr"] if "typeStr" in e else T.type_from_plan(e["type"]).simpleString()
        return f"{'TRY_CAST' if e.get('evalMode') == 'try' else 'CAST'}({show(e['expr'])} AS {type_.upper()})"
    if kind == "SortOrder":
        return f"{show(e['child'])} {'ASC' if e['direction'] == 'ascending' else 'DESC'} NULLS {e['nullOrdering'].upper()}"
    if kind == "LambdaFunction":
        return f"LambdaFunction({show(e['function'])}, {each(e['arguments'])})"
    if kind == "UnresolvedNamedLambdaVariable":
        return ", ".join(e["nameParts"])
    if kind == "Window":
        return f"WindowExpression({show(e['windowFunction'])}, ({window_text(e, show)}))"
    if kind == "UnresolvedExtractValue":
        return f"{show(e['child'])}['{show(e['extraction'])}']"
    if kind == "UpdateFields":
        if "valueExpression" not in e:
            return f"drop_field({show(e['structExpression'])}, {e['fieldName']})"
        return f"update_field({show(e['structExpression'])}, {e['fieldName']}, {show(e['valueExpression'])})"
    if kind == "NamedArgument":
        return f"{e['key']} => {show(e['value'])}"
    if kind == "SubqueryExpression":
        return f"SubqueryExpression({e['subqueryType']})"
    if kind == "DirectShufflePartitionId":
        return f"DirectShufflePartitionID({show(e['child'])})"
    return kind


def _case_text(args, show):
    parts = [f" WHEN {show(c)} THEN {show(v)}" for c, v in zip(args[0::2], args[1::2])]
    last = f" ELSE {show(args[-1])}" if len(args) % 2 else ""
    return f"CASE{''.join(parts)}{last} END"


def window_text(spec, show=describe):
    parts = []
    if spec["partitionSpec"]:
        parts.append(f"PartitionBy({', '.join(show(p) for p in spec['partitionSpec'])})")
    if spec["orderSpec"]:
        parts.append(f"OrderBy({', '.join(show(o) for o in spec['orderSpec'])})")
    if "frameSpec" in spec:
        frame = spec["frameSpec"]

        def bound(b, unbounded):
            return {"currentRow": "0", "unbounded": unbounded}.get(b["kind"]) or show(b["value"])

        lower, upper = bound(frame["lower"], str(-(2**63))), bound(frame["upper"], str(2**63 - 1))
        parts.append(f"WindowFrame({frame['frameType'].upper()}_FRAME, {lower}, {upper})")
    return f"WindowSpec({', '.join(parts)})"


def _literal_text(e):
    type_, value = T.type_from_plan(e["dataType"]), e["value"]
    if value is None:
        return "NULL"
    if isinstance(value, dict):
        if "$bytes" in value:
            return str(base64.b64decode(value["$bytes"]))
        return {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}.get(value.get("$number")) or value["$int"]
    if isinstance(type_, T.DateType):
        return str(T.reader(type_)(value))
    if isinstance(type_, T.TimestampType):
        return T.reader(type_)(value).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(type_, (T.TimestampNTZType, T.TimeType)):
        return str(T.reader(type_)(value))
    if isinstance(type_, T.DayTimeIntervalType):
        return _interval_text(value)
    return str(value)


def _interval_text(micros):
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    seconds, micros = divmod(micros, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    fraction = f".{micros:06d}".rstrip("0") if micros else ""
    return f"{sign}P{days}DT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}{fraction}S"
