import { sparkError } from "../errors/spark-error.ts";
import type { CommitInfo } from "./actions.ts";
import type { Commit, LogReader } from "./log-reader.ts";
import type { Snapshot } from "./snapshot.ts";

/** The newest version committed at `timestampMs` or before. Timestamps grow with versions, so it is found by halving. */
export async function versionAtTimestamp(
  reader: LogReader,
  latest: Snapshot,
  timestampMs: number,
  table: string,
): Promise<number> {
  if (timestampMs >= latest.timestampMs) {
    if (timestampMs === latest.timestampMs) return latest.version;
    throw sparkError("AnalysisException", {
      condition: "DELTA_TIMESTAMP_GREATER_THAN_COMMIT",
      messageParameters: {
        providedTimestamp: formatTimestamp(timestampMs),
        tableName: table,
        maximumTimestamp: formatTimestamp(latest.timestampMs),
      },
    });
  }
  let low = -1;
  let high = latest.version;
  let earliest: Commit | undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const commit = await reader.commit(middle);
    // Cleaned up: what is left lies above.
    if (commit === undefined || commitTimestamp(commit) <= timestampMs) low = middle;
    else {
      high = middle;
      earliest = commit;
    }
  }
  const found = low < 0 ? undefined : await reader.commit(low);
  if (found !== undefined) return low;
  throw sparkError("AnalysisException", {
    condition: "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION",
    messageParameters: {
      userTimestamp: formatTimestamp(timestampMs),
      commitTs: formatTimestamp(earliest === undefined ? latest.timestampMs : commitTimestamp(earliest)),
      timestampString: formatTimestamp(
        earliest === undefined ? latest.timestampMs : commitTimestamp(earliest),
      ),
    },
  });
}

export function commitInfoOf(commit: Commit): CommitInfo | undefined {
  for (const action of commit.actions) if ("commitInfo" in action) return action.commitInfo;
  return undefined;
}

export function commitTimestamp(commit: Commit): number {
  const info = commitInfoOf(commit);
  return info?.inCommitTimestamp ?? info?.timestamp ?? 0;
}

/** `yyyy-MM-dd HH:mm:ss.SSS` in UTC. */
function formatTimestamp(timestampMs: number): string {
  return new Date(timestampMs).toISOString().replace("T", " ").replace("Z", "");
}
