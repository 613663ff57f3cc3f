const COOKIE_WITHOUT_RUNS = 12346;
const COOKIE_WITH_RUNS = 12347;
/** With fewer containers than this, a bitmap with runs has no table of offsets. */
const LEAST_CONTAINERS_WITH_OFFSETS = 4;
/** A container of more values is a plain bitmap. */
const MOST_ARRAY_VALUES = 4096;

/** Calls `visit` with each value of a 32-bit Roaring bitmap in the standard serial form, ascending; gives the end's offset. */
export function readRoaringBitmap(view: DataView, start: number, visit: (value: number) => void): number {
  const cookie = view.getUint32(start, true);
  const withRuns = (cookie & 0xffff) === COOKIE_WITH_RUNS;
  if (!withRuns && cookie !== COOKIE_WITHOUT_RUNS)
    throw new RangeError(`not a Roaring bitmap (cookie ${cookie})`);
  let offset = start + 4;
  let containers: number;
  let runFlags: Uint8Array | undefined;
  if (withRuns) {
    containers = (cookie >>> 16) + 1;
    const flagBytes = Math.ceil(containers / 8);
    runFlags = new Uint8Array(view.buffer, view.byteOffset + offset, flagBytes);
    offset += flagBytes;
  } else {
    containers = view.getUint32(offset, true);
    offset += 4;
  }
  const headers = offset;
  offset += containers * 4;
  if (!withRuns || containers >= LEAST_CONTAINERS_WITH_OFFSETS) offset += containers * 4;
  for (let i = 0; i < containers; i++) {
    const high = view.getUint16(headers + i * 4, true) * 65_536;
    const count = view.getUint16(headers + i * 4 + 2, true) + 1;
    const isRun = runFlags !== undefined && ((runFlags[i >> 3] as number) & (1 << (i & 7))) !== 0;
    if (isRun) offset = readRuns(view, offset, high, visit);
    else if (count > MOST_ARRAY_VALUES) offset = readBits(view, offset, high, visit);
    else offset = readArray(view, offset, count, high, visit);
  }
  return offset;
}

function readRuns(view: DataView, start: number, high: number, visit: (value: number) => void): number {
  const runs = view.getUint16(start, true);
  let offset = start + 2;
  for (let i = 0; i < runs; i++, offset += 4) {
    const first = view.getUint16(offset, true);
    const last = first + view.getUint16(offset + 2, true);
    for (let low = first; low <= last; low++) visit(high + low);
  }
  return offset;
}

function readBits(view: DataView, start: number, high: number, visit: (value: number) => void): number {
  for (let byte = 0; byte < 8192; byte++) {
    const bits = view.getUint8(start + byte);
    for (let bit = 0; bit < 8; bit++) if ((bits & (1 << bit)) !== 0) visit(high + byte * 8 + bit);
  }
  return start + 8192;
}

function readArray(
  view: DataView,
  start: number,
  count: number,
  high: number,
  visit: (value: number) => void,
): number {
  for (let i = 0; i < count; i++) visit(high + view.getUint16(start + i * 2, true));
  return start + count * 2;
}

/** A 32-bit Roaring bitmap of ascending values in the standard serial form, without runs. */
export function encodeRoaringBitmap(values: readonly number[]): Uint8Array {
  const containers: { readonly key: number; readonly lows: number[] }[] = [];
  for (const value of values) {
    const key = Math.floor(value / 65_536);
    let last = containers.at(-1);
    if (last?.key !== key) {
      last = { key, lows: [] };
      containers.push(last);
    }
    last.lows.push(value % 65_536);
  }
  const sizeOf = (count: number): number => (count > MOST_ARRAY_VALUES ? 8192 : count * 2);
  const head = 8 + containers.length * 8;
  const size = containers.reduce((sum, { lows }) => sum + sizeOf(lows.length), head);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, COOKIE_WITHOUT_RUNS, true);
  view.setUint32(4, containers.length, true);
  let offset = head;
  for (const [i, { key, lows }] of containers.entries()) {
    view.setUint16(8 + i * 4, key, true);
    view.setUint16(10 + i * 4, lows.length - 1, true);
    view.setUint32(8 + containers.length * 4 + i * 4, offset, true);
    if (lows.length > MOST_ARRAY_VALUES) {
      for (const low of lows) {
        const at = offset + (low >> 3);
        bytes[at] = (bytes[at] as number) | (1 << (low & 7));
      }
    } else for (const [n, low] of lows.entries()) view.setUint16(offset + n * 2, low, true);
    offset += sizeOf(lows.length);
  }
  return bytes;
}
