import type { DataType, StructField, StructType } from "../../types/data-type.ts";
import { array, STRING, struct } from "../../types/data-type.ts";
import { sqlString } from "../../types/format.ts";
import type { Row } from "../../types/values.ts";
import type { Kernel } from "../kernel.ts";
import { csvOptions } from "../text/csv-options.ts";
import { csvConverter } from "../text/csv-values.ts";
import { isoDate, timesOf } from "../text/datetime-values.ts";
import { nestedReader, nestedWriter } from "../text/nested-text.ts";
import { parseDouble, parseLong } from "../text/number-values.ts";
import { parseMode } from "../text/read-mode.ts";
import { checkReading, forSpec, internalText, malformed, type TextSpec } from "../text/text-spec.ts";
import { type ValueTexts, valueTexts } from "../text/value-text.ts";
import { parseXml, textOfNode, type XmlNode, XmlSyntaxError } from "../text/xml-parse.ts";

/** A value that does not fit its type. */
class Misfit extends Error {}

interface XmlOptions {
  readonly attributePrefix: string;
  readonly valueTag: string;
  readonly nullValue: string | undefined;
  readonly trims: boolean;
  readonly attributesOf: (node: XmlNode) => readonly XmlNode[];
  readonly corruptColumn: string;
}

function xmlOptions(options: Readonly<Record<string, string>>): XmlOptions {
  return {
    attributePrefix: options.attributeprefix ?? "_",
    valueTag: options.valuetag ?? "_VALUE",
    nullValue: options.nullvalue,
    attributesOf: (node) => (options.excludeattribute?.toLowerCase() === "true" ? [] : node.attributes),
    trims: options.ignoresurroundingspaces?.toLowerCase() !== "false",
    corruptColumn: options.columnnameofcorruptrecord ?? "_corrupt_record",
  };
}

/** The document's one element; undefined for what is no XML. */
function elementOf(text: string): XmlNode | undefined {
  try {
    return parseXml(text, true).children.find((n) => n.kind === "element");
  } catch (error) {
    if (error instanceof XmlSyntaxError) return undefined;
    throw error;
  }
}

const elementsOf = (node: XmlNode): readonly XmlNode[] => node.children.filter((n) => n.kind === "element");

/** Its own text without that of elements in it. */
function ownText(node: XmlNode, trims: boolean): string {
  const text = node.children
    .filter((n) => n.kind === "text")
    .map((n) => n.value)
    .join("");
  return trims ? text.trim() : text;
}

