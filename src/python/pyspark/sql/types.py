"""Spark's types, as classes and as the plain data that plans hold, and `Row`."""

import base64
import datetime
import decimal
import json
import re
import typing

from pyspark.errors import PySparkTypeError, PySparkValueError, PySparkAttributeError, PySparkKeyError

__all__ = [
    "DataType", "NullType", "StringType", "CharType", "VarcharType", "BinaryType", "BooleanType", "DateType",
    "TimestampType", "TimestampNTZType", "TimeType", "DecimalType", "DoubleType", "FloatType", "ByteType",
    "IntegerType", "LongType", "ShortType", "CalendarIntervalType", "DayTimeIntervalType", "YearMonthIntervalType",
    "ArrayType", "MapType", "StructField", "StructType", "VariantType", "VariantVal", "Row",
]


class DataType:
    """The base of all types. `simpleString()` is the type as DDL writes it; `json()` as Spark stores schemas."""

    def __repr__(self):
        return type(self).__name__ + "()"

    def __hash__(self):
        return hash(str(self))

    def __eq__(self, other):
        return isinstance(other, self.__class__) and self.__dict__ == other.__dict__

    def __ne__(self, other):
        return not self == other

    @classmethod
    def typeName(cls):
        name = cls.__name__
        return (name[:-4] if name.endswith("Type") else name).lower()

    def simpleString(self):
        return self.typeName()

    def jsonValue(self):
        return self.typeName()

    def json(self):
        return json.dumps(self.jsonValue(), separators=(",", ":"), sort_keys=True)

    def needConversion(self):
        return False

    def toInternal(self, obj):
        return obj

    def fromInternal(self, obj):
        return obj

    def toNullable(self):
        return _nullable(self)

    @classmethod
    def fromDDL(cls, ddl):
        from pyspark.sql import _bridge

        return type_from_plan(_bridge.request("parseDdl", ddl))

    def _plan(self):
        return {"kind": self.typeName()}


class AtomicType(DataType):
    pass


class NumericType(AtomicType):
    pass


class IntegralType(NumericType):
    pass


class FractionalType(NumericType):
    pass


class NullType(DataType):
    @classmethod
    def typeName(cls):
        return "void"

    def _plan(self):
        return {"kind": "null"}


class StringType(AtomicType):
    def __init__(self, collation="UTF8_BINARY"):
        self.collation = collation

    def __repr__(self):
        return "StringType()" if self.collation == "UTF8_BINARY" else f"StringType('{self.collation}')"

    def simpleString(self):
        return "string" if self.collation == "UTF8_BINARY" else f"string collate {self.collation}"

    def isUTF8BinaryCollation(self):
        return self.collation == "UTF8_BINARY"

    def jsonValue(self):
        return "string"

    def _plan(self):
        return {"kind": "string"} if self.isUTF8BinaryCollation() else {"kind": "string", "collation": self.collation}


class CharType(AtomicType):
    def __init__(self, length):
        self.length = length

    def simpleString(self):
        return f"{self.typeName()}({self.length})"

    jsonValue = simpleString

    def __repr__(self):
        return f"{type(self).__name__}({self.length})"

    def _plan(self):
        return {"kind": self.typeName(), "length": self.length}


class VarcharType(CharType):
    pass


class BinaryType(AtomicType):
    pass


class BooleanType(AtomicType):
    pass


class DateType(AtomicType):
    pass


class TimestampType(AtomicType):
    pass


class TimestampNTZType(AtomicType):
    @classmethod
    def typeName(cls):
        return "timestamp_ntz"


class TimeType(AtomicType):
    def __init__(self, precision=6):
        self.precision = precision

    def simpleString(self):
        return f"time({self.precision})"

    jsonValue = simpleString

    def __repr__(self):
        return f"TimeType({self.precision})"

    def _plan(self):
        return {"kind": "time", "precision": self.precision}


class DecimalType(FractionalType):
    def __init__(self, precision=10, scale=0):
        self.precision = precision
        self.scale = scale
        self.hasPrecisionInfo = True

    def simpleString(self):
        return f"decimal({self.precision},{self.scale})"

    jsonValue = simpleString

    def __repr__(self):
        return f"DecimalType({self.precision},{self.scale})"

    def _plan(self):
        return {"kind": "decimal", "precision": self.precision, "scale": self.scale}


class DoubleType(FractionalType):
    pass


class FloatType(FractionalType):
    pass


class ByteType(IntegralType):
    def simpleString(self):
        return "tinyint"


class ShortType(IntegralType):
    def simpleString(self):
        return "smallint"


