import { BROWSER_PLATFORM } from "./browser-platform.ts";
import { serveEngine } from "./serve-engine.ts";

/** The engine in a worker of a browser. */

// A lock of the worker's name, held as long as it lives: whoever waits for it learns of the worker's death.
if (self.name !== "") void navigator.locks.request(self.name, () => new Promise(() => {}));

serveEngine(BROWSER_PLATFORM);
