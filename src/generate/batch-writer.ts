import type { TableEntry } from "../catalog/catalog-entry.ts";
import { quotedTableName } from "../catalog/catalog-entry.ts";
import { CatalogLog } from "../catalog/catalog-log.ts";
import { DirectoryLease } from "../catalog/directory-lease.ts";
import { Warehouse } from "../catalog/warehouse.ts";
import { LakeletError } from "../errors/lakelet-error.ts";
import { unsupported } from "../errors/spark-error.ts";
import { AmbiguousCommitError } from "../lake/ambiguous-commit-error.ts";
import { DeltaLog } from "../lake/delta-log.ts";
import { commitDeltaWrite } from "../lake/delta-write.ts";
import { type DeltaWritePlan, type DeltaWriteSpec, planDeltaWrite } from "../lake/delta-write-plan.ts";
import { type Environment, SILENT_LOGGER, SYSTEM_CLOCK, SYSTEM_RANDOM } from "../lake/environment.ts";
import { writeParquet } from "../lake/parquet-writer.ts";
import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import type { StructType } from "../types/data-type.ts";
import { sameTypeIgnoringNullability } from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import { batchStatistics } from "./batch-statistics.ts";
import { schemaOf } from "./column-rules.ts";
import type { BatchTicket, BatchWritten, RunSpec } from "./generate-worker-api.ts";
import { generateBatch } from "./generated-columns.ts";
import { encodeParquet } from "./parquet-encoder.ts";
import { BatchRandom, hashSeed } from "./random.ts";

const ENVIRONMENT: Environment = {
  clock: SYSTEM_CLOCK,
  random: SYSTEM_RANDOM,
  logger: SILENT_LOGGER,
  writeParquet,
  engineInfo: "Lakelet",
};

/** The table as a writer holds it from one batch to the next. */
interface Connection {
  readonly entry: TableEntry;
  readonly directory: string;
  readonly log: DeltaLog;
  readonly spec: DeltaWriteSpec;
  readonly plan: DeltaWritePlan;
  /** Keeps the directory from being collected while files without a commit are in it. */
  readonly lease: DirectoryLease;
}

/** One worker's own generator and its own connection to the table. */
export class BatchWriter {
  readonly #spec: RunSpec;
  readonly #storage: Storage;
  readonly #warehouse: Warehouse;
  readonly #catalog: CatalogLog;
  readonly #schema: StructType;
  #connection: Promise<Connection> | undefined;

  constructor(spec: RunSpec, storage: Storage) {
    this.#spec = spec;
    this.#storage = storage;
    this.#warehouse = new Warehouse(storage);
    this.#catalog = new CatalogLog(storage, ENVIRONMENT);
    this.#schema = schemaOf(spec.rules);
  }

  /** Makes the table when it is missing, and sees to it that the rows fit when it is there. */
  async prepare(): Promise<void> {
    const { table: name } = this.#spec;
    await this.#warehouse.createTable({ name, provider: "delta", schema: this.#schema, ifNotExists: true });
    await this.#connected();
  }

