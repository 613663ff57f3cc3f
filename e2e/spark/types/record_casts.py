"""Records casts between every ordered pair of types: ANSI (a value a query, since errors end it), try_cast and legacy.

    SPARK_REMOTE=sc://... python e2e/spark/types/record_casts.py
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from recording import connect, record, save

VALUES = {
    "tinyint": ["0Y", "127Y", "-128Y", "1Y"],
    "smallint": ["300S", "-32768S", "1S"],
    "int": ["0", "1", "2147483647", "-2147483648", "12345"],
    "bigint": ["1L", "9223372036854775807L", "-9223372036854775808L", "3000000000L", "1000L"],
    "float": ["CAST(1.5 AS FLOAT)", "CAST(-2.7 AS FLOAT)", "CAST('NaN' AS FLOAT)", "CAST(1e20 AS FLOAT)", "CAST('Infinity' AS FLOAT)", "CAST(0.1 AS FLOAT)", "CAST(1.0E-5 AS FLOAT)", "CAST(16777216 AS FLOAT)"],
    "double": ["1.5D", "-2.5D", "0.0D", "-0.0D", "CAST('NaN' AS DOUBLE)", "1e20D", "CAST('-Infinity' AS DOUBLE)", "0.1D", "1.0E-4D", "1.0E7D", "123456.789D", "1e300D", "127.9D", "9.999999D", "0.001D", "9999999.0D", "1.7976931348623157E308D", "4.9E-324D"],
    "decimal(10,2)": ["CAST(12.34 AS DECIMAL(10,2))", "CAST(-99999999.99 AS DECIMAL(10,2))", "CAST(0 AS DECIMAL(10,2))", "CAST(127.99 AS DECIMAL(10,2))", "CAST(0.05 AS DECIMAL(10,2))"],
    "decimal(38,18)": ["CAST(1.5 AS DECIMAL(38,18))", "CAST(12345678901234567890 AS DECIMAL(38,18))", "CAST(0.000000000000000001 AS DECIMAL(38,18))"],
    "decimal(2,2)": ["CAST(0.5 AS DECIMAL(2,2))", "CAST(-0.05 AS DECIMAL(2,2))"],
    "string": ["'1'", "' 12 '", "'abc'", "''", "'1.5'", "'1e3'", "'-7'", "'+7'", "'true'", "'F'", "'yes'", "'no'", "'2024'", "'2024-02'", "'2024-02-30'", "'2024-02-29'", "'2024-2-9'", "'2024-02-29 12:34:56.789'", "'2024-02-29T12:34:56Z'", "'2024-02-29 12:34:56+02:00'", "'2024-02-29 12'", "'12:34:56'", "'T12:34'", "'inf'", "'NaN'", "'-Infinity'", "'1d'", "'1f'", "'0x10'", "'128'", "'99999999999'", "'1-2'", "'1 02:03:04.5'", "'3'", "'1 day'", "'interval 2 hours 30 seconds'", "'1e400'", "'.5'", "'5.'", "'1_0'", "'12345678901234567890'", "'0.000001'", "'-'", "'2024-02-29 25:00:00'", "'0000-01-01'", "'10000-01-01'", "'+2024-01-01'", "'2024-02-29 foo'", "'1 1'", "'2024-02-29 12:34:56.1234567'", "'2024-02-29 12:34:56 Europe/Berlin'", "'epoch'", "'now'"],
    "boolean": ["true", "false"],
    "binary": ["X'41'", "X''", "X'C3A9'"],
    "date": ["DATE '2024-02-29'", "DATE '1969-12-31'", "DATE '0001-01-01'", "DATE '9999-12-31'", "DATE '+12020-01-01'"],
    "timestamp": ["TIMESTAMP '2024-02-29 12:34:56.789'", "TIMESTAMP '1969-12-31 23:59:59.5'", "TIMESTAMP '1970-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59.999999'", "TIMESTAMP '2024-02-29 12:34:00.120000'"],
    "timestamp_ntz": ["TIMESTAMP_NTZ '2024-02-29 12:34:56.789'", "TIMESTAMP_NTZ '0001-01-01 00:00:00'"],
    "interval year to month": ["INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '-10-11' YEAR TO MONTH"],
    "interval month": ["INTERVAL '14' MONTH", "INTERVAL '-1' MONTH"],
    "interval year": ["INTERVAL '3' YEAR", "INTERVAL '300' YEAR"],
    "interval day to second": ["INTERVAL '1 02:03:04.567' DAY TO SECOND", "INTERVAL '-100 00:00:00' DAY TO SECOND"],
    "interval second": ["INTERVAL '90.5' SECOND", "INTERVAL '-1' SECOND"],
    "interval day": ["INTERVAL '300' DAY", "INTERVAL '-1' DAY"],
    "interval": ["make_interval(1, 2, 3, 4, 5, 6, 7.5)", "make_interval(0, 0, 0, 0, 0, 0, 0)", "make_interval(-1, -1, 0, -1, -1, -1, -1.25)"],
    "array<int>": ["array(1, NULL, 300)", "CAST(array() AS array<int>)"],
    "array<string>": ["array('1', NULL, 'x')", "array('2', '3')"],
    "map<string,int>": ["map('a', 1, 'b', NULL)", "CAST(map() AS map<string,int>)"],
    "struct<a:int,b:string>": ["named_struct('a', 1, 'b', 'x')", "named_struct('a', CAST(NULL AS INT), 'b', '5')"],
    "void": ["NULL"],
}

TARGETS = [
    "tinyint", "smallint", "int", "bigint", "float", "double", "decimal(10,2)", "decimal(38,18)", "decimal(3,1)", "decimal(2,2)",
    "string", "boolean", "binary", "date", "timestamp", "timestamp_ntz", "interval year to month", "interval month", "interval year",
    "interval day to second", "interval second", "interval day", "interval", "array<int>", "array<string>", "array<tinyint>",
    "map<string,int>", "map<string,string>", "struct<a:int,b:string>", "struct<x:bigint,y:int>",
]


def main():
    ansi = connect()
    legacy = connect(spark__sql__ansi__enabled="false")
    cases = []
    for source, values in VALUES.items():
        for target in TARGETS:
            case = {"from": source, "to": target, "ansi": [], "values": values}
            for value in values:
                answer = record(ansi, f"CAST({value} AS {target})")
                case["ansi"].append(answer)
                # An analysis error is the same for all values.
                if "columns" not in answer:
                    break
            rows = f"FROM VALUES {', '.join(f'({v})' for v in values)} AS t(v)"
            case["source"] = rows
            case["column"] = record(ansi, f"CAST(v AS {target})", "FROM VALUES " + ", ".join(f"({v})" for v in values[:1]) + " AS t(v)")
            case["try"] = record(ansi, f"try_cast(v AS {target})", rows)
            case["legacy"] = record(legacy, f"CAST(v AS {target})", rows)
            cases.append(case)
        print(source, file=sys.stderr)
    save(os.path.join(os.path.dirname(__file__), "casts.json"), cases)


main()
