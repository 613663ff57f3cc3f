import type { CellLanguage } from "./sandbox/protocol.ts";

/** A cell as it is kept, shared and exported. */
export interface NotebookCell {
  readonly language: CellLanguage | "markdown";
  readonly code: string;
}

export type Notebook = readonly NotebookCell[];

export const LANGUAGE_NAMES: Readonly<Record<NotebookCell["language"], string>> = {
  typescript: "TypeScript",
  sql: "SQL",
  python: "Python",
  markdown: "Text",
};

/** A link holds at most this, deflated; browsers and chat programs cut longer ones. */
const MAX_LINK_BYTES = 64 * 1024;
/** What a link may unfold to: a small text can claim to be gigabytes. */
const MAX_UNFOLDED_BYTES = 1024 * 1024;
const MAX_CELLS = 500;
const LINK_KEY = "notebook=";

/** A notebook as text that may come from anywhere. Throws a TypeError that says what is wrong with it. */
export function parseNotebook(text: string): Notebook {
  const parsed: unknown = JSON.parse(text);
  const cells = Array.isArray(parsed) ? parsed : undefined;
  if (cells === undefined) throw new TypeError("a notebook is a list of cells");
  if (cells.length > MAX_CELLS)
    throw new TypeError(`a notebook has at most ${MAX_CELLS} cells, not ${cells.length}`);
  return cells.map((cell: unknown, i) => {
    const { language, code } = (cell ?? {}) as { readonly language?: unknown; readonly code?: unknown };
    if (
      typeof language !== "string" ||
      !Object.hasOwn(LANGUAGE_NAMES, language) ||
      typeof code !== "string"
    ) {
      throw new TypeError(`cell ${i + 1} has no known language and code`);
    }
    return { language: language as NotebookCell["language"], code };
  });
}

// --- links

/** The part of a link after `#` that holds a notebook. Throws a RangeError for one that is too large. */
export async function notebookFragment(notebook: Notebook): Promise<string> {
  const bytes = await through(
    new Blob([JSON.stringify(notebook)]).stream(),
    new CompressionStream("deflate-raw"),
    Number.POSITIVE_INFINITY,
  );
  if (bytes.length > MAX_LINK_BYTES) {
    throw new RangeError(
      `the notebook takes ${Math.ceil(bytes.length / 1024)} KB as a link, more than the ${MAX_LINK_BYTES / 1024} KB that links may have; export it as a file`,
    );
  }
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return LINK_KEY + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The notebook of a link; undefined when the fragment holds none. Rejects for one that is broken or too large. */
export async function notebookOfFragment(fragment: string): Promise<Notebook | undefined> {
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith(LINK_KEY)) return undefined;
  const encoded = text.slice(LINK_KEY.length);
  if (encoded.length > MAX_LINK_BYTES * 1.5) throw new RangeError("the link is too long to be a notebook's");
  const bytes = Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
    c.charCodeAt(0),
  );
  const unfolded = await through(
    new Blob([bytes]).stream(),
    new DecompressionStream("deflate-raw"),
    MAX_UNFOLDED_BYTES,
  );
  return parseNotebook(new TextDecoder("utf-8", { fatal: true }).decode(unfolded));
}

async function through(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  transform: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  const reader = source.pipeThrough(transform).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > limit) {
      await reader.cancel();
      throw new RangeError(`the link unfolds to more than ${limit / 1024} KB`);
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// --- files

const MAGIC: Readonly<Record<string, NotebookCell["language"]>> = {
  "%%sql": "sql",
  "%%python": "python",
  "%%typescript": "typescript",
};

/** The notebook as Jupyter's format has it: cells of another language than Python begin with its name, as `%%sql`. */
export function toIpynb(notebook: Notebook): string {
  const lines = (text: string): string[] => text.split(/(?<=\n)/);
  const cells = notebook.map(({ language, code }) => {
    if (language === "markdown") return { cell_type: "markdown", metadata: {}, source: lines(code) };
    const source = language === "python" ? code : `%%${language}\n${code}`;
    return {
      cell_type: "code",
      execution_count: null,
      metadata: { lakelet: { language } },
      outputs: [],
      source: lines(source),
    };
  });
  const metadata = {
    kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
    language_info: { name: "python" },
  };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** A notebook in Jupyter's format. Throws a TypeError that says what is wrong with it. */
export function fromIpynb(text: string): Notebook {
  const { cells } = JSON.parse(text) as { readonly cells?: unknown };
  if (!Array.isArray(cells)) throw new TypeError("the file is no notebook: it has no cells");
  const made = cells.map((cell: unknown): NotebookCell => {
    const { cell_type: type, source } = cell as { readonly cell_type?: string; readonly source?: unknown };
    const code = Array.isArray(source) ? source.join("") : String(source ?? "");
    if (type !== "code") return { language: "markdown", code };
    const [, magic = "", rest = ""] = /^(%%\w+)[^\n]*\n?([\s\S]*)$/.exec(code) ?? [];
    const language = MAGIC[magic];
    return language === undefined ? { language: "python", code } : { language, code: rest };
  });
  return parseNotebook(JSON.stringify(made));
}
