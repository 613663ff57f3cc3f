import { joinPath } from "../storage/paths.ts";

export const LOG_DIRECTORY = "_delta_log";

/** Names of the files in `_delta_log`, each relative to the table's directory. */
export function commitPath(version: number): string {
  return joinPath(LOG_DIRECTORY, `${pad(version)}.json`);
}

export function checksumPath(version: number): string {
  return joinPath(LOG_DIRECTORY, `${pad(version)}.crc`);
}

export function checkpointPath(version: number): string {
  return joinPath(LOG_DIRECTORY, `${pad(version)}.checkpoint.parquet`);
}

export function checkpointPartPath(version: number, part: number, parts: number): string {
  return joinPath(LOG_DIRECTORY, `${pad(version)}.checkpoint.${pad(part, 10)}.${pad(parts, 10)}.parquet`);
}

export const LAST_CHECKPOINT_PATH = joinPath(LOG_DIRECTORY, "_last_checkpoint");
export const SIDECAR_DIRECTORY = joinPath(LOG_DIRECTORY, "_sidecars");

export type LogFile =
  | { readonly kind: "commit"; readonly version: number }
  | { readonly kind: "compacted"; readonly version: number; readonly endVersion: number }
  | { readonly kind: "checksum"; readonly version: number }
  | { readonly kind: "checkpoint"; readonly version: number; readonly name: string }
  | {
      readonly kind: "checkpointPart";
      readonly version: number;
      readonly name: string;
      readonly part: number;
      readonly parts: number;
    }
  /** A V2 checkpoint named by a UUID. */
  | { readonly kind: "checkpointV2"; readonly version: number; readonly name: string };

/** What a file in `_delta_log` is by its name; undefined for what the protocol does not know. */
export function parseLogFileName(name: string): LogFile | undefined {
  const match = /^(\d{20})\.(.+)$/.exec(name);
  if (match === null) return undefined;
  const version = Number(match[1]);
  const rest = match[2] as string;
  if (rest === "json") return { kind: "commit", version };
  if (rest === "crc") return { kind: "checksum", version };
  if (rest === "checkpoint.parquet") return { kind: "checkpoint", version, name };
  const compacted = /^(\d{20})\.compacted\.json$/.exec(rest);
  if (compacted !== null) return { kind: "compacted", version, endVersion: Number(compacted[1]) };
  const part = /^checkpoint\.(\d{10})\.(\d{10})\.parquet$/.exec(rest);
  if (part !== null) {
    return { kind: "checkpointPart", version, name, part: Number(part[1]), parts: Number(part[2]) };
  }
  if (/^checkpoint\.[0-9a-fA-F-]{36}\.(json|parquet)$/.test(rest))
    return { kind: "checkpointV2", version, name };
  return undefined;
}

function pad(n: number, width = 20): string {
  return String(n).padStart(width, "0");
}
