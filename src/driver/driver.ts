import type { WarehouseApi } from "../catalog/warehouse-api.ts";
import { sparkError } from "../errors/spark-error.ts";
import { DriverSession } from "./driver-session.ts";
import { EnginePool, type EnginePoolOptions } from "./engine-pool.ts";
import type { DriverState } from "./session-state.ts";
import { TempViews } from "./temp-views.ts";
import { RegisteredFiles, type UserFiles } from "./user-files.ts";

export interface DriverOptions {
  readonly engines: EnginePoolOptions;
  /** Opened once, at first need. */
  readonly openWarehouse: () => Promise<WarehouseApi>;
  readonly userFiles: UserFiles;
  readonly log?: (message: string) => void;
  /** Settings that every session begins with. */
  readonly conf?: Readonly<Record<string, string>>;
}

/** How long after its start a driver looks for what crashes left behind. */
const COLLECT_AFTER_MS = 20_000;

/** Sessions over one warehouse and one pool of engines. It holds no DuckDB, so it always answers. */
export class Driver {
  readonly #state: DriverState;
  readonly #options: DriverOptions;
  readonly #sessions = new Map<string, DriverSession>();
  #warehouse: Promise<WarehouseApi> | undefined;
  #collecting: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#state = {
      engines: new EnginePool(options.engines),
      registered: new RegisteredFiles(),
      globalTempViews: new TempViews(),
      userFiles: options.userFiles,
      log: options.log ?? (() => {}),
    };
  }

  get engines(): EnginePool {
    return this.#state.engines;
  }

  /** Starts what the first query will need. */
  warmUp(): void {
    this.#state.engines.warmUp();
    this.warehouse().then(
      () => this.#collectLater(),
      () => {},
    );
  }

  /** What crashes left behind goes once the session has come to rest; nobody waits for it, and it never fails. */
  #collectLater(): void {
    if (this.#isClosed) return;
    this.#collecting = setTimeout(async () => {
      try {
        const { directories, files, sizeBytes } = await (await this.warehouse()).collectLeftovers();
        const count = directories.length + files.length;
        if (count > 0) this.#state.log(`collected ${count} leftovers of ${sizeBytes} bytes`);
      } catch (error) {
        this.#state.log(`leftovers stay behind: ${String(error)}`);
      }
    }, COLLECT_AFTER_MS);
    // In Node it keeps no process alive.
    (this.#collecting as { unref?: () => void }).unref?.();
  }

  warehouse(): Promise<WarehouseApi> {
    if (this.#warehouse === undefined) {
      const opening = this.#options.openWarehouse();
      this.#warehouse = opening;
      // A failure (no permission yet, a full disk) may pass: the next call tries again.
      opening.catch(() => {
        this.#warehouse = undefined;
      });
    }
    return this.#warehouse;
  }

  openSession(options: {
    readonly sessionId: string;
    readonly conf: Readonly<Record<string, string>>;
    readonly cloneOf?: string;
  }): DriverSession {
    const known = this.#sessions.get(options.sessionId);
    if (known !== undefined) return known;
    const origin = options.cloneOf === undefined ? undefined : this.session(options.cloneOf);
    const session = new DriverSession({
      sessionId: options.sessionId,
      driver: this.#state,
      warehouse: () => this.warehouse(),
      conf: { ...this.#options.conf, ...options.conf },
      ...(origin === undefined ? {} : { cloneOf: origin }),
    });
    this.#sessions.set(options.sessionId, session);
    return session;
  }

  session(sessionId: string): DriverSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) {
      throw sparkError("PySparkException", {
        condition: "INVALID_HANDLE.SESSION_NOT_FOUND",
        messageParameters: { handle: sessionId },
      });
    }
    return session;
  }

  closeSession(sessionId: string): void {
    this.#sessions.get(sessionId)?.close();
    this.#sessions.delete(sessionId);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#collecting);
    for (const id of [...this.#sessions.keys()]) this.closeSession(id);
    await this.#state.engines.close();
    const warehouse = await this.#warehouse?.catch(() => undefined);
    await warehouse?.close();
  }
}
