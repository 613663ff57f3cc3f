import { LakeletError } from "../errors/lakelet-error.ts";
import type { Action, CommitInfo } from "./actions.ts";
import { crc32 } from "./crc32.ts";
import { parseExactJson, stringifyExactJson } from "./exact-json.ts";

/** The bytes of a commit: `commitInfo` first, then the other actions, a line each. */
export function encodeCommit(commitInfo: CommitInfo, actions: readonly Action[]): Uint8Array {
  const rest = actions.map((action) => `${stringifyExactJson(action)}\n`).join("");
  const lakeletChecksum = checksumOf(rest);
  return new TextEncoder().encode(
    `${stringifyExactJson({ commitInfo: { ...commitInfo, lakeletChecksum } })}\n${rest}`,
  );
}

/** Reads a commit; `path` is for the message when it is not one. */
export function decodeCommit(bytes: Uint8Array, path: string): readonly Action[] {
  const text = decodeText(bytes, path);
  const actions = parseActionLines(text, path);
  if (actions.length === 0) throw corrupt(path, "it is empty");
  const first = actions[0];
  if (first !== undefined && "commitInfo" in first && first.commitInfo.lakeletChecksum !== undefined) {
    const rest = text.slice(text.indexOf("\n") + 1);
    if (checksumOf(rest) !== first.commitInfo.lakeletChecksum)
      throw corrupt(path, "its checksum does not match");
  }
  return actions;
}

/** Actions from lines of JSON; kinds that the protocol may add later are left out. */
export function parseActionLines(text: string, path: string): readonly Action[] {
  const actions: Action[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    let parsed: unknown;
    try {
      parsed = parseExactJson(line);
    } catch (error) {
      throw corrupt(path, "a line is not JSON", error);
    }
    const action = toAction(parsed, path);
    if (action !== undefined) actions.push(action);
  }
  return actions;
}

const REQUIRED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  add: [
    ["path", "string"],
    ["size", "number"],
    ["partitionValues", "object"],
  ],
  remove: [["path", "string"]],
  metaData: [
    ["id", "string"],
    ["schemaString", "string"],
    ["partitionColumns", "object"],
  ],
  protocol: [
    ["minReaderVersion", "number"],
    ["minWriterVersion", "number"],
  ],
  txn: [["appId", "string"]],
  domainMetadata: [["domain", "string"]],
  commitInfo: [],
  cdc: [["path", "string"]],
};

/** Checks what the reading code relies on and brings optional fields to their usual form. */
export function toAction(parsed: unknown, path: string): Action | undefined {
  if (typeof parsed !== "object" || parsed === null) throw corrupt(path, "a line is not an action");
  const kind = Object.keys(parsed).find((key) => key in REQUIRED);
  if (kind === undefined) return undefined;
  const body = (parsed as Record<string, unknown>)[kind];
  if (typeof body !== "object" || body === null) throw corrupt(path, `the action ${kind} is empty`);
  const fields = withoutNulls(body as Record<string, unknown>);
  for (const [name, type] of REQUIRED[kind] as readonly (readonly [string, string])[]) {
    if (typeof fields[name] !== type) throw corrupt(path, `the action ${kind} has no ${name}`);
  }
  if (kind === "metaData") {
    fields.configuration ??= {};
    fields.format ??= { provider: "parquet", options: {} };
  }
  return { [kind]: fields } as unknown as Action;
}

export function corrupt(path: string, reason: string, cause?: unknown): LakeletError {
  return new LakeletError("corrupt", `${path} cannot be trusted: ${reason}`, { cause });
}

function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw corrupt(path, "it is not UTF-8", error);
  }
}

function checksumOf(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).padStart(8, "0");
}
