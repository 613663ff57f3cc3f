import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { RelayCaller } from "../connect/relay/relay-caller.ts";
import type { RpcCall } from "../connect/service/connect-service.ts";
import { RpcError, STATUS } from "../connect/service/rpc-error.ts";
import { ServerWebSocket } from "./web-socket.ts";

export interface TabServerOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** The built module for browsers, `dist/lib`. */
  readonly moduleDirectory: string;
  /** A directory in the browser's own file system, and how many engines: the page's parameters. */
  readonly warehouse?: string;
  readonly engines?: number;
  readonly log?: (message: string) => void;
}

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Lakelet answers here</title>
<style>body { font: 16px system-ui; margin: 3rem }</style>
<h1>Lakelet answers here</h1>
<p>Spark Connect clients of this machine are served by this tab. Keep it open.</p>
<p id="state">starting</p>
<script type="module">
  const state = document.getElementById("state");
  const worker = new Worker("./tab.js" + location.search, { type: "module" });
  worker.onmessage = (event) => { state.textContent = event.data; };
  worker.onerror = (event) => { state.textContent = "failed: " + event.message; };
</script>
`;

const TYPES: Readonly<Record<string, string>> = { js: "text/javascript", wasm: "application/wasm" };

/** Serves a page whose browser answers the calls of Spark Connect clients, and relays them to it. */
export class TabServer {
  readonly #options: TabServerOptions;
  readonly #server = createServer();
  #tab: { readonly socket: ServerWebSocket; readonly caller: RelayCaller } | undefined;

  constructor(options: TabServerOptions) {
    this.#options = options;
  }

  /** The page's address. */
  get url(): string {
    const { host, warehouse, engines } = this.#options;
    const parameters = new URLSearchParams({
      ...(warehouse === undefined ? {} : { warehouse }),
      ...(engines === undefined ? {} : { engines: String(engines) }),
    });
    const query = parameters.size === 0 ? "" : `?${parameters}`;
    return `http://${host}:${(this.#server.address() as AddressInfo).port}/${query}`;
  }

  async listen(): Promise<void> {
    // Without it there is no page to relay to; better said now than in the browser.
    await readFile(join(this.#options.moduleDirectory, "tab.js")).catch(() => {
      throw new Error(
        `${this.#options.moduleDirectory} has no tab.js: in a checkout, run npm run build first`,
      );
    });
    this.#server.on("request", async (request, response) => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname;
      const file = /^\/([\w-]+\.(js|wasm))$/.exec(path);
      if (path === "/") {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
        return;
      }
      try {
        if (file === null) throw new Error("not a file of the module");
        const content = await readFile(join(this.#options.moduleDirectory, file[1] as string));
        response.writeHead(200, { "content-type": TYPES[file[2] as string] }).end(content);
      } catch {
        response.writeHead(404).end();
      }
    });
    this.#server.on("upgrade", (request, socket, head) => {
      if (!isOwnPage(request)) {
        socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
        return;
      }
      this.#adopt(request, socket, head);
    });
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#options.port, this.#options.host, resolve);
    });
  }

  /** One call, as `ConnectService.handle`. */
  async *handle(method: string, call: RpcCall): AsyncGenerator<Uint8Array> {
    if (this.#tab === undefined) {
      // Clients try again, so one that is early waits for the page.
      throw new RpcError(STATUS.UNAVAILABLE, `no page answers yet: open ${this.url} in a browser`);
    }
    yield* this.#tab.caller.handle(method, call);
  }

  async close(): Promise<void> {
    this.#tab?.socket.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #adopt(request: IncomingMessage, stream: Parameters<typeof ServerWebSocket.accept>[1], head: Buffer): void {
    let caller: RelayCaller | undefined;
    const socket = ServerWebSocket.accept(request, stream, head, {
      onMessage: (bytes) => caller?.receive(bytes),
      onClose: () => {
        caller?.close();
        if (this.#tab?.caller === caller) this.#tab = undefined;
        this.#options.log?.("the page has gone");
      },
    });
    if (socket === undefined) return;
    caller = new RelayCaller((bytes) => socket.send(bytes));
    // The page that came last answers.
    this.#tab?.socket.close();
    this.#tab = { socket, caller };
    this.#options.log?.("a page answers");
  }
}

/** Pages of other origins must not answer our clients. */
function isOwnPage(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}` && request.url === "/relay";
}
