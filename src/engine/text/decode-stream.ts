import { IllegalArgumentException } from "../../errors/spark-error.ts";

/** Decodes a stream of bytes piece by piece. */
export interface TextStream {
  decode(bytes: Uint8Array): string;
  /** What the last bytes still held. */
  end(): string;
}

/** Labels of the Encoding Standard that mean the same as Java's charset of that name. */
const SAME =
  /^(utf-?8|utf-?16|utf-?16le|utf-?16be|windows-\d+|cp125\d|gbk|gb18030|gb2312|big5|shift[_-]jis|sjis|euc-jp|euc-kr|koi8-r|koi8-u|iso-8859-(?:[2-8]|1[03-6]))$/i;

/** A decoder for a charset by its Java name. */
export function textStream(charset: string): TextStream {
  if (/^(iso-?8859-1|latin-?1|us-ascii|ascii|l1)$/i.test(charset))
    return new Latin1Stream(/ascii/i.test(charset));
  if (!SAME.test(charset)) throw unknownCharset(charset);
  const big = /^utf-?16be$/i.test(charset) || /^utf-?16$/i.test(charset);
  const label = charset.replace(/^cp(125\d)$/i, "windows-$1").replace(/^utf-?16$/i, "utf-16be");
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch {
    throw unknownCharset(charset);
  }
  let first = big && /^utf-?16$/i.test(charset);
  return {
    decode: (bytes) => {
      // Without a byte order mark Java's UTF-16 is big-endian.
      if (first && bytes.length >= 2) {
        first = false;
        if (bytes[0] === 0xff && bytes[1] === 0xfe) decoder = new TextDecoder("utf-16le");
      }
      return decoder.decode(bytes, { stream: true });
    },
    end: () => decoder.decode(),
  };
}

class Latin1Stream implements TextStream {
  readonly #ascii: boolean;

  constructor(ascii: boolean) {
    this.#ascii = ascii;
  }

  decode(bytes: Uint8Array): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) {
      text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return this.#ascii ? text.replace(/[\u0080-\u00ff]/g, "\ufffd") : text;
  }

  end(): string {
    return "";
  }
}

function unknownCharset(charset: string): IllegalArgumentException {
  return new IllegalArgumentException({
    condition: "INVALID_PARAMETER_VALUE.CHARSET",
    messageParameters: {
      functionName: "`CharsetProvider.forName`",
      parameter: "`charset`",
      charset,
      charsets: "iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8",
    },
  });
}
