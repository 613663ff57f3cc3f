import { remoteBackend } from "./connect/remote/remote-backend.ts";
import { browserBackend } from "./session/local-backend.ts";
import { setBackendFactory, setRemoteFactory } from "./session/session-factory.ts";

setBackendFactory(browserBackend);
setRemoteFactory(remoteBackend);

export * from "./session/public.ts";
