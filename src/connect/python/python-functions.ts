import { appendColumns, selectColumns } from "../../engine/arrow/columns.ts";
import { concatBytes, END_OF_STREAM, messagesOf } from "../../engine/arrow/ipc.ts";
import { LakeletError } from "../../errors/lakelet-error.ts";
import { unsupported } from "../../errors/spark-error.ts";
import type { Command } from "../../plan/command.ts";
import type { Expression, SubqueryExpression, UserDefinedFunction } from "../../plan/expression.ts";
import type { Aggregate, LocalRelation, PythonTableFunction, Relation, Sql } from "../../plan/relation.ts";
import { type PlanNode, transformUp } from "../../plan/traverse.ts";
import { substitute } from "../../session/substitute.ts";
import { type DataType, NULL, type StructType } from "../../types/data-type.ts";
import { toJson } from "../../types/json.ts";
import { aggregateFunctions, argumentColumns, argumentsOf, shapeOf } from "./python-aggregate.ts";
import {
  type PythonRelation,
  pythonParts,
  readsColumns,
  sortedByKeys,
  tableArgument,
} from "./python-plans.ts";
import type { PythonCall, PythonRunner } from "./python-runner.ts";
import { groupedWindows } from "./python-windows.ts";

/** What these functions need of a session. */
export interface PythonSession {
  readonly conf: { get(key: string): string | undefined };
  schema(plan: Relation): Promise<StructType>;
  /** A text's query; undefined for a text that is none. */
  parse(query: Sql): Relation | undefined;
  /** Runs a plan to its end: Arrow IPC streams in Spark's types. */
  execute(
    plan: Relation,
    signal: AbortSignal,
  ): Promise<{ readonly schema: StructType; readonly chunks: readonly Uint8Array[] }>;
  /** A function over columns: argument columns in, one result column out, as Arrow IPC streams. */
  registerFunction(id: string, call: (args: Uint8Array) => Promise<Uint8Array>): void;
}

/** PySpark's numbers of functions, by what runs them. */
const SCALAR = new Set([100, 101, 200, 204, 250, 251]);
const MAPS = new Set([205, 207]);
const GROUP_MAPS = new Set([201, 209, 215, 216]);
const COGROUP_MAPS = new Set([206, 210]);

const CONF_KEYS = [
  "spark.sql.session.timeZone",
  "spark.sql.execution.arrow.maxRecordsPerBatch",
  "spark.sql.execution.arrow.useLargeVarTypes",
  "spark.sql.execution.pandas.convertToArrowArraySafely",
  "spark.sql.execution.pyspark.binaryAsBytes",
  "spark.sql.legacy.execution.pandas.groupedMap.assignColumnsByName",
];

/**
 * Takes PySpark's functions out of plans: one over columns becomes a function that the engine calls back, one over
 * whole relations is run here and leaves its rows in its place. For analysis alone nothing is run.
 */
export class PythonFunctions {
  readonly #session: PythonSession;
  readonly #runner: PythonRunner | undefined;
  readonly #registered = new Set<string>();
  /** `spark.udtf.register`, by name in lower case. */
  readonly #tables = new Map<string, PythonTableFunction>();

  constructor(session: PythonSession, runner: PythonRunner | undefined) {
    this.#session = session;
    this.#runner = runner;
  }

  /** A plan that can be analysed: rows of functions are left out. */
  forAnalysis<T extends PlanNode>(plan: T): Promise<T> {
    return this.#replace(plan, undefined);
  }

  /** A plan that can be run. */
  forExecution<T extends PlanNode>(plan: T, signal: AbortSignal): Promise<T> {
    return this.#replace(plan, signal);
  }

  async forCommand(command: Command, signal: AbortSignal): Promise<Command> {
    if (command.kind === "RegisterTableFunction") {
      this.#tables.set(command.function.functionName.toLowerCase(), command.function);
      return command;
    }
    if (command.kind !== "RegisterFunction") return this.#replace(command, signal);
    const registered = this.#callback(command.function);
    return registered === undefined ? command : { ...command, function: registered };
  }

  /** Whether a text calls table functions that were registered. */
  usesTables(query: Sql): boolean {
    return this.#tables.size > 0 && this.#named(query) !== query;
  }

  /** Registered table functions in the place of their names. */
  #named<T extends PlanNode>(plan: T): T {
    if (this.#tables.size === 0) return plan;
    return transformUp(plan, (node) => {
      if (node.kind === "SQL") {
        const parsed = this.#session.parse(node);
        const named = parsed === undefined ? undefined : this.#named(parsed);
        return named === undefined || named === parsed ? node : named;
      }
      if (node.kind !== "UnresolvedTableValuedFunction") return node;
      const found = this.#tables.get((node.nameParts?.at(-1) ?? node.functionName).toLowerCase());
      return found === undefined ? node : { ...found, arguments: node.arguments };
    });
  }

