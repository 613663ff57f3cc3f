import { freeVariables } from "./free-variables.ts";
import { NotShippableError } from "./pool-errors.ts";
import type { ShippedFunction } from "./task-worker-api.ts";

/** A function to run in a worker: one that is complete in itself, or the named export of a module. */
export type WorkerFunction<F> = F | ModuleExport;

/** A function that a module exports; `module` is an absolute URL, or a package's name in Node. */
export interface ModuleExport {
  readonly module: string | URL;
  readonly name: string;
}

/** Names that mean the same in every worker, in browsers and in Node. */
const GLOBALS = new Set(
  (
    "undefined NaN Infinity globalThis isNaN isFinite parseInt parseFloat encodeURIComponent decodeURIComponent " +
    "encodeURI decodeURI escape unescape Object Function Array String Number Boolean Symbol BigInt Math JSON Date " +
    "RegExp Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise Proxy Reflect Intl Atomics Iterator Error " +
    "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError DOMException ArrayBuffer " +
    "SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array " +
    "BigInt64Array BigUint64Array Float32Array Float64Array console setTimeout clearTimeout setInterval clearInterval " +
    "queueMicrotask structuredClone fetch Request Response Headers FormData Blob File URL URLSearchParams TextEncoder " +
    "TextDecoder TextEncoderStream TextDecoderStream AbortController AbortSignal Event EventTarget MessageChannel " +
    "MessagePort BroadcastChannel ReadableStream WritableStream TransformStream CompressionStream DecompressionStream " +
    "performance crypto WebAssembly atob btoa eval arguments __name"
  ).split(" "),
);

const shipped = new WeakMap<object, Promise<ShippedFunction>>();

/**
 * Makes a function ready to travel. Throws NotShippableError, naming the variables, when it uses what is declared
 * outside of it: a worker would not have them, or have others of the same name.
 */
export function shipFunction(what: WorkerFunction<(...args: never[]) => unknown>): Promise<ShippedFunction> {
  const known = shipped.get(what);
  if (known !== undefined) return known;
  const made = typeof what === "function" ? shipText(what) : shipModule(what);
  shipped.set(what, made);
  return made;
}

async function shipModule(what: {
  readonly module: string | URL;
  readonly name: string;
}): Promise<ShippedFunction> {
  const module = String(what.module);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(module)) {
    throw new NotShippableError(
      `the module ${module} must be an absolute URL: new URL("./it.js", import.meta.url), or import.meta.resolve("it")`,
    );
  }
  return { module, name: what.name };
}

async function shipText(fn: (...args: never[]) => unknown): Promise<ShippedFunction> {
  const text = Function.prototype.toString.call(fn);
  const { parse } = await import("acorn");
  for (const source of [text, `({ ${text} })[${JSON.stringify(fn.name)}]`]) {
    let program: ReturnType<typeof parse>;
    try {
      program = parse(`(${source})`, { ecmaVersion: "latest", sourceType: "module" });
    } catch {
      // A method is no expression by itself, but it is one within an object.
      continue;
    }
    const outside = freeVariables(program).filter((name) => !GLOBALS.has(name));
    if (outside.length === 0) return { source };
    throw new NotShippableError(
      `the function ${nameOf(fn)} cannot run in a worker: it uses ${list(outside)} from outside of itself. ` +
        "Pass that as data, make it within the function, or name a module's export: { module, name }",
    );
  }
  throw new NotShippableError(
    `the function ${nameOf(fn)} cannot run in a worker: its text is not available (native and bound functions have none). ` +
      "Wrap it in a function of its own, or name a module's export: { module, name }",
  );
}

function nameOf(fn: (...args: never[]) => unknown): string {
  return fn.name === "" ? "that was given" : fn.name;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
