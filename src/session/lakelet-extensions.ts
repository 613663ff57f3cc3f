import { rowsToArrow } from "../engine/arrow/build.ts";
import type { StructType as PlainStructType } from "../types/data-type.ts";
import { DataFrame } from "./data-frame.ts";
import { INTERNAL } from "./internal.ts";
import { buildRelation } from "./relation-builder.ts";
import type { SparkSession } from "./spark-session.ts";
import { generateRows, type TestDataOptions } from "./test-data.ts";
import { plainType } from "./types/data-type-class.ts";
import { StructType } from "./types/nested-types.ts";

/** Where a session keeps its tables. */
export interface StorageInfo {
  /** `opfs`: in the browser, for good. `memory`: until the session stops. `disk`: in a folder. `remote`: on a server. */
  readonly kind: "opfs" | "memory" | "disk" | "remote";
  /** Why tables are kept in memory although they were to be kept for good. */
  readonly memoryReason?: string;
}

/** What Lakelet has and Spark has not: `spark.lakelet`. */
export class LakeletExtensions {
  readonly #session: SparkSession;

  /** @internal */
  constructor(session: SparkSession) {
    this.#session = session;
  }

  /** Resolves when no operation of the session is under way any more, whether they succeeded or not. */
  whenIdle(): Promise<void> {
    return this.#session[INTERNAL].idle();
  }

  /** Where the tables of this session are kept. */
  async storage(): Promise<StorageInfo> {
    const backend = await this.#session[INTERNAL].backend;
    return backend.storage ?? { kind: "memory" };
  }

  /**
   * Rows made up for a schema: the same for the same seed.
   *
   * @example
   * ```ts
   * await spark.lakelet.testData("id LONG NOT NULL, name STRING", { rows: 100, seed: 7 }).show();
   * ```
   */
  testData(schema: StructType | string, options: TestDataOptions = {}): DataFrame {
    const type = typeof schema === "string" ? StructType.fromDDL(schema) : schema;
    const plain = plainType(type) as PlainStructType;
    const rows = generateRows(plain, options);
    const data = rowsToArrow(rows, plain);
    const built = buildRelation({ kind: "LocalRelation", data, schema: type.json() });
    return new DataFrame({ session: this.#session, ...built });
  }
}