class IntegerType(IntegralType):
    def simpleString(self):
        return "int"


class LongType(IntegralType):
    def simpleString(self):
        return "bigint"


class CalendarIntervalType(DataType):
    @classmethod
    def typeName(cls):
        return "interval"

    def _plan(self):
        return {"kind": "calendar_interval"}


class _FieldsIntervalType(AtomicType):
    _fields = {}
    _default = (0, 0)

    def __init__(self, startField=None, endField=None):
        if startField is None and endField is None:
            startField, endField = self._default
        elif endField is None:
            endField = startField
        for field in (startField, endField):
            if field not in self._fields:
                raise PySparkValueError(
                    errorClass="INVALID_INTERVAL_CASTING",
                    messageParameters={"start_field": str(startField), "end_field": str(endField)},
                )
        self.startField = startField
        self.endField = endField

    def simpleString(self):
        first, last = self._fields[self.startField], self._fields[self.endField]
        return f"interval {first}" if first == last else f"interval {first} to {last}"

    jsonValue = simpleString

    def __repr__(self):
        return f"{type(self).__name__}({self.startField}, {self.endField})"

    def _plan(self):
        return {"kind": self._kind, "start": self.startField, "end": self.endField}


class DayTimeIntervalType(_FieldsIntervalType):
    """An interval of days to seconds; in Python a `datetime.timedelta`."""

    DAY, HOUR, MINUTE, SECOND = 0, 1, 2, 3
    _fields = {0: "day", 1: "hour", 2: "minute", 3: "second"}
    _default = (0, 3)
    _kind = "day_time_interval"


class YearMonthIntervalType(_FieldsIntervalType):
    """An interval of years and months."""

    YEAR, MONTH = 0, 1
    _fields = {0: "year", 1: "month"}
    _default = (0, 1)
    _kind = "year_month_interval"


class VariantType(AtomicType):
    pass


class ArrayType(DataType):
    def __init__(self, elementType, containsNull=True):
        if not isinstance(elementType, DataType):
            raise _not_a("elementType", "DataType", elementType)
        self.elementType = elementType
        self.containsNull = containsNull

    def simpleString(self):
        return f"array<{self.elementType.simpleString()}>"

    def __repr__(self):
        return f"ArrayType({self.elementType}, {self.containsNull})"

    def jsonValue(self):
        return {"type": "array", "elementType": self.elementType.jsonValue(), "containsNull": self.containsNull}

    @classmethod
    def fromJson(cls, value):
        return cls(_from_json_value(value["elementType"]), value["containsNull"])

    def _plan(self):
        return {"kind": "array", "elementType": self.elementType._plan(), "containsNull": self.containsNull}


class MapType(DataType):
    def __init__(self, keyType, valueType, valueContainsNull=True):
        for name, given in (("keyType", keyType), ("valueType", valueType)):
            if not isinstance(given, DataType):
                raise _not_a(name, "DataType", given)
        self.keyType = keyType
        self.valueType = valueType
        self.valueContainsNull = valueContainsNull

    def simpleString(self):
        return f"map<{self.keyType.simpleString()},{self.valueType.simpleString()}>"

    def __repr__(self):
        return f"MapType({self.keyType}, {self.valueType}, {self.valueContainsNull})"

    def jsonValue(self):
        return {
            "type": "map",
            "keyType": self.keyType.jsonValue(),
            "valueType": self.valueType.jsonValue(),
            "valueContainsNull": self.valueContainsNull,
        }

    @classmethod
    def fromJson(cls, value):
        return cls(_from_json_value(value["keyType"]), _from_json_value(value["valueType"]), value["valueContainsNull"])

    def _plan(self):
        return {
            "kind": "map",
            "keyType": self.keyType._plan(),
            "valueType": self.valueType._plan(),
            "valueContainsNull": self.valueContainsNull,
        }


class StructField(DataType):
    def __init__(self, name, dataType, nullable=True, metadata=None):
        if not isinstance(dataType, DataType):
            raise _not_a("dataType", "DataType", dataType)
        if not isinstance(name, str):
            raise _not_a("name", "str", name)
        self.name = name
        self.dataType = dataType
        self.nullable = nullable
        self.metadata = metadata or {}

    def simpleString(self):
        return f"{self.name}:{self.dataType.simpleString()}"

    def __repr__(self):
        return f"StructField('{self.name}', {self.dataType}, {self.nullable})"

    def jsonValue(self):
        return {
            "name": self.name,
            "type": self.dataType.jsonValue(),
            "nullable": self.nullable,
            "metadata": self.metadata,
        }

    @classmethod
    def fromJson(cls, value):
        return cls(value["name"], _from_json_value(value["type"]), value.get("nullable", True), value.get("metadata"))

    def typeName(self):
        raise PySparkTypeError(errorClass="INVALID_TYPENAME_CALL", messageParameters={})

    def _plan(self):
        plan = {"name": self.name, "dataType": self.dataType._plan(), "nullable": self.nullable}
        if self.metadata:
            plan["metadata"] = self.metadata
        return plan


