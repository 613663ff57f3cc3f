import { sparkError } from "../../errors/spark-error.ts";
import type { Command } from "../../plan/command.ts";
import type { Relation } from "../../plan/relation.ts";
import type { QueryProgress } from "../../session/backend.ts";
import type { Message } from "../messages/decode.ts";
import { notSet } from "../plan/fields.ts";
import { planFromProto } from "../plan/plan-from-proto.ts";
import { handleError } from "./error-details.ts";
import type { ServiceLimits } from "./limits.ts";
import type { Operation } from "./operation.ts";
import type { ExecutePlanRequest } from "./requests.ts";
import type { ServiceSession } from "./service-session.ts";
import type { HostEvent, HostExecuteOptions } from "./session-host.ts";
import { isUuid } from "./session-registry.ts";

const MAX_ROWS_PER_BATCH = "spark.sql.execution.arrow.maxRecordsPerBatch";

/** Starts what the request asks for, or finds it when the same request came before. */
export function startOperation(
  session: ServiceSession,
  request: ExecutePlanRequest,
  limits: ServiceLimits,
): Operation {
  const isReattachable = request.requestOptions.some((o) => o.reattachOptions?.reattachable === true);
  const id =
    request.operationId === undefined || request.operationId === ""
      ? crypto.randomUUID()
      : request.operationId;
  if (!isUuid(id)) throw handleError("INVALID_HANDLE.FORMAT", { handle: id });
  for (const tag of request.tags) checkTag(tag);
  const plan = request.plan ?? new Uint8Array(0);
  const known = session.operation(id);
  if (known !== undefined) {
    if (isReattachable && known.isReattachable && sameBytes(known.plan, plan)) return known;
    throw handleError("INVALID_HANDLE.OPERATION_ALREADY_EXISTS", { handle: id });
  }
  const operation = session.newOperation({ id, tags: request.tags, isReattachable, plan });
  void run(session, operation, request, limits);
  return operation;
}

