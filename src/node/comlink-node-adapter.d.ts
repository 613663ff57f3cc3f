declare module "comlink/dist/esm/node-adapter.mjs" {
  import type { MessagePort, Worker } from "node:worker_threads";
  import type { Endpoint } from "comlink";

  // biome-ignore lint/style/noDefaultExport: that is what the module exports
  export default function nodeEndpoint(port: MessagePort | Worker): Endpoint;
}