class StructType(DataType):
    """The type of a row: a list of `StructField`s, looked up by name or position."""

    def __init__(self, fields=None):
        self.fields = list(fields) if fields else []
        if not all(isinstance(f, StructField) for f in self.fields):
            raise PySparkTypeError(
                errorClass="NOT_EXPECTED_TYPE",
                messageParameters={"arg_name": "fields", "expected_type": "list[StructField]", "arg_type": type(fields).__name__},
            )
        self.names = [f.name for f in self.fields]

    def add(self, field, data_type=None, nullable=True, metadata=None):
        if not isinstance(field, StructField):
            if isinstance(field, str) and data_type is None:
                raise PySparkValueError(
                    errorClass="ARGUMENT_REQUIRED",
                    messageParameters={"arg_name": "data_type", "condition": "passing name of struct_field to create"},
                )
            if isinstance(data_type, str):
                data_type = _parse_datatype_string(data_type)
            field = StructField(field, data_type, nullable, metadata)
        self.fields.append(field)
        self.names.append(field.name)
        return self

    def __iter__(self):
        return iter(self.fields)

    def __len__(self):
        return len(self.fields)

    def __getitem__(self, key):
        if isinstance(key, str):
            for field in self.fields:
                if field.name == key:
                    return field
            raise PySparkKeyError(errorClass="KEY_NOT_EXISTS", messageParameters={"key": str(key)})
        if isinstance(key, int):
            try:
                return self.fields[key]
            except IndexError:
                from pyspark.errors import PySparkIndexError

                raise PySparkIndexError(
                    errorClass="INDEX_OUT_OF_RANGE", messageParameters={"arg_name": "StructType", "index": str(key)}
                ) from None
        if isinstance(key, slice):
            return StructType(self.fields[key])
        raise _not_a("key", "int, slice or str", key)

    def simpleString(self):
        return f"struct<{','.join(f.simpleString() for f in self.fields)}>"

    def __repr__(self):
        return f"StructType([{', '.join(str(f) for f in self.fields)}])"

    def jsonValue(self):
        return {"type": "struct", "fields": [f.jsonValue() for f in self.fields]}

    @classmethod
    def fromJson(cls, value):
        return cls([StructField.fromJson(f) for f in value["fields"]])

    def fieldNames(self):
        return list(self.names)

    def treeString(self, maxDepth=2**31 - 1):
        lines = ["root\n"]
        for field in self.fields:
            _tree_lines(field.name, field.dataType, field.nullable, " |", maxDepth, 1, lines)
        return "".join(lines)

    def _plan(self):
        return {"kind": "struct", "fields": [f._plan() for f in self.fields]}


def _nullable(type_):
    if isinstance(type_, StructType):
        return StructType([StructField(f.name, _nullable(f.dataType), True, f.metadata) for f in type_.fields])
    if isinstance(type_, ArrayType):
        return ArrayType(_nullable(type_.elementType), True)
    if isinstance(type_, MapType):
        return MapType(_nullable(type_.keyType), _nullable(type_.valueType), True)
    return type_


def _tree_lines(name, type_, nullable, prefix, depth, level, lines):
    label = type_.typeName() if isinstance(type_, (StructType, ArrayType, MapType)) else type_.simpleString()
    if isinstance(type_, (IntegralType, StringType)):
        label = type_.typeName()
    flag = f"({'containsNull' if name == 'element' and nullable is not None else 'nullable'} = {str(nullable).lower()})"
    if nullable is None:
        flag = ""
    lines.append(f"{prefix}-- {name}: {label} {flag}".rstrip() + "\n")
    if level >= depth:
        return
    inner = prefix + "    |"
    if isinstance(type_, StructType):
        for field in type_.fields:
            _tree_lines(field.name, field.dataType, field.nullable, inner, depth, level + 1, lines)
    elif isinstance(type_, ArrayType):
        _tree_lines("element", type_.elementType, type_.containsNull, inner, depth, level + 1, lines)
    elif isinstance(type_, MapType):
        _tree_lines("key", type_.keyType, None, inner, depth, level + 1, lines)
        value_lines = []
        _tree_lines("value", type_.valueType, type_.valueContainsNull, inner, depth, level + 1, value_lines)
        value_lines[0] = value_lines[0].replace("(nullable =", "(valueContainsNull =")
        lines.extend(value_lines)


