import { PySparkException, serializeSparkError } from "../../errors/spark-error.ts";
import type { Kernel, KernelValue } from "../../functions/kernel.ts";
import type { DuckdbModule } from "./bindings.ts";
import { decodeStrings, encodeStrings, Scratch } from "./kernel-strings.ts";

interface ArgumentDescription {
  readonly physicalType: string;
  readonly validityBuffer?: number;
  readonly dataBuffer?: number;
  readonly lengthBuffer?: number;
}

interface CallDescription {
  readonly rows: number;
  readonly args: readonly ArgumentDescription[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Runs kernels over DuckDB's vectors for one instance of the wasm module. */
export class KernelCalls {
  readonly #mod: DuckdbModule;
  readonly #kernels = new Map<number, Kernel>();
  readonly #results: Scratch;
  /** The description of a call repeats from vector to vector. */
  #lastText = "";
  /** Text of the last error, since DuckDB drops it from the errors of pending queries. */
  lastError: string | undefined;
  #lastDescription: CallDescription = { rows: 0, args: [] };

  constructor(mod: DuckdbModule) {
    this.#mod = mod;
    this.#results = new Scratch(mod);
  }

  add(functionId: number, kernel: Kernel): void {
    this.#kernels.set(functionId, kernel);
  }

  /** Never throws: the error goes into the response. */
  call(
    response: number,
    functionId: number,
    textAt: number,
    textSize: number,
    pointersAt: number,
    pointersSize: number,
  ): void {
    const mod = this.#mod;
    try {
      const kernel = this.#kernels.get(functionId);
      if (kernel === undefined) throw new Error(`unknown kernel ${functionId}`);
      const description = this.#describe(decoder.decode(mod.HEAPU8.subarray(textAt, textAt + textSize)));
      const pointers = mod.HEAPF64.slice(pointersAt >> 3, (pointersAt + pointersSize) >> 3);
      const args = description.args.map((argument) =>
        readArgument(mod, argument, pointers, description.rows),
      );
      const answer = this.#store(kernel, evaluate(kernel, args, description.rows), description.rows);
      mod.HEAPF64[response >> 3] = 0;
      mod.HEAPF64[(response >> 3) + 1] = answer;
      mod.HEAPF64[(response >> 3) + 2] = 0;
    } catch (error) {
      const text = errorText(error, this.#kernels.get(functionId));
      this.lastError = text;
      this.#fail(response, text);
    }
  }

  #describe(text: string): CallDescription {
    if (text !== this.#lastText) {
      this.#lastDescription = JSON.parse(text) as CallDescription;
      this.#lastText = text;
    }
    return this.#lastDescription;
  }

  /** DuckDB frees the validity, the answer and, unless it is of strings, the data; strings it copies. */
  #store(kernel: Kernel, values: readonly (string | number | null)[], rows: number): number {
    const mod = this.#mod;
    const width = kernel.result === "int32" ? 4 : 8;
    let data = 0;
    let lengths = 0;
    if (kernel.result === "string") {
      ({ pointers: data, lengths } = encodeStrings(this.#results, values as readonly (string | null)[]));
    } else {
      data = mod._malloc(rows * width);
    }
    const validity = mod._malloc(rows);
    const answer = mod._malloc(3 * 8);
    const heap = mod.HEAPU8;
    if (kernel.result === "int32") {
      const target = new Int32Array(heap.buffer, data, rows);
      for (let i = 0; i < rows; i++) target[i] = (values[i] as number) ?? 0;
    } else if (kernel.result === "double") {
      const target = new Float64Array(heap.buffer, data, rows);
      for (let i = 0; i < rows; i++) target[i] = (values[i] as number) ?? 0;
    }
    for (let i = 0; i < rows; i++) heap[validity + i] = values[i] === null || values[i] === undefined ? 0 : 1;
    const doubles = mod.HEAPF64;
    doubles[answer >> 3] = data;
    doubles[(answer >> 3) + 1] = validity;
    doubles[(answer >> 3) + 2] = lengths;
    return answer;
  }

  #fail(response: number, text: string): void {
    const mod = this.#mod;
    const bytes = encoder.encode(text);
    const at = mod._malloc(Math.max(bytes.length, 1));
    mod.HEAPU8.set(bytes, at);
    mod.HEAPF64[response >> 3] = 1;
    mod.HEAPF64[(response >> 3) + 1] = at;
    mod.HEAPF64[(response >> 3) + 2] = bytes.length;
  }
}

function errorText(error: unknown, kernel: Kernel | undefined): string {
  if (error instanceof PySparkException) {
    const { errorClass, ...rest } = serializeSparkError(error);
    return JSON.stringify({ errorClass, ...rest });
  }
  return `kernel ${kernel?.name ?? "?"}: ${error instanceof Error ? error.message : String(error)}`;
}

function readArgument(
  mod: DuckdbModule,
  argument: ArgumentDescription,
  pointers: Float64Array,
  rows: number,
): readonly KernelValue[] {
  const at = (index: number | undefined): number => (index === undefined ? 0 : (pointers[index] as number));
  const heap = mod.HEAPU8;
  const validityAt = at(argument.validityBuffer);
  const validity = validityAt === 0 ? undefined : heap.subarray(validityAt, validityAt + rows);
  const data = at(argument.dataBuffer);
  switch (argument.physicalType) {
    case "VARCHAR": {
      const lengths = new Float64Array(heap.buffer, at(argument.lengthBuffer), rows);
      return decodeStrings(heap, new Float64Array(heap.buffer, data, rows), lengths, validity);
    }
    case "INT32":
      return numbers(new Int32Array(heap.buffer, data, rows), validity);
    case "INT8":
      return numbers(new Int8Array(heap.buffer, data, rows), validity);
    case "DOUBLE":
      return numbers(new Float64Array(heap.buffer, data, rows), validity);
    case "FLOAT":
      return numbers(new Float32Array(heap.buffer, data, rows), validity);
    default:
      throw new Error(`an argument of type ${argument.physicalType}`);
  }
}

function numbers(
  values: Int8Array | Int32Array | Float32Array | Float64Array,
  validity: Uint8Array | undefined,
): KernelValue[] {
  const result = new Array<KernelValue>(values.length);
  for (let i = 0; i < values.length; i++) {
    result[i] = validity === undefined || validity[i] !== 0 ? (values[i] as number) : null;
  }
  return result;
}

function evaluate(
  kernel: Kernel,
  columns: readonly (readonly KernelValue[])[],
  rows: number,
): (string | number | null)[] {
  const { call } = kernel;
  const results = new Array<string | number | null>(rows);
  const args = columns.map((column, i) => (typeAt(kernel, i) === "boolean" ? column.map(toBoolean) : column));
  const propagate = kernel.nulls !== "pass";
  const [first, second, third] = args;
  if (args.length === 1 && first !== undefined) {
    for (let i = 0; i < rows; i++) {
      const a = first[i] as KernelValue;
      results[i] = propagate && a === null ? null : call(a);
    }
  } else if (args.length === 2 && first !== undefined && second !== undefined) {
    for (let i = 0; i < rows; i++) {
      const a = first[i] as KernelValue;
      const b = second[i] as KernelValue;
      results[i] = propagate && (a === null || b === null) ? null : call(a, b);
    }
  } else if (args.length === 3 && first !== undefined && second !== undefined && third !== undefined) {
    for (let i = 0; i < rows; i++) {
      const a = first[i] as KernelValue;
      const b = second[i] as KernelValue;
      const c = third[i] as KernelValue;
      results[i] = propagate && (a === null || b === null || c === null) ? null : call(a, b, c);
    }
  } else {
    for (let i = 0; i < rows; i++) {
      const row = args.map((column) => column[i] as KernelValue);
      results[i] = propagate && row.includes(null) ? null : call(...row);
    }
  }
  return results;
}

function typeAt(kernel: Kernel, index: number): string | undefined {
  return kernel.args[index] ?? (kernel.variadic === true ? kernel.args.at(-1) : undefined);
}

function toBoolean(value: KernelValue): KernelValue {
  return value === null ? null : value !== 0;
}
