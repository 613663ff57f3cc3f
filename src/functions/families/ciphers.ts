import { BINARY, STRING } from "../../types/data-type.ts";
import { lit, opt, p, scalar } from "../define.ts";
import type { FunctionEntry } from "../function-entry.ts";
import { T } from "../input-type.ts";

const [GCM, DEFAULT, NONE] = [lit("GCM", STRING), lit("DEFAULT", STRING), lit("", STRING)];
const MODE = [opt("mode", T.string, GCM), opt("padding", T.string, DEFAULT)];
const hex = (x: string | undefined): string => `hex(${x})`;

function decrypt(name: string, isTry: boolean): FunctionEntry {
  return scalar({
    name,
    params: [p("expr", T.binary), p("key", T.binary), ...MODE, opt("aad", T.binary, NONE)],
    returns: BINARY,
    nullable: "always",
    lower: ([x, key, mode, padding, aad], ctx) =>
      `unhex(${ctx.kernel("aes_decrypt", hex(x), hex(key), mode as string, padding as string, hex(aad), isTry ? "1" : "0")})`,
    usage: `${name}(expr, key[, mode[, padding[, aad]]]) - Returns what AES encrypted${isTry ? "; NULL when that cannot be told" : ""}.`,
    group: "misc_funcs",
  });
}

/** Ciphers and checksums. */
export const CIPHERS: readonly FunctionEntry[] = [
  scalar({
    name: "aes_encrypt",
    params: [
      p("expr", T.binary),
      p("key", T.binary),
      ...MODE,
      opt("iv", T.binary, NONE),
      opt("aad", T.binary, NONE),
    ],
    returns: BINARY,
    nullable: "always",
    lower: ([x, key, mode, padding, iv, aad], ctx) =>
      `unhex(${ctx.kernel("aes_encrypt", hex(x), hex(key), mode as string, padding as string, hex(iv), hex(aad), "random()")})`,
    usage: "aes_encrypt(expr, key[, mode[, padding[, iv[, aad]]]]) - Returns the bytes encrypted with AES.",
    group: "misc_funcs",
  }),
  decrypt("aes_decrypt", false),
  decrypt("try_aes_decrypt", true),
  scalar({
    name: "hmac",
    params: [p("key", T.binary), p("message", T.binary), opt("algorithm", T.string, lit("SHA-256", STRING))],
    returns: BINARY,
    nullable: "always",
    lower: ([key, message, algorithm], ctx) =>
      `unhex(${ctx.kernel("hmac", algorithm as string, hex(key), hex(message))})`,
    usage: "hmac(key, message[, algorithm]) - Returns the message's authentication code.",
    group: "hash_funcs",
  }),
  scalar({
    name: "sha2",
    params: [p("expr", T.binary), p("bitLength", T.int)],
    returns: STRING,
    nullable: "always",
    lower: ([x, bits], ctx) =>
      ctx.let(
        x as string,
        (v) =>
          `CASE WHEN ${bits} IN (0, 256) THEN sha256(${v}) ELSE ${ctx.kernel("sha2", hex(v), bits as string)} END`,
      ),
    usage: "sha2(expr, bitLength) - Returns the SHA-2 checksum in hexadecimal digits.",
    group: "hash_funcs",
  }),
];
