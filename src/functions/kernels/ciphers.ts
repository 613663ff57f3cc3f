import { cbc, ecb, gcm } from "@noble/ciphers/aes.js";
import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";

const BOTH = "`aes_encrypt`/`aes_decrypt`";
const IV_LENGTHS: Readonly<Record<string, number>> = { ECB: 0, CBC: 16, GCM: 12 };
const HASHES = {
  MD5: md5,
  "SHA-1": sha1,
  "SHA-224": sha224,
  "SHA-256": sha256,
  "SHA-384": sha384,
  "SHA-512": sha512,
};

function refuse(condition: string, messageParameters: Readonly<Record<string, string>>): Error {
  return sparkError("SparkRuntimeException", { condition, messageParameters });
}

function cryptoError(detailMessage: string): Error {
  return refuse("INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR", {
    parameter: "`expr`, `key`",
    functionName: BOTH,
    detailMessage,
  });
}

/** The mode in capitals, when key, mode and padding go together. */
function checkedMode(key: Uint8Array, mode: string, padding: string): "ECB" | "CBC" | "GCM" {
  const [m, pad] = [mode.toUpperCase(), padding.toUpperCase()];
  const fits = m === "GCM" ? ["NONE", "DEFAULT"] : m === "ECB" || m === "CBC" ? ["PKCS", "DEFAULT"] : [];
  if (!fits.includes(pad))
    throw refuse("UNSUPPORTED_FEATURE.AES_MODE", { mode, padding, functionName: BOTH });
  if (![16, 24, 32].includes(key.length)) {
    throw refuse("INVALID_PARAMETER_VALUE.AES_KEY_LENGTH", {
      parameter: "`key`",
      functionName: BOTH,
      actualLength: `${key.length}`,
    });
  }
  return m as "ECB" | "CBC" | "GCM";
}

function cipher(mode: "ECB" | "CBC" | "GCM", key: Uint8Array, iv: Uint8Array, aad: Uint8Array) {
  if (mode === "ECB") return ecb(key);
  return mode === "CBC" ? cbc(key, iv) : gcm(key, iv, aad);
}

function encrypt(
  input: Uint8Array,
  key: Uint8Array,
  mode: string,
  padding: string,
  given: Uint8Array,
  aad: Uint8Array,
): Uint8Array {
  const m = checkedMode(key, mode, padding);
  const functionName = "`aes_encrypt`";
  const length = IV_LENGTHS[m] as number;
  if (given.length > 0 && m === "ECB")
    throw refuse("UNSUPPORTED_FEATURE.AES_MODE_IV", { mode, functionName });
  if (given.length > 0 && given.length !== length) {
    throw refuse("INVALID_PARAMETER_VALUE.AES_IV_LENGTH", {
      mode,
      parameter: "`iv`",
      functionName: BOTH,
      actualLength: `${given.length}`,
    });
  }
  if (aad.length > 0 && m !== "GCM") throw refuse("UNSUPPORTED_FEATURE.AES_MODE_AAD", { mode, functionName });
  const iv = given.length > 0 ? given : crypto.getRandomValues(new Uint8Array(length));
  return concatBytes(iv, cipher(m, key, iv, aad).encrypt(input));
}

/** Java's messages for what cannot be read. */
function decrypt(
  input: Uint8Array,
  key: Uint8Array,
  mode: string,
  padding: string,
  aad: Uint8Array,
): Uint8Array {
  const m = checkedMode(key, mode, padding);
  const length = IV_LENGTHS[m] as number;
  if (input.length < length)
    throw cryptoError(
      m === "GCM" ? "Invalid buffer arguments" : "IV buffer too short for given offset/length combination",
    );
  const [iv, body] = [input.subarray(0, length), input.subarray(length)];
  if (m === "GCM") {
    if (body.length < 16) throw cryptoError("Output buffer invalid");
  } else {
    if (body.length === 0) return body;
    if (body.length % 16 !== 0)
      throw cryptoError("Input length must be multiple of 16 when decrypting with padded cipher");
  }
  try {
    return cipher(m, key, iv, aad).decrypt(body);
  } catch {
    throw cryptoError(
      m === "GCM"
        ? "Tag mismatch!"
        : "Given final block not properly padded. Such issues can arise if a bad key is used during decryption.",
    );
  }
}

function mac(algorithm: string, key: Uint8Array, message: Uint8Array): Uint8Array {
  const name = /^SHA-?(\d+)$/i.exec(algorithm)?.[1];
  const hash = HASHES[(name === undefined ? algorithm.toUpperCase() : `SHA-${name}`) as keyof typeof HASHES];
  if (hash === undefined) {
    throw refuse("INVALID_PARAMETER_VALUE.HMAC_ALGORITHM", {
      parameter: "`algorithm`",
      functionName: "`hmac`",
      algorithm: `'${algorithm}'`,
    });
  }
  if (key.length === 0) {
    throw refuse("INVALID_PARAMETER_VALUE.HMAC_CRYPTO_ERROR", {
      parameter: "`key`",
      functionName: "`hmac`",
      detailMessage: "Empty key",
    });
  }
  return hmac(hash, key, message);
}

const bytes = (hex: unknown): Uint8Array => hexToBytes(hex as string);

export const CIPHER_KERNELS: readonly Kernel[] = [
  {
    // The last argument is another number in each row, so that each gets an initialization vector of its own.
    name: "aes_encrypt",
    args: ["string", "string", "string", "string", "string", "string", "double"],
    result: "string",
    call: (input, key, mode, padding, iv, aad) =>
      bytesToHex(encrypt(bytes(input), bytes(key), mode as string, padding as string, bytes(iv), bytes(aad))),
  },
  {
    name: "aes_decrypt",
    args: ["string", "string", "string", "string", "string", "int32"],
    result: "string",
    call: (input, key, mode, padding, aad, isTry) => {
      try {
        return bytesToHex(decrypt(bytes(input), bytes(key), mode as string, padding as string, bytes(aad)));
      } catch (error) {
        if (isTry === 1) return null;
        throw error;
      }
    },
  },
  {
    name: "hmac",
    args: ["string", "string", "string"],
    result: "string",
    call: (algorithm, key, message) => bytesToHex(mac(algorithm as string, bytes(key), bytes(message))),
  },
  {
    name: "sha2",
    args: ["string", "int32"],
    result: "string",
    call: (input, bits) => {
      const hash = { 224: sha224, 384: sha384, 512: sha512 }[bits as 224];
      return hash === undefined ? null : bytesToHex(hash(bytes(input)));
    },
  },
];
