/**
 * How long a server takes until it answers a first query, Lakelet's and, where LAKELET_PYTHON has PySpark and there is
 * Java, Spark's own on the same machine: the time from the start of the process.
 *
 *     LAKELET_PYTHON=.../python npm run connect:start
 */
import { spawn } from "node:child_process";
import { type AddressInfo, connect, createServer } from "node:net";
import { openRemote } from "../../src/connect/remote/open-remote.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.end(() => resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

async function timed(name: string, command: string, args: readonly string[], port: number): Promise<void> {
  const started = performance.now();
  const server = spawn(command, args, { stdio: "ignore" });
  const elapsed = (): number => Math.round(performance.now() - started);
  try {
    while (!(await accepts(port)) && elapsed() < 120_000)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const ready = elapsed();
    for (;;) {
      const session = await openRemote(`sc://127.0.0.1:${port}`);
      try {
        await session.execute(
          { kind: "Range", start: 0, end: 3, step: 1 },
          { operationId: crypto.randomUUID() },
        );
        console.log(`${name}: ready after ${ready} ms, first answer after ${elapsed()} ms`);
        return;
      } catch (error) {
        if (server.exitCode !== null || elapsed() > 120_000) throw error;
      } finally {
        await session.stop().catch(() => {});
      }
    }
  } finally {
    server.kill();
  }
}

const built = process.argv.includes("--built");
const cli = built ? ["dist/lib/node/cli.js"] : ["--import", "./.ci/run-ts.mjs", "src/node/cli.ts"];
const ours = await freePort();
await timed("Lakelet", process.execPath, [...cli, "serve", "--port", String(ours)], ours);
const python = process.env.LAKELET_PYTHON;
if (python === undefined) console.log("Spark: LAKELET_PYTHON names no Python with PySpark");
else {
  const port = await freePort();
  const program = `
from pyspark.sql import SparkSession
import time
(SparkSession.builder.master("local[*]").config("spark.plugins", "org.apache.spark.sql.connect.SparkConnectPlugin")
 .config("spark.connect.grpc.binding.port", "${port}").config("spark.ui.enabled", "false").getOrCreate())
time.sleep(1000)`;
  await timed("Spark", python, ["-W", "ignore", "-c", program], port);
}
process.exit(0);
