import type { RemoteFactory } from "../../session/session-factory.ts";

/** Builder options that are for the client alone. */
const CLIENT_KEYS = new Set(["spark.remote", "spark.master"]);

/** Sessions of `SparkSession.builder.remote(url)`. What speaks the protocol is loaded when the first one starts. */
export const remoteBackend: RemoteFactory = async (url, { conf }) => {
  const { openRemote } = await import("./open-remote.ts");
  const forServer = Object.entries(conf).filter(([key]) => !CLIENT_KEYS.has(key));
  return openRemote(url, { conf: Object.fromEntries(forServer) });
};