class UserDefinedType(DataType):
    """A type of the user's own; plans carry its `sqlType`."""

    @classmethod
    def sqlType(cls):
        raise NotImplementedError(f"{cls.__name__} says no sqlType")

    def _plan(self):
        return self.sqlType()._plan()


class VariantVal:
    """A value of type VARIANT, in Spark's binary form."""

    def __init__(self, value, metadata):
        self.value = value
        self.metadata = metadata

    def __repr__(self):
        return f"VariantVal({self.value!r}, {self.metadata!r})"

    def __str__(self):
        return self.toJson()

    def __eq__(self, other):
        return isinstance(other, VariantVal) and (self.value, self.metadata) == (other.value, other.metadata)

    def __hash__(self):
        return hash((self.value, self.metadata))

    def toJson(self, zone_id="UTC"):
        from pyspark.sql import _bridge

        return _bridge.request("variantJson", {"variant": _variant_plain(self), "timeZone": zone_id})

    def toPython(self):
        return json.loads(self.toJson(), parse_float=decimal.Decimal)

    @classmethod
    def parseJson(cls, json_str):
        from pyspark.sql import _bridge

        return _variant_value(_bridge.request("parseVariant", json_str))


def _variant_plain(value):
    return {
        "value": base64.b64encode(value.value).decode(),
        "metadata": base64.b64encode(value.metadata).decode(),
    }


def _variant_value(plain):
    return VariantVal(base64.b64decode(plain["value"]), base64.b64decode(plain["metadata"]))


# --- between classes, plan data and text ------------------------------------

_SIMPLE = {
    t().typeName(): t
    for t in (
        NullType, BinaryType, BooleanType, DateType, TimestampType, TimestampNTZType, DoubleType, FloatType, ByteType,
        ShortType, IntegerType, LongType, CalendarIntervalType, VariantType, StringType, TimeType,
    )
}
_OF_KIND = dict(_SIMPLE, null=NullType, calendar_interval=CalendarIntervalType)
_DECIMAL = re.compile(r"decimal\(\s*(\d+)\s*,\s*(-?\d+)\s*\)")
_LENGTH = re.compile(r"(char|varchar|time)\(\s*(\d+)\s*\)")
_INTERVAL = re.compile(r"interval (\w+)(?: to (\w+))?")


def type_from_plan(plan):
    """The class of a type that is plain data, as the driver gives schemas."""
    kind = plan["kind"]
    if kind == "struct":
        return StructType(
            [
                StructField(f["name"], type_from_plan(f["dataType"]), f["nullable"], f.get("metadata"))
                for f in plan["fields"]
            ]
        )
    if kind == "array":
        return ArrayType(type_from_plan(plan["elementType"]), plan["containsNull"])
    if kind == "map":
        return MapType(type_from_plan(plan["keyType"]), type_from_plan(plan["valueType"]), plan["valueContainsNull"])
    if kind == "decimal":
        return DecimalType(plan["precision"], plan["scale"])
    if kind == "string":
        return StringType(plan.get("collation", "UTF8_BINARY"))
    if kind == "char":
        return CharType(plan["length"])
    if kind == "varchar":
        return VarcharType(plan["length"])
    if kind == "time":
        return TimeType(plan["precision"])
    if kind == "day_time_interval":
        return DayTimeIntervalType(plan["start"], plan["end"])
    if kind == "year_month_interval":
        return YearMonthIntervalType(plan["start"], plan["end"])
    if kind == "udt":
        return type_from_plan(plan["sqlType"])
    return _OF_KIND[kind]()


def _from_json_value(value):
    if isinstance(value, dict):
        kinds = {"struct": StructType, "array": ArrayType, "map": MapType}
        if value["type"] in kinds:
            return kinds[value["type"]].fromJson(value)
        raise PySparkTypeError(errorClass="UNSUPPORTED_DATA_TYPE", messageParameters={"data_type": value["type"]})
    if value in _SIMPLE:
        return _SIMPLE[value]()
    if value == "decimal":
        return DecimalType()
    if match := _DECIMAL.fullmatch(value):
        return DecimalType(int(match[1]), int(match[2]))
    if match := _LENGTH.fullmatch(value):
        return {"char": CharType, "varchar": VarcharType, "time": TimeType}[match[1]](int(match[2]))
    if match := _INTERVAL.fullmatch(value):
        for cls in (DayTimeIntervalType, YearMonthIntervalType):
            numbers = {text: number for number, text in cls._fields.items()}
            if match[1] in numbers:
                return cls(numbers[match[1]], numbers[match[2] or match[1]])
    raise PySparkValueError(errorClass="CANNOT_PARSE_DATATYPE", messageParameters={"msg": str(value)})


