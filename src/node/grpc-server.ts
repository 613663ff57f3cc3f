import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { ConnectService } from "../connect/service/connect-service.ts";
import { frame, readFrames } from "../connect/service/framing.ts";
import { RpcError, STATUS } from "../connect/service/rpc-error.ts";
import { SERVICE_NAME } from "../connect/service/service-name.ts";
import type { Peer } from "./client-python.ts";

export interface GrpcServerOptions {
  readonly service: Pick<ConnectService, "handle" | "limits">;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Clients must show it as `authorization: Bearer <token>`. */
  readonly token?: string;
  readonly log?: (message: string) => void;
}

export interface GrpcServer {
  readonly port: number;
  /** The far ends of the open connections. */
  readonly peers: () => readonly Peer[];
  /** Refuses new calls, ends the running ones and closes all connections. */
  close(): Promise<void>;
}

/** Large enough that a fast client never waits for window updates on the way. */
const WINDOW_BYTES = 16 * 1024 * 1024;
const MAX_CONCURRENT_STREAMS = 1_000;

/** Serves Spark Connect over plaintext HTTP/2: gRPC's own protocol on Node's http2 and nothing else. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const log = options.log ?? (() => {});
  const server = createServer({
    settings: { initialWindowSize: WINDOW_BYTES, maxConcurrentStreams: MAX_CONCURRENT_STREAMS },
    maxSessionMemory: 512,
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES);
    session.on("close", () => sessions.delete(session));
    session.on("error", (error) => log(`connection: ${error.message}`));
  });
  server.on("sessionError", (error) => log(`connection: ${error.message}`));
  server.on("stream", (stream, headers) => {
    stream.on("error", (error) => log(`stream: ${error.message}`));
    void answer(stream, headers, options);
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    peers: () =>
      [...sessions].flatMap(({ socket }) =>
        socket?.remoteAddress === undefined || socket.remotePort === undefined
          ? []
          : [{ address: socket.remoteAddress, port: socket.remotePort }],
      ),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

function listen(server: Http2Server, options: GrpcServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: GrpcServerOptions,
): Promise<void> {
  const abort = new AbortController();
  stream.on("close", () => abort.abort());
  const timer = deadline(headers["grpc-timeout"], () => {
    abort.abort();
    finish(stream, new RpcError(STATUS.DEADLINE_EXCEEDED, "the deadline of the call has passed"));
  });
  try {
    const method = methodOf(stream, headers, options);
    if (method === undefined) return;
    const requests = messages(stream, options.service.limits.maxMessageBytes);
    for await (const response of options.service.handle(method, { requests, signal: abort.signal })) {
      if (!(await send(stream, response))) return;
    }
    finish(stream, undefined);
  } catch (error) {
    finish(
      stream,
      error instanceof RpcError
        ? error
        : new RpcError(STATUS.UNKNOWN, error instanceof Error ? error.message : String(error)),
    );
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/** The method that is called; undefined when the request is no call and has been answered. */
function methodOf(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: GrpcServerOptions,
): string | undefined {
  if (headers[":method"] !== "POST" || !headers["content-type"]?.startsWith("application/grpc")) {
    stream.respond({ ":status": headers[":method"] === "POST" ? 415 : 405, "content-type": "text/plain" });
    stream.end("This is a Spark Connect server: it speaks gRPC.\n");
    return undefined;
  }
  if (options.token !== undefined && headers.authorization !== `Bearer ${options.token}`) {
    throw new RpcError(STATUS.UNAUTHENTICATED, "Invalid or missing authentication token.");
  }
  const [, service = "", method = ""] = (headers[":path"] ?? "").split("/");
  if (service !== SERVICE_NAME)
    throw new RpcError(STATUS.UNIMPLEMENTED, `Method not found: ${service}/${method}`);
  return method;
}

async function* messages(stream: ServerHttp2Stream, maxBytes: number): AsyncGenerator<Uint8Array> {
  // Leaving the loop early must not destroy the stream: the response goes out on it.
  const source = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  for await (const { flag, data } of readFrames(source, maxBytes)) {
    if (flag !== 0) throw new RpcError(STATUS.UNIMPLEMENTED, "compressed messages are not supported");
    yield data;
  }
}

/** Whether the client is still there; waits while it does not keep up. */
async function send(stream: ServerHttp2Stream, message: Uint8Array): Promise<boolean> {
  if (stream.destroyed || stream.closed || stream.writableEnded) return false;
  begin(stream);
  if (stream.write(frame(message))) return true;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.on("drain", done);
    stream.on("close", done);
  });
  return !stream.destroyed;
}

const RESPONSE_HEADERS: OutgoingHttpHeaders = {
  ":status": 200,
  "content-type": "application/grpc",
  "grpc-accept-encoding": "identity",
};

const endings = new WeakMap<ServerHttp2Stream, OutgoingHttpHeaders>();

function begin(stream: ServerHttp2Stream): void {
  if (stream.headersSent) return;
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.on("wantTrailers", () =>
    stream.sendTrailers(endings.get(stream) ?? { "grpc-status": STATUS.UNKNOWN }),
  );
}

function finish(stream: ServerHttp2Stream, error: RpcError | undefined): void {
  if (stream.destroyed || stream.closed || stream.writableEnded) return;
  const ending: OutgoingHttpHeaders = { "grpc-status": error?.code ?? STATUS.OK };
  if (error !== undefined) ending["grpc-message"] = percentEncode(error.message);
  if (error?.details !== undefined) {
    ending["grpc-status-details-bin"] = Buffer.from(error.details).toString("base64").replace(/=+$/, "");
  }
  if (!stream.headersSent && error !== undefined) {
    stream.respond({ ...RESPONSE_HEADERS, ...ending }, { endStream: true });
  } else {
    begin(stream);
    endings.set(stream, ending);
    stream.end();
  }
  // What the client still sends is thrown away; unread it would stall the connection.
  stream.resume();
}

/** gRPC's encoding of a status message: printable ASCII, the rest as percent-encoded UTF-8. */
export function percentEncode(text: string): string {
  return text.replace(/[^ -$&-~]/gu, (c) =>
    Array.from(
      new TextEncoder().encode(c),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    ).join(""),
  );
}

const TIMEOUT_UNITS_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

function deadline(header: string | string[] | undefined, expire: () => void): NodeJS.Timeout | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(header ?? ""));
  if (match === null) return undefined;
  const ms = Number(match[1]) * (TIMEOUT_UNITS_MS[match[2] as string] as number);
  // Longer than a timer can be: as good as none.
  return ms < 2 ** 31 ? setTimeout(expire, ms) : undefined;
}
