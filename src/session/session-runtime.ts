import { decodeRows } from "../engine/arrow/decode.ts";
import type { Command } from "../plan/command.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import { randomUuid } from "../types/random-uuid.ts";
import type { Row } from "../types/values.ts";
import type {
  CommandResult,
  ExecuteOptions,
  ObservedMetrics,
  QueryProgress,
  QueryResult,
  SessionBackend,
} from "./backend.ts";
import { CommandQueue, type QueuedResult } from "./command-queue.ts";
import type { Attachments } from "./internal.ts";
import { substitute } from "./substitute.ts";

/** What a session may be told about its surroundings. */
export interface SessionEnvironment {
  /** Where `show`, `printSchema` and `explain` print; the console by default. Gets the text as Python's `print` does. */
  readonly print?: (text: string) => void;
  /** Told of the failure of a command that nothing waited for; by default it goes to `console.error`. */
  readonly onUnhandledError?: (error: unknown) => void;
}

export type ProgressHandler = (progress: QueryProgress) => void;

/** A result whose bytes have been made rows. */
export interface RowResult {
  readonly rows: Row[];
  readonly result: QueryResult;
}

/**
 * What stands between the builders of plans and the backend: the order of commands, functions and files that a plan
 * needs, tags, progress, and what was observed.
 */
export class SessionRuntime {
  readonly backend: Promise<SessionBackend>;
  readonly queue: CommandQueue;
  readonly tags = new Set<string>();
  readonly progressHandlers = new Set<ProgressHandler>();
  readonly #print: (text: string) => void;
  readonly #registered = new Set<string>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #kept: FinalizationRegistry<string>;

  constructor(backend: Promise<SessionBackend>, environment: SessionEnvironment = {}) {
    this.backend = backend;
    // The first call reports a backend that cannot start; until then its failure is nobody's.
    backend.catch(() => {});
    this.#print = environment.print ?? ((text) => console.log(text));
    this.queue = new CommandQueue({
      report: environment.onUnhandledError ?? ((error) => console.error(error)),
    });
    this.#kept = new FinalizationRegistry((relationId) => {
      this.backend.then((b) => b.release(relationId)).catch(() => {});
    });
  }

  print(text: string): void {
    this.#print(text);
  }

  /** Runs a query to its end. */
  query(plan: Relation, attachments: Attachments): Promise<QueryResult> {
    return this.#track(async () => {
      await this.queue.settled();
      return this.#observed(attachments, async () => {
        const ready = await this.prepare(plan, attachments);
        const backend = await this.backend;
        return backend.execute(ready, this.options());
      });
    });
  }

  /** Runs a query; its rows. */
  async rows(plan: Relation, attachments: Attachments): Promise<RowResult> {
    const result = await this.query(plan, attachments);
    return { rows: this.decode(result), result };
  }

  decode(result: QueryResult): Row[] {
    return decodeRows(result.chunks, result.schema);
  }

  /** Runs a query, a batch of Arrow bytes at a time. */
  async *stream(plan: Relation, attachments: Attachments): AsyncGenerator<Uint8Array> {
    await this.queue.settled();
    const ready = await this.prepare(plan, attachments);
    const backend = await this.backend;
    for await (const { data } of backend.stream(ready, this.options())) yield data;
  }

  /** Runs a command that the caller waits for. */
  command(command: Command, attachments: Attachments): Promise<CommandResult> {
    return this.#track(async () => {
      await this.queue.settled();
      return this.execute(command, attachments);
    });
  }

  /** Runs a command in the session's queue: the program need not wait for it. */
  enqueueCommand(command: Command, attachments: Attachments): QueuedResult<CommandResult> {
    return this.enqueue(() => this.execute(command, attachments));
  }

  /** Runs a command now, whatever is queued. */
  execute(command: Command, attachments: Attachments): Promise<CommandResult> {
    return this.#observed(attachments, () => this.#runCommand(command, attachments));
  }

  /** Asks the backend something about a plan without running it. */
  analyze<T>(
    plan: Relation,
    attachments: Attachments,
    ask: (backend: SessionBackend, plan: Relation) => Promise<T>,
  ): Promise<T> {
    return this.#track(async () => {
      await this.queue.settled();
      const ready = await this.prepare(plan, attachments);
      return ask(await this.backend, ready);
    });
  }

  /** Asks the backend something, after the commands so far. */
  ask<T>(run: (backend: SessionBackend) => Promise<T>): Promise<T> {
    return this.#track(async () => {
      await this.queue.settled();
      return run(await this.backend);
    });
  }

  /** Puts work into the session's queue. */
  enqueue<T>(run: (backend: SessionBackend) => Promise<T>): QueuedResult<T> {
    return this.queue.push(async () => run(await this.backend));
  }

  /** Runs SQL text that is not a plain query in the queue; its rows are kept under `resultId`. */
  enqueueSql(query: Sql, resultId: string, attachments: Attachments): QueuedResult<void> {
    return this.enqueue(async (backend) => {
      const ready = await this.prepare(query, attachments);
      await backend.sql(ready, resultId, this.options());
    });
  }

  /** Frees what the backend keeps under the id when the holder is gone. */
  releaseWith(holder: object, relationId: string): void {
    this.#kept.register(holder, relationId);
  }

  /** Makes a plan (or a command with plans in it) ready to send: functions known, places filled. */
  async prepare<T extends object>(node: T, attachments: Attachments): Promise<T> {
    if (attachments.length === 0) return node;
    const replacements = new Map<object, object>();
    for (const attachment of attachments) {
      if (attachment.kind === "prerequisite") await attachment.ready();
      if (attachment.kind === "deferred")
        replacements.set(attachment.placeholder, await attachment.resolve());
      if (attachment.kind === "function" && !this.#registered.has(attachment.id)) {
        this.#registered.add(attachment.id);
        await attachment.register(await this.backend);
      }
    }
    return replacements.size === 0 ? node : substitute(node, replacements);
  }

  options(): ExecuteOptions {
    const { progressHandlers } = this;
    return {
      operationId: randomUuid(),
      tags: [...this.tags],
      ...(progressHandlers.size === 0
        ? {}
        : {
            onProgress: (progress) => {
              for (const handler of progressHandlers) handler(progress);
            },
          }),
    };
  }

  /** Resolves when nothing is under way any more. Does not tell of failures. */
  async idle(): Promise<void> {
    while (this.#running.size > 0 || this.queue.pending > 0) {
      await Promise.allSettled([...this.#running]);
      if (this.queue.pending > 0) await this.queue.drained();
    }
  }

  #track<T>(run: () => Promise<T>): Promise<T> {
    const running = run();
    this.#running.add(running);
    const forget = (): void => {
      this.#running.delete(running);
    };
    running.then(forget, forget);
    return running;
  }

  async #runCommand(command: Command, attachments: Attachments): Promise<CommandResult> {
    const ready = await this.prepare(command, attachments);
    const backend = await this.backend;
    return backend.command(ready, this.options());
  }

  async #observed<T extends { readonly observed: readonly ObservedMetrics[] }>(
    attachments: Attachments,
    run: () => Promise<T>,
  ): Promise<T> {
    const observations = attachments.filter((attachment) => attachment.kind === "observation");
    try {
      const outcome = await run();
      for (const metrics of outcome.observed) {
        for (const observation of observations)
          if (observation.name === metrics.name) observation.settle(metrics);
      }
      return outcome;
    } catch (error) {
      for (const observation of observations) observation.fail(error);
      throw error;
    }
  }
}
