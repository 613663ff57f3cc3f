"""Spark's functions. Most only name their arguments; a table says how each is taken:

`name` a column or the name of one, `name:v` a value as a literal, `name:n` a string as a column's name and anything
else as a literal, `name:o` options as a map, `*names` any number of columns, one by one or in a list; `?` may be left
out, `=x` is x where it is not given; `f>g` is Spark's function g, with `!` over distinct values.
"""

import ast
import decimal
import inspect
from random import randint

from pyspark.errors import PySparkTypeError, PySparkValueError
from pyspark.sql import _expressions as X
from pyspark.sql import types as T
from pyspark.sql._bridge import Node
from pyspark.sql.column import Column, col, fn, lit, not_expected, to_col

_OF_ONE_COLUMN = {
    "col": """
        abs acos acosh array_agg array_compact array_distinct array_max array_min array_size ascii asin asinh
        atan atanh avg base64 bin bit_and bit_count bit_length bit_or bit_xor bitmap_and_agg bitmap_bit_position
        bitmap_bucket_number bitmap_construct_agg bitmap_count bitmap_or_agg bool_and bool_or cardinality cbrt
        char collation collect_list collect_set collect_union cos cosh cot count_if crc32 csc day dayname
        dayofmonth dayofweek dayofyear days degrees every exp explode explode_outer expm1 factorial flatten
        from_base32 grouping hex hll_sketch_estimate hour hours initcap inline inline_outer isnan isnotnull
        isnull json_array_length json_object_keys kll_sketch_get_n_bigint kll_sketch_get_n_double
        kll_sketch_get_n_float kll_sketch_to_string_bigint kll_sketch_to_string_double
        kll_sketch_to_string_float kurtosis length ln log10 log1p log2 lower map_entries map_from_entries
        map_keys map_values max md5 median min minute month monthname months negative nullifzero octet_length
        parse_json posexplode posexplode_outer positive product quarter quote radians reverse rint sec second
        sha sha1 sign signum sin sinh size skewness some soundex sqrt std stddev stddev_pop stddev_samp sum tan
        tanh theta_intersection_agg theta_sketch_estimate time_from_micros time_from_millis time_from_seconds
        time_to_micros time_to_millis time_to_seconds timestamp_micros timestamp_millis timestamp_nanos
        timestamp_seconds to_base32 to_variant_object try_avg try_parse_json try_sum
        tuple_sketch_estimate_double tuple_sketch_estimate_integer tuple_sketch_theta_double
        tuple_sketch_theta_integer unbase64 unhex unix_date unix_micros unix_millis unix_nanos unix_seconds
        unwrap_udt upper var_pop var_samp variance vector_avg vector_sum weekday weekofyear year years
        zeroifnull
    """,
    "": """
        cume_dist curdate current_catalog current_database current_date current_path current_schema
        current_timestamp current_timezone current_user dense_rank e input_file_block_length
        input_file_block_start input_file_name localtimestamp monotonically_increasing_id now percent_rank pi
        rank row_number session_user spark_partition_id user version
    """,
    "str": """
        char_length character_length is_valid_utf8 lcase make_valid_utf8 try_url_decode try_validate_utf8 ucase
        url_decode url_encode validate_utf8
    """,
    "v": """
        is_valid_variant is_variant_null schema_of_variant schema_of_variant_agg
    """,
}

