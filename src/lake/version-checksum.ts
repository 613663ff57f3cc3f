import { joinPath } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import { stringifyExactJson } from "./exact-json.ts";
import { checksumPath } from "./log-names.ts";
import type { Snapshot } from "./snapshot.ts";

/** Writes `N.crc`, by which readers can check what they made of the log; does nothing when the totals are not at hand. */
export async function writeVersionChecksum(
  storage: Storage,
  directory: string,
  snapshot: Snapshot,
): Promise<void> {
  const totals = snapshot.knownTotals;
  if (totals === undefined) return;
  const checksum = {
    ...(snapshot.commitInfo?.txnId === undefined ? {} : { txnId: snapshot.commitInfo.txnId }),
    tableSizeBytes: totals.sizeBytes,
    numFiles: totals.fileCount,
    numMetadata: 1,
    numProtocol: 1,
    setTransactions: [...snapshot.transactions.values()],
    domainMetadata: [...snapshot.domains.values()],
    metadata: snapshot.metadata,
    protocol: snapshot.protocol,
  };
  const bytes = new TextEncoder().encode(stringifyExactJson(checksum));
  await storage.putIfAbsent(joinPath(directory, checksumPath(snapshot.version)), bytes);
}
