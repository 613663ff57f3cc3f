import { scriptUrls } from "virtual:sandbox-worker";
import type { DriverStarted } from "../driver/driver-worker-api.ts";
import { CONDITIONS } from "../errors/conditions/index.ts";
import type { FromSandbox, Language, OutputItem, SandboxPart, ToSandbox } from "./sandbox/protocol.ts";

/** How long a program may take to end when its driver has died. */
const DEATH_GRACE_MS = 1_000;
const FRAME_GRACE_MS = 2_000;
const NO_FRAME =
  "the frame in which code runs (sandbox.html) could not be loaded; reload this page when there is a network";
const PARTS: readonly SandboxPart[] = ["apache-arrow", "sucrase"];

export interface RunHandlers {
  readonly onOutput: (item: OutputItem) => void;
}

/**
 * Where users' code runs: a worker inside a frame of an opaque origin, with a policy of its own. It has a port to the
 * driver and one to this page, and nothing else: no network, no storage, no way to the page.
 */
export class SandboxHost {
  readonly #openDriverPort: () => MessagePort;
  readonly #conf: Readonly<Record<string, string>>;
  readonly #started: () => Promise<DriverStarted>;
  readonly #onSession: (sessionId: string) => void;
  readonly #frame: HTMLIFrameElement;
  readonly #frameReady: Promise<void>;
  readonly #scripts = new Map<keyof typeof scriptUrls, Promise<string>>();
  #port: MessagePort | undefined;
  #starting: Promise<void> | undefined;
  #nextRun = 1;
  #current:
    | {
        readonly runId: number;
        readonly handlers: RunHandlers;
        readonly end: (elapsedMs: number | Error) => void;
      }
    | undefined;

  constructor(options: {
    readonly openDriverPort: () => MessagePort;
    readonly conf: Readonly<Record<string, string>>;
    readonly started: () => Promise<DriverStarted>;
    readonly onSession: (sessionId: string) => void;
  }) {
    this.#openDriverPort = options.openDriverPort;
    this.#conf = options.conf;
    this.#started = options.started;
    this.#onSession = options.onSession;
    this.#frame = document.createElement("iframe");
    this.#frame.className = "sandbox";
    this.#frame.setAttribute("sandbox", "allow-scripts");
    this.#frame.title = "Code sandbox";
    this.#frameReady = new Promise((resolve, reject) => {
      addEventListener("message", ({ data, source }) => {
        if (source !== this.#frame.contentWindow) return;
        if (data?.kind === "ready") resolve();
        if (data?.kind === "broken") this.#fail(new Error(`the sandbox could not start: ${data.message}`));
      });
      // A browser's own page of an error is loaded too, but says nothing.
      this.#frame.addEventListener("load", () =>
        setTimeout(() => reject(new Error(NO_FRAME)), FRAME_GRACE_MS),
      );
    });
    this.#frameReady.catch(() => {});
    this.#frame.src = new URL("sandbox.html", document.baseURI).href;
    document.body.append(this.#frame);
  }

  /** Starts the worker; a second call gives the first one's promise. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const [code, started] = await Promise.all([this.#script("worker"), this.#started(), this.#frameReady]);
    const script = `self.lakeletConditions=${JSON.stringify(CONDITIONS)};${code}`;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<FromSandbox>) => this.#receive(data);
    const setup: ToSandbox = { kind: "setup", conf: this.#conf, started };
    this.#frame.contentWindow?.postMessage({ kind: "start", script, setup }, "*", [
      port2,
      this.#openDriverPort(),
    ]);
  }

  /** Loads what few programs need, so that it is there without a network too. */
  async loadParts(): Promise<void> {
    await Promise.all(PARTS.map((name) => this.#script(name)));
  }

  /** The text of a script; kept, as the worker may be started again. */
  #script(name: keyof typeof scriptUrls): Promise<string> {
    let script = this.#scripts.get(name);
    if (script === undefined) {
      script = loadText(new URL(scriptUrls[name], document.baseURI));
      this.#scripts.set(name, script);
      script.catch(() => this.#scripts.delete(name));
    }
    return script;
  }

  /** Runs a program; resolves with its time when it is done, also when it failed (the error was an output). */
  async run(language: Language, code: string, handlers: RunHandlers): Promise<number> {
    await this.start();
    const runId = this.#nextRun++;
    return new Promise((resolve, reject) => {
      this.#current = {
        runId,
        handlers,
        end: (outcome) => {
          this.#current = undefined;
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        },
      };
      this.#port?.postMessage({ kind: "run", runId, language, code } satisfies ToSandbox);
    });
  }

  /** Lets what waits for a dead driver fail; resolves when the program has ended, or will not. */
  async driverDied(): Promise<void> {
    this.#port?.postMessage({ kind: "driverDied" } satisfies ToSandbox);
    for (let waited = 0; this.#current !== undefined && waited < DEATH_GRACE_MS; waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the worker whatever it does, and starts a fresh one: values of the programs are gone, tables are not. */
  async restart(): Promise<void> {
    this.#port?.close();
    this.#frame.contentWindow?.postMessage({ kind: "stop" }, "*");
    this.#fail(
      new Error("The code was stopped. Its variables and temporary views are gone; tables are not."),
    );
    this.#starting = undefined;
    await this.start();
  }

  #fail(error: Error): void {
    this.#current?.end(error);
  }

  #receive(message: FromSandbox): void {
    if (message.kind === "session") {
      this.#onSession(message.sessionId);
      return;
    }
    if (message.kind === "part") {
      void this.#sendPart(message.name, this.#port);
      return;
    }
    const current = this.#current;
    if (current === undefined || message.runId !== current.runId) return;
    if (message.kind === "output") current.handlers.onOutput(message.item);
    else current.end(message.elapsedMs);
  }

  async #sendPart(name: SandboxPart, port: MessagePort | undefined): Promise<void> {
    const message: ToSandbox = await this.#script(name).then(
      (script) => ({ kind: "part", name, script }),
      (error: Error) => ({ kind: "part", name, error: error.message }),
    );
    port?.postMessage(message);
  }
}

async function loadText(address: URL): Promise<string> {
  const response = await fetch(address).catch((cause: unknown) => {
    throw new Error(`${address.pathname} could not be loaded: ${String(cause)}`);
  });
  if (!response.ok) throw new Error(`${address.pathname} could not be loaded (${response.status})`);
  return response.text();
}