_TABLE = """
add_months start months:n
any_value col ignoreNulls:v?
approx_count_distinct col rsd:v?
approxCountDistinct>approx_count_distinct col rsd:v?
array *cols
array_append col value:v
array_contains col value:v
array_except col1 col2
array_insert arr pos:n value:v
array_intersect col1 col2
array_join col delimiter:v null_replacement:v?
array_position col value:v
array_prepend col value:v
array_remove col element:v
array_repeat col count:n
array_union col1 col2
arrays_overlap a1 a2
arrays_zip *cols
assert_true col errMsg:v?
atan2 col1:n col2:n
bit_get col pos
bround col scale:n?
btrim str trim?
bucket numBuckets:n col
ceil col scale:n?
ceiling col scale:n?
chr n
coalesce *cols
collate col collation:v
concat *cols
contains left right
conv col fromBase:v toBase:v
corr col1 col2
counter_diff value startTime?
covar_pop col1 col2
covar_samp col1 col2
create_map>map *cols
current_time precision:v?
date_add start days:n
date_diff end start
date_format date format:v
date_from_unix_date days
date_part field source
date_sub start days:n
date_trunc format:v timestamp
dateadd start days:n
datediff end start
datepart field source
decode col charset:v
element_at col extraction:v
elt *inputs
encode col charset:v
endswith str suffix
equal_null col1 col2
extract field source
find_in_set str str_array
first col ignorenulls:v=False
first_value col ignoreNulls:v?
floor col scale:n?
format_number col d:v
from_csv col schema:v options:o?
from_unixtime timestamp format:v="yyyy-MM-dd HH:mm:ss"
from_utc_timestamp timestamp tz:v
get col index:n
get_json_object col path:v
getbit col pos
grouping_id *cols
hash *cols
histogram_numeric col nBins
hll_sketch_agg col lgConfigK:v?
hll_union col1 col2 allowDifferentLgConfigK:v?
hll_union_agg col allowDifferentLgConfigK:v?
hmac key message algorithm?
hypot col1:n col2:n
ifnull col1 col2
ilike str pattern escapeChar?
jaro_winkler_similarity left right
kll_merge_agg_bigint col k:v?
kll_merge_agg_double col k:v?
kll_merge_agg_float col k:v?
kll_sketch_agg_bigint col k:v?
kll_sketch_agg_double col k:v?
kll_sketch_agg_float col k:v?
kll_sketch_get_quantile_bigint sketch rank
kll_sketch_get_quantile_double sketch rank
kll_sketch_get_quantile_float sketch rank
kll_sketch_get_rank_bigint sketch quantile
kll_sketch_get_rank_double sketch quantile
kll_sketch_get_rank_float sketch quantile
kll_sketch_merge_bigint left right
kll_sketch_merge_double left right
kll_sketch_merge_float left right
lag col offset:v=1 default:v?
last col ignorenulls:v=False
last_day date
last_value col ignoreNulls:v?
lead col offset:v=1 default:v?
left str len
levenshtein left right threshold:v?
like str pattern escapeChar?
listagg col delimiter:v?
listagg_distinct>listagg! col delimiter:v?
locate substr:v str pos:v=1
lpad col len:v pad:v
make_date year month day
make_time hour minute second
make_timestamp_ltz years months days hours mins secs timezone?
map_concat *cols
map_contains_key col value:v
map_from_arrays col1 col2
max_by col ord k:v?
mean>avg col
min_by col ord k:v?
mode col deterministic:v=False
months_between date1 date2 roundOff:v=True
named_struct *cols
nanvl col1 col2
negate>negative col
next_day date dayOfWeek:v
nth_value col offset:v ignoreNulls:v=False
ntile n:v
nullif col1 col2
nvl col1 col2
nvl2 col1 col2 col3
overlay src replace pos:n len:n=-1
parse_url url partToExtract key?
pmod dividend:n divisor:n
position substr str start?
pow>power col1:n col2:n
power col1:n col2:n
raise_error errMsg:v
regexp str regexp
regexp_count str regexp
regexp_extract str pattern:v idx:v
regexp_extract_all str regexp idx:v?
regexp_instr str regexp idx:v?
regexp_like str regexp
regexp_replace string pattern:v replacement:v position:v?
regexp_substr str regexp
regr_avgx y x
regr_avgy y x
regr_count y x
regr_intercept y x
regr_r2 y x
regr_slope y x
regr_sxx y x
regr_sxy y x
regr_syy y x
repeat col n:n
replace src search replace?
right str len
rlike str regexp
round col scale:n?
rpad col len:v pad:v
schema_of_csv csv:v options:o?
schema_of_json json:v options:o?
schema_of_xml xml:v options:o?
sequence start stop step?
shiftleft col numBits:v
shiftLeft>shiftleft col numBits:v
shiftright col numBits:v
shiftRight>shiftright col numBits:v
shiftrightunsigned col numBits:v
shiftRightUnsigned>shiftrightunsigned col numBits:v
slice x start:n length:n
sort_array col asc:v=True
split str pattern:v limit:n=-1
split_part src delimiter partNum
stack *cols
startswith str prefix
string_agg col delimiter:v?
string_agg_distinct>string_agg! col delimiter:v?
struct *cols
substr str pos len?
substring str pos:n len:n
substring_index str delim:v count:v
sum_distinct>sum! col
sumDistinct>sum! col
theta_difference col1 col2
theta_intersection col1 col2
theta_sketch_agg col lgNomEntries:v?
theta_union col1 col2 lgNomEntries:v?
theta_union_agg col lgNomEntries:v?
time_bucket bucket_size ts origin?
time_diff unit start end
time_trunc unit time
timestamp_add>timestampadd unit:v quantity ts
timestamp_diff>timestampdiff unit:v start end
to_binary col format?
to_char col format
to_csv col options:o?
to_date col format:v?
to_json col options:o?
to_number col format
to_time str format?
to_timestamp col format:v?
to_timestamp_ltz timestamp format?
to_timestamp_ntz timestamp format?
to_unix_timestamp timestamp format?
to_utc_timestamp timestamp tz:v
to_varchar col format
to_xml col options:o?
toDegrees>degrees col
toRadians>radians col
translate srcCol matching:v replace:v
trunc date format:v
typeof col
try_add left right
try_divide left right
try_element_at col extraction
try_make_timestamp_ltz years months days hours mins secs timezone?
try_mod left right
try_multiply left right
try_parse_url url partToExtract key?
try_subtract left right
try_to_binary col format?
try_to_date col format:v?
try_to_number col format
try_to_time str format?
try_to_timestamp col format?
try_variant_array_append v path:v value
try_variant_get v path:v targetType:v
try_variant_insert v path:v value
try_variant_set v path:v value create_if_missing:v=True
tuple_difference_double col1 col2
tuple_difference_integer col1 col2
tuple_difference_theta_double col1 col2
tuple_difference_theta_integer col1 col2
tuple_intersection_agg_double col mode:v?
tuple_intersection_agg_integer col mode:v?
tuple_intersection_double col1 col2 mode:v?
tuple_intersection_integer col1 col2 mode:v?
tuple_intersection_theta_double col1 col2 mode:v?
tuple_intersection_theta_integer col1 col2 mode:v?
tuple_sketch_agg_double key summary lgNomEntries:v=12 mode:v="sum"
tuple_sketch_agg_integer key summary lgNomEntries:v=12 mode:v="sum"
tuple_sketch_summary_double col mode:v?
tuple_sketch_summary_integer col mode:v?
tuple_union_agg_double col lgNomEntries:v=12 mode:v="sum"
tuple_union_agg_integer col lgNomEntries:v=12 mode:v="sum"
tuple_union_double col1 col2 lgNomEntries:v=12 mode:v="sum"
tuple_union_integer col1 col2 lgNomEntries:v=12 mode:v="sum"
tuple_union_theta_double col1 col2 lgNomEntries:v=12 mode:v="sum"
tuple_union_theta_integer col1 col2 lgNomEntries:v=12 mode:v="sum"
variant_array_append v path:v value
variant_get v path:v targetType:v
variant_insert v path:v value
variant_set v path:v value create_if_missing:v=True
variant_strip_nulls v include_arrays:v=True
vector_cosine_similarity left right
vector_inner_product left right
vector_l2_distance left right
vector_norm vector degree?
vector_normalize vector degree?
width_bucket v min max numBucket:n
window_time windowColumn
xpath xml path
xpath_boolean xml path
xpath_double xml path
xpath_float xml path
xpath_int xml path
xpath_long xml path
xpath_number xml path
xpath_short xml path
xpath_string xml path
xxhash64 *cols
"""