def _parse_datatype_string(text):
    return DataType.fromDDL(text)


def _parse_datatype_json_string(text):
    return _from_json_value(json.loads(text))


def as_type(given, argument="dataType"):
    """A type that was given as class or as DDL."""
    if isinstance(given, DataType):
        return given
    if isinstance(given, str):
        return _parse_datatype_string(given)
    raise _not_a(argument, "DataType or str", given)


def _not_a(argument, expected, given):
    return PySparkTypeError(
        errorClass="NOT_EXPECTED_TYPE",
        messageParameters={"arg_name": argument, "expected_type": expected, "arg_type": type(given).__name__},
    )


# --- rows --------------------------------------------------------------------


class Row(tuple):
    """A row: a tuple whose values also have names. `Row(a=1)` makes one, `Row("a")` a maker of rows."""

    def __new__(cls, *args, **kwargs):
        if args and kwargs:
            raise PySparkValueError(errorClass="CANNOT_SET_TOGETHER", messageParameters={"arg_list": "args and kwargs"})
        if kwargs:
            row = tuple.__new__(cls, list(kwargs.values()))
            row.__fields__ = list(kwargs.keys())
            return row
        return tuple.__new__(cls, args)

    def asDict(self, recursive=False):
        if not hasattr(self, "__fields__"):
            raise PySparkTypeError(errorClass="CANNOT_CONVERT_TYPE", messageParameters={"from_type": "Row", "to_type": "dict"})
        if not recursive:
            return dict(zip(self.__fields__, self))

        def plain(value):
            if isinstance(value, Row):
                return value.asDict(True)
            if isinstance(value, list):
                return [plain(item) for item in value]
            if isinstance(value, dict):
                return {key: plain(item) for key, item in value.items()}
            return value

        return {name: plain(value) for name, value in zip(self.__fields__, self)}

    def __contains__(self, item):
        return item in self.__fields__ if hasattr(self, "__fields__") else super().__contains__(item)

    def __call__(self, *args):
        if len(args) > len(self):
            raise PySparkValueError(
                errorClass="TOO_MANY_VALUES",
                messageParameters={"expected": str(len(self)), "item": "fields", "actual": str(len(args))},
            )
        return _create_row(self, args)

    def __getitem__(self, item):
        if isinstance(item, (int, slice)):
            return super().__getitem__(item)
        try:
            return super().__getitem__(self.__fields__.index(item))
        except (ValueError, AttributeError):
            raise PySparkKeyError(errorClass="KEY_NOT_EXISTS", messageParameters={"key": str(item)}) from None

    def __getattr__(self, item):
        if item.startswith("__"):
            raise PySparkAttributeError(errorClass="ATTRIBUTE_NOT_SUPPORTED", messageParameters={"attr_name": item})
        try:
            return self[self.__fields__.index(item)]
        except (ValueError, AttributeError, IndexError):
            raise PySparkAttributeError(
                errorClass="ATTRIBUTE_NOT_SUPPORTED", messageParameters={"attr_name": item}
            ) from None

    def __setattr__(self, key, value):
        if key != "__fields__":
            raise PySparkAttributeError(
                errorClass="READ_ONLY", messageParameters={"object": "Row"}
            )
        self.__dict__[key] = value

    def __reduce__(self):
        if hasattr(self, "__fields__"):
            return _create_row, (self.__fields__, tuple(self))
        return tuple.__reduce__(self)

    def __repr__(self):
        if hasattr(self, "__fields__"):
            return "Row(%s)" % ", ".join(f"{name}={value!r}" for name, value in zip(self.__fields__, tuple(self)))
        return "<Row(%s)>" % ", ".join(repr(field) for field in self)


def _create_row(fields, values):
    row = Row(*values)
    row.__fields__ = list(fields)
    return row


# --- values of plans and results ---------------------------------------------

_EPOCH = datetime.datetime(1970, 1, 1)
_EPOCH_UTC = _EPOCH.replace(tzinfo=datetime.timezone.utc)
_MICROSECOND = datetime.timedelta(microseconds=1)
_EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()


