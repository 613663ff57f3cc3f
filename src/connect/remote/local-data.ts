import type { LocalRelation, Relation } from "../../plan/relation.ts";
import { foreachNode, type PlanNode, transformUp } from "../../plan/traverse.ts";
import type { Message } from "../messages/decode.ts";
import { crc32 } from "../service/crc32.ts";
import type { ConnectClient } from "./connect-client.ts";

/** From this size on local data goes ahead of its plan, once for all plans that hold it. */
const CACHE_THRESHOLD_BYTES = 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** Uploads the large local data of a plan and gives the plan that refers to it. */
export async function uploadLocalData<T extends PlanNode>(client: ConnectClient, plan: T): Promise<T> {
  const large = new Set<LocalRelation>();
  foreachNode(plan, (node) => {
    if (node.kind === "LocalRelation" && (node.data?.length ?? 0) > CACHE_THRESHOLD_BYTES) large.add(node);
  });
  if (large.size === 0) return plan;
  const replacements = new Map<PlanNode, Relation>();
  for (const relation of large) replacements.set(relation, await upload(client, relation));
  return transformUp(plan, (node) => replacements.get(node) ?? node);
}

async function upload(client: ConnectClient, relation: LocalRelation): Promise<Relation> {
  const data = relation.data as Uint8Array;
  const schema = relation.schema === undefined ? undefined : new TextEncoder().encode(relation.schema);
  const artifacts = new Map<string, Uint8Array>([[await hashOf(data), data]]);
  const dataHashes = [...artifacts.keys()];
  const schemaHash = schema === undefined ? undefined : await hashOf(schema);
  if (schema !== undefined && schemaHash !== undefined) artifacts.set(schemaHash, schema);
  const names = [...artifacts.keys()].map((hash) => `cache/${hash}`);
  const { statuses } = await client.unary("ArtifactStatus", { names });
  for (const [hash, bytes] of artifacts) {
    const name = `cache/${hash}`;
    const status = (statuses as Readonly<Record<string, { readonly exists: boolean }>>)[name];
    if (status?.exists !== true) await client.upload("AddArtifacts", () => artifactMessages(name, bytes));
  }
  const { planId, origin } = relation;
  return {
    kind: "CachedLocalRelation",
    dataHashes,
    ...(schemaHash === undefined ? {} : { schemaHash }),
    ...(planId === undefined ? {} : { planId }),
    ...(origin === undefined ? {} : { origin }),
  };
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An artifact as the messages of AddArtifacts. */
export function* artifactMessages(name: string, bytes: Uint8Array): Generator<Message> {
  const numChunks = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  for (let i = 0; i < numChunks; i++) {
    const data = bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    const chunk = { data, crc: crc32(data) };
    if (i > 0) yield { chunk };
    else if (numChunks === 1) yield { batch: { artifacts: [{ name, data: chunk }] } };
    else yield { beginChunk: { name, totalBytes: bytes.length, numChunks, initialChunk: chunk } };
  }
}
