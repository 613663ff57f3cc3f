import { LakeletError } from "../errors/lakelet-error.ts";
import { expectString } from "./argument-errors.ts";
import type { BackendFactory } from "./session-factory.ts";
import { startBackend } from "./session-factory.ts";
import type { SessionEnvironment } from "./session-runtime.ts";
import { SparkSession } from "./spark-session.ts";

export interface MockSessionOptions {
  /** A warehouse that stays: a directory in OPFS, or on disk in Node. Without it tables are private and in memory. */
  readonly dbPath?: string;
  readonly conf?: Readonly<Record<string, string>>;
  readonly environment?: SessionEnvironment;
  /** What runs the plans, instead of this realm's own engine. */
  readonly backend?: BackendFactory;
}

/**
 * A session for tests, under the name that mock-spark gives it: private tables in memory unless a path says otherwise,
 * and databases that are missing are made by `saveAsTable`.
 *
 * @example
 * ```ts
 * import { MockSparkSession } from "lakelet";
 * const spark = new MockSparkSession("MyApp");
 * await spark.createDataFrame([{ id: 1 }]).write.saveAsTable("sales.orders");
 * ```
 */
export class MockSparkSession extends SparkSession {
  /** Databases by mock-spark's name for them. */
  readonly storage: SchemaStorage;

  constructor(appName = "MockSparkApp", options: MockSessionOptions = {}) {
    const conf = {
      "spark.app.name": appName,
      "spark.lakelet.createMissingDatabases": "true",
      "spark.sql.warehouse.dir": options.dbPath ?? "memory:",
      ...options.conf,
    };
    const factory = options.backend ?? startBackend;
    super({
      conf,
      backend: factory({ conf }),
      ...(options.environment === undefined ? {} : { environment: options.environment }),
    });
    this.storage = new SchemaStorage(this);
  }
}

const ATTEMPTS = 3;
const FIRST_DELAY_MS = 20;

/** Makes, finds and drops schemas (databases); those that it made it knows, so that asking again costs nothing. */
export class SchemaStorage {
  readonly #session: SparkSession;
  readonly #known = new Map<string, Promise<void>>();

  /** @internal */
  constructor(session: SparkSession) {
    this.#session = session;
  }

  /**
   * Makes a schema unless it is there, and sees to it that it is. Three attempts, each after a longer pause; then a
   * LakeletError names the schema, the cause, and what to check.
   */
  createSchema(name: string): Promise<void> {
    expectString("name", name);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const made = this.#create(name);
    this.#known.set(name, made);
    made.catch(() => this.#known.delete(name));
    return made;
  }

  /** Whether there is such a schema. */
  schemaExists(name: string): Promise<boolean> {
    return this.#session.catalog.databaseExists(name);
  }

  /** Drops a schema and all in it; nothing happens if there is none. */
  async dropSchema(name: string): Promise<void> {
    this.#known.delete(name);
    await this.#session.catalog.dropDatabase(name, true, true);
  }

  async #create(name: string): Promise<void> {
    let cause: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await pause(FIRST_DELAY_MS * 2 ** (attempt - 1));
      try {
        await this.#session.catalog.createDatabase(name, true);
        if (await this.schemaExists(name)) return;
        cause = new Error("it is not in the catalog after it was made");
      } catch (error) {
        cause = error;
      }
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LakeletError(
      "unavailable",
      `schema ${JSON.stringify(name)} could not be made in ${ATTEMPTS} attempts: ${reason}. ` +
        "Check that the name is a valid identifier, that the session has not been stopped, and that the warehouse " +
        "(spark.sql.warehouse.dir) can be written.",
      { cause },
    );
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