function escaped(text: string, quotes: boolean): string {
  const plain = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return quotes ? plain.replace(/"/g, "&quot;") : plain;
}

/** What stands between an element's tags. */
function innerXml(node: XmlNode): string {
  return node.children
    .map((n) => {
      if (n.kind === "text") return n.value;
      if (n.kind !== "element") return "";
      const attributes = n.attributes.map((a) => ` ${a.name}="${escaped(a.value, true)}"`).join("");
      return `<${n.name}${attributes}>${innerXml(n)}</${n.name}>`;
    })
    .join("");
}

function fromXml(spec: TextSpec): (text: string) => string | null {
  const mode = parseMode(spec.options.mode);
  const options = xmlOptions(spec.options);
  const { fields, corruptAt } = checkReading(spec, mode, options.corruptColumn);
  const known = fields.filter((_, i) => i !== corruptAt);
  const csv = csvOptions({ ...spec.options, nullvalue: "" });
  const times = timesOf(csv, spec.zone);
  const converters = new Map<DataType, (text: string) => unknown>();

  const scalar = (text: string, type: DataType): unknown => {
    const trimmed = options.trims ? text.trim() : text;
    if (trimmed === options.nullValue) return null;
    if (type.kind === "string") return trimmed;
    if (trimmed === "") return null;
    let convert = converters.get(type);
    if (convert === undefined) converters.set(type, (convert = csvConverter(type, csv, times)));
    let value = convert(trimmed);
    // Unless a format says otherwise a date is nothing but a date.
    if (type.kind === "date" && csv.dateFormat === undefined) value = isoDate(trimmed);
    // As Java's formats do, numbers with a fraction are read as far as they go.
    if (value === undefined && (type.kind === "double" || type.kind === "float")) {
      const start = /^[+-]?\d[\d,]*(?:\.\d+)?/.exec(trimmed)?.[0];
      if (start !== undefined) value = Number(start.replaceAll(",", ""));
    }
    if (value === undefined && type.kind === "boolean")
      value = trimmed === "1" ? true : trimmed === "0" ? false : undefined;
    if (value === undefined) throw new Misfit();
    return value;
  };

  const valueOf = (node: XmlNode, type: DataType, flaws: { count: number }): unknown => {
    switch (type.kind) {
      case "struct":
        return structOf(node, type.fields, flaws);
      case "map": {
        const entries = elementsOf(node).map((n) => [n.name, valueOf(n, type.valueType, flaws)] as const);
        const attributes = options
          .attributesOf(node)
          .map((a) => [options.attributePrefix + a.name, scalar(a.value, type.valueType)] as const);
        return entries.length === 0 ? null : new Map([...attributes, ...entries]);
      }
      case "string":
        return elementsOf(node).length > 0 ? innerXml(node).trim() : scalar(textOfNode(node), type);
      default:
        if (elementsOf(node).length > 0) throw new Misfit();
        return scalar(textOfNode(node), type);
    }
  };

  const structOf = (node: XmlNode, wanted: readonly StructField[], flaws: { count: number }): unknown[] => {
    const places = new Map(wanted.map((f, i) => [f.name.toLowerCase(), i]));
    const row: unknown[] = wanted.map(() => null);
    /** Whether it fits. */
    const put = (name: string, read: (type: DataType) => unknown): boolean => {
      const at = places.get(name.toLowerCase());
      if (at === undefined) return true;
      const { dataType } = wanted[at] as StructField;
      try {
        if (dataType.kind !== "array") row[at] = read(dataType);
        else row[at] = [...((row[at] as unknown[] | null) ?? []), read(dataType.elementType)];
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        flaws.count++;
        return false;
      }
      return true;
    };
    const putContent = (content: XmlNode): void => {
      for (const e of elementsOf(content)) {
        if (put(e.name, (t) => valueOf(e, t, flaws))) continue;
        // Spark goes on inside of what does not fit, takes that for its own content, and ends with it.
        putContent(e);
        return;
      }
      const text = ownText(content, options.trims);
      if (text !== "") put(options.valueTag, (t) => scalar(text, t));
    };
    for (const a of options.attributesOf(node))
      put(options.attributePrefix + a.name, (t) => scalar(a.value, t));
    putContent(node);
    return row;
  };

  const write = nestedWriter(spec.type);
  return (text) => {
    const flaws = { count: 0 };
    const root = elementOf(text);
    const row = root === undefined ? known.map(() => null) : structOf(root, known, flaws);
    const bad = root === undefined || flaws.count > 0;
    if (bad && mode === "FAILFAST") throw malformed(internalText(row));
    return write(
      corruptAt < 0 ? row : [...row.slice(0, corruptAt), bad ? text : null, ...row.slice(corruptAt)],
    );
  };
}

/** Writes an element on lines of its own; `close` is where its line ends. */
class XmlFormat {
  readonly #texts: ValueTexts;
  readonly #options: XmlOptions;
  readonly #indent: string;
  readonly #item: string;

  constructor({ options, zoneId }: TextSpec) {
    this.#texts = valueTexts(options, zoneId);
    this.#options = xmlOptions(options);
    this.#indent = options.indent ?? "    ";
    this.#item = options.arrayelementname ?? "item";
  }

  document(value: unknown, type: DataType, name: string): string {
    const text = this.#element(name, value, type, 0);
    return this.#indent === "" ? `${text}\n` : text.slice(1);
  }

  #line(depth: number): string {
    return this.#indent === "" ? "" : `\n${this.#indent.repeat(depth)}`;
  }

  /** Nothing for a null, unless there is a text for nulls. */
  #element(name: string, value: unknown, type: DataType, depth: number): string {
    const { nullValue } = this.#options;
    const start = `${this.#line(depth)}<${name}`;
    if (value === null || value === undefined)
      return nullValue === undefined ? "" : `${start}>${escaped(nullValue, false)}</${name}>`;
    switch (type.kind) {
      case "array":
        return (value as readonly unknown[])
          .map((v) =>
            type.elementType.kind === "array"
              ? this.#wrapped(
                  start,
                  name,
                  "",
                  "",
                  this.#element(this.#item, v, type.elementType, depth + 1),
                  depth,
                )
              : this.#element(name, v, type.elementType, depth),
          )
          .join("");
      case "map": {
        const entries = [...(value as ReadonlyMap<unknown, unknown>)];
        const inner = entries
          .map(([k, v]) => this.#element(String(k), v, type.valueType, depth + 1))
          .join("");
        return this.#wrapped(start, name, "", "", inner, depth);
      }
      case "struct":
        return this.#struct(start, name, (value as Row).values(), type, depth);
      case "udt":
        return this.#element(name, value, type.sqlType, depth);
      default:
        return `${start}>${escaped(this.#texts.text(value, type), false)}</${name}>`;
    }
  }

  #struct(start: string, name: string, values: readonly unknown[], type: StructType, depth: number): string {
    const { attributePrefix, valueTag, nullValue } = this.#options;
    let [attributes, text, inner] = ["", "", ""];
    type.fields.forEach((f, i) => {
      const value = values[i];
      const plain = (): string =>
        value === null || value === undefined ? (nullValue ?? "") : this.#texts.text(value, f.dataType);
      const isMissing = (value === null || value === undefined) && nullValue === undefined;
      if (f.name === valueTag) text = isMissing ? "" : escaped(plain(), false);
      else if (f.name.startsWith(attributePrefix) && f.name.length > attributePrefix.length) {
        if (!isMissing) attributes += ` ${f.name.slice(attributePrefix.length)}="${escaped(plain(), true)}"`;
      } else inner += this.#element(f.name, value, f.dataType, depth + 1);
    });
    return this.#wrapped(start, name, attributes, text, inner, depth);
  }

  #wrapped(
    start: string,
    name: string,
    attributes: string,
    text: string,
    inner: string,
    depth: number,
  ): string {
    if (text === "" && inner === "") return `${start}${attributes}/>`;
    return `${start}${attributes}>${text}${inner}${inner === "" ? "" : this.#line(depth)}</${name}>`;
  }
}

