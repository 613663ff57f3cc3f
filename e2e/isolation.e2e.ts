import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { testFile } from "./isolation/vitest-threads.ts";

const repository = new URL("../", import.meta.url).pathname;

/** Runs a program of a package and gives what it said, with its exit code. */
function run(program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, program), ...args], {
    cwd,
    encoding: "utf8",
    timeout: 240_000,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
  });
  return { status, text: `${stdout}\n${stderr}` };
}

test.describe.configure({ mode: "serial", timeout: 300_000 });

test("eight Vitest threads at once are isolated with nothing configured", () => {
  // Inside node_modules' reach: an application that has installed the package and Vitest.
  mkdirSync(join(repository, ".cache"), { recursive: true });
  const app = mkdtempSync(join(repository, ".cache/threads-"));
  try {
    writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", type: "module" }));
    // An empty configuration of its own, or Vitest finds ours above it.
    writeFileSync(join(app, "vitest.config.js"), "export default {};");
    mkdirSync(join(app, "node_modules"));
    symlinkSync(repository, join(app, "node_modules/lakelet"), "dir");
    for (let n = 0; n < 8; n++) writeFileSync(join(app, `file-${n}.test.js`), testFile(n));
    const args = ["run", "--root", app, "--pool", "threads", "--maxWorkers", "8", "--testTimeout", "120000"];
    const { status, text } = run("node_modules/vitest/vitest.mjs", args, app);
    expect(text).toMatch(/Tests\s+8 passed/);
    expect(status, text).toBe(0);
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
});

test("eight Playwright workers at once are isolated with nothing configured", () => {
  const config = join(repository, "e2e/isolation/playwright.config.ts");
  expect(existsSync(config)).toBe(true);
  const report = join(repository, ".cache/isolation");
  const { status, text } = run(
    "node_modules/@playwright/test/cli.js",
    ["test", "--config", config, "--workers", "8", "--reporter", "line", "--output", report],
    repository,
    { LAKELET_E2E_PORT: process.env["LAKELET_E2E_PORT"] ?? "" },
  );
  expect(text).toMatch(/8 passed/);
  expect(status, text).toBe(0);
});
