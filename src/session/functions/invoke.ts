import { PySparkValueError } from "../../errors/spark-error.ts";
import type { UnresolvedNamedLambdaVariable } from "../../plan/expression.ts";
import { typeNameOf } from "../argument-errors.ts";
import { Column, type ColumnOrName, callFunction, toColumn } from "../column.ts";
import { flattenColumns, plainColumn, toCol } from "../column-arguments.ts";
import { freshLambdaName, INTERNAL } from "../internal.ts";
import type { LiteralInput } from "../literal.ts";

/** Options of a data format: text, numbers and booleans by name. */
export type Options = Readonly<Record<string, string | number | boolean>>;

/** What a lambda of a higher-order function looks like. */
export type Lambda1 = (x: Column) => Column;
export type Lambda2 = (x: Column, y: Column) => Column;
export type Lambda3 = (x: Column, y: Column, z: Column) => Column;

/** A call over columns, each by itself or by name. Trailing arguments that are not given are left out. */
export function call(name: string, ...args: readonly (ColumnOrName | undefined)[]): Column {
  const given = args.filter((argument) => argument !== undefined);
  return callFunction(
    name,
    given.map((argument) => toCol(argument)),
  );
}

/** As `call`, with DISTINCT. */
export function callDistinct(name: string, ...args: readonly (ColumnOrName | undefined)[]): Column {
  const given = args.filter((argument) => argument !== undefined);
  return callFunction(
    name,
    given.map((argument) => toCol(argument)),
    { isDistinct: true },
  );
}

/** A call over any number of columns, given one by one or as an array. */
export function callAll(name: string, cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column {
  return call(name, ...flattenColumns(cols));
}

/** A value as a literal; strings are text here. Undefined stays undefined, so that `call` leaves it out. */
export function value(input: LiteralInput): Column;
export function value(input: LiteralInput | undefined): Column | undefined;
export function value(input: LiteralInput | undefined): Column | undefined {
  return input === undefined ? undefined : toColumn(input);
}

/** A number (or anything but a string) as a literal, a string as a column's name. */
export function numberOrColumn(input: ColumnOrName | number | bigint): Column;
export function numberOrColumn(input: ColumnOrName | number | bigint | undefined): Column | undefined;
export function numberOrColumn(input: ColumnOrName | number | bigint | undefined): Column | undefined {
  if (input === undefined) return undefined;
  return typeof input === "string" ? toCol(input) : toColumn(input);
}

/** A string as text, a Column as it is. */
export function textOrColumn(input: Column | string): Column;
export function textOrColumn(input: Column | string | undefined): Column | undefined;
export function textOrColumn(input: Column | string | undefined): Column | undefined {
  return input === undefined ? undefined : toColumn(input);
}

/** Options as the map that Spark's functions take. */
export function optionsColumn(options: Options | undefined): Column | undefined {
  if (options === undefined) return undefined;
  return callFunction(
    "map",
    Object.entries(options).flatMap(([key, item]) => [toColumn(key), toColumn(String(item))]),
  );
}

/** A seed where none was given: 63 random bits. */
export function randomSeed(): bigint {
  const part = (): bigint => BigInt(Math.floor(Math.random() * 0x8000_0000));
  return (part() << 32n) | (part() << 1n) | BigInt(Math.random() < 0.5 ? 0 : 1);
}

/** A call of a higher-order function: columns first, then lambdas. */
export function callHigherOrder(
  name: string,
  cols: readonly ColumnOrName[],
  lambdas: readonly (Lambda1 | Lambda2 | Lambda3 | undefined)[],
): Column {
  const given = lambdas.filter((lambda) => lambda !== undefined);
  return callFunction(name, [...cols.map((c) => toCol(c)), ...given.map(lambdaColumn)]);
}

/** An arrow function over Columns as a lambda: it is called once, with variables named x, y and z. */
export function lambdaColumn(f: Lambda1 | Lambda2 | Lambda3): Column {
  const count = f.length;
  if (!(count >= 1 && count <= 3)) {
    throw new PySparkValueError({
      condition: "WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION",
      messageParameters: { func_name: f.name || "<lambda>", num_args: String(count) },
    });
  }
  const variables = ["x", "y", "z"].slice(0, count).map(
    (name): UnresolvedNamedLambdaVariable => ({
      kind: "UnresolvedNamedLambdaVariable",
      nameParts: [freshLambdaName(name)],
    }),
  );
  const [x, y, z] = variables.map(plainColumn) as [Column, Column, Column];
  const result = (f as Lambda3)(x, y, z);
  if (!(result instanceof Column)) {
    throw new PySparkValueError({
      condition: "HIGHER_ORDER_FUNCTION_SHOULD_RETURN_COLUMN",
      messageParameters: { func_name: f.name || "<lambda>", return_type: typeNameOf(result) },
    });
  }
  const { expression, attachments } = result[INTERNAL];
  return new Column({
    expression: { kind: "LambdaFunction", function: expression, arguments: variables },
    attachments,
  });
}
