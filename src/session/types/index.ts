export {
  BinaryType,
  BooleanType,
  ByteType,
  CalendarIntervalType,
  CharType,
  DateType,
  DayTimeIntervalType,
  DecimalType,
  DoubleType,
  FloatType,
  FractionalType,
  IntegerType,
  IntegralType,
  LongType,
  NullType,
  NumericType,
  ShortType,
  StringType,
  TimestampNTZType,
  TimestampType,
  TimeType,
  UserDefinedType,
  VarcharType,
  VariantType,
  YearMonthIntervalType,
} from "./atomic-types.ts";
export { DataType, type DataTypeLike, isDataType, plainType } from "./data-type-class.ts";
export { parseDataType, parseTableSchema } from "./ddl.ts";
export { Geography, GeographyType, Geometry, GeometryType } from "./geospatial.ts";
export { ArrayType, asClass, MapType, type Metadata, StructField, StructType } from "./nested-types.ts";
export { classOf } from "./registry.ts";