def reader(type_):
    """How a value of this type is made from its plain form in a result. Timestamps are local times of the computer's
    zone, as in PySpark; `None` stays."""
    kind = type(type_)
    if kind in (StringType, CharType, VarcharType, BooleanType, ByteType, ShortType, IntegerType, LongType):
        return None
    make = _READERS.get(kind)
    if make is not None:
        return lambda v: None if v is None else make(v)
    if kind is ArrayType:
        item = reader(type_.elementType)
        if item is None:
            return None
        return lambda v: None if v is None else [item(x) for x in v]
    if kind is MapType:
        key = reader(type_.keyType) or _same
        value = reader(type_.valueType) or _same
        return lambda v: None if v is None else {_hashable(key(k)): value(x) for k, x in v}
    if kind is StructType:
        names = list(type_.names)
        readers = [reader(f.dataType) or _same for f in type_.fields]
        return lambda v: None if v is None else _create_row(names, [r(x) for r, x in zip(readers, v)])
    return None


def _same(value):
    return value


def _hashable(value):
    return tuple(value) if isinstance(value, list) else value


def _read_float(value):
    return float(value) if isinstance(value, str) else float(value)


def _read_timestamp(micros):
    return (_EPOCH_UTC + datetime.timedelta(microseconds=int(micros))).astimezone(local_zone()).replace(tzinfo=None)


