import { PySparkTypeError, PySparkValueError } from "../errors/spark-error.ts";

/** The type of a value as an error message shows it. */
export function typeNameOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return value.constructor?.name ?? "Object";
}

/** PySpark's NOT_EXPECTED_TYPE. */
export function notExpectedType(argument: string, expected: string, value: unknown): PySparkTypeError {
  return new PySparkTypeError({
    condition: "NOT_EXPECTED_TYPE",
    messageParameters: { arg_name: argument, expected_type: expected, arg_type: typeNameOf(value) },
  });
}

/** PySpark's CANNOT_BE_EMPTY. */
export function cannotBeEmpty(item: string): PySparkValueError {
  return new PySparkValueError({ condition: "CANNOT_BE_EMPTY", messageParameters: { item } });
}

/** PySpark's VALUE_NOT_POSITIVE. */
export function valueNotPositive(argument: string, value: unknown): PySparkValueError {
  return new PySparkValueError({
    condition: "VALUE_NOT_POSITIVE",
    messageParameters: { arg_name: argument, arg_value: String(value) },
  });
}

/** PySpark's CANNOT_SET_TOGETHER. */
export function cannotSetTogether(argumentList: string): PySparkValueError {
  return new PySparkValueError({
    condition: "CANNOT_SET_TOGETHER",
    messageParameters: { arg_list: argumentList },
  });
}

export function expectString(argument: string, value: unknown): asserts value is string {
  if (typeof value !== "string") throw notExpectedType(argument, "string", value);
}

/** A whole number of at least 1, as `numPartitions`. */
export function expectPositive(argument: string, value: number): void {
  if (!Number.isInteger(value)) throw notExpectedType(argument, "integer", value);
  if (value <= 0) throw valueNotPositive(argument, value);
}

/** A whole number; what PySpark types as `int`. */
export function expectInteger(argument: string, value: unknown): asserts value is number {
  if (typeof value !== "number" || !Number.isInteger(value))
    throw notExpectedType(argument, "integer", value);
}
