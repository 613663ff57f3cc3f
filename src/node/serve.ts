import { ConnectService } from "../connect/service/connect-service.ts";
import { DriverHost } from "../connect/service/driver-host.ts";
import type { ServiceLimits } from "../connect/service/limits.ts";
import { startGrpcServer } from "./grpc-server.ts";
import { createLocalDriver } from "./local-driver.ts";
import { PythonWorkers } from "./python-workers.ts";

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
  const python = new PythonWorkers(options.log === undefined ? {} : { log: options.log });
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