function toXml(spec: TextSpec): (text: string) => string | null {
  const read = nestedReader(spec.type);
  const format = new XmlFormat(spec);
  const name = spec.options.rowtag ?? "ROW";
  return (text) => {
    const value = read(text);
    return value === null ? null : format.document(value, spec.type, name);
  };
}

const NULL: DataType = { kind: "null" };

function schemaOfXml(spec: TextSpec): (text: string) => string {
  const options = xmlOptions(spec.options);
  const times = timesOf(csvOptions(spec.options), spec.zone);
  const ofText = (text: string): DataType => {
    const value = options.trims ? text.trim() : text;
    if (value === "" || value === options.nullValue) return NULL;
    if (parseLong(value) !== undefined) return { kind: "long" };
    if (/^[+-]?[\d.]/.test(value) && !/[dDfF]$/.test(value) && parseDouble(value) !== undefined)
      return { kind: "double" };
    if (/^(?:true|false)$/i.test(value)) return { kind: "boolean" };
    if (isoDate(value) !== undefined) return { kind: "date" };
    return /^\d{4}-\d\d-\d\d[T ]/.test(value) && times.timestamp(value) !== undefined
      ? { kind: "timestamp" }
      : STRING;
  };
  const merge = (a: DataType, b: DataType): DataType => {
    if (a.kind === "null") return b;
    if (b.kind === "null") return a;
    if (a.kind === "struct" && b.kind === "struct") {
      const types = new Map(a.fields.map((f) => [f.name, f.dataType]));
      for (const f of b.fields) types.set(f.name, merge(types.get(f.name) ?? NULL, f.dataType));
      return structOf(types);
    }
    if (a.kind === "array" || b.kind === "array") {
      const element = (t: DataType): DataType => (t.kind === "array" ? t.elementType : t);
      return array(merge(element(a), element(b)));
    }
    if (a.kind === b.kind) return a;
    const numbers = ["long", "double"];
    return numbers.includes(a.kind) && numbers.includes(b.kind) ? { kind: "double" } : STRING;
  };
  const structOf = (types: ReadonlyMap<string, DataType>): StructType =>
    struct(
      [...types]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, dataType]) => ({ name, dataType, nullable: true })),
    );
  const ofElement = (node: XmlNode, isRoot: boolean): DataType => {
    const elements = elementsOf(node);
    if (!isRoot && elements.length === 0 && options.attributesOf(node).length === 0)
      return ofText(textOfNode(node));
    const types = new Map<string, DataType>();
    for (const a of options.attributesOf(node)) types.set(options.attributePrefix + a.name, ofText(a.value));
    for (const e of elements) {
      const known = types.get(e.name);
      const type = ofElement(e, false);
      types.set(
        e.name,
        known === undefined ? type : merge(known.kind === "array" ? known : array(known), type),
      );
    }
    const text = ownText(node, options.trims);
    if (text.trim() !== "") types.set(options.valueTag, ofText(text));
    return structOf(types);
  };
  const canonical = (type: DataType): DataType => {
    if (type.kind === "null") return STRING;
    if (type.kind === "array") return array(canonical(type.elementType));
    return type.kind === "struct"
      ? struct(type.fields.map((f) => ({ ...f, dataType: canonical(f.dataType) })))
      : type;
  };
  return (text) => {
    const root = elementOf(text);
    if (root !== undefined) return sqlString(canonical(ofElement(root, true)));
    return sqlString(struct([{ name: options.corruptColumn, dataType: STRING, nullable: true }]));
  };
}

const reading = forSpec(fromXml);
const writing = forSpec(toXml);
const inferring = forSpec(schemaOfXml);

const kernel = (name: string, run: (text: string, spec: string) => string | null): Kernel => ({
  name,
  args: ["string", "string"],
  result: "string",
  call: (text, spec) => run(text as string, spec as string),
});

export const XML_KERNELS: readonly Kernel[] = [
  kernel("from_xml", (text, spec) => reading(spec)(text)),
  kernel("to_xml", (text, spec) => writing(spec)(text)),
  kernel("schema_of_xml", (text, spec) => inferring(spec)(text)),
];
