import type { StorageLevel } from "../../session/backend.ts";
import { decode, WireFormatError } from "../messages/decode.ts";
import { RpcError, STATUS } from "./rpc-error.ts";

/** What every request begins with. */
export interface SessionRequest {
  readonly sessionId: string;
  readonly clientObservedServerSideSessionId?: string;
  readonly userContext?: { readonly userId: string };
}

export interface ExecutePlanRequest extends SessionRequest {
  readonly operationId?: string;
  readonly plan?: Uint8Array;
  readonly requestOptions: readonly {
    readonly reattachOptions?: { readonly reattachable: boolean };
    readonly resultChunkingOptions?: {
      readonly allowArrowBatchChunking: boolean;
      readonly preferredArrowChunkSize?: number;
    };
  }[];
  readonly tags: readonly string[];
}

export interface ReattachExecuteRequest extends SessionRequest {
  readonly operationId: string;
  readonly lastResponseId?: string;
}

export interface ReleaseExecuteRequest extends SessionRequest {
  readonly operationId: string;
  readonly releaseAll?: object;
  readonly releaseUntil?: { readonly responseId: string };
}

interface PlanArgument {
  readonly plan?: Uint8Array;
}

export interface AnalyzePlanRequest extends SessionRequest {
  readonly schema?: PlanArgument;
  readonly explain?: PlanArgument & { readonly explainMode: string };
  readonly treeString?: PlanArgument & { readonly level?: number };
  readonly isLocal?: PlanArgument;
  readonly isStreaming?: PlanArgument;
  readonly inputFiles?: PlanArgument;
  readonly sparkVersion?: object;
  readonly ddlParse?: { readonly ddlString: string };
  readonly sameSemantics?: { readonly targetPlan?: Uint8Array; readonly otherPlan?: Uint8Array };
  readonly semanticHash?: PlanArgument;
  readonly persist?: { readonly relation?: Uint8Array; readonly storageLevel?: StorageLevel };
  readonly unpersist?: { readonly relation?: Uint8Array; readonly blocking?: boolean };
  readonly getStorageLevel?: { readonly relation?: Uint8Array };
  readonly jsonToDdl?: { readonly jsonString: string };
}

export interface Pair {
  readonly key: string;
  readonly value?: string;
}

export interface ConfigRequest extends SessionRequest {
  readonly operation?: {
    readonly set?: { readonly pairs: readonly Pair[]; readonly silent?: boolean };
    readonly get?: { readonly keys: readonly string[] };
    readonly getWithDefault?: { readonly pairs: readonly Pair[] };
    readonly getOption?: { readonly keys: readonly string[] };
    readonly getAll?: { readonly prefix?: string };
    readonly unset?: { readonly keys: readonly string[] };
    readonly isModifiable?: { readonly keys: readonly string[] };
  };
}

export interface ArtifactChunk {
  readonly data: Uint8Array;
  readonly crc: number;
}

export interface AddArtifactsRequest extends SessionRequest {
  readonly batch?: {
    readonly artifacts: readonly { readonly name: string; readonly data?: ArtifactChunk }[];
  };
  readonly beginChunk?: {
    readonly name: string;
    readonly totalBytes: number;
    readonly numChunks: number;
    readonly initialChunk?: ArtifactChunk;
  };
  readonly chunk?: ArtifactChunk;
}

export interface ArtifactStatusesRequest extends SessionRequest {
  readonly names: readonly string[];
}

export interface InterruptRequest extends SessionRequest {
  readonly interruptType: string | number;
  readonly operationTag?: string;
  readonly operationId?: string;
}

export interface ReleaseSessionRequest extends SessionRequest {
  readonly allowReconnect: boolean;
}

export interface FetchErrorDetailsRequest extends SessionRequest {
  readonly errorId: string;
}

export interface CloneSessionRequest extends SessionRequest {
  readonly newSessionId?: string;
}

export interface GetStatusRequest extends SessionRequest {
  readonly operationStatus?: { readonly operationIds: readonly string[] };
}

/** Plans are read later, when their session is known. */
const OPAQUE = new Set(["Plan", "Relation"]);

export function decodeRequest<T extends SessionRequest>(typeName: string, bytes: Uint8Array): T {
  try {
    return decode<T>(typeName, bytes, { opaque: OPAQUE });
  } catch (error) {
    if (error instanceof WireFormatError) {
      throw new RpcError(STATUS.INVALID_ARGUMENT, `not a ${typeName}: ${error.message}`);
    }
    throw error;
  }
}
