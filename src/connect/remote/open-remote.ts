import type * as http2 from "node:http2";
import { parseConnectionString } from "./connection-string.ts";
import { GrpcWebTransport } from "./grpc-web-transport.ts";
import { Http2Transport } from "./http2-transport.ts";
import { RemoteSession } from "./remote-session.ts";
import type { RemoteTransport } from "./transport.ts";

export interface OpenRemoteOptions {
  readonly conf?: Readonly<Record<string, string>>;
  /** Absent: gRPC where Node's http2 is at hand, else gRPC-Web. */
  readonly transport?: RemoteTransport;
}

/** Node's way to its own modules that no bundler follows into a page. */
type WithBuiltins = { readonly process?: { readonly getBuiltinModule?: (name: string) => unknown } };

/**
 * Opens a session on a Spark Connect server.
 *
 * @param url as in PySpark: `sc://host:port/;token=...;use_ssl=true;user_id=...`. From a page it names the proxy
 * that speaks gRPC-Web.
 * @throws PySparkValueError INVALID_CONNECT_URL
 */
export async function openRemote(url: string, options: OpenRemoteOptions = {}): Promise<RemoteSession> {
  const connection = parseConnectionString(url);
  const host = connection.host.includes(":") ? `[${connection.host}]` : connection.host;
  const origin = `${connection.useTls ? "https" : "http"}://${host}:${connection.port}`;
  return RemoteSession.open({
    connection,
    transport: options.transport ?? defaultTransport(origin),
    ...(options.conf === undefined ? {} : { conf: options.conf }),
  });
}

function defaultTransport(origin: string): RemoteTransport {
  const module = (globalThis as WithBuiltins).process?.getBuiltinModule?.("node:http2");
  return module === undefined
    ? new GrpcWebTransport(origin)
    : new Http2Transport(module as typeof http2, origin);
}
