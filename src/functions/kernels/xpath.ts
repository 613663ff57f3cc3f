import { UnknownException } from "../../errors/spark-error.ts";
import { array, STRING } from "../../types/data-type.ts";
import type { Kernel } from "../kernel.ts";
import { memoize } from "../kernel.ts";
import { nestedWriter } from "../text/nested-text.ts";
import { parseXml, XmlSyntaxError } from "../text/xml-parse.ts";
import {
  booleanOf,
  compileXPath,
  nodesOf,
  numberOf,
  textOf,
  XPathError,
  type XPathValue,
} from "../text/xpath.ts";

const compiled = memoize(compileXPath);
const document = memoize((text: string) => parseXml(text), 4);

function evaluated<T>(xml: string, path: string, read: (value: XPathValue) => T): T | null {
  if (xml === "" || path === "") return null;
  const fail = (message: string): never => {
    throw new UnknownException({ condition: "", message: `(java.lang.RuntimeException) ${message}` });
  };
  try {
    const run = compiled(path);
    return read(run({ node: document(xml), position: 1, size: 1 }));
  } catch (error) {
    if (error instanceof XPathError) return fail(`Invalid XPath '${path}': ${error.message}`);
    if (error instanceof XmlSyntaxError) return fail(`Error loading expression '${path}': ${error.message}`);
    throw error;
  }
}

const listText = nestedWriter(array(STRING));

/** `Math.trunc` into 32 bits as Java's `intValue`: NaN is 0, beyond the range its end. */
function whole(value: number, limit: number): number {
  return Number.isNaN(value) ? 0 : Math.max(-limit, Math.min(limit - 1, Math.trunc(value)));
}

function kernel(
  name: string,
  result: Kernel["result"],
  read: (value: XPathValue) => string | number | null,
): Kernel {
  return {
    name,
    args: ["string", "string"],
    result,
    call: (xml, path) => evaluated(xml as string, path as string, read),
  };
}

export const XPATH_KERNELS: readonly Kernel[] = [
  kernel("xpath", "string", (v) =>
    listText(nodesOf(v).map((n) => (n.kind === "root" || n.kind === "element" ? null : n.value))),
  ),
  kernel("xpath_string", "string", textOf),
  kernel("xpath_boolean", "int32", (v) => (booleanOf(v) ? 1 : 0)),
  kernel("xpath_double", "double", numberOf),
  kernel("xpath_int", "int32", (v) => whole(numberOf(v), 2 ** 31)),
  // Java cuts the bits of the int.
  kernel("xpath_short", "int32", (v) => (whole(numberOf(v), 2 ** 31) << 16) >> 16),
  kernel("xpath_long", "string", (v) => {
    const value = numberOf(v);
    if (Number.isNaN(value)) return "0";
    return `${Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : value > 0 ? 2n ** 63n - 1n : -(2n ** 63n)}`;
  }),
];
