import { scriptUrl } from "virtual:sandbox-worker";
import type { DriverStarted } from "../driver/driver-worker-api.ts";
import type { FromSandbox, Language, OutputItem, ToSandbox } from "./sandbox/protocol.ts";

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
  readonly #started: Promise<DriverStarted>;
  readonly #onSession: (sessionId: string) => void;
  readonly #frame: HTMLIFrameElement;
  readonly #frameReady: Promise<void>;
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
    readonly started: Promise<DriverStarted>;
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
    this.#frameReady = new Promise((resolve) => {
      addEventListener("message", ({ data, source }) => {
        if (source !== this.#frame.contentWindow) return;
        if (data?.kind === "ready") resolve();
        if (data?.kind === "broken") this.#fail(new Error(`the sandbox could not start: ${data.message}`));
      });
    });
    this.#frame.src = new URL("sandbox.html", document.baseURI).href;
    document.body.append(this.#frame);
  }

  /** Starts the worker; a second call gives the first one's promise. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const [response, started] = await Promise.all([
      fetch(new URL(scriptUrl, document.baseURI)),
      this.#started,
      this.#frameReady,
    ]);
    if (!response.ok) throw new Error(`the sandbox's script could not be loaded (${response.status})`);
    const script = await response.text();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<FromSandbox>) => this.#receive(data);
    const setup: ToSandbox = { kind: "setup", conf: this.#conf, started };
    this.#frame.contentWindow?.postMessage({ kind: "start", script, setup }, "*", [
      port2,
      this.#openDriverPort(),
    ]);
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
    const current = this.#current;
    if (current === undefined || message.runId !== current.runId) return;
    if (message.kind === "output") current.handlers.onOutput(message.item);
    else current.end(message.elapsedMs);
  }
}
