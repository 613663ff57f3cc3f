#!/usr/bin/env node
import { parseArgs } from "node:util";
import type { ServiceLimits } from "../connect/service/limits.ts";
import { startProxy } from "./proxy.ts";
import { type ServeOptions, serve, serveTab } from "./serve.ts";

const USAGE = `usage:
  lakelet serve [--port 15002] [--host 127.0.0.1] [--warehouse DIR] [--engines N] [--token TOKEN]
                [--max-message-mb 128] [--max-sessions 1000] [--session-timeout-minutes 60]
                [--detached-timeout-seconds 60] [--tab [--tab-port 15003]]
      A Spark Connect server: PySpark connects with SparkSession.builder.remote("sc://127.0.0.1:15002").
      Without --warehouse tables are kept in memory. With --token (or LAKELET_TOKEN) clients must show it.
      With --tab a page in a browser answers: open the address that is printed and keep it open.

  lakelet proxy --to HOST:PORT [--port 15080] [--host 127.0.0.1] [--allow-origin ORIGIN]
      Lets pages reach a Spark Connect server: gRPC-Web in, gRPC out.
`;

/** A mistake on the command line: told without a stack. */
class UsageError extends Error {}

async function main(argv: readonly string[]): Promise<void> {
  const [command, ...rest] = argv;
  if (command === "serve") await runServe(rest);
  else if (command === "proxy") await runProxy(rest);
  else if (command === undefined || command === "help" || command === "--help") process.stdout.write(USAGE);
  else throw new UsageError(`unknown command ${command}`);
}

async function runServe(args: readonly string[]): Promise<void> {
  const { values } = parse(args, {
    port: { type: "string", default: "15002" },
    host: { type: "string", default: "127.0.0.1" },
    warehouse: { type: "string" },
    engines: { type: "string" },
    token: { type: "string" },
    "max-message-mb": { type: "string" },
    "max-sessions": { type: "string" },
    "session-timeout-minutes": { type: "string" },
    "detached-timeout-seconds": { type: "string" },
    verbose: { type: "boolean", default: false },
    tab: { type: "boolean", default: false },
    "tab-port": { type: "string", default: "15003" },
  });
  const token = text(values.token) ?? process.env.LAKELET_TOKEN;
  const warehouse = text(values.warehouse);
  const engines = number("engines", values.engines, 1);
  const options: ServeOptions = {
    host: text(values.host) ?? "127.0.0.1",
    port: number("port", values.port, 0) ?? 15002,
    limits: limitsOf(values),
    ...(warehouse === undefined ? {} : { warehouse }),
    ...(engines === undefined ? {} : { engines }),
    ...(token === undefined ? {} : { token }),
    ...(values.verbose === true ? { log: (message: string) => console.error(message) } : {}),
  };
  if (values.tab === true) {
    const relay = await serveTab({ ...options, tabPort: number("tab-port", values["tab-port"], 0) ?? 15003 });
    console.log(
      `Lakelet listens on sc://${options.host}:${relay.port} and answers from the page ${relay.url}`,
    );
    stopOnSignal(() => relay.close());
    return;
  }
  const server = await serve(options);
  console.log(
    `Lakelet listens on sc://${text(values.host)}:${server.port} (ready in ${Math.round(performance.now())} ms, ` +
      `tables in ${warehouse ?? "memory"})`,
  );
  stopOnSignal(() => server.close());
}

async function runProxy(args: readonly string[]): Promise<void> {
  const { values } = parse(args, {
    to: { type: "string" },
    port: { type: "string", default: "15080" },
    host: { type: "string", default: "127.0.0.1" },
    "allow-origin": { type: "string", default: "*" },
  });
  const to = text(values.to);
  if (to === undefined) throw new UsageError("proxy needs --to HOST:PORT");
  const host = text(values.host) ?? "127.0.0.1";
  const proxy = await startProxy({
    to,
    host,
    port: number("port", values.port, 0) ?? 15080,
    allowOrigin: text(values["allow-origin"]) ?? "*",
    log: (message) => console.error(message),
  });
  console.log(`Pages reach ${to} through sc://${host}:${proxy.port}`);
  stopOnSignal(() => proxy.close());
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parse(
  args: readonly string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>["options"],
): { readonly values: Values } {
  try {
    return parseArgs({ args: [...args], ...(options === undefined ? {} : { options }) });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function limitsOf(values: Values): Partial<ServiceLimits> {
  const megabytes = number("max-message-mb", values["max-message-mb"], 1);
  const maxSessions = number("max-sessions", values["max-sessions"], 1);
  const minutes = number("session-timeout-minutes", values["session-timeout-minutes"], 0);
  const seconds = number("detached-timeout-seconds", values["detached-timeout-seconds"], 0);
  return {
    ...(megabytes === undefined ? {} : { maxMessageBytes: megabytes * 1024 * 1024 }),
    ...(maxSessions === undefined ? {} : { maxSessions }),
    ...(minutes === undefined ? {} : { idleSessionMs: minutes * 60_000 }),
    ...(seconds === undefined ? {} : { detachedMs: seconds * 1_000 }),
  };
}

function text(value: Values[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(name: string, value: Values[string], least: number): number | undefined {
  if (typeof value !== "string") return undefined;
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < least) {
    throw new UsageError(
      `--${name} must be a whole number of at least ${least}, not ${JSON.stringify(value)}`,
    );
  }
  return parsed;
}

function stopOnSignal(close: () => Promise<void>): void {
  let isStopping = false;
  const stop = (): void => {
    // A second signal does not wait for what the first one began.
    if (isStopping) process.exit(1);
    isStopping = true;
    close().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  console.error(isUsage ? `lakelet: ${(error as Error).message}` : error);
  if (error instanceof UsageError) process.stderr.write(USAGE);
  process.exit(1);
});
