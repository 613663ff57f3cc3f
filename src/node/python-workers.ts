import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { PythonCall, PythonRunner } from "../connect/python/python-runner.ts";
import { sparkError, unsupported } from "../errors/spark-error.ts";

export interface PythonWorkersOptions {
  /** The interpreters to try, in this order. */
  readonly interpreters?: readonly string[];
  /** Interpreters to try after the named ones and before those on the path; asked when a function first comes. */
  readonly clientInterpreters?: () => Promise<readonly string[]>;
  /** Processes that may run at once. */
  readonly maxWorkers?: number;
  readonly log?: (message: string) => void;
}

/** The release of PySpark whose functions these are. */
const PYSPARK_VERSION = "4.3";
const START_TIMEOUT_MS = 20_000;
const IDLE_MS = 60_000;
const WORKER_SCRIPT = fileURLToPath(new URL("./python/python-worker.py", import.meta.url));

interface Header {
  readonly blobs: readonly number[];
  readonly [key: string]: unknown;
}

interface Answer {
  readonly header: Header;
  readonly blobs: readonly Uint8Array[];
}

/** Processes of the user's own Python, started when a function is first called and reused until they are idle. */
export class PythonWorkers implements PythonRunner {
  readonly #options: PythonWorkersOptions;
  readonly #idle: PythonWorker[] = [];
  readonly #all = new Set<PythonWorker>();
  readonly #waiting: (() => void)[] = [];
  #interpreter: Promise<string> | undefined;
  #isClosed = false;

  constructor(options: PythonWorkersOptions = {}) {
    this.#options = options;
  }

  async run(call: PythonCall, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const worker = await this.#take(call.pythonVersion);
    // A function that never returns is ended with its process.
    const abort = () => worker.kill();
    signal?.addEventListener("abort", abort);
    try {
      const { command, data, ...header } = call;
      const { header: answer, blobs } = await worker.ask(header, [command, ...data]);
      if (answer.ok === true) return blobs[0] ?? new Uint8Array(0);
      throw sparkError("PythonException", {
        condition: "PYTHON_EXCEPTION",
        messageParameters: {
          msg: "An exception was thrown from the Python worker",
          traceback: String(answer.traceback),
        },
      });
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#giveBack(worker);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const worker of this.#all) worker.kill();
  }

  async #take(pythonVersion: string): Promise<PythonWorker> {
    const { maxWorkers = 4 } = this.#options;
    for (;;) {
      const idle = this.#idle.pop();
      if (idle !== undefined) {
        idle.stopTimer();
        this.#check(idle, pythonVersion);
        return idle;
      }
      if (this.#all.size < maxWorkers) break;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#interpreter ??= this.#find();
    const worker = this.#start(await this.#interpreter);
    await worker.ready;
    this.#check(worker, pythonVersion);
    return worker;
  }

  /** Pickled code is for one version of Python only. */
  #check(worker: PythonWorker, pythonVersion: string): void {
    if (worker.python === pythonVersion) return;
    this.#giveBack(worker);
    throw unsupported(
      `a function pickled by Python ${pythonVersion} where the server's Python is ${worker.python}; ` +
        "LAKELET_PYTHON names the interpreter to use",
    );
  }

  #giveBack(worker: PythonWorker): void {
    if (worker.isAlive && !this.#isClosed) {
      this.#idle.push(worker);
      worker.startTimer(IDLE_MS, () => {
        this.#idle.splice(this.#idle.indexOf(worker), 1);
        worker.kill();
      });
    }
    this.#waiting.shift()?.();
  }

  #start(interpreter: string): PythonWorker {
    const worker = new PythonWorker(interpreter, (text) => this.#options.log?.(text));
    this.#all.add(worker);
    worker.ended.then(() => {
      this.#all.delete(worker);
      const index = this.#idle.indexOf(worker);
      if (index >= 0) this.#idle.splice(index, 1);
      this.#waiting.shift()?.();
    });
    return worker;
  }

  /** The first interpreter that has the right PySpark with what its functions need. */
  async #find(): Promise<string> {
    const { interpreters = await this.#defaultInterpreters() } = this.#options;
    const reasons: string[] = [];
    for (const interpreter of interpreters) {
      const worker = this.#start(interpreter);
      try {
        await worker.ready;
        if (worker.pyspark?.startsWith(`${PYSPARK_VERSION}.`) === true) {
          this.#giveBack(worker);
          return interpreter;
        }
        reasons.push(`${interpreter} has PySpark ${worker.pyspark}`);
      } catch (error) {
        reasons.push(`${interpreter}: ${error instanceof Error ? error.message : String(error)}`);
      }
      worker.kill();
    }
    this.#interpreter = undefined;
    throw unsupported(
      `Python functions without a Python that has PySpark ${PYSPARK_VERSION}, pandas and pyarrow (${reasons.join("; ")}); ` +
        "LAKELET_PYTHON names the interpreter to use",
    );
  }

