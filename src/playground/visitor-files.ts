import type { NotebookCell } from "./notebook.ts";

/** Files that the visitor drops on the page or chooses: each becomes a path that programs can read. */
export function acceptFiles(options: {
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
  readonly drop: HTMLElement;
  readonly register: (file: File) => Promise<string>;
  readonly open: (cell: NotebookCell) => void;
  readonly onError: (error: unknown) => void;
}): void {
  const { input, list, drop, register, open, onError } = options;
  const add = async (files: Iterable<File>): Promise<void> => {
    for (const file of files) {
      const path = await register(file);
      const entry = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = file.name;
      button.title = "Put code that reads this file into the editor";
      button.addEventListener("click", () => open(readingCell(path)));
      entry.append(button);
      list.append(entry);
      open(readingCell(path));
    }
  };
  input.addEventListener("change", () => void add(input.files ?? []).catch(onError));
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
  window.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    drop.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
  });
  window.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    drop.hidden = true;
    void add(event.dataTransfer?.files ?? []).catch(onError);
  });
}

/** A program that reads a file by what its name says of it. */
function readingCell(path: string): NotebookCell {
  const extension = /\.([a-z0-9]+)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  const quoted = JSON.stringify(path);
  const separator = extension === "tsv" ? '.option("sep", "\\t")' : "";
  const reader =
    extension === "parquet"
      ? `parquet(${quoted})`
      : extension === "json" || extension === "jsonl" || extension === "ndjson"
        ? `json(${quoted})`
        : extension === "txt"
          ? `text(${quoted})`
          : `option("header", true).option("inferSchema", true)${separator}.csv(${quoted})`;
  return { language: "typescript", code: `const data = spark.read.${reader};\n\ndata;\n` };
}