def _listed(cols):
    """Arguments given one by one, or as a single list."""
    return list(cols[0]) if len(cols) == 1 and isinstance(cols[0], (list, set, tuple)) else list(cols)


def _options(options):
    return None if options is None else fn("map", *[lit(_text(x)) for pair in options.items() for x in pair])


def _text(value):
    return T.text_of(value)


def _number_or_col(value):
    return col(value) if isinstance(value, str) else lit(value)


_TAKEN = {"c": to_col, "v": lit, "n": _number_or_col, "o": _options}


def _define(line):
    """A function from its line of the table."""
    head, *words = _words(line)
    name, _, target = head.partition(">")
    distinct = target.endswith("!")
    target = target.rstrip("!") or name
    parameters, taken, defaults = [], [], {}
    for word in words:
        word, has_default, default = word.partition("=")
        optional = word.endswith("?")
        word, _, kind = word.rstrip("?").partition(":")
        many = word.startswith("*")
        word = word.lstrip("*")
        empty = inspect.Parameter.empty
        value = ast.literal_eval(default) if has_default else None if optional else empty
        kinds = inspect.Parameter
        parameters.append(
            kinds(word, kinds.VAR_POSITIONAL if many else kinds.POSITIONAL_OR_KEYWORD, default=empty if many else value)
        )
        taken.append((word, many, _TAKEN[kind or "c"]))
        defaults[word] = value
    signature = inspect.Signature(parameters)

    def function(*args, **kwargs):
        given = signature.bind(*args, **kwargs).arguments
        columns = []
        for word, many, take in taken:
            if many:
                columns += [take(item) for item in _listed(given.get(word, ()))]
                continue
            value = given.get(word, defaults[word])
            if value is not None or (word in given and take is lit and defaults[word] is inspect.Parameter.empty):
                columns.append(take(value))
        return fn(target, *columns, distinct=distinct)

    function.__name__ = function.__qualname__ = name
    function.__signature__ = signature
    function.__doc__ = f"Spark's function `{target}`."
    return function


