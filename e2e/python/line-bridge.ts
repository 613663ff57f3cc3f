import { createInterface } from "node:readline";
import { InProcessBackend } from "../../src/driver/in-process-backend.ts";
import { testDriver } from "../../src/driver/testing/test-session.ts";
import { PythonBridge } from "../../src/python/python-bridge.ts";

/**
 * The driver for a `pyspark` package that runs in a Python of this machine: requests and answers are lines of JSON on
 * the standard streams. While a request is under way the driver may send `{"call": ...}`, a batch for a Python function.
 */
const driver = testDriver();
const calls: ((text: string) => void)[] = [];
const send = (message: unknown): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
const newSession = () =>
  new PythonBridge(InProcessBackend.open(driver, {}), (functionId, types, rows) => {
    send({ call: { functionId, types, rows } });
    return new Promise((resolve) => void calls.push(resolve));
  });
let bridge = newSession();

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as { method?: string; payload?: string; result?: string };
  if (message.result !== undefined) {
    calls.shift()?.(message.result);
  } else if (message.method === "newSession") {
    bridge = newSession();
    send({ answer: "null" });
  } else {
    void bridge
      .request(message.method as string, message.payload as string)
      .then((answer) => send({ answer }));
  }
}
await driver.close();
process.exit(0);
