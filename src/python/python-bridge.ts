import { rowsToArrow } from "../engine/arrow/build.ts";
import { decodeRows } from "../engine/arrow/decode.ts";
import { sparkSchemaOf } from "../engine/arrow/spark-schema.ts";
import { describeCondition, sqlStateOf } from "../errors/spark-error.ts";
import { toWireError } from "../errors/wire-error.ts";
import type { Command } from "../plan/command.ts";
import type { Literal } from "../plan/expression.ts";
import { type FlatPlan, unflattenPlan } from "../plan/flat.ts";
import type { Relation, Sql } from "../plan/relation.ts";
import type {
  ExecuteOptions,
  ExplainMode,
  ObservedMetrics,
  SessionBackend,
  StorageLevel,
} from "../session/backend.ts";
import { literalValue } from "../session/literal-value.ts";
import { parseDataType } from "../session/types/ddl.ts";
import type { DataType } from "../types/data-type.ts";
import { struct } from "../types/data-type.ts";
import { randomUuid } from "../types/random-uuid.ts";
import { VariantValue } from "../types/variant-value.ts";
import { parsePayload, plainText, valueOfPlain } from "./plain-values.ts";

/** Calls a function that a Python program made into a UDF: types and rows of arguments in, results out, all JSON texts. */
export type CallPython = (
  functionId: string,
  argumentTypes: string,
  rows: string,
) => string | Promise<string>;

/** What the `pyspark` package asks: each method takes a JSON text and gives one. */
type Method = (payload: never) => Promise<unknown>;

/**
 * The JavaScript side of the `pyspark` package: plans that Python built go to the session's backend, and what comes
 * back becomes JSON that Python reads.
 */
export class PythonBridge {
  readonly #backend: SessionBackend;
  readonly #callPython: CallPython;
  readonly #methods: Readonly<Record<string, Method>>;

  constructor(backend: SessionBackend, callPython: CallPython) {
    this.#backend = backend;
    this.#callPython = callPython;
    this.#methods = {
      sessionId: async () => backend.sessionId,
      parseDdl: async (ddl: string) => parseDataType(ddl),
      errorMessage: async (error: { condition: string; messageParameters: Record<string, string> }) =>
        bareMessage(error.condition, error.messageParameters),
      confGet: async (key: string) => (await backend.conf.get(key)) ?? null,
      confSet: async ({ key, value }: { key: string; value: string }) => backend.conf.set(key, value),
      confUnset: async (key: string) => backend.conf.unset(key),
      confGetAll: async () => backend.conf.getAll(),
      confIsModifiable: async (key: string) => backend.conf.isModifiable(key),
      schema: async (asked: Asked) => backend.schema(planOf(asked)),
      explain: async (asked: Asked & { mode: ExplainMode }) => backend.explain(planOf(asked), asked.mode),
      inputFiles: async (asked: Asked) => backend.inputFiles(planOf(asked)),
      isLocal: async (asked: Asked) => backend.isLocal(planOf(asked)),
      sameSemantics: async (asked: Asked & { other: FlatPlan }) =>
        backend.sameSemantics(planOf(asked), unflattenPlan(asked.other) as Relation),
      semanticHash: async (asked: Asked) => backend.semanticHash(planOf(asked)),
      persist: async (asked: Asked & { storageLevel: StorageLevel }) =>
        backend.persist(planOf(asked), asked.storageLevel),
      unpersist: async (asked: Asked & { blocking: boolean }) =>
        backend.unpersist(planOf(asked), asked.blocking),
      storageLevel: async (asked: Asked) => backend.storageLevel(planOf(asked)),
      interrupt: async (what: Parameters<SessionBackend["interrupt"]>[0]) => backend.interrupt(what),
      variantJson: async ({ variant, timeZone }: { variant: never; timeZone: string }) =>
        (valueOfPlain(variant, { kind: "variant" }) as VariantValue).toJson(timeZone),
      parseVariant: async (json: string) =>
        JSON.parse(plainText(VariantValue.parseJson(json), { kind: "variant" })),
      registerFunction: (made: { id: string; outputType: DataType }) => this.#registerFunction(made),
      command: async (asked: Asked) => {
        const command = unflattenPlan(asked.plan) as Command;
        const { observed, relationId } = await backend.command(command, options(asked));
        return { relationId: relationId ?? null, observed: observed.map(plainMetrics) };
      },
      sql: async (asked: Asked & { resultId: string }) => {
        const { resultId } = asked;
        // DataFrames stand in the text: a query, which the driver takes as a whole when it runs.
        if (planOf(asked).kind !== "SQL") return { isQuery: true };
        const { isQuery, schema } = await backend.sql(planOf(asked) as Sql, resultId, options(asked));
        // A query is run from its text again; what is remembered of it is of no use.
        if (isQuery) await backend.release(resultId);
        return { isQuery, schema, resultId };
      },
    };
  }

  /** Answers one request; a failure is an answer too: `{"error": ...}`. */
  async request(method: string, payload: string): Promise<string> {
    try {
      if (method === "execute") return await this.#execute(parsePayload(payload) as Asked);
      const run = this.#methods[method];
      if (run === undefined) throw new TypeError(`pyspark has no request named ${method}`);
      return JSON.stringify({ value: (await run(parsePayload(payload) as never)) ?? null });
    } catch (error) {
      return JSON.stringify({ error: toWireError(error) });
    }
  }

  async #execute(asked: Asked): Promise<string> {
    const { schema, chunks, observed } = await this.#backend.execute(planOf(asked), options(asked));
    const rows = decodeRows(chunks, schema).map((row) => plainText(row, schema));
    const about = JSON.stringify({ schema, observed: observed.map(plainMetrics) });
    return `{"value":${about.slice(0, -1)},"rows":[${rows.join(",")}]}}`;
  }

  async #registerFunction({ id, outputType }: { id: string; outputType: DataType }): Promise<void> {
    await this.#backend.registerFunction?.(id, async (args) => {
      const schema = sparkSchemaOf(args);
      const rows = decodeRows([args], schema).map((row) => plainText(row, schema));
      const types = JSON.stringify(schema.fields.map((f) => f.dataType));
      const answer = parsePayload(
        await this.#callPython(id, types, `[${rows.join(",")}]`),
      ) as readonly never[];
      const results = answer.map((result) => [valueOfPlain(result, outputType)]);
      return rowsToArrow(results, struct([{ name: "result", dataType: outputType, nullable: true }]));
    });
  }
}

interface Asked {
  readonly plan: FlatPlan;
  readonly tags?: readonly string[];
}

function planOf({ plan }: Asked): Relation {
  return unflattenPlan(plan) as Relation;
}

function options({ tags = [] }: Asked): ExecuteOptions {
  return { operationId: randomUuid(), tags };
}

/** Metrics whose values are as plain as those of rows. */
function plainMetrics({ name, keys, values }: ObservedMetrics): unknown {
  return {
    name,
    keys,
    values: values.map((literal: Literal) => ({
      dataType: literal.dataType,
      value: JSON.parse(plainText(literalValue(literal), literal.dataType)),
    })),
  };
}

/** The text of a condition alone: Python's own errors show no SQLSTATE. */
function bareMessage(condition: string, parameters: Readonly<Record<string, string>>): string {
  const text = describeCondition(condition, parameters);
  const state = sqlStateOf(condition);
  const end = state === undefined ? "" : ` SQLSTATE: ${state}`;
  const start = `[${condition}] `;
  return text.slice(
    text.startsWith(start) ? start.length : 0,
    text.endsWith(end) ? text.length - end.length : undefined,
  );
}