def _words(line):
    """The words of a line; a default may hold blanks in quotes."""
    words = []
    for word in line.split(" "):
        if words and words[-1].count('"') % 2:
            words[-1] += " " + word
        else:
            words.append(word)
    return words


for _parameter, _names in _OF_ONE_COLUMN.items():
    for _name in _names.split():
        globals()[_name] = _define(f"{_name} {_parameter}".strip())
for _line in _TABLE.strip().split("\n"):
    _made = _define(_line)
    globals()[_made.__name__] = _made


# --- functions that the table cannot say ---------------------------------------


def column(name):
    return col(name)


def expr(str):
    return Column(Node(kind="ExpressionString", expression=str))


def broadcast(df):
    return df.hint("broadcast")


def call_function(funcName, *cols):
    columns = [to_col(c) for c in _listed(cols)]
    return Column(Node(kind="CallFunction", functionName=funcName, arguments=[c._node for c in columns]), *columns)


def call_udf(udfName, *cols):
    return fn(udfName, *[to_col(c) for c in _listed(cols)])


def when(condition, value):
    if not isinstance(condition, Column):
        raise not_expected("condition", "Column", condition)
    return fn("when", condition, value)


def asc(col):
    return to_col(col).asc()


def asc_nulls_first(col):
    return to_col(col).asc_nulls_first()


def asc_nulls_last(col):
    return to_col(col).asc_nulls_last()


def desc(col):
    return to_col(col).desc()


def desc_nulls_first(col):
    return to_col(col).desc_nulls_first()


def desc_nulls_last(col):
    return to_col(col).desc_nulls_last()


