import { openWarehouse } from "../../catalog/warehouse.ts";
import { startBrowserEngine } from "../../driver/browser-engine.ts";
import { browserFiles } from "../../driver/browser-files.ts";
import { Driver } from "../../driver/driver.ts";
import { openStorage } from "../../storage/open-storage.ts";
import { shareStorage } from "../../storage/share-storage.ts";
import { ConnectService } from "../service/connect-service.ts";
import { DriverHost } from "../service/driver-host.ts";
import { RelayAnswerer } from "./relay-answerer.ts";

/**
 * The worker of a page that `lakelet serve --tab` serves: driver, engines and the Connect service in a browser. It
 * answers what the server relays over a WebSocket, and connects again when that breaks.
 */
const DEFAULT_WAREHOUSE = "lakelet-warehouse";
const MAX_ENGINES = 4;
const ENGINE_MEMORY_BYTES = 3 * 2 ** 30;
const RECONNECT_MS = 500;
const MAINTENANCE_MS = 5_000;

async function main(): Promise<void> {
  const parameters = new URL(location.href).searchParams;
  const root = parameters.get("warehouse") ?? DEFAULT_WAREHOUSE;
  const engines = Number(
    parameters.get("engines") ?? Math.min(MAX_ENGINES, navigator.hardwareConcurrency - 1),
  );
  const storage = await openStorage({ kind: "opfs", root });
  const driver = new Driver({
    engines: {
      size: Math.max(1, engines),
      start: startBrowserEngine,
      engine: async () => ({ storage: shareStorage(storage), memoryLimitBytes: ENGINE_MEMORY_BYTES }),
    },
    openWarehouse: () => openWarehouse(storage),
    userFiles: browserFiles(storage, new URL("/", location.href).href),
  });
  driver.warmUp();
  const service = new ConnectService({ host: new DriverHost(driver) });
  setInterval(() => void service.maintain(), MAINTENANCE_MS);
  for (;;) {
    await answerUntilClosed(service);
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

/** Answers over one connection as long as it lasts. */
function answerUntilClosed(service: ConnectService): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/relay`);
    socket.binaryType = "arraybuffer";
    const answerer = new RelayAnswerer(service, (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    });
    socket.addEventListener("open", () => postMessage("connected"));
    socket.addEventListener("message", (event) =>
      answerer.receive(new Uint8Array(event.data as ArrayBuffer)),
    );
    socket.addEventListener("close", () => {
      answerer.close();
      postMessage("disconnected");
      resolve();
    });
  });
}

main().catch((error: unknown) =>
  postMessage(`failed: ${error instanceof Error ? error.message : String(error)}`),
);
