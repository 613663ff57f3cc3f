import type { ConditionTable } from "./condition.ts";

/** Reading and writing files. */
export const FILE_CONDITIONS: ConditionTable = {
  FAILED_READ_FILE: { message: "Encountered error while reading file <path>.", sqlState: "KD001" },
  "FAILED_READ_FILE.NO_HINT": { message: "" },
  "FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER": {
    message:
      "Could not read footer. Please ensure that the file is in either ORC or Parquet format. If not, please convert it to a valid format. If the file is in the valid format, please check if it is corrupt. If it is, you can choose to either ignore it or fix the corruption.",
  },
  "FAILED_READ_FILE.FILE_NOT_EXIST": {
    message:
      "File does not exist. It is possible the underlying files have been updated. You can explicitly invalidate the cache in Spark by running 'REFRESH TABLE tableName' command in SQL or by recreating the Dataset/DataFrame involved.",
  },
  "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH": {
    message:
      "Data type mismatches when reading Parquet column <column>. Expected Spark type <expectedType>, actual Parquet type <actualType>.",
  },
  MALFORMED_RECORD_IN_PARSING: {
    message:
      "Malformed records are detected in record parsing: <badRecord>. Parse Mode: <failFastMode>. To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'.",
    sqlState: "22023",
  },
  "MALFORMED_RECORD_IN_PARSING.CANNOT_PARSE_JSON_ARRAYS_AS_STRUCTS": {
    message: "Parsing JSON arrays as structs is forbidden.",
  },
  "MALFORMED_RECORD_IN_PARSING.CANNOT_PARSE_STRING_AS_DATATYPE": {
    message:
      "Cannot parse the value <fieldValue> of the field <fieldName> as target spark data type <targetType> from the input type <inputType>.",
  },
  "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION": { message: "" },
  CANNOT_MERGE_SCHEMAS: {
    message:
      "Failed merging schemas:\nInitial schema:\n<left>\nSchema that cannot be merged with the initial schema:\n<right>.",
    sqlState: "42KD9",
  },
  PARQUET_TYPE_ILLEGAL: { message: "Illegal Parquet type: <parquetType>.", sqlState: "42846" },
  INVALID_JSON_RECORD_TYPE: {
    message:
      "Detected an invalid type of a JSON record while inferring a common schema in the mode <failFastMode>. Expected a STRUCT type, but found <invalidType>.",
    sqlState: "22023",
  },
  NEGATIVE_SCALE_DISALLOWED: {
    message: "Negative scale is not allowed: '<scale>'. Set the config <sqlConf> to \"true\" to allow it.",
    sqlState: "0A000",
  },
  INVALID_DELIMITER_VALUE: { message: "Invalid value for delimiter.", sqlState: "42602" },
  "INVALID_DELIMITER_VALUE.EMPTY_STRING": { message: "Delimiter cannot be empty string." },
  "INVALID_DELIMITER_VALUE.SINGLE_BACKSLASH": {
    message:
      "Single backslash is prohibited. It has special meaning as beginning of an escape sequence. To get the backslash character, pass a string with two backslashes as the delimiter.",
  },
  "INVALID_DELIMITER_VALUE.UNSUPPORTED_SPECIAL_CHARACTER": {
    message: "Unsupported special character for delimiter: <str>.",
  },
  OPTION_VALUE_EXCEEDS_ONE_CHARACTER: {
    message: "The value of <paramName> cannot be more than one character, but got <actualValue>.",
    sqlState: "22023",
  },
  CODEC_NOT_AVAILABLE: { message: "The codec <codecName> is not available.", sqlState: "56038" },
  "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION": {
    message: "Available codecs are <availableCodecs>.",
  },
  UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE: {
    message: "The <format> datasource doesn't support the column <columnName> of the type <columnType>.",
    sqlState: "0A000",
  },
  MALFORMED_CSV_RECORD: { message: "Malformed CSV record: <badRecord>", sqlState: "KD000" },
};
