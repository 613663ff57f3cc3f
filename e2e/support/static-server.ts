import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  csv: "text/csv",
  js: "text/javascript",
  json: "application/json",
  parquet: "application/vnd.apache.parquet",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

export interface StaticServer {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * The plainest of hosts, on a free port of this machine: a content type, leave for other origins to read, and no other
 * header, unless `etagOf` gives a version of each file. `contentOf` throws where there is nothing.
 */
export async function serveStatic(
  contentOf: (path: string) => string | Buffer,
  options: { readonly etagOf?: (path: string) => string } = {},
): Promise<StaticServer> {
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    try {
      const etag = options.etagOf?.(path);
      if (etag !== undefined) response.setHeader("ETag", etag);
      if (etag !== undefined && request.headers["if-none-match"] === etag) {
        response.writeHead(304).end();
        return;
      }
      const content = contentOf(path);
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Content-Type", TYPES[path.split(".").at(-1) ?? ""] ?? "text/html; charset=utf-8");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: originOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function originOf(server: Pick<Server, "address">): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
