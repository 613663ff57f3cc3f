import type { DataType, StructType } from "../../types/data-type.ts";
import { offsets32 } from "./column.ts";
import {
  type ArrowColumn,
  batchesOf,
  concatBytes,
  END_OF_STREAM,
  encodeBatch,
  encodeSchema,
  messagesOf,
} from "./ipc.ts";
import type { ArrowField } from "./schema.ts";
import { arrowSchema } from "./spark-fields.ts";

/**
 * Rewrites results as an engine returns them (numbered columns, struct fields by position, UTC) to the Arrow schema
 * that Spark Connect sends: names, nullability, time zone, intervals, void. Each chunk stays a whole stream. For most
 * schemas only the schema message is another and the batches pass as they are.
 */
export function relabelArrow(
  chunks: readonly Uint8Array[],
  schema: StructType,
  timeZone: string,
  options: { readonly largeVarTypes?: boolean } = {},
): Uint8Array[] {
  const target = arrowSchema(schema, { kind: "wire", timeZone, large: options.largeVarTypes === true });
  const header = encodeSchema(target);
  const isEmpty = schema.fields.length === 0;
  if (!isEmpty && options.largeVarTypes !== true && !schema.fields.some((f) => changesLayout(f.dataType))) {
    return chunks.map((chunk) => {
      const parts: Uint8Array[] = [header];
      for (const message of messagesOf(chunk)) if (message.kind !== "schema") parts.push(message.bytes);
      return concatBytes([...parts, END_OF_STREAM]);
    });
  }
  return chunks.map((chunk) => {
    const parts: Uint8Array[] = [header];
    for (const batch of batchesOf(chunk)) {
      // Rows of no columns come with one that nobody asked for.
      const own = isEmpty ? [] : batch.columns;
      const columns = own.map((column, i) => asWire(column, target.fields[i] as ArrowField));
      parts.push(encodeBatch(batch.length, columns));
    }
    return concatBytes([...parts, END_OF_STREAM]);
  });
}

/** Whether the wire form of a type has other buffers than the one that DuckDB gives. */
export function changesLayout(type: DataType): boolean {
  switch (type.kind) {
    case "null":
    case "calendar_interval":
      return true;
    case "array":
      return changesLayout(type.elementType);
    case "map":
      return changesLayout(type.keyType) || changesLayout(type.valueType);
    case "struct":
      return type.fields.some((f) => changesLayout(f.dataType));
    case "udt":
      return changesLayout(type.sqlType);
    default:
      return false;
  }
}

/** A column as DuckDB gives it, in the form of a field of the wire. */
export function asWire(column: ArrowColumn, field: ArrowField): ArrowColumn {
  const { kind } = field.type;
  if (kind === "null")
    return { field, length: column.length, nullCount: column.length, buffers: [], children: [] };
  if (kind === "interval" && column.children.length === 3) return calendarInterval(column, field);
  if ((kind === "largeUtf8" || kind === "largeBinary") && column.field.type.kind !== kind) {
    const offsets = BigInt64Array.from(offsets32(column), BigInt);
    return {
      ...column,
      field,
      buffers: [new Uint8Array(offsets.buffer), column.buffers[1] ?? new Uint8Array(0)],
    };
  }
  return {
    ...column,
    field,
    children: column.children.map((c, i) => asWire(c, field.children[i] as ArrowField)),
  };
}

/** Months, days, microseconds side by side become months, days, nanoseconds interleaved. */
function calendarInterval(column: ArrowColumn, field: ArrowField): ArrowColumn {
  const [months, days, micros] = column.children as readonly [ArrowColumn, ArrowColumn, ArrowColumn];
  const ints = (c: ArrowColumn): Int32Array => {
    const bytes = c.buffers[0] as Uint8Array;
    return new Int32Array(bytes.buffer, bytes.byteOffset, column.length);
  };
  const microBytes = micros.buffers[0] as Uint8Array;
  const longs = new BigInt64Array(microBytes.buffer, microBytes.byteOffset, column.length);
  const [monthInts, dayInts] = [ints(months), ints(days)];
  const bytes = new Uint8Array(16 * column.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < column.length; i++) {
    view.setInt32(16 * i, monthInts[i] as number, true);
    view.setInt32(16 * i + 4, dayInts[i] as number, true);
    view.setBigInt64(16 * i + 8, (longs[i] as bigint) * 1000n, true);
  }
  return { ...column, field, buffers: [bytes], children: [] };
}
