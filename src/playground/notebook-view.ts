import { CellView } from "./cell-view.ts";
import type { Notebook, NotebookCell } from "./notebook.ts";
import type { CellLanguage, ErrorItem, OutputItem } from "./sandbox/protocol.ts";

/** What runs the cells of a notebook. */
export interface CellRunner {
  /** Resolves with its time when the program is done, also when it failed (the error was an output). */
  run(language: CellLanguage, code: string, onOutput: (item: OutputItem) => void): Promise<number>;
  cancel(language: CellLanguage): Promise<void>;
}

const EMPTY: NotebookCell = { language: "typescript", code: "" };

/** A list of cells that run one after another in the order in which they were asked to. */
export class NotebookView {
  readonly #holder: HTMLElement;
  readonly #runner: CellRunner;
  readonly #onChange: (notebook: Notebook) => void;
  readonly #onIdle: () => void;
  readonly #queue: CellView[] = [];
  #cells: CellView[] = [];
  #active: CellView | undefined;
  #running: CellView | undefined;
  #runs = 0;

  constructor(options: {
    readonly holder: HTMLElement;
    readonly notebook: Notebook;
    readonly runner: CellRunner;
    readonly onChange: (notebook: Notebook) => void;
    /** Called when nothing runs any more. */
    readonly onIdle: () => void;
  }) {
    this.#holder = options.holder;
    this.#runner = options.runner;
    this.#onChange = options.onChange;
    this.#onIdle = options.onIdle;
    this.setNotebook(options.notebook);
  }

  get notebook(): Notebook {
    return this.#cells.map((cell) => cell.content);
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** How many programs have run. */
  get runs(): number {
    return this.#runs;
  }

  /** The cell that was last used. */
  get active(): CellView {
    return this.#active ?? (this.#cells[0] as CellView);
  }

  setNotebook(notebook: Notebook): void {
    this.#queue.length = 0;
    this.#cells = (notebook.length === 0 ? [EMPTY] : notebook).map((cell) => this.#make(cell));
    this.#active = undefined;
    this.#holder.replaceChildren(...this.#cells.map((cell) => cell.element));
    for (const cell of this.#cells) if (cell.language === "markdown") void this.#showText(cell);
  }

  /** Puts another notebook in the place of this one, which the visitor could undo only by hand. */
  replaceWith(notebook: Notebook): void {
    if (this.isRunning) throw new Error("a cell is running: cancel it first");
    this.setNotebook(notebook);
    this.#changed();
  }

  /** Puts a program into the active cell. */
  put(cell: NotebookCell): void {
    const { active } = this;
    active.setCell(cell);
    this.#changed();
    active.focus();
  }

  insertAfter(cell: CellView | undefined, content: NotebookCell = EMPTY): CellView {
    const made = this.#make({ ...content, language: cell?.language ?? content.language });
    const at = cell === undefined ? this.#cells.length : this.#cells.indexOf(cell) + 1;
    this.#cells.splice(at, 0, made);
    this.#holder.insertBefore(made.element, this.#holder.children[at] ?? null);
    this.#changed();
    made.focus();
    return made;
  }

  /** Runs all cells in their order; an error ends the row. */
  runAll(): void {
    for (const cell of this.#cells) this.#enqueue(cell);
  }

  async cancel(): Promise<void> {
    for (const cell of this.#queue.splice(0)) cell.ended();
    const cell = this.#running;
    if (cell === undefined) return;
    cell.stopping();
    await this.#runner.cancel(cell.language as CellLanguage);
  }

  #make(content: NotebookCell): CellView {
    return new CellView(content, {
      onRun: (cell, then) => {
        this.#enqueue(cell);
        if (then === "next") this.#goOn(cell);
      },
      onCancel: () => void this.cancel(),
      onChange: () => this.#changed(),
      onFocus: (cell) => {
        this.#active = cell;
      },
      onInsert: (cell) => void this.insertAfter(cell),
      onMove: (cell, by) => this.#move(cell, by),
      onRemove: (cell) => this.#remove(cell),
    });
  }

  #goOn(cell: CellView): void {
    const next = this.#cells[this.#cells.indexOf(cell) + 1];
    if (next === undefined) this.insertAfter(cell);
    else next.focus();
  }

  #move(cell: CellView, by: -1 | 1): void {
    const from = this.#cells.indexOf(cell);
    const to = from + by;
    if (to < 0 || to >= this.#cells.length) return;
    this.#cells.splice(from, 1);
    this.#cells.splice(to, 0, cell);
    const reference = this.#holder.children[by === 1 ? to + 1 : to] ?? null;
    this.#holder.insertBefore(cell.element, reference);
    this.#changed();
    cell.focus();
  }

  #remove(cell: CellView): void {
    if (cell === this.#running) return;
    const at = this.#cells.indexOf(cell);
    this.#cells.splice(at, 1);
    const queued = this.#queue.indexOf(cell);
    if (queued >= 0) this.#queue.splice(queued, 1);
    cell.element.remove();
    this.#active = undefined;
    if (this.#cells.length === 0) this.insertAfter(undefined);
    else (this.#cells[Math.min(at, this.#cells.length - 1)] as CellView).focus();
    this.#changed();
  }

  #changed(): void {
    this.#onChange(this.notebook);
  }

  #enqueue(cell: CellView): void {
    if (cell === this.#running || this.#queue.includes(cell)) return;
    this.#queue.push(cell);
    cell.queued();
    if (this.#running === undefined) void this.#work();
  }

  async #work(): Promise<void> {
    for (let cell = this.#queue.shift(); cell !== undefined; cell = this.#queue.shift()) {
      this.#running = cell;
      const failed = await this.#run(cell);
      this.#running = undefined;
      // What comes after rests on what failed.
      if (failed) for (const waiting of this.#queue.splice(0)) waiting.ended();
    }
    this.#onIdle();
  }

  async #run(cell: CellView): Promise<boolean> {
    const { language, code } = cell.content;
    if (language === "markdown") {
      await this.#showText(cell);
      cell.ended();
      return false;
    }
    let failed = false;
    const show = (item: OutputItem): void => {
      failed ||= item.kind === "error";
      cell.show(item);
    };
    const count = ++this.#runs;
    cell.started();
    let elapsedMs: number | undefined;
    try {
      elapsedMs = await this.#runner.run(language, code, show);
    } catch (error) {
      show(asErrorItem(error));
    }
    cell.ended(count, elapsedMs);
    return failed;
  }

  async #showText(cell: CellView): Promise<void> {
    const { markdownElement } = await import("./markdown.ts");
    const element = markdownElement(cell.content.code);
    element.className = "output prose";
    element.dataset.testid = "output-prose";
    cell.showElement(element);
  }
}

function asErrorItem(error: unknown): ErrorItem {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { kind: "error", title: name, message };
}
