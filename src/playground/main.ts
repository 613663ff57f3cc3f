import type { DriverStarted } from "../driver/driver-worker-api.ts";
import { loadNow } from "../pool/load-later.ts";
import { CatalogPanel } from "./catalog-panel.ts";
import { DriverClient } from "./driver-client.ts";
import { createEditor } from "./editor.ts";
import { EXAMPLES } from "./examples.ts";
import { keepForOffline } from "./offline.ts";
import { foot, outputElement, timeText } from "./outputs.ts";
import { PythonHost } from "./python-host.ts";
import type { CellLanguage, ErrorItem, OutputItem } from "./sandbox/protocol.ts";
import { SandboxHost } from "./sandbox-host.ts";

const query = new URLSearchParams(location.search);
const warehouse = query.get("warehouse") === "memory" ? "memory:" : "lakelet";
const SAVED = "lakelet.editor";
/** A program that does not stop by itself this long after Cancel is ended with its worker. */
const STOP_GRACE_MS = 1_500;
/** The first result comes first. */
const OFFLINE_DELAY_MS = 3_000;

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found as T;
};

const status = document.querySelector<HTMLElement>(".status") as HTMLElement;
const outputs = element("outputs");
const runButton = element<HTMLButtonElement>("run");
const cancelButton = element<HTMLButtonElement>("cancel");
const progress = element("progress");
const progressText = element("progress-text");

interface Draft {
  readonly language: CellLanguage;
  readonly code: string;
}

function savedDraft(): Draft | undefined {
  try {
    const text = localStorage.getItem(SAVED);
    return text === null ? undefined : (JSON.parse(text) as Draft);
  } catch {
    // Private windows may refuse storage; the page works without.
    return undefined;
  }
}

function saveDraft(draft: Draft): void {
  try {
    localStorage.setItem(SAVED, JSON.stringify(draft));
  } catch {
    // As above.
  }
}

/** Gives the browser a turn: each part of the start is a task of its own, none of them long. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

// --- editor: usable before anything else is there

const first = savedDraft() ?? (EXAMPLES[0] as Draft);
let language: CellLanguage = first.language;
await nextTask();
const editor = createEditor(element("editor"), {
  code: first.code,
  onRun: () => void run(),
  onChange: (code) => saveDraft({ language, code }),
});

function chooseLanguage(next: CellLanguage): void {
  language = next;
  editor.setLanguage(next);
  const radio = document.querySelector<HTMLInputElement>(`input[name=language][value=${next}]`);
  if (radio !== null) radio.checked = true;
  saveDraft({ language, code: editor.code() });
}
chooseLanguage(language);

for (const radio of document.querySelectorAll<HTMLInputElement>("input[name=language]")) {
  radio.addEventListener("change", () => chooseLanguage(radio.value as CellLanguage));
}
const examples = element<HTMLSelectElement>("examples");
EXAMPLES.forEach((example, i) => {
  examples.append(new Option(example.title, String(i)));
});
examples.addEventListener("change", () => {
  const example = EXAMPLES[Number(examples.value)];
  examples.value = "";
  if (example === undefined) return;
  editor.setCode(example.code);
  chooseLanguage(example.language);
  editor.focus();
});
if (/Mac|iP(hone|ad)/.test(navigator.platform)) element("run-key").textContent = "⌘ ⏎";

// --- engine and sandbox

const engines = Number(query.get("engines")) || undefined;
await nextTask();
let driver = startDriver();

function startDriver(): DriverClient {
  const started = new DriverClient({
    warehouse,
    baseUrl: document.baseURI,
    ...(engines === undefined ? {} : { engines }),
  });
  started.died.then(replaceDriver, () => {});
  started.started.then(showStarted, showStartError);
  return started;
}

/** What waits for the dead driver fails with Spark's error for a lost session; then all starts afresh. */
async function replaceDriver(): Promise<void> {
  driver.terminate();
  python.stop();
  await sandbox.driverDied();
  sessionId = undefined;
  nextSession = sessionToCome();
  driver = startDriver();
  await driver.started;
  await sandbox.restart();
  status.dataset.kind = "warning";
  status.textContent =
    "The engine stopped and was started again · variables and temporary views are gone, tables are not";
}

let sessionId: string | undefined;
let announceSession: (id: string) => void = () => {};
let nextSession = sessionToCome();

function sessionToCome(): Promise<string> {
  return new Promise((resolve) => {
    announceSession = resolve;
  });
}

const sandbox = new SandboxHost({
  openDriverPort: () => driver.openPort(),
  conf: {},
  started: () => driver.started,
  onSession: (id) => {
    sessionId = id;
    announceSession(id);
    void panel.refresh().catch(showStartError);
  },
});
const python = new PythonHost({
  openDriverPort: () => driver.openPort(),
  session: async () => ({ started: await driver.started, sessionId: sessionId ?? (await nextSession) }),
});
const panel = new CatalogPanel(
  element("catalog"),
  async (relation) => driver.rows(sessionId ?? (await nextSession), relation),
  (table) => {
    editor.setCode(`SELECT * FROM ${table}\n`);
    chooseLanguage("sql");
    editor.focus();
  },
);
element("refresh").addEventListener("click", () => void panel.refresh().catch(showStartError));

