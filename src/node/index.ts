import { setBackendFactory } from "../session/session-factory.ts";
import { nodeBackend } from "./node-backend.ts";

setBackendFactory(nodeBackend);

export * from "../session/public.ts";
export { type ProxyOptions, startProxy } from "./proxy.ts";
export { type ServeOptions, type Server, serve } from "./serve.ts";