function checkTag(tag: string): void {
  const problem =
    tag === "" ? "cannot be an empty string." : tag.includes(",") ? "cannot contain ','." : undefined;
  if (problem === undefined) return;
  throw sparkError("IllegalArgumentException", { condition: "", message: `Spark Connect tag ${problem}` });
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

async function run(
  session: ServiceSession,
  operation: Operation,
  request: ExecutePlanRequest,
  limits: ServiceLimits,
): Promise<void> {
  try {
    if (request.plan === undefined) notSet("Plan", "op_type");
    const plan = planFromProto(request.plan, session.planContext);
    const options: HostExecuteOptions = {
      operationId: operation.id,
      tags: operation.tags,
      signal: operation.controller.signal,
      onProgress: reportProgress(operation, limits.progressMs),
    };
    if (plan.kind === "query")
      await runQuery(session, operation, plan.relation, options, chunkSize(request, limits));
    else await runCommand(session, operation, plan.command, options);
    if (operation.isReattachable) await operation.respond({ resultComplete: {} });
    operation.succeed();
  } catch (error) {
    operation.fail(session.rpcError(error));
  }
}

/** Bytes of one message of Arrow data; undefined when the client cannot put pieces together. */
function chunkSize(request: ExecutePlanRequest, limits: ServiceLimits): number | undefined {
  for (const { resultChunkingOptions: chunking } of request.requestOptions) {
    if (chunking?.allowArrowBatchChunking !== true) continue;
    const preferred = Number(chunking.preferredArrowChunkSize ?? limits.maxChunkBytes);
    return Math.min(limits.maxChunkBytes, Math.max(preferred, 1024));
  }
  return undefined;
}

async function runQuery(
  session: ServiceSession,
  operation: Operation,
  relation: Relation,
  options: HostExecuteOptions,
  maxChunkBytes: number | undefined,
): Promise<void> {
  const maxRows = Number(session.host.conf.get(MAX_ROWS_PER_BATCH) ?? 10_000);
  const maxRowsPerBatch = Number.isFinite(maxRows) && maxRows > 0 ? maxRows : 10_000;
  let startOffset = 0;
  let batches = 0;
  for await (const event of session.host.execute(relation, { ...options, maxRowsPerBatch })) {
    switch (event.kind) {
      case "schema":
        await operation.respond({ schema: event.schema });
        break;
      case "batch":
        for (const arrowBatch of arrowMessages(event.data, event.rowCount, startOffset, maxChunkBytes)) {
          await operation.respond({ arrowBatch });
        }
        startOffset += event.rowCount;
        batches += 1;
        break;
      case "metrics":
        await operation.respond({ metrics: { metrics: event.metrics.map(metricMessage) } });
        break;
      case "observed":
        await operation.respond({ observedMetrics: [observedMessage(event)] });
        break;
    }
    if (options.signal.aborted) return;
  }
  if (batches === 0) throw new Error("the query gave no Arrow data, not even of no rows");
}

function* arrowMessages(
  data: Uint8Array,
  rowCount: number,
  startOffset: number,
  maxChunkBytes: number | undefined,
): Generator<Message> {
  const size = maxChunkBytes ?? data.length;
  const numChunksInBatch = Math.max(1, Math.ceil(data.length / Math.max(size, 1)));
  for (let chunkIndex = 0; chunkIndex < numChunksInBatch; chunkIndex++) {
    const piece = numChunksInBatch === 1 ? data : data.subarray(chunkIndex * size, (chunkIndex + 1) * size);
    yield { rowCount, data: piece, startOffset, chunkIndex, numChunksInBatch };
  }
}

function metricMessage(metric: Extract<HostEvent, { kind: "metrics" }>["metrics"][number]): Message {
  const { name, planId, parent, values } = metric;
  const executionMetrics = Object.fromEntries(
    Object.entries(values).map(([key, v]) => [key, { name: v.name, value: v.value, metricType: v.type }]),
  );
  return { name, planId, parent, executionMetrics };
}

function observedMessage(event: Extract<HostEvent, { kind: "observed" }>): Message {
  return { name: event.name, keys: event.keys, values: event.values, planId: event.planId ?? 0 };
}

async function runCommand(
  session: ServiceSession,
  operation: Operation,
  command: Command,
  options: HostExecuteOptions,
): Promise<void> {
  if (command.kind === "SqlCommand") {
    await operation.respond({
      sqlCommandResult: { relation: await runSql(session, command.input, options) },
    });
    return;
  }
  const result = await session.host.command(command, options);
  switch (result.kind) {
    case "none":
      for (const event of result.observed ?? []) {
        await operation.respond({ observedMetrics: [observedMessage(event)] });
      }
      break;
    case "relation":
      await operation.respond({ sqlCommandResult: { relation: result.relation } });
      break;
    case "checkpoint":
      await operation.respond({ checkpointCommandResult: { relation: { relationId: result.relationId } } });
      break;
  }
}

/** A query comes back as the plan to run; a statement has run and comes back as the rows that it gave. */
async function runSql(
  session: ServiceSession,
  input: Relation,
  options: HostExecuteOptions,
): Promise<Relation> {
  if (input.kind !== "SQL" && input.kind !== "WithRelations") {
    throw sparkError("InvalidPlanInput", {
      condition: "CONNECT_INVALID_PLAN.SQL_COMMAND_EXPECTS_SQL_OR_WITH_RELATIONS",
      messageParameters: { other: input.kind },
    });
  }
  const result = await session.host.sql(input, options);
  return result.kind === "query" ? result.relation : { kind: "LocalRelation", data: result.data };
}

/** Progress in percents of the work, at most so often. */
function reportProgress(operation: Operation, everyMs: number): (progress: QueryProgress) => void {
  let last = Date.now();
  return (progress) => {
    const now = Date.now();
    if (now - last < everyMs) return;
    last = now;
    const done = Math.round((progress.fraction ?? 0) * 100);
    const stage = {
      stageId: 0,
      numTasks: 100,
      numCompletedTasks: done,
      inputBytesRead: 0,
      done: done === 100,
    };
    void operation.respond({
      executionProgress: { stages: [stage], numInflightTasks: done === 100 ? 0 : 1 },
    });
  };
}
