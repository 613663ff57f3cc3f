import type { DriverApi } from "./driver-api.ts";

/** How a page starts its driver worker. Sent once, before anything else. */
export interface DriverStartOptions {
  /** A directory in OPFS; `memory:` for tables that end with the worker. */
  readonly warehouse: string;
  readonly engines?: number;
  /** Relative paths of `read` that are not in OPFS are looked for below this URL (same origin only). */
  readonly baseUrl: string;
  readonly memoryLimitBytes?: number;
  readonly conf?: Readonly<Record<string, string>>;
}

export interface DriverStarted {
  readonly storage: "opfs" | "memory";
  /** Why tables are kept in memory although OPFS was asked for. */
  readonly memoryReason?: string;
  /** Held by the worker as long as it lives: who is granted this Web Lock knows that it is dead. */
  readonly lifeLock: string;
  readonly engines: number;
}

export interface DriverWorkerApi extends DriverApi {
  start(options: DriverStartOptions): Promise<DriverStarted>;
  /** Ends an engine as a crash would. For tests. */
  killEngine(index: number): Promise<void>;
}
