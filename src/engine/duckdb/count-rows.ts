import { numbersOf } from "../arrow/decode.ts";
import { batchesOf } from "../arrow/ipc.ts";
import type { DuckdbHost } from "./host.ts";

/** The one number that a query answers. */
export function countRows(host: DuckdbHost, sql: string): number {
  // The answer comes in the file format, which begins with a magic word and then is a stream.
  for (const batch of batchesOf(withoutFooter(host.execute(sql).slice(8)))) {
    const column = batch.columns[0];
    if (column !== undefined) return Number(numbersOf(column)[0]);
  }
  return 0;
}

/** The stream inside an Arrow file: its end mark is the last thing before the footer. */
function withoutFooter(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const footer = view.getInt32(bytes.length - 10, true);
  return bytes.subarray(0, bytes.length - 10 - footer);
}
