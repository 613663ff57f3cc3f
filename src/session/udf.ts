import { rowsToArrow } from "../engine/arrow/build.ts";
import { decodeRows } from "../engine/arrow/decode.ts";
import { sparkSchemaOf } from "../engine/arrow/spark-schema.ts";
import type { DataType as PlainDataType } from "../types/data-type.ts";
import { struct } from "../types/data-type.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { notExpectedType } from "./argument-errors.ts";
import { Column, type ColumnOrName } from "./column.ts";
import { columnsOf, flattenColumns } from "./column-arguments.ts";
import { convertValue } from "./convert-value.ts";
import { type Attachment, INTERNAL, mergeAttachments } from "./internal.ts";
import { type DataType, type DataTypeLike, isDataType, plainType } from "./types/data-type-class.ts";
import { parseDataType } from "./types/ddl.ts";
import { classOf } from "./types/registry.ts";

/** A function over the values of a row. It may be asynchronous. */
export type UdfFunction = (...args: never[]) => unknown;

/**
 * A JavaScript function as a function over columns. Call it with columns; the values of each row come to the function
 * in the client's realm, a batch at a time.
 */
export interface UserDefinedFunction {
  (...cols: readonly ColumnOrName[]): Column;
  readonly func: UdfFunction;
  readonly returnType: DataType;
  readonly deterministic: boolean;
  readonly evalType: number;
  /** Says that the same arguments may give different results. */
  asNondeterministic(): UserDefinedFunction;
  /** @internal */
  readonly [INTERNAL]: UdfState;
}

/** @internal */
export interface UdfState {
  readonly id: string;
  readonly name: string;
  readonly outputType: PlainDataType;
  readonly attachment: Attachment;
}

/** PySpark's number for a function that gets one row at a time. */
const SQL_BATCHED_UDF = 100;

/** Makes a `UserDefinedFunction`; `functions.udf` and `spark.udf.register` are the ways to it. */
export function makeUdf(
  func: UdfFunction,
  returnType: DataTypeLike | string,
  options: { readonly name?: string; readonly deterministic?: boolean } = {},
): UserDefinedFunction {
  if (typeof func !== "function") throw notExpectedType("func", "function", func);
  const outputType = typeof returnType === "string" ? parseDataType(returnType) : plain(returnType);
  const { name = func.name || "<lambda>", deterministic = true } = options;
  const id = randomUuid();
  const attachment: Attachment = {
    kind: "function",
    id,
    register: async (backend) => {
      await backend.registerFunction?.(id, (args) => callOverBatch(func, outputType, args));
    },
  };
  const apply = (...cols: readonly (ColumnOrName | readonly ColumnOrName[])[]): Column => {
    const args = columnsOf(flattenColumns(cols)).map((argument) => argument[INTERNAL]);
    return new Column({
      expression: {
        kind: "UserDefinedFunction",
        functionName: name,
        deterministic,
        arguments: args.map((argument) => argument.expression),
        function: { language: "javascript", outputType, id },
      },
      attachments: mergeAttachments(...args.map((argument) => argument.attachments), [attachment]),
    });
  };
  return Object.assign(apply, {
    func,
    returnType: classOf(outputType),
    deterministic,
    evalType: SQL_BATCHED_UDF,
    asNondeterministic: () => makeUdf(func, outputType, { name, deterministic: false }),
    [INTERNAL]: { id, name, outputType, attachment },
  });
}

export function isUdf(value: unknown): value is UserDefinedFunction {
  return typeof value === "function" && INTERNAL in value;
}

function plain(type: DataTypeLike): PlainDataType {
  if (!isDataType(type)) throw notExpectedType("returnType", "DataType or str", type);
  return plainType(type);
}

/** Runs the function for each row of a batch. Async results of a batch are awaited side by side. */
async function callOverBatch(
  func: UdfFunction,
  outputType: PlainDataType,
  args: Uint8Array,
): Promise<Uint8Array> {
  const results: unknown[] = [];
  for (const row of decodeRows([args], sparkSchemaOf(args))) {
    results.push((func as (...values: readonly unknown[]) => unknown)(...row.values()));
  }
  const settled = await Promise.all(results);
  const rows = settled.map((result) => [convertValue(result, outputType, "result")]);
  return rowsToArrow(rows, struct([{ name: "result", dataType: outputType, nullable: true }]));
}
