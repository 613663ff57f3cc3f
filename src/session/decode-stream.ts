import { decodeRows } from "../engine/arrow/decode.ts";
import type { StructType } from "../types/data-type.ts";
import type { Row } from "../types/values.ts";

/** The rows of a stream of Arrow bytes, one after the other. */
export async function* decodeStream(
  chunks: AsyncIterable<Uint8Array>,
  schema: StructType,
): AsyncGenerator<Row, void, undefined> {
  for await (const chunk of chunks) yield* decodeRows([chunk], schema);
}
