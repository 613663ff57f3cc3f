import { expectString, notExpectedType } from "./argument-errors.ts";
import { INTERNAL } from "./internal.ts";
import type { BackendFactory } from "./session-factory.ts";
import { startBackend } from "./session-factory.ts";
import type { SessionEnvironment } from "./session-runtime.ts";
import { SparkSession } from "./spark-session.ts";

type ConfValue = string | number | bigint | boolean;

/**
 * Makes a session, or finds the one there is: `SparkSession.builder`. The calls may be chained in any order before
 * `getOrCreate()`, which returns at once; the engine starts behind it.
 */
export class SessionBuilder {
  readonly #conf: Record<string, string> = {};
  #environment: SessionEnvironment = {};
  #factory: BackendFactory = startBackend;

  appName(name: string): this {
    return this.config("spark.app.name", name);
  }

  /** A setting, or several by name. */
  config(key: string, value: ConfValue): this;
  config(settings: Readonly<Record<string, ConfValue>>): this;
  config(key: string | Readonly<Record<string, ConfValue>>, value?: ConfValue): this {
    if (typeof key === "object") {
      for (const [name, item] of Object.entries(key)) this.config(name, item);
      return this;
    }
    expectString("key", key);
    if (value === undefined) throw notExpectedType("value", "str, bool or int", value);
    this.#conf[key] = String(value);
    return this;
  }

  /** Kept as the setting `spark.master`; the engine is this machine's. */
  master(master: string): this {
    return this.config("spark.master", master);
  }

  /** The program runs on a Spark cluster instead, through Spark Connect: `sc://host:port`. */
  remote(url: string): this {
    return this.config("spark.remote", url);
  }

  /** Nothing to do: databases and tables are always kept. */
  enableHiveSupport(): this {
    return this;
  }

  /** Where texts are printed and failures reported. */
  environment(environment: SessionEnvironment): this {
    this.#environment = { ...this.#environment, ...environment };
    return this;
  }

  /** What runs the plans, instead of this realm's own engine. */
  backend(factory: BackendFactory): this {
    this.#factory = factory;
    return this;
  }

  /** A new session. It becomes the active one if there is none. */
  create(): SparkSession {
    const conf = { ...this.#conf };
    return new SparkSession({ conf, environment: this.#environment, backend: this.#factory({ conf }) });
  }

  /** The active session with these settings applied, or a new one. */
  getOrCreate(): SparkSession {
    const active = SparkSession.getActiveSession();
    if (active === null) return this.create();
    for (const [key, value] of Object.entries(this.#conf)) {
      if (key === "spark.remote" || key === "spark.master") continue;
      // As in PySpark a setting that cannot be changed any more is passed over.
      active[INTERNAL].enqueue(async (backend) => {
        if (await backend.conf.isModifiable(key)) await backend.conf.set(key, value);
      });
    }
    return active;
  }
}