  async #defaultInterpreters(): Promise<readonly string[]> {
    const { LAKELET_PYTHON, PYSPARK_PYTHON, VIRTUAL_ENV } = process.env;
    if (LAKELET_PYTHON) return [LAKELET_PYTHON];
    const named = [
      ...(PYSPARK_PYTHON ? [PYSPARK_PYTHON] : []),
      ...(VIRTUAL_ENV ? [`${VIRTUAL_ENV}/bin/python`] : []),
    ];
    const ofClients = (await this.#options.clientInterpreters?.()) ?? [];
    return [...new Set([...named, ...ofClients, "python3", "python"])];
  }
}

/** One process: a question, then its answer, then the next. */
class PythonWorker {
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  python: string | undefined;
  pyspark: string | undefined;
  isAlive = true;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncGenerator<Answer>;
  #timer: NodeJS.Timeout | undefined;
  #lastWords = "";

  constructor(interpreter: string, log: (text: string) => void) {
    this.#process = spawn(interpreter, ["-W", "ignore", WORKER_SCRIPT], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, PYTHONUNBUFFERED: "1" },
    });
    // What functions print is the server's own output.
    this.#process.stderr.on("data", (data: Buffer) => {
      this.#lastWords = (this.#lastWords + data.toString()).slice(-2_000);
      log(data.toString());
    });
    this.#process.stdin.on("error", () => {});
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.isAlive = false;
        resolve();
      };
      this.#process.once("exit", end);
      this.#process.once("error", (error) => {
        this.#lastWords = error.message;
        end();
      });
    });
    this.#answers = readAnswers(this.#process.stdout);
    this.ready = this.#hello();
    // Reported by whoever awaits it.
    this.ready.catch(() => {});
  }

  async ask(header: object, blobs: readonly Uint8Array[]): Promise<Answer> {
    const json = Buffer.from(JSON.stringify({ ...header, blobs: blobs.map((b) => b.length) }));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    for (const part of [length, json, ...blobs]) this.#process.stdin.write(part);
    return this.#next();
  }

  kill(): void {
    this.stopTimer();
    this.#process.kill("SIGKILL");
  }

  startTimer(ms: number, expire: () => void): void {
    this.#timer = setTimeout(expire, ms);
    this.#timer.unref();
  }

  stopTimer(): void {
    clearTimeout(this.#timer);
  }

  async #hello(): Promise<void> {
    const timer = setTimeout(() => this.kill(), START_TIMEOUT_MS);
    try {
      const { header } = await this.#next();
      this.python = String(header.python);
      this.pyspark = String(header.pyspark);
    } finally {
      clearTimeout(timer);
    }
  }

  async #next(): Promise<Answer> {
    const { value, done } = await this.#answers.next();
    if (done !== true) return value;
    await this.ended;
    const words = this.#lastWords.trim().split("\n").at(-1) ?? "";
    throw sparkError("PySparkException", {
      condition: "",
      message: `The Python worker ended${words === "" ? "" : `: ${words}`}`,
    });
  }
}

async function* readAnswers(stream: Readable): AsyncGenerator<Answer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const take = async (count: number): Promise<Buffer | undefined> => {
    while (size < count) {
      const { value, done } = await chunks.next();
      if (done === true) return undefined;
      pieces.push(value);
      size += value.length;
    }
    const all = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    pieces.length = 0;
    size -= count;
    if (size > 0) pieces.push(all.subarray(count));
    return all.subarray(0, count);
  };
  for (;;) {
    const length = await take(4);
    const json = length === undefined ? undefined : await take(length.readUInt32BE());
    if (json === undefined) return;
    const header = JSON.parse(json.toString()) as Header;
    const blobs: Uint8Array[] = [];
    for (const count of header.blobs) {
      const blob = await take(count);
      if (blob === undefined) return;
      // A copy of its own: Arrow wants its buffers aligned.
      blobs.push(new Uint8Array(blob));
    }
    yield { header, blobs };
  }
}