  /** Writes a batch: its rows, its file, its commit. A batch that is in the table already is not added again. */
  async write(ticket: BatchTicket): Promise<BatchWritten> {
    const { rules, seed, sinkDelayMs } = this.#spec;
    const connection = await this.#connected();
    const { directory, plan } = connection;
    const startedAt = performance.now();
    const batch = generateBatch(rules, { seed, ...ticket });
    const generatedAt = performance.now();
    const bytes = encodeParquet(batch, this.#schema);
    const stats = batchStatistics(batch, this.#schema, plan.statisticsColumns);
    const encodedAt = performance.now();
    const path = `part-${String(ticket.writer).padStart(5, "0")}-${SYSTEM_RANDOM.uuid()}.parquet`;
    const { sizeBytes, modifiedMs } = await this.#storage.writeNew(joinPath(directory, path), bytes);
    const { rowCount } = batch;
    let delay = 0;
    try {
      if (sinkDelayMs !== undefined) {
        const [least, most] = sinkDelayMs;
        delay = least + new BatchRandom(hashSeed(seed), ticket.batch, 0xde1a).next() * (most - least);
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
      const askedAt = performance.now();
      let lock = 0;
      const file = { path, sizeBytes, modifiedMs, rowCount, partitionValues: {}, stats };
      const { snapshot, committed } = await commitDeltaWrite(
        connection.log,
        {
          spec: connection.spec,
          plan,
          scope: { kind: "all" },
          files: [file],
          readVersion: undefined,
          transaction: { appId: this.#appId(ticket.writer), version: ticket.batch },
        },
        {
          beforeCommit: () => {
            lock = performance.now() - askedAt;
            return this.#assertInPlace(connection);
          },
        },
      );
      if (!committed) await this.#storage.remove(joinPath(directory, path)).catch(() => false);
      const latencyMs = performance.now() - startedAt;
      const generation = generatedAt - startedAt;
      const engine = encodedAt - generatedAt;
      const storage = Math.max(0, latencyMs - generation - engine - lock - delay);
      return {
        rowCount,
        sizeBytes,
        version: snapshot.version,
        latencyMs,
        stages: { generation, engine, lock, delay, storage },
      };
    } catch (error) {
      // Not knowing whether the commit landed, the file may be the table's.
      if (!(error instanceof AmbiguousCommitError)) {
        await this.#storage.remove(joinPath(directory, path)).catch(() => false);
      }
      await this.#disconnect();
      throw error;
    }
  }

  /** Whether batches are in the table, by the transactions that its log records. */
  async landed(tickets: readonly BatchTicket[]): Promise<readonly boolean[]> {
    const { log } = await this.#connected();
    const snapshot = await log.latest();
    return tickets.map((ticket) => {
      const last = snapshot?.transactions.get(this.#appId(ticket.writer));
      return last !== undefined && Number(last.version) >= ticket.batch;
    });
  }

  #appId(writer: number): string {
    return `lakelet-generate/${this.#spec.runId}/${writer}`;
  }

  #connected(): Promise<Connection> {
    if (this.#connection === undefined) {
      this.#connection = this.#connect();
      this.#connection.catch(() => {
        this.#connection = undefined;
      });
    }
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    const { table: name } = this.#spec;
    const { entry } = await this.#warehouse.getTable(name);
    const { directory, provider } = entry;
    if (provider !== "delta" || directory === undefined)
      throw unsupported(`generating rows into a table of ${provider}`);
    const displayName = quotedTableName(name);
    const log = new DeltaLog(this.#storage, directory, ENVIRONMENT, displayName);
    const lease = await DirectoryLease.take(this.#storage, directory);
    try {
      const snapshot = await log.latest();
      if (snapshot === undefined)
        throw unsupported(`generating rows into a table without a log (${displayName})`);
      const spec: DeltaWriteSpec = {
        mode: "append",
        data: this.#schema,
        partitionBy: undefined,
        mergeSchema: false,
        overwriteSchema: false,
        byPosition: false,
        tableName: displayName,
      };
      const plan = planDeltaWrite(snapshot, spec);
      this.#assertFits(plan);
      return { entry, directory, log, spec, plan, lease };
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.then(({ lease }) => lease.release()).catch(() => {});
  }

  /** Under the table's lock: a table that was dropped or replaced since must not get the rows. */
  async #assertInPlace({ entry, directory }: Connection): Promise<void> {
    const current = (await this.#catalog.state()).tableById(entry.id);
    if (current?.directory === directory) return;
    throw new LakeletError("conflict", `the table ${this.#spec.table.table} is not where it was`, {
      retryable: true,
    });
  }

  /** The files are written as the rules say: a table that wants something else is refused. */
  #assertFits(plan: DeltaWritePlan): void {
    const refuse = (what: string): never => {
      throw unsupported(`generating rows into a table with ${what}`);
    };
    if (plan.partitionBy.length > 0) refuse("partitions");
    if (plan.physicalNames !== undefined) refuse("column mapping");
    if (plan.constraints.length > 0) refuse(`constraints (${plan.constraints[0]?.name})`);
    if (plan.identity.length > 0) refuse("identity columns");
    for (const { name, metadata = {} } of plan.schema.fields) {
      const own = Object.keys(metadata).find((key) => key.startsWith("delta."));
      if (own !== undefined) refuse(`columns that are made of others (${name}: ${own})`);
    }
    const sameFields =
      plan.schema.fields.length === this.#schema.fields.length &&
      plan.schema.fields.every((field, i) => {
        const made = this.#schema.fields[i];
        return made?.name === field.name && sameTypeIgnoringNullability(made.dataType, field.dataType);
      });
    if (!sameFields) {
      throw new LakeletError(
        "conflict",
        `the table's columns are not those that are generated: it has ${simpleString(plan.schema)}, ` +
          `the rules make ${simpleString(this.#schema)}`,
      );
    }
  }
}
