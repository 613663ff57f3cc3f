import { PySparkTypeError, SparkNoSuchElementException } from "../errors/spark-error.ts";
import { expectString, typeNameOf } from "./argument-errors.ts";
import type { SessionRuntime } from "./session-runtime.ts";

/**
 * The settings of a session: `spark.conf`. Setting and unsetting go in order with the session's commands, so they hold
 * for whatever comes after them, awaited or not.
 *
 * @example
 * ```ts
 * spark.conf.set("spark.sql.session.timeZone", "Europe/Paris");
 * console.log(await spark.conf.get("spark.sql.session.timeZone"));
 * ```
 */
export class RuntimeConfig {
  readonly #runtime: SessionRuntime;

  /** @internal */
  constructor(runtime: SessionRuntime) {
    this.#runtime = runtime;
  }

  /** Sets a value; numbers and booleans are made text. */
  set(key: string, value: string | number | bigint | boolean): Promise<void> {
    expectString("key", key);
    if (!["string", "number", "bigint", "boolean"].includes(typeof value)) {
      throw new PySparkTypeError({
        condition: "NOT_EXPECTED_TYPE",
        messageParameters: {
          expected_type: "str, bool or int",
          arg_name: "value",
          arg_type: typeNameOf(value),
        },
      });
    }
    return this.#runtime.enqueue((backend) => backend.conf.set(key, String(value)));
  }

  /** The value, or the default given here, or Spark's. Throws SQL_CONF_NOT_FOUND where there is none. */
  get(key: string): Promise<string>;
  get<D extends string | null | undefined>(key: string, defaultValue: D): Promise<string | D>;
  async get(
    key: string,
    ...defaults: readonly (string | null | undefined)[]
  ): Promise<string | null | undefined> {
    expectString("key", key);
    const value = await this.#runtime.ask((backend) => backend.conf.get(key));
    if (value !== undefined) return value;
    if (defaults.length > 0) return defaults[0];
    throw new SparkNoSuchElementException({
      condition: "SQL_CONF_NOT_FOUND",
      messageParameters: { sqlConf: `"${key}"` },
    });
  }

  /** Back to Spark's default. */
  unset(key: string): Promise<void> {
    expectString("key", key);
    return this.#runtime.enqueue((backend) => backend.conf.unset(key));
  }

  /** Every setting. */
  get getAll(): Promise<Record<string, string>> {
    return this.#runtime.ask(async (backend) => ({ ...(await backend.conf.getAll()) }));
  }

  /** Whether the setting can be changed while the session runs. */
  isModifiable(key: string): Promise<boolean> {
    expectString("key", key);
    return this.#runtime.ask((backend) => backend.conf.isModifiable(key));
  }
}
