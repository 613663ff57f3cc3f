"""Records every binary operator over every ordered pair of types: name, type, nullability, values or the error.

    SPARK_REMOTE=sc://... python e2e/spark/functions/record_operators.py
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from recording import connect, record, save

# Three values of each type; the last is NULL of that type.
TYPES = {
    "tinyint": ["5Y", "-3Y"],
    "smallint": ["7S", "-2S"],
    "int": ["11", "-4"],
    "bigint": ["13L", "-5L"],
    "float": ["CAST(2.5 AS FLOAT)", "CAST(-0.75 AS FLOAT)"],
    "double": ["3.25D", "-1.5D"],
    "decimal(10,2)": ["CAST(12.34 AS DECIMAL(10,2))", "CAST(-5.67 AS DECIMAL(10,2))"],
    "decimal(38,18)": ["CAST(1.5 AS DECIMAL(38,18))", "CAST(-2.25 AS DECIMAL(38,18))"],
    "string": ["'6'", "'-8'"],
    "boolean": ["true", "false"],
    "binary": ["X'41'", "X'4243'"],
    "date": ["DATE '2024-02-29'", "DATE '1999-12-31'"],
    "timestamp": ["TIMESTAMP '2024-02-29 12:34:56.789'", "TIMESTAMP '1969-12-31 23:59:59'"],
    "timestamp_ntz": ["TIMESTAMP_NTZ '2024-02-29 12:34:56.789'", "TIMESTAMP_NTZ '1969-12-31 23:59:59'"],
    "interval year to month": ["INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '-0-3' YEAR TO MONTH"],
    "interval day to second": ["INTERVAL '1 02:03:04' DAY TO SECOND", "INTERVAL '-0 00:30:00' DAY TO SECOND"],
    "interval day": ["INTERVAL '3' DAY", "INTERVAL '-1' DAY"],
    "interval": ["make_interval(0, 1, 0, 2, 3)", "make_interval(0, 0, 0, -1)"],
    "array<int>": ["array(1, 2)", "array(0)"],
    "map<string,int>": ["map('a', 1)", "map('b', 2)"],
    "struct<a:int>": ["named_struct('a', 1)", "named_struct('a', 0)"],
    "void": ["NULL", "NULL"],
}

OPERATORS = [
    "a + b", "a - b", "a * b", "a / b", "a % b", "a div b", "pmod(a, b)", "try_add(a, b)", "try_divide(a, b)",
    "a = b", "a <=> b", "a < b", "a >= b", "a != b", "a & b", "a | b", "a AND b", "a || b",
    "coalesce(a, b)", "CASE WHEN a IS NULL THEN b ELSE a END", "if(a IS NULL, a, b)", "a IN (b)", "greatest(a, b)",
    "array(a, b)", "nullif(a, b)", "nvl2(a, a, b)", "a BETWEEN b AND b", "a LIKE b", "map(1, a, 2, b)",
]


def source(left, right):
    l, r = TYPES[left], TYPES[right]
    rows = [(l[0], r[1]), (l[1], r[0]), (l[0], l[0] if left == right else r[0]), ("NULL", r[0]), (l[1], "NULL")]
    values = ", ".join(f"({a}, {b})" for a, b in rows)
    cast = lambda c, t: c if t in ("void", "interval") else f"CAST({c} AS {t}) AS {c}"
    return f"FROM (SELECT {cast('a', left)}, {cast('b', right)} FROM VALUES {values} AS v(a, b))"


def main():
    spark = connect()
    ansi = spark.conf.get("spark.sql.ansi.enabled")
    assert ansi == "true", ansi
    cases = []
    for left in TYPES:
        for right in TYPES:
            answers = {}
            for operator in OPERATORS:
                answers[operator] = record(spark, operator, source(left, right))
            cases.append({"left": left, "right": right, "source": source(left, right), "answers": answers})
        print(left, file=sys.stderr)
    save(os.path.join(os.path.dirname(__file__), "operators.json"), cases)


main()
