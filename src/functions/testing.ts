import type { AnalysisConf, BindContext } from "./function-entry.ts";

/** A binding context for tests: ANSI on, UTC, a fixed time. */
export function testContext(name: string, conf: Partial<AnalysisConf> = {}): BindContext {
  let id = 1_000_000;
  let seed = 0n;
  return {
    name,
    conf: { ansiEnabled: true, timeZone: "UTC", caseSensitive: false, get: () => undefined, ...conf },
    distinct: false,
    ignoreNulls: false,
    withinGroup: [],
    queryTimeMicros: 1_700_000_000_000_000n,
    currentDatabase: "default",
    currentUser: "tester",
    nextId: () => id++,
    nextSeed: () => seed++,
  };
}
