import { displayText } from "./display.ts";
import { errorItem } from "./error-item.ts";
import { Parts } from "./parts.ts";
import type { FromSandbox, OutputItem, SandboxPart, ToSandbox } from "./protocol.ts";
import { Repl } from "./repl.ts";

/**
 * Where users' code runs. The page's first message brings two ports: the conversation with the page, and the way to
 * the driver.
 */
addEventListener(
  "message",
  ({ data, ports }: MessageEvent<ToSandbox>) => {
    const [page, driver] = ports;
    if (data.kind !== "setup" || page === undefined || driver === undefined) return;
    const send = (message: FromSandbox, transfer: Transferable[] = []) => page.postMessage(message, transfer);
    const parts = new Parts((name) => send({ kind: "part", name }));
    // The build puts this in the place of `import("apache-arrow")` and its like.
    Object.assign(globalThis, { lakeletPart: (name: SandboxPart) => parts.get(name) });
    let runId = 0;
    const output = (item: OutputItem) => send({ kind: "output", runId, item }, buffersOf(item));
    let tellDeath = () => {};
    const driverDied = new Promise<void>((resolve) => {
      tellDeath = resolve;
    });
    const repl = new Repl({ driver, started: data.started, driverDied, conf: data.conf, output });
    routeConsole((text) => output({ kind: "text", text }));
    repl.sessionId.then(
      (sessionId) => send({ kind: "session", sessionId }),
      (error: unknown) => output(errorItem(error)),
    );
    page.onmessage = async ({ data: message }: MessageEvent<ToSandbox>) => {
      if (message.kind === "driverDied") tellDeath();
      if (message.kind === "part") parts.receive(message);
      if (message.kind !== "run") return;
      runId = message.runId;
      const started = performance.now();
      await repl.run(message.language, message.code);
      send({ kind: "done", runId: message.runId, elapsedMs: performance.now() - started });
    };
  },
  { once: true },
);

function buffersOf(item: OutputItem): Transferable[] {
  return item.kind === "table" ? [...new Set(item.chunks.map((chunk) => chunk.buffer as ArrayBuffer))] : [];
}

/** `console.log` and its kin become outputs. */
function routeConsole(print: (text: string) => void): void {
  const say = (...values: readonly unknown[]) => print(values.map((v) => displayText(v)).join(" "));
  Object.assign(console, { log: say, info: say, warn: say, error: say, debug: say });
}
