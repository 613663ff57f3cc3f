import { unsupported } from "../../errors/spark-error.ts";
import type { Literal, LiteralValue } from "../../plan/expression.ts";
import {
  type ArrayType,
  array,
  CALENDAR_INTERVAL,
  DAY_TIME_INTERVAL,
  type DataType,
  decimal,
  type MapType,
  map,
  type StructType,
  YEAR_MONTH_INTERVAL,
} from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";
import { messageSpec } from "../messages/table.ts";
import { invalidPlan, notSet, type Reviver } from "./fields.ts";

type LiteralReader = (value: unknown, dataType: DataType | undefined) => Omit<Literal, "kind">;

/** The value stands in the message as it stands in our literal. */
function plain(
  kind: "boolean" | "byte" | "short" | "integer" | "long" | "float" | "double" | "binary" | "date",
): LiteralReader {
  return (value) => ({ dataType: { kind }, value: value as LiteralValue });
}

function micros(dataType: DataType): LiteralReader {
  return (value, given) => ({
    dataType: given?.kind === dataType.kind ? given : dataType,
    value: BigInt(value as number | bigint),
  });
}

function refused(name: string): LiteralReader {
  return () => {
    throw unsupported(`a literal of type ${name}`);
  };
}

/** By the member of `Expression.Literal.literal_type`. */
const READERS: Readonly<Record<string, LiteralReader>> = {
  null: (dataType) => ({ dataType: dataType as DataType, value: null }),
  boolean: plain("boolean"),
  byte: plain("byte"),
  short: plain("short"),
  integer: plain("integer"),
  long: plain("long"),
  float: plain("float"),
  double: plain("double"),
  binary: plain("binary"),
  date: plain("date"),
  string: (value, given) => ({
    dataType: given?.kind === "string" ? given : { kind: "string" },
    value: value as string,
  }),
  decimal: (value) => readDecimal(value as Message),
  timestamp: micros({ kind: "timestamp" }),
  timestampNtz: micros({ kind: "timestamp_ntz" }),
  dayTimeInterval: micros(DAY_TIME_INTERVAL),
  yearMonthInterval: (value, given) => ({
    dataType: given?.kind === "year_month_interval" ? given : YEAR_MONTH_INTERVAL,
    value: value as number,
  }),
  calendarInterval: (value) => {
    const { months, days, microseconds } = value as Message;
    return {
      dataType: CALENDAR_INTERVAL,
      value: {
        months: months as number,
        days: days as number,
        microseconds: BigInt(microseconds as number | bigint),
      },
    };
  },
  time: (value) => {
    const { nano, precision } = value as Message;
    return {
      dataType: { kind: "time", precision: (precision as number | undefined) ?? 6 },
      value: BigInt(nano as number | bigint),
    };
  },
  array: (value, given) => readArray(value as Message, given),
  map: (value, given) => readMap(value as Message, given),
  struct: (value, given) => readStruct(value as Message, given),
  specializedArray: (value, given) => readSpecializedArray(value as Message, given),
  timestampNtzNanos: refused("TIMESTAMP_NTZ with nanoseconds"),
  timestampLtzNanos: refused("TIMESTAMP_LTZ with nanoseconds"),
};

function readLiteral(message: Message): Literal {
  for (const member of messageSpec("Expression.Literal").oneofs.literalType ?? []) {
    const value = message[member.name];
    if (value === undefined) continue;
    const read = READERS[member.name] as LiteralReader;
    return { kind: "Literal", ...read(value, message.dataType as DataType | undefined) };
  }
  return notSet("Expression.Literal", "literal_type");
}

/** At least the digits that the value has, at least the type that the client names. */
function readDecimal(message: Message): Omit<Literal, "kind"> {
  const value = plainDecimal(message.value as string);
  const [whole = "", fraction = ""] = value.replace("-", "").split(".");
  const digits = (whole + fraction).replace(/^0+/, "").length;
  const scale = Math.max(fraction.length, (message.scale as number | undefined) ?? 0);
  const precision = Math.max(digits, fraction.length, (message.precision as number | undefined) ?? 0, 1);
  return { dataType: decimal(precision, scale), value };
}

/** Python and Java write small and large decimals with an exponent. */
export function plainDecimal(text: string): string {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null || (match[2] === "" && match[3] === "")) {
    return invalidPlan("CANNOT_PARSE", { errorMsg: `not a decimal: ${text}` });
  }
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent);
  // More digits than any decimal type has: refused before a text of that length is built.
  if (Math.abs(shift) > 100) return invalidPlan("CANNOT_PARSE", { errorMsg: `not a decimal: ${text}` });
  const digits = whole + fraction;
  const point = whole.length + shift;
  const left = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0");
  const right = point <= 0 ? "0".repeat(-point) + digits : digits.slice(point);
  const minus = sign === "-" && /[1-9]/.test(digits) ? "-" : "";
  return `${minus}${left.replace(/^0+(?=\d)/, "")}${right === "" ? "" : `.${right}`}`;
}

function values(literals: unknown): readonly LiteralValue[] {
  return (literals as readonly Literal[]).map((literal) => literal.value);
}

function readArray(message: Message, given: DataType | undefined): Omit<Literal, "kind"> {
  const elements = message.elements as readonly Literal[];
  const elementType = (message.elementType as DataType | undefined) ?? elements[0]?.dataType;
  if (given?.kind === "array") return { dataType: given, value: values(elements) };
  if (elementType === undefined) return invalidPlan("ARRAY_LITERAL_MISSING_DATA_TYPE");
  return { dataType: array(elementType), value: values(elements) };
}

function readMap(message: Message, given: DataType | undefined): Omit<Literal, "kind"> {
  const keys = message.keys as readonly Literal[];
  const items = message.values as readonly Literal[];
  const keyType = (message.keyType as DataType | undefined) ?? keys[0]?.dataType;
  const valueType = (message.valueType as DataType | undefined) ?? items[0]?.dataType;
  const value = { keys: values(keys), values: values(items) };
  if (given?.kind === "map") return { dataType: given as MapType, value };
  if (keyType === undefined || valueType === undefined) return invalidPlan("MAP_LITERAL_MISSING_DATA_TYPE");
  return { dataType: map(keyType, valueType), value };
}

function readStruct(message: Message, given: DataType | undefined): Omit<Literal, "kind"> {
  const dataType = (given ?? message.structType) as StructType | undefined;
  if (dataType?.kind !== "struct") return invalidPlan("STRUCT_LITERAL_MISSING_DATA_TYPE");
  return { dataType, value: values(message.elements) };
}

const SPECIALIZED: Readonly<Record<string, DataType["kind"]>> = {
  bools: "boolean",
  ints: "integer",
  longs: "long",
  floats: "float",
  doubles: "double",
  strings: "string",
};

/** Primitive arrays hold no nulls; `byte` and `short` travel as ints under the type that is given. */
function readSpecializedArray(message: Message, given: DataType | undefined): Omit<Literal, "kind"> {
  for (const [member, kind] of Object.entries(SPECIALIZED)) {
    const items = message[member] as Message | undefined;
    if (items === undefined) continue;
    const dataType: ArrayType =
      given?.kind === "array" ? given : array({ kind } as DataType, kind === "string");
    return { dataType, value: items.values as readonly LiteralValue[] };
  }
  return notSet("Expression.Literal.SpecializedArray", "value_type");
}

export const LITERAL_REVIVERS: Readonly<Record<string, Reviver>> = { "Expression.Literal": readLiteral };
