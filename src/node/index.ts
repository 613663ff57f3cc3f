import { remoteBackend } from "../connect/remote/remote-backend.ts";
import { setBackendFactory, setRemoteFactory } from "../session/session-factory.ts";
import { nodeBackend } from "./node-backend.ts";

setBackendFactory(nodeBackend);
setRemoteFactory(remoteBackend);

export * from "../session/public.ts";
export { type ProxyOptions, startProxy } from "./proxy.ts";
export { type ServeOptions, type Server, serve } from "./serve.ts";
