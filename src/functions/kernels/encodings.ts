import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";

const CHARSETS = "iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8";

function unknownCharset(charset: string, functionName: string): Error {
  return sparkError("IllegalArgumentException", {
    condition: "INVALID_PARAMETER_VALUE.CHARSET",
    messageParameters: {
      parameter: "`charset`",
      functionName: `\`${functionName}\``,
      charset,
      charsets: CHARSETS,
    },
  });
}

function malformed(charset: string, functionName: string): Error {
  return sparkError("SparkRuntimeException", {
    condition: "MALFORMED_CHARACTER_CODING",
    messageParameters: { charset, function: `\`${functionName}\`` },
  });
}

function hexOf(bytes: Iterable<number>): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16),
  );
}

function encodeText(text: string, charset: string): string {
  const units = (little: boolean): number[] =>
    Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).flatMap((u) =>
      little ? [u & 255, u >> 8] : [u >> 8, u & 255],
    );
  switch (charset.toLowerCase()) {
    case "utf-8":
      return hexOf(new TextEncoder().encode(text));
    case "us-ascii":
    case "iso-8859-1": {
      const limit = charset.toLowerCase() === "us-ascii" ? 0x7f : 0xff;
      const codes = Array.from(text, (c) => c.codePointAt(0) as number);
      if (codes.some((c) => c > limit)) throw malformed(charset, "encode");
      return hexOf(codes);
    }
    case "utf-16":
      return text === "" ? "" : hexOf([0xfe, 0xff, ...units(false)]);
    case "utf-16be":
      return hexOf(units(false));
    case "utf-16le":
      return hexOf(units(true));
    case "utf-32":
      return hexOf(
        Array.from(text, (c) => c.codePointAt(0) as number).flatMap((u) => [
          0,
          (u >> 16) & 255,
          (u >> 8) & 255,
          u & 255,
        ]),
      );
    default:
      throw unknownCharset(charset, "encode");
  }
}

function decodeText(hex: string, charset: string): string {
  const bytes = bytesOf(hex);
  const strict = (name: string, data = bytes): string => {
    try {
      return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
      throw malformed(charset, "decode");
    }
  };
  switch (charset.toLowerCase()) {
    case "utf-8":
      return strict("utf-8");
    case "us-ascii":
      if (bytes.some((b) => b > 0x7f)) throw malformed(charset, "decode");
      return String.fromCharCode(...bytes);
    case "iso-8859-1":
      return Array.from(bytes, (b) => String.fromCharCode(b)).join("");
    case "utf-16":
      if (bytes[0] === 0xff && bytes[1] === 0xfe) return strict("utf-16le", bytes.subarray(2));
      return strict("utf-16be", bytes[0] === 0xfe && bytes[1] === 0xff ? bytes.subarray(2) : bytes);
    case "utf-16be":
    case "utf-16le":
      return strict(charset.toLowerCase());
    case "utf-32": {
      if (bytes.length % 4 !== 0) throw malformed(charset, "decode");
      const view = new DataView(bytes.buffer);
      return Array.from({ length: bytes.length / 4 }, (_, i) =>
        String.fromCodePoint(view.getUint32(i * 4)),
      ).join("");
    }
    default:
      throw unknownCharset(charset, "decode");
  }
}

/** Java's MIME decoder passes over what is no digit of base 64; null when the rest does not come out even. */
function base64Bytes(text: string): string | null {
  const digits = text.replace(/[^A-Za-z0-9+/=]/g, "").replace(/=+$/, "");
  if (digits.length % 4 === 1 || digits.includes("=")) return null;
  return hexOf(Array.from(atob(digits), (c) => c.charCodeAt(0)));
}

function conversionError(functionName: string, text: string, format: string): Error {
  return sparkError("IllegalArgumentException", {
    condition: "CONVERSION_INVALID_INPUT",
    messageParameters: {
      str: `'${text}'`,
      fmt: `'${format.toUpperCase()}'`,
      targetType: '"BINARY"',
      suggestion: `\`try_${functionName}\``,
    },
  });
}

function toBinary(text: string, format: string, isTry: boolean): string | null {
  const fail = (): null => {
    if (isTry) return null;
    throw conversionError("to_binary", text, format);
  };
  switch (format.toLowerCase()) {
    case "hex":
      return /^[0-9a-fA-F]*$/.test(text) ? (text.length % 2 === 1 ? `0${text}` : text) : fail();
    case "utf-8":
    case "utf8":
      return hexOf(new TextEncoder().encode(text));
    case "base64":
      return /^(?:[A-Za-z0-9+/\s]*)={0,2}\s*$/.test(text) ? (base64Bytes(text) ?? fail()) : fail();
    default:
      return fail();
  }
}

function urlEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, "+")
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function urlDecode(text: string, isTry: boolean): string | null {
  const spaced = text.replace(/\+/g, " ");
  if (/%(?![0-9a-fA-F]{2})/.test(spaced)) {
    if (isTry) return null;
    throw sparkError("IllegalArgumentException", {
      condition: "CANNOT_DECODE_URL",
      messageParameters: { url: text },
    });
  }
  const bytes: number[] = [];
  for (let i = 0; i < spaced.length; i++) {
    if (spaced[i] === "%") {
      bytes.push(Number.parseInt(spaced.slice(i + 1, i + 3), 16));
      i += 2;
    } else {
      const c = String.fromCodePoint(spaced.codePointAt(i) as number);
      bytes.push(...new TextEncoder().encode(c));
      i += c.length - 1;
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const URI = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;

/** Parts as java.net.URI splits a text. */
function parseUrl(url: string, part: string, key: string, hasKey: boolean, isTry: boolean): string | null {
  const match = /[\s"<>\\^`{|}]/.test(url) || /%(?![0-9a-fA-F]{2})/.test(url) ? null : URI.exec(url);
  if (match === null) {
    if (isTry) return null;
    throw sparkError("IllegalArgumentException", { condition: "INVALID_URL", messageParameters: { url } });
  }
  const [, scheme, authority, path = "", query, fragment] = match;
  const server = /^(?:(.*)@)?([^:@]*|\[[^\]]*\])(?::(\d*))?$/.exec(authority ?? "");
  if (hasKey) {
    if (part !== "QUERY") return null;
    const found = new RegExp(`(?:&|^)${key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}=([^&]*)`).exec(
      query ?? "",
    );
    return found?.[1] ?? null;
  }
  switch (part) {
    case "HOST":
      return server?.[2] || null;
    case "PATH":
      return path;
    case "QUERY":
      return query ?? null;
    case "REF":
      return fragment ?? null;
    case "PROTOCOL":
      return scheme ?? null;
    case "FILE":
      return query === undefined ? path : `${path}?${query}`;
    case "AUTHORITY":
      return authority ?? null;
    case "USERINFO":
      return server?.[1] ?? null;
    default:
      return null;
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Bits regrouped: each of `from` bits in, of `to` bits out; what is left at the end is padded, or dropped. */
function regroup(values: Iterable<number>, from: number, to: number, isPadded: boolean): number[] {
  const out: number[] = [];
  let [bits, count] = [0, 0];
  for (const v of values) {
    bits = (bits << from) | v;
    count += from;
    while (count >= to) {
      count -= to;
      out.push((bits >> count) & ((1 << to) - 1));
      bits &= (1 << count) - 1;
    }
  }
  if (isPadded && count > 0) out.push((bits << (to - count)) & ((1 << to) - 1));
  return out;
}

function base32Text(hex: string): string {
  const text = regroup(bytesOf(hex), 8, 5, true)
    .map((i) => BASE32[i])
    .join("");
  return text.padEnd(Math.ceil(text.length / 8) * 8, "=");
}

/** What is no digit of base 32 is passed over; padding is the end. A lone digit gives a byte, too. */
function base32Bytes(text: string): string {
  const digits = Array.from(text.toUpperCase().replace(/=.*/s, ""), (c) => BASE32.indexOf(c)).filter(
    (i) => i >= 0,
  );
  return hexOf(
    digits.length % 8 === 1
      ? [...regroup(digits, 5, 8, false), (digits.at(-1) as number) >> 2]
      : regroup(digits, 5, 8, false),
  );
}

export const ENCODING_KERNELS: readonly Kernel[] = [
  { name: "base32_text", args: ["string"], result: "string", call: (hex) => base32Text(hex as string) },
  { name: "base32_bytes", args: ["string"], result: "string", call: (text) => base32Bytes(text as string) },
  {
    name: "encode_text",
    args: ["string", "string"],
    result: "string",
    call: (text, charset) => encodeText(text as string, charset as string),
  },
  {
    name: "decode_text",
    args: ["string", "string"],
    result: "string",
    call: (hex, charset) => decodeText(hex as string, charset as string),
  },
  {
    name: "base64_bytes",
    args: ["string", "int32"],
    result: "string",
    call: (text) => {
      const bytes = base64Bytes(text as string);
      if (bytes !== null) return bytes;
      throw sparkError("IllegalArgumentException", {
        condition: "INTERNAL_ERROR",
        message: "Last unit does not have enough valid bits",
      });
    },
  },
  {
    name: "to_binary",
    args: ["string", "string", "int32"],
    result: "string",
    call: (text, format, isTry) => toBinary(text as string, format as string, isTry === 1),
  },
  { name: "url_encode", args: ["string"], result: "string", call: (text) => urlEncode(text as string) },
  {
    name: "url_decode",
    args: ["string", "int32"],
    result: "string",
    call: (text, isTry) => urlDecode(text as string, isTry === 1),
  },
  {
    name: "parse_url",
    args: ["string", "string", "string", "int32", "int32"],
    result: "string",
    call: (url, part, key, hasKey, isTry) =>
      parseUrl(url as string, part as string, key as string, hasKey === 1, isTry === 1),
  },
];
