import { Warehouse } from "../catalog/warehouse.ts";
import type { TableWrite } from "../catalog/warehouse-api.ts";
import { LakeletError } from "../errors/lakelet-error.ts";
import { unsupported } from "../errors/spark-error.ts";
import { DeltaLog } from "../lake/delta-log.ts";
import { SILENT_LOGGER, SYSTEM_CLOCK, SYSTEM_RANDOM } from "../lake/environment.ts";
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
import { MeasuredStorage } from "./measured-storage.ts";
import { encodeParquet } from "./parquet-encoder.ts";
import { BatchRandom, hashSeed } from "./random.ts";

/** One worker's own generator and its own connection to the table. */
export class BatchWriter {
  readonly #spec: RunSpec;
  readonly #storage: MeasuredStorage;
  readonly #warehouse: Warehouse;
  readonly #schema: StructType;

  constructor(spec: RunSpec, storage: Storage) {
    this.#spec = spec;
    this.#storage = new MeasuredStorage(storage);
    this.#warehouse = new Warehouse(this.#storage);
    this.#schema = schemaOf(spec.rules);
  }

  /** Makes the table when it is missing, and sees to it that the rows fit when it is there. */
  async prepare(): Promise<void> {
    const { table: name } = this.#spec;
    await this.#warehouse.createTable({ name, provider: "delta", schema: this.#schema, ifNotExists: true });
    const write = await this.#begin({ writer: 0, batch: 0 });
    await write.abort();
  }

  /** Writes a batch: its rows, its file, its commit. Batches that are in the table already are not written again. */
  async write(ticket: BatchTicket): Promise<BatchWritten> {
    const { rules, seed, sinkDelayMs } = this.#spec;
    const startedAt = performance.now();
    const before = { storageMs: this.#storage.storageMs, lockMs: this.#storage.lockMs };
    const batch = generateBatch(rules, { seed, ...ticket });
    const generatedAt = performance.now();
    const bytes = encodeParquet(batch, this.#schema);
    const encodedAt = performance.now();
    const write = await this.#begin(ticket);
    const file = `part-${String(ticket.writer).padStart(5, "0")}-${write.fileStem}.parquet`;
    const stats = batchStatistics(batch, this.#schema, write.statisticsColumns);
    let delayMs = 0;
    try {
      const info = await this.#storage.writeNew(joinPath(write.directory, file), bytes);
      if (sinkDelayMs !== undefined) {
        const [least, most] = sinkDelayMs;
        delayMs = least + new BatchRandom(hashSeed(seed), ticket.batch, 0xde1a).next() * (most - least);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
      const written = {
        path: file,
        sizeBytes: info.sizeBytes,
        modifiedMs: info.modifiedMs,
        rowCount: batch.rowCount,
        partitionValues: {},
        stats,
      };
      const { version } = await write.commit([written]);
      const latencyMs = performance.now() - startedAt;
      const generation = generatedAt - startedAt;
      const lock = this.#storage.lockMs - before.lockMs;
      const engine = encodedAt - generatedAt;
      return {
        rowCount: batch.rowCount,
        sizeBytes: info.sizeBytes,
        version,
        latencyMs,
        // What is neither ours nor waiting is the way to the storage and back.
        stages: {
          generation,
          engine,
          lock,
          delay: delayMs,
          storage: Math.max(0, latencyMs - generation - engine - lock - delayMs),
        },
      };
    } catch (error) {
      await write.abort();
      throw error;
    }
  }

  /** Whether batches are in the table, by the transactions that its log records. */
  async landed(tickets: readonly BatchTicket[]): Promise<readonly boolean[]> {
    const found = await this.#warehouse.getTable(this.#spec.table);
    const { directory } = found.entry;
    if (directory === undefined) return tickets.map(() => false);
    const log = new DeltaLog(this.#storage, directory, {
      clock: SYSTEM_CLOCK,
      random: SYSTEM_RANDOM,
      logger: SILENT_LOGGER,
      writeParquet,
      engineInfo: "Lakelet",
    });
    const snapshot = await log.latest();
    return tickets.map((ticket) => {
      const last = snapshot?.transactions.get(this.#appId(ticket.writer));
      return last !== undefined && Number(last.version) >= ticket.batch;
    });
  }

  #appId(writer: number): string {
    return `lakelet-generate/${this.#spec.runId}/${writer}`;
  }

  async #begin({ writer, batch }: Pick<BatchTicket, "writer" | "batch">): Promise<TableWrite> {
    const write = await this.#warehouse.beginWrite({
      target: { kind: "table", name: this.#spec.table },
      mode: "append",
      schema: this.#schema,
      requireExisting: true,
      options: { txnappid: this.#appId(writer), txnversion: String(batch) },
    });
    try {
      this.#assertFits(write);
    } catch (error) {
      await write.abort();
      throw error;
    }
    return write;
  }

  /** The files are written as the rules say: a table that wants something else is refused. */
  #assertFits(write: TableWrite): void {
    const refuse = (what: string): never => {
      throw unsupported(`generating rows into ${what}`);
    };
    if (write.format !== "parquet") refuse(`a table of ${write.format} files`);
    if (write.partitionBy.length > 0) refuse("a partitioned table");
    if (write.physicalNames !== undefined) refuse("a table with column mapping");
    if (write.constraints.some((constraint) => constraint.kind === "check"))
      refuse("a table with CHECK constraints");
    const [constraint] = write.constraints;
    if (constraint !== undefined) refuse(`a table with NOT NULL columns (${constraint.name})`);
    const sameFields =
      write.schema.fields.length === this.#schema.fields.length &&
      write.schema.fields.every((field, i) => {
        const own = this.#schema.fields[i];
        return own?.name === field.name && sameTypeIgnoringNullability(own.dataType, field.dataType);
      });
    if (!sameFields) {
      throw new LakeletError(
        "conflict",
        `the table's columns are not those that are generated: it has ${simpleString(write.schema)}, ` +
          `the rules make ${simpleString(this.#schema)}`,
      );
    }
  }
}
