import { AnalysisException } from "../errors/spark-error.ts";

const MAX_NUM_RESULTS = 100_000;
const JOIN_TYPES = ["inner", "leftouter", "left"];
const MODES = ["approx", "exact"];
const DIRECTIONS = ["distance", "similarity"];

/** Checks the arguments of `DataFrame.nearestByJoin` as Spark does. */
export function checkNearestBy(args: {
  readonly numResults: number;
  readonly joinType: string;
  readonly mode: string;
  readonly direction: string;
}): void {
  const { numResults, joinType, mode, direction } = args;
  if (!Number.isInteger(numResults) || numResults < 1 || numResults > MAX_NUM_RESULTS) {
    throw refused("NUM_RESULTS_OUT_OF_RANGE", {
      numResults: String(numResults),
      min: "1",
      max: String(MAX_NUM_RESULTS),
    });
  }
  if (!JOIN_TYPES.includes(joinType.toLowerCase().replaceAll("_", ""))) {
    throw refused("UNSUPPORTED_JOIN_TYPE", { joinType, supported: "'INNER', 'LEFT OUTER'" });
  }
  if (!MODES.includes(mode.toLowerCase())) {
    throw refused("UNSUPPORTED_MODE", { mode, supported: `'${MODES.join("', '")}'` });
  }
  if (!DIRECTIONS.includes(direction.toLowerCase())) {
    throw refused("UNSUPPORTED_DIRECTION", { direction, supported: `'${DIRECTIONS.join("', '")}'` });
  }
}

function refused(reason: string, messageParameters: Record<string, string>): AnalysisException {
  return new AnalysisException({ condition: `NEAREST_BY_JOIN.${reason}`, messageParameters });
}
