import { sparkError } from "../../errors/spark-error.ts";
import type { Kernel } from "../kernel.ts";
import { memoize } from "../kernel.ts";
import { floatText } from "../number-text.ts";

/** Floats joined by commas, as DuckDB prints them. */
const parse = memoize((text: string): readonly number[] =>
  text === "" ? [] : text.split(",").map((x) => Math.fround(parseOne(x))),
);

function parseOne(text: string): number {
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return text.endsWith("nan") ? Number.NaN : Number(text);
}

const print = (values: readonly number[]): string =>
  values
    .map((v) => (Number.isFinite(v) ? `${v}` : Number.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf"))
    .join(",");

function checkSizes(name: string, left: number, right: number): void {
  if (left === right) return;
  throw sparkError("SparkRuntimeException", {
    condition: "VECTOR_DIMENSION_MISMATCH",
    messageParameters: { functionName: `\`${name}\``, leftDim: `${left}`, rightDim: `${right}` },
  });
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

function pair(name: string, a: readonly number[], b: readonly number[]): number | null {
  checkSizes(name, a.length, b.length);
  switch (name) {
    case "vector_inner_product":
      return dot(a, b);
    case "vector_l2_distance":
      return Math.sqrt(a.reduce((sum, x, i) => sum + (x - (b[i] as number)) ** 2, 0));
    default: {
      const size = Math.sqrt(dot(a, a) * dot(b, b));
      return size === 0 ? null : dot(a, b) / size;
    }
  }
}

function norm(name: string, v: readonly number[], degree: number): number {
  switch (degree) {
    case 1:
      return v.reduce((sum, x) => sum + Math.abs(x), 0);
    case 2:
      return Math.sqrt(dot(v, v));
    case Infinity:
      return v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    default:
      throw sparkError("SparkRuntimeException", {
        condition: "INVALID_VECTOR_NORM_DEGREE",
        messageParameters: { functionName: `\`${name}\``, degree: floatText(degree) },
      });
  }
}

/** Sums are made in floats, averages by moving what there is towards each vector. */
function total(name: string, rows: readonly (readonly number[])[]): readonly number[] {
  const result = [...(rows[0] as readonly number[])];
  for (const [n, row] of rows.entries()) {
    checkSizes(name, result.length, row.length);
    if (n === 0) continue;
    for (const [i, x] of row.entries()) {
      const soFar = result[i] as number;
      result[i] = Math.fround(
        name === "vector_sum"
          ? soFar + x
          : soFar + Math.fround(Math.fround(x - soFar) * Math.fround(1 / (n + 1))),
      );
    }
  }
  return result;
}

export const VECTOR_KERNELS: readonly Kernel[] = [
  {
    name: "vector_pair",
    args: ["string", "string", "string"],
    result: "double",
    call: (name, a, b) => {
      const value = pair(name as string, parse(a as string), parse(b as string));
      return value === null ? null : Math.fround(value);
    },
  },
  {
    name: "vector_norm",
    args: ["string", "double"],
    result: "double",
    call: (v, degree) => Math.fround(norm("vector_norm", parse(v as string), degree as number)),
  },
  {
    name: "vector_normalize",
    args: ["string", "double"],
    result: "string",
    call: (text, degree) => {
      const v = parse(text as string);
      const size = norm("vector_normalize", v, degree as number);
      return v.length > 0 && size === 0 ? null : print(v.map((x) => Math.fround(x / size)));
    },
  },
  {
    // Vectors joined by semicolons.
    name: "vector_total",
    args: ["string", "string"],
    result: "string",
    call: (name, rows) =>
      print(
        total(
          name as string,
          (rows as string)
            .split(";")
            .map((row) => (row === "" ? [] : row.split(",").map((x) => Math.fround(parseOne(x))))),
        ),
      ),
  },
];
