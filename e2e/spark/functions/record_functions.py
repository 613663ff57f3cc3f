"""Records functions and operators at their corners: NULLs, empties, extremes, wrong types and numbers of arguments.

    SPARK_REMOTE=sc://... python e2e/spark/functions/record_functions.py [topic]
"""

import itertools
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from recording import connect, record, save

NUMBERS = [
    "127Y", "-32768S", "2147483647", "-2147483648", "9223372036854775807L", "0", "-1", "1.5BD", "-99999999999999999999999999999999999999BD", "12345678901234567890.123456789BD",
    "CAST(1 AS DECIMAL(38,18))", "2.5D", "-0.0D", "CAST('NaN' AS DOUBLE)", "CAST(2.5 AS FLOAT)", "NULL", "'3'",
]
PAIRS = ["{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / {b}", "{a} % {b}", "{a} div {b}", "pmod({a}, {b})"]
TRIED = ["try_add({a}, {b})", "try_subtract({a}, {b})", "try_multiply({a}, {b})", "try_divide({a}, {b})", "try_mod({a}, {b})"]
COMPARED = ["{a} = {b}", "{a} < {b}", "{a} <=> {b}", "greatest({a}, {b})", "coalesce({a}, {b})"]
BITS = ["{a} & {b}", "{a} | {b}", "{a} ^ {b}", "{a} << {b}", "{a} >> {b}", "{a} >>> {b}"]
WHOLE = ["127Y", "-32768S", "2147483647", "-2147483648", "-9223372036854775808L", "1", "-1", "33", "NULL", "'3'", "1.5BD"]


def arithmetic():
    for a, b in itertools.product(NUMBERS, NUMBERS):
        for form in PAIRS + TRIED:
            yield form.format(a=a, b=b)


def comparisons():
    for a, b in itertools.product(NUMBERS, NUMBERS):
        for form in COMPARED:
            yield form.format(a=a, b=b)
    for a in NUMBERS:
        for f in ("-({})", "+({})", "abs({})", "~({})", "isnan({})", "{} IS NULL", "nvl({}, 1)", "nullif({}, 1)", "nullifzero({})", "zeroifnull({})", "string({})", "boolean({})"):
            yield f.format(a)


def bits():
    for a, b in itertools.product(WHOLE, WHOLE):
        for form in BITS:
            yield form.format(a=a, b=b)


TEMPORAL = [
    "DATE '2024-01-31'", "TIMESTAMP '2024-02-29 23:30:00.5'", "TIMESTAMP_NTZ '2024-02-29 23:30:00.5'", "INTERVAL '-13' MONTH", "INTERVAL '2' YEAR", "INTERVAL '1' DAY", "INTERVAL '-36' HOUR",
    "INTERVAL '1 02:03:04.000005' DAY TO SECOND", "INTERVAL '106751991' DAY", "make_interval(1, 1, 1, 1, 1, 1, 1.5)", "make_interval(0, 1, 0, 1)", "-2", "2.5BD", "0.5D", "'2'", "'2024-03-01'", "NULL", "0",
]


def datetime_arithmetic():
    for a, b in itertools.product(TEMPORAL, TEMPORAL):
        for form in ("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / {b}", "try_add({a}, {b})", "try_subtract({a}, {b})", "{a} < {b}"):
            yield form.format(a=a, b=b)
    for a in TEMPORAL:
        for f in ("-({})", "abs({})", "+({})", "date_add({}, 1)", "date_sub({}, 1)", "date_add('2024-01-01', {})"):
            yield f.format(a)


