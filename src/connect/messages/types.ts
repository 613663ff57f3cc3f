import type { MessageTable } from "./table.ts";

/** Data types. */
export const TYPES_MESSAGES: MessageTable = {
  DataType:
    "kind { null 1 .NULL; binary 2 .Binary; boolean 3 .Boolean; byte 4 .Byte; short 5 .Short; " +
    "integer 6 .Integer; long 7 .Long; float 8 .Float; double 9 .Double; decimal 10 .Decimal; " +
    "string 11 .String; char 12 .Char; var_char 13 .VarChar; date 14 .Date; timestamp 15 .Timestamp; " +
    "timestamp_ntz 16 .TimestampNTZ; calendar_interval 17 .CalendarInterval; " +
    "year_month_interval 18 .YearMonthInterval; day_time_interval 19 .DayTimeInterval; " +
    "array 20 .Array; struct 21 .Struct; map 22 .Map; variant 25 .Variant; udt 23 .UDT; " +
    "geometry 26 .Geometry; geography 27 .Geography; unparsed 24 .Unparsed; time 28 .Time; " +
    "timestamp_ntz_nanos 29 .TimestampNTZNanos; timestamp_ltz_nanos 30 .TimestampLTZNanos }",
  "DataType.Boolean": "type_variation_reference 1 uint32",
  "DataType.Byte": "type_variation_reference 1 uint32",
  "DataType.Short": "type_variation_reference 1 uint32",
  "DataType.Integer": "type_variation_reference 1 uint32",
  "DataType.Long": "type_variation_reference 1 uint32",
  "DataType.Float": "type_variation_reference 1 uint32",
  "DataType.Double": "type_variation_reference 1 uint32",
  "DataType.String": "type_variation_reference 1 uint32; collation 2 string",
  "DataType.Binary": "type_variation_reference 1 uint32",
  "DataType.NULL": "type_variation_reference 1 uint32",
  "DataType.Timestamp": "type_variation_reference 1 uint32",
  "DataType.Date": "type_variation_reference 1 uint32",
  "DataType.TimestampNTZ": "type_variation_reference 1 uint32",
  "DataType.Time": "precision? 1 int32; type_variation_reference 2 uint32",
  "DataType.TimestampNTZNanos": "precision? 1 int32; type_variation_reference 2 uint32",
  "DataType.TimestampLTZNanos": "precision? 1 int32; type_variation_reference 2 uint32",
  "DataType.CalendarInterval": "type_variation_reference 1 uint32",
  "DataType.YearMonthInterval": "start_field? 1 int32; end_field? 2 int32; type_variation_reference 3 uint32",
  "DataType.DayTimeInterval": "start_field? 1 int32; end_field? 2 int32; type_variation_reference 3 uint32",
  "DataType.Char": "length 1 int32; type_variation_reference 2 uint32",
  "DataType.VarChar": "length 1 int32; type_variation_reference 2 uint32",
  "DataType.Decimal": "scale? 1 int32; precision? 2 int32; type_variation_reference 3 uint32",
  "DataType.StructField": "name 1 string; data_type 2 DataType; nullable 3 bool; metadata? 4 string",
  "DataType.Struct": "fields* 1 DataType.StructField; type_variation_reference 2 uint32",
  "DataType.Array": "element_type 1 DataType; contains_null 2 bool; type_variation_reference 3 uint32",
  "DataType.Map":
    "key_type 1 DataType; value_type 2 DataType; value_contains_null 3 bool; " +
    "type_variation_reference 4 uint32",
  "DataType.Geometry": "srid 1 int32; type_variation_reference 2 uint32",
  "DataType.Geography": "srid 1 int32; type_variation_reference 2 uint32",
  "DataType.Variant": "type_variation_reference 1 uint32",
  "DataType.UDT":
    "type 1 string; jvm_class? 2 string; python_class? 3 string; serialized_python_class? 4 string; " +
    "sql_type? 5 DataType",
  "DataType.Unparsed": "data_type_string 1 string",
};
