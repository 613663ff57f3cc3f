import { sparkError } from "../../errors/spark-error.ts";
import type { Relation } from "../../plan/relation.ts";
import { foreachNode } from "../../plan/traverse.ts";
import type { ExplainMode, StorageLevel } from "../../session/backend.ts";
import type { StructType } from "../../types/data-type.ts";
import { toDdl, treeString } from "../../types/format.ts";
import { fromJson } from "../../types/json.ts";
import type { Message } from "../messages/decode.ts";
import { invalidPlan, notSet } from "../plan/fields.ts";
import { planFromProto, relationFromProto } from "../plan/plan-from-proto.ts";
import type { AnalyzePlanRequest } from "./requests.ts";
import type { ServiceSession } from "./service-session.ts";

export const SPARK_VERSION = "4.3.0";

const EXPLAIN_MODES: Readonly<Record<string, ExplainMode>> = {
  EXPLAIN_MODE_SIMPLE: "simple",
  EXPLAIN_MODE_EXTENDED: "extended",
  EXPLAIN_MODE_CODEGEN: "codegen",
  EXPLAIN_MODE_COST: "cost",
  EXPLAIN_MODE_FORMATTED: "formatted",
};

const MEMORY_AND_DISK_DESER: StorageLevel = {
  useDisk: true,
  useMemory: true,
  useOffHeap: false,
  deserialized: true,
  replication: 1,
};

function readsStream(plan: Relation): boolean {
  let found = false;
  foreachNode(plan, (node) => {
    if ((node.kind === "ReadTable" || node.kind === "ReadDataSource") && node.isStreaming === true)
      found = true;
  });
  return found;
}

/** Answers AnalyzePlan: the member of `result`. */
export async function analyzePlan(session: ServiceSession, request: AnalyzePlanRequest): Promise<Message> {
  const { host, planContext } = session;
  const plan = (bytes: Uint8Array | undefined): Relation => {
    if (bytes === undefined) return notSet("Plan", "op_type");
    const read = planFromProto(bytes, planContext);
    return read.kind === "query" ? read.relation : notSet("Relation", "rel_type");
  };
  const relation = (bytes: Uint8Array | undefined): Relation =>
    bytes === undefined ? notSet("Relation", "rel_type") : relationFromProto(bytes, planContext);

  if (request.schema !== undefined) {
    const { schema } = await host.analyze(plan(request.schema.plan));
    return { schema: { schema } };
  }
  if (request.explain !== undefined) {
    const mode = EXPLAIN_MODES[request.explain.explainMode];
    if (mode === undefined) {
      throw sparkError("UnsupportedOperationException", {
        condition: "",
        message: `Unsupported Explain Mode ${request.explain.explainMode}!`,
      });
    }
    return { explain: { explainString: await host.explain(plan(request.explain.plan), mode) } };
  }
  if (request.treeString !== undefined) {
    const { schema } = await host.analyze(plan(request.treeString.plan));
    return { treeString: { treeString: treeString(schema, request.treeString.level ?? 0) } };
  }
  if (request.isLocal !== undefined) {
    return { isLocal: { isLocal: await host.isLocal(plan(request.isLocal.plan)) } };
  }
  if (request.isStreaming !== undefined) {
    return { isStreaming: { isStreaming: readsStream(plan(request.isStreaming.plan)) } };
  }
  if (request.inputFiles !== undefined) {
    return { inputFiles: { files: await host.inputFiles(plan(request.inputFiles.plan)) } };
  }
  if (request.sparkVersion !== undefined) return { sparkVersion: { version: SPARK_VERSION } };
  if (request.ddlParse !== undefined)
    return { ddlParse: { parsed: host.parseDdl(request.ddlParse.ddlString) } };
  if (request.sameSemantics !== undefined) {
    const { targetPlan, otherPlan } = request.sameSemantics;
    return { sameSemantics: { result: await host.sameSemantics(plan(targetPlan), plan(otherPlan)) } };
  }
  if (request.semanticHash !== undefined) {
    return { semanticHash: { result: (await host.semanticHash(plan(request.semanticHash.plan))) | 0 } };
  }
  if (request.persist !== undefined) {
    const { relation: bytes, storageLevel } = request.persist;
    await host.persist(relation(bytes), storageLevel ?? MEMORY_AND_DISK_DESER);
    return { persist: {} };
  }
  if (request.unpersist !== undefined) {
    await host.unpersist(relation(request.unpersist.relation), request.unpersist.blocking ?? false);
    return { unpersist: {} };
  }
  if (request.getStorageLevel !== undefined) {
    const storageLevel = await host.storageLevel(relation(request.getStorageLevel.relation));
    return { getStorageLevel: { storageLevel } };
  }
  if (request.jsonToDdl !== undefined) {
    return {
      jsonToDdl: { ddlString: toDdl(fromJson(JSON.parse(request.jsonToDdl.jsonString)) as StructType) },
    };
  }
  return invalidPlan("UNKNOWN_ANALYZE_METHOD", { other: "ANALYZE_NOT_SET" });
}
