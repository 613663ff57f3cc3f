import type { DataType as PlainDataType } from "../../types/data-type.ts";
import type { DataType } from "./data-type-class.ts";

type Build = (plain: PlainDataType) => DataType;

const builders = new Map<string, Build>();

/** Tells how to make the class of a kind. The classes' modules do this once, which keeps them from importing one another. */
export function registerType<K extends PlainDataType["kind"]>(
  kind: K,
  build: (plain: Extract<PlainDataType, { kind: K }>) => DataType,
): void {
  builders.set(kind, build as Build);
}

/** The class instance of a plain type. */
export function classOf(plain: PlainDataType): DataType {
  const build = builders.get(plain.kind);
  if (build === undefined) throw new TypeError(`not a Spark type: ${JSON.stringify(plain)}`);
  return build(plain);
}