driver.started.then(() => sandbox.start()).catch(showStartError);
driver.started.then(
  () => setTimeout(prepareOffline, OFFLINE_DELAY_MS),
  () => {},
);

/** Loads what was left out so far: what few programs need, and what an engine needs to be started again. */
async function prepareOffline(): Promise<void> {
  if (running || performance.now() - idleSinceMs < OFFLINE_DELAY_MS) {
    setTimeout(prepareOffline, OFFLINE_DELAY_MS);
    return;
  }
  try {
    loadNow();
    await sandbox.loadParts();
    if (!(await keepForOffline())) return;
    status.dataset.offline = "";
    status.title = "All that this page needs is loaded: it works on without a network.";
  } catch (error) {
    console.warn(`Lakelet is not kept for use without a network: ${String(error)}`);
  }
}

function showStarted(started: DriverStarted): void {
  const engines = started.engines === 1 ? "1 engine" : `${started.engines} engines`;
  if (started.storage === "opfs") {
    status.textContent = `Ready · ${engines} · tables are kept in this browser`;
    delete status.dataset.kind;
    return;
  }
  status.dataset.kind = "warning";
  status.textContent =
    started.memoryReason === undefined
      ? `Ready · ${engines} · tables live in memory and end with this tab`
      : `Ready · ${engines} · tables live in memory only: ${started.memoryReason}`;
}

function showStartError(error: unknown): void {
  status.dataset.kind = "warning";
  status.textContent = `Could not start: ${error instanceof Error ? error.message : String(error)}`;
}

// --- running

let running = false;
let idleSinceMs = 0;
let runningLanguage: CellLanguage = "typescript";

async function run(): Promise<void> {
  if (running) return;
  running = true;
  runningLanguage = language;
  runButton.disabled = true;
  cancelButton.disabled = false;
  editor.markError(undefined);
  outputs.replaceChildren();
  progressText.textContent = "Running…";
  // Small programs are done before anything moves.
  const showProgress = setTimeout(() => {
    progress.hidden = false;
  }, 150);
  let hadOutput = false;
  const show = (item: OutputItem) => {
    hadOutput = true;
    outputs.append(outputElement(item));
    if (item.kind === "error") editor.markError(item);
  };
  try {
    const code = editor.code();
    const elapsedMs =
      language === "python"
        ? await python.run(code, show)
        : await sandbox.run(language, code, { onOutput: show });
    if (!hadOutput) outputs.append(foot(`Done · ${timeText(elapsedMs)}`));
  } catch (error) {
    show(asErrorItem(error));
  } finally {
    clearTimeout(showProgress);
    progress.hidden = true;
    running = false;
    idleSinceMs = performance.now();
    runButton.disabled = false;
    cancelButton.disabled = true;
    void panel.refresh().catch(() => {});
  }
}

function asErrorItem(error: unknown): ErrorItem {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { kind: "error", title: name, message };
}

async function cancel(): Promise<void> {
  if (!running) return;
  cancelButton.disabled = true;
  progressText.textContent = "Stopping…";
  if (sessionId !== undefined) void driver.interruptAll(sessionId).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS));
  if (!running) return;
  if (runningLanguage === "python") python.stop();
  else await sandbox.restart();
}

runButton.addEventListener("click", () => void run());
cancelButton.addEventListener("click", () => void cancel());

// --- files of the visitor

const drop = element("drop");

async function addFiles(files: Iterable<File>): Promise<void> {
  for (const file of files) {
    const path = await driver.registerFile(sessionId ?? (await nextSession), file, file.name);
    const entry = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = file.name;
    button.title = "Put code that reads this file into the editor";
    button.addEventListener("click", () => readInEditor(path));
    entry.append(button);
    element("files").append(entry);
    readInEditor(path);
  }
}

function readInEditor(path: string): void {
  const extension = /\.([a-z0-9]+)(\.gz)?$/i.exec(path)?.[1]?.toLowerCase();
  const quoted = JSON.stringify(path);
  const reader =
    extension === "parquet"
      ? `parquet(${quoted})`
      : extension === "json" || extension === "jsonl" || extension === "ndjson"
        ? `json(${quoted})`
        : extension === "txt"
          ? `text(${quoted})`
          : `option("header", true).option("inferSchema", true)${extension === "tsv" ? '.option("sep", "\\t")' : ""}.csv(${quoted})`;
  editor.setCode(`const data = spark.read.${reader};\n\ndata;\n`);
  chooseLanguage("typescript");
  editor.focus();
}

element<HTMLInputElement>("file").addEventListener("change", (event) => {
  const input = event.target as HTMLInputElement;
  void addFiles(input.files ?? []).catch(showStartError);
});
window.addEventListener("dragover", (event) => {
  if (event.dataTransfer?.types.includes("Files") !== true) return;
  event.preventDefault();
  drop.hidden = false;
});
window.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) drop.hidden = true;
});
window.addEventListener("drop", (event) => {
  if (event.dataTransfer?.types.includes("Files") !== true) return;
  event.preventDefault();
  drop.hidden = true;
  void addFiles(event.dataTransfer.files).catch(showStartError);
});
