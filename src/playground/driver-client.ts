import * as Comlink from "comlink";
import type { SessionCalls } from "../driver/driver-api.ts";
import type { DriverStarted, DriverStartOptions, DriverWorkerApi } from "../driver/driver-worker-api.ts";
import { decodeRows } from "../engine/arrow/decode.ts";
import { fromWireError } from "../errors/wire-error.ts";
import { flattenPlan } from "../plan/flat.ts";
import type { Relation } from "../plan/relation.ts";
import { deathOf } from "../pool/death-of.ts";
import { startWorker } from "../pool/start-worker.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { Row } from "../types/values.ts";

/** The page's own line to the driver: it starts the worker, and asks about the session in which users' code runs. */
export class DriverClient {
  readonly #worker: Worker;
  readonly #api: Comlink.Remote<DriverWorkerApi>;
  readonly started: Promise<DriverStarted>;
  /** Resolves when the worker is gone, for whatever reason. */
  readonly died: Promise<void>;

  constructor(options: DriverStartOptions) {
    this.#worker = startWorker(
      (Worker) =>
        new Worker(new URL("../driver/driver-worker.ts", import.meta.url), {
          type: "module",
          name: "lakelet-driver",
        }),
    );
    this.#api = Comlink.wrap<DriverWorkerApi>(this.#worker);
    const broken = new Promise<never>((_, reject) => {
      this.#worker.addEventListener("error", (event) => {
        reject(new Error(event.message === "" ? "the driver's script could not be loaded" : event.message));
      });
    });
    broken.catch(() => {});
    this.started = Promise.race([this.#api.start(options), broken]);
    this.died = this.started.then((started) => deathOf(started.lifeLock, broken));
    this.died.catch(() => {});
  }

  /** A port through which another realm speaks to the driver. */
  openPort(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ lakeletPort: port1 }, [port1]);
    return port2;
  }

  async rows(sessionId: string, plan: Relation): Promise<readonly Row[]> {
    const options = { operationId: randomUuid(), tags: [] };
    const { chunks, schema } = await this.#call(sessionId, "execute", [flattenPlan(plan), options]);
    return decodeRows(chunks, schema);
  }

  registerFile(sessionId: string, content: Blob, name: string): Promise<string> {
    return this.#call(sessionId, "registerFile", [content, name]);
  }

  async interruptAll(sessionId: string): Promise<void> {
    await this.#call(sessionId, "interrupt", [{ all: true }]);
  }

  /** Ends what may be left of it. */
  terminate(): void {
    this.#worker.terminate();
  }

  async #call<M extends keyof SessionCalls>(
    sessionId: string,
    method: M,
    args: Parameters<SessionCalls[M]>,
  ): Promise<ReturnType<SessionCalls[M]>> {
    // Comlink's types lose which method it is; its values do not.
    const call = this.#api.call as unknown as DriverWorkerApi["call"];
    const outcome = await call(sessionId, method, args);
    if (!outcome.ok) throw fromWireError(outcome.error);
    return outcome.value;
  }
}
