import { defineConfig, mergeConfig } from "vitest/config";
import viteConfig from "./vite.config.ts";

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      include: ["src/**/*.test.ts"],
      environment: "node",
      pool: "forks",
      maxWorkers: 2,
      // Worker threads that tests start from .ts files run through the same hooks as scripts do.
      execArgv: ["--import", new URL(".ci/run-ts.mjs", import.meta.url).href],
      testTimeout: 30_000,
      hookTimeout: 60_000,
    },
  }),
);
