import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";

const BITS = 32768;

/** Positions joined by commas as a bitmap in hexadecimal digits. */
function build(positions: string): string {
  const bytes = new Uint8Array(BITS / 8);
  for (const text of positions === "" ? [] : positions.split(",")) {
    const at = Number(text);
    if (at < 0 || at >= BITS) {
      throw sparkError("ArrayIndexOutOfBoundsException", {
        condition: "INVALID_BITMAP_POSITION",
        messageParameters: { bitPosition: text, bitmapNumBytes: `${BITS / 8}`, bitmapNumBits: `${BITS}` },
      });
    }
    bytes[at >> 3] = (bytes[at >> 3] as number) | (1 << (at & 7));
  }
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

export const BITMAP_KERNELS: readonly Kernel[] = [
  { name: "bitmap_build", args: ["string"], result: "string", call: (text) => build(text as string) },
];
