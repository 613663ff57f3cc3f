import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { AddressInfo } from "node:net";
import { frame } from "../connect/service/framing.ts";
import { STATUS } from "../connect/service/rpc-error.ts";

export interface ProxyOptions {
  /** The Spark Connect server: `host:port`, or a URL with `https:` for TLS. */
  readonly to: string;
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** The origin whose pages may use the proxy; `*` for all. */
  readonly allowOrigin: string;
  readonly log?: (message: string) => void;
}

export interface GrpcWebProxy {
  readonly port: number;
  close(): Promise<void>;
}

const TRAILERS = 0x80;
/** Metadata that goes on to the server; the rest concerns the browser and the proxy alone. */
const NOT_FORWARDED =
  /^(:|connection$|host$|content-|accept|origin$|referer$|sec-|x-grpc-web$|te$|transfer-encoding$|keep-alive$|upgrade|user-agent$|x-user-agent$|cache-control$|pragma$|dnt$|cookie$|access-control-)/;
const GRPC_TRAILERS = ["grpc-status", "grpc-message", "grpc-status-details-bin"];

/**
 * Lets pages talk to a Spark Connect server: gRPC-Web comes in over HTTP/1.1, gRPC goes out over HTTP/2. The frames
 * are the same, only the trailers become a last frame.
 */
export async function startProxy(options: ProxyOptions): Promise<GrpcWebProxy> {
  const target = /^https?:\/\//.test(options.to) ? options.to : `http://${options.to}`;
  let upstream: ClientHttp2Session | undefined;
  const session = (): ClientHttp2Session => {
    if (upstream !== undefined && !upstream.closed && !upstream.destroyed) return upstream;
    const opened = connect(target);
    opened.on("error", (error) => options.log?.(`${target}: ${error.message}`));
    opened.on("goaway", () => {
      if (upstream === opened) upstream = undefined;
    });
    upstream = opened;
    return opened;
  };
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(corsHeaders(options))) response.setHeader(name, value);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
    } else if (request.method !== "POST" || !isGrpcWeb(request)) {
      response
        .writeHead(415, { "content-type": "text/plain" })
        .end("This proxy takes gRPC-Web (binary) only.\n");
    } else {
      forward(request, response, session);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      upstream?.destroy();
      await closed;
    },
  };
}

function isGrpcWeb(request: IncomingMessage): boolean {
  return /^application\/grpc-web(\+proto)?(;|$)/.test(request.headers["content-type"] ?? "");
}

function corsHeaders({ allowOrigin }: ProxyOptions): Readonly<Record<string, string>> {
  return {
    "access-control-allow-origin": allowOrigin,
    "access-control-allow-methods": "POST, OPTIONS",
    "access-control-allow-headers": "*, authorization, content-type, x-grpc-web",
    "access-control-expose-headers": GRPC_TRAILERS.join(", "),
    "access-control-max-age": "7200",
    vary: "origin",
  };
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  session: () => ClientHttp2Session,
): void {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !NOT_FORWARDED.test(name)) headers[name] = value;
  }
  let call: ClientHttp2Stream;
  try {
    call = session().request({
      ...headers,
      ":method": "POST",
      ":path": request.url ?? "/",
      "content-type": "application/grpc",
      te: "trailers",
    });
  } catch (error) {
    finish(response, unavailable(error));
    return;
  }
  let trailers: Readonly<Record<string, unknown>> = {};
  call.on("response", (received) => {
    if (received["grpc-status"] !== undefined) trailers = received;
  });
  call.on("trailers", (received) => {
    trailers = received;
  });
  call.on("data", (data: Uint8Array) => {
    begin(response);
    if (response.write(data)) return;
    call.pause();
    response.once("drain", () => call.resume());
  });
  call.on("end", () => finish(response, trailers));
  call.on("error", (error) => finish(response, unavailable(error)));
  response.on("close", () => {
    if (!call.closed) call.close(constants.NGHTTP2_CANCEL);
  });
  request.on("error", () => call.close(constants.NGHTTP2_CANCEL));
  request.pipe(call);
}

function unavailable(error: unknown): Readonly<Record<string, unknown>> {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    "grpc-status": STATUS.UNAVAILABLE,
    "grpc-message": encodeURIComponent(`the server cannot be reached: ${reason}`),
  };
}

function begin(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(200, { "content-type": "application/grpc-web+proto" });
}

function finish(response: ServerResponse, trailers: Readonly<Record<string, unknown>>): void {
  if (response.writableEnded || response.destroyed) return;
  begin(response);
  const status =
    trailers["grpc-status"] === undefined ? unavailable("it ended the call without a status") : trailers;
  const lines = GRPC_TRAILERS.filter((name) => status[name] !== undefined).map(
    (name) => `${name}: ${status[name]}\r\n`,
  );
  response.end(frame(new TextEncoder().encode(lines.join("")), TRAILERS));
}
