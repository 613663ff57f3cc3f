/** Objects looked at before the rest is copied instead. */
const MAX_OBJECTS = 50_000;

/**
 * What of a value can move to another realm instead of being copied: the buffers that typed arrays fill whole, ports,
 * streams. A part of a larger buffer stays, because others may look at the rest.
 */
export function transferablesOf(value: unknown): Transferable[] {
  const found = new Set<Transferable>();
  const seen = new Set<object>();
  const pending: unknown[] = [value];
  while (pending.length > 0 && seen.size < MAX_OBJECTS) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next)) {
      const { buffer } = next;
      // Node hands out small Buffers as parts of one large one.
      if (buffer instanceof ArrayBuffer && next.byteLength === buffer.byteLength && buffer.byteLength > 0) {
        found.add(buffer);
      }
    } else if (isTransferable(next)) {
      found.add(next as Transferable);
    } else if (Array.isArray(next)) {
      for (const item of next) if (typeof item === "object" && item !== null) pending.push(item);
    } else if (next instanceof Map) {
      pending.push(...next.values());
    } else {
      const prototype = Object.getPrototypeOf(next);
      if (prototype !== Object.prototype && prototype !== null) continue;
      for (const key in next) {
        const item = (next as Record<string, unknown>)[key];
        if (typeof item === "object" && item !== null) pending.push(item);
      }
    }
  }
  return [...found];
}

const NAMES = [
  "MessagePort",
  "ReadableStream",
  "WritableStream",
  "TransformStream",
  "ImageBitmap",
  "OffscreenCanvas",
];

function isTransferable(value: object): boolean {
  if (value instanceof ArrayBuffer) return value.byteLength > 0;
  return NAMES.some((name) => {
    const type = (globalThis as unknown as Record<string, unknown>)[name];
    return typeof type === "function" && value instanceof type;
  });
}
