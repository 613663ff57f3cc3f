import { type PoolStats, TaskPool } from "../../../src/pool/index.ts";

/** Calls of a function that does nothing, one after the other and many at once; and how fast a dead worker is replaced. */
async function measure(): Promise<{
  readonly startMs: number;
  readonly roundTripMs: number;
  readonly perSecond: number;
  readonly replacedMs: number;
  readonly moved16MbMs: number;
  readonly stats: PoolStats;
}> {
  const pool = new TaskPool({ size: 2 });
  const nothing = (n: number) => n;
  const startedAt = performance.now();
  await pool.run(nothing, [0]);
  const startMs = performance.now() - startedAt;
  const trips = 500;
  const tripsAt = performance.now();
  for (let i = 0; i < trips; i++) await pool.run(nothing, [i]);
  const roundTripMs = (performance.now() - tripsAt) / trips;
  const many = 10_000;
  const manyAt = performance.now();
  await Promise.all(Array.from({ length: many }, (_, i) => pool.run(nothing, [i])));
  const perSecond = (many / (performance.now() - manyAt)) * 1_000;
  const data = new Uint8Array(16 << 20);
  const movedAt = performance.now();
  await pool.run((bytes: Uint8Array) => bytes, [data]);
  const moved16MbMs = performance.now() - movedAt;
  const killedAt = performance.now();
  const close = () => {
    (globalThis as unknown as { close(): void }).close();
    return new Promise<never>(() => {});
  };
  await pool.run(close, []).catch(() => {});
  await Promise.all([pool.run(nothing, [1]), pool.run(nothing, [2])]);
  const replacedMs = performance.now() - killedAt;
  const stats = pool.stats();
  await pool.close();
  return { startMs, roundTripMs, perSecond, replacedMs, moved16MbMs, stats };
}

Object.assign(globalThis, { measure, isReady: true });
