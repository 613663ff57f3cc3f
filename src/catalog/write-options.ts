import { sparkError } from "../errors/spark-error.ts";
import type { OverwriteScope } from "../lake/delta-write.ts";
import type { WriteRequest } from "./warehouse-api.ts";

/** What a write's options ask for, checked. */
export interface WriteOptions {
  readonly mergeSchema: boolean;
  readonly overwriteSchema: boolean;
  readonly scope: OverwriteScope;
  readonly transaction: { readonly appId: string; readonly version: number } | undefined;
}

export function readWriteOptions(request: WriteRequest): WriteOptions {
  const options = request.options ?? {};
  const dynamic = options.partitionoverwritemode?.toLowerCase() === "dynamic";
  const asked = booleanOption(options, "overwriteschema", "overwriteSchema");
  const replaceWhere = request.replaceWhere;
  if (dynamic && replaceWhere !== undefined) {
    throw illegal("DELTA_REPLACE_WHERE_WITH_DYNAMIC_PARTITION_OVERWRITE");
  }
  if (dynamic && asked === true && request.mode === "overwrite")
    throw illegal("DELTA_OVERWRITE_SCHEMA_WITH_DYNAMIC_PARTITION_OVERWRITE");
  // `saveAsTable` without a format makes the table anew in Spark; INSERT and partial overwrites keep its schema.
  const replaces = request.provider === undefined && request.target.kind === "table";
  const whole = request.mode === "overwrite" && !dynamic && replaceWhere === undefined;
  const implied = replaces && whole && request.requireExisting !== true && request.byPosition !== true;
  return {
    mergeSchema: booleanOption(options, "mergeschema", "mergeSchema") ?? false,
    overwriteSchema: whole && (asked ?? implied),
    scope: scopeOf(dynamic, request),
    transaction: transactionOf(options),
  };
}

function scopeOf(dynamic: boolean, request: WriteRequest): OverwriteScope {
  if (request.replaceWhere !== undefined) {
    return { kind: "where", predicate: request.replaceWhere, text: request.options?.replacewhere ?? "" };
  }
  return dynamic ? { kind: "dynamic" } : { kind: "all" };
}

function transactionOf(options: Readonly<Record<string, string>>): WriteOptions["transaction"] {
  const { txnappid: appId, txnversion: version } = options;
  if (appId === undefined && version === undefined) return undefined;
  if (appId === undefined || version === undefined) {
    throw illegal("DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS", {
      reason: "Both txnVersion and txnAppId must be specified for idempotent data frame writes",
    });
  }
  const n = Number(version);
  if (!Number.isSafeInteger(n) || n < 0) {
    throw illegal("DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS", {
      reason: `the txnVersion has to be a whole number that is not negative, not ${version}`,
    });
  }
  return { appId, version: n };
}

function booleanOption(
  options: Readonly<Record<string, string>>,
  key: string,
  name: string,
): boolean | undefined {
  const value = options[key];
  if (value === undefined) return undefined;
  const lower = value.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  throw illegal("DELTA_ILLEGAL_OPTION", { input: value, name, explain: "must be 'true' or 'false'" });
}

function illegal(condition: string, messageParameters: Readonly<Record<string, string>> = {}): Error {
  return sparkError("IllegalArgumentException", { condition, messageParameters });
}
