import type { DriverStarted } from "../driver/driver-worker-api.ts";
import { loadNow } from "../pool/load-later.ts";
import { CatalogPanel } from "./catalog-panel.ts";
import { DriverClient } from "./driver-client.ts";
import { EXAMPLES } from "./examples.ts";
import { type Notebook, notebookOfFragment, parseNotebook } from "./notebook.ts";
import { notebookMenu } from "./notebook-menu.ts";
import { NotebookView } from "./notebook-view.ts";
import { keepForOffline } from "./offline.ts";
import { PythonHost } from "./python-host.ts";
import type { CellLanguage } from "./sandbox/protocol.ts";
import { SandboxHost } from "./sandbox-host.ts";
import { acceptFiles } from "./visitor-files.ts";

const query = new URLSearchParams(location.search);
const SAVED = "lakelet.notebook";
/** What a link brought, on its way through the reload that gives it the visitor's own tables. */
const TAKEN = "lakelet.taken-notebook";
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

/** Gives the browser a turn: each part of the start is a task of its own, none of them long. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

// --- the notebook: usable before anything else is there

const FIRST: Notebook = EXAMPLES.slice(0, 1);
const shared = await sharedNotebook();
/** Code that came with a link never sees the visitor's tables unless they say so. */
const warehouse = shared !== undefined || query.get("warehouse") === "memory" ? "memory:" : "lakelet";

async function sharedNotebook(): Promise<Notebook | undefined> {
  try {
    return await notebookOfFragment(location.hash);
  } catch (error) {
    say(`The link could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function savedNotebook(): Notebook | undefined {
  // Private windows may refuse storage; the page works without.
  try {
    const taken = sessionStorage.getItem(TAKEN);
    sessionStorage.removeItem(TAKEN);
    const text = taken ?? localStorage.getItem(SAVED);
    return text === null ? undefined : parseNotebook(text);
  } catch {
    return undefined;
  }
}

function saveNotebook(notebook: Notebook): void {
  if (shared !== undefined) return;
  try {
    localStorage.setItem(SAVED, JSON.stringify(notebook));
  } catch {
    // As above.
  }
}

/** Tells the visitor something above the cells. */
function say(message: string, action?: { readonly text: string; readonly act: () => void }): void {
  const box = element("notice");
  const text = document.createElement("span");
  text.textContent = message;
  box.replaceChildren(text);
  const add = (label: string, act: () => void): void => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = label;
    button.addEventListener("click", act);
    box.append(button);
  };
  if (action !== undefined) add(action.text, action.act);
  add("Close", () => {
    box.hidden = true;
  });
  box.hidden = false;
}

if (shared !== undefined) {
  say(
    "This notebook came with a link. Read it before you run it: its tables live in memory, apart from yours.",
    {
      text: "Use my tables",
      act: () => {
        sessionStorage.setItem(TAKEN, JSON.stringify(view.notebook));
        location.replace(location.pathname);
      },
    },
  );
}

let idleSinceMs = 0;
await nextTask();
const view = new NotebookView({
  holder: element("cells"),
  notebook: shared ?? savedNotebook() ?? FIRST,
  onChange: saveNotebook,
  onIdle: () => {
    idleSinceMs = performance.now();
    void panel.refresh().catch(() => {});
  },
  runner: {
    run: (language, code, onOutput) =>
      language === "python" ? python.run(code, onOutput) : sandbox.run(language, code, { onOutput }),
    cancel,
  },
});
notebookMenu({ holder: element("notebook-menu"), view, fresh: FIRST, say });
element("add-cell").addEventListener("click", () => void view.insertAfter(undefined));

const examples = element<HTMLSelectElement>("examples");
EXAMPLES.forEach((example, i) => {
  examples.append(new Option(example.title, String(i)));
});
examples.addEventListener("change", () => {
  const example = EXAMPLES[Number(examples.value)];
  examples.value = "";
  if (example !== undefined) view.put(example);
});

async function cancel(language: CellLanguage): Promise<void> {
  if (sessionId !== undefined) void driver.interruptAll(sessionId).catch(() => {});
  const run = view.runs;
  await new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS));
  // It may have stopped by itself, and another may be running.
  if (!view.isRunning || view.runs !== run) return;
  if (language === "python") python.stop();
  else await sandbox.restart();
}

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
  (code) => view.put({ language: "sql", code }),
);
element("refresh").addEventListener("click", () => void panel.refresh().catch(showStartError));

driver.started.then(() => sandbox.start()).catch(showStartError);
driver.started.then(
  () => setTimeout(prepareOffline, OFFLINE_DELAY_MS),
  () => {},
);

/** Loads what was left out so far: what few programs need, and what an engine needs to be started again. */
async function prepareOffline(): Promise<void> {
  if (view.isRunning || performance.now() - idleSinceMs < OFFLINE_DELAY_MS) {
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

acceptFiles({
  input: element<HTMLInputElement>("file"),
  list: element("files"),
  drop: element("drop"),
  register: async (file) => driver.registerFile(sessionId ?? (await nextSession), file, file.name),
  open: (cell) => view.put(cell),
  onError: showStartError,
});