def conditionals():
    values = ["1", "2L", "1.5BD", "'5'", "NULL", "true", "DATE '2024-01-01'", "TIMESTAMP '2024-01-01 00:00:00'", "array(1)", "array(1.5D, NULL)", "map('a', 1)", "named_struct('a', 1)", "named_struct('A', 2L)", "X'41'", "INTERVAL '1' DAY"]
    forms = ["coalesce({a}, {b})", "if(true, {a}, {b})", "CASE WHEN false THEN {a} ELSE {b} END", "CASE {a} WHEN {b} THEN 1 END", "nvl({a}, {b})", "nvl2({a}, {b}, 1)", "nullif({a}, {b})", "array({a}, {b})", "map({a}, {b})", "{a} IN ({b}, NULL)", "greatest({a}, {b})", "least({a}, NULL, {b})", "struct({a}, {b})", "concat({a}, {b})", "equal_null({a}, {b})", "{a} IS DISTINCT FROM {b}", "nanvl({a}, {b})"]
    for a, b in itertools.product(values, values):
        for form in forms:
            yield form.format(a=a, b=b)
    yield from ["coalesce()", "coalesce(1)", "if(1, 2)", "nvl(1)", "nvl2(1, 2)", "greatest(1)", "least()", "array()", "map()", "map(1)", "struct()", "named_struct()", "named_struct('a')", "named_struct('a', 1, 'b')", "named_struct(1, 2)", "named_struct(NULL, 2)", "concat()", "concat(NULL)", "isnull()", "isnan('x')", "nullif(1)", "ifnull(NULL, 1)", "ifnull(1, 'a')", "if(NULL, 1, 2)", "if('true', 1, 2)", "if('x', 1, 2)", "if(1, 2, 3)", "CASE WHEN 1 THEN 2 END", "CASE WHEN 'true' THEN 2 END", "CASE WHEN true THEN 1 WHEN 2 THEN 3 END", "CASE WHEN NULL THEN 1 END", "CASE WHEN true THEN NULL END", "NOT 1", "NOT 'x'", "NOT NULL", "true AND 'false'", "1 AND true", "NULL OR true", "false OR NULL", "true AND NULL"]


def matching():
    texts = ["'abc'", "''", "NULL", "'a%c'", "'a_c'", "'A\\nB'", "'\\\\'", "'été'", "1", "array(1)", "X'41'"]
    likes = ["'a%'", "'%'", "''", "'_b_'", "'a\\\\%c'", "'a\\\\bc'", "'abc\\\\'", "NULL", "'%b%'", "'ABC'", "'é_é'", "1"]
    for a, b in itertools.product(texts, likes):
        yield f"{a} LIKE {b}"
        yield f"{a} ILIKE {b}"
        yield f"{a} NOT LIKE {b} ESCAPE '/'"
    patterns = ["'b'", "'^a.c$'", "'a|z'", "'(?i)ABC'", "'[a-c]+'", "'\\\\\\\\d'", "'('", "'a++c'", "'(?<x>a)(?=b)'", "'\\\\\\\\bабв'", "'[[:alpha:]]'", "'\\\\\\\\p{L}+'", "''", "NULL", "'[a-z&&[^b]]+'", "'\\\\\\\\Qa%\\\\\\\\E'", "'.'", "'$'", "'b$'", "'(a)(b)\\\\\\\\2'"]
    for a, b in itertools.product(texts, patterns):
        yield f"{a} RLIKE {b}"
    yield from ["'a' LIKE ANY ('a', 'b')", "'a' LIKE ALL ('a', 'b')", "'a' NOT LIKE ANY ('a', 'b')", "'a' NOT LIKE ALL ('b', NULL)", "NULL LIKE ANY ('a')", "'a' ILIKE ANY ('A')", "like('a', 'a', 'ab')", "like('a/%', 'a//%', '/')", "regexp_like('a', 'b')", "regexp('a', 'b')", "like('a')", "rlike('a')", "'a' LIKE array(1)"]


