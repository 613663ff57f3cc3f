"""Runs PySpark's functions for `lakelet serve`: batches of Arrow come in on stdin, results go out on stdout.

A message, either way: a 4-byte length, a JSON header, and the blobs whose sizes the header lists. What the functions do
is PySpark's own code (`pyspark.worker`), so that types are converted and checked as Spark does it. The first message
out says which Python and PySpark this is.
"""

import io
import json
import os
import struct
import sys
import traceback


def read_exactly(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def read_message(stream):
    (length,) = struct.unpack(">I", read_exactly(stream, 4))
    header = json.loads(read_exactly(stream, length))
    return header, [read_exactly(stream, size) for size in header["blobs"]]


def write_message(stream, header, blobs=()):
    data = json.dumps({**header, "blobs": [len(b) for b in blobs]}).encode()
    stream.write(struct.pack(">I", len(data)))
    stream.write(data)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def arrow_stream(schema, batches):
    import pyarrow as pa

    out = io.BytesIO()
    with pa.RecordBatchStreamWriter(out, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return out.getvalue()


def table_stream(table):
    """At least one batch, if only an empty one: PySpark takes the schema from it."""
    import pyarrow as pa

    empty = [pa.RecordBatch.from_arrays([pa.array([], f.type) for f in table.schema], schema=table.schema)]
    return arrow_stream(table.schema, table.to_batches() or empty)


def udf_runner(header, command, offsets, names=None, input_type=None):
    """PySpark's function over batches with its deserializer and serializer."""
    from pyspark.serializers import CPickleSerializer
    from pyspark.worker import EvalConf, RunnerConf, read_udfs
    from pyspark.worker_message import UDFInfo

    args, kwargs = [], {}
    for i, offset in enumerate(offsets):
        name = names[i] if names else None
        if name is None:
            args.append(offset)
        else:
            kwargs[name] = offset
    info = UDFInfo(udfs=[memoryview(command)], args=args, kwargs=kwargs, result_id=0)
    eval_conf = {} if input_type is None else {"input_type": input_type}
    func, _, deserializer, serializer = read_udfs(
        CPickleSerializer(), [info], header["evalType"], RunnerConf(header["conf"]), EvalConf(eval_conf)
    )

    def run(data):
        out = io.BytesIO()
        serializer.dump_stream(func(0, deserializer.load_stream(io.BytesIO(data))), out)
        # The marker of Spark's own protocol that a stream begins.
        return out.getvalue()[4:]

    return run


def read_batches(data):
    import pyarrow as pa

    if not data:
        return []
    with pa.ipc.open_stream(data) as reader:
        return list(reader)


def scalar(header, command, data):
    """One column of results for the argument columns."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema

    with pa.ipc.open_stream(data) as reader:
        schema, batches = reader.schema, list(reader)
    if header["evalType"] == PICKLED_ROWS:
        return row_by_row(header, command, schema, batches)
    input_type = from_arrow_schema(schema, prefer_timestamp_ntz=True).json()
    run = udf_runner(header, command, range(len(schema)), header.get("names"), input_type)
    results = [only_effect(batch) for batch in read_batches(run(arrow_stream(schema, batches)))]
    return arrow_stream(results[0].schema, results) if results else b""


def only_effect(batch):
    """Functions called for their effect declare a struct without fields, which the engine does not have."""
    import pyarrow as pa

    column = batch.column(0)
    if not pa.types.is_struct(column.type) or column.type.num_fields > 0:
        return batch
    if column.null_count < len(column):
        raise ValueError("a struct without fields is not supported as the result of a function")
    return pa.RecordBatch.from_arrays([pa.nulls(len(column))], names=["_0"])


# Functions whose rows Spark pickles instead of sending them as Arrow.
PICKLED_ROWS = 100


def row_by_row(header, command, schema, batches):
    """Values as `collect` gives them; a result that is not of the type becomes null, as on the JVM."""
    import pyarrow as pa
    from pyspark.serializers import CPickleSerializer
    from pyspark.sql.conversion import ArrowTableToRowsConversion, LocalDataToArrowConversion
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_type
    from pyspark.util import fail_on_stopiteration

    function, return_type = CPickleSerializer().loads(command)
    function = fail_on_stopiteration(function)
    names = header.get("names") or [None] * len(schema)
    table = pa.Table.from_batches(batches, schema)
    # Columns may have the same name: rows are read by place.
    table = table.rename_columns([f"_{i}" for i in range(len(schema))])
    if len(schema) == 0:
        rows = [()] * sum(batch.num_rows for batch in batches)
    else:
        rows = ArrowTableToRowsConversion.convert(table, from_arrow_schema(table.schema, prefer_timestamp_ntz=True))
    results = []
    for row in rows:
        args = [value for value, name in zip(row, names) if name is None]
        kwargs = {name: value for value, name in zip(row, names) if name is not None}
        results.append(of_type(function(*args, **kwargs), return_type))
    convert = LocalDataToArrowConversion._create_converter(return_type, none_on_identity=True)
    values = results if convert is None else [convert(value) for value in results]
    array = pa.array(values, type=to_arrow_type(return_type, timezone="UTC"))
    batch = pa.RecordBatch.from_arrays([array], names=["_0"])
    return arrow_stream(batch.schema, cut_like(batch, batches))


def cut_like(batch, batches):
    start = 0
    for other in batches:
        yield batch.slice(start, other.num_rows)
        start += other.num_rows


INTEGRAL_BITS = {"byte": 8, "short": 16, "integer": 32, "long": 64}


def of_type(value, data_type):
    """What the JVM makes of a pickled value under the declared type."""
    import datetime
    import decimal

    from pyspark.sql import types as T

    if value is None:
        return None
    kind = type(data_type)
    if isinstance(data_type, T.UserDefinedType):
        return value
    if kind is T.StringType or isinstance(data_type, (T.CharType, T.VarcharType)):
        return java_text(value)
    if kind is T.BooleanType:
        return value if isinstance(value, bool) else None
    bits = INTEGRAL_BITS.get(data_type.typeName())
    if bits is not None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        return (value + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))
    if kind in (T.FloatType, T.DoubleType):
        return value if isinstance(value, float) else None
    if kind is T.DecimalType:
        return value if isinstance(value, decimal.Decimal) else None
    if kind is T.DateType:
        return value if isinstance(value, datetime.date) else None
    if kind in (T.TimestampType, T.TimestampNTZType):
        return value if isinstance(value, datetime.datetime) else None
    if kind is T.BinaryType:
        return value.encode() if isinstance(value, str) else bytes(value)
    if kind is T.ArrayType:
        if not isinstance(value, (list, tuple)):
            return None
        return [of_type(item, data_type.elementType) for item in value]
    if kind is T.MapType:
        if not isinstance(value, dict):
            return None
        return {of_type(k, data_type.keyType): of_type(v, data_type.valueType) for k, v in value.items()}
    if kind is T.StructType:
        if isinstance(value, dict):
            value = tuple(value.get(name) for name in data_type.names)
        elif not isinstance(value, (tuple, list)):
            value = tuple(getattr(value, name) for name in data_type.names)
        if len(value) != len(data_type.fields):
            raise ValueError(f"the function gave {len(value)} fields where {len(data_type.fields)} are declared")
        return tuple(of_type(item, field.dataType) for item, field in zip(value, data_type.fields))
    return value


def java_text(value):
    """Java's `toString` of what a value is after pickling."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(java_text(item) if item is not None else "null" for item in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{java_text(k)}={'null' if v is None else java_text(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    return str(value)


def flattened(results, return_type):
    """The struct column that holds the rows of a function as a stream of its fields."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import to_arrow_schema

    schema = to_arrow_schema(return_type, timezone="UTC")
    batches = []
    for batch in results:
        column = batch.column(0)
        fields = [column.field(i) for i in range(column.type.num_fields)]
        batches.append(pa.RecordBatch.from_arrays(fields, names=[f.name for f in column.type]))
    return arrow_stream(batches[0].schema if batches else schema, batches)


def return_type_of(header):
    from pyspark.sql.types import StructType

    return StructType.fromJson(json.loads(header["returnType"]))


def map_batches(header, command, data):
    """`mapInPandas` and `mapInArrow`: batches to batches."""
    import pyarrow as pa

    with pa.ipc.open_stream(data) as reader:
        batches = list(reader)
    wrapped = []
    for batch in batches:
        if batch.num_columns == 0:
            array = pa.array([{}] * batch.num_rows, pa.struct([]))
        else:
            array = pa.StructArray.from_arrays(batch.columns, fields=list(batch.schema))
        wrapped.append(pa.RecordBatch.from_arrays([array], names=["in"]))
    if not wrapped:
        wrapped = [pa.RecordBatch.from_arrays([pa.array([], pa.struct(list(reader.schema)))], names=["in"])]
    run = udf_runner(header, command, [])
    results = read_batches(run(arrow_stream(wrapped[0].schema, wrapped)))
    return flattened(results, return_type_of(header))


def groups_of(data, key_count):
    """Keys and table of each run of equal keys; the rows come sorted by them."""
    import pyarrow as pa

    with pa.ipc.open_stream(data) as reader:
        table = pa.Table.from_batches(list(reader), reader.schema).combine_chunks()
    keys = [table.column(i).to_pylist() for i in range(key_count)]
    rows = table.num_rows
    key_rows = list(zip(*keys)) if keys else [()] * rows
    groups, start = [], 0
    for i in range(1, rows + 1):
        if i == rows or not same_key(key_rows[i], key_rows[start]):
            groups.append((key_rows[start], table.slice(start, i - start)))
            start = i
    return table.schema, groups


def same_key(a, b):
    return all(x == y or (x is None and y is None) or (x != x and y != y) for x, y in zip(a, b))


def group_offsets(column_count, key_count):
    """Spark's way to say which columns are keys and which are values."""
    keys = list(range(key_count))
    values = list(range(key_count, column_count))
    return [1 + len(keys) + len(values), len(keys), *keys, *values]


def grouped_stream(groups):
    out = io.BytesIO()
    for tables in groups:
        out.write(struct.pack("!i", len(tables)))
        for table in tables:
            out.write(table_stream(table))
    out.write(struct.pack("!i", 0))
    return out.getvalue()


# Grouped functions over Arrow get their columns in one struct, the others one by one.
ARROW_GROUPS = {209, 215}


def in_struct(table):
    import pyarrow as pa

    batches = table.to_batches()
    arrays = [pa.StructArray.from_arrays(batch.columns, fields=list(table.schema)) for batch in batches]
    column = pa.chunked_array(arrays, type=pa.struct(list(table.schema)))
    return pa.Table.from_arrays([column], names=["in"])


def for_function(header, table):
    return in_struct(table) if header["evalType"] in ARROW_GROUPS else table


def map_groups(header, command, data):
    """`applyInPandas` and `applyInArrow`: the first columns are the keys, the rest goes to the function."""
    key_count = header["keyCount"]
    schema, groups = groups_of(data, key_count)
    run = udf_runner(header, command, group_offsets(len(schema), key_count))
    results = read_batches(run(grouped_stream([(for_function(header, table),) for _, table in groups])))
    return flattened(results, return_type_of(header))


def map_cogroups(header, command, left, right):
    key_count = header["keyCount"]
    left_schema, left_groups = groups_of(left, key_count)
    right_schema, right_groups = groups_of(right, key_count)
    empty = (left_schema.empty_table(), right_schema.empty_table())
    pairs, order = {}, []
    for side, groups in enumerate((left_groups, right_groups)):
        for key, table in groups:
            name = repr(key)
            if name not in pairs:
                pairs[name] = list(empty)
                order.append((key, name))
            pairs[name][side] = table
    order.sort(key=lambda item: [(value is not None, value) for value in item[0]])
    offsets = group_offsets(len(left_schema), key_count) + group_offsets(len(right_schema), key_count)
    run = udf_runner(header, command, offsets)
    results = read_batches(run(
            grouped_stream([tuple(for_function(header, t) for t in pairs[name]) for _, name in order])
        ))
    return flattened(results, return_type_of(header))


def aggregate(header, command, data):
    """Grouped aggregate functions: one row of keys and result for each group."""
    import pyarrow as pa

    key_count = header["keyCount"]
    schema, groups = groups_of(data, key_count)
    if not groups and key_count == 0:
        groups = [((), schema.empty_table())]
    arguments = [table.select(range(key_count, len(schema))) for _, table in groups]
    run = udf_runner(header, command, range(len(schema) - key_count), header.get("names"))
    results = read_batches(run(grouped_stream([(table,) for table in arguments])))
    columns = [pa.chunked_array([batch.column(0) for batch in results], type=results[0].schema.field(0).type)] if results else []
    firsts = pa.concat_tables([table.slice(0, 1) for _, table in groups]) if groups else schema.empty_table()
    keys = [firsts.column(i) for i in range(key_count)]
    names = [schema.field(i).name for i in range(key_count)]
    if not columns:
        return b""
    table = pa.Table.from_arrays([*keys, *columns], names=[*names, "result"]).combine_chunks()
    return table_stream(table)


def rows_of(stream, skip=0):
    """The rows of a stream as PySpark's, without the first columns, and the values of those."""
    import pyarrow as pa
    from pyspark.sql.conversion import ArrowTableToRowsConversion
    from pyspark.sql.pandas.types import from_arrow_schema

    with pa.ipc.open_stream(stream) as reader:
        table = pa.Table.from_batches(list(reader), reader.schema)
    schema = from_arrow_schema(table.schema, prefer_timestamp_ntz=True)
    keys = list(zip(*(table.column(i).to_pylist() for i in range(skip)))) or [()] * table.num_rows
    own = table.select(range(skip, len(table.schema)))
    own_schema = type(schema)(schema.fields[skip:])
    if len(own.schema) == 0:
        return own_schema, keys, [()] * table.num_rows
    return own_schema, keys, ArrowTableToRowsConversion.convert(own, own_schema)


def table_arguments(header, scalars, table):
    """The types and values of the constant arguments, and the table's rows with their keys."""
    types, _, [values] = rows_of(scalars)
    schema, keys, rows = (None, [], []) if header.get("tableArgument") is None else rows_of(table, header["keyCount"])
    return types, values, schema, keys, rows


def call_arguments(header, values, table_value):
    """Positional and keyword arguments, the table's in its place."""
    args, kwargs, values = [], {}, iter(values)
    for i, name in enumerate(header["names"]):
        value = table_value if i == header.get("tableArgument") else next(values)
        if name is None:
            args.append(value)
        else:
            kwargs[name] = value
    return args, kwargs


def analyzed(header, handler, types, values, schema):
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql.types import StructType
    from pyspark.sql.udtf import AnalyzeArgument, AnalyzeResult

    constants = [AnalyzeArgument(f.dataType, v, False, True) for f, v in zip(types.fields, values)]
    args, kwargs = call_arguments(header, constants, AnalyzeArgument(schema, None, True, False))
    result = handler.analyze(*args, **kwargs)
    if not isinstance(result, AnalyzeResult) or not isinstance(result.schema, StructType):
        raise PySparkRuntimeError(
            f"The `analyze` method of {handler.__name__} must return an AnalyzeResult with a StructType"
        )
    if result.withSinglePartition or result.partitionBy or result.orderBy or result.select:
        raise NotImplementedError("partitions and orders that `analyze` asks for")
    return result


def analyze_table_function(header, command, scalars, table=b""):
    from pyspark.serializers import CPickleSerializer

    types, values, schema, _, _ = table_arguments(header, scalars, table)
    result = analyzed(header, CPickleSerializer().loads(command), types, values, schema)
    return result.schema.json().encode()


def table_function(header, command, scalars, table=b""):
    """Rows that a table function yields: for its constants once, for a table's rows one by one."""
    import inspect

    import pyarrow as pa
    from pyspark.errors import PySparkRuntimeError
    from pyspark.serializers import CPickleSerializer
    from pyspark.sql.conversion import LocalDataToArrowConversion
    from pyspark.sql.pandas.types import to_arrow_type
    from pyspark.sql.udtf import SkipRestOfInputTableException

    handler = CPickleSerializer().loads(command)
    return_type = return_type_of(header)
    types, values, schema, keys, rows = table_arguments(header, scalars, table)
    create = handler
    if hasattr(handler, "analyze") and len(inspect.getfullargspec(handler).args) == 2:
        result = analyzed(header, handler, types, values, schema)
        create = lambda: handler(result)  # noqa: E731

    def checked(row):
        if not isinstance(row, (list, tuple, dict)) and not hasattr(row, "__UDT__") and hasattr(row, "__iter__") is False:
            raise PySparkRuntimeError(
                errorClass="UDTF_INVALID_OUTPUT_ROW_TYPE", messageParameters={"type": type(row).__name__, "func": "eval"}
            )
        if not isinstance(row, dict) and len(row) != len(return_type.fields):
            raise PySparkRuntimeError(
                errorClass="UDTF_RETURN_SCHEMA_MISMATCH",
                messageParameters={
                    "expected": str(len(return_type.fields)),
                    "actual": str(len(row)),
                    "func": "eval",
                },
            )
        return of_type(row, return_type)

    out = []

    def take(results):
        for row in results if results is not None else ():
            out.append(checked(row))

    if header.get("tableArgument") is None:
        groups = [[None]]
    else:
        groups, last = [], None
        for key, row in zip(keys, rows):
            if not groups or not same_key(key, last):
                groups.append([])
            groups[-1].append(row)
            last = key
    for group in groups:
        instance = create()
        try:
            try:
                for row in group:
                    args, kwargs = call_arguments(header, values, row)
                    take(instance.eval(*args, **kwargs))
            except SkipRestOfInputTableException:
                pass
            if hasattr(instance, "terminate"):
                take(instance.terminate())
        finally:
            if hasattr(instance, "cleanup"):
                instance.cleanup()
    convert = LocalDataToArrowConversion._create_converter(return_type, none_on_identity=True)
    array = pa.array(
        out if convert is None else [convert(row) for row in out], type=to_arrow_type(return_type, timezone="UTC")
    )
    return flattened([pa.RecordBatch.from_arrays([array], names=["_0"])], return_type)


OPERATIONS = {
    "table": table_function,
    "analyze": analyze_table_function,
    "scalar": scalar,
    "map": map_batches,
    "group": map_groups,
    "cogroup": map_cogroups,
    "aggregate": aggregate,
}


def main():
    inputs = os.fdopen(os.dup(0), "rb", buffering=1 << 20)
    outputs = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    # What the functions print goes to the server's own error output, not between the messages.
    os.dup2(2, 1)
    import pyspark

    write_message(outputs, {"python": "%d.%d" % sys.version_info[:2], "pyspark": pyspark.__version__})
    while True:
        try:
            header, blobs = read_message(inputs)
        except EOFError:
            return
        try:
            result = OPERATIONS[header["operation"]](header, *blobs)
            write_message(outputs, {"ok": True}, [result])
        except BaseException:
            write_message(outputs, {"ok": False, "traceback": traceback.format_exc()})


if __name__ == "__main__":
    main()