def count(col):
    is_star = isinstance(col, Column) and col._node["kind"] == "UnresolvedStar" and "unparsedTarget" not in col._node
    return fn("count", 1 if is_star else to_col(col))


def count_distinct(col, *cols):
    return fn("count", *[to_col(c) for c in (col, *cols)], distinct=True)


countDistinct = count_distinct


def bitwise_not(col):
    return fn("~", to_col(col))


bitwiseNOT = bitwise_not


def _seed(seed):
    return randint(0, 2**63 - 1) if seed is None else seed


def rand(seed=None):
    return fn("rand", _seed(seed))



random = rand


def randn(seed=None):
    return fn("randn", _seed(seed))


def uniform(min, max, seed=None):
    return fn("uniform", min, max, _seed(seed))


def randstr(length, seed=None):
    return fn("randstr", length, _seed(seed))


def shuffle(col, seed=None):
    return fn("shuffle", to_col(col), _seed(seed))


def uuid(seed=None):
    return fn("uuid", _seed(seed))


def count_min_sketch(col, eps, confidence, seed=None):
    return fn("count_min_sketch", to_col(col), eps, confidence, _seed(seed))


def _fractions(percentage):
    if isinstance(percentage, (list, tuple)):
        return fn("array", *[lit(p) for p in percentage])
    return lit(percentage)


def percentile(col, percentage, frequency=1):
    if not isinstance(frequency, (int, Column)):
        raise not_expected("frequency", "Column or int", frequency)
    return fn("percentile", to_col(col), _fractions(percentage), frequency)


def percentile_approx(col, percentage, accuracy=10000):
    return fn("percentile_approx", to_col(col), _fractions(percentage), accuracy)


def approx_percentile(col, percentage, accuracy=10000):
    return fn("approx_percentile", to_col(col), _fractions(percentage), accuracy)


def _higher_order(name, columns, functions):
    columns = [to_col(c) for c in columns]
    lambdas = [Column(X.lambda_function(f)) for f in functions if f is not None]
    return fn(name, *columns, *lambdas)


def aggregate(col, initialValue, merge, finish=None):
    return _higher_order("aggregate", [col, initialValue], [merge, finish])


def reduce(col, initialValue, merge, finish=None):
    return _higher_order("reduce", [col, initialValue], [merge, finish])


def array_sort(col, comparator=None):
    return _higher_order("array_sort", [col], [comparator])


def exists(col, f):
    return _higher_order("exists", [col], [f])


def filter(col, f):
    return _higher_order("filter", [col], [f])


def forall(col, f):
    return _higher_order("forall", [col], [f])


def map_filter(col, f):
    return _higher_order("map_filter", [col], [f])


def map_zip_with(col1, col2, f):
    return _higher_order("map_zip_with", [col1, col2], [f])


def transform(col, f):
    return _higher_order("transform", [col], [f])


def transform_keys(col, f):
    return _higher_order("transform_keys", [col], [f])


def transform_values(col, f):
    return _higher_order("transform_values", [col], [f])


def zip_with(left, right, f):
    return _higher_order("zip_with", [left, right], [f])


def convert_timezone(sourceTz, targetTz, sourceTs):
    zones = [targetTz] if sourceTz is None else [sourceTz, targetTz]
    return fn("convert_timezone", *[to_col(c) for c in (*zones, sourceTs)])


_NO_SECONDS = decimal.Decimal(0)


def _or_zero(*parts):
    return [lit(0) if part is None else to_col(part) for part in parts]


def _seconds(secs):
    return lit(_NO_SECONDS) if secs is None else to_col(secs)


def make_dt_interval(days=None, hours=None, mins=None, secs=None):
    return fn("make_dt_interval", *_or_zero(days, hours, mins), _seconds(secs))


def make_interval(years=None, months=None, weeks=None, days=None, hours=None, mins=None, secs=None):
    return fn("make_interval", *_or_zero(years, months, weeks, days, hours, mins), _seconds(secs))