def constructors():
    yield from ["array(1, 2)[0]", "array(1, 2)[2]", "array(1, 2)[-1]", "array(1, NULL)[1]", "array(1)[NULL]", "array(1)['0']", "array(1)[1.5]", "CAST(NULL AS ARRAY<INT>)[0]", "map('a', 1)['a']", "map('a', 1)['b']", "map(1, 2)[1L]", "map(1, 2)['1']", "map(1, 2)['x']", "map('a', 1)[1]", "map(1, 'x')[NULL]", "CAST(NULL AS MAP<STRING, INT>)['a']", "named_struct('a', 1).a", "named_struct('a', 1).A", "named_struct('a', 1).b", "named_struct('a', 1)['a']", "named_struct('a', 1, 'A', 2).a", "array(named_struct('a', 1), NULL).a", "array(named_struct('a', 1)).b", "map(1, 2, 1, 3)", "map(NULL, 1)", "map(0.0D, 1, -0.0D, 2)", "map(map(1, 2), 3)", "map(array(1), 2)", "map(named_struct('a', 1), 2)", "map('a', NULL, 'b', 1.5)", "struct(1 AS a, 2 AS b, 3)", "struct(named_struct('a', 1).a, 2)", "named_struct('x', array(1), 'y', map(1, 2))", "1.a", "'x'.a", "array(array(1), NULL)[0][0]", "array(1) || array(2)", "array(1) || NULL", "array(1) || array('x')", "X'41' || X'42'", "'a' || 1 || true", "concat('a', X'42')", "concat(array(1), array(NULL))", "named_struct('a', CAST(NULL AS INT)).a", "if(true, NULL, named_struct('a', 1)).a", "array()[0]", "map()[1]", "array(1Y, 2S, 3L)", "array(1, 2.5, '3')", "array(NULL, NULL)", "array(DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00')", "array(INTERVAL '1' DAY, INTERVAL '1' HOUR)", "array(named_struct('a', 1), named_struct('a', NULL))", "array(array(1), array(NULL))", "array(map(1, 2), map(3L, NULL))"]
    for t in ("boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "date", "timestamp", "binary", "string"):
        for v in ("1", "'1'", "NULL", "true", "1.5BD", "'x'", "DATE '2024-01-01'", "array(1)", "X'41'"):
            yield f"{t}({v})"
        yield f"{t}()"
        yield f"{t}(1, 2)"
    for a, b in itertools.product(["array(1, NULL)", "array(1, 2)", "array()", "array(NULL)", "CAST(NULL AS ARRAY<INT>)", "named_struct('a', 1, 'b', NULL)", "named_struct('a', 1, 'b', 2)", "array(named_struct('a', NULL))", "array(named_struct('a', 1))"], repeat=2):
        for op in ("=", "<", ">=", "<=>"):
            yield f"{a} {op} {b}"
    for x in ("array(1, NULL)", "map('a', NULL, 'b', 1)", "named_struct('a', NULL, 'b', 'x')", "array(1.5D, NULL)", "array(DATE '2024-01-01')", "map(1, array(NULL))", "named_struct('x', TIMESTAMP '2024-01-01 01:02:03')", "array(X'41')", "array(INTERVAL '1' DAY)", "array(CAST(1.5 AS DECIMAL(3,2)))", "array(true)", "array('a', 'b')", "struct()"):
        yield f"CAST({x} AS STRING)"


ROWS = """FROM VALUES
 (1, 'x', 2.50BD, 1.5D, true, DATE '2024-01-01', INTERVAL '1' DAY, INTERVAL '2' MONTH, array(1, NULL), 3L, 1.5BD, X'41'),
 (1, 'y', -1.25BD, -0.5D, false, DATE '2023-06-30', INTERVAL '3' DAY, INTERVAL '-5' MONTH, array(1), 4L, 0.5BD, X'42'),
 (2, 'x', NULL, CAST('NaN' AS DOUBLE), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (2, NULL, 100.00BD, 2.25D, true, DATE '2025-12-31', INTERVAL '-2' DAY, INTERVAL '14' MONTH, array(0, 5), 9L, 99.9BD, X'41'),
 (NULL, 'z', 7.77BD, NULL, true, DATE '2024-01-01', INTERVAL '1' DAY, INTERVAL '2' MONTH, array(2), 3L, 1.5BD, X'43')
 AS t(i, s, d, f, b, dd, dt, ym, a, l, e, x)"""
COLUMNS = ["i", "s", "d", "f", "b", "dd", "dt", "ym", "a", "l", "x", "NULL", "1"]
UNARY = ["count", "sum", "avg", "mean", "min", "max", "first", "last", "any_value", "first_value", "last_value", "collect_list", "array_agg", "stddev", "std", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop", "skewness", "kurtosis", "median", "approx_count_distinct", "mode", "count_if", "bool_and", "every", "bool_or", "some", "any", "bit_and", "bit_or", "bit_xor", "try_sum", "try_avg", "listagg", "string_agg"]
BINARY = ["corr", "covar_pop", "covar_samp", "regr_count", "regr_avgx", "regr_avgy", "regr_r2", "regr_slope", "regr_intercept", "regr_sxx", "regr_syy", "regr_sxy", "max_by", "min_by"]


def aggregates():
    for f in UNARY:
        for c in COLUMNS:
            yield f"{f}({c}) {ROWS}"
            yield f"{f}({c}) {ROWS} WHERE false"
        yield f"{f}(DISTINCT i) {ROWS}"
        yield f"{f}(i) FILTER (WHERE s = 'x') {ROWS}"
        yield f"{f}() {ROWS}"
        yield f"{f}(i, 1, 2) {ROWS}"
    for f in BINARY:
        for a, b in (("i", "l"), ("f", "i"), ("d", "l"), ("s", "i"), ("i", "s"), ("i", "b"), ("1", "1"), ("NULL", "i"), ("dd", "i"), ("i", "a"), ("i", "dd")):
            yield f"{f}({a}, {b}) {ROWS}"
        yield f"{f}(i) {ROWS}"
        yield f"{f}(i, l) {ROWS} WHERE false"
        yield f"{f}(i, l) {ROWS} WHERE s = 'y'"
    yield from (f"{q} {ROWS}" for q in [
        "count(*)", "count(i, s)", "count(DISTINCT i, s)", "count(DISTINCT s) + sum(i)", "first(s, true)", "last(s, true)", "first(s) IGNORE NULLS", "any_value(i, true)", "first(i, 1)", "last(i, s)",
        "percentile(i, 0.5)", "percentile(f, 0.25)", "percentile(i, array(0.0, 0.3, 1.0))", "percentile(l, 0.5, l)", "percentile(i, 2)", "percentile(i, -0.1)", "percentile(i, f)", "percentile(s, 0.5)", "percentile(dt, 0.5)", "percentile(ym, 0.5)", "percentile(i, NULL)", "percentile(i, array(0.5, 2.0))",
        "median(dt)", "median(ym)", "percentile_cont(0.5) WITHIN GROUP (ORDER BY i)", "percentile_cont(0.25) WITHIN GROUP (ORDER BY f DESC)", "percentile_disc(0.5) WITHIN GROUP (ORDER BY l)", "percentile_disc(0.25) WITHIN GROUP (ORDER BY l DESC)", "percentile_cont(0.5)", "percentile_disc(2) WITHIN GROUP (ORDER BY l)", "percentile_cont(0.5) WITHIN GROUP (ORDER BY s)",
        "percentile_approx(i, 0.5)", "approx_percentile(d, array(0.1, 0.9))", "approx_percentile(dd, 0.5)", "approx_percentile(l, 0.5, 100)", "approx_percentile(l, 0.5, 0)", "approx_percentile(l, 1.5)", "approx_percentile(s, 0.5)", "approx_percentile(l, 0.0)", "approx_percentile(l, 1.0)", "approx_percentile(dt, 0.5)",
        "mode(l)", "mode(l, true)", "mode(l, false)", "mode() WITHIN GROUP (ORDER BY l)", "mode() WITHIN GROUP (ORDER BY l DESC)", "mode(l, 1)",
        "listagg(s, ',')", "listagg(s, ',') WITHIN GROUP (ORDER BY s DESC)", "listagg(DISTINCT s, '-') WITHIN GROUP (ORDER BY s)", "listagg(i, ',')", "listagg(s, i)", "listagg(x)", "string_agg(s, NULL)", "listagg(b, ',')",
        "collect_list(struct(i, s))", "sort_array(collect_set(l))", "collect_set(map(1, 2))", "max_by(s, l)", "min_by(s, d)", "max_by(i, a)", "max_by(i, map(1, 2))", "max_by(s, l, 2)", "min_by(i, l, 3)",
        "sum(9223372036854775807L)", "sum(CAST(1e37 AS DECIMAL(38,0)))", "avg(CAST(1 AS DECIMAL(38,18)))", "sum(CAST(99999999999999999999999999999999999999 AS DECIMAL(38,0)))", "try_sum(9223372036854775807L)", "try_sum(CAST(99999999999999999999999999999999999999 AS DECIMAL(38,0)))", "sum(INTERVAL '106751991' DAY)", "try_sum(INTERVAL '106751991' DAY)", "avg(e)", "sum(e)", "avg(CAST(l AS SMALLINT))", "sum(CAST(f AS FLOAT))", "avg(CAST(f AS FLOAT))",
        "count_if(i = 1)", "count_if(i)", "bool_and(i = 1)", "sum(i) + count(s)", "sum(sum(i))", "max(i) FILTER (WHERE i > 5)", "min(struct(i, s))", "max(struct(s, i))", "min(array(i, NULL))", "max(map(1, 2))", "sum(DISTINCT l)", "avg(DISTINCT l)", "collect_list(DISTINCT l)", "count(DISTINCT NULL)", "any_value(DISTINCT s)", "regr_count(DISTINCT i, l)",
    ])
    for q in ("count(*), sum(l), avg(d), min(s), max(dd), collect_list(s)", "first(s), last(s), count(DISTINCT l), stddev(l)", "grouping(i), grouping_id(), sum(l)"):
        yield f"i, {q} {ROWS} GROUP BY i ORDER BY i"
        yield f"i, {q} {ROWS} GROUP BY ROLLUP(i) ORDER BY i, 3"


def windows():
    over = ["OVER (ORDER BY l)", "OVER (PARTITION BY i ORDER BY l, s)", "OVER (ORDER BY l ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)", "OVER (ORDER BY l RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)", "OVER (PARTITION BY i)", "OVER ()", "OVER (ORDER BY dd RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW)", "OVER (ORDER BY d DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"]
    functions = ["row_number()", "rank()", "dense_rank()", "percent_rank()", "cume_dist()", "ntile(2)", "lag(l)", "lead(l)", "lag(l, 2, -1L)", "lead(s, 1, 'none')", "lag(s) IGNORE NULLS", "first_value(s)", "last_value(s)", "first_value(s) IGNORE NULLS", "nth_value(l, 2)", "nth_value(s, 2) IGNORE NULLS", "sum(l)", "avg(d)", "count(*)", "min(s)", "max(f)", "collect_list(s)", "stddev(l)", "any_value(l)", "sum(DISTINCT l)", "count_if(b)", "median(l)", "mode(s)", "max_by(s, l)", "sum(d)", "bool_and(b)"]
    for f, o in itertools.product(functions, over):
        yield f"i, l, {f} {o} AS w {ROWS} ORDER BY i, l, s, 3"
        yield f"{f} {o} {ROWS} WHERE false"
    yield from (f"{q} {ROWS}" for q in ["ntile(0) OVER (ORDER BY l)", "ntile(l) OVER (ORDER BY l)", "nth_value(l, 0) OVER (ORDER BY l)", "lag(l, s) OVER (ORDER BY l)", "lag(l, 1, 'x') OVER (ORDER BY l)", "lag() OVER (ORDER BY l)", "row_number(1) OVER (ORDER BY l)", "row_number()", "rank() OVER (PARTITION BY i)", "lead(l, -1) OVER (ORDER BY l)", "lag(l, 1, NULL) OVER (ORDER BY l)", "lag(l, NULL) OVER (ORDER BY l)", "upper(s) OVER (ORDER BY l)", "ntile('2') OVER (ORDER BY l)", "sum(l) OVER (ORDER BY map(1, 2))"])


TOPICS = {f.__name__: f for f in (arithmetic, comparisons, bits, datetime_arithmetic, conditionals, matching, constructors, aggregates, windows)}


def main():
    ansi = connect()
    legacy = connect(spark__sql__ansi__enabled="false")
    for topic, statements in TOPICS.items():
        if sys.argv[1:] and topic not in sys.argv[1:]:
            continue
        cases = []
        for sql in statements():
            case = {"sql": sql, "ansi": record(ansi, sql)}
            if topic in ("arithmetic", "bits", "datetime_arithmetic", "conditionals"):
                case["legacy"] = record(legacy, sql)
                if case["legacy"] == case["ansi"]:
                    case["legacy"] = "same"
            cases.append(case)
        save(os.path.join(os.path.dirname(__file__), f"{topic}.json"), cases)


main()
