import { createEditor, type Editor } from "./editor.ts";
import { LANGUAGE_NAMES, type NotebookCell } from "./notebook.ts";
import { foot, outputElement, timeText } from "./outputs.ts";
import type { OutputItem } from "./sandbox/protocol.ts";

type CellKind = NotebookCell["language"];

/** What a cell asks of the notebook that it is in. */
export interface CellEvents {
  readonly onRun: (cell: CellView, then: "stay" | "next") => void;
  readonly onCancel: () => void;
  readonly onChange: () => void;
  readonly onFocus: (cell: CellView) => void;
  readonly onMove: (cell: CellView, by: -1 | 1) => void;
  readonly onInsert: (cell: CellView) => void;
  readonly onRemove: (cell: CellView) => void;
}

let lastId = 0;

/** One cell on the page: its language, its editor, and what came of its last run. */
export class CellView {
  readonly element: HTMLElement;
  readonly #editor: Editor;
  readonly #outputs: HTMLElement;
  readonly #count: HTMLElement;
  readonly #run: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #progress: HTMLElement;
  readonly #progressText: HTMLElement;
  readonly #editorBox: HTMLElement;
  readonly #radios = new Map<CellKind, HTMLInputElement>();
  #language: CellKind;
  #showProgress: ReturnType<typeof setTimeout> | undefined;

  constructor(cell: NotebookCell, events: CellEvents) {
    this.#language = cell.language;
    this.element = make("article", "cell-box");
    this.element.dataset.testid = "cell";
    const frame = make("div", "cell");
    const bar = make("div", "cell-bar");
    this.#count = make("span", "cell-count");
    this.#count.setAttribute("aria-label", "not run yet");
    const name = `language-${++lastId}`;
    const languages = make("div", "languages");
    languages.setAttribute("role", "radiogroup");
    languages.setAttribute("aria-label", "Language");
    for (const [language, title] of Object.entries(LANGUAGE_NAMES) as [CellKind, string][]) {
      const label = make("label", "");
      const radio = make("input", "") as HTMLInputElement;
      radio.type = "radio";
      radio.name = name;
      radio.value = language;
      radio.addEventListener("change", () => {
        this.setLanguage(language);
        events.onChange();
      });
      this.#radios.set(language, radio);
      label.append(radio, ` ${title}`);
      languages.append(label);
    }
    const tools = make("div", "cell-tools");
    tools.append(
      tool("↑", "Move the cell up", () => events.onMove(this, -1)),
      tool("↓", "Move the cell down", () => events.onMove(this, 1)),
      tool("+", "Insert a cell below", () => events.onInsert(this)),
      tool("×", "Remove the cell", () => events.onRemove(this)),
    );
    this.#cancel = button("Cancel", "quiet", () => events.onCancel());
    this.#cancel.dataset.testid = "cancel";
    this.#cancel.disabled = true;
    this.#run = button("Run ", "primary", () => events.onRun(this, "stay"));
    this.#run.dataset.testid = "run";
    const key = make("kbd", "");
    key.textContent = /Mac|iP(hone|ad)/.test(navigator.platform) ? "⌘ ⏎" : "Ctrl ⏎";
    this.#run.append(key);
    bar.append(this.#count, languages, make("span", "grow"), tools, this.#cancel, this.#run);
    this.#editorBox = make("div", "editor");
    this.#editorBox.dataset.testid = "editor";
    frame.append(bar, this.#editorBox);
    this.#progress = make("div", "progress");
    this.#progress.dataset.testid = "progress";
    this.#progress.hidden = true;
    this.#progressText = make("span", "");
    this.#progress.append(document.createElement("progress"), this.#progressText);
    this.#outputs = make("div", "outputs");
    this.#outputs.setAttribute("aria-live", "polite");
    this.#outputs.dataset.testid = "outputs";
    this.element.append(frame, this.#progress, this.#outputs);
    this.element.addEventListener("focusin", () => events.onFocus(this));
    this.#editor = createEditor(this.#editorBox, {
      code: cell.code,
      onRun: (then) => events.onRun(this, then),
      onChange: () => events.onChange(),
    });
    this.setLanguage(cell.language);
  }

  get content(): NotebookCell {
    return { language: this.#language, code: this.#editor.code() };
  }

  get language(): CellKind {
    return this.#language;
  }

  setCell({ language, code }: NotebookCell): void {
    this.#editor.setCode(code);
    this.setLanguage(language);
  }

  setLanguage(language: CellKind): void {
    this.#language = language;
    const radio = this.#radios.get(language);
    if (radio !== undefined) radio.checked = true;
    this.element.dataset.language = language;
    this.#editor.setLanguage(language);
  }

  focus(): void {
    this.#editor.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  // --- a run

  queued(): void {
    this.#run.disabled = true;
    this.#count.textContent = "[*]";
    this.#count.setAttribute("aria-label", "waits to run");
  }

  started(): void {
    this.queued();
    this.#cancel.disabled = false;
    this.#editor.markError(undefined);
    this.#outputs.replaceChildren();
    this.#progressText.textContent = "Running…";
    // Small programs are done before anything moves.
    this.#showProgress = setTimeout(() => {
      this.#progress.hidden = false;
    }, 150);
  }

  show(item: OutputItem): void {
    this.#outputs.append(outputElement(item));
    if (item.kind === "error") this.#editor.markError(item);
  }

  showElement(element: HTMLElement): void {
    this.#outputs.replaceChildren(element);
  }

  stopping(): void {
    this.#cancel.disabled = true;
    this.#progressText.textContent = "Stopping…";
  }

  /** The run is over; `count` is its number, absent when it did not come to run. */
  ended(count?: number, elapsedMs?: number): void {
    clearTimeout(this.#showProgress);
    this.#progress.hidden = true;
    this.#run.disabled = false;
    this.#cancel.disabled = true;
    this.#count.textContent = count === undefined ? "" : `[${count}]`;
    this.#count.setAttribute("aria-label", count === undefined ? "not run yet" : `run number ${count}`);
    if (elapsedMs !== undefined && this.#outputs.childElementCount === 0) {
      this.#outputs.append(foot(`Done · ${timeText(elapsedMs)}`));
    }
  }
}

function make(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  return element;
}

function button(text: string, className: string, onClick: () => void): HTMLButtonElement {
  const element = make("button", className) as HTMLButtonElement;
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

function tool(text: string, title: string, onClick: () => void): HTMLButtonElement {
  const element = button(text, "tool", onClick);
  element.title = title;
  element.setAttribute("aria-label", title);
  return element;
}