def try_make_interval(years=None, months=None, weeks=None, days=None, hours=None, mins=None, secs=None):
    return fn("try_make_interval", *_or_zero(years, months, weeks, days, hours, mins), _seconds(secs))


def make_ym_interval(years=None, months=None):
    return fn("make_ym_interval", *_or_zero(years, months))


def _timestamp_maker(name, zoned):
    def function(
        years=None, months=None, days=None, hours=None, mins=None, secs=None, timezone=None, date=None, time=None
    ):
        if years is not None:
            if date is not None or time is not None:
                raise PySparkValueError(
                    errorClass="CANNOT_SET_TOGETHER",
                    messageParameters={"arg_list": "years|months|days|hours|mins|secs and date|time"},
                )
            parts = [years, months, days, hours, mins, secs]
        else:
            if any(part is not None for part in (months, days, hours, mins, secs)):
                raise PySparkValueError(
                    errorClass="CANNOT_SET_TOGETHER",
                    messageParameters={"arg_list": "years|months|days|hours|mins|secs and date|time"},
                )
            parts = [date, time]
        if timezone is not None and zoned:
            parts.append(timezone)
        return fn(name, *[to_col(part) for part in parts])

    function.__name__ = function.__qualname__ = name
    return function


make_timestamp = _timestamp_maker("make_timestamp", True)
try_make_timestamp = _timestamp_maker("try_make_timestamp", True)
make_timestamp_ntz = _timestamp_maker("make_timestamp_ntz", False)
try_make_timestamp_ntz = _timestamp_maker("try_make_timestamp_ntz", False)


def session_window(timeColumn, gapDuration):
    if gapDuration is None or not isinstance(gapDuration, (str, Column)):
        raise not_expected("gapDuration", "Column or str", gapDuration)
    return fn("session_window", to_col(timeColumn), lit(gapDuration))


def window(timeColumn, windowDuration, slideDuration=None, startTime=None):
    for name, given in (("windowDuration", windowDuration), ("slideDuration", slideDuration), ("startTime", startTime)):
        if (given is None and name == "windowDuration") or (given is not None and not isinstance(given, str)):
            raise not_expected(name, "str", given)
    durations = [windowDuration]
    if slideDuration is not None or startTime is not None:
        durations.append(slideDuration or windowDuration)
    if startTime is not None:
        durations.append(startTime)
    return fn("window", to_col(timeColumn), *durations)


def unix_timestamp(timestamp=None, format="yyyy-MM-dd HH:mm:ss"):
    return fn("unix_timestamp") if timestamp is None else fn("unix_timestamp", to_col(timestamp), format)


def sha2(col, numBits):
    if numBits not in (0, 224, 256, 384, 512):
        raise PySparkValueError(
            errorClass="VALUE_NOT_ALLOWED",
            messageParameters={"arg_name": "numBits", "allowed_values": "[0, 224, 256, 384, 512]"},
        )
    return fn("sha2", to_col(col), numBits)


def _at_least_two(name, cols):
    if len(cols) < 2:
        raise PySparkValueError(
            errorClass="WRONG_NUM_COLUMNS", messageParameters={"func_name": name, "num_cols": "2"}
        )
    return [to_col(c) for c in cols]


def greatest(*cols):
    return fn("greatest", *_at_least_two("greatest", cols))


def least(*cols):
    return fn("least", *_at_least_two("least", cols))


def log(arg1, arg2=None):
    return fn("ln", to_col(arg1)) if arg2 is None else fn("log", arg1, to_col(arg2))


def _aes(name, *parts):
    texts = ["GCM", "DEFAULT"] + [""] * (len(parts) - 4)
    return fn(name, *[lit(t) if p is None else to_col(p) for p, t in zip(parts, [None, None, *texts])])


def aes_encrypt(input, key, mode=None, padding=None, iv=None, aad=None):
    return _aes("aes_encrypt", input, key, mode, padding, iv, aad)


def aes_decrypt(input, key, mode=None, padding=None, aad=None):
    return _aes("aes_decrypt", input, key, mode, padding, aad)


