import { decodeColumn } from "../engine/arrow/decode.ts";
import { type ArrowBatch, batchesOf } from "../engine/arrow/ipc.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import { timeZone } from "../types/time-zone.ts";
import { Timestamp } from "../types/values.ts";

/** Reads single cells of an Arrow result as text. Batches are decoded when a cell of theirs is first asked for. */
export class CellReader {
  readonly #schema: StructType;
  readonly #batches: readonly { readonly batch: ArrowBatch; readonly from: number }[];
  readonly #decoded = new Map<string, readonly unknown[]>();
  readonly #zone: string;
  readonly rowCount: number;

  constructor(chunks: readonly Uint8Array[], schema: StructType, zone: string) {
    this.#schema = schema;
    this.#zone = zone;
    let from = 0;
    const batches: { batch: ArrowBatch; from: number }[] = [];
    for (const chunk of chunks) {
      for (const batch of batchesOf(chunk)) {
        batches.push({ batch, from });
        from += batch.length;
      }
    }
    this.#batches = batches;
    this.rowCount = from;
  }

  cell(row: number, column: number): string {
    let low = 0;
    let high = this.#batches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#batches[middle]?.from ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const entry = this.#batches[low];
    const type = this.#schema.fields[column]?.dataType;
    if (entry === undefined || type === undefined) return "";
    const key = `${low}/${column}`;
    let values = this.#decoded.get(key);
    if (values === undefined) {
      const source = entry.batch.columns[column];
      values = source === undefined ? [] : decodeColumn(source, type);
      this.#decoded.set(key, values);
    }
    return cellText(values[row - entry.from], type, this.#zone);
  }
}

/** A value as Spark's `show()` prints it, not cut. */
export function cellText(value: unknown, type: DataType, zone: string): string {
  if (value === null || value === undefined) return "NULL";
  switch (type.kind) {
    case "timestamp":
      return value instanceof Timestamp ? localText(value, zone) : String(value);
    case "float":
    case "double":
      return javaDouble(value as number, type.kind === "float");
    case "binary":
      return `[${[...(value as Uint8Array)].map((b) => b.toString(16).toUpperCase().padStart(2, "0")).join(" ")}]`;
    case "array":
      return `[${(value as readonly unknown[]).map((v) => cellText(v, type.elementType, zone)).join(", ")}]`;
    case "map":
      return `{${[...(value as ReadonlyMap<unknown, unknown>)]
        .map(([k, v]) => `${cellText(k, type.keyType, zone)} -> ${cellText(v, type.valueType, zone)}`)
        .join(", ")}}`;
    case "struct":
      return `{${[...(value as Iterable<unknown>)].map((v, i) => cellText(v, type.fields[i]?.dataType ?? { kind: "string" }, zone)).join(", ")}}`;
    default:
      return String(value);
  }
}

function localText(value: Timestamp, zone: string): string {
  // A zone that this browser does not know cannot be shown in; the instant still can.
  try {
    timeZone(zone);
    return value.toString(zone);
  } catch {
    return value.toString("UTC");
  }
}

/** Java's text of a double: `1.0`, `1.0E10`. */
function javaDouble(value: number, single: boolean): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const shortest = single ? shortestFloat(value) : value.toExponential();
  const [mantissa = "0", exponentText = "0"] = shortest.split("e");
  const exponent = Number(exponentText);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const plain = single ? String(Number(shortest)) : String(value);
    return plain.includes(".") ? plain : `${plain}.0`;
  }
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${exponent}`;
}

/** The fewest digits that give the same 32-bit number. */
function shortestFloat(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toExponential(digits - 1);
    if (Math.fround(Number(text)) === Math.fround(value)) return text;
  }
  return value.toExponential();
}
