import { scriptUrls } from "virtual:sandbox-worker";
import type { DriverStarted } from "../driver/driver-worker-api.ts";
import { CONDITIONS } from "../errors/conditions/index.ts";
import type { FromSandbox, OutputItem } from "./sandbox/protocol.ts";
import type { PythonAssets, ToPython } from "./sandbox/python-protocol.ts";

/**
 * Where Python code runs: Pyodide in a frame of its own, as closed as that of TypeScript. It starts when a Python cell
 * first runs, and takes part in the page's session.
 */
export class PythonHost {
  readonly #openDriverPort: () => MessagePort;
  readonly #session: () => Promise<{ readonly started: DriverStarted; readonly sessionId: string }>;
  #frame: HTMLIFrameElement | undefined;
  #assets: Promise<PythonAssets> | undefined;
  #port: Promise<MessagePort> | undefined;
  #sessionId: string | undefined;
  #nextRun = 1;
  #current: Run | undefined;

  constructor(options: {
    readonly openDriverPort: () => MessagePort;
    readonly session: () => Promise<{ readonly started: DriverStarted; readonly sessionId: string }>;
  }) {
    this.#openDriverPort = options.openDriverPort;
    this.#session = options.session;
  }

  /** Runs a program; resolves with its time when it is done, also when it failed (the error was an output). */
  async run(code: string, onOutput: (item: OutputItem) => void): Promise<number> {
    const { sessionId } = await this.#session();
    // The page has another session when its own code was stopped or its driver has died: Python follows.
    if (this.#sessionId !== undefined && this.#sessionId !== sessionId) this.stop();
    this.#sessionId = sessionId;
    this.#port ??= this.#start();
    const starting = this.#port;
    const port = await starting.catch((error: unknown) => {
      if (this.#port === starting) this.#port = undefined;
      throw error;
    });
    const runId = this.#nextRun++;
    return new Promise((resolve, reject) => {
      this.#current = { runId, onOutput, resolve, reject };
      port.postMessage({ kind: "run", runId, code } satisfies ToPython);
    });
  }

  /** Ends Python whatever it does: its variables are gone, the session with its views and tables is not. */
  stop(): void {
    this.#frame?.remove();
    this.#frame = undefined;
    this.#port = undefined;
    this.#current?.reject(
      new Error("Python was stopped. Its variables are gone; temporary views and tables are not."),
    );
    this.#current = undefined;
  }

  async #start(): Promise<MessagePort> {
    this.#assets ??= import("./python-assets.ts").then(({ loadPythonAssets }) => loadPythonAssets());
    this.#assets.catch(() => {
      this.#assets = undefined;
    });
    const [code, assets, session, frame] = await Promise.all([
      fetch(new URL(scriptUrls.python, document.baseURI)).then((response) => response.text()),
      this.#assets,
      this.#session(),
      this.#openFrame(),
    ]);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<FromSandbox>) => this.#receive(data);
    const script = `self.lakeletConditions=${JSON.stringify(CONDITIONS)};${code}`;
    const setup: ToPython = { kind: "setup", ...session, assets };
    frame.contentWindow?.postMessage({ kind: "start", script, setup }, "*", [port2, this.#openDriverPort()]);
    return port1;
  }

  #openFrame(): Promise<HTMLIFrameElement> {
    const frame = document.createElement("iframe");
    this.#frame = frame;
    frame.className = "sandbox";
    frame.setAttribute("sandbox", "allow-scripts");
    frame.title = "Python sandbox";
    const ready = new Promise<HTMLIFrameElement>((resolve, reject) => {
      addEventListener("message", ({ data, source }) => {
        if (source !== frame.contentWindow) return;
        if (data?.kind === "ready") resolve(frame);
        if (data?.kind === "broken") {
          const error = new Error(`Python could not start: ${data.message}`);
          reject(error);
          this.#current?.reject(error);
        }
      });
    });
    frame.src = new URL("sandbox.html", document.baseURI).href;
    document.body.append(frame);
    return ready;
  }

  #receive(message: FromSandbox): void {
    const current = this.#current;
    if (current === undefined || !("runId" in message) || message.runId !== current.runId) return;
    if (message.kind === "output") {
      current.onOutput(message.item);
    } else {
      this.#current = undefined;
      current.resolve(message.elapsedMs);
    }
  }
}

interface Run {
  readonly runId: number;
  readonly onOutput: (item: OutputItem) => void;
  readonly resolve: (elapsedMs: number) => void;
  readonly reject: (error: Error) => void;
}