def _read_time(nanos):
    micros = int(nanos) // 1000
    seconds, micros = divmod(micros, 1_000_000)
    return datetime.time(seconds // 3600, seconds // 60 % 60, seconds % 60, micros)


def local_zone():
    """The zone in which naive datetimes are read; that of the computer, which in a page is the session's."""
    return _zone or datetime.datetime.now().astimezone().tzinfo


_zone = None


def set_local_zone(zone):
    global _zone
    _zone = zone


_READERS = {
    FloatType: _read_float,
    DoubleType: _read_float,
    DecimalType: decimal.Decimal,
    BinaryType: base64.b64decode,
    DateType: lambda v: datetime.date.fromordinal(_EPOCH_DAY + v),
    TimestampType: _read_timestamp,
    TimestampNTZType: lambda v: _EPOCH + datetime.timedelta(microseconds=int(v)),
    TimeType: _read_time,
    DayTimeIntervalType: lambda v: datetime.timedelta(microseconds=int(v)),
    VariantType: _variant_value,
}


def micros_of(value):
    """Microseconds since the epoch of a datetime, aware or naive (then of the local zone)."""
    if value.tzinfo is None:
        value = value.replace(tzinfo=local_zone())
    return (value - _EPOCH_UTC) // _MICROSECOND


def _need(value, classes, type_, name):
    if not isinstance(value, classes) or (isinstance(value, bool) and bool not in _tuple(classes)):
        raise _unacceptable(value, type_, name)
    return value


def _tuple(classes):
    return classes if isinstance(classes, tuple) else (classes,)


def _unacceptable(value, type_, name):
    if name is None:
        return PySparkTypeError(
            errorClass="FIELD_DATA_TYPE_UNACCEPTABLE",
            messageParameters={"data_type": str(type_), "obj": repr(value), "obj_type": str(type(value))},
        )
    return PySparkTypeError(
        errorClass="FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME",
        messageParameters={
            "data_type": str(type_), "obj": repr(value), "obj_type": str(type(value)), "field_name": name,
        },
    )


_BOUNDS = {ByteType: 8, ShortType: 16, IntegerType: 32, LongType: 64}


def plain(value, type_, nullable=True, name=None):
    """A value as its type's plain form, checked: what goes into local data."""
    if value is None:
        if nullable:
            return None
        raise PySparkValueError(
            errorClass="FIELD_NOT_NULLABLE_WITH_NAME" if name else "FIELD_NOT_NULLABLE",
            messageParameters={"field_name": str(name)} if name else {},
        )
    kind = type(type_)
    if kind in _BOUNDS:
        _need(value, int, type_, name)
        half = 2 ** (_BOUNDS[kind] - 1)
        if not -half <= value < half:
            params = {"obj": repr(value), "lower_bound": str(-half), "upper_bound": str(half - 1)}
            params = {"arg_name": name or "obj", "actual": repr(value), **params}
            raise PySparkValueError(errorClass="VALUE_OUT_OF_BOUNDS", messageParameters=params)
        return whole_plain(value)
    if kind in (FloatType, DoubleType):
        return float_plain(_need(value, float, type_, name))
    if kind in (StringType, CharType, VarcharType):
        return text_of(value)
    if kind is BooleanType:
        return _need(value, bool, type_, name)
    if kind is DecimalType:
        return str(_need(value, decimal.Decimal, type_, name))
    if kind is BinaryType:
        return {"$bytes": base64.b64encode(bytes(_need(value, (bytes, bytearray), type_, name))).decode()}
    if kind is DateType:
        _need(value, datetime.date, type_, name)
        return (value.date() if isinstance(value, datetime.datetime) else value).toordinal() - _EPOCH_DAY
    if kind is TimestampType:
        return whole_plain(micros_of(_need(value, datetime.datetime, type_, name)))
    if kind is TimestampNTZType:
        return whole_plain((_need(value, datetime.datetime, type_, name).replace(tzinfo=None) - _EPOCH) // _MICROSECOND)
    if kind is TimeType:
        _need(value, datetime.time, type_, name)
        return ((value.hour * 60 + value.minute) * 60 + value.second) * 10**9 + value.microsecond * 1000
    if kind is DayTimeIntervalType:
        return whole_plain(_need(value, datetime.timedelta, type_, name) // _MICROSECOND)
    if kind is VariantType:
        return _variant_plain(_need(value, VariantVal, type_, name))
    if kind is ArrayType:
        if not isinstance(value, (list, tuple, _array())):
            raise _unacceptable(value, type_, name)
        inner = f"element in array {name}" if name else "element in array"
        return [plain(item, type_.elementType, type_.containsNull, inner) for item in value]
    if kind is MapType:
        _need(value, dict, type_, name)
        return [
            [
                plain(k, type_.keyType, False, f"key of map {name}"),
                plain(v, type_.valueType, type_.valueContainsNull, f"value of map {name}"),
            ]
            for k, v in value.items()
        ]
    if kind is StructType:
        return plain_row(value, type_, name)
    if kind is NullType:
        raise _unacceptable(value, type_, name)
    raise PySparkTypeError(errorClass="UNSUPPORTED_DATA_TYPE", messageParameters={"data_type": str(type_)})


def plain_row(value, type_, name=None):
    """The values of a dict, Row, tuple, list or object, in the order of the type's fields."""
    fields = type_.fields

    def child(field):
        return f"field {field.name}" if name is None else f"field {field.name} in {name}"

    if isinstance(value, dict):
        return [plain(value.get(f.name), f.dataType, f.nullable, child(f)) for f in fields]
    if isinstance(value, (tuple, list)):
        if isinstance(value, Row) and hasattr(value, "__fields__") and sorted(value.__fields__) == sorted(type_.names):
            value = [value[f.name] for f in fields]
        if len(value) != len(fields):
            raise PySparkValueError(
                errorClass="AXIS_LENGTH_MISMATCH" if name is None else "FIELD_STRUCT_LENGTH_MISMATCH_WITH_NAME",
                messageParameters={
                    "expected_length": str(len(fields)), "actual_length": str(len(value)),
                    "object_length": str(len(value)), "field_length": str(len(fields)), "field_name": str(name),
                },
            )
        return [plain(v, f.dataType, f.nullable, child(f)) for v, f in zip(value, fields)]
    if hasattr(value, "__dict__"):
        held = value.__dict__
        return [plain(held.get(f.name), f.dataType, f.nullable, child(f)) for f in fields]
    raise _unacceptable(value, type_, name)


def whole_plain(value):
    """A whole number; one that JavaScript's numbers cannot hold is marked."""
    return int(value) if -(2**53) < value < 2**53 else {"$int": str(int(value))}


def float_plain(value):
    """A float; NaN and the infinities, which JSON cannot say, by name."""
    if value != value:
        return {"$number": "NaN"}
    if value in (float("inf"), float("-inf")):
        return {"$number": "Infinity" if value > 0 else "-Infinity"}
    return value


def text_of(value):
    """As PySpark makes text of what is given for a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _array():
    from array import array

    return array


# --- inference ---------------------------------------------------------------

_OF_CLASS = {
    type(None): NullType, bool: BooleanType, int: LongType, float: DoubleType, str: StringType, bytearray: BinaryType,
    bytes: BinaryType, datetime.date: DateType, datetime.datetime: TimestampType, datetime.time: TimeType,
    datetime.timedelta: DayTimeIntervalType, VariantVal: VariantType,
}
_ARRAY_TYPES = {
    "b": ByteType, "h": ShortType, "i": IntegerType, "l": LongType, "q": LongType, "f": FloatType, "d": DoubleType,
}


def infer_type(value, conf, name=None):
    """The type of one value, as PySpark infers it."""
    if isinstance(value, decimal.Decimal):
        return DecimalType(38, 18)
    kind = _OF_CLASS.get(type(value))
    if kind is not None:
        return kind()
    if isinstance(value, datetime.datetime):
        return TimestampType()
    if isinstance(value, Row) or (isinstance(value, tuple)):
        return infer_struct(value, conf)
    if isinstance(value, dict):
        if conf.get("inferDictAsStruct"):
            return infer_struct(value, conf)
        first = [(k, v) for k, v in value.items() if k is not None and v is not None]
        if not first:
            return MapType(NullType(), NullType(), True)
        if not conf.get("inferMapFromFirstPair"):
            keys, values = NullType(), NullType()
            for k, v in value.items():
                keys = merge_types(keys, infer_type(k, conf), "key")
                values = merge_types(values, infer_type(v, conf), "value")
            return MapType(keys, values, True)
        return MapType(infer_type(first[0][0], conf), infer_type(first[0][1], conf), True)
    if isinstance(value, list):
        if not value:
            return ArrayType(NullType(), True)
        if conf.get("inferArrayFromFirst"):
            for item in value:
                if item is not None:
                    return ArrayType(infer_type(item, conf), True)
            return ArrayType(NullType(), True)
        merged = NullType()
        for item in value:
            merged = merge_types(merged, infer_type(item, conf), name)
        return ArrayType(merged, True)
    if isinstance(value, _array()):
        if value.typecode in _ARRAY_TYPES:
            return ArrayType(_ARRAY_TYPES[value.typecode](), False)
        raise PySparkTypeError(errorClass="UNSUPPORTED_DATA_TYPE", messageParameters={"data_type": f"array({value.typecode})"})
    if hasattr(value, "__dict__"):
        return infer_struct(value, conf)
    raise PySparkTypeError(errorClass="UNSUPPORTED_DATA_TYPE", messageParameters={"data_type": type(value).__name__})


def infer_struct(row, conf, names=None):
    """The type of a record."""
    if isinstance(row, dict):
        items = sorted(row.items())
    elif isinstance(row, (tuple, list)):
        if hasattr(row, "__fields__"):
            items = list(zip(row.__fields__, tuple(row)))
        elif hasattr(row, "_fields"):
            items = list(zip(row._fields, tuple(row)))
        else:
            given = list(names or [])[: len(row)]
            given += [f"_{i}" for i in range(len(given) + 1, len(row) + 1)]
            items = list(zip(given, row))
    elif hasattr(row, "__dict__"):
        items = sorted(row.__dict__.items())
    else:
        raise PySparkTypeError(errorClass="CANNOT_INFER_SCHEMA_FOR_TYPE", messageParameters={"data_type": type(row).__name__})
    fields = []
    for name, value in items:
        try:
            fields.append(StructField(name, infer_type(value, conf, name), True))
        except TypeError as error:
            raise PySparkTypeError(
                errorClass="CANNOT_INFER_TYPE_FOR_FIELD", messageParameters={"field_name": name}
            ) from error
    return StructType(fields)


def merge_types(a, b, name=None):
    """The type that holds values of both."""
    if isinstance(a, NullType):
        return b
    if isinstance(b, NullType):
        return a
    if isinstance(a, TimestampType) and isinstance(b, TimestampNTZType):
        return a
    if isinstance(a, TimestampNTZType) and isinstance(b, TimestampType):
        return b
    if isinstance(a, LongType) and isinstance(b, DoubleType):
        return b
    if isinstance(a, DoubleType) and isinstance(b, LongType):
        return a
    if isinstance(a, AtomicType) and isinstance(b, StringType):
        return b
    if isinstance(a, StringType) and isinstance(b, AtomicType):
        return a
    if type(a) is not type(b):
        raise PySparkTypeError(
            errorClass="CANNOT_MERGE_TYPE",
            messageParameters={"data_type1": type(a).__name__, "data_type2": type(b).__name__},
        )
    if isinstance(a, StructType):
        others = {f.name: f.dataType for f in b.fields}
        fields = [
            StructField(f.name, merge_types(f.dataType, others.get(f.name, NullType()), f.name)) for f in a.fields
        ]
        seen = {f.name for f in fields}
        fields += [StructField(n, t) for n, t in others.items() if n not in seen]
        return StructType(fields)
    if isinstance(a, ArrayType):
        return ArrayType(merge_types(a.elementType, b.elementType, f"element in array {name}"), True)
    if isinstance(a, MapType):
        return MapType(merge_types(a.keyType, b.keyType), merge_types(a.valueType, b.valueType), True)
    return a


def has_null_type(type_):
    if isinstance(type_, StructType):
        return any(has_null_type(f.dataType) for f in type_.fields)
    if isinstance(type_, ArrayType):
        return has_null_type(type_.elementType)
    if isinstance(type_, MapType):
        return has_null_type(type_.keyType) or has_null_type(type_.valueType)
    return isinstance(type_, NullType)
