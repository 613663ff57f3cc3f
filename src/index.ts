import { browserBackend } from "./session/local-backend.ts";
import { setBackendFactory } from "./session/session-factory.ts";

setBackendFactory(browserBackend);

export * from "./session/public.ts";
