/**
 * Runs a command while a page in headless Chromium answers as a Spark Connect server: its address is in LAKELET_URL.
 * Needs the built package (`npm run build`).
 *
 *     node --import ./.ci/run-ts.mjs e2e/connect/with-tab.ts python -m pytest e2e/connect
 */
import { spawn } from "node:child_process";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/browser.ts";

const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error("which command?");

const server = spawn(
  process.execPath,
  ["dist/lib/node/cli.js", "serve", "--tab", "--port", "0", "--tab-port", "0"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const [url, page] = await new Promise<readonly [string, string]>((resolve, reject) => {
  server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  server.stdout.on("data", (data: Buffer) => {
    const found = /listens on (sc:\S+) and answers from the page (\S+)/.exec(data.toString());
    if (found !== null) resolve([found[1] as string, found[2] as string]);
  });
});
const browser = await chromium.launch(launchOptions());
let code = 1;
try {
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => console.error(`page: ${error.message}`));
  await tab.goto(page);
  await tab.locator("#state").filter({ hasText: "connected" }).waitFor({ timeout: 60_000 });
  const env = { ...process.env, LAKELET_URL: url };
  code = await new Promise<number>((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", env });
    child.once("error", reject);
    child.once("exit", (status) => resolve(status ?? 1));
  });
} finally {
  await browser.close();
  server.kill();
}
process.exit(code);
