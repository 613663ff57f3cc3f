import { LakeletError } from "../errors/lakelet-error.ts";
import type { SessionBackend } from "./backend.ts";

/** What a session is asked to be when it starts. */
export interface BackendOptions {
  /** Settings from the builder, among them `spark.app.name` and `spark.sql.warehouse.dir`. */
  readonly conf: Readonly<Record<string, string>>;
}

/** Starts what runs the plans of a session. */
export type BackendFactory = (options: BackendOptions) => Promise<SessionBackend>;

/** Connects to a Spark Connect server, `sc://host:port`. */
export type RemoteFactory = (url: string, options: BackendOptions) => Promise<SessionBackend>;

let localFactory: BackendFactory | undefined;
let remoteFactory: RemoteFactory = async (url, options) => {
  const { openRemote } = await import("../connect/remote/open-remote.ts");
  return openRemote(url, options);
};

/** Says how sessions of this realm start their engine; the packages for browsers and for Node do this when they load. */
export function setBackendFactory(factory: BackendFactory): void {
  localFactory = factory;
}

/** Says how sessions of this realm reach a Spark Connect server. */
export function setRemoteFactory(factory: RemoteFactory): void {
  remoteFactory = factory;
}

/** The backend for a session with these settings. */
export async function startBackend(options: BackendOptions): Promise<SessionBackend> {
  const remote = options.conf["spark.remote"];
  if (remote !== undefined && !remote.startsWith("local")) {
    return remoteFactory(remote, options);
  }
  if (localFactory === undefined) {
    throw new LakeletError(
      "unavailable",
      "no engine is set up in this realm: import the package's entry for browsers or for Node, or call setBackendFactory",
    );
  }
  return localFactory(options);
}
