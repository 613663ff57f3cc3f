import { loadLater } from "../pool/load-later.ts";
import { BROWSER_PLATFORM } from "./browser-platform.ts";
import { serveEngine } from "./serve-engine.ts";

/** The engine in a worker of a browser. */

// A lock of the worker's name, held as long as it lives: whoever waits for it learns of the worker's death.
if (self.name !== "") void navigator.locks.request(self.name, () => new Promise(() => {}));

// A rejection that nobody handles would leave a call without an answer: as an error it ends the engine for its pool.
addEventListener("unhandledrejection", (event) => reportError(event.reason));

serveEngine(BROWSER_PLATFORM, () => self.close());
loadLater(import.meta.url);
