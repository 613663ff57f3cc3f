const MASK = (1n << 64n) - 1n;
const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;
const SEED = 9001n;

const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;
const mixed1 = (k: bigint): bigint => (rotate((k * C1) & MASK, 31n) * C2) & MASK;
const mixed2 = (k: bigint): bigint => (rotate((k * C2) & MASK, 33n) * C1) & MASK;

function finish(h: bigint): bigint {
  let x = h ^ (h >> 33n);
  x = (x * 0xff51afd7ed558ccdn) & MASK;
  x ^= x >> 33n;
  x = (x * 0xc4ceb9fe1a85ec53n) & MASK;
  return x ^ (x >> 33n);
}

/** MurmurHash3 (x64, 128 bits) with the seed that sketches have in common. */
export function murmur128(bytes: Uint8Array): readonly [bigint, bigint] {
  let [h1, h2] = [SEED, SEED];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const aligned = bytes.length - (bytes.length % 16);
  for (let i = 0; i < aligned; i += 16) {
    h1 ^= mixed1(view.getBigUint64(i, true));
    h1 = ((rotate(h1, 27n) + h2) * 5n + 0x52dce729n) & MASK;
    h2 ^= mixed2(view.getBigUint64(i + 8, true));
    h2 = ((rotate(h2, 31n) + h1) * 5n + 0x38495ab5n) & MASK;
  }
  let [k1, k2] = [0n, 0n];
  for (let i = bytes.length - 1; i >= aligned; i--) {
    const at = i - aligned;
    const byte = BigInt(bytes[i] as number);
    if (at >= 8) k2 |= byte << BigInt(8 * (at - 8));
    else k1 |= byte << BigInt(8 * at);
  }
  h1 ^= mixed1(k1);
  h2 ^= mixed2(k2);
  const length = BigInt(bytes.length);
  h1 ^= length;
  h2 ^= length;
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) & MASK;
  return [h1, (h2 + h1) & MASK];
}

/**
 * The hash of a key's text: `l` and a long, `d` and a double, `x` and bytes in hexadecimal digits, `L` or `I` and longs or
 * ints joined by semicolons. Undefined for what is empty.
 */
export function hash128(key: string): readonly [bigint, bigint] | undefined {
  const [kind, text] = [key[0], key.slice(1)];
  if (text === "") return undefined;
  const words = kind === "L" || kind === "I" ? text.split(";") : [text];
  const size = kind === "I" ? 4 : 8;
  if (kind === "x")
    return murmur128(Uint8Array.from(text.match(/../g) as string[], (b) => Number.parseInt(b, 16)));
  const view = new DataView(new ArrayBuffer(size * words.length));
  for (const [i, word] of words.entries()) {
    if (kind === "d") view.setFloat64(8 * i, parse(word), true);
    else if (kind === "I") view.setInt32(4 * i, Number(word), true);
    else view.setBigInt64(8 * i, BigInt(word), true);
  }
  return murmur128(new Uint8Array(view.buffer));
}

function parse(text: string): number {
  if (text.endsWith("nan")) return Number.NaN;
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text) === 0 ? 0 : Number(text);
}
