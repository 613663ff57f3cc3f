import { download } from "./download.ts";
import { fromIpynb, type Notebook, notebookFragment, toIpynb } from "./notebook.ts";
import type { NotebookView } from "./notebook-view.ts";

/** The buttons above the cells: run all, share as a link, export and import as a file, begin anew. */
export function notebookMenu(options: {
  readonly holder: HTMLElement;
  readonly view: NotebookView;
  readonly fresh: Notebook;
  readonly say: (message: string) => void;
}): void {
  const { holder, view, fresh, say } = options;
  const failed = (error: unknown): void => say(error instanceof Error ? error.message : String(error));
  const share = async (): Promise<void> => {
    const address = new URL(location.href);
    address.search = "";
    address.hash = await notebookFragment(view.notebook);
    await navigator.clipboard.writeText(address.href);
    say("A link to this notebook is in the clipboard. It holds the code, not the data.");
  };
  const file = document.createElement("input");
  file.type = "file";
  file.accept = ".ipynb,application/json";
  file.className = "hidden";
  file.setAttribute("aria-label", "Notebook file");
  file.dataset.testid = "import-file";
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    file.value = "";
    chosen
      ?.text()
      .then((text) => view.replaceWith(fromIpynb(text)))
      .catch(failed);
  });
  const entries: readonly (readonly [string, string, () => void])[] = [
    ["Run all", "Run all cells, one after another; an error ends the row", () => view.runAll()],
    ["Share", "Copy a link that holds this notebook", () => void share().catch(failed)],
    [
      "Export",
      "Save this notebook as a file of Jupyter's format",
      () => download("lakelet.ipynb", toIpynb(view.notebook), "application/x-ipynb+json"),
    ],
    ["Import", "Open a notebook file", () => file.click()],
    ["Reset", "Begin again with the first example; tables stay", () => view.replaceWith(fresh)],
  ];
  for (const [text, title, act] of entries) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = text;
    button.title = title;
    button.dataset.testid = text.toLowerCase().replace(" ", "-");
    button.addEventListener("click", act);
    holder.append(button);
  }
  holder.append(file);
}
