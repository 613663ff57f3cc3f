import type { Kernel } from "../kernel.ts";

function parse(text: string): number {
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return text.endsWith("nan") ? Number.NaN : Number(text);
}

/** Skewness or kurtosis of values joined by spaces, updated value by value as Spark does it. */
function shape(name: string, text: string): number | null {
  let [n, mean, m2, m3, m4] = [0, 0, 0, 0, 0];
  for (const item of text === "" ? [] : text.split(" ")) {
    n += 1;
    const delta = parse(item) - mean;
    const part = delta / n;
    mean += part;
    const [delta2, part2] = [delta * delta, part * part];
    const next2 = m2 + delta * (delta - part);
    const next3 = m3 - 3 * part * next2 + delta * (delta2 - part2);
    m4 = m4 - 4 * part * next3 - 6 * part2 * next2 + delta * (delta * delta2 - part * part2);
    m3 = next3;
    m2 = next2;
  }
  if (n === 0 || m2 === 0) return null;
  return name === "skewness" ? (Math.sqrt(n) * m3) / Math.sqrt(m2 * m2 * m2) : (n * m4) / (m2 * m2) - 3;
}

export const MOMENT_KERNELS: readonly Kernel[] = [
  {
    name: "shape",
    args: ["string", "string"],
    result: "double",
    call: (name, values) => shape(name as string, values as string),
  },
];