  async #replace<T extends PlanNode>(given: T, signal: AbortSignal | undefined): Promise<T> {
    const plan = groupedWindows(this.#named(given));
    const { relations, hasFunctions, references } = pythonParts(plan);
    if (relations.length === 0 && !hasFunctions) return plan;
    const rows = new Map<object, LocalRelation>();
    for (const relation of relations) {
      rows.set(
        relation,
        relation.kind === "PythonTableFunction"
          ? await this.#tableRows(relation, references, signal)
          : await this.#rowsOf(relation, signal),
      );
    }
    return transformUp(substitute(plan, rows), (node) =>
      node.kind === "UserDefinedFunction" ? (this.#callback(node) ?? node) : node,
    );
  }

  /** What a table function gives: its type by its own `analyze` where none was declared, its rows when it is to run. */
  async #tableRows(
    call: PythonTableFunction,
    references: ReadonlyMap<number, Relation>,
    signal: AbortSignal | undefined,
  ): Promise<LocalRelation> {
    const running = signal ?? new AbortController().signal;
    const unnamed = call.arguments.map((e) => (e.kind === "NamedArgument" ? e.value : e));
    const at = unnamed.findIndex((e) => e.kind === "SubqueryExpression" && e.subqueryType === "table_arg");
    const scalars = unnamed.filter((_, i) => i !== at);
    if (scalars.some((e) => e.kind === "SubqueryExpression"))
      throw unsupported("several tables, or subqueries, as arguments of a table function");
    if (scalars.some(readsColumns)) throw unsupported("Python table functions of columns (LATERAL)");
    const constants: Relation = {
      kind: "Project",
      input: { kind: "OneRowRelation" },
      expressions: scalars.map((expr, i): Expression => ({ kind: "Alias", expr, name: [`__a${i}`] })),
    };
    const data = [await this.#arrow(constants, running)];
    let keyCount = 0;
    if (at >= 0) {
      const table = tableArgument(unnamed[at] as SubqueryExpression, references);
      keyCount = table.keyCount;
      // For the type alone no rows are needed.
      const rows: Relation =
        signal === undefined ? { kind: "Limit", input: table.plan, limit: 0 } : table.plan;
      data.push(await this.#arrow(rows, running));
    }
    const header = {
      ...this.#call(call),
      names: call.arguments.map((e) => (e.kind === "NamedArgument" ? e.key : null)),
      keyCount,
      ...(at < 0 ? {} : { tableArgument: at }),
      data,
    };
    const schema =
      call.returnType === undefined
        ? new TextDecoder().decode(await this.#run({ ...header, operation: "analyze" }, running))
        : JSON.stringify(toJson(call.returnType));
    const { planId, origin } = call;
    const local: LocalRelation = {
      kind: "LocalRelation",
      schema,
      ...(planId === undefined ? {} : { planId }),
      ...(origin === undefined ? {} : { origin }),
    };
    if (signal === undefined) return local;
    const rows = await this.#run({ ...header, operation: "table", returnType: schema }, signal);
    return rows.length === 0 ? local : { ...local, data: rows };
  }

  async #rowsOf(
    relation: Exclude<PythonRelation, PythonTableFunction>,
    signal: AbortSignal | undefined,
  ): Promise<LocalRelation> {
    const { planId, origin } = relation;
    const schema = await this.#schemaOf(relation);
    const local: LocalRelation = {
      kind: "LocalRelation",
      schema: JSON.stringify(toJson(schema)),
      ...(planId === undefined ? {} : { planId }),
      ...(origin === undefined ? {} : { origin }),
    };
    if (signal === undefined) return local;
    const data =
      relation.kind === "Aggregate"
        ? await this.#aggregate(relation, signal)
        : await this.#run(await this.#callOf(relation, schema, signal), signal);
    return data.length === 0 ? local : { ...local, data };
  }

  async #schemaOf(relation: Exclude<PythonRelation, PythonTableFunction>): Promise<StructType> {
    if (relation.kind === "Aggregate") {
      const shape = shapeOf(relation, (func) => this.#asColumn(func));
      return this.#session.schema(await this.#replace(shape, undefined));
    }
    const { outputType, evalType } = pythonOf(relation.func);
    checkKind(relation, evalType);
    if (outputType.kind !== "struct")
      throw new LakeletError("internal", `${relation.func.functionName} gives no rows`);
    return outputType;
  }

  /** Groups by Python: the keys and one value for each function. */
  async #aggregate(aggregate: Aggregate, signal: AbortSignal): Promise<Uint8Array> {
    const functions = aggregateFunctions(aggregate);
    const keyCount = aggregate.groupingExpressions.length;
    const { plan, places } = argumentsOf(aggregate, functions);
    const input = await this.#arrow(plan, signal);
    const results: Uint8Array[] = [];
    for (const [i, func] of functions.entries()) {
      const names = func.arguments.map((e) => (e.kind === "NamedArgument" ? e.key : null));
      const data = [argumentColumns(input, keyCount, places[i] ?? [])];
      const call = this.#call(pythonOf(func));
      results.push(await this.#run({ ...call, operation: "aggregate", keyCount, names, data }, signal));
    }
    const [first = new Uint8Array(0), ...others] = results;
    if (first.length === 0) return first;
    return appendColumns(
      first,
      others.map((stream) => selectColumns(stream, [keyCount])),
    );
  }

  async #callOf(
    relation: Exclude<PythonRelation, Aggregate | PythonTableFunction>,
    schema: StructType,
    signal: AbortSignal,
  ): Promise<PythonCall> {
    const call = { ...this.#call(pythonOf(relation.func)), returnType: JSON.stringify(toJson(schema)) };
    switch (relation.kind) {
      case "MapPartitions":
        return { ...call, operation: "map", data: [await this.#arrow(relation.input, signal)] };
      case "GroupMap": {
        const keys = relation.groupingExpressions;
        const data = [await this.#arrow(sortedByKeys(relation.input, keys), signal)];
        return { ...call, operation: "group", keyCount: keys.length, data };
      }
      case "CoGroupMap": {
        const keys = relation.inputGroupingExpressions;
        const left = await this.#arrow(sortedByKeys(relation.input, keys), signal);
        const right = await this.#arrow(
          sortedByKeys(relation.other, relation.otherGroupingExpressions),
          signal,
        );
        return { ...call, operation: "cogroup", keyCount: keys.length, data: [left, right] };
      }
    }
  }

  async #arrow(plan: Relation, signal: AbortSignal): Promise<Uint8Array> {
    const { chunks } = await this.#session.execute(await this.#replace(plan, signal), signal);
    return oneStream(chunks);
  }

  /** The function as one that the engine calls back; undefined for one that is not Python's. */
  #callback(func: UserDefinedFunction): UserDefinedFunction | undefined {
    if (func.function.language !== "python") return undefined;
    const python = func.function;
    if (!SCALAR.has(python.evalType))
      throw unsupported(`Python functions of the kind ${python.evalType} (${func.functionName})`);
    const names = func.arguments.map((argument) => (argument.kind === "NamedArgument" ? argument.key : null));
    const call = { ...this.#call(python), operation: "scalar", names } as const;
    const column = this.#asColumn(func);
    const { id } = column.function as { readonly id: string };
    if (!this.#registered.has(id)) {
      this.#registered.add(id);
      this.#session.registerFunction(id, (args) => this.#run({ ...call, data: [args] }));
    }
    return column;
  }

  /** The function as the analyzer knows functions over columns. */
  #asColumn(func: UserDefinedFunction): UserDefinedFunction {
    const python = pythonOf(func);
    const names = func.arguments.map((argument) => (argument.kind === "NamedArgument" ? argument.key : ""));
    const id = `python-${python.evalType}-${fingerprint(python.command)}-${names.join(",")}`;
    return {
      ...func,
      function: {
        language: "javascript",
        outputType: isEmptyStruct(python.outputType) ? NULL : python.outputType,
        id,
      },
    };
  }

  #call(
    python: Pick<PythonImplementation, "evalType" | "command" | "pythonVer">,
  ): Pick<PythonCall, "evalType" | "command" | "pythonVersion" | "conf"> {
    const conf: Record<string, string> = {};
    for (const key of CONF_KEYS) {
      const value = this.#session.conf.get(key);
      if (value !== undefined) conf[key] = value;
    }
    return { evalType: python.evalType, command: python.command, pythonVersion: python.pythonVer, conf };
  }

  #run(call: PythonCall, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.#runner === undefined) throw unsupported("Python functions");
    return this.#runner.run(call, signal);
  }
}

