/** ZeroMQ's alphabet (Z85). */
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
const VALUES = new Map([...ALPHABET].map((c, i) => [c, i]));

/** Decodes Z85: five characters are four bytes. */
export function decodeBase85(text: string): Uint8Array {
  if (text.length % 5 !== 0) throw new RangeError(`not Z85, its length is ${text.length}`);
  const bytes = new Uint8Array((text.length / 5) * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i += 5) {
    let block = 0;
    for (const c of text.slice(i, i + 5)) {
      const value = VALUES.get(c);
      if (value === undefined) throw new RangeError(`not Z85: ${JSON.stringify(c)}`);
      block = block * 85 + value;
    }
    view.setUint32((i / 5) * 4, block);
  }
  return bytes;
}

/** Z85 of bytes whose number is a multiple of four. */
export function encodeBase85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 4) {
    let block = view.getUint32(i);
    let five = "";
    for (let n = 0; n < 5; n++) {
      five = `${ALPHABET[block % 85]}${five}`;
      block = Math.floor(block / 85);
    }
    text += five;
  }
  return text;
}
