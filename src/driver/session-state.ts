import type { FoundPlan, FoundRows } from "../analyzer/catalog-resolver.ts";
import type { AnalysisContext } from "../analyzer/index.ts";
import type { FunctionDefinition } from "../catalog/catalog-entry.ts";
import type { WarehouseApi } from "../catalog/warehouse-api.ts";
import type { UserDefinedFunction } from "../plan/expression.ts";
import type { LocalRelation } from "../plan/relation.ts";
import type { StorageLevel } from "../session/backend.ts";
import type { EnginePool } from "./engine-pool.ts";
import type { SessionConf } from "./session-conf.ts";
import type { Variable } from "./session-variables.ts";
import type { TempViews } from "./temp-views.ts";
import type { RegisteredFiles, UserFiles } from "./user-files.ts";

/** A function of the client's realm: argument columns in, one result column out, as Arrow IPC streams. */
export type ClientFunction = (args: Uint8Array) => Promise<Uint8Array>;

/** What all sessions of a driver share. */
export interface DriverState {
  readonly engines: EnginePool;
  readonly registered: RegisteredFiles;
  readonly globalTempViews: TempViews;
  /** How to reach files outside the tables. */
  readonly userFiles: UserFiles;
  readonly log: (message: string) => void;
}

/** What one session knows; the parts of the driver work on it. */
export interface SessionState {
  readonly sessionId: string;
  readonly driver: DriverState;
  readonly warehouse: () => Promise<WarehouseApi>;
  readonly conf: SessionConf;
  currentDatabase: string;
  readonly tempViews: TempViews;
  /** What `sql` and `checkpoint` keep by id. */
  readonly kept: Map<string, FoundPlan | FoundRows>;
  /** Local data that came ahead of its plan, by hash. */
  readonly artifacts: Map<string, Uint8Array>;
  readonly functions: Map<string, ClientFunction>;
  /** `spark.udf.register`, by name in lower case. */
  readonly registeredFunctions: Map<string, UserDefinedFunction>;
  /** `CREATE TEMPORARY FUNCTION`, by name in lower case. */
  readonly sqlFunctions: Map<string, FunctionDefinition>;
  /** `DECLARE VARIABLE`, by name in lower case. */
  readonly variables: Map<string, Variable>;
  /** `persist`ed plans by their fingerprint. */
  readonly persisted: Map<string, StorageLevel>;
}

export const GLOBAL_TEMP_DATABASE = "global_temp";

/** The surroundings of a query that starts now. */
export function analysisContext(session: SessionState): AnalysisContext {
  return {
    conf: session.conf.forAnalysis(),
    currentCatalog: "spark_catalog",
    currentDatabase: session.currentDatabase,
    currentUser: "lakelet",
    queryTimeMicros: BigInt(Date.now()) * 1000n,
    nextSeed: randomSeed,
  };
}

function randomSeed(): bigint {
  const [a, b] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  return BigInt.asIntN(64, (BigInt(a) << 32n) | BigInt(b));
}

export type { LocalRelation };