def try_aes_decrypt(input, key, mode=None, padding=None, aad=None):
    return _aes("try_aes_decrypt", input, key, mode, padding, aad)


def concat_ws(sep, *cols):
    return fn("concat_ws", sep, *[to_col(c) for c in _listed(cols)])


def format_string(format, *cols):
    return fn("format_string", format, *[to_col(c) for c in _listed(cols)])


def printf(format, *cols):
    return fn("printf", to_col(format), *[to_col(c) for c in _listed(cols)])


def instr(str, substr, start=None, occurrence=None):
    start = 1 if start is None and occurrence is not None else start
    return fn("instr", to_col(str), *[lit(x) for x in (substr, start, occurrence) if x is not None])


def _trimmer(name):
    def function(col, trim=None):
        return fn(name, to_col(col)) if trim is None else fn(name, to_col(trim), to_col(col))

    function.__name__ = function.__qualname__ = name
    return function


trim, ltrim, rtrim = _trimmer("trim"), _trimmer("ltrim"), _trimmer("rtrim")


def _or_text(value, text):
    return lit(text) if value is None else to_col(value)


def mask(col, upperChar=None, lowerChar=None, digitChar=None, otherChar=None):
    given = zip((upperChar, lowerChar, digitChar, otherChar), ("X", "x", "n", None))
    return fn("mask", to_col(col), *[_or_text(value, text) for value, text in given])


def sentences(string, language=None, country=None):
    return fn("sentences", to_col(string), _or_text(language, ""), _or_text(country, ""))


def str_to_map(text, pairDelim=None, keyValueDelim=None):
    return fn("str_to_map", to_col(text), _or_text(pairDelim, ","), _or_text(keyValueDelim, ":"))


def _schema(schema, expected):
    if isinstance(schema, T.DataType):
        return lit(schema.json())
    if isinstance(schema, (str, Column)):
        return lit(schema)
    raise not_expected("schema", expected, schema)


def from_json(col, schema, options=None):
    given = [] if options is None else [_options(options)]
    return fn("from_json", to_col(col), _schema(schema, "Column, str or DataType"), *given)


def from_xml(col, schema, options=None):
    given = [] if options is None else [_options(options)]
    return fn("from_xml", to_col(col), _schema(schema, "StructType, Column or str"), *given)


def json_tuple(col, *fields):
    if not fields:
        raise PySparkValueError(errorClass="CANNOT_BE_EMPTY", messageParameters={"item": "field"})
    return fn("json_tuple", to_col(col), *fields)


def variant_delete(v, *paths):
    if not paths:
        raise PySparkValueError(errorClass="CANNOT_BE_EMPTY", messageParameters={"item": "paths"})
    return fn("variant_delete", to_col(v), *paths)


def udf(f=None, returnType=None, *, useArrow=None):
    """A Python function over the values of a row, as a function over columns. Also a decorator."""
    from pyspark.sql.udf import make_udf

    if f is None or isinstance(f, (str, T.DataType)):
        type_ = returnType or f or T.StringType()
        return lambda function: make_udf(function, type_)
    return make_udf(f, returnType or T.StringType())


def _refused(name):
    def function(*args, **kwargs):
        from pyspark.errors import UnsupportedOperationException

        raise UnsupportedOperationException(errorClass="UNSUPPORTED_FEATURE", messageParameters={"feature": name})

    function.__name__ = function.__qualname__ = name
    return function


for _name in (
    "pandas_udf arrow_udf udtf arrow_udtf reflect java_method try_reflect st_asbinary st_geogfromwkb st_geomfromwkb "
    "st_setsrid st_srid"
).split():
    globals()[_name] = _refused(_name)

__all__ = sorted(
    name
    for name, value in globals().items()
    if callable(value)
    and not name.startswith("_")
    and name not in ("Column", "Node", "PySparkTypeError", "PySparkValueError", "fn", "not_expected", "randint", "to_col")
)
