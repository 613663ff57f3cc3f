import type { DriverStarted } from "../../driver/driver-worker-api.ts";
import { INTERNAL } from "../../session/internal.ts";
import { connectDriverPort, localBackendFactory } from "../../session/local-backend.ts";
import * as lakelet from "../../session/public.ts";
import { splitStatements } from "../../sql/split-statements.ts";
import { displayText } from "./display.ts";
import { errorItem } from "./error-item.ts";
import type { Language, OutputItem } from "./protocol.ts";
import { replCode } from "./repl-code.ts";

/** Rows of a result that are brought to the page; the page says when there are more. */
const MAX_GRID_ROWS = 10_000;

/** Runs programs one after another on one session; what they declare stays. */
export class Repl {
  readonly sessionId: Promise<string>;
  readonly #spark: lakelet.SparkSession;
  readonly #scope: Record<string, unknown>;
  readonly #output: (item: OutputItem) => void;
  #programs = 0;

  constructor(options: {
    readonly driver: MessagePort;
    readonly started: DriverStarted;
    /** Resolves when the driver is dead. */
    readonly driverDied: Promise<void>;
    readonly conf: Readonly<Record<string, string>>;
    readonly output: (item: OutputItem) => void;
  }) {
    this.#output = options.output;
    const open = localBackendFactory(async () =>
      connectDriverPort(options.driver, options.started, options.driverDied),
    );
    // One driver behind one port: whatever the warehouse, this session is the only one here.
    const backend = open({ conf: { ...options.conf, "spark.sql.warehouse.dir": "memory:port" } });
    this.sessionId = backend.then((b) => b.sessionId);
    this.#spark = new lakelet.SparkSession({
      backend,
      environment: {
        print: (text) => this.#output({ kind: "text", text }),
        onUnhandledError: (error) => this.#output(errorItem(error)),
      },
    });
    const F = lakelet.functions;
    this.#scope = Object.assign(Object.create(null), {
      ...lakelet,
      spark: this.#spark,
      F,
      col: F.col,
      lit: F.lit,
      expr: F.expr,
    });
  }

  /** Runs a program and shows its result; failures are shown too. Resolves when its pending operations have settled. */
  async run(language: Language, code: string): Promise<void> {
    try {
      if (language === "sql") await this.#runSql(code);
      else await this.#runProgram(code);
    } catch (error) {
      this.#output(errorItem(error));
    }
  }

  async #runSql(code: string): Promise<void> {
    const statements = splitStatements(code);
    for (const [i, text] of statements.entries()) {
      const result = this.#spark.sql(text);
      const isLast = i === statements.length - 1;
      if (isLast) await this.#show(result);
      else await result.collect();
    }
  }

  async #runProgram(code: string): Promise<void> {
    const { body, declared, imported } = await replCode(code);
    for (const name of declared) if (!(name in this.#scope)) this.#scope[name] = undefined;
    for (const [local, exported] of imported) {
      this.#scope[local] = exported === "*" ? lakelet : (lakelet as Record<string, unknown>)[exported];
      if (this.#scope[local] === undefined) throw new SyntaxError(`"lakelet" does not export ${exported}`);
    }
    this.#programs++;
    const program = new Function("scope", `${body}\n//# sourceURL=lakelet-program-${this.#programs}.ts`);
    const result = (await program(this.#scope)) as { readonly value: unknown } | undefined;
    await this.#spark[INTERNAL].queue.settled();
    if (result !== undefined) {
      this.#scope["_"] = await result.value;
      await this.#show(this.#scope["_"]);
    }
  }

  async #show(value: unknown): Promise<void> {
    if (value === undefined || value === null) return;
    if (!(value instanceof lakelet.DataFrame)) {
      this.#output({ kind: "text", text: displayText(value) });
      return;
    }
    const started = performance.now();
    const limited = value.limit(MAX_GRID_ROWS + 1)[INTERNAL];
    const { schema, chunks, rowCount } = await this.#spark[INTERNAL].query(limited.plan, limited.attachments);
    // A statement that shows nothing has no columns.
    if (schema.fields.length === 0) return;
    this.#output({
      kind: "table",
      schema,
      chunks,
      rowCount: Math.min(rowCount, MAX_GRID_ROWS),
      isCut: rowCount > MAX_GRID_ROWS,
      elapsedMs: performance.now() - started,
      timeZone: (await this.#spark.conf.get("spark.sql.session.timeZone")) ?? "UTC",
    });
  }
}
