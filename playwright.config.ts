import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";
import { findBrowser } from "./.ci/browser.mjs";

const PRINT_FREE_PORT = `
  const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    process.stdout.write(String(server.address().port));
    server.close();
  });`;

// This file is read again in every test worker: the first reading decides, the environment carries it on.
process.env["LAKELET_E2E_PORT"] ??= execFileSync(process.execPath, ["-e", PRINT_FREE_PORT], {
  encoding: "utf8",
});
const url = `http://127.0.0.1:${process.env["LAKELET_E2E_PORT"]}/`;
const browser = findBrowser();

/** Runs the tests of e2e/ against the built page, which `npm run build` must have made. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.e2e.ts",
  outputDir: "test-results",
  workers: Number(process.env["LAKELET_E2E_WORKERS"] ?? 2),
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    baseURL: url,
    browserName: "chromium",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: browser.executablePath,
      args: browser.args,
      env: { ...(process.env as Record<string, string>), ...browser.env },
    },
  },
  webServer: {
    command: `"${process.execPath}" node_modules/vite/bin/vite.js preview --host 127.0.0.1 --strictPort --port ${process.env["LAKELET_E2E_PORT"]}`,
    url,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
