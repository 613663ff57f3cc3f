import { defineConfig } from "@playwright/test";
import { launchOptions } from "../support/browser.ts";

/** Eight workers on the page that the other end-to-end tests have started. */
export default defineConfig({
  testDir: ".",
  testMatch: "*.pw.ts",
  fullyParallel: true,
  workers: 8,
  timeout: 180_000,
  expect: { timeout: 90_000 },
  use: {
    baseURL: `http://127.0.0.1:${process.env["LAKELET_E2E_PORT"]}/`,
    browserName: "chromium",
    launchOptions: launchOptions(),
  },
});
