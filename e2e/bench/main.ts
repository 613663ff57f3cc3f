import { benchEngine } from "./engine/bench.ts";
import { benchGenerator } from "./generator/bench.ts";
import { benchLake } from "./lake/bench.ts";
import { benchPipeline } from "./pipeline/bench.ts";
import { benchEfficiency } from "./pipeline/efficiency.ts";
import { benchPool } from "./pool/bench.ts";
import { benchSession } from "./session/bench.ts";

/** `npm run bench` runs every measurement, `npm run bench -- engine` the named ones. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  engine: benchEngine,
  session: benchSession,
  pool: benchPool,
  pipeline: benchPipeline,
  efficiency: benchEfficiency,
  generator: benchGenerator,
  lake: benchLake,
};

const asked = process.argv.slice(2);
for (const name of asked.length === 0 ? Object.keys(BENCHES) : asked) {
  const bench = BENCHES[name];
  if (bench === undefined)
    throw new Error(`there is no bench ${name}; there are ${Object.keys(BENCHES).join(", ")}`);
  await bench();
}
