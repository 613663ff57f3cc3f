import type { ScanFile } from "../engine/engine-api.ts";
import type { DataType, StructField } from "../types/data-type.ts";
import { DATE, DOUBLE, decimal, INTEGER, LONG, STRING, TIMESTAMP } from "../types/data-type.ts";
import type { FoundFile } from "./user-files.ts";

const NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__";

/** Columns that stand in the paths (`year=2024/month=1/part-0.parquet`), with types as Spark infers them. */
export function discoverPartitions(
  files: readonly FoundFile[],
  inferTypes = true,
): { readonly columns: readonly StructField[]; readonly files: readonly ScanFile[] } {
  const names: string[] = [];
  const values = files.map((file) => {
    const own: Record<string, string | null> = {};
    for (const part of file.below.slice(0, -1)) {
      const at = part.indexOf("=");
      if (at <= 0) continue;
      const name = unescapePath(part.slice(0, at));
      const value = unescapePath(part.slice(at + 1));
      own[name] = value === NULL_PARTITION ? null : value;
      if (!names.includes(name)) names.push(name);
    }
    return own;
  });
  if (names.length === 0) return { columns: [], files };
  const columns = names.map(
    (name): StructField => ({
      name,
      dataType: inferTypes ? inferPartitionType(values.map((own) => own[name] ?? null)) : STRING,
      nullable: true,
    }),
  );
  return { columns, files: files.map((file, i) => ({ ...file, partitionValues: values[i] ?? {} })) };
}

function inferPartitionType(values: readonly (string | null)[]): DataType {
  let type: DataType | undefined;
  for (const value of values) {
    if (value === null) continue;
    const own = typeOfValue(value);
    type = type === undefined ? own : widest(type, own);
    if (type.kind === "string") break;
  }
  return type ?? STRING;
}

function typeOfValue(text: string): DataType {
  if (/^[+-]?\d+$/.test(text)) {
    const n = BigInt(text);
    if (n >= -2147483648n && n <= 2147483647n) return INTEGER;
    if (n >= -(2n ** 63n) && n < 2n ** 63n) return LONG;
    const digits = text.replace(/^[+-]?0*/, "").length;
    return digits <= 38 ? decimal(Math.max(1, digits), 0) : DOUBLE;
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(text)) return DOUBLE;
  if (/^\d{4}-\d{1,2}-\d{1,2}$/.test(text) && !Number.isNaN(Date.parse(text))) return DATE;
  if (/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text)) return TIMESTAMP;
  return STRING;
}

const NUMERIC_ORDER = ["integer", "long", "decimal", "double"];

function widest(a: DataType, b: DataType): DataType {
  if (a.kind === b.kind) {
    return a.kind === "decimal" && b.kind === "decimal" && b.precision > a.precision ? b : a;
  }
  const [i, j] = [NUMERIC_ORDER.indexOf(a.kind), NUMERIC_ORDER.indexOf(b.kind)];
  if (i >= 0 && j >= 0) return i > j ? a : b;
  const dates = new Set([a.kind, b.kind]);
  return dates.has("date") && dates.has("timestamp") ? TIMESTAMP : STRING;
}

/** Hive's escaping of path parts: `%20`. */
function unescapePath(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
