import { fileURLToPath } from "node:url";
import { ConnectService } from "../connect/service/connect-service.ts";
import { DriverHost } from "../connect/service/driver-host.ts";
import { DEFAULT_LIMITS, type ServiceLimits } from "../connect/service/limits.ts";
import { clientInterpreters, type Peer } from "./client-python.ts";
import { startGrpcServer } from "./grpc-server.ts";
import { createLocalDriver } from "./local-driver.ts";
import { PythonWorkers } from "./python-workers.ts";
import { TabServer } from "./tab-server.ts";

export interface ServeOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Where tables are kept; absent: in memory, and gone when the server stops. */
  readonly warehouse?: string;
  readonly engines?: number;
  readonly token?: string;
  readonly limits?: Partial<ServiceLimits>;
  readonly log?: (message: string) => void;
}

export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

const MAINTENANCE_MS = 5_000;

/** A Spark Connect server on Lakelet's engine. */
export async function serve(options: ServeOptions): Promise<Server> {
  const driver = await createLocalDriver({
    ...(options.warehouse === undefined ? {} : { warehouse: options.warehouse }),
    ...(options.engines === undefined ? {} : { engines: options.engines }),
  });
  let peers: () => readonly Peer[] = () => [];
  const python = new PythonWorkers({
    clientInterpreters: () => clientInterpreters(peers()),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  const service = new ConnectService({
    host: new DriverHost(driver, python),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const server = await startGrpcServer({
    service,
    host: options.host,
    port: options.port,
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  peers = server.peers;
  // The port is open; what the first query needs starts behind it.
  driver.warmUp();
  const timer = setInterval(
    () => void service.maintain().catch((error) => options.log?.(String(error))),
    MAINTENANCE_MS,
  );
  return {
    port: server.port,
    close: async () => {
      clearInterval(timer);
      await service.close();
      await server.close();
      await python.close();
      await driver.close();
    },
  };
}

/** Where the module for browsers is: beside this file's folder in the package, in `dist` of a checkout. */
function browserModule(): string {
  const inPackage = import.meta.url.endsWith(".js");
  return fileURLToPath(new URL(inPackage ? ".." : "../../dist/lib", import.meta.url));
}

export interface TabServeOptions extends Omit<ServeOptions, "warehouse"> {
  /** Of the page; 0 picks a free port. */
  readonly tabPort: number;
  /** A directory in the browser's own file system. */
  readonly warehouse?: string;
}

/** A Spark Connect server whose answers come from a page in a browser. */
export async function serveTab(options: TabServeOptions): Promise<Server & { readonly url: string }> {
  const tab = new TabServer({
    host: options.host,
    port: options.tabPort,
    moduleDirectory: browserModule(),
    ...(options.warehouse === undefined ? {} : { warehouse: options.warehouse }),
    ...(options.engines === undefined ? {} : { engines: options.engines }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  await tab.listen();
  const server = await startGrpcServer({
    service: {
      handle: (method, call) => tab.handle(method, call),
      limits: { ...DEFAULT_LIMITS, ...options.limits },
    },
    host: options.host,
    port: options.port,
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  return {
    port: server.port,
    url: tab.url,
    close: async () => {
      await server.close();
      await tab.close();
    },
  };
}