type PythonImplementation = Extract<UserDefinedFunction["function"], { language: "python" }>;

/** What `foreach` declares for a function that is called for its effect: it gives nulls. */
function isEmptyStruct(type: DataType): boolean {
  return type.kind === "struct" && type.fields.length === 0;
}

function pythonOf(func: UserDefinedFunction): PythonImplementation {
  if (func.function.language !== "python")
    throw unsupported(`functions over relations in ${func.function.language}`);
  return func.function;
}

function checkKind(
  relation: Exclude<PythonRelation, Aggregate | PythonTableFunction>,
  evalType: number,
): void {
  const kinds =
    relation.kind === "MapPartitions" ? MAPS : relation.kind === "GroupMap" ? GROUP_MAPS : COGROUP_MAPS;
  if (!kinds.has(evalType)) throw unsupported(`Python functions of the kind ${evalType} over relations`);
}

/** Several streams of one schema as one. */
function oneStream(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const parts: Uint8Array[] = [];
  for (const [i, chunk] of chunks.entries()) {
    for (const message of messagesOf(chunk))
      if (message.kind !== "schema" || i === 0) parts.push(message.bytes);
  }
  return concatBytes([...parts, END_OF_STREAM]);
}

/** Two 32-bit halves of FNV-like hashes: enough to tell the functions of one session apart. */
function fingerprint(bytes: Uint8Array): string {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c ^ bytes.length;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}
