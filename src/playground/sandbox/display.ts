/** Anything as text, in the manner of a console: for values that are no DataFrame. */
export function displayText(value: unknown): string {
  if (typeof value === "string") return value;
  return inspect(value, 0, new Set());
}

const MAX_ITEMS = 200;
const MAX_DEPTH = 5;

function inspect(value: unknown, depth: number, above: Set<unknown>): string {
  switch (typeof value) {
    case "string":
      return depth === 0 ? value : JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return `[function ${value.name || "anonymous"}]`;
    case "object":
      break;
    default:
      return String(value);
  }
  if (value === null) return "null";
  if (above.has(value)) return "[circular]";
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? "[…]" : "{…}";
  const inside = new Set(above).add(value);
  const show = (item: unknown) => inspect(item, depth + 1, inside);
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map(show);
    if (value.length > MAX_ITEMS) items.push(`… ${value.length - MAX_ITEMS} more`);
    const line = `[${items.join(", ")}]`;
    return line.length <= 80
      ? line
      : `[\n${items.map((item) => `${"  ".repeat(depth + 1)}${item},`).join("\n")}\n${"  ".repeat(depth)}]`;
  }
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  if (value instanceof Map)
    return `Map { ${[...value].map(([k, v]) => `${show(k)} => ${show(v)}`).join(", ")} }`;
  if (value instanceof Set) return `Set { ${[...value].map(show).join(", ")} }`;
  if (hasOwnText(value)) return String(value);
  const fields = Object.entries(value).slice(0, MAX_ITEMS);
  return `{ ${fields.map(([key, v]) => `${key}: ${show(v)}`).join(", ")} }`;
}

/** Rows, decimals, dates and columns print themselves. */
function hasOwnText(value: object): boolean {
  return value.toString !== Object.prototype.toString && !isPlain(value);
}

function isPlain(value: object): boolean {
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}
