import { unsupported } from "../../errors/spark-error.ts";

export type FileFormat = "csv" | "tsv" | "json" | "jsonl" | "parquet" | "arrow" | "delta";
export type FileCompression = "none" | "gzip" | "deflate" | "zstd";

const FORMATS: Readonly<Record<string, FileFormat>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
  arrow: "arrow",
  arrows: "arrow",
  ipc: "arrow",
  feather: "arrow",
  delta: "delta",
};

const COMPRESSIONS: Readonly<Record<string, FileCompression>> = {
  gz: "gzip",
  gzip: "gzip",
  deflate: "deflate",
  zst: "zstd",
  zstd: "zstd",
};

export interface FileKind {
  readonly format: FileFormat;
  readonly compression: FileCompression;
  /** The name without directory and endings: `x` of `a/x.csv.gz`. */
  readonly stem: string;
}

/** What a file is by its name; undefined when its name does not tell. */
export function kindOf(path: string): FileKind | undefined {
  const parts = (path.split("/").at(-1) ?? "").split(".");
  const last = parts.at(-1)?.toLowerCase() ?? "";
  const compression = parts.length > 2 ? COMPRESSIONS[last] : undefined;
  if (compression !== undefined) parts.pop();
  const format = FORMATS[parts.at(-1)?.toLowerCase() ?? ""];
  if (format === undefined || parts.length < 2) return undefined;
  return { format, compression: compression ?? "none", stem: parts.slice(0, -1).join(".") };
}

/** The same, or an error that says which endings there are. */
export function requireKind(path: string): FileKind {
  const kind = kindOf(path);
  if (kind !== undefined) return kind;
  const known = Object.keys(FORMATS).join(", ");
  throw unsupported(
    `files of the kind of ${path}; there are ${known}, also followed by .gz, .deflate or .zst`,
  );
}

/** A path with `*` (within a name), `**` (over directories) and `?`, as an expression of whole paths. */
export function globPattern(glob: string): RegExp {
  let source = "";
  for (let i = 0; i < glob.length; i++) {
    const character = glob[i] as string;
    if (glob.startsWith("**/", i)) {
      source += "(?:.*/)?";
      i += 2;
    } else if (glob.startsWith("**", i)) {
      source += ".*";
      i++;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "{" && glob.includes("}", i)) {
      const end = glob.indexOf("}", i);
      source += `(?:${glob
        .slice(i + 1, end)
        .split(",")
        .map(escapeText)
        .join("|")})`;
      i = end;
    } else source += escapeText(character);
  }
  return new RegExp(`^${source}$`);
}

export function isGlob(path: string): boolean {
  return /[*?{]/.test(path);
}

function escapeText(text: string): string {
  return text.replace(/[.+^$()|[\]\\{}*?]/g, "\\$&");
}
